import { describe, expect, it } from 'vitest';
import { subjectsNamed } from '../../src/report/lookup.js';
import type { Report } from '../../src/report/report.js';
import { why } from '../../src/report/why.js';
import { block, EMPTY, MODEL, REPORT, spanOf } from './shop.js';

function answer(name: string, report: Report = REPORT): string {
  return why(report, subjectsNamed(report, name), { width: 100 });
}

describe('aggro why', () => {
  it('says role, evidence, what contradicts it, the boundary and who writes', () => {
    expect(answer('Order')).toBe(`\
Order  aggregate root                                                           src/order/order.ts:3
  evidence        heritage: extends AggregateRoot                               src/order/order.ts:3
                  repository: loaded and saved by OrderRepository    src/order/order-repository.ts:3
  speaks against  convention: lies in a folder of entities (speaks for entity)  src/order/order.ts:3
  boundary        its own, with Discount, OrderItem, Money inside
  invariants      Order.add: refuses status !== 'draft'                        src/order/order.ts:15
                  Order.add: refuses _items.length >= 100                      src/order/order.ts:16
                  Order.add: total = sum(_items)                               src/order/order.ts:18
                  Order.place: refuses _items.length === 0                     src/order/order.ts:23
                  Order.place: status: draft → placed                          src/order/order.ts:24
  written by      PlaceOrderHandler.execute: this.orders.save(order)      src/order/place-order.ts:3
                  Pricing.reprice: this.orders.save(order)                src/order/place-order.ts:3
`);
  });

  it('names every field from the root to a member', () => {
    expect(answer('Discount')).toContain('Order, through Order._items › OrderItem.discounts');
  });

  it('shows what a field holds and how it refers', () => {
    const field = answer('OrderItem.product');
    expect(field).toContain('public readonly Product');
    expect(field).toContain('Product, aggregate root');
    expect(field).toContain('by object to Product');
  });

  it('names the invariants that a field takes part in, the moves of a status apart', () => {
    expect(answer('Order.status')).toBe(`\
Order.status  field of aggregate root Order                                    src/order/order.ts:12
  type            private readonly 'draft' | 'placed'
  invariants      Order.add: refuses status !== 'draft', guards Order._items, Order.total
                                                                               src/order/order.ts:15
                  Order.place: refuses _items.length === 0                     src/order/order.ts:23
  transitions     draft → placed in Order.place                                src/order/order.ts:24
  changed by      Order.place
  boundary        its own, with Discount, OrderItem, Money inside
`);
  });

  it('shows what a method reads, writes, refuses and raises, and who calls it', () => {
    expect(answer('Order.place')).toBe(`\
Order.place  command of aggregate root Order                                   src/order/order.ts:21
  reads           Order.status · Order._items
  writes          Order.status
  invariants      refuses _items.length === 0, guards Order.status             src/order/order.ts:23
                  status: draft → placed                                       src/order/order.ts:24
  raises          OrderPlaced
  called by       PlaceOrderHandler.execute                               src/order/place-order.ts:2
`);
    expect(answer('Order.add')).toContain('adds to         Order._items');
    expect(() => answer('Order.ad')).toThrow('did you mean "Order.add"?');
  });

  it('says through which helpers an invariant was found', () => {
    const invariants = MODEL.invariants.map((invariant) => ({ ...invariant, through: ['Order.assertDraft'] }));
    expect(answer('Order.add', { ...REPORT, model: { ...MODEL, invariants } })).toContain('through Order.assertDraft');
  });

  it('names a few invariants of a block and counts the rest', () => {
    const invariants = [...MODEL.invariants, ...MODEL.invariants];
    expect(answer('Order', { ...REPORT, model: { ...MODEL, invariants } })).toContain('and 2 more: aggro table Order');
  });

  it('shows what a handler writes, by the name of its class or method', () => {
    for (const name of ['PlaceOrderHandler', 'PlaceOrderHandler.execute']) {
      expect(answer(name)).toContain('Order: this.orders.save(order)');
      expect(answer(name)).toContain('Customer: this.customers.save(customer)');
    }
  });

  it('shows who raises and handles an event', () => {
    expect(answer('OrderPlaced')).toMatch(/raised by +Order .*\n +handled by +SendReceipt\.handle/);
  });

  it('shows all blocks of one name', () => {
    const record = block('Order', 'persistence-record', { ...spanOf('src/order/order.ts', 'Order'), file: 'src/db/order.ts' });
    const both = answer('Order', { ...REPORT, model: { ...MODEL, blocks: [...MODEL.blocks, record] } });
    expect(both).toContain('Order  aggregate root ');
    expect(both).toContain('Order  persistence record ');
  });

  it('says what was meant, or what came close, when nothing has that name', () => {
    expect(() => answer('OrderItm')).toThrow('did you mean "OrderItem"?');
    expect(() => answer('Basket', EMPTY)).toThrow(
      'Basket (src/basket.ts:3) came close to being an aggregate root: has an id and behaviour, but nothing loads it',
    );
  });
});
