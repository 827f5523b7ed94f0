import type { Expression } from '../../facts/facts.js';
import { bind, type Declared, type Scope } from '../program.js';
import { programOf } from '../types.js';

export type ObjectLiteral = Extract<Expression, { e: 'object' }>;
type Call = Extract<Expression, { e: 'call' | 'new' }>;

/** The value of a property, where the object is written out. */
export function entryOf(object: Expression | undefined, name: string): Expression | undefined {
  if (object?.e !== 'object') return undefined;
  for (const entry of object.entries) if (entry.o === 'property' && entry.name === name) return entry.value;
  return undefined;
}

/** The text that an expression stands for: a literal, a constant, an entry of a constant, an enum's value. */
export function textOf(expression: Expression | undefined, scope: Scope, depth = 0): string | undefined {
  if (!expression || depth > 4) return undefined;
  if (expression.e === 'literal') return typeof expression.value === 'string' ? expression.value : undefined;
  if (expression.e === 'as') return textOf(expression.of, scope, depth + 1);
  if (expression.e === 'template') return expression.parts.length === 0 ? (expression.text ?? expression.head) : undefined;
  if (expression.e === 'name') {
    const symbol = constantOf(expression.name, scope);
    return symbol?.declaration.kind === 'variable' ? textOf(symbol.declaration.init, symbol.scope, depth + 1) : undefined;
  }
  if (expression.e !== 'member' || expression.of.e !== 'name') return undefined;
  const owner = constantOf(expression.of.name, scope);
  if (owner?.declaration.kind === 'enum') {
    const value = owner.declaration.members.find((m) => m.name === expression.name)?.value;
    return typeof value === 'string' ? value : undefined;
  }
  if (owner?.declaration.kind === 'class') {
    const member = owner.declaration.members.find((m) => m.kind === 'property' && m.static && m.name === expression.name);
    return member?.kind === 'property' ? textOf(member.init, owner.scope, depth + 1) : undefined;
  }
  if (owner?.declaration.kind !== 'variable') return undefined;
  const init = owner.declaration.init;
  return textOf(entryOf(init?.e === 'as' ? init.of : init, expression.name), owner.scope, depth + 1);
}

function constantOf(name: string, scope: Scope): Declared | undefined {
  const target = bind(programOf(scope), scope, name, 'value');
  return target.k === 'symbol' ? target.symbol : undefined;
}

/** Whether an option is switched on: `true`, `{ … }`, `['insert']`. */
export function isOn(object: Expression | undefined, name: string): boolean {
  const value = entryOf(object, name);
  if (!value) return false;
  return value.e === 'literal' ? value.value !== false && value.value !== null && value.value !== undefined : value.e !== 'name';
}

export function isOff(object: Expression | undefined, name: string): boolean {
  const value = entryOf(object, name);
  return value?.e === 'literal' && value.value === false;
}

export function objectsAmong(args: readonly Expression[] | undefined): ObjectLiteral[] {
  return (args ?? []).filter((a): a is ObjectLiteral => a.e === 'object');
}

/** The class or constant that an argument names: `Order`, `() => Order`, `'Order'` in reach. */
export function namedBy(expression: Expression | undefined, scope: Scope): Declared | undefined {
  if (!expression) return undefined;
  if (expression.e === 'function') {
    const [only] = expression.fn.body ?? [];
    return only?.s === 'return' ? namedBy(only.of, scope) : undefined;
  }
  if (expression.e === 'as') return namedBy(expression.of, scope);
  if (expression.e === 'name') return constantOf(expression.name, scope);
  if (expression.e === 'member' && expression.of.e === 'name') {
    const target = bind(programOf(scope), scope, `${expression.of.name}.${expression.name}`, 'value');
    return target.k === 'symbol' ? target.symbol : undefined;
  }
  return undefined;
}

/** The module that a called name comes from: `pgTable(…)`, `new EntitySchema(…)`, `orm.defineEntity(…)`. */
export function calleeOf(call: Call, scope: Scope): { readonly name: string; readonly module: string | undefined } | undefined {
  const { callee } = call;
  const dotted =
    callee.e === 'name' ? callee.name : callee.e === 'member' && callee.of.e === 'name' ? `${callee.of.name}.${callee.name}` : undefined;
  if (dotted === undefined) return undefined;
  const target = bind(programOf(scope), scope, dotted, 'value');
  return target.k === 'external' ? { name: dotted.split('.').at(-1) ?? dotted, module: target.module } : undefined;
}

/** `OrderItem` as most mappers name its table. */
export function snake(name: string): string {
  return name
    .replace(/([A-Z]+)([A-Z][a-z])/g, '$1_$2')
    .replace(/([a-z\d])([A-Z])/g, '$1_$2')
    .toLowerCase();
}
