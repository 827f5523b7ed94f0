import type { Expression, FunctionFacts, Statement } from '../../facts/facts.js';
import { callable, type Env, functionEnv, typeOf } from '../infer.js';
import { eachExpression } from '../mutation.js';
import type { Declared } from '../program.js';
import { declarationContext, findMembers, instanceOf, namedType, superTypes, type Type } from '../types.js';
import { codeOf, mentions, ownChanges, parameterNames, pathOnThis } from './own-changes.js';

/** What a setter does beside the assignment. */
export interface SetterReading {
  /** A check in it, or in what it calls, can refuse the value. */
  readonly guarded: boolean;
  /** Other state is computed anew from what it is given. */
  readonly derives: boolean;
  /** Nothing but assignments of its parameters, and perhaps a timestamp. */
  readonly onlyAssigns: boolean;
}

export function readSetter(fn: FunctionFacts, symbol: Declared): SetterReading {
  const context = declarationContext(namedType(symbol) as Extract<Type, { k: 'named' }>);
  const env = functionEnv(fn, context);
  const body = fn.body ?? [];
  const parameters = parameterNames(fn);
  const given = (e: Expression): boolean => mentions(e, (x) => x.e === 'name' && parameters.has(x.name));
  return { guarded: refuses(body, env, given, 0), derives: derives(body, symbol, given), onlyAssigns: onlyAssigns(body, symbol, given) };
}

// ── guards ────────────────────────────────────────────────────────────────────────────────────────────────────────

type Given = (e: Expression) => boolean;

/** A branch that only raises an event or stamps a time decides nothing about the value. */
function refuses(body: readonly Statement[], env: Env, given: Given, depth: number): boolean {
  return body.some((s): boolean => {
    const inside = (list: readonly Statement[]): boolean => refuses(list, env, given, depth);
    const called = (e: Expression | undefined): boolean => e !== undefined && refusesWithin(e, env, given, depth);
    switch (s.s) {
      case 'throw':
        return true;
      case 'if':
        return called(s.test) || decides(s.yes, given) || decides(s.no ?? [], given) || inside(s.yes) || inside(s.no ?? []);
      case 'switch':
        return s.cases.some((c) => decides(c.body, given) || inside(c.body));
      case 'block':
      case 'try':
      case 'loop':
      case 'each':
        return inside(s.body);
      case 'expression':
        return called(s.of);
      case 'return':
        return called(s.of);
      case 'variables':
        return s.declarations.some((d) => called(d.init));
      default:
        return false;
    }
  });
}

/** Leaves early, or is where the value is taken over. */
function decides(body: readonly Statement[], given: Given): boolean {
  return (
    body.some((s) => s.s === 'return' || s.s === 'throw' || s.s === 'break' || (s.s === 'block' && decides(s.body, given))) ||
    ownChanges(body).some((c) => c.value !== undefined && given(c.value))
  );
}

function refusesWithin(expression: Expression, env: Env, given: Given, depth: number): boolean {
  let found = false;
  eachExpression([{ s: 'expression', of: expression }], (e) => {
    if (found) return;
    if (e.e === 'binary' && (e.op === '&&' || e.op === '||') && e.right.e === 'assign') found = pathOnThis(e.right.target) !== undefined;
    // A value held between bounds.
    else if (e.e === 'conditional') found = mentions(e.test, (x) => x.e === 'binary' && /^[<>]=?$/.test(x.op));
    else if (e.e === 'call' || e.e === 'new') found = callRefuses(e, env, given, depth);
  });
  return found;
}

type Call = Extract<Expression, { e: 'call' | 'new' }>;

const ASSERTION =
  /^_?(?:assert|ensure|validate|verify|check|guard|against|must|require|invariant|enforce|expect|parse|refuse|fail|throw|forbid|prevent|protect)/i;
const RAISING = /^_?(?:apply|raise|record|emit|publish|push|add\w*(?:Event|Message))|(?:Event|Events)$/;
/** Makes something of the value, whatever it is. */
const CONVERTERS =
  /^(?:String|Number|Boolean|BigInt|Date|Array|Set|Map|Object|structuredClone|cloneDeep|clone|JSON|Symbol|dayjs|moment|DateTime|Immutable|List)$/;

function callRefuses(call: Call, env: Env, given: Given, depth: number): boolean {
  const { callee } = call;
  const name = callee.e === 'member' || callee.e === 'name' ? callee.name : '';
  if (name === 'max' || name === 'min') return call.args.some(given);
  const bodies = bodiesCalled(call, env);
  if (bodies.length > 0) {
    if (depth > 3) return false;
    return bodies.some(({ fn, env: inner }) => refuses(fn.body ?? [], inner, never, depth + 1));
  }
  if (ASSERTION.test(name)) return true;
  if (depth > 0 || !call.args.some(given)) return false;
  // What a library does with the value is not known; it may refuse it.
  const head = callee.e === 'member' && callee.of.e === 'name' ? callee.of.name : name;
  if (CONVERTERS.test(head)) return false;
  if (callee.e === 'member' && (given(callee.of) || RAISING.test(name) || pathOnThis(callee.of) !== undefined))
    return callee.of.e === 'this' && !RAISING.test(name);
  return !(call.e === 'new' && RAISING.test(name));
}

const never: Given = () => false;

function bodiesCalled(call: Call, env: Env): { readonly fn: FunctionFacts; readonly env: Env }[] {
  const { callee } = call;
  if (call.e === 'new' || callee.e === 'super') {
    const self = env.context.self;
    const made = callee.e === 'super' ? (self ? superTypes(self)[0] : undefined) : instanceOf(typeOf(callee, env));
    return made ? construction(made) : [];
  }
  const target =
    callee.e === 'member' && (callee.of.e === 'this' || callee.of.e === 'super') && env.context.self
      ? undefined
      : callable(typeOf(callee, env));
  if (target?.fn.body) return [{ fn: target.fn, env: functionEnv(target.fn, target.context, target.env) }];
  if (callee.e !== 'member' || !env.context.self) return [];
  const from = callee.of.e === 'this' ? env.context.self : callee.of.e === 'super' ? superTypes(env.context.self)[0] : undefined;
  return (from ? findMembers(from, callee.name) : []).flatMap((m) => {
    const fn = 'kind' in m.is && m.is.kind === 'method' ? m.is.fn : undefined;
    return fn?.body ? [{ fn, env: functionEnv(fn, m.context) }] : [];
  });
}

/** The constructor that `new` runs, the first one up the bases. */
function construction(type: Type, depth = 0): { readonly fn: FunctionFacts; readonly env: Env }[] {
  if (type.k !== 'named' || type.symbol.declaration.kind !== 'class' || depth > 6) return [];
  const own = type.symbol.declaration.members.find((m) => m.kind === 'constructor');
  if (own?.kind === 'constructor' && own.fn.body) return [{ fn: own.fn, env: functionEnv(own.fn, declarationContext(type)) }];
  const [base] = superTypes(type);
  return base ? construction(base, depth + 1) : [];
}

// ── what else it does ─────────────────────────────────────────────────────────────────────────────────────────────

/** A timestamp is no derived state: it is computed from nothing. */
function derives(body: readonly Statement[], symbol: Declared, given: Given): boolean {
  const computed = (e: Expression, from: Given): boolean => !isPlain(e, given) && (from(e) || mentions(e, (x) => x.e === 'this'));
  const changes = ownChanges(body);
  const fields = new Set(changes.map((c) => c.path.join('.')));
  if (fields.size > 1 && changes.some((c) => c.value !== undefined && computed(c.value, given))) return true;
  return ownCalls(body).some((name) =>
    codeOf(symbol).some((code) => code.name === name && code.changes.some((c) => c.value !== undefined && computed(c.value, never))),
  );
}

function ownCalls(body: readonly Statement[]): string[] {
  const found: string[] = [];
  eachExpression(body, (e) => {
    if (e.e === 'call' && e.callee.e === 'member' && e.callee.of.e === 'this') found.push(e.callee.name);
  });
  return found;
}

function onlyAssigns(body: readonly Statement[], symbol: Declared, given: Given): boolean {
  let taken = false;
  const fits = (e: Expression): boolean => {
    if (e.e === 'assign') {
      if (e.op !== '=' || !pathOnThis(e.target)) return false;
      if (!given(e.value)) return isUnconditional(e.value);
      taken = true;
      return isPlain(e.value, given);
    }
    if (e.e === 'call' && e.callee.e === 'member' && e.callee.of.e === 'this' && e.args.length === 0) {
      const { name } = e.callee;
      const code = codeOf(symbol).find((c) => c.name === name);
      return (
        code !== undefined && (code.fn.body ?? []).every((s) => s.s === 'expression' && s.of.e === 'assign' && isUnconditional(s.of.value))
      );
    }
    return false;
  };
  const all = body.every((s) => {
    if (s.s === 'expression') return fits(s.of);
    return s.s === 'return' && (!s.of || s.of.e === 'this' || s.of.e === 'assign' ? !s.of || s.of.e === 'this' || fits(s.of) : false);
  });
  return all && taken;
}

/** The parameter itself, an entry of it, a copy, or it with a default. */
function isPlain(e: Expression, given: Given): boolean {
  switch (e.e) {
    case 'name':
      return given(e);
    case 'member':
      return isPlain(e.of, given);
    case 'as':
    case 'spread':
      return isPlain(e.of, given);
    case 'binary':
      return (e.op === '??' || e.op === '||') && isPlain(e.left, given) && isUnconditional(e.right);
    case 'array':
      return e.elements.length === 1 && e.elements[0]?.e === 'spread' && isPlain(e.elements[0], given);
    default:
      return false;
  }
}

/** A constant, or the time: computed from neither the parameters nor the state. */
function isUnconditional(e: Expression): boolean {
  return !mentions(e, (x) => x.e === 'this') && e.e !== 'conditional';
}
