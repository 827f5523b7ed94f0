import type { Declaration, Expression, Statement } from '../facts/facts.js';
import type { Declared } from './program.js';
import { findMembers, namedType } from './types.js';

const changes = new WeakMap<Declared, Map<string, ReadonlySet<string>>>();

/** Does calling this method change the object it is called on? */
export function mutates(symbol: Declared, name: string): boolean {
  return changedBy(symbol, name).size > 0;
}

/** The fields that a call of this method changes; `*` for what it changes without a field of its own, events for one. */
export function changedBy(symbol: Declared, name: string, depth = 0): ReadonlySet<string> {
  let known = changes.get(symbol);
  if (!known) changes.set(symbol, (known = new Map()));
  const remembered = known.get(name);
  if (remembered) return remembered;
  const fields = new Set<string>();
  known.set(name, fields);
  for (const member of findMembers(namedType(symbol), name)) {
    const { is } = member;
    const body = 'kind' in is && (is.kind === 'method' || is.kind === 'set') ? is.fn.body : undefined;
    if (body && depth < 4) collectChanges(body, symbol, depth, fields);
  }
  return fields;
}

function collectChanges(statements: readonly Statement[], symbol: Declared, depth: number, into: Set<string>): void {
  const own = derivedFromThis(statements);
  const touch = (target: Expression): void => {
    const field = fieldOfThis(target);
    if (field !== undefined) into.add(field);
  };
  eachExpression(statements, (e) => {
    if (e.e === 'assign') touch(e.target);
    else if (e.e === 'update') touch(e.of);
    else if (e.e === 'call' && e.callee.e === 'member') {
      const { of, name } = e.callee;
      // A member found in the aggregate and told to change.
      if (of.e === 'name' && own.has(of.name) && !READING.test(name)) into.add('*');
      else if (of.e === 'this') {
        if (RAISING.test(name)) into.add('*');
        for (const field of changedBy(symbol, name, depth + 1)) into.add(field);
      } else if (IN_PLACE.test(name)) touch(of);
    }
  });
}

const RAISING = /^(?:apply|applyChange|raise|record|addDomainEvent|addEvent|emit)/;
const IN_PLACE = /^(?:push|pop|shift|unshift|splice|sort|reverse|set|add|delete|clear|remove|removeAll|fill)/;

/** `this.items[0].price` is a place in `items`. */
function fieldOfThis(expression: Expression): string | undefined {
  if (expression.e === 'member') return expression.of.e === 'this' ? expression.name : fieldOfThis(expression.of);
  if (expression.e === 'index' || expression.e === 'as') return fieldOfThis(expression.of);
  return undefined;
}

const READING =
  /^(?:get|is|has|to|as|equals|find|filter|map|flatMap|some|every|includes|indexOf|at|slice|join|reduce|forEach|keys|values|entries|concat|can|contains|matches|compare|toString|value)/;

/** Names bound to something reached from `this`: `const item = this.items.find(…)`, `for (const item of this.items)`. */
function derivedFromThis(statements: readonly Statement[]): ReadonlySet<string> {
  const names = new Set<string>();
  const visit = (list: readonly Statement[]): void => {
    for (const s of list) {
      if (s.s === 'variables') {
        for (const d of s.declarations) if (d.pattern.p === 'name' && d.init && reachesThis(d.init)) names.add(d.pattern.name);
      } else if (s.s === 'each') {
        if (s.pattern?.p === 'name' && reachesThis(s.of)) names.add(s.pattern.name);
        visit(s.body);
      } else if (s.s === 'if') {
        visit(s.yes);
        visit(s.no ?? []);
      } else if (s.s === 'block' || s.s === 'loop') visit(s.body);
    }
  };
  visit(statements);
  return names;
}

function reachesThis(e: Expression): boolean {
  switch (e.e) {
    case 'this':
      return true;
    case 'member':
    case 'index':
    case 'as':
    case 'await':
    case 'spread':
      return reachesThis(e.of);
    case 'call':
      return e.callee.e === 'member' && reachesThis(e.callee.of);
    case 'array':
      return e.elements.some((x) => x && reachesThis(x));
    case 'binary':
      return (e.op === '??' || e.op === '||') && reachesThis(e.left);
    default:
      return false;
  }
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
