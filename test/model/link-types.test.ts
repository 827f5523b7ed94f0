import { describe, expect, it } from 'vitest';
import type { DomainModel } from '../../src/model/domain-model.js';
import { exposures, membersOf, modelOf, objectReferences, roots, SHOP, type Sources, writes } from './linked.js';

/** Roots referred to by object, from the cart or a member of it. */
const targets = (model: DomainModel): string[] => objectReferences(model).map((reference) => reference.split(' → ').at(-1) ?? reference);

const order = (fields: string, beside = ''): Sources => ({
  'src/shop.ts': SHOP,
  'src/cart.ts': `
import { AggregateRoot } from '@nestjs/cqrs';
import { Customer, Order, OrderItem } from './shop.js';
${beside}
export class CartLine {
  constructor(readonly id: string, private quantity: number) {}
  change(quantity: number): void { this.quantity = quantity; }
}
export class Cart extends AggregateRoot {
  ${fields}
  constructor(readonly id: string) { super(); }
}
export interface CartRepository { findById(id: string): Promise<Cart>; save(cart: Cart): Promise<void> }`,
});

describe('a field keeps hold of a root', () => {
  it.each<[type: string, beside?: string]>([
    ['Customer'],
    ['Customer | null'],
    ['Customer | undefined | string'],
    ['Customer[]'],
    ['readonly Customer[]'],
    ['Array<Customer>'],
    ['ReadonlyArray<Customer>'],
    ['[string, Customer]'],
    ['Promise<Customer>'],
    ['Map<string, Customer>'],
    ['ReadonlyMap<string, Customer[]>'],
    ['Set<Customer>'],
    ['Record<string, Customer>'],
    ['{ [id: string]: Customer }'],
    ['{ readonly by: Customer; readonly at: Date }'],
    ['Readonly<Customer>'],
    ['Partial<Customer>'],
    ['Required<Customer>'],
    ['NonNullable<Customer | null>'],
    [`Omit<Customer, 'complete'>`],
    ['Buyer', 'type Person = Customer | null;\ntype Buyer = Person;'],
    ['Maybe<Customer>', 'type Maybe<T> = T | undefined;'],
    ['Maybe<List<Customer>>', 'type Maybe<T> = T | undefined;\ntype List<T> = readonly T[];'],
    ['Held', 'type Held<T = Customer> = { value: T };'],
    ['Customer & { readonly since: Date }'],
    ['InstanceType<typeof Customer>'],
    ['ReturnType<typeof load>', 'declare function load(): Customer;'],
    ['Awaited<ReturnType<typeof load>>', 'declare function load(): Promise<Customer>;'],
    ['Awaited<ReturnType<typeof load>>', 'const load = async () => new Customer("1");'],
    ['ReturnType<Load>', 'type Load = (id: string) => Customer;'],
    ['Parameters<Keep>[0]', 'type Keep = (customer: Customer) => void;'],
    ['ConstructorParameters<typeof Visit>[0]', 'class Visit { constructor(readonly by: Customer) {} }'],
    [`Visit['by']`, 'interface Visit { readonly by: Customer }'],
    ['(typeof all)[number]', 'declare const all: Customer[];'],
    ['typeof guest', 'const guest = new Customer("guest");'],
    ['Promise<Promise<Customer>>'],
    ['Customers', 'class Customers { private readonly all: Customer[] = []; add(c: Customer): void { this.all.push(c); } }'],
    [
      'Customers',
      'class List<T> { protected readonly all: T[] = []; add(c: T): void { this.all.push(c); } }\nclass Customers extends List<Customer> {}',
    ],
    ['NoInfer<Customer>'],
    ['Exclude<Customer | string, string>'],
    ['Extract<Customer | string, object>'],
    ['Frozen', 'type Frozen = { readonly [K in keyof Visit]: Visit[K] };\ninterface Visit { by: Customer }'],
    ['ByRole', `type ByRole = { [K in 'buyer' | 'payer']: Customer };`],
    ['Optional<Visit>', 'type Optional<T> = { [K in keyof T]?: T[K] };\ninterface Visit { by: Customer }'],
    ['Deferred<Visit>', 'type Deferred<T> = { [K in keyof T]: Promise<T[K]> };\ninterface Visit { by: Customer }'],
    ['Element<Customer[]>', 'type Element<T> = T extends readonly (infer U)[] ? U : never;'],
    ['Result<() => Customer>', 'type Result<F> = F extends (...args: any[]) => infer R ? R : never;'],
    ['Unwrapped<Promise<Customer>>', 'type Unwrapped<T> = T extends Promise<infer U> ? U : T;'],
    ['Visit', 'declare namespace Crm { interface Visit { by: Customer } }\nimport Visit = Crm.Visit;'],
    ['Crm.Visit', 'declare namespace Crm { export interface Visit { by: Customer } }'],
    [`import('./shop.js').Customer`],
  ])('%s', (type, beside) => {
    expect(targets(modelOf(order(`private readonly customer!: ${type};`, beside)))).toEqual(['Customer']);
  });

  it.each<[field: string, beside?: string]>([
    ['private readonly customer = new Customer("1");'],
    ['private readonly customer = guest();', 'const guest = () => new Customer("guest");'],
    ['private readonly customer = new Map<string, Customer>();'],
    ['private readonly customer: Customer[] = [];'],
    ['private readonly customer = [] as Customer[];'],
    ['private readonly customer = <Customer>{};'],
    ['private readonly customer = { by: new Customer("1") } as const;'],
    ['private readonly customer = { by: new Customer("1") } satisfies object;'],
  ])('%s', (field, beside) => {
    expect(objectReferences(modelOf(order(field, beside)))).toEqual(['Cart.customer → Customer']);
  });

  it.each([
    `Customer['id']`,
    'Id<Customer>',
    'typeof Customer',
    '(customer: Customer) => void',
    'keyof Customer',
    'Type<Customer>',
    `Record<keyof Customer, boolean>`,
  ])('%s keeps none', (type) => {
    const beside = 'type Id<T> = string & { readonly of?: T };\ninterface Type<T> { new (): T }';
    expect(objectReferences(modelOf(order(`private readonly customer!: ${type};`, beside)))).toEqual([]);
  });
});

describe('members are reached', () => {
  it.each<[fields: string, beside?: string]>([
    ['private readonly lines: CartLine[] = [];'],
    ['private readonly lines = new Map<string, CartLine>();'],
    ['private readonly lines = new Set<CartLine>();'],
    [
      'private readonly lines!: Lines;',
      'class WatchedList<T> { items: T[] = []; add(i: T): void { this.items.push(i); } }\nclass Lines extends WatchedList<CartLine> {}',
    ],
    ['private readonly lines!: List<CartLine>;', 'interface List<T> { readonly all: readonly T[] }'],
    ['private readonly props!: Readonly<CartProps>;', 'interface CartProps { lines: CartLine[] }'],
    [
      'private readonly props!: CartProps;',
      'interface BaseProps { lines: CartLine[] }\ninterface CartProps extends BaseProps { name: string }',
    ],
    ['private readonly props!: CartProps;', 'type CartProps = { name: string } & { lines: CartLine[] };'],
    [
      'private readonly props!: CartProps;',
      'type CartProps = { readonly [K in keyof Writable]: Writable[K] };\ninterface Writable { lines: CartLine[] }',
    ],
    ['private readonly lines!: readonly [CartLine, CartLine];'],
  ])('%s', (fields, beside) => {
    expect(membersOf(modelOf(order(fields, beside)), 'Cart')).toEqual(['CartLine']);
  });
});

describe('generics are substituted through heritage', () => {
  const kernel = `
export abstract class Entity<Props> {
  protected readonly props: Props;
  constructor(props: Props) { this.props = props; }
}
export abstract class AggregateRoot<Props> extends Entity<Props> {
  private readonly events: object[] = [];
  protected raise(event: object): void { this.events.push(event); }
}`;
  const domain = (cart: string, base = kernel): Sources => ({
    'src/kernel.ts': base,
    'src/cart.ts': `import * as kernel from './kernel.js';\nimport { AggregateRoot, Entity } from './kernel.js';\n${cart}`,
  });
  const line =
    'interface LineProps { quantity: number }\nexport class CartLine extends Entity<LineProps> { change(q: number): void { this.props.quantity = q; } }';

  it('a property bag that the heir gives', () => {
    const model = modelOf(
      domain(
        `${line}\ninterface CartProps { lines: CartLine[] }\nexport class Cart extends AggregateRoot<CartProps> { get lines() { return this.props.lines; } }`,
      ),
    );
    expect(membersOf(model, 'Cart')).toEqual(['CartLine']);
    expect(exposures(model)).toEqual(['Cart.lines array']);
  });

  it('a bag behind two bases with parameters of other names', () => {
    const base = `
export abstract class Entity<P, I = string> { protected constructor(readonly id: I, protected readonly props: Readonly<P>) {} }
export abstract class Root<State, Key extends string> extends Entity<State, Key> {}
export abstract class AggregateRoot<S extends object> extends Root<S & { readonly version: number }, string> {}`;
    const model = modelOf(
      domain(
        `${line.replace('<LineProps>', '<LineProps>')}\ninterface CartProps { lines: Map<string, CartLine> }\nexport class Cart extends AggregateRoot<CartProps> { all() { return this.props.lines; } }`,
        base,
      ),
    );
    expect(membersOf(model, 'Cart')).toEqual(['CartLine']);
    expect(exposures(model)).toEqual(['Cart.all map']);
  });

  it('a base through a namespace import', () => {
    const model = modelOf(domain(`${line}\nexport class Cart extends kernel.AggregateRoot<{ lines: CartLine[] }> {}`));
    expect(membersOf(model, 'Cart')).toEqual(['CartLine']);
  });

  it('a default of a type parameter', () => {
    const base = kernel.replace('AggregateRoot<Props>', 'AggregateRoot<Props = { lines: import("./cart.js").CartLine[] }>');
    expect(membersOf(modelOf(domain(`${line}\nexport class Cart extends AggregateRoot {}`, base)), 'Cart')).toEqual(['CartLine']);
  });

  it('a mixin', () => {
    const base = `${kernel}
type Constructor<T = object> = abstract new (...args: any[]) => T;
export function Timestamped<B extends Constructor>(Base: B) {
  abstract class Stamped extends Base { createdAt = new Date(); }
  return Stamped;
}
export const Named = <B extends Constructor>(Base: B) => class extends Base { name = ''; };`;
    const model = modelOf(
      domain(
        `${line}\nexport class Cart extends kernel.Timestamped(AggregateRoot<{ lines: CartLine[] }>) { private readonly lines: CartLine[] = []; all() { return this.lines; } }\nexport class Wish extends kernel.Named(kernel.Timestamped(AggregateRoot)) { private list: CartLine[] = []; }`,
        base,
      ),
    );
    expect(roots(model)).toEqual(['Cart', 'Wish']);
    expect(exposures(model)).toEqual(['Cart.all array']);
  });

  it('an interface merged with a class', () => {
    const model = modelOf(
      domain(
        `${line}\nexport interface Cart { readonly extra: CartLine[] }\nexport class Cart extends AggregateRoot<object> { give() { return this.extra; } }`,
      ),
    );
    expect(exposures(model)).toEqual(['Cart.give array']);
  });

  it('a class expression', () => {
    const model = modelOf(
      domain(
        `${line}\nexport const Cart = class extends AggregateRoot<{ lines: CartLine[] }> {};\nexport class Basket extends Cart { all() { return this.props.lines; } }`,
      ),
    );
    expect(roots(model)).toContain('Basket');
    expect(exposures(model)).toEqual(['Basket.all array']);
  });
});

describe('a repository is read through its bases', () => {
  const confirm = '(await this.own.findById(command.id)).complete();';

  it.each<[what: string, beside: string]>([
    [
      'an interface over the project’s own',
      'interface Repository<T> { findById(id: string): Promise<T>; add(t: T): void }\nexport interface Own extends Repository<Order> {}',
    ],
    [
      'used with its argument',
      'interface Repository<T> { findById(id: string): Promise<T>; add(t: T): void }\ntype Own = Repository<Order>;',
    ],
    [
      'with an identity',
      'abstract class BaseRepository<T, Id> { abstract findById(id: Id): Promise<T>; abstract add(t: T): void }\nexport abstract class Own extends BaseRepository<Order, string> {}',
    ],
    [
      'with a default',
      'interface Repository<Id = string, T extends object = Order> { findById(id: Id): Promise<T>; add(t: T): void }\nexport interface Own extends Repository {}',
    ],
    [
      'three levels deep',
      'interface Reads<R> { findById(id: string): Promise<R> }\ninterface Base<E, K> extends Reads<E> { add(e: E, k?: K): void }\ninterface Middle<X> extends Base<X, string> {}\nexport interface Own extends Middle<Order> {}',
    ],
    [
      'of two halves',
      'interface Reads<R> { findById(id: string): Promise<R> }\ninterface Adds<T> { add(t: T): void }\nexport interface Own extends Reads<Order>, Adds<Order> {}',
    ],
    [
      'an intersection',
      'interface Reads<R> { findById(id: string): Promise<R> }\ninterface Adds<T> { add(t: T): void }\nexport type Own = Reads<Order> & Adds<Order>;',
    ],
    [
      'a mixed-in base',
      'const Stored = <T>() => { abstract class Base { abstract findById(id: string): Promise<T>; abstract add(t: T): void } return Base; };\nexport abstract class Own extends Stored<Order>() {}',
    ],
    [
      'aliases of functions',
      'type Find<T> = (id: string) => Promise<T>;\nexport interface Own { findById: Find<Order>; add: (o: Order) => void }',
    ],
    [
      'properties of a bag',
      'interface Props<T> { findById(id: string): Promise<T>; add(t: T): void }\nexport type Own = { readonly [K in keyof Props<Order>]: Props<Order>[K] };',
    ],
    ['Pick', `export type Own = Pick<OrderRepository, 'findById'>;`],
    ['Omit', `export type Own = Omit<OrderRepository, 'findAll'>;`],
    [
      'an implementing class',
      'class Own implements OrderRepository { private readonly all = new Map<string, Order>(); async findById(id: string) { return this.all.get(id) ?? null; } async findAll() { return [...this.all.values()]; } add(o: Order): void { this.all.set(o.id, o); } }',
    ],
    [
      'overloads',
      'export abstract class Own { abstract findById(id: string): Promise<Order>; abstract findById(id: string, lock: boolean): Promise<Order>; abstract add(o: Order): void }',
    ],
    ['a generic method', 'declare abstract class Own { findById<T extends Order>(id: string): Promise<T>; }'],
  ])('%s', (_what, beside) => {
    expect(writes(confirm, { beside, given: 'private readonly own: Own' })).toEqual(['Order']);
  });
});
