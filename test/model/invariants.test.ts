import { describe, expect, it } from 'vitest';
import type { DomainModel, Invariant } from '../../src/model/domain-model.js';
import { modelOf, type Sources } from './linked.js';

/** `guard Order.place: items.length === 0 [Order.items → Order.status]`. */
function told(model: DomainModel, root = 'Order'): string[] {
  const aggregate = model.aggregates.find((a) => a.name === root);
  return model.invariants.filter((i) => i.aggregate === aggregate?.root).map(line);
}

function line({ kind, in: where, text, reads, writes }: Invariant): string {
  return `${kind} ${where}: ${text} [${[...reads].sort().join(', ')} → ${[...writes].sort().join(', ')}]`;
}

const BASE = `import { AggregateRoot } from '@nestjs/cqrs';`;
const KEPT = `
export interface OrderRepository { findById(id: string): Promise<Order | null>; save(order: Order): Promise<void> }`;

const order = (members: string, beside = ''): Sources => ({
  'src/order.ts': `${BASE}
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
});

const enforced = (members: string, beside = ''): string[] => told(modelOf(order(members, beside)));

describe('guards', () => {
  it('reads the state of the condition and writes what the operation goes on to write', () => {
    expect(enforced(`rename(note: string) { if (this.status !== 'draft') throw new Error(); this.note = note; }`)).toEqual([
      `guard Order.rename: status !== "draft" [Order.status → Order.note]`,
    ]);
  });
});
