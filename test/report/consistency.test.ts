import stringWidth from 'string-width';
import { describe, expect, it } from 'vitest';
import { boundaryRows } from '../../src/report/boundary-table.js';
import { boundaryCards, boundaryInFull } from '../../src/report/boundary-text.js';
import { markdownInFull } from '../../src/report/markdown.js';
import type { Report } from '../../src/report/report.js';
import { tableJson } from '../../src/report/table-json.js';
import { MARKETPLACE } from './marketplace.js';
import { REPORT } from './shop.js';

const WIDTH = 100;

/** What stands below the boundary. */
function test(report: Report, title: RegExp): string {
  const [row] = boundaryRows(report);
  if (!row) throw new Error('no aggregate');
  const sections = boundaryInFull([row], { width: WIDTH }).split(/\n\n(?= {2}(?:Must|What|Proposed) )/);
  return sections.find((section) => title.test(section)) ?? '';
}

describe('the consistency-boundary test', () => {
  it('answers for every concept that the aggregate holds or refers to, with the evidence', () => {
    expect(test(REPORT, /^ {2}Must/)).toBe(`\
  Must it be consistent with Order in the same transaction? Does it belong in Order?

  OrderItem  yes          \`add\` guards \`_items\` against \`status\`, refuses                order.ts:15
                            \`_items.length >= 100\` and recomputes \`total\`
                          \`place\` guards \`status\` against \`_items.length\`                order.ts:23
  Discount   no evidence  nothing in the code ties it to the rest
  total      yes          \`add\` guards \`total\` against \`status\` and \`_items.length\`,     order.ts:15
                            and computes \`total\` from \`_items\`
  status     yes          \`place\` moves \`status\` draft → placed and guards \`status\`      order.ts:24
                            against \`_items.length\`
                          \`add\` guards \`_items\` and \`total\` against \`status\`             order.ts:15
  Product    no           an object that no invariant reads: refer to it by          order-item.ts:2
                            identity
  Customer   no           held by identity                                                order.ts:4`);
  });

  it('shows what hangs together as one cluster', () => {
    expect(test(REPORT, /^ {2}What/)).toBe(`\
  What invariants tie together in Order: one cluster

  items
    fields        _items · status · total
    invariants    add: refuses status !== 'draft'                                        order.ts:15
                  add: refuses _items.length >= 100                                      order.ts:16
                  add: total = sum(_items)                                               order.ts:18
                  place: refuses _items.length === 0                                     order.ts:23
                  place: status: draft → placed                                          order.ts:24
    methods       add · place
    handlers      PlaceOrderHandler.execute
    events        OrderPlaced`);
  });

  it('says within which cluster, where there is more than one', () => {
    const concepts = test(MARKETPLACE, /^ {2}Must/);
    expect(concepts).toMatch(/^ {2}fulfilmentStatus, +yes, within +`ship` moves `fulfilmentStatus` ready → +trade-order\.ts:46$/m);
    expect(concepts).toMatch(/^ {2}trackingNumber +fulfilment +shipped and refuses `fulfilmentStatus !==$/m);
  });

  it('shows each cluster with its invariants, what it shares, and what touches it', () => {
    const clusters = test(MARKETPLACE, /^ {2}What/);
    expect(clusters).toContain('  What invariants tie together in TradeOrder: 3 clusters, and no invariant between them');
    expect(clusters).toContain(`
  fulfilment
    fields        fulfilmentStatus · trackingNumber
    invariants    ship: refuses fulfilmentStatus !== 'ready'                       trade-order.ts:44
                  ship: fulfilmentStatus: ready → shipped                          trade-order.ts:46
    shared        none
    methods       draft · ship
    handlers      ReleaseOnOrderPaid.handle · CloseOrderHandler.execute
    events        OrderPaid
`);
  });

  it('proposes the split of what falls apart', () => {
    const split = test(MARKETPLACE, /^ {2}Proposed/);
    expect(split).toContain('  Proposed split: no invariant ties pricing, fulfilment and compliance together');
    expect(split).toContain(`
  TradeOrderFulfilment
    fields        fulfilmentStatus · trackingNumber
    methods       ship
    repository    TradeOrderFulfilmentRepository
    handlers      ReleaseOnOrderPaid.handle
    events        OrderPaid
`);
    expect(split).toContain('  to divide       CloseOrderHandler.execute');
    expect(boundaryCards(boundaryRows(MARKETPLACE), { width: WIDTH })).toContain(
      'verdict         3 clusters that no invariant ties together',
    );
    expect(test(REPORT, /^ {2}Proposed/)).toBe('');
  });

  it('has a place for what the mapped columns allow', () => {
    const text = 'the parts may share the rows of trade_orders, each with its own columns';
    const splits = MARKETPLACE.model.splits.map((split) => ({ ...split, storage: { text } }));
    expect(test({ ...MARKETPLACE, model: { ...MARKETPLACE.model, splits } }, /^ {2}Proposed/)).toContain(`  storage         ${text}`);
  });

  it('is readable at 100 columns and at 60, whatever the names', () => {
    const long = (text: string): string => text.replaceAll('TradeOrder', 'TradeOrderInABoundedContextWithALongName'.repeat(2));
    const stretched: Report = { ...MARKETPLACE, model: JSON.parse(long(JSON.stringify(MARKETPLACE.model))) };
    const far: Report = {
      ...REPORT,
      model: JSON.parse(JSON.stringify(REPORT.model).replaceAll('src/order/order-item.ts', `src/${'deeply/nested/'.repeat(9)}item.ts`)),
    };
    for (const report of [REPORT, MARKETPLACE, stretched, far]) {
      for (const width of [60, WIDTH]) {
        const printed = `${boundaryInFull(boundaryRows(report), { width })}\n${boundaryCards(boundaryRows(report), { width })}`;
        expect(printed.split('\n').filter((line) => stringWidth(line) > width)).toEqual([]);
      }
    }
  });

  it('is three tables in markdown', () => {
    const printed = markdownInFull(boundaryRows(MARKETPLACE));
    expect(printed).toContain('### Must it be consistent with TradeOrder in the same transaction? Does it belong in TradeOrder?');
    expect(printed).toContain(
      '| PricedLine | entity | **yes, within pricing** | `addLine` recomputes `amount` (`src/trade/trade-order.ts:31`) |',
    );
    expect(printed).toContain('| **compliance** | `exportCode`<br>`destination`<br>`auditFlags` | `classify: refuses');
    expect(printed).toContain('| **TradeOrderCompliance** |');
    expect(printed).toContain('To divide: CloseOrderHandler.execute');
  });

  it('is data in json', () => {
    const { aggregates } = JSON.parse(tableJson(boundaryRows(MARKETPLACE)));
    expect(aggregates[0]).toMatchObject({
      concepts: [
        {
          name: 'PricedLine',
          symbols: ['TradeOrder.lines'],
          what: 'entity',
          answer: 'yes',
          within: 'pricing',
          because: [{ text: '`addLine` recomputes `amount`', file: 'src/trade/trade-order.ts', line: 31 }],
        },
        { name: 'amount, discounts' },
        { name: 'fulfilmentStatus, trackingNumber' },
        { name: 'exportCode, destination, auditFlags' },
        { name: 'buyerNote', answer: 'no evidence' },
      ],
      clusters: [{ name: 'pricing', shared: [] }, { name: 'fulfilment' }, { name: 'compliance' }],
      loads: { entities: ['PricedLine'], collections: [{ symbol: 'TradeOrder.lines', of: 'PricedLine', bounded: false }] },
      split: { parts: [{ name: 'TradeOrderPricing' }, {}, {}], dividedHandlers: ['CloseOrderHandler.execute'] },
    });
  });
});
