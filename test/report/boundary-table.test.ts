import stringWidth from 'string-width';
import { describe, expect, it } from 'vitest';
import { UsageError } from '../../src/errors.js';
import { boundaryRows } from '../../src/report/boundary-table.js';
import { boundaryCards, boundaryInFull, boundaryOverview } from '../../src/report/boundary-text.js';
import { rowsNamed } from '../../src/report/lookup.js';
import type { Report } from '../../src/report/report.js';
import { tableJson } from '../../src/report/table-json.js';
import { MODEL, REPORT } from './shop.js';

const WIDTH = 100;

function withAggregates(count: number): Report {
  const aggregates = Array.from({ length: count }, (_, index) => {
    const aggregate = MODEL.aggregates[index % MODEL.aggregates.length];
    if (!aggregate) throw new Error('no aggregate');
    const name = `${aggregate.name}InABoundedContextWithALongName${index}`;
    return { ...aggregate, name, references: Array.from({ length: 9 }, () => aggregate.references).flat() };
  });
  return { ...REPORT, model: { ...MODEL, aggregates } };
}

function tooWide(table: string): string[] {
  return table.split('\n').filter((line) => stringWidth(line) > WIDTH);
}

describe('the boundary table', () => {
  it('has a card for each aggregate', () => {
    const [order, customer] = boundaryCards(boundaryRows(REPORT), { width: WIDTH }).split('\n\n');
    expect(order).toBe(
      `
Order  aggregate root (extends AggregateRoot)                                   src/order/order.ts:3
  contains        OrderItem (entity, many) · › Discount (entity, many) · Money (value object)
  by identity     Customer (Order.customerId)
  by object     ✗ Product (OrderItem.product)
  repository      OrderRepository
  written by      PlaceOrderHandler.execute
  raises          OrderPlaced → SendReceipt.handle
  invariants      5 · one cluster
  loads           2 entity types · 1 value object · 2 collections, unbounded: OrderItem.discounts ·
                  Product along with it
  verdict         1 error, 1 warning · holds Product by object
`.trim(),
    );
    expect(customer).toContain('verdict         sound');
    expect(customer).toContain('repository      none');
    expect(customer).toContain('invariants      none');
    expect(customer).toContain('loads           the root alone');
  });

  it('has a line for each when there are many', () => {
    expect(boundaryOverview(withAggregates(12), { width: WIDTH })).toContain('  by identity     ');
    const overview = boundaryOverview(withAggregates(13), { width: WIDTH });
    expect(overview.split('\n')).toHaveLength(1 + 13 + 2 + 2);
    expect(overview).toContain('✗ 9');
    expect(overview).toMatch(/✗ 9 +5 +1 \+ 1 ∞/);
    expect(overview).toContain('aggro table NAME shows one in full.');
    expect(tooWide(overview)).toEqual([]);
  });

  it('shows one in full: evidence and place of everything', () => {
    const full = boundaryInFull(rowsNamed(REPORT, 'Order'), { width: WIDTH });
    expect(full).toContain('repository: loaded and saved by OrderRepository    src/order/order-repository.ts:3');
    expect(full).toMatch(/✗ Product {2}OrderItem\.product: Product +src\/order\/order-item\.ts:2/);
    expect(full).toMatch(/› Discount {2}entity, many, held by OrderItem\.discounts +src\/order\/order-item\.ts:5/);
    expect(full).toMatch(/this\.orders\.save\(order\) +src\/order\/place-order\.ts:3/);
    expect(full).not.toContain('customers.save');
  });

  it('stays readable at 100 columns whatever the names', () => {
    const report = withAggregates(12);
    const long = {
      ...report,
      model: { ...report.model, aggregates: report.model.aggregates.map((each) => ({ ...each, name: each.name.repeat(5) })) },
    };
    expect(tooWide(boundaryCards(boundaryRows(report), { width: WIDTH }))).toEqual([]);
    expect(tooWide(boundaryInFull(boundaryRows(report), { width: WIDTH }))).toEqual([]);
    expect(tooWide(boundaryCards(boundaryRows(long), { width: WIDTH }))).toEqual([]);
    expect(tooWide(boundaryInFull(boundaryRows(long), { width: WIDTH }))).toEqual([]);
  });

  it('counts repositories that compete, not those set aside or behind an abstraction', () => {
    const [repository] = MODEL.repositories;
    const [order] = MODEL.aggregates;
    if (!repository || !order) throw new Error('no order');
    const second = { ...repository, block: 'b#OrderStore', name: 'OrderStore' };
    const model = { ...MODEL, aggregates: [{ ...order, repositories: [...order.repositories, second.block] }] };
    const verdictWith = (more: Partial<typeof second>): readonly string[] | undefined =>
      boundaryRows({ ...REPORT, model: { ...model, repositories: [repository, { ...second, ...more }] } })[0]?.verdict.facts;
    expect(verdictWith({})).toContain('2 repositories');
    expect(verdictWith({ abstraction: false })).not.toContain('2 repositories');
  });

  it('is data for json', () => {
    const table: unknown = JSON.parse(tableJson(rowsNamed(REPORT, 'Order')));
    expect(table).toMatchObject({
      schemaVersion: 1,
      aggregates: [
        { root: 'Order', byObject: [{ to: 'Product', symbol: 'OrderItem.product' }], verdict: { errors: 1, violations: ['f1', 'f2'] } },
      ],
    });
  });

  it('says what was meant when nothing has that name', () => {
    expect(() => rowsNamed(REPORT, 'Custmer')).toThrow(UsageError);
    expect(() => rowsNamed(REPORT, 'Custmer')).toThrow('did you mean "Customer"?');
    expect(() => rowsNamed(REPORT, 'Money')).toThrow('Money is a member of Order, not a root. Try aggro table Order');
  });
});
