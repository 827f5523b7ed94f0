import type { Expression, FunctionFacts, Range, Statement } from '../facts/facts.js';
import type { Draft } from './drafts.js';
import { blockEnv, callbackParameterTypes, type Env, eachEnv, functionEnv, moduleEnv, narrowed } from './infer.js';
import { declarationContext, namedType, programOf, type Type } from './types.js';

/** A body of a declaration: what runs in it, and what its names stand for, asked only where it matters. */
export interface Body {
  readonly draft: Draft;
  /** `save` of a class; a function's own name, a constant's. */
  readonly name: string;
  readonly at: Range;
  readonly fn?: FunctionFacts;
  readonly statements: readonly Statement[];
  readonly env: () => Env;
}

/** Methods, accessors, constructors and initialisers of a class; the body of a function, the value of a constant. */
export function bodiesWithin(draft: Draft): Body[] {
  const { declaration, scope } = draft.symbol;
  if (declaration.kind === 'class') {
    const context = declarationContext(namedType(draft.symbol) as Extract<Type, { k: 'named' }>);
    return declaration.members.flatMap((m): Body[] => {
      if (m.kind === 'method' || m.kind === 'get' || m.kind === 'set' || m.kind === 'constructor')
        return m.fn.body ? [{ draft, name: m.name, at: m.at, fn: m.fn, statements: m.fn.body, env: () => functionEnv(m.fn, context) }] : [];
      return m.kind === 'property' && m.init ? [ofExpression(draft, m.name, m.at, m.init, () => moduleEnv(context))] : [];
    });
  }
  const context = { program: programOf(scope), scope };
  if (declaration.kind === 'function') {
    const { fn } = declaration;
    return fn.body ? [{ draft, name: draft.name, at: declaration.at, fn, statements: fn.body, env: () => functionEnv(fn, context) }] : [];
  }
  return declaration.kind === 'variable' && declaration.init
    ? [ofExpression(draft, draft.name, declaration.at, declaration.init, () => moduleEnv(context))]
    : [];
}

function ofExpression(draft: Draft, name: string, at: Range, init: Expression, env: () => Env): Body {
  return { draft, name, at, ...(init.e === 'function' ? { fn: init.fn } : {}), statements: [{ s: 'expression', of: init }], env };
}

type Visitor = (expression: Expression, env: Env) => void;

/** Every expression of a body, outer before inner, with the environment that it is read in. */
export function eachScoped(statements: readonly Statement[], parent: Env, visit: Visitor): void {
  const env = blockEnv(statements, parent);
  for (const s of statements) inStatement(s, env, visit);
}

function inStatement(s: Statement, env: Env, visit: Visitor): void {
  const expression = (e: Expression | undefined, within = env): void => inExpression(e, within, visit);
  switch (s.s) {
    case 'expression':
    case 'throw':
    case 'return':
      expression(s.of);
      return;
    case 'variables':
      for (const d of s.declarations) expression(d.init);
      return;
    case 'if':
      expression(s.test);
      eachScoped(s.yes, narrowed(env, s.test, true), visit);
      if (s.no) eachScoped(s.no, narrowed(env, s.test, false), visit);
      return;
    case 'loop': {
      const inner = s.init ? blockEnv([s.init], env) : env;
      if (s.init) inStatement(s.init, inner, visit);
      expression(s.test, inner);
      expression(s.update, inner);
      eachScoped(s.body, inner, visit);
      return;
    }
    case 'each':
      expression(s.of);
      eachScoped(s.body, eachEnv(s, env), visit);
      return;
    case 'try':
      for (const part of [s.body, s.catch ?? [], s.finally ?? []]) eachScoped(part, env, visit);
      return;
    case 'switch':
      expression(s.of);
      for (const c of s.cases) {
        expression(c.test);
        eachScoped(c.body, env, visit);
      }
      return;
    case 'block':
      eachScoped(s.body, env, visit);
      return;
    case 'declaration':
      if (s.of.kind === 'function') inFunction(s.of.fn, env, visit);
      return;
    default:
  }
}

function inFunction(fn: FunctionFacts, env: Env, visit: Visitor, given?: readonly (Type | undefined)[]): void {
  if (fn.body) eachScoped(fn.body, functionEnv(fn, env.context, env, given), visit);
}

function inExpression(e: Expression | undefined, env: Env, visit: Visitor): void {
  if (!e) return;
  visit(e, env);
  const inner = (next: Expression | undefined, within = env): void => inExpression(next, within, visit);
  switch (e.e) {
    case 'member':
    case 'await':
    case 'spread':
    case 'as':
    case 'unary':
    case 'update':
    case 'yield':
      inner(e.of);
      return;
    case 'index':
      inner(e.of);
      inner(e.by);
      return;
    case 'call':
      inner(e.callee);
      for (const [i, arg] of e.args.entries()) {
        if (arg.e !== 'function') inner(arg);
        else {
          visit(arg, env);
          inFunction(arg.fn, env, visit, callbackParameterTypes(e, i, env));
        }
      }
      return;
    case 'new':
      inner(e.callee);
      for (const arg of e.args) inner(arg);
      return;
    case 'function':
      inFunction(e.fn, env, visit);
      return;
    case 'object':
      for (const entry of e.entries) {
        if (entry.o === 'property' || entry.o === 'computed') inner(entry.value);
        else if (entry.o === 'spread') inner(entry.of);
        else inFunction(entry.fn, env, visit);
      }
      return;
    case 'array':
      for (const x of e.elements) inner(x);
      return;
    case 'binary':
      inner(e.left);
      inner(e.right, e.op === '&&' ? narrowed(env, e.left, true) : env);
      return;
    case 'assign':
      inner(e.target);
      inner(e.value);
      return;
    case 'conditional':
      inner(e.test);
      inner(e.yes, narrowed(env, e.test, true));
      inner(e.no, narrowed(env, e.test, false));
      return;
    case 'template':
    case 'other':
      for (const x of e.parts) inner(x);
      return;
    default:
  }
}
