import type { Answer, Expression, FunctionFacts, LocalVariable, Parameter, Pattern, Statement, TypeNode } from '../facts/facts.js';
import { bind, exported, type Program, type Symbol } from './program.js';
import {
  awaited,
  bindParameters,
  declarationContext,
  elementOf,
  type FoundMember,
  findMembers,
  installEnvInference,
  installInference,
  instanceOf,
  isNullish,
  memberType,
  namedType,
  programOf,
  resolveType,
  structure,
  superTypeOf,
  superTypes,
  type Type,
  type TypeContext,
  UNKNOWN,
  unionOf,
  valueOf,
  withoutNull,
} from './types.js';

/** Lexical environment of a body: what its names stand for. */
export interface Env {
  readonly context: TypeContext;
  readonly parent?: Env;
  readonly variables: Map<string, Variable>;
  /** Set in the environment of a function. */
  readonly fn?: FunctionFacts;
  /** The function as a member or declaration, to name it. */
  readonly owner?: Symbol;
}

export interface Variable {
  readonly name: string;
  readonly pattern: Pattern;
  readonly env: Env;
  readonly type?: TypeNode;
  readonly init?: Expression;
  /** `for (const x of xs)`. */
  readonly each?: { readonly of: Expression; readonly over: 'of' | 'in' };
  readonly parameter?: { readonly fn: FunctionFacts; readonly index: number; readonly rest: boolean };
  readonly symbol?: Symbol;
  /** Types that assignments after the declaration bring: `let order; … order = …`. */
  assigned?: Expression[];
  inferred?: Type;
  pending?: boolean;
}

export function moduleEnv(context: TypeContext): Env {
  return { context, variables: new Map() };
}

/** The environment inside a function: parameters declared, body variables hoisted by `blockEnv`. */
export function functionEnv(fn: FunctionFacts, context: TypeContext, parent?: Env, parameterTypes?: readonly (Type | undefined)[]): Env {
  const params = fn.typeParameters.length > 0 ? bindParameters(fn.typeParameters, [], context) : context.params;
  const env: Env = { context: params ? { ...context, params } : context, variables: new Map(), fn, ...(parent ? { parent } : {}) };
  for (const [index, parameter] of fn.parameters.entries()) {
    declarePattern(parameter.pattern, env, {
      pattern: parameter.pattern,
      env,
      ...(parameter.type ? { type: parameter.type } : {}),
      ...(parameter.init ? { init: parameter.init } : {}),
      parameter: { fn, index, rest: parameter.rest },
      ...(parameterTypes?.[index] ? { inferred: parameterTypes[index] } : {}),
    });
  }
  return env;
}

/** A block's environment with its declarations, function declarations hoisted. */
export function blockEnv(statements: readonly Statement[], parent: Env): Env {
  let variables: Map<string, Variable> | undefined;
  const env = { context: parent.context, parent, variables: new Map<string, Variable>() };
  for (const statement of statements) {
    if (statement.s === 'variables') {
      for (const declaration of statement.declarations) declareLocal(declaration, env);
      variables = env.variables;
    } else if (statement.s === 'declaration') {
      const { of } = statement;
      const symbol: Symbol = { id: `${parent.context.scope.file.facts.file}#${of.name}`, name: of.name, file: parent.context.scope.file, declaration: of, scope: parent.context.scope };
      env.variables.set(of.name, { name: of.name, pattern: { p: 'name', name: of.name, at: of.at }, env, symbol });
      variables = env.variables;
    }
  }
  if (variables) noteAssignments(statements, env);
  return variables ? env : parent;
}

export function declareLocal(declaration: LocalVariable, env: Env): void {
  declarePattern(declaration.pattern, env, {
    pattern: declaration.pattern,
    env,
    ...(declaration.type ? { type: declaration.type } : {}),
    ...(declaration.init ? { init: declaration.init } : {}),
  });
}

export function declarePattern(pattern: Pattern, env: Env, base: Omit<Variable, 'name'>): void {
  forEachName(pattern, (name) => env.variables.set(name, { ...base, name }));
}

export function forEachName(pattern: Pattern, visit: (name: string) => void): void {
  if (pattern.p === 'name') visit(pattern.name);
  else if (pattern.p === 'object') {
    for (const entry of pattern.entries) forEachName(entry.value, visit);
    if (pattern.rest) forEachName(pattern.rest, visit);
  } else {
    for (const element of pattern.elements) if (element) forEachName(element.value, visit);
    if (pattern.rest) forEachName(pattern.rest, visit);
  }
}

/** `let order; if (x) order = …`: assignments in nested statements give the variable its type. */
function noteAssignments(statements: readonly Statement[], env: Env): void {
  for (const statement of statements) {
    if (statement.s === 'expression' && statement.of.e === 'assign' && statement.of.target.e === 'name') {
      const variable = lookup(env, statement.of.target.name);
      if (variable && !variable.type && (!variable.init || variable.init.e === 'literal')) (variable.assigned ??= []).push(statement.of.value);
    } else if (statement.s === 'if') {
      noteAssignments(statement.yes, env);
      if (statement.no) noteAssignments(statement.no, env);
    } else if (statement.s === 'try') {
      noteAssignments(statement.body, env);
      if (statement.catch) noteAssignments(statement.catch, env);
    } else if (statement.s === 'block' || statement.s === 'loop' || statement.s === 'each') noteAssignments(statement.body, env);
    else if (statement.s === 'switch') for (const c of statement.cases) noteAssignments(c.body, env);
  }
}

export function lookup(env: Env, name: string): Variable | undefined {
  for (let e: Env | undefined = env; e; e = e.parent) {
    const found = e.variables.get(name);
    if (found) return found;
  }
  return undefined;
}

// ── expressions ───────────────────────────────────────────────────────────────────────────────────────────────────

const memo = new WeakMap<Expression, WeakMap<Env, Type>>();
let depth = 0;
const MAX_DEPTH = 60;

export function typeOf(expression: Expression, env: Env): Type {
  let byEnv = memo.get(expression);
  if (!byEnv) memo.set(expression, (byEnv = new WeakMap()));
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

const answers = new WeakMap<Program, Map<string, Symbol>>();

/** Receivers that the type checker was asked about (`--types full`). */
export function adoptAnswers(program: Program, given: readonly Answer[]): void {
  if (given.length === 0) return;
  const known = new Map<string, Symbol>();
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
      if (self?.k === 'named' && self.symbol.declaration.kind === 'class') return superTypeOf(self.symbol.declaration, declarationContext(self)) ?? UNKNOWN;
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
      const elements = expression.elements.map((e) => (e ? (e.e === 'spread' ? (elementOf(typeOf(e.of, env)) ?? UNKNOWN) : typeOf(e, env)) : UNKNOWN));
      return { k: 'array', of: unionOf(elements), readonly: false };
    }
    case 'binary':
      if (expression.op === '&&') return typeOf(expression.right, env);
      if (expression.op === '||' || expression.op === '??') return unionOf([withoutNull(typeOf(expression.left, env)), typeOf(expression.right, env)]);
      if (expression.op === ',') return typeOf(expression.right, env);
      return { k: 'primitive', name: COMPARISONS.has(expression.op) ? 'boolean' : expression.op === '+' ? 'string' : 'number' };
    case 'assign':
      return typeOf(expression.value, env);
    case 'conditional':
      return unionOf([typeOf(expression.yes, env), typeOf(expression.no, env)]);
    case 'literal':
      if (expression.value === null) return { k: 'primitive', name: 'null' };
      if (expression.value === undefined) return expression.regex ? { k: 'external', name: 'RegExp', module: undefined, args: [] } : { k: 'primitive', name: 'undefined' };
      return { k: 'primitive', name: typeof expression.value };
    case 'template':
      return { k: 'primitive', name: 'string' };
    case 'unary':
      return { k: 'primitive', name: expression.op === '!' || expression.op === 'delete' ? 'boolean' : expression.op === 'typeof' ? 'string' : expression.op === 'void' ? 'undefined' : 'number' };
    case 'update':
      return { k: 'primitive', name: 'number' };
    case 'as':
      if (expression.type.t === 'ref' && expression.type.name === 'const') return typeOf(expression.of, env);
      if (expression.type.t === 'keyword' && (expression.type.name === 'any' || expression.type.name === 'unknown')) return typeOf(expression.of, env);
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
  return valueOf(target);
}

/** Constants are looked through, so that `orders.save` finds the object behind `const orders = makeOrders()`. */
export function symbolValueType(symbol: Symbol): Type {
  const { declaration, scope } = symbol;
  if (declaration.kind !== 'variable') return { k: 'value', symbol };
  const context: TypeContext = { program: programOf(scope), scope };
  if (declaration.type) return resolveType(declaration.type, context);
  if (!declaration.init) return UNKNOWN;
  let env = moduleEnvs.get(scope);
  if (!env) moduleEnvs.set(scope, (env = moduleEnv(context)));
  const whole = typeOf(declaration.init, env);
  return declaration.pattern ? patternType(declaration.pattern, declaration.name, whole, env) : whole;
}

const moduleEnvs = new WeakMap<object, Env>();

export function variableType(variable: Variable): Type {
  if (variable.inferred) return variable.pattern.p === 'name' ? variable.inferred : patternType(variable.pattern, variable.name, variable.inferred, variable.env);
  if (variable.pending) return UNKNOWN;
  variable.pending = true;
  const whole = wholeType(variable);
  variable.pending = false;
  const type = variable.pattern.p === 'name' ? whole : patternType(variable.pattern, variable.name, whole, variable.env);
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
  if (variable.type) {
    const declared = resolveType(variable.type, env.context);
    return variable.parameter?.rest ? declared : declared;
  }
  if (variable.each) {
    if (variable.each.over === 'in') return { k: 'primitive', name: 'string' };
    const source = typeOf(variable.each.of, env.parent ?? env);
    return iteratedType(source);
  }
  const initial = variable.init ? typeOf(variable.init, variable.parameter ? env : env) : UNKNOWN;
  if (variable.assigned && (initial.k === 'unknown' || isNullish(initial))) return unionOf(variable.assigned.map((value) => typeOf(value, env)));
  return initial;
}

/** What `for … of` yields: pairs for a Map. */
function iteratedType(source: Type): Type {
  const shape = structure(source);
  if (shape.k === 'external' && (shape.name === 'Map' || shape.name === 'ReadonlyMap')) return { k: 'tuple', of: [...shape.args] };
  return elementOf(source) ?? UNKNOWN;
}

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
    const shape = structure(whole);
    const part = shape.k === 'tuple' ? (shape.of[i] ?? UNKNOWN) : (elementOf(whole) ?? UNKNOWN);
    return patternType(element.value, name, part, env);
  }
  return pattern.rest && binds(pattern.rest, name) ? whole : UNKNOWN;
}

function withoutUndefinedIf(type: Type, condition: boolean): Type {
  return condition ? withoutNull(type) : type;
}

function binds(pattern: Pattern, name: string): boolean {
  let found = false;
  forEachName(pattern, (n) => {
    found ||= n === name;
  });
  return found;
}

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
  // `Domain.Aggregate` of a library that is not installed.
  if (owner.k === 'external' && owner.value && /^[A-Z]/.test(name)) return { ...owner, name };
  const found = memberType(owner, name);
  if (found && found.k !== 'unknown') return found;
  return unwrapped(owner, name) ?? found ?? UNKNOWN;
}

function bindInModule(module: Extract<Type, { k: 'module' }>, name: string): Type | undefined {
  const target = exported(programOf(module.file.scope), module.file, name, 'value');
  if (!target) return undefined;
  return target.k === 'symbol' ? symbolValueType(target.symbol) : valueOf(target);
}

/**
 * Result, Either and Option of libraries that are not installed, known by how they are used: `.value`, `.unwrap()`
 * and their like give whatever the type arguments carry.
 */
function unwrapped(owner: Type, name: string): Type | undefined {
  const parts = owner.k === 'union' ? owner.of : [owner];
  const carried: Type[] = [];
  for (const part of parts) {
    const shape = part.k === 'named' && part.symbol.declaration.kind === 'alias' ? structure(part) : part;
    for (const inner of shape.k === 'union' ? shape.of : [shape]) {
      if (inner.k === 'external' && !inner.value && inner.args.length > 0 && UNWRAPPING.has(name)) carried.push(...inner.args);
    }
  }
  return carried.length > 0 ? unionOf(carried) : undefined;
}

const UNWRAPPING = new Set(['value', 'data', 'result', 'right', 'some', 'ok', 'unwrap', 'unwrapOr', 'unwrapOrElse', 'getValue', 'getOrThrow', 'getOrElse', 'getRight', 'get', 'expect', 'safeUnwrap', '_unsafeUnwrap', 'extract', 'unwrapOrThrow']);

function indexType(of: Type, by: Expression): Type {
  const shape = structure(of);
  if (shape.k === 'tuple' && by.e === 'literal' && typeof by.value === 'number') return shape.of[by.value] ?? UNKNOWN;
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
  if (env) return env;
  let known = memberEnvs.get(context);
  if (!known) memberEnvs.set(context, (known = moduleEnv(context)));
  return known;
}

/** `private items;` with `this.items = items` in the constructor. */
function assignedInConstructor(owner: Symbol, name: string, context: TypeContext): Type {
  if (owner.declaration.kind !== 'class') return UNKNOWN;
  const constructor = owner.declaration.members.find((m) => m.kind === 'constructor');
  if (constructor?.kind !== 'constructor' || !constructor.fn.body) return UNKNOWN;
  const env = blockEnv(constructor.fn.body, functionEnv(constructor.fn, context));
  for (const statement of constructor.fn.body) {
    if (statement.s !== 'expression' || statement.of.e !== 'assign') continue;
    const { target, value } = statement.of;
    if (target.e === 'member' && target.of.e === 'this' && target.name === name) return typeOf(value, env);
  }
  return UNKNOWN;
}

// ── calls ─────────────────────────────────────────────────────────────────────────────────────────────────────────

type Call = Extract<Expression, { e: 'call' }>;

function callType(call: Call, env: Env): Type {
  const { callee } = call;
  if (callee.e === 'super') return UNKNOWN;
  if (callee.e === 'member') {
    const receiver = typeOf(callee.of, env);
    const known = platformCall(receiver, callee.name, call, env);
    if (known) return known;
    const members = findMembers(withoutNull(receiver), callee.name);
    if (members.length > 0) {
      const result = unionOf(members.map((m) => applied(foundMemberType(m), call, env)));
      if (result.k !== 'unknown') return result;
    }
    const property = propertyType(receiver, callee.name);
    if (property.k === 'function' || property.k === 'value') return applied(property, call, env);
    return unwrapped(withoutNull(receiver), callee.name) ?? (property.k === 'unknown' ? loaded(withoutNull(receiver), callee.name, call, env) : property);
  }
  return applied(typeOf(callee, env), call, env);
}

/**
 * Loading through a library that is not installed: `Repository<Order>.findOneBy(…)`, `em.findOne(Order, id)`,
 * `container.resolve(PlaceOrder)`. One or many is told by the method's name.
 */
function loaded(receiver: Type, name: string, call: Call, env: Env): Type {
  if (receiver.k === 'unknown' || (receiver.k === 'external' && !receiver.value)) {
    const [first] = call.args;
    const named = first && first.e === 'name' ? typeOf(first, env) : UNKNOWN;
    if (named.k === 'value' && named.symbol.declaration.kind === 'class' && LOADING.test(name)) {
      const one = instanceOf(named);
      if (/^get\w*Repository$/.test(name)) return { k: 'external', name: 'Repository', module: receiver.k === 'external' ? receiver.module : undefined, args: [one] };
      if (/^(?:resolve|inject)$/.test(name)) return one;
      return MANY.test(name) ? promiseOf({ k: 'array', of: one, readonly: false }) : name === 'create' || name === 'getReference' || (name === 'get' && receiver.k === 'external') ? one : promiseOf(one);
    }
  }
  if (receiver.k === 'named' && receiver.symbol.declaration.kind === 'class') {
    const base = superTypes(receiver).find((t) => t.k === 'external');
    return base ? loaded(base, name, call, env) : UNKNOWN;
  }
  if (receiver.k !== 'external' || receiver.value) return UNKNOWN;
  // A manager hands itself back: `em.remove(comment).flush()`.
  if (/EntityManager$/.test(receiver.name) && /^(?:persist|remove|clear)$/.test(name)) return receiver;
  const [one] = receiver.args;
  if (!one || one.k !== 'named') return UNKNOWN;
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
  if (!target) {
    // `ok(order)` of a library: what goes in may come out.
    if (fn.k === 'external') return externalCall(fn, call, env);
    return UNKNOWN;
  }
  return returnType(target, call.args, env, call.typeArgs);
}

/** Factories of results from libraries carry their argument; anything else of a library is unknown. */
function externalCall(fn: Extract<Type, { k: 'external' }>, call: Call, env: Env): Type {
  if (CARRYING.has(fn.name) && call.args[0]) return { k: 'external', name: 'Result', module: fn.module, args: [typeOf(call.args[0], env)] };
  return UNKNOWN;
}
const CARRYING = new Set(['ok', 'Ok', 'right', 'left', 'some', 'Some', 'success', 'of', 'just', 'Just', 'err', 'Err']);

/** The function behind a value: declarations, function types, interfaces with a call signature. */
export function callable(type: Type): Extract<Type, { k: 'function' }> | undefined {
  const shape = structure(type);
  if (shape.k === 'function') return shape;
  if (shape.k === 'value' && shape.symbol.declaration.kind === 'function') {
    return { k: 'function', fn: shape.symbol.declaration.fn, context: { program: programOf(shape.symbol.scope), scope: shape.symbol.scope } };
  }
  if (shape.k === 'value' && shape.symbol.declaration.kind === 'variable') return callable(symbolValueType(shape.symbol));
  if (shape.k === 'named' || shape.k === 'object') {
    const [signature] = findMembers(shape, '()');
    if (signature && 'kind' in signature.is && signature.is.kind === 'method') return { k: 'function', fn: signature.is.fn, context: signature.context };
  }
  if (shape.k === 'intersection') for (const part of shape.of) {
    const found = callable(part);
    if (found) return found;
  }
  return undefined;
}

/** What a call of the function returns: as declared, generics bound from the arguments; else as its body returns. */
export function returnType(target: Extract<Type, { k: 'function' }>, args: readonly Expression[], env?: Env, typeArgs?: readonly TypeNode[]): Type {
  const { fn } = target;
  let context = target.context;
  if (fn.typeParameters.length > 0) {
    const bound = fn.typeParameters.map((p, i) => {
      const given = typeArgs?.[i];
      if (given && env) return resolveType(given, env.context);
      return env ? inferArgument(p.name, fn.parameters, args, env, context) : UNKNOWN;
    });
    context = { ...context, params: bindParameters(fn.typeParameters, bound, context) };
  }
  if (fn.returns) return resolveType(fn.returns, context);
  return bodyType(fn, context, target.env);
}

const bodyTypesOf = new WeakMap<Program, WeakMap<FunctionFacts, Type>>();

/** Inferred from the `return`s; the same for every call, so remembered once per function. */
function bodyType(fn: FunctionFacts, context: TypeContext, env: Env | undefined): Type {
  let bodyTypes = bodyTypesOf.get(context.program);
  if (!bodyTypes) bodyTypesOf.set(context.program, (bodyTypes = new WeakMap()));
  const generic = context.params !== undefined && context.params.size > 0;
  const known = generic ? undefined : bodyTypes.get(fn);
  if (known) return known;
  if (!fn.body || fn.generator) return UNKNOWN;
  bodyTypes.set(fn, UNKNOWN);
  const inner = functionEnv(fn, context, env);
  const returned: Type[] = [];
  collectReturns(fn.body, inner, returned);
  const type = fn.async ? ({ k: 'external', name: 'Promise', module: undefined, args: [awaited(unionOf(returned))] } as const) : unionOf(returned);
  if (generic) bodyTypes.delete(fn);
  else bodyTypes.set(fn, type);
  return type;
}

function collectReturns(statements: readonly Statement[], parent: Env, into: Type[]): void {
  const env = blockEnv(statements, parent);
  for (const statement of statements) {
    switch (statement.s) {
      case 'return':
        if (statement.of) into.push(typeOf(statement.of, env));
        break;
      case 'if':
        collectReturns(statement.yes, env, into);
        if (statement.no) collectReturns(statement.no, env, into);
        break;
      case 'each':
        collectReturns(statement.body, eachEnv(statement, env), into);
        break;
      case 'loop':
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

export function eachEnv(statement: Extract<Statement, { s: 'each' }>, parent: Env): Env {
  if (!statement.pattern) return parent;
  const env: Env = { context: parent.context, parent, variables: new Map() };
  declarePattern(statement.pattern, env, { pattern: statement.pattern, env, each: { of: statement.of, over: statement.over } });
  return env;
}

function inferArgument(name: string, parameters: readonly Parameter[], args: readonly Expression[], env: Env, context: TypeContext): Type {
  for (const [i, parameter] of parameters.entries()) {
    const arg = args[i];
    if (!arg || !parameter.type || !mentions(parameter.type, name)) continue;
    const found = unify(parameter.type, typeOf(arg, env), name, context);
    if (found) return found;
  }
  return UNKNOWN;
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
    case 'function':
      return (node.fn.returns !== undefined && mentions(node.fn.returns, name)) || node.fn.parameters.some((p) => p.type && mentions(p.type, name));
    case 'typeof':
      return false;
    default:
      return false;
  }
}

function unify(node: TypeNode, type: Type, name: string, context: TypeContext): Type | undefined {
  switch (node.t) {
    case 'ref': {
      if (node.name === name) return type.k === 'unknown' ? undefined : type;
      const actual = type.k === 'named' && type.symbol.declaration.kind === 'alias' && !node.name.endsWith(type.symbol.name) ? structure(type) : type;
      const last = node.name.split('.').at(-1);
      if ((last === 'Type' || last === 'Constructor' || last === 'ClassConstructor' || last === 'EntityTarget' || last === 'EntityName' || last === 'Newable' || last === 'ObjectType') && actual.k === 'value') {
        return instanceOf(actual);
      }
      const args = actual.k === 'named' || actual.k === 'external' ? actual.args : actual.k === 'array' ? [actual.of] : [];
      for (const [i, arg] of node.args.entries()) {
        const part = args[i];
        const found = part && unify(arg, part, name, context);
        if (found) return found;
      }
      return undefined;
    }
    case 'array': {
      const element = elementOf(type);
      return element && unify(node.of, element, name, context);
    }
    case 'readonly':
      return unify(node.of, type, name, context);
    case 'union':
    case 'intersection':
      for (const part of node.of) {
        const found = unify(part, withoutNull(type), name, context);
        if (found) return found;
      }
      return undefined;
    case 'function': {
      if (node.constructs && type.k === 'value') return instanceOf(type);
      const fn = callable(type);
      return fn && node.fn.returns ? unify(node.fn.returns, returnType(fn, []), name, context) : undefined;
    }
    default:
      return undefined;
  }
}

function newType(expression: Extract<Expression, { e: 'new' }>, env: Env): Type {
  const callee = typeOf(expression.callee, env);
  const written = expression.typeArgs?.map((t) => resolveType(t, env.context));
  if (written || callee.k !== 'value' || callee.symbol.declaration.kind !== 'class') return instanceOf(callee, written ?? []);
  const { declaration } = callee.symbol;
  if (declaration.typeParameters.length === 0) return instanceOf(callee);
  const constructor = declaration.members.find((m) => m.kind === 'constructor');
  const parameters = constructor?.kind === 'constructor' ? constructor.fn.parameters : [];
  return namedType(callee.symbol, declaration.typeParameters.map((p) => inferArgument(p.name, parameters, expression.args, env, env.context)));
}

/** Calls on arrays, maps, sets, promises and the platform's functions. */
function platformCall(receiver: Type, name: string, call: Call, env: Env): Type | undefined {
  const shape = structure(withoutNull(receiver));
  if (shape.k === 'external' && shape.value && shape.module === undefined) return staticCall(shape.name, name, call, env);
  if (shape.k === 'external' && shape.name === 'Promise') {
    if (name === 'then') {
      const [first] = call.args;
      return first ? promiseOf(awaited(callbackReturn(first, [awaited(shape)], env))) : shape;
    }
    if (name === 'catch' || name === 'finally') return shape;
    return undefined;
  }
  if (shape.k === 'external' && (shape.name === 'Map' || shape.name === 'ReadonlyMap' || shape.name === 'WeakMap')) {
    const [key = UNKNOWN, value = UNKNOWN] = shape.args;
    if (name === 'get') return unionOf([value, { k: 'primitive', name: 'undefined' }]);
    if (name === 'values') return { k: 'external', name: 'IterableIterator', module: undefined, args: [value] };
    if (name === 'keys') return { k: 'external', name: 'IterableIterator', module: undefined, args: [key] };
    if (name === 'entries') return { k: 'external', name: 'IterableIterator', module: undefined, args: [{ k: 'tuple', of: [key, value] }] };
    return undefined;
  }
  if (shape.k !== 'array' && shape.k !== 'tuple' && !(shape.k === 'external' && (shape.name === 'Set' || shape.name === 'ReadonlySet' || shape.name === 'IterableIterator'))) return undefined;
  const element = elementOf(shape) ?? UNKNOWN;
  if (SAME.has(name)) return { k: 'array', of: element, readonly: false };
  if (PICKING.has(name)) return element;
  const [first] = call.args;
  if (name === 'map' || name === 'flatMap') {
    const returned = first ? callbackReturn(first, [element], env) : UNKNOWN;
    return { k: 'array', of: name === 'flatMap' ? (elementOf(returned) ?? returned) : returned, readonly: false };
  }
  if (name === 'reduce') return call.args[1] ? typeOf(call.args[1], env) : element;
  if (name === 'values' || name === 'keys') return { k: 'external', name: 'IterableIterator', module: undefined, args: [element] };
  if (name === 'entries') return { k: 'external', name: 'IterableIterator', module: undefined, args: [{ k: 'tuple', of: [{ k: 'primitive', name: 'number' }, element] }] };
  return undefined;
}

const SAME = new Set(['filter', 'slice', 'concat', 'sort', 'reverse', 'toSorted', 'toReversed', 'splice', 'toSpliced', 'with', 'fill', 'copyWithin']);
const PICKING = new Set(['find', 'findLast', 'at', 'pop', 'shift', 'findLastIndex']);

function staticCall(owner: string, name: string, call: Call, env: Env): Type | undefined {
  const [first] = call.args;
  if (owner === 'Promise' && first) {
    const argument = typeOf(first, env);
    if (name === 'resolve') return promiseOf(awaited(argument));
    if (name === 'all' || name === 'allSettled') {
      if (first.e === 'array' && first.elements.every((e) => e && e.e !== 'spread')) return promiseOf({ k: 'tuple', of: first.elements.map((e) => (e ? awaited(typeOf(e, env)) : UNKNOWN)) });
      return promiseOf({ k: 'array', of: awaited(elementOf(argument) ?? UNKNOWN), readonly: false });
    }
    if (name === 'race' || name === 'any') return promiseOf(awaited(elementOf(argument) ?? UNKNOWN));
  }
  if (owner === 'Array' && (name === 'from' || name === 'of') && first) {
    const element = name === 'of' ? typeOf(first, env) : iteratedType(typeOf(first, env));
    return { k: 'array', of: call.args[1] && name === 'from' ? callbackReturn(call.args[1], [element], env) : element, readonly: false };
  }
  if (owner === 'Object' && first) {
    if (name === 'freeze' || name === 'assign' || name === 'seal') return typeOf(first, env);
    if (name === 'values') return { k: 'array', of: elementOf(typeOf(first, env)) ?? UNKNOWN, readonly: false };
  }
  return undefined;
}

export function promiseOf(type: Type): Type {
  return { k: 'external', name: 'Promise', module: undefined, args: [type] };
}

/** What a callback returns when it is called with arguments of these types. */
function callbackReturn(callback: Expression, parameterTypes: readonly Type[], env: Env): Type {
  if (callback.e !== 'function') {
    const target = callable(typeOf(callback, env));
    return target ? returnType(target, []) : UNKNOWN;
  }
  const { fn } = callback;
  if (fn.returns) return resolveType(fn.returns, env.context);
  if (!fn.body) return UNKNOWN;
  const returned: Type[] = [];
  collectReturns(fn.body, functionEnv(fn, env.context, env, parameterTypes), returned);
  return fn.async ? promiseOf(awaited(unionOf(returned))) : unionOf(returned);
}

/** Types that the callee gives to the parameters of a callback passed to it. */
export function callbackParameterTypes(call: Call, index: number, env: Env): readonly (Type | undefined)[] {
  const { callee } = call;
  if (callee.e === 'member') {
    const receiver = withoutNull(typeOf(callee.of, env));
    const shape = structure(receiver);
    const own = findMembers(receiver, callee.name);
    if (own.length === 0) {
      if (shape.k === 'external' && shape.name === 'Promise' && callee.name === 'then') return [awaited(shape)];
      // The manager that a transaction hands to its callback.
      if (shape.k === 'external' && /^\$?transaction(?:al)?$/i.test(callee.name)) return [/EntityManager$/.test(shape.name) ? shape : { ...shape, name: 'EntityManager', args: [] }];
      if (shape.k === 'external' && (shape.name === 'Map' || shape.name === 'ReadonlyMap') && callee.name === 'forEach') return [shape.args[1], shape.args[0]];
      if (callee.name === 'reduce') return [call.args[1] && typeOf(call.args[1], env), elementOf(shape)];
      const element = elementOf(shape);
      if (element) return [element, undefined, receiver];
      // Result.map, Either.fold and the like of libraries: the callback is given what the type carries.
      if (shape.k === 'external' && shape.args.length > 0) return [shape.args[callee.name === 'fold' || callee.name === 'match' ? index : shape.args.length - 1] ?? shape.args[0]];
      return [];
    }
  }
  const target = callable(typeOf(callee, env));
  const parameter = target?.fn.parameters[index];
  if (!target || !parameter?.type) return [];
  let context = target.context;
  if (target.fn.typeParameters.length > 0) {
    const others = call.args.map((a, i) => (i === index ? { e: 'literal', value: undefined, at: a.at } as const : a));
    const bound = target.fn.typeParameters.map((p, i) => {
      const given = call.typeArgs?.[i];
      return given ? resolveType(given, env.context) : inferArgument(p.name, target.fn.parameters, others, env, context);
    });
    context = { ...context, params: bindParameters(target.fn.typeParameters, bound, context) };
  }
  const wanted = callable(resolveType(parameter.type, context));
  return wanted ? wanted.fn.parameters.map((p) => resolveType(p.type, wanted.context)) : [];
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
  let env = heritageEnvs.get(context.scope);
  if (!env) heritageEnvs.set(context.scope, (env = moduleEnv({ program: context.program, scope: context.scope })));
  return env;
}

