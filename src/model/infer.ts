import type { Answer, Expression, FunctionFacts, ObjectEntry, Parameter, Pattern, Statement, TypeNode } from '../facts/facts.js';
import { carrying, chained, handedTo, isCarrier, runsAsync, success, unwrapped } from './carriers.js';
import {
  binds,
  blockEnv,
  boundFunctionEnv,
  type Env,
  eachEnv,
  functionEnv,
  type Guard,
  lookup,
  moduleEnv,
  narrowed,
  type Variable,
} from './env.js';
import { once } from './memo.js';
import { eachExpression } from './mutation.js';
import { type Arguments, collectionArguments, iterated, partOf, platformCall, platformCallback, promiseOf } from './platform.js';
import { bind, type Declared, exported, type Program } from './program.js';
import {
  awaited,
  bindParameters,
  declarationContext,
  elementOf,
  type FoundMember,
  findMembers,
  indexSignature,
  installEnvInference,
  installInference,
  instanceOf,
  isNullish,
  memberType,
  namedType,
  programOf,
  resolveType,
  sameType,
  structure,
  superTypeOf,
  superTypes,
  type Type,
  type TypeContext,
  UNKNOWN,
  unionOf,
  valueType,
  withoutNull,
} from './types.js';

export {
  blockEnv,
  declareLocal,
  declarePattern,
  type Env,
  eachEnv,
  forEachName,
  functionEnv,
  lookup,
  moduleEnv,
  narrowed,
  type Variable,
} from './env.js';
export { promiseOf } from './platform.js';

// ── expressions ───────────────────────────────────────────────────────────────────────────────────────────────────

const memo = new WeakMap<Expression, WeakMap<Env, Type>>();
let depth = 0;
const MAX_DEPTH = 60;

export function typeOf(expression: Expression, env: Env): Type {
  const byEnv = once(memo, expression, () => new WeakMap<Env, Type>());
  const known = byEnv.get(env);
  if (known) return known;
  if (depth > MAX_DEPTH) return UNKNOWN;
  depth++;
  // A cycle (`const a = () => b(); const b = () => a()`) sees unknown instead of looping.
  byEnv.set(env, UNKNOWN);
  try {
    const inferred = infer(expression, env);
    const type = inferred.k === 'unknown' ? (answered(expression, env) ?? UNKNOWN) : inferred;
    byEnv.set(env, type);
    return type;
  } finally {
    depth--;
  }
}

const answers = new WeakMap<Program, Map<string, Declared>>();

/** Receivers that the type checker was asked about (`--types full`). */
export function adoptAnswers(program: Program, given: readonly Answer[]): void {
  if (given.length === 0) return;
  const known = new Map<string, Declared>();
  for (const { file, start, end, declaredIn, name } of given) {
    const symbol = program.files.get(declaredIn)?.scope.names.get(name)?.[0];
    if (symbol) known.set(`${file}:${start}:${end}`, symbol);
  }
  answers.set(program, known);
}

function answered(expression: Expression, env: Env): Type | undefined {
  const { program, scope } = env.context;
  const symbol = answers.get(program)?.get(`${scope.file.facts.file}:${expression.at[0]}:${expression.at[1]}`);
  return symbol && namedType(symbol);
}

function infer(expression: Expression, env: Env): Type {
  switch (expression.e) {
    case 'name':
      return nameType(expression.name, env);
    case 'this':
      return env.context.self ?? UNKNOWN;
    case 'super': {
      const { self } = env.context;
      if (self?.k === 'named' && self.symbol.declaration.kind === 'class')
        return superTypeOf(self.symbol.declaration, declarationContext(self)) ?? UNKNOWN;
      return UNKNOWN;
    }
    case 'member':
      return propertyType(typeOf(expression.of, env), expression.name);
    case 'index':
      return indexType(typeOf(expression.of, env), expression.by);
    case 'call':
      return callType(expression, env);
    case 'new':
      return newType(expression, env);
    case 'await':
      return awaited(typeOf(expression.of, env));
    case 'function':
      return { k: 'function', fn: expression.fn, context: env.context, env };
    case 'class':
      return { k: 'class-expression', declaration: expression.declaration, env, instance: false };
    case 'object':
      return { k: 'literal-object', entries: expression.entries, env };
    case 'array': {
      const elements = expression.elements.map((e) =>
        e ? (e.e === 'spread' ? (elementOf(typeOf(e.of, env)) ?? UNKNOWN) : typeOf(e, env)) : UNKNOWN,
      );
      const mixed =
        elements.length > 1 &&
        elements.length < 9 &&
        expression.elements.every((e) => e && e.e !== 'spread') &&
        elements.some((e, i) => i > 0 && !sameType(e, elements[0] ?? UNKNOWN));
      return { k: 'array', of: unionOf(elements), readonly: false, ...(mixed ? { parts: elements } : {}) };
    }
    case 'yield':
      return expression.of ? yielded(typeOf(expression.of, env)) : UNKNOWN;
    case 'binary':
      if (expression.op === '&&') return typeOf(expression.right, narrowed(env, expression.left, true));
      if (expression.op === '||' || expression.op === '??')
        return unionOf([withoutNull(typeOf(expression.left, env)), typeOf(expression.right, env)]);
      if (expression.op === ',') return typeOf(expression.right, env);
      return { k: 'primitive', name: COMPARISONS.has(expression.op) ? 'boolean' : expression.op === '+' ? 'string' : 'number' };
    case 'assign':
      return typeOf(expression.value, env);
    case 'conditional':
      return unionOf([
        typeOf(expression.yes, narrowed(env, expression.test, true)),
        typeOf(expression.no, narrowed(env, expression.test, false)),
      ]);
    case 'literal':
      if (expression.value === null) return { k: 'primitive', name: 'null' };
      if (expression.value === undefined)
        return expression.regex ? { k: 'external', name: 'RegExp', module: undefined, args: [] } : { k: 'primitive', name: 'undefined' };
      return { k: 'primitive', name: typeof expression.value };
    case 'template':
      return { k: 'primitive', name: 'string' };
    case 'unary':
      return {
        k: 'primitive',
        name:
          expression.op === '!' || expression.op === 'delete'
            ? 'boolean'
            : expression.op === 'typeof'
              ? 'string'
              : expression.op === 'void'
                ? 'undefined'
                : 'number',
      };
    case 'update':
      return { k: 'primitive', name: 'number' };
    case 'as':
      if (expression.type.t === 'ref' && expression.type.name === 'const') return typeOf(expression.of, env);
      if (expression.type.t === 'keyword' && (expression.type.name === 'any' || expression.type.name === 'unknown'))
        return typeOf(expression.of, env);
      return resolveType(expression.type, env.context);
    default:
      return UNKNOWN;
  }
}

const COMPARISONS = new Set(['===', '!==', '==', '!=', '<', '>', '<=', '>=', 'in', 'instanceof']);

function nameType(name: string, env: Env): Type {
  const variable = lookup(env, name);
  if (variable) return variableType(variable);
  if (name === 'undefined') return { k: 'primitive', name: 'undefined' };
  const target = bind(env.context.program, env.context.scope, name, 'value');
  if (target.k === 'symbol') return symbolValueType(target.symbol);
  return valueType(target);
}

/** Constants are looked through, so that `orders.save` finds the object behind `const orders = makeOrders()`. */
export function symbolValueType(symbol: Declared): Type {
  const { declaration, scope } = symbol;
  if (declaration.kind !== 'variable') return { k: 'value', symbol };
  const context: TypeContext = { program: programOf(scope), scope };
  if (declaration.type) return resolveType(declaration.type, context);
  if (!declaration.init) return UNKNOWN;
  const env = once(moduleEnvs, scope, () => moduleEnv(context));
  const whole = typeOf(declaration.init, env);
  return declaration.pattern ? patternType(declaration.pattern, declaration.name, whole, env) : whole;
}

const moduleEnvs = new WeakMap<object, Env>();

export function variableType(variable: Variable): Type {
  if (variable.inferred && variable.pattern.p === 'name') return variable.inferred;
  if (variable.pending) return UNKNOWN;
  variable.pending = true;
  const whole = variable.inferred ?? (variable.narrows ? variableType(variable.narrows) : wholeType(variable));
  const part =
    variable.pattern.p === 'name' || variable.narrows ? whole : patternType(variable.pattern, variable.name, whole, variable.env);
  const type = (variable.guards ?? []).reduce((known, guard) => guarded(known, variable.name, guard), part);
  variable.pending = false;
  if (variable.pattern.p === 'name') variable.inferred = type;
  return type;
}

function wholeType(variable: Variable): Type {
  const { env } = variable;
  if (variable.symbol) {
    const { declaration } = variable.symbol;
    if (declaration.kind === 'function') return { k: 'function', fn: declaration.fn, context: env.context, env };
    if (declaration.kind === 'class') return { k: 'class-expression', declaration, env, instance: false };
    return { k: 'value', symbol: variable.symbol };
  }
  if (variable.type) return resolveType(variable.type, env.context);
  if (variable.each) {
    if (variable.each.over === 'in') return { k: 'primitive', name: 'string' };
    return iterated(typeOf(variable.each.of, env.parent ?? env));
  }
  const initial = variable.init ? typeOf(variable.init, env) : UNKNOWN;
  if (variable.assignedIn && (isNullish(initial) || initial.k === 'unknown')) return assignedType(variable, variable.assignedIn);
  return isEmptyList(variable.init) ? filledType(variable, initial) : initial;
}

// ── what is given to a variable later ─────────────────────────────────────────────────────────────────────────────

/** `let order; … order = …`, `[order] = …`, `order ??= …`, in closures too. */
function assignedType(variable: Variable, statements: readonly Statement[]): Type {
  const given: Type[] = [];
  const assigns = (e: Expression): boolean => e.e === 'assign' && assignedParts(e.target, variable.name, () => UNKNOWN).length > 0;
  eachExpressionIn(statements, variable.env.parent ?? variable.env, assigns, (e, env) => {
    if (e.e === 'assign') given.push(...assignedParts(e.target, variable.name, () => typeOf(e.value, env)));
  });
  return unionOf(given);
}

function assignedParts(target: Expression, name: string, value: () => Type): Type[] {
  if (target.e === 'name') return target.name === name ? [value()] : [];
  if (target.e === 'array') return target.elements.flatMap((e, i) => (e ? assignedParts(e, name, () => partOf(value(), i)) : []));
  if (target.e === 'object')
    return target.entries.flatMap((e) => (e.o === 'property' ? assignedParts(e.value, name, () => propertyType(value(), e.name)) : []));
  return [];
}

function isEmptyList(init: Expression | undefined): boolean {
  return init?.e === 'array' && init.elements.length === 0;
}

/** `const changed = []; … changed.push(order)`. */
function filledType(variable: Variable, empty: Type): Type {
  const around = functionOf(variable.env);
  if (!around?.fn?.body || empty.k !== 'array') return empty;
  const given: Type[] = [];
  eachExpressionIn(
    around.fn.body,
    around,
    (e) => isPushOnto(e, variable.name),
    (e, env) => {
      for (const arg of e.e === 'call' ? e.args : [])
        given.push(arg.e === 'spread' ? (elementOf(typeOf(arg.of, env)) ?? UNKNOWN) : typeOf(arg, env));
    },
  );
  return { ...empty, of: unionOf(given) };
}

function isPushOnto(e: Expression, name: string): boolean {
  return (
    e.e === 'call' &&
    e.callee.e === 'member' &&
    (e.callee.name === 'push' || e.callee.name === 'unshift') &&
    e.callee.of.e === 'name' &&
    e.callee.of.name === name
  );
}

function functionOf(env: Env): Env | undefined {
  return env.fn ? env : env.parent && functionOf(env.parent);
}

// ── narrowing ─────────────────────────────────────────────────────────────────────────────────────────────────────

/** The type of a name where a test holds, or does not. */
function guarded(type: Type, name: string, { test, holds, env }: Guard): Type {
  if (test.e === 'unary' && test.op === '!') return guarded(type, name, { test: test.of, holds: !holds, env });
  if (test.e === 'binary' && test.op === (holds ? '&&' : '||'))
    return guarded(guarded(type, name, { test: test.left, holds, env }), name, { test: test.right, holds, env });
  const target = testedType(test, name, env);
  return target ? narrowedTo(type, target, holds) : type;
}

function testedType(test: Expression, name: string, env: Env): Type | undefined {
  if (test.e === 'binary' && test.op === 'instanceof') {
    if (test.left.e !== 'name' || test.left.name !== name) return undefined;
    const made = instanceOf(typeOf(test.right, env));
    return made.k === 'unknown' ? undefined : made;
  }
  if (test.e !== 'call') return undefined;
  const onReceiver = test.callee.e === 'member' && test.callee.of.e === 'name' && test.callee.of.name === name;
  const given = test.args.findIndex((a) => a.e === 'name' && a.name === name);
  if (onReceiver && test.callee.e === 'member') {
    const receiver = env.parent ? nameType(name, env.parent) : UNKNOWN;
    const claims = findMembers(withoutNull(receiver), test.callee.name).flatMap((m) => predicateOf(foundMemberType(m), 'this') ?? []);
    return claims.length === 1 ? claims[0] : undefined;
  }
  return given < 0 ? undefined : predicateOf(typeOf(test.callee, env), given);
}

function predicateOf(fn: Type, about: number | 'this'): Type | undefined {
  const target = callable(fn);
  const predicate = target?.fn.predicate;
  if (!target || !predicate?.type) return undefined;
  const parameter = about === 'this' ? undefined : target.fn.parameters[about]?.pattern;
  const isAbout = about === 'this' ? predicate.parameter === 'this' : parameter?.p === 'name' && parameter.name === predicate.parameter;
  if (!isAbout) return undefined;
  const claimed = resolveType(predicate.type, target.context);
  return claimed.k === 'unknown' || claimed.k === 'parameter' ? undefined : claimed;
}

function narrowedTo(type: Type, target: Type, holds: boolean): Type {
  const shape = type.k === 'named' && type.symbol.declaration.kind === 'alias' ? structure(type) : type;
  if (shape.k === 'union') {
    const matching = shape.of.filter((part) => isA(part, target));
    // A claim about a shape names no part; what is known already says more.
    if (holds) return matching.length > 0 ? unionOf(matching) : isNamed(target) ? target : type;
    return matching.length < shape.of.length ? unionOf(shape.of.filter((part) => !matching.includes(part))) : type;
  }
  return holds && isNamed(target) && !isA(shape, target) ? target : type;
}

function isNamed(type: Type): boolean {
  return type.k === 'named' || type.k === 'external';
}

function isA(type: Type, target: Type, depth = 0): boolean {
  if (target.k === 'named' && type.k === 'named')
    return type.symbol === target.symbol || (depth < 8 && superTypes(type).some((base) => isA(base, target, depth + 1)));
  if (target.k === 'external' && type.k === 'external') return type.name === target.name;
  if (target.k === 'external' && type.k === 'named') return depth < 8 && superTypes(type).some((base) => isA(base, target, depth + 1));
  return sameType(type, target);
}

// ── walking a body with its environments ──────────────────────────────────────────────────────────────────────────

/** The wanted expressions of a body, closures included, each in its environment. Only the way to them is walked. */
export function eachExpressionIn(
  statements: readonly Statement[],
  parent: Env,
  wanted: (expression: Expression) => boolean,
  visit: (expression: Expression, env: Env) => void,
): void {
  const found = new Set<Expression>();
  eachExpression(statements, (e) => {
    if (wanted(e)) found.add(e);
  });
  if (found.size === 0) return;
  const leadsThere = (e: Expression): boolean => [...found].some(({ at }) => e.at[0] <= at[0] && at[1] <= e.at[1]);
  const within = (body: readonly Statement[], env: Env): void => {
    const inner = sameEnv(body, env, () => blockEnv(body, env));
    for (const statement of body) step(statement, inner);
  };
  const look = (e: Expression | undefined, env: Env, parameters?: () => readonly (Type | undefined)[]): void => {
    if (!e || !leadsThere(e)) return;
    if (found.has(e)) visit(e, env);
    if (e.e === 'function') inside(e.fn, env, parameters);
    else if (e.e === 'call') {
      look(e.callee, env);
      for (const [i, arg] of e.args.entries()) look(arg, env, () => callbackParameterTypes(e, i, env));
    } else {
      if (e.e === 'object') for (const entry of e.entries) if ('fn' in entry) inside(entry.fn, env);
      for (const part of partsOf(e)) look(part, env);
    }
  };
  const inside = (fn: FunctionFacts, env: Env, parameters?: () => readonly (Type | undefined)[]): void => {
    if (fn.body)
      within(
        fn.body,
        sameEnv(fn, env, () => functionEnv(fn, env.context, env, parameters?.())),
      );
  };
  const step = (s: Statement, env: Env): void => {
    switch (s.s) {
      case 'expression':
      case 'throw':
      case 'return':
        look(s.of, env);
        break;
      case 'variables':
        for (const d of s.declarations) look(d.init, env);
        break;
      case 'if':
        look(s.test, env);
        within(s.yes, narrowed(env, s.test, true));
        if (s.no) within(s.no, narrowed(env, s.test, false));
        break;
      case 'loop': {
        const { init } = s;
        const inner = init ? sameEnv(init, env, () => blockEnv([init], env)) : env;
        if (init) step(init, inner);
        look(s.test, inner);
        look(s.update, inner);
        within(s.body, inner);
        break;
      }
      case 'each':
        look(s.of, env);
        within(
          s.body,
          sameEnv(s, env, () => eachEnv(s, env)),
        );
        break;
      case 'try':
        within(s.body, env);
        if (s.catch) within(s.catch, env);
        if (s.finally) within(s.finally, env);
        break;
      case 'switch':
        look(s.of, env);
        for (const c of s.cases) within(c.body, env);
        break;
      case 'block':
        within(s.body, env);
        break;
      case 'declaration':
        if (s.of.kind === 'function') inside(s.of.fn, env);
        break;
      default:
    }
  };
  within(statements, parent);
}

const envs = new WeakMap<object, WeakMap<Env, Env>>();

/** Walking a body again finds the variables, and what is known of them, again. */
function sameEnv(of: object, parent: Env, make: () => Env): Env {
  return once(
    once(envs, of, () => new WeakMap<Env, Env>()),
    parent,
    make,
  );
}

function partsOf(e: Expression): readonly (Expression | undefined)[] {
  switch (e.e) {
    case 'member':
    case 'await':
    case 'spread':
    case 'as':
    case 'unary':
    case 'update':
    case 'yield':
      return [e.of];
    case 'index':
      return [e.of, e.by];
    case 'call':
    case 'new':
      return [e.callee, ...e.args];
    case 'object':
      return e.entries.map((entry: ObjectEntry) =>
        entry.o === 'property' || entry.o === 'computed' ? entry.value : entry.o === 'spread' ? entry.of : undefined,
      );
    case 'array':
      return e.elements;
    case 'binary':
      return [e.left, e.right];
    case 'assign':
      return [e.target, e.value];
    case 'conditional':
      return [e.test, e.yes, e.no];
    case 'template':
    case 'other':
      return e.parts;
    default:
      return [];
  }
}

// ── patterns and properties ───────────────────────────────────────────────────────────────────────────────────────

function patternType(pattern: Pattern, name: string, whole: Type, env: Env): Type {
  if (pattern.p === 'name') return pattern.name === name ? whole : UNKNOWN;
  if (pattern.p === 'object') {
    for (const entry of pattern.entries) {
      if (!binds(entry.value, name)) continue;
      const part = propertyType(whole, entry.key);
      const typed = part.k === 'unknown' && entry.init ? typeOf(entry.init, env) : withoutUndefinedIf(part, entry.init !== undefined);
      return patternType(entry.value, name, typed, env);
    }
    return pattern.rest && binds(pattern.rest, name) ? whole : UNKNOWN;
  }
  for (const [i, element] of pattern.elements.entries()) {
    if (!element || !binds(element.value, name)) continue;
    return patternType(element.value, name, partOf(whole, i), env);
  }
  return pattern.rest && binds(pattern.rest, name) ? whole : UNKNOWN;
}

function withoutUndefinedIf(type: Type, condition: boolean): Type {
  return condition ? withoutNull(type) : type;
}

/** What an ORM's connection hands its entity manager out from. */
const MANAGED = /^(?:QueryRunner|DataSource|Connection|MikroORM)$/;

/** The type of `x.name`. */
export function propertyType(of: Type, name: string): Type {
  const owner = withoutNull(of);
  if (owner.k === 'module') {
    const target = bindInModule(owner, name);
    return target ?? UNKNOWN;
  }
  if (owner.k === 'value') {
    const { symbol } = owner;
    const nested = (symbol.inner ?? symbol.scope.names.get(symbol.name)?.find((s) => s.inner)?.inner)?.names.get(name);
    const value = nested?.find((s) => s.declaration.kind !== 'interface' && s.declaration.kind !== 'alias');
    if (value) return symbolValueType(value);
    if (symbol.declaration.kind === 'enum') return { k: 'named', symbol, args: [] };
  }
  if (owner.k === 'external' && !owner.value && MANAGED.test(owner.name) && /^(?:manager|em|entityManager)$/.test(name))
    return { ...owner, name: 'EntityManager', args: [] };
  // `Domain.Aggregate` of a library that is not installed.
  if (owner.k === 'external' && owner.value && /^[A-Z]/.test(name)) return { ...owner, name };
  const found = memberType(owner, name);
  if (found && found.k !== 'unknown') return found;
  return unwrapped(owner, name) ?? found ?? indexSignature(owner) ?? UNKNOWN;
}

function bindInModule(module: Extract<Type, { k: 'module' }>, name: string): Type | undefined {
  const target = exported(programOf(module.file.scope), module.file, name, 'value');
  if (!target) return undefined;
  return target.k === 'symbol' ? symbolValueType(target.symbol) : valueType(target);
}

function indexType(of: Type, by: Expression): Type {
  if (by.e === 'literal' && typeof by.value === 'number') return partOf(of, by.value);
  return elementOf(of) ?? UNKNOWN;
}

/** The type of a member's value: properties as declared or initialised, accessors as they return, methods as functions. */
export function foundMemberType(found: FoundMember): Type {
  const { is, context } = found;
  if ('o' in is) {
    if (is.o === 'property' && found.env) return typeOf(is.value, found.env);
    if ((is.o === 'method' || is.o === 'get') && found.env) {
      const fn: Type = { k: 'function', fn: is.fn, context, env: found.env };
      return is.o === 'get' ? returnType(fn, []) : fn;
    }
    return UNKNOWN;
  }
  if ('pattern' in is) return resolveType(is.type, context);
  switch (is.kind) {
    case 'property': {
      if (is.type) return resolveType(is.type, context);
      if ('init' in is && is.init) return typeOf(is.init, memberEnv(context, found.env));
      return found.owner?.declaration.kind === 'class' ? assignedInConstructor(found.owner, found.name, context) : UNKNOWN;
    }
    case 'method':
      return { k: 'function', fn: is.fn, context, ...(found.env ? { env: found.env } : {}) };
    case 'get':
      return returnType({ k: 'function', fn: is.fn, context, ...(found.env ? { env: found.env } : {}) }, []);
    case 'set': {
      const parameter = is.fn.parameters[0];
      return parameter ? resolveType(parameter.type, context) : UNKNOWN;
    }
    default:
      return UNKNOWN;
  }
}

const memberEnvs = new WeakMap<TypeContext, Env>();
function memberEnv(context: TypeContext, env: Env | undefined): Env {
  return env ?? once(memberEnvs, context, () => moduleEnv(context));
}

/** `private items;` with `this.items = items` in the constructor. */
function assignedInConstructor(owner: Declared, name: string, context: TypeContext): Type {
  if (owner.declaration.kind !== 'class') return UNKNOWN;
  const creation = owner.declaration.members.find((m) => m.kind === 'constructor');
  if (creation?.kind !== 'constructor' || !creation.fn.body) return UNKNOWN;
  const given: Type[] = [];
  const assigns = (e: Expression): boolean =>
    e.e === 'assign' && e.target.e === 'member' && e.target.of.e === 'this' && e.target.name === name;
  eachExpressionIn(creation.fn.body, functionEnv(creation.fn, context), assigns, (e, env) => {
    if (e.e === 'assign') given.push(typeOf(e.value, env));
  });
  return unionOf(given);
}

// ── calls ─────────────────────────────────────────────────────────────────────────────────────────────────────────

type Call = Extract<Expression, { e: 'call' }>;

function callType(call: Call, env: Env): Type {
  const { callee } = call;
  if (callee.e === 'super') return UNKNOWN;
  if (callee.e === 'member') {
    const receiver = typeOf(callee.of, env);
    const known = platformCall(receiver, callee.name, argumentsOf(call, env));
    if (known) return known;
    const members = findMembers(withoutNull(receiver), callee.name);
    if (members.length > 0) {
      const result = unionOf(members.map((m) => applied(foundMemberType(m), call, env)));
      if (result.k !== 'unknown') return result;
    }
    const property = propertyType(receiver, callee.name);
    if (property.k === 'function' || property.k === 'value') return applied(property, call, env);
    return (
      throughLibrary(withoutNull(receiver), callee.name, call, env) ??
      (property.k === 'unknown' ? loaded(withoutNull(receiver), callee.name, call, env) : property)
    );
  }
  return sequenced(call, env) ?? applied(typeOf(callee, env), call, env);
}

/** `sequenceT(taskEither)(loading, checking)`: one carrier of all that they carry; of `sequenceS`, that it is a carrier. */
function sequenced({ callee, args }: Call, env: Env): Type | undefined {
  if (callee.e !== 'call') return undefined;
  const name = callee.callee.e === 'name' || callee.callee.e === 'member' ? callee.callee.name : '';
  if (!/^sequence[ST]$/.test(name)) return undefined;
  const all: Type =
    name === 'sequenceT'
      ? { k: 'tuple', of: args.map((a) => typeOf(a, env)).map((t) => (isCarrier(t) ? (success(t) ?? UNKNOWN) : UNKNOWN)) }
      : UNKNOWN;
  return { k: 'external', name: 'TaskEither', module: undefined, args: [UNKNOWN, all] };
}

function argumentsOf(call: Call, env: Env): Arguments {
  const at = (index: number): Expression | undefined => call.args[index];
  return {
    count: call.args.length,
    type: (index) => typeOfArgument(at(index), env),
    elements: (index) => {
      const arg = at(index);
      return arg?.e === 'array' && arg.elements.every((e) => e && e.e !== 'spread')
        ? arg.elements.map((e) => typeOfArgument(e, env))
        : undefined;
    },
    returned: (index, given) => {
      const callback = at(index);
      return callback ? callbackReturn(callback, given, env) : UNKNOWN;
    },
    typeArgument: call.typeArgs?.[0] && resolveType(call.typeArgs[0], env.context),
  };
}

function typeOfArgument(arg: Expression | undefined, env: Env): Type {
  return arg ? typeOf(arg, env) : UNKNOWN;
}

/** Carriers of libraries that are not installed, and the pipes they flow through. */
function throughLibrary(receiver: Type, name: string, call: Call, env: Env): Type | undefined {
  if (receiver.k === 'external' && receiver.value) return libraryCall(receiver, name, call, env);
  if (name === 'pipe' && isCarrier(receiver)) return pipedThrough(receiver, call.args, env);
  return (
    chained(receiver, name, (index) => callbackResult(call.args[index], handedTo(receiver, name, index), env)) ?? unwrapped(receiver, name)
  );
}

function callbackResult(callback: Expression | undefined, given: Type | undefined, env: Env): Type {
  return callback ? callbackReturn(callback, [given ?? UNKNOWN], env) : UNKNOWN;
}

/** `Result.ok(order)`, `Effect.map(effect, f)`, `Effect.runPromise(effect)`. */
function libraryCall(library: Extract<Type, { k: 'external' }>, name: string, call: Call, env: Env): Type | undefined {
  const [first, ...rest] = call.args;
  if (!first) return undefined;
  const given = first.e === 'function' ? awaited(callbackReturn(first, [], env)) : awaited(typeOf(first, env));
  if (name === 'gen' && first.e === 'function')
    return { k: 'external', name: 'Effect', module: library.module, args: [generated(first.fn, env)] };
  if (rest.length > 0 && isCarrier(given)) {
    const result = chained(given, name, (index) => callbackResult(rest[index], handedTo(given, name, index), env));
    if (result) return result;
  }
  const made = carrying(name, library.module, given);
  return made && runsAsync(name) ? promiseOf(made) : made;
}

function generated(fn: FunctionFacts, env: Env): Type {
  const returned: Type[] = [];
  if (fn.body) collectReturns(fn.body, functionEnv(fn, env.context, env), returned);
  return unionOf(returned);
}

/** `yield* effect` gives what the effect carries. */
function yielded(type: Type): Type {
  return isCarrier(type) ? (success(type) ?? UNKNOWN) : UNKNOWN;
}

// ── pipes ─────────────────────────────────────────────────────────────────────────────────────────────────────────

/** `pipe(value, TE.map(f), …)`: what each stage makes of what comes in. */
function pipedThrough(input: Type, stages: readonly Expression[], env: Env): Type {
  return stages.reduce((flowing, stage) => staged(flowing, stage, env), input);
}

function staged(input: Type, stage: Expression, env: Env): Type {
  // TE.chain(f), and chain(f) imported by its name.
  if (stage.e === 'call' && (stage.callee.e === 'member' || stage.callee.e === 'name')) {
    const { callee, args } = stage;
    const library = typeOf(callee.e === 'member' ? callee.of : callee, env);
    if (library.k === 'external')
      return chained(input, callee.name, (index) => callbackResult(args[index], handedTo(input, callee.name, index), env)) ?? UNKNOWN;
  }
  return callbackReturn(stage, [input], env);
}

interface Piped {
  readonly outer: Call;
  readonly index: number;
}
const pipes = new WeakMap<FunctionFacts, Map<Expression, Piped>>();

/** What flows into `TE.map(f)` when it stands in a pipe. */
function flowingInto(stage: Call, env: Env): Type | undefined {
  const fn = outermostFunction(env)?.fn;
  const place = fn && once(pipes, fn, () => pipesIn(fn.body ?? [])).get(stage);
  if (!place) return undefined;
  const { outer, index } = place;
  if (outer.callee.e === 'member') return pipedThrough(typeOf(outer.callee.of, env), outer.args.slice(0, index), env);
  const [source] = outer.args;
  return source && index > 0 ? pipedThrough(typeOf(source, env), outer.args.slice(1, index), env) : undefined;
}

function outermostFunction(env: Env): Env | undefined {
  const own = env.fn ? env : undefined;
  return (env.parent && outermostFunction(env.parent)) ?? own;
}

function pipesIn(body: readonly Statement[]): Map<Expression, Piped> {
  const found = new Map<Expression, Piped>();
  eachExpression(body, (e) => {
    if (e.e !== 'call') return;
    const name = e.callee.e === 'name' || e.callee.e === 'member' ? e.callee.name : '';
    if (name !== 'pipe') return;
    for (const [index, arg] of e.args.entries()) if (arg.e === 'call') found.set(arg, { outer: e, index });
  });
  return found;
}

// ── loading and applying ──────────────────────────────────────────────────────────────────────────────────────────

/**
 * Loading through a library that is not installed: `Repository<Order>.findOneBy(…)`, `em.findOne(Order, id)`,
 * `container.resolve(PlaceOrder)`. One or many is told by the method's name.
 */
function loaded(receiver: Type, name: string, call: Call, env: Env): Type {
  // A lower-case import is an object: `container` of tsyringe.
  if (receiver.k === 'unknown' || (receiver.k === 'external' && (!receiver.value || /^[a-z]/.test(receiver.name)))) {
    const [first] = call.args;
    const named = first && first.e === 'name' ? typeOf(first, env) : UNKNOWN;
    const [asked] = call.typeArgs ?? [];
    if (asked && /^(?:get|resolve|inject)$/.test(name)) return resolveType(asked, env.context);
    if (named.k === 'value' && named.symbol.declaration.kind === 'class' && LOADING.test(name)) {
      const one = instanceOf(named);
      if (/^get\w*Repository$/.test(name))
        return { k: 'external', name: 'Repository', module: receiver.k === 'external' ? receiver.module : undefined, args: [one] };
      if (/^(?:resolve|inject)$/.test(name)) return one;
      return MANY.test(name)
        ? promiseOf({ k: 'array', of: one, readonly: false })
        : name === 'create' || name === 'getReference' || (name === 'get' && receiver.k === 'external')
          ? one
          : promiseOf(one);
    }
  }
  if (receiver.k === 'named' && receiver.symbol.declaration.kind === 'class') {
    const base = superTypes(receiver).find((t) => t.k === 'external');
    return base ? loaded(base, name, call, env) : UNKNOWN;
  }
  if (receiver.k !== 'external' || receiver.value) return UNKNOWN;
  if (MANAGED.test(receiver.name) && name === 'createQueryRunner') return { ...receiver, name: 'QueryRunner', args: [] };
  // A manager hands itself back: `em.remove(comment).flush()`.
  if (/EntityManager$/.test(receiver.name) && /^(?:persist|remove|clear)$/.test(name)) return receiver;
  // `em.populate(order, ['items'])` gives back what it was given.
  if (/EntityManager$/.test(receiver.name) && name === 'populate' && call.args[0]) return promiseOf(typeOf(call.args[0], env));
  const [one] = receiver.args;
  if (one?.k !== 'named') return UNKNOWN;
  if (name === 'create' || name === 'getReference' || name === 'merge') return one;
  if (/^(?:save|saveOrUpdate|upsert)$/.test(name)) return promiseOf(one);
  if (!LOADING.test(name)) return UNKNOWN;
  if (MANY.test(name)) return promiseOf({ k: 'array', of: one, readonly: false });
  return promiseOf(unionOf([one, { k: 'external', name: 'Result', module: undefined, args: [one] }]));
}

const LOADING = /^(?:find|get|load|fetch|resolve|create|inject|one|by|of|exec|lean)/;
const MANY = /^(?:find|findAll|findBy|findMany|findAllBy|getAll|getMany|fetchAll|loadAll|list|findByIds|.*All|.*Many)$/;

function applied(fn: Type, call: Call, env: Env): Type {
  if (fn.k === 'union') return unionOf(fn.of.map((part) => applied(part, call, env)));
  const target = callable(fn);
  if (target)
    return returnType(target, call.args, env, call.typeArgs, call.callee.e === 'member' ? typeOf(call.callee.of, env) : undefined);
  return fn.k === 'external' ? externalCall(fn, call, env) : UNKNOWN;
}

/** Functions of libraries: factories of results, pipes, `inject(OrderRepository)`, and lazy carriers that are run. */
function externalCall(fn: Extract<Type, { k: 'external' }>, call: Call, env: Env): Type {
  const [first, ...rest] = call.args;
  if (!fn.value) return isCarrier(fn) ? promiseOf({ ...fn, name: fn.name.replace(/^(?:Reader)?Task(?=Either|Option)/, '') }) : UNKNOWN;
  if (!first) return UNKNOWN;
  if (fn.name === 'pipe') return pipedThrough(typeOf(first, env), rest, env);
  if (fn.name === 'inject') return call.typeArgs?.[0] ? resolveType(call.typeArgs[0], env.context) : instanceOf(typeOf(first, env));
  return carrying(fn.name, fn.module, typeOf(first, env)) ?? UNKNOWN;
}

/** The function behind a value: declarations, function types, interfaces with a call signature. */
export function callable(type: Type, depth = 0): Extract<Type, { k: 'function' }> | undefined {
  if (depth > 8) return undefined;
  const shape = structure(type);
  if (shape.k === 'function') return shape;
  if (shape.k === 'value' && shape.symbol.declaration.kind === 'function') {
    return {
      k: 'function',
      fn: shape.symbol.declaration.fn,
      context: { program: programOf(shape.symbol.scope), scope: shape.symbol.scope },
    };
  }
  if (shape.k === 'value' && shape.symbol.declaration.kind === 'variable') return callable(symbolValueType(shape.symbol), depth + 1);
  if (shape.k === 'named' || shape.k === 'object') {
    const [signature] = findMembers(shape, '()');
    if (signature && 'kind' in signature.is && signature.is.kind === 'method')
      return { k: 'function', fn: signature.is.fn, context: signature.context };
  }
  if (shape.k === 'intersection')
    for (const part of shape.of) {
      const found = callable(part);
      if (found) return found;
    }
  return undefined;
}

/** What a call of the function returns: as declared, generics bound from the arguments; else as its body returns. */
export function returnType(
  target: FunctionType,
  args: readonly Expression[],
  env?: Env,
  typeArgs?: readonly TypeNode[],
  receiver?: Type,
): Type {
  const { fn } = target;
  const context = env ? boundByCall(target, args, env, typeArgs, receiver) : unboundCall(target);
  if (fn.returns) return resolveType(fn.returns, context);
  return bodyType(fn, context, target.env);
}

type FunctionType = Extract<Type, { k: 'function' }>;

function unboundCall({ fn, context }: FunctionType): TypeContext {
  return fn.typeParameters.length > 0 ? { ...context, params: bindParameters(fn.typeParameters, [], context) } : context;
}

/** Type parameters one by one, those before in reach: `pipe<A, B>(a: A, f: (a: A) => B)`. */
function boundByCall(
  { fn, context }: FunctionType,
  args: readonly Expression[],
  env: Env,
  typeArgs: readonly TypeNode[] | undefined,
  receiver: Type | undefined,
): TypeContext {
  if (fn.typeParameters.length === 0) return context;
  const bound: Type[] = [];
  for (const [i, parameter] of fn.typeParameters.entries()) {
    const given = typeArgs?.[i];
    const known = bound.length > 0 ? { ...context, params: bindParameters(fn.typeParameters.slice(0, i), bound, context) } : context;
    const found = given ? resolveType(given, env.context) : inferArgument(parameter.name, fn.parameters, args, env, known, receiver);
    bound.push(found.k === 'unknown' ? resolveType(parameter.default ?? parameter.constraint, known, 1) : found);
  }
  return { ...context, params: bindParameters(fn.typeParameters, bound, context) };
}

const bodyTypesOf = new WeakMap<Program, WeakMap<FunctionFacts, Type>>();
const entered = new WeakSet<FunctionFacts>();

/** Inferred from the `return`s; the same for every call of what is not generic, so remembered once per function. */
function bodyType(fn: FunctionFacts, context: TypeContext, env: Env | undefined): Type {
  const bodyTypes = once(bodyTypesOf, context.program, () => new WeakMap<FunctionFacts, Type>());
  const generic = context.params !== undefined && context.params.size > 0;
  const known = generic ? undefined : bodyTypes.get(fn);
  if (known) return known;
  if (!fn.body || entered.has(fn)) return UNKNOWN;
  const type = whileEntered(fn, () => resultOf(fn, boundFunctionEnv(fn, context, env)));
  // What a function around it that is still open left unknown would stay unknown.
  if (!generic) bodyTypes.set(fn, type);
  return type;
}

/** Whatever happens inside, the next run finds it left. */
function whileEntered(fn: FunctionFacts, infer: () => Type): Type {
  entered.add(fn);
  try {
    return infer();
  } finally {
    entered.delete(fn);
  }
}

function resultOf(fn: FunctionFacts, inner: Env): Type {
  if (!fn.body) return UNKNOWN;
  if (fn.generator)
    return { k: 'external', name: fn.async ? 'AsyncGenerator' : 'Generator', module: undefined, args: [yieldedBy(fn.body, inner)] };
  const returned: Type[] = [];
  collectReturns(fn.body, inner, returned);
  return fn.async ? promiseOf(awaited(unionOf(returned))) : unionOf(returned);
}

/** `yield order`, `yield* orders`: which of the two is told by the type. */
function yieldedBy(body: readonly Statement[], env: Env): Type {
  const given: Type[] = [];
  eachExpressionIn(
    body,
    env,
    (e) => e.e === 'yield',
    (e, inner) => {
      if (e.e !== 'yield' || !e.of) return;
      const type = typeOf(e.of, inner);
      given.push(elementOf(type) ?? type);
    },
  );
  return unionOf(given);
}

function collectReturns(statements: readonly Statement[], parent: Env, into: Type[]): void {
  const env = blockEnv(statements, parent);
  for (const statement of statements) {
    switch (statement.s) {
      case 'return':
        if (statement.of) into.push(typeOf(statement.of, env));
        break;
      case 'if':
        collectReturns(statement.yes, narrowed(env, statement.test, true), into);
        if (statement.no) collectReturns(statement.no, narrowed(env, statement.test, false), into);
        break;
      case 'each':
        collectReturns(statement.body, eachEnv(statement, env), into);
        break;
      case 'loop':
        collectReturns(statement.body, statement.init ? blockEnv([statement.init], env) : env, into);
        break;
      case 'block':
        collectReturns(statement.body, env, into);
        break;
      case 'try':
        collectReturns(statement.body, env, into);
        if (statement.catch) collectReturns(statement.catch, env, into);
        if (statement.finally) collectReturns(statement.finally, env, into);
        break;
      case 'switch':
        for (const c of statement.cases) collectReturns(c.body, env, into);
        break;
    }
  }
}

// ── generics bound by arguments ───────────────────────────────────────────────────────────────────────────────────

function inferArgument(
  name: string,
  parameters: readonly Parameter[],
  args: readonly Expression[],
  env: Env,
  context: TypeContext,
  receiver?: Type,
): Type {
  const hasThis = isThis(parameters[0]);
  for (const [i, parameter] of parameters.entries()) {
    if (!parameter.type || !mentions(parameter.type, name)) continue;
    if (hasThis && i === 0) {
      const found = receiver && unify(parameter.type, receiver, name, context);
      if (found) return found;
      continue;
    }
    const arg = args[hasThis ? i - 1 : i];
    if (!arg) continue;
    const found = unifyArgument(parameter.type, arg, name, env, context);
    if (found) return found;
  }
  return UNKNOWN;
}

function isThis(parameter: Parameter | undefined): boolean {
  return parameter?.pattern.p === 'name' && parameter.pattern.name === 'this';
}

function unifyArgument(node: TypeNode, arg: Expression, name: string, env: Env, context: TypeContext): Type | undefined {
  if (arg.e === 'literal' && typeof arg.value === 'string' && node.t === 'ref' && node.name === name)
    return { k: 'literal', value: arg.value };
  if (arg.e !== 'function' || node.t !== 'function' || !node.fn.returns) return unify(node, typeOf(arg, env), name, context);
  const given = node.fn.parameters.map((p) => (p.type && !mentions(p.type, name) ? resolveType(p.type, context) : undefined));
  return unify(node.fn.returns, callbackReturn(arg, given, env), name, context);
}

function mentions(node: TypeNode, name: string): boolean {
  switch (node.t) {
    case 'ref':
      return node.name === name || node.args.some((a) => mentions(a, name));
    case 'array':
    case 'readonly':
      return mentions(node.of, name);
    case 'union':
    case 'intersection':
    case 'tuple':
      return node.of.some((a) => mentions(a, name));
    case 'object':
      return node.members.some((m) => m.kind === 'property' && m.type !== undefined && mentions(m.type, name));
    case 'function':
      return (
        (node.fn.returns !== undefined && mentions(node.fn.returns, name)) ||
        node.fn.parameters.some((p) => p.type && mentions(p.type, name))
      );
    default:
      return false;
  }
}

/** Names that stand for `new (…) => T` in libraries. */
const CONSTRUCTORS = new Set([
  'Type',
  'Constructor',
  'ClassConstructor',
  'EntityTarget',
  'EntityName',
  'Newable',
  'ObjectType',
  'AbstractConstructor',
  'Class',
]);

function unify(node: TypeNode, type: Type, name: string, context: TypeContext, depth = 0): Type | undefined {
  if (depth > 12) return undefined;
  switch (node.t) {
    case 'ref':
      return unifyReference(node, type, name, context, depth);
    case 'array': {
      const element = elementOf(type);
      return element && unify(node.of, element, name, context, depth + 1);
    }
    case 'readonly':
      return unify(node.of, type, name, context, depth + 1);
    case 'tuple':
      return firstOf(node.of, (part, i) => unify(part, partOf(type, i), name, context, depth + 1));
    case 'union':
    case 'intersection': {
      // `T | Promise<T>`: the part that says more first.
      const parts = [...node.of].sort((a, b) => Number(isBare(a, name)) - Number(isBare(b, name)));
      return firstOf(parts, (part) => unify(part, withoutNull(type), name, context, depth + 1));
    }
    case 'object':
      return firstOf(node.members, (m) => {
        const given = m.kind === 'property' && m.type && mentions(m.type, name) ? memberType(type, m.name) : undefined;
        return m.kind === 'property' && m.type && given ? unify(m.type, given, name, context, depth + 1) : undefined;
      });
    case 'function': {
      if (node.constructs) {
        const made = instanceOf(type);
        return made.k === 'unknown' || !node.fn.returns ? undefined : unify(node.fn.returns, made, name, context, depth + 1);
      }
      const fn = callable(type);
      if (!fn) return undefined;
      const returned =
        node.fn.returns && mentions(node.fn.returns, name)
          ? unify(node.fn.returns, returnType(fn, []), name, context, depth + 1)
          : undefined;
      return (
        returned ??
        firstOf(node.fn.parameters, (p, i) => {
          const own = fn.fn.parameters[i]?.type;
          return p.type && own && !p.rest ? unify(p.type, resolveType(own, fn.context), name, context, depth + 1) : undefined;
        })
      );
    }
    default:
      return undefined;
  }
}

function isBare(node: TypeNode, name: string): boolean {
  return node.t === 'ref' && node.name === name;
}

function firstOf<T>(items: readonly T[], find: (item: T, index: number) => Type | undefined): Type | undefined {
  for (const [i, item] of items.entries()) {
    const found = find(item, i);
    if (found) return found;
  }
  return undefined;
}

function unifyReference(
  node: Extract<TypeNode, { t: 'ref' }>,
  type: Type,
  name: string,
  context: TypeContext,
  depth: number,
): Type | undefined {
  if (node.name === name) return type.k === 'unknown' ? undefined : type;
  const last = node.name.split('.').at(-1) ?? node.name;
  if (CONSTRUCTORS.has(last) && (type.k === 'value' || type.k === 'class-expression')) return instanceOf(type);
  const wanted = node.args.some((a) => mentions(a, name)) ? bind(context.program, context.scope, node.name, 'type') : undefined;
  if (!wanted) return undefined;
  const symbol = wanted.k === 'symbol' ? wanted.symbol : undefined;
  if (symbol?.declaration.kind === 'alias' && !(type.k === 'named' && type.symbol === symbol))
    return unifyAlias(symbol, node, type, name, context, depth);
  const actual = symbol
    ? (asInstanceOf(type, symbol) ?? type)
    : type.k === 'named' && type.symbol.declaration.kind === 'alias'
      ? structure(type)
      : type;
  if ((actual.k === 'array' || actual.k === 'tuple') && !symbol)
    return firstOf(node.args, (arg) => unify(arg, elementOf(actual) ?? UNKNOWN, name, context, depth + 1));
  if (!symbol && (last === 'Promise' || last === 'PromiseLike') && !(actual.k === 'external' && /^Promise/.test(actual.name)))
    return undefined;
  const args = actual.k === 'named' || actual.k === 'external' ? actual.args : [];
  return firstOf(node.args, (arg, i) => {
    const part = args[i];
    return part && unify(arg, part, name, context, depth + 1);
  });
}

/** `find: Loader<T>` with `type Loader<X> = () => Promise<X>`: what the alias's parameter is, the argument is. */
function unifyAlias(
  alias: Declared,
  node: Extract<TypeNode, { t: 'ref' }>,
  type: Type,
  name: string,
  context: TypeContext,
  depth: number,
): Type | undefined {
  const { declaration, scope } = alias;
  if (declaration.kind !== 'alias') return undefined;
  return firstOf(declaration.typeParameters, (parameter, i) => {
    const arg = node.args[i];
    if (!arg || !mentions(arg, name)) return undefined;
    const found = unify(declaration.type, type, parameter.name, { program: context.program, scope }, depth + 1);
    return found && unify(arg, found, name, context, depth + 1);
  });
}

/** A type seen as one of its bases: `OrderRepository` as `Repository<Order>`. */
function asInstanceOf(type: Type, symbol: Declared, depth = 0): Type | undefined {
  if (type.k !== 'named' || depth > 8) return undefined;
  if (type.symbol === symbol) return type;
  for (const base of type.symbol.declaration.kind === 'alias' ? [structure(type)] : superTypes(type)) {
    const found = asInstanceOf(base, symbol, depth + 1);
    if (found) return found;
  }
  return undefined;
}

function newType(expression: Extract<Expression, { e: 'new' }>, env: Env): Type {
  const callee = typeOf(expression.callee, env);
  const written = expression.typeArgs?.map((t) => resolveType(t, env.context));
  if (written) return instanceOf(callee, written);
  const [first] = expression.args;
  if (callee.k === 'external' && callee.module === undefined && /^(?:Weak)?(?:Map|Set)$/.test(callee.name) && first)
    return instanceOf(callee, collectionArguments(callee.name, typeOf(first, env)));
  if (callee.k !== 'value' || callee.symbol.declaration.kind !== 'class') return instanceOf(callee);
  const { declaration } = callee.symbol;
  if (declaration.typeParameters.length === 0) return instanceOf(callee);
  const creation = declaration.members.find((m) => m.kind === 'constructor');
  const parameters = creation?.kind === 'constructor' ? creation.fn.parameters : [];
  return namedType(
    callee.symbol,
    declaration.typeParameters.map((p) => inferArgument(p.name, parameters, expression.args, env, env.context)),
  );
}

/** What a callback returns when it is called with arguments of these types. */
function callbackReturn(callback: Expression, parameterTypes: readonly (Type | undefined)[], env: Env): Type {
  if (callback.e !== 'function') {
    const target = callable(typeOf(callback, env));
    return target ? returnType(target, []) : UNKNOWN;
  }
  const { fn } = callback;
  if (fn.returns) return resolveType(fn.returns, env.context);
  if (entered.has(fn)) return UNKNOWN;
  return whileEntered(fn, () => resultOf(fn, functionEnv(fn, env.context, env, parameterTypes)));
}

/** Types that the callee gives to the parameters of a callback passed to it. */
export function callbackParameterTypes(call: Call, index: number, env: Env): readonly (Type | undefined)[] {
  const { callee } = call;
  if (callee.e === 'member') {
    const receiver = withoutNull(typeOf(callee.of, env));
    if (findMembers(receiver, callee.name).length === 0) return libraryCallback(receiver, callee.name, call, index, env);
  }
  const fn = typeOf(callee, env);
  if (fn.k === 'external' && fn.value) {
    if (fn.name === 'pipe') return [pipedThrough(typeOfArgument(call.args[0], env), call.args.slice(1, index), env)];
    const flowing = callee.e === 'name' ? flowingInto(call, env) : undefined;
    if (flowing) return [handedTo(flowing, fn.name, index)];
  }
  const target = callable(fn);
  const parameter = target?.fn.parameters[isThis(target.fn.parameters[0]) ? index + 1 : index];
  if (!target || !parameter?.type) return [];
  const others = call.args.map((a, i) => (i === index ? ({ e: 'literal', value: undefined, at: a.at } as const) : a));
  const context = boundByCall(target, others, env, call.typeArgs, callee.e === 'member' ? typeOf(callee.of, env) : undefined);
  const wanted = callable(resolveType(parameter.type, context));
  return wanted ? wanted.fn.parameters.map((p) => resolveType(p.type, wanted.context)) : [];
}

function libraryCallback(receiver: Type, name: string, call: Call, index: number, env: Env): readonly (Type | undefined)[] {
  const known = platformCallback(receiver, name, argumentsOf(call, env));
  if (known) return known;
  const shape = structure(receiver);
  if (shape.k === 'external') {
    // The manager that a transaction hands to its callback.
    if (/^\$?transaction(?:al)?$/i.test(name))
      return [/EntityManager$/.test(shape.name) ? shape : { ...shape, name: 'EntityManager', args: [] }];
    if (shape.value) {
      const flowing = flowingInto(call, env);
      if (flowing) return [handedTo(flowing, name, index)];
      const [first] = call.args;
      return first && index > 0 ? [handedTo(awaited(typeOf(first, env)), name, index - 1)] : [];
    }
    if (name === 'pipe') return [pipedThrough(shape, call.args.slice(0, index), env)];
  }
  const element = elementOf(shape);
  if (element) return [element, undefined, receiver];
  return [handedTo(receiver, name, index)];
}

installInference({
  expressionType: (expression, context) => typeOf(expression, heritageEnv(context)),
  memberValueType: foundMemberType,
  callResult: (type) => {
    const fn = callable(type);
    return fn ? returnType(fn, []) : UNKNOWN;
  },
});
installEnvInference(typeOf);

const heritageEnvs = new WeakMap<object, Env>();
function heritageEnv(context: TypeContext): Env {
  return once(heritageEnvs, context.scope, () => moduleEnv({ program: context.program, scope: context.scope }));
}
