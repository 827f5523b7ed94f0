import { describe, expect, it } from 'vitest';
import type { DomainModel, Invariant, Operation } from '../../src/model/domain-model.js';
import { modelOf, type Sources } from './linked.js';

/** `guard Order.place: items.length === 0 [items → status]`, the root's own name left out. */
function told(model: DomainModel, root = 'Order'): string[] {
  const aggregate = model.aggregates.find((a) => a.name === root);
  return model.invariants.filter((i) => i.aggregate === aggregate?.root).map((i) => line(i, root));
}

function line({ kind, in: where, text, reads, writes }: Invariant, root: string): string {
  return `${kind} ${short(where, root)}: ${text} [${symbols(reads, root)} → ${symbols(writes, root)}]`;
}

function symbols(all: readonly string[], root: string): string {
  return all
    .map((s) => short(s, root))
    .sort()
    .join(', ');
}

function short(symbol: string, root: string): string {
  return symbol.startsWith(`${root}.`) ? symbol.slice(root.length + 1) : symbol;
}

const KEPT = `
export interface OrderRepository { findById(id: string): Promise<Order | null>; save(order: Order): Promise<void> }`;

function order(members: string, beside = ''): Sources {
  return {
    'src/order.ts': `import { AggregateRoot } from '@nestjs/cqrs';
${beside}
export class OrderItem { constructor(readonly sku: string, readonly price: number, public quantity: number) {} }
export class Order extends AggregateRoot {
  private status: 'draft' | 'placed' | 'shipped' = 'draft';
  private items: OrderItem[] = [];
  private total = 0;
  private note = '';
  constructor(readonly id: string) { super(); }
  ${members}
}
${KEPT}`,
  };
}

const enforced = (members: string, beside = ''): string[] => told(modelOf(order(members, beside)));
const only = (members: string, beside = ''): string[] => enforced(members, beside).map((l) => l.replace(/ \[.*$/, ''));

describe('guards in classes', () => {
  it.each([
    [
      'a condition over state',
      `rename(n: string) { if (this.status !== 'draft') throw new Error(); this.note = n; }`,
      `guard rename: status !== "draft" [status → note]`,
    ],
    [
      'several fields',
      `clear() { if (this.items.length > 0 && this.total > 0) throw new Error(); this.note = ''; }`,
      `guard clear: items.length > 0 && total > 0 [items, total → note]`,
    ],
    [
      'a returned failure',
      `rename(n: string) { if (this.total > 9) return Result.fail('no'); this.note = n; }`,
      `guard rename: total > 9 [total → note]`,
    ],
    [
      'an else branch',
      `rename(n: string) { if (this.total <= 9) { this.note = n; } else { throw new Error(); } }`,
      `guard rename: total > 9 [total → note]`,
    ],
    ['an assertion', `rename(n: string) { invariant(this.total <= 9, 'no'); this.note = n; }`, `guard rename: total > 9 [total → note]`],
    [
      'a private helper',
      `rename(n: string) { this.ensureDraft(); this.note = n; } private ensureDraft() { if (this.status !== 'draft') throw new Error(); }`,
      `guard rename: status !== "draft" [status → note]`,
    ],
    [
      'a predicate',
      `rename(n: string) { if (!this.isOpen()) throw new Error(); this.note = n; } private isOpen() { return this.status === 'draft' && this.total < 9; }`,
      `guard rename: !isOpen() [status, total → note]`,
    ],
    [
      'a getter',
      `rename(n: string) { if (this.full) throw new Error(); this.note = n; } get full() { return this.items.length > 9; }`,
      `guard rename: full [items → note]`,
    ],
    [
      'a destructured field',
      `rename(n: string) { const { total } = this; if (total > 9) throw new Error(); this.note = n; }`,
      `guard rename: total > 9 [total → note]`,
    ],
    [
      'a local computed in a loop',
      `rename(n: string) { let sum = 0; for (const i of this.items) { sum += i.price; } if (sum > 9) throw new Error(); this.note = n; }`,
      `guard rename: sum > 9 [items → note]`,
    ],
    [
      'a callback over members',
      `rename(n: string) { if (this.items.some((i) => i.quantity > 9)) throw new Error(); this.note = n; }`,
      `guard rename: items.some((i) => i.quantity > 9) [items → note]`,
    ],
    ['a setter', `set title(n: string) { if (this.total > 9) throw new Error(); this.note = n; }`, `guard title: total > 9 [total → note]`],
    [
      'a switch that refuses the rest',
      `place() { switch (this.status) { case 'draft': this.note = 'p'; break; default: throw new Error(); } }`,
      `guard place: status !== "draft" [status → note]`,
    ],
    [
      'after the change',
      `rename(n: string) { this.note = n; this.check(); } private check() { if (this.total > 9) throw new Error(); }`,
      `guard rename: total > 9 [total → note]`,
    ],
    [
      'what a parameter becomes',
      `rename(n: string) { if (n.length < 3) throw new Error(); this.note = n; }`,
      `guard rename: n.length < 3 [note → note]`,
    ],
    [
      'a parameter that becomes nothing',
      `close(reason: string) { if (!reason) throw new Error(); this.note = 'closed'; }`,
      `guard close: !reason [ → note]`,
    ],
  ])('%s', (_, members, expected) => {
    expect(enforced(members)).toContain(expected);
  });

  it('reads through a specification', () => {
    const beside = `class Shippable { isSatisfiedBy(order: Order): boolean { return order.paidInFull && order.lines > 0; } }`;
    expect(
      enforced(
        `ship() { if (!new Shippable().isSatisfiedBy(this)) throw new Error(); this.status = 'shipped'; } get paidInFull() { return this.total === 0; } get lines() { return this.items.length; }`,
        beside,
      ),
    ).toContain('guard ship: !new Shippable().isSatisfiedBy(this) [items, total → status]');
  });

  it('says a helper of another file by its call', () => {
    const model = modelOf({
      'src/guard.ts': `export class Guard { static positive(value: number) { if (value <= 0) throw new Error(); } }`,
      'src/order.ts': `import { AggregateRoot } from '@nestjs/cqrs';
import { Guard } from './guard.js';
export class Order extends AggregateRoot {
  private total = 0;
  constructor(readonly id: string) { super(); }
  charge(amount: number) { Guard.positive(amount); this.total += amount; }
}
${KEPT}`,
    });
    expect(told(model)).toEqual(['guard charge: Guard.positive(amount) [ → total]']);
    expect(model.invariants[0]?.at).toMatchObject({ file: 'src/order.ts', line: 6 });
  });

  it('names the helpers followed, how it refuses, and the parameters', () => {
    const [guard] = modelOf(
      order(
        `charge(amount: number) { this.assertRoom(amount); this.total += amount; } private assertRoom(more: number) { if (this.total + more > 99) throw new Error(); }`,
      ),
    ).invariants;
    expect(guard).toMatchObject({
      text: 'total + amount > 99',
      refusal: 'assertion',
      parameters: ['amount'],
      through: ['Order.assertRoom'],
      in: 'Order.charge',
    });
  });

  it('guards in a constructor or factory protect what they read', () => {
    expect(
      enforced(
        `static open(id: string, note: string) { if (note === '') throw new Error(); const o = new Order(id); o.note = note; return o; }`,
      ),
    ).toEqual([`guard open: note === "" [note → note]`]);
  });

  it('an arm excludes the other', () => {
    expect(
      enforced(
        `act(kind: string) { if (kind === 'a') { if (this.total > 9) throw new Error(); this.note = 'a'; return; } this.items = []; }`,
      ),
    ).toEqual(['guard act: kind === "a" && total > 9 [total → note]']);
  });

  it.each([
    [
      'a query that finds nothing',
      `item(sku: string) { const i = this.items.find((x) => x.sku === sku); if (!i) throw new Error(); return i; }`,
    ],
    ['idempotence', `place() { if (this.status === 'placed') return; this.note = ''; }`],
    ['handing in an event', `place() { this.apply(new Placed()); this.note = ''; }`],
  ])('no guard: %s', (_, members) => {
    expect(only(members).filter((l) => l.startsWith('guard'))).toEqual([]);
  });
});

describe('derived writes', () => {
  it('a field computed from others, through helpers', () => {
    expect(
      enforced(`add(item: OrderItem) { this.items.push(item); this.reprice(); }
        private reprice() { this.total = this.sum(); }
        private sum() { return this.items.reduce((s, i) => s + i.price * i.quantity, 0); }`),
    ).toEqual(['derived add: total = sum() [items → total]']);
  });

  it('a field changed depending on others', () => {
    expect(enforced(`drop() { this.items.pop(); if (this.items.length === 0) this.note = 'empty'; }`)).toEqual([
      'derived drop: note = "empty" when items.length === 0 [items → note]',
    ]);
  });

  it.each([
    `add(n: number) { this.total = this.total + n; }`,
    `drop(sku: string) { this.items = this.items.filter((i) => i.sku !== sku); }`,
    `rename(note: string) { this.note = note; }`,
    `rename(note: string) { if (this.total > 9) throw new Error(); else this.note = note; }`,
  ])('none: %s', (members) => {
    expect(enforced(members).filter((l) => l.startsWith('derived'))).toEqual([]);
  });
});

describe('transitions', () => {
  const moves = (members: string, beside = ''): string[] =>
    only(members, beside)
      .filter((l) => l.startsWith('transition'))
      .map((l) => l.replace('transition ', ''));

  it.each([
    [
      'from what the guard lets through',
      `place() { if (this.status !== 'draft') throw new Error(); this.status = 'placed'; }`,
      'place: status: draft → placed',
    ],
    [
      'from all but what the guard refuses',
      `place() { if (this.status === 'shipped') throw new Error(); this.status = 'placed'; }`,
      'place: status: draft → placed',
    ],
    [
      'from what is listed',
      `ship() { if (!['placed'].includes(this.status)) throw new Error(); this.status = 'shipped'; }`,
      'ship: status: placed → shipped',
    ],
    ['where a test holds', `ship() { if (this.status === 'placed') { this.status = 'shipped'; } }`, 'ship: status: placed → shipped'],
    [
      'through a helper',
      `ship() { this.mustBe(); this.status = 'shipped'; } private mustBe() { if (this.status !== 'placed') throw new Error(); }`,
      'ship: status: placed → shipped',
    ],
    [
      'through a predicate',
      `ship() { if (!this.placed()) throw new Error(); this.status = 'shipped'; } placed() { return this.status === 'placed'; }`,
      'ship: status: placed → shipped',
    ],
    [
      'through a helper that moves',
      `ship() { this.move('shipped'); } private move(next: 'placed' | 'shipped') { if (this.status === 'draft') throw new Error(); this.status = next; }`,
      'ship: status: placed → shipped',
    ],
    ['from anywhere', `reset() { this.status = 'draft'; }`, 'reset: status: any → draft'],
  ])('%s', (_, members, expected) => {
    expect(moves(members)).toEqual([expected]);
  });

  it('by a table of what may follow what', () => {
    const beside = `const NEXT: Record<string, string[]> = { draft: ['placed'], placed: ['shipped', 'draft'], shipped: [] };`;
    expect(
      moves(
        `place() { this.move('placed'); } ship() { this.move('shipped'); }
         private move(next: 'placed' | 'shipped') { if (!NEXT[this.status].includes(next)) throw new Error(); this.status = next; }`,
        beside,
      ),
    ).toEqual(['place: status: draft → placed', 'ship: status: placed → shipped']);
  });

  it('of an enum, and of a class with its instances', () => {
    const model = modelOf({
      'src/order.ts': `import { AggregateRoot } from '@nestjs/cqrs';
export enum Stage { Draft = 'draft', Placed = 'placed' }
export class Payment { static readonly Open = new Payment('open'); static readonly Paid = new Payment('paid'); private constructor(readonly value: string) {} equals(other: Payment) { return other.value === this.value; } }
export class Order extends AggregateRoot {
  private stage = Stage.Draft;
  private payment: Payment = Payment.Open;
  constructor(readonly id: string) { super(); }
  place() { if (this.stage !== Stage.Draft) throw new Error(); this.stage = Stage.Placed; }
  pay() { if (this.payment.equals(Payment.Paid)) throw new Error(); this.payment = Payment.Paid; }
}
${KEPT}`,
    });
    expect(model.invariants.flatMap((i) => (i.transition ? [i.text] : []))).toEqual(['stage: Draft → Placed', 'payment: Open → Paid']);
  });
});

it('a status that is a value with its own questions', () => {
  const model = modelOf({
    'src/order.ts': `import { AggregateRoot } from '@nestjs/cqrs';
export class Progress {
  private constructor(private readonly value: string) {}
  static open() { return new Progress('open'); }
  static done() { return new Progress('done'); }
  isOpen() { return this.value === 'open'; }
}
export class Order extends AggregateRoot {
  private progress: Progress = Progress.open();
  constructor(readonly id: string) { super(); }
  finish() { if (!this.progress.isOpen()) throw new Error(); this.progress = Progress.done(); }
}
${KEPT}`,
  });
  expect(told(model)).toEqual([
    'guard finish: !progress.isOpen() [progress → progress]',
    'transition finish: progress: open → done [progress → progress]',
  ]);
});

it('what a factory hands to the constructor in an object becomes the fields that the constructor makes of it', () => {
  const model = modelOf({
    'src/order.ts': `import { AggregateRoot } from '@nestjs/cqrs';
export class Order extends AggregateRoot {
  private _total: number;
  constructor(input: { id: string; total: number }) { super(); this._total = input.total; }
  static open(id: string, total: number) { if (total < 0) throw new Error(); return new Order({ id, total }); }
}
${KEPT}`,
  });
  expect(told(model)).toEqual(['guard open: total < 0 [_total → _total]']);
});

describe('property bags', () => {
  it('an entry is state of the block', () => {
    const model = modelOf({
      'src/entity.ts': `export abstract class AggregateRoot<T> { constructor(protected readonly props: T, readonly id: string) {} }`,
      'src/order.ts': `import { AggregateRoot } from './entity.js';
interface OrderProps { status: 'draft' | 'placed'; items: string[]; total: number; }
export class Order extends AggregateRoot<OrderProps> {
  get status() { return this.props.status; }
  place() { if (this.props.items.length === 0) throw new Error(); if (this.status !== 'draft') throw new Error(); this.props.status = 'placed'; }
  static create(props: OrderProps, id: string) { if (props.total < 0) throw new Error(); return new Order({ ...props, status: 'draft' }, id); }
}
${KEPT}`,
    });
    expect(told(model)).toEqual([
      'guard place: items.length === 0 [items → status]',
      'guard place: status !== "draft" [status → status]',
      'transition place: status: draft → placed [status → status]',
      'guard create: props.total < 0 [total → total]',
    ]);
  });

  it('of a library that is not installed', () => {
    const model = modelOf({
      'src/order.ts': `import { Domain } from 'some-ddd';
type OrderProps = { completed: boolean; note: string };
export class Order extends Domain.Aggregate<OrderProps> {
  complete() { if (this.props.completed) throw new Error(); this.props.completed = true; }
}
${KEPT}`,
    });
    expect(told(model)).toEqual(['guard complete: completed [completed → completed]']);
  });

  it('replaced as a whole', () => {
    const model = modelOf({
      'src/order.ts': `import { AggregateRoot } from '@nestjs/cqrs';
interface OrderState { total: number; note: string }
export class Order extends AggregateRoot {
  private state: OrderState = { total: 0, note: '' };
  constructor(readonly id: string) { super(); }
  rename(note: string) { if (this.state.total > 9) throw new Error(); this.state = { ...this.state, note }; }
}
${KEPT}`,
    });
    expect(told(model)).toEqual(['guard rename: total > 9 [total → note]']);
  });
});

describe('copies: each change gives the next self', () => {
  const cart = (members: string): string[] =>
    told(
      modelOf({
        'src/cart.ts': `import { AggregateRoot } from '@nestjs/cqrs';
export class Cart extends AggregateRoot {
  private constructor(readonly id: string, private readonly status: 'open' | 'closed', private readonly items: readonly string[]) {
    super();
    if (items.length > 9) throw new Error('nine at most');
  }
  private with(changes: { status?: 'open' | 'closed'; items?: readonly string[] }): Cart {
    return new Cart(this.id, changes.status ?? this.status, changes.items ?? this.items);
  }
  isEmpty(): boolean { return this.items.length === 0; }
  ${members}
}
export interface CartRepository { findById(id: string): Promise<Cart | null>; save(cart: Cart): Promise<void> }`,
      }),
      'Cart',
    );
  const CONSTRUCTOR = 'guard constructor: items.length > 9 [items → items]';

  it('what the caller hands in changes, the rest stays', () =>
    expect(
      cart(`add(item: string) { if (this.status === 'closed') throw new Error(); return this.with({ items: [...this.items, item] }); }`),
    ).toEqual([CONSTRUCTOR, 'guard add: status === "closed" [status → items]']));

  it('statuses move', () =>
    expect(cart(`close() { if (this.status !== 'open') throw new Error(); return this.with({ status: 'closed' }); }`)).toEqual([
      CONSTRUCTOR,
      'guard close: status !== "open" [status → status]',
      'transition close: status: open → closed [status → status]',
    ]));

  it('what the next self is asked for is read, and no more', () =>
    expect(
      cart(`close() { const next = this.with({ status: 'closed' }); if (next.isEmpty()) throw new Error(); return next; }`).filter((l) =>
        l.startsWith('guard close'),
      ),
    ).toEqual([expect.stringContaining('[items → status]')]));
});

describe('event-sourced roots: guards in commands, writes in appliers', () => {
  const sourced = (appliers: string): string[] =>
    told(
      modelOf({
        'src/events.ts': `export class OrderPlacedEvent { readonly type = 'order-placed'; constructor(readonly id: string) {} }
export class OrderShippedEvent { readonly type = 'order-shipped'; constructor(readonly tracking: string) {} }
export type OrderEvent = OrderPlacedEvent | OrderShippedEvent;`,
        'src/order.ts': `import { AggregateRoot } from '@nestjs/cqrs';
import { OrderEvent, OrderPlacedEvent, OrderShippedEvent } from './events.js';
export class Order extends AggregateRoot {
  private placed = false;
  private tracking = '';
  constructor(readonly id: string) { super(); }
  place() { this.apply(new OrderPlacedEvent(this.id)); }
  ship(tracking: string) { if (!this.placed) throw new Error(); this.apply(new OrderShippedEvent(tracking)); }
  ${appliers}
}
${KEPT}`,
      }),
    );
  const joined = ['guard ship: !placed [placed → tracking]'];

  it.each([
    [
      'by name',
      `onOrderPlacedEvent(e: OrderPlacedEvent) { this.placed = true; } onOrderShippedEvent(e: OrderShippedEvent) { this.tracking = e.tracking; }`,
    ],
    [
      'by parameter',
      `private whenPlaced(e: OrderPlacedEvent) { this.placed = true; } private whenShipped(e: OrderShippedEvent) { this.tracking = e.tracking; }`,
    ],
    [
      'by instanceof',
      `protected when(event: OrderEvent) { if (event instanceof OrderPlacedEvent) { this.placed = true; } else if (event instanceof OrderShippedEvent) { this.tracking = event.tracking; } }`,
    ],
    [
      'by tag',
      `protected mutate(event: OrderEvent) { switch (event.type) { case 'order-placed': this.placed = true; break; case 'order-shipped': this.tracking = event.tracking; break; } }`,
    ],
    [
      'by dispatch',
      `protected when(event: OrderEvent) { switch (event.type) { case 'order-placed': this.setPlaced(); break; case 'order-shipped': this.setTracking(event); break; } } private setPlaced() { this.placed = true; } private setTracking(e: OrderShippedEvent) { this.tracking = e.tracking; }`,
    ],
    [
      'by decorator',
      `@EventHandler(OrderPlacedEvent) first(e: OrderPlacedEvent) { this.placed = true; } @EventHandler(OrderShippedEvent) second(e: OrderShippedEvent) { this.tracking = e.tracking; }`,
    ],
  ])('%s', (_, appliers) => {
    expect(sourced(appliers)).toEqual(joined);
  });
});

describe('functional aggregates', () => {
  const TYPES = `
export type Item = { readonly sku: string; readonly price: number };
/** @aggregateRoot */
export type Order = { readonly id: string; readonly status: 'draft' | 'placed'; readonly items: readonly Item[]; readonly total: number };`;

  const functional = (functions: string, types = TYPES): DomainModel => modelOf({ 'src/order.ts': `${types}\n${functions}\n${KEPT}` });

  it('functions that copy the state', () => {
    expect(
      told(
        functional(`
export function place(order: Order): Order {
  if (order.items.length === 0) throw new Error('empty');
  return { ...order, status: 'placed' };
}
export const add = (order: Order, item: Item): Order => ({ ...order, items: [...order.items, item], total: sum([...order.items, item]) });
const sum = (items: readonly Item[]) => items.reduce((t, i) => t + i.price, 0);`),
      ),
    ).toEqual([
      'guard place: order.items.length === 0 [items → status]',
      'transition place: status: any → placed [status → status]',
      'derived add: total = sum([...order.items, item]) [items → total]',
    ]);
  });

  it('curried ones, and those in an object', () => {
    expect(
      told(
        functional(`
export const rename = (status: 'draft' | 'placed') => (order: Order): Order => {
  if (order.total > 9) throw new Error();
  return { ...order, status };
};
export const orders = { clear(order: Order): Order { if (order.status !== 'draft') throw new Error(); return { ...order, items: [] }; } };`),
      ).filter((l) => l.startsWith('guard')),
    ).toEqual(['guard rename: order.total > 9 [total → status]', 'guard orders.clear: order.status !== "draft" [status → items]']);
  });

  it('decide and evolve', () => {
    expect(
      told(
        functional(`
type Command = { type: 'Place' } | { type: 'Add'; item: Item };
type OrderEvent = { type: 'OrderPlaced'; at: Date } | { type: 'ItemAdded'; item: Item };
export const decide = (command: Command, state: Order): OrderEvent[] => {
  switch (command.type) {
    case 'Place':
      if (state.items.length === 0) throw new Error();
      return [{ type: 'OrderPlaced', at: new Date() }];
    case 'Add':
      if (state.status !== 'draft') throw new Error();
      return [{ type: 'ItemAdded', item: command.item }];
  }
};
export const evolve = (state: Order, event: OrderEvent): Order => {
  switch (event.type) {
    case 'OrderPlaced':
      return { ...state, status: 'placed' };
    case 'ItemAdded':
      return { ...state, items: [...state.items, event.item] };
  }
};`),
      ),
    ).toEqual([
      'guard decide: command.type === "Place" && state.items.length === 0 [items → status]',
      'guard decide: command.type === "Add" && state.status !== "draft" [status → items]',
      'transition decide: status: any → placed [status → status]',
    ]);
  });

  it('a namespace', () => {
    const model = modelOf({
      'src/order.ts': `export namespace Order {
  /** @aggregateRoot */
  export type Type = { readonly id: string; readonly total: number; readonly note: string };
  export function rename(order: Type, note: string): Type { if (order.total > 9) throw new Error(); return { ...order, note }; }
}
export interface Orders { findById(id: string): Promise<Order.Type | null>; save(order: Order.Type): Promise<void> }`,
    });
    expect(told(model)).toEqual(['guard rename: order.total > 9 [total → note]']);
  });
});

describe('declared validation', () => {
  it('by decorators', () => {
    const model = modelOf({
      'src/order.ts': `import { AggregateRoot } from '@nestjs/cqrs';
import { IsOptional, Max, Min } from 'class-validator';
export class Order extends AggregateRoot {
  @Min(0) @Max(100) private discount = 0;
  @IsOptional() private note = '';
  constructor(readonly id: string) { super(); }
}
${KEPT}`,
    });
    expect(told(model)).toEqual([
      'declared discount: discount: @Min(0) [discount → discount]',
      'declared discount: discount: @Max(100) [discount → discount]',
    ]);
  });

  it('by a schema', () => {
    const model = modelOf({
      'src/order.ts': `import { z } from 'zod';
export const Order = z.object({ id: z.string(), discount: z.number().min(0).max(100), note: z.string() });
/** @aggregateRoot */
export type Order = z.infer<typeof Order>;
${KEPT}`,
    });
    expect(told(model)).toEqual(['declared discount: discount: min(0).max(100) [discount → discount]']);
  });
});

describe('operations', () => {
  const model = modelOf({
    'src/order.ts': `import { AggregateRoot } from '@nestjs/cqrs';
export class OrderPlacedEvent { constructor(readonly id: string) {} }
export class OrderItem { constructor(readonly id: string, private quantity: number) {} change(n: number) { if (n <= 0) throw new Error(); this.quantity = n; } }
export class Order extends AggregateRoot {
  private items: OrderItem[] = [];
  private placed = false;
  constructor(readonly id: string) { super(); }
  static open(id: string) { return new Order(id); }
  add(item: OrderItem) { this.items.push(item); }
  change(id: string, n: number) { this.items.find((i) => i.id === id)?.change(n); }
  place() { this.placed = true; this.apply(new OrderPlacedEvent(this.id)); }
  get size() { return this.items.length; }
}
${KEPT}`,
    'src/handlers.ts': `import { CommandHandler } from '@nestjs/cqrs';
import { Order, OrderItem, OrderRepository } from './order.js';
export class AddCommand { constructor(readonly id: string) {} }
@CommandHandler(AddCommand)
export class AddHandler {
  constructor(private readonly orders: OrderRepository) {}
  async execute(c: AddCommand) {
    const order = await this.orders.findById(c.id);
    if (!order) throw new Error();
    this.fill(order);
    await this.orders.save(order);
  }
  private fill(order: Order) { order.add(new OrderItem('1', 2)); }
}`,
  });
  const operation = (name: string): Operation | undefined => model.operations.find((o) => o.name === name);

  it('say what they change, add to, raise, and who calls them', () => {
    expect(operation('Order.add')).toMatchObject({ kind: 'command', writes: ['Order.items'], adds: ['Order.items'] });
    expect(operation('Order.add')?.calledBy).toEqual(['src/handlers.ts#AddHandler.execute']);
    expect(operation('Order.change')?.writes).toEqual(['OrderItem.quantity', 'Order.items']);
    expect(operation('Order.change')?.calledBy).toEqual([]);
    expect(operation('Order.place')).toMatchObject({ writes: ['Order.placed'], raises: ['src/order.ts#OrderPlacedEvent'] });
    expect(operation('Order.open')?.kind).toBe('factory');
    expect(operation('Order.size')).toMatchObject({ kind: 'query', writes: [] });
    expect(operation('Order.size')?.reads).toEqual(['Order.items']);
  });

  it('what a member guards is said where the member is', () => {
    expect(told(model)).toEqual(['guard OrderItem.change: n <= 0 [OrderItem.quantity → OrderItem.quantity]']);
  });
});
