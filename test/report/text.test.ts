import stringWidth from 'string-width';
import { describe, expect, it } from 'vitest';
import { type TextOptions, text } from '../../src/report/text.js';
import { CLEAN, EMPTY, REPORT } from './shop.js';

const OPTIONS: TextOptions = { color: false, width: 100, table: false, group: 'aggregate', quiet: false };

function printed(options: Partial<TextOptions> = {}, report = REPORT): string {
  return text(report, { ...OPTIONS, ...options });
}

describe('the text report', () => {
  it('shows place, severity, rule, message, code and fix of a violation', () => {
    expect(printed()).toContain(`  src/order/order-item.ts:2:12  error  no-object-refs-across-aggregates
  OrderItem.product holds the aggregate root Product by object: saving Order drags Product along.
  Hold a ProductId instead.

    1 │ export class OrderItem extends Entity {
  > 2 │   readonly product: Product;
      │            ^^^^^^^
    3 │   readonly discounts: Discount[];

    Product is a root of its own: src/catalogue/product.ts:1
      export class Product extends AggregateRoot {}
    unsafe fix: replace product by productId (f1)
`);
  });

  it('labels the related places', () => {
    expect(printed()).toContain(`
    first write here: src/order/place-order.ts:3  await this.orders.save(order);
    second write here: src/order/place-order.ts:4  await this.customers.save(customer);
`);
  });

  it('groups by aggregate, what belongs to none last', () => {
    const headings = printed()
      .split('\n')
      .filter((line) => /^\S/.test(line));
    expect(headings).toEqual([
      'Order  1 error, 1 warning',
      'Outside any one aggregate  1 error',
      '1 can be mended with --fix --unsafe, if the compiler agrees.',
      '2 errors, 1 warning in 1 of 3 aggregates (148 files, 0.41 s)',
    ]);
  });

  it('groups by file', () => {
    const headings = printed({ group: 'file' })
      .split('\n')
      .filter((line) => /^\S/.test(line));
    expect(headings.slice(0, 3)).toEqual([
      'src/order/order-item.ts  1 error',
      'src/order/order.ts  1 warning',
      'src/order/place-order.ts  1 error',
    ]);
  });

  it('lists errors only when quiet, and still counts the rest', () => {
    expect(printed({ quiet: true })).not.toContain('no-exposed-mutable-collections');
    expect(printed({ quiet: true })).toContain('2 errors, 1 warning in');
  });

  it('ends with the boundary table and the summary', () => {
    const lines = printed({ table: true }).trimEnd().split('\n');
    expect(lines).toContain('Consistency boundaries');
    expect(lines.at(-1)).toBe('2 errors, 1 warning in 1 of 3 aggregates (148 files, 0.41 s)');
    expect(printed()).not.toContain('Consistency boundaries');
  });

  it('says what was understood when nothing is wrong', () => {
    expect(printed({}, CLEAN)).toBe('No violations: 3 aggregates, 1 repository, 3 handlers in 148 files (0.41 s)\n');
    expect(printed({ table: true }, EMPTY)).toBe('No aggregates recognised in 148 files (0.41 s)\n');
  });

  it('tells apart two aggregates of one name', () => {
    const [order] = REPORT.model.aggregates;
    if (!order) throw new Error('no order');
    const other = { ...order, root: 'legacy/order.ts#Order', at: { ...order.at, file: 'legacy/order.ts' } };
    const report = { ...REPORT, model: { ...REPORT.model, aggregates: [other, order] } };
    expect(printed({}, report)).toContain('in 1 of 2 aggregates');
    expect(printed({ table: true }, report).match(/verdict .*/g)).toEqual([
      'verdict         holds Product by object',
      'verdict         1 error, 1 warning · holds Product by object',
    ]);
  });

  it('prints notices', () => {
    expect(printed({}, { ...CLEAN, notices: ['src/broken.ts does not parse: line 3'] })).toContain(
      'src/broken.ts does not parse: line 3\n',
    );
  });

  it('colours only when asked to', () => {
    expect(printed({ color: true })).toContain('\u001b[31merror\u001b[39m');
    expect(printed()).not.toContain('\u001b');
  });

  it('keeps to the width', () => {
    for (const width of [60, 100]) {
      const lines = printed({ table: true, width }).split('\n');
      expect(lines.filter((line) => stringWidth(line) > width && !/:\d+:\d+ {2}/.test(line))).toEqual([]);
    }
  });

  it('does without the source of a file that is gone', () => {
    expect(printed({}, { ...REPORT, sourceOf: () => undefined })).toContain('first write here: src/order/place-order.ts:3\n');
  });

  it('escapes control characters in names, paths and messages', () => {
    const evil = '\u001b[31mOrder\u0007';
    const [first] = REPORT.violations;
    if (!first) throw new Error('no violation');
    const violation = { ...first, aggregate: evil, message: `${evil} is\nwrong`, at: { ...first.at, file: `${evil}.ts` } };
    const output = printed({ table: true }, { ...REPORT, violations: [violation] });
    expect(output).toContain('\\u001b[31mOrder\\u0007 is wrong');
    expect(output).not.toContain('\u001b');
    expect(output).not.toContain('\u0007');
  });
});
