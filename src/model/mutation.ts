import type { Declaration, Expression, Statement } from '../facts/facts.js';
import type { Symbol } from './program.js';
import { findMembers, namedType } from './types.js';

const mutating = new WeakMap<Symbol, Map<string, boolean>>();

/** Does calling this method change the object it is called on? */
export function mutates(symbol: Symbol, name: string, depth = 0): boolean {
  let known = mutating.get(symbol);
  if (!known) mutating.set(symbol, (known = new Map()));
  const remembered = known.get(name);
  if (remembered !== undefined) return remembered;
  known.set(name, false);
  let result = false;
  for (const member of findMembers(namedType(symbol), name)) {
    const { is } = member;
    const body = 'kind' in is && (is.kind === 'method' || is.kind === 'set') ? is.fn.body : undefined;
    if (body && depth < 4 && bodyMutates(body, symbol, depth)) result = true;
  }
  known.set(name, result);
  return result;
}

function bodyMutates(statements: readonly Statement[], symbol: Symbol, depth: number): boolean {
  let found = false;
  eachExpression(statements, (e) => {
    if (found) return;
    if (e.e === 'assign' && rootedInThis(e.target) && e.target.e !== 'this') found = true;
    else if (e.e === 'update' && rootedInThis(e.of)) found = true;
    else if (e.e === 'call' && e.callee.e === 'member' && rootedInThis(e.callee.of)) {
      if (e.callee.of.e === 'this') found = /^(?:apply|applyChange|raise|record|addDomainEvent|addEvent|emit)/.test(e.callee.name) || mutates(symbol, e.callee.name, depth + 1);
      else found = /^(?:push|pop|shift|unshift|splice|sort|reverse|set|add|delete|clear|remove|removeAll|fill)/.test(e.callee.name);
    }
  });
  return found;
}

function rootedInThis(expression: Expression): boolean {
  if (expression.e === 'this') return true;
  if (expression.e === 'member' || expression.e === 'index' || expression.e === 'as') return rootedInThis(expression.of);
  return false;
}

/** Every expression of a body, nested ones and callbacks included. */
export function eachExpression(statements: readonly Statement[], visitor: (expression: Expression) => void): void {
  const expression = (e: Expression | undefined): void => {
    if (!e) return;
    visitor(e);
    switch (e.e) {
      case 'member':
      case 'await':
      case 'spread':
      case 'as':
      case 'unary':
      case 'update':
        expression(e.of);
        break;
      case 'index':
        expression(e.of);
        expression(e.by);
        break;
      case 'call':
      case 'new':
        expression(e.callee);
        for (const a of e.args) expression(a);
        break;
      case 'yield':
        expression(e.of);
        break;
      case 'function':
        for (const s of e.fn.body ?? []) statement(s);
        break;
      case 'object':
        for (const entry of e.entries) {
          if (entry.o === 'property' || entry.o === 'computed') expression(entry.value);
          else if (entry.o === 'spread') expression(entry.of);
          else for (const s of entry.fn.body ?? []) statement(s);
        }
        break;
      case 'array':
        for (const x of e.elements) expression(x);
        break;
      case 'binary':
        expression(e.left);
        expression(e.right);
        break;
      case 'assign':
        expression(e.target);
        expression(e.value);
        break;
      case 'conditional':
        expression(e.test);
        expression(e.yes);
        expression(e.no);
        break;
      case 'template':
      case 'other':
        for (const x of e.parts) expression(x);
        break;
    }
  };
  const statement = (s: Statement): void => {
    switch (s.s) {
      case 'expression':
      case 'throw':
        expression(s.of);
        break;
      case 'return':
        expression(s.of);
        break;
      case 'variables':
        for (const d of s.declarations) expression(d.init);
        break;
      case 'if':
        expression(s.test);
        for (const x of s.yes) statement(x);
        for (const x of s.no ?? []) statement(x);
        break;
      case 'loop':
        if (s.init) statement(s.init);
        expression(s.test);
        expression(s.update);
        for (const x of s.body) statement(x);
        break;
      case 'each':
        expression(s.of);
        for (const x of s.body) statement(x);
        break;
      case 'try':
        for (const x of [...s.body, ...(s.catch ?? []), ...(s.finally ?? [])]) statement(x);
        break;
      case 'switch':
        expression(s.of);
        for (const c of s.cases) for (const x of c.body) statement(x);
        break;
      case 'block':
        for (const x of s.body) statement(x);
        break;
      case 'declaration':
        if (s.of.kind === 'function') for (const x of s.of.fn.body ?? []) statement(x);
        break;
    }
  };
  for (const s of statements) statement(s);
}


/** All bodies of a declaration: methods, accessors, constructors, initialisers. */
export function bodiesOf(declaration: Declaration): (readonly Statement[])[] {
  switch (declaration.kind) {
    case 'class':
      return declaration.members.flatMap((m) => {
        if (m.kind === 'method' || m.kind === 'get' || m.kind === 'set' || m.kind === 'constructor') return m.fn.body ? [m.fn.body] : [];
        if (m.kind === 'property') return m.init ? [[{ s: 'expression', of: m.init } as const]] : [];
        return m.kind === 'static-block' ? [m.body] : [];
      });
    case 'function':
      return declaration.fn.body ? [declaration.fn.body] : [];
    case 'variable':
      return declaration.init ? [[{ s: 'expression', of: declaration.init }]] : [];
    default:
      return [];
  }
}
