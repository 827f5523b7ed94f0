import type { Expression, Range, Statement } from '../facts/facts.js';
import type { Drafts } from './drafts.js';
import { blockEnv, callbackParameterTypes, type Env, eachEnv, functionEnv, lookup, moduleEnv, narrowed, typeOf } from './infer.js';
import { eachExpression } from './mutation.js';
import type { ProgramFile } from './program.js';
import { declarationContext, type FoundMember, findMembers, namedType, programOf, type Type, type TypeContext } from './types.js';

/** A property of a class, interface or object type, by where it is declared. */
export interface OpenProperty {
  readonly name: string;
  readonly file: ProgramFile;
  readonly at: Range;
}

export interface OutsideWrite {
  readonly file: ProgramFile;
  readonly at: Range;
}

/** Where code assigns to the properties, other than on `this` or to a literal it has just made: one pass, typed only where the name fits. */
export function writesTo(properties: readonly OpenProperty[], drafts: Drafts): ReadonlyMap<OpenProperty, readonly OutsideWrite[]> {
  const found = new Map<OpenProperty, OutsideWrite[]>();
  if (properties.length === 0) return found;
  const names = new Map<string, OpenProperty[]>();
  for (const p of properties) names.set(p.name, [...(names.get(p.name) ?? []), p]);
  const visit: Visit = (target, env) => {
    const candidates = names.get(target.name);
    if (!candidates || target.of.e === 'this' || isFresh(target.of, env)) return;
    const members = findMembers(typeOf(target.of, env), target.name);
    for (const property of candidates) {
      const hit = members.some((m) => m.context.scope.file === property.file && declaredAt(m) === property.at);
      if (hit) found.set(property, [...(found.get(property) ?? []), { file: env.context.scope.file, at: target.at }]);
    }
  };
  for (const { body, env } of bodies(drafts)) if (assignsOneOf(body, names)) walk(body, env(), visit);
  return found;
}

function declaredAt({ is }: FoundMember): Range | undefined {
  if ('kind' in is) return is.kind === 'property' ? is.at : undefined;
  return 'pattern' in is && is.pattern.p === 'name' ? is.pattern.at : undefined;
}

type Visit = (target: Extract<Expression, { e: 'member' }>, env: Env) => void;

function* bodies(drafts: Drafts): Iterable<{ readonly body: readonly Statement[]; readonly env: () => Env }> {
  for (const { symbol } of drafts.all) {
    const { declaration, scope } = symbol;
    const plain = (): TypeContext => ({ program: programOf(scope), scope });
    if (declaration.kind === 'class') {
      const context = (): TypeContext => declarationContext(namedType(symbol) as Extract<Type, { k: 'named' }>);
      for (const m of declaration.members) {
        if ((m.kind === 'method' || m.kind === 'get' || m.kind === 'set' || m.kind === 'constructor') && m.fn.body)
          yield { body: m.fn.body, env: () => functionEnv(m.fn, context()) };
        else if (m.kind === 'property' && m.init) yield { body: [{ s: 'expression', of: m.init }], env: () => moduleEnv(context()) };
      }
    } else if (declaration.kind === 'function' && declaration.fn.body) {
      yield { body: declaration.fn.body, env: () => functionEnv(declaration.fn, plain()) };
    } else if (declaration.kind === 'variable' && declaration.init) {
      yield { body: [{ s: 'expression', of: declaration.init }], env: () => moduleEnv(plain()) };
    }
  }
  const { program } = drafts;
  for (const { facts, scope } of program.files.values())
    if (facts.statements.length > 0) yield { body: facts.statements, env: () => moduleEnv({ program, scope }) };
}

function assignsOneOf(body: readonly Statement[], names: ReadonlyMap<string, unknown>): boolean {
  let found = false;
  eachExpression(body, (e) => {
    const target = assignedIn(e);
    found ||= target !== undefined && names.has(target.name);
  });
  return found;
}

function assignedIn(e: Expression): Extract<Expression, { e: 'member' }> | undefined {
  const target = e.e === 'assign' ? e.target : e.e === 'update' || (e.e === 'unary' && e.op === 'delete') ? e.of : undefined;
  return target?.e === 'member' ? target : undefined;
}

/** Made right here: a literal, a copy. */
function isFresh(receiver: Expression, env: Env, depth = 0): boolean {
  switch (receiver.e) {
    case 'object':
    case 'array':
      return true;
    case 'as':
      return isFresh(receiver.of, env, depth);
    case 'call': {
      const { callee } = receiver;
      const name = callee.e === 'member' || callee.e === 'name' ? callee.name : '';
      return (
        /^(?:structuredClone|cloneDeep|clone|deepClone|deepCopy|assign)$/.test(name) &&
        !(name === 'assign' && receiver.args[0]?.e !== 'object')
      );
    }
    case 'name': {
      const variable = depth < 4 ? lookup(env, receiver.name) : undefined;
      return (
        variable?.init !== undefined &&
        variable.pattern.p === 'name' &&
        !variable.parameter &&
        isFresh(variable.init, variable.env, depth + 1)
      );
    }
    default:
      return false;
  }
}

/** Libraries that hand a draft to the callback and make a new value of it. */
const DRAFTING = /^(?:produce|produceWithPatches|createSlice|createReducer|immer)$/;

function walk(statements: readonly Statement[], parent: Env, visit: Visit): void {
  const env = blockEnv(statements, parent);
  const inner = (body: readonly Statement[] | undefined, within: Env = env): void => {
    if (body) walk(body, within, visit);
  };
  const of = (e: Expression | undefined, within: Env = env): void => {
    if (e) walkExpression(e, within, visit);
  };
  for (const s of statements) {
    switch (s.s) {
      case 'expression':
      case 'throw':
      case 'return':
        of(s.of);
        break;
      case 'variables':
        for (const d of s.declarations) of(d.init);
        break;
      case 'if':
        of(s.test);
        inner(s.yes, narrowed(env, s.test, true));
        inner(s.no, narrowed(env, s.test, false));
        break;
      case 'loop': {
        const within = s.init ? blockEnv([s.init], env) : env;
        of(s.test, within);
        of(s.update, within);
        inner(s.body, within);
        break;
      }
      case 'each':
        of(s.of);
        inner(s.body, eachEnv(s, env));
        break;
      case 'try':
        inner(s.body);
        inner(s.catch);
        inner(s.finally);
        break;
      case 'switch':
        of(s.of);
        for (const c of s.cases) inner(c.body);
        break;
      case 'block':
        inner(s.body);
        break;
      case 'declaration':
        if (s.of.kind === 'function') inner(s.of.fn.body, functionEnv(s.of.fn, env.context, env));
        break;
    }
  }
}

function walkExpression(e: Expression, env: Env, visit: Visit): void {
  const target = assignedIn(e);
  if (target) visit(target, env);
  const each = (list: readonly (Expression | undefined)[]): void => {
    for (const x of list) if (x) walkExpression(x, env, visit);
  };
  const enter = (fn: Extract<Expression, { e: 'function' }>['fn'], types: readonly (Type | undefined)[] = []): void => {
    if (fn.body) walk(fn.body, functionEnv(fn, env.context, env, types), visit);
  };
  switch (e.e) {
    case 'member':
    case 'await':
    case 'spread':
    case 'as':
    case 'unary':
    case 'update':
      each([e.of]);
      break;
    case 'yield':
      each([e.of]);
      break;
    case 'index':
      each([e.of, e.by]);
      break;
    case 'call':
    case 'new': {
      const { callee } = e;
      if (
        DRAFTING.test(callee.e === 'member' || callee.e === 'name' ? callee.name : '') &&
        e.args.some((a) => a.e === 'function' || a.e === 'object')
      )
        break;
      each([callee]);
      for (const [i, arg] of e.args.entries()) {
        if (arg.e === 'function') enter(arg.fn, e.e === 'call' ? callbackParameterTypes(e, i, env) : []);
        else each([arg]);
      }
      break;
    }
    case 'function':
      enter(e.fn);
      break;
    case 'object':
      for (const entry of e.entries) {
        if (entry.o === 'property' || entry.o === 'computed') each([entry.value]);
        else if (entry.o === 'spread') each([entry.of]);
        else enter(entry.fn);
      }
      break;
    case 'array':
      each(e.elements);
      break;
    case 'binary':
      each([e.left, e.right]);
      break;
    case 'assign':
      each([e.target, e.value]);
      break;
    case 'conditional':
      each([e.test, e.yes, e.no]);
      break;
    case 'template':
    case 'other':
      each(e.parts);
      break;
  }
}
