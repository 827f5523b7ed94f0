import type { Expression, FunctionFacts, LocalVariable, Pattern, Statement, TypeNode } from '../facts/facts.js';
import type { Declared } from './program.js';
import { bindParameters, type Type, type TypeContext } from './types.js';

/** Lexical environment of a body: what its names stand for. */
export interface Env {
  readonly context: TypeContext;
  readonly parent?: Env;
  readonly variables: Map<string, Variable>;
  /** Set in the environment of a function. */
  readonly fn?: FunctionFacts;
  /** The function as a member or declaration, to name it. */
  readonly owner?: Declared;
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
  readonly symbol?: Declared;
  /** The block in which it may be given a value later: `let order; … order = …`. */
  readonly assignedIn?: readonly Statement[];
  /** The variable that this one narrows. */
  readonly narrows?: Variable;
  guards?: Guard[];
  inferred?: Type;
  pending?: boolean;
}

/** What a test says about the variables in it, where it is known to hold or not to. */
export interface Guard {
  readonly test: Expression;
  readonly holds: boolean;
  readonly env: Env;
}

export function moduleEnv(context: TypeContext): Env {
  return { context, variables: new Map() };
}

/** The environment inside a function: parameters declared, body variables hoisted by `blockEnv`. */
export function functionEnv(fn: FunctionFacts, context: TypeContext, parent?: Env, parameterTypes?: readonly (Type | undefined)[]): Env {
  const params = fn.typeParameters.length > 0 ? bindParameters(fn.typeParameters, [], context) : context.params;
  return boundFunctionEnv(fn, params ? { ...context, params } : context, parent, parameterTypes);
}

/** The same, of a function whose type parameters the context binds already. */
export function boundFunctionEnv(
  fn: FunctionFacts,
  context: TypeContext,
  parent?: Env,
  parameterTypes?: readonly (Type | undefined)[],
): Env {
  const env: Env = { context, variables: new Map(), fn, ...(parent ? { parent } : {}) };
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

/** A block's environment with its declarations, function declarations hoisted, and what its early exits rule out. */
export function blockEnv(statements: readonly Statement[], parent: Env): Env {
  const env: Env = { context: parent.context, parent, variables: new Map() };
  for (const statement of statements) {
    if (statement.s === 'variables') {
      for (const declaration of statement.declarations) declareLocal(declaration, env, statement.constant ? undefined : statements);
    } else if (statement.s === 'declaration') {
      const { of } = statement;
      const { file } = parent.context.scope;
      const symbol: Declared = { id: `${file.facts.file}#${of.name}`, name: of.name, file, declaration: of, scope: parent.context.scope };
      env.variables.set(of.name, { name: of.name, pattern: { p: 'name', name: of.name, at: of.at }, env, symbol });
    }
  }
  for (const statement of statements) {
    if (statement.s === 'if' && !statement.no && leaves(statement.yes)) guard({ test: statement.test, holds: false, env });
    else if (statement.s === 'expression' && isAssertion(statement.of)) guard({ test: statement.of, holds: true, env });
  }
  return env.variables.size > 0 ? env : parent;
}

export function declareLocal(declaration: LocalVariable, env: Env, assignedIn?: readonly Statement[]): void {
  declarePattern(declaration.pattern, env, {
    pattern: declaration.pattern,
    env,
    ...(declaration.type ? { type: declaration.type } : {}),
    ...(declaration.init ? { init: declaration.init } : {}),
    ...(assignedIn && !declaration.type ? { assignedIn } : {}),
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

export function binds(pattern: Pattern, name: string): boolean {
  let found = false;
  forEachName(pattern, (n) => {
    found ||= n === name;
  });
  return found;
}

export function eachEnv(statement: Extract<Statement, { s: 'each' }>, parent: Env): Env {
  if (!statement.pattern) return parent;
  const env: Env = { context: parent.context, parent, variables: new Map() };
  declarePattern(statement.pattern, env, { pattern: statement.pattern, env, each: { of: statement.of, over: statement.over } });
  return env;
}

/** The environment of a branch: what the test says about the names in it. */
export function narrowed(env: Env, test: Expression, holds: boolean): Env {
  const inner: Env = { context: env.context, parent: env, variables: new Map() };
  guard({ test, holds, env: inner });
  return inner.variables.size > 0 ? inner : env;
}

export function lookup(env: Env, name: string): Variable | undefined {
  for (let e: Env | undefined = env; e; e = e.parent) {
    const found = e.variables.get(name);
    if (found) return found;
  }
  return undefined;
}

/** A variable of the block itself is narrowed in place, one from outside in a copy that the block sees. */
function guard(guard: Guard): void {
  for (const name of namesTested(guard.test)) {
    const variable = guard.env.variables.get(name) ?? copied(name, guard.env);
    if (variable) variable.guards = [...(variable.guards ?? []), guard];
  }
}

function copied(name: string, env: Env): Variable | undefined {
  const outer = env.parent && lookup(env.parent, name);
  if (!outer) return undefined;
  const { inferred: _, pending: __, guards: ___, ...same } = outer;
  const copy: Variable = { ...same, narrows: outer };
  env.variables.set(name, copy);
  return copy;
}

/** Names about whose type the test may say something: `x instanceof C`, `isOrder(x)`, `x.isErr()`. */
function namesTested(test: Expression): string[] {
  if (test.e === 'unary' && test.op === '!') return namesTested(test.of);
  if (test.e === 'binary' && (test.op === '&&' || test.op === '||')) return [...namesTested(test.left), ...namesTested(test.right)];
  if (test.e === 'binary' && test.op === 'instanceof') return test.left.e === 'name' ? [test.left.name] : [];
  if (test.e !== 'call') return [];
  const receiver = test.callee.e === 'member' && test.callee.of.e === 'name' ? [test.callee.of.name] : [];
  return [...receiver, ...test.args.flatMap((a) => (a.e === 'name' ? [a.name] : []))];
}

function isAssertion(expression: Expression): boolean {
  if (expression.e !== 'call') return false;
  const { callee } = expression;
  const name = callee.e === 'name' || callee.e === 'member' ? callee.name : '';
  return /^(?:assert|ensure|check|must|invariant|expect|require)/i.test(name);
}

function leaves(statements: readonly Statement[]): boolean {
  const last = statements.at(-1);
  return last !== undefined && (last.s === 'return' || last.s === 'throw' || last.s === 'continue' || last.s === 'break');
}
