import { readFileSync } from 'node:fs';
import { Ajv } from 'ajv';
import { describe, expect, it } from 'vitest';
import { compact } from '../../src/report/compact.js';
import { json } from '../../src/report/json.js';
import { markdown } from '../../src/report/markdown.js';
import { modelJson } from '../../src/report/model-json.js';
import { nothingRecognised } from '../../src/report/nothing-recognised.js';
import type { Report, Violation } from '../../src/report/report.js';
import { text } from '../../src/report/text.js';
import { CLEAN, EMPTY, MODEL, REPORT } from './shop.js';

describe('compact', () => {
  it('is a line for each violation', () => {
    expect(compact(REPORT).split('\n')[1]).toBe(
      'src/order/order.ts:8:7: warning no-exposed-mutable-collections: Order.items hands out the live array.',
    );
    expect(compact(CLEAN)).toBe('');
  });
});

const TIMED: Report = {
  ...REPORT,
  timing: { stages: [{ name: 'facts', ms: 12.5 }], rules: [{ id: 'no-shared-members', ms: 0.5, findings: 0 }] },
};

const MENDED: Report = {
  ...REPORT,
  violations: REPORT.violations.map((violation) => ({
    ...violation,
    fix: { kind: 'safe', title: 'hold the identity', changes: [] },
    edits: [{ at: violation.at, text: 'productId' }],
  })),
};

describe('json', () => {
  const schema: unknown = JSON.parse(readFileSync(new URL('../../src/report/report.schema.json', import.meta.url), 'utf8'));

  it('is what the published schema says, and nothing besides', () => {
    const valid = new Ajv({ strict: true }).compile(closed(schema));
    for (const report of [REPORT, CLEAN, EMPTY, TIMED, MENDED]) {
      valid(JSON.parse(json(report, { statistics: report === TIMED, timing: report === TIMED })));
      expect(valid.errors).toBeNull();
    }
  });

  it('has what a fix replaces where that was worked out', () => {
    const [{ fix }] = JSON.parse(json(MENDED)).violations;
    expect(fix.edits).toEqual([{ file: 'src/order/order-item.ts', line: 2, column: 12, endLine: 2, endColumn: 19, text: 'productId' }]);
  });

  it('names roots, not identifiers', () => {
    const { model } = JSON.parse(json(REPORT));
    expect(model.aggregates[0]).toEqual({
      root: 'Order',
      file: 'src/order/order.ts',
      members: [
        { name: 'Discount', kind: 'entity' },
        { name: 'OrderItem', kind: 'entity' },
        { name: 'Money', kind: 'value-object' },
      ],
      references: [
        { to: 'Customer', by: 'identity', at: 'Order.customerId' },
        { to: 'Product', by: 'object', at: 'OrderItem.product' },
      ],
      repositories: ['OrderRepository'],
      writtenBy: ['PlaceOrderHandler.execute'],
      raises: ['OrderPlaced'],
    });
    expect(model.blocks.find((block: { name: string }) => block.name === 'OrderItem').aggregate).toBe('Order');
  });

  it('leaves out base classes, domain services and handlers that write nothing', () => {
    const { model } = JSON.parse(json(REPORT));
    expect(model.blocks.map((block: { name: string }) => block.name)).not.toContain('AggregateBase');
    expect(model.writes).toEqual([
      { handler: 'PlaceOrderHandler.execute', file: 'src/order/place-order.ts', aggregates: ['Order', 'Customer'] },
    ]);
  });
});

describe('model json', () => {
  it('is the whole domain model', () => {
    expect(JSON.parse(modelJson(REPORT))).toEqual(MODEL);
  });
});

describe('a report without a table', () => {
  it('asks the model for nothing that takes time to find out', () => {
    const model = { ...MODEL };
    for (const name of ['invariants', 'operations', 'clusters', 'consistency', 'extents', 'splits'] as const) {
      Object.defineProperty(model, name, {
        get: () => {
          throw new Error(`${name} was asked for`);
        },
      });
    }
    const report = { ...REPORT, model };
    const look = { color: false, width: 100, table: false, group: 'aggregate', quiet: false } as const;
    expect(json(report)).toContain('"violations"');
    expect(compact(report)).toContain('no-exposed-mutable-collections');
    expect(text(report, look)).toContain('Order  1 error');
    expect(markdown(report, { table: false, quiet: false })).toContain('<summary>');
    expect(() => text(report, { ...look, table: true })).toThrow('was asked for');
    const shown = { ...MODEL };
    Object.defineProperty(shown, 'consistency', { get: () => expect.unreachable() });
    expect(text({ ...REPORT, model: shown }, { ...look, table: true })).toContain('loads ');
  });
});

describe('markdown', () => {
  const printed = markdown(REPORT, { table: true, quiet: false });

  it('folds the violations of each aggregate under the counts', () => {
    expect(printed).toContain('**2 errors, 1 warning in 1 of 3 aggregates (148 files, 0.41 s)**');
    expect(printed).toContain('<summary><b>Order</b>: 1 error, 1 warning</summary>');
    expect(printed).toContain('  - first write here: `src/order/place-order.ts:3`');
  });

  it('has the boundary table', () => {
    expect(printed).toContain(
      '| ✗ Product (OrderItem.product) | OrderRepository | PlaceOrderHandler.execute | OrderPlaced → SendReceipt.handle |',
    );
    expect(markdown(REPORT, { table: false, quiet: false })).not.toContain('Consistency boundaries');
  });

  it('keeps text text: no markup, no broken cells, nobody mentioned', () => {
    const [first] = REPORT.violations;
    if (!first) throw new Error('no violation');
    const violation: Violation = { ...first, message: 'Order<T> | *x* was found by @Entity() and Promise<a|b>' };
    expect(markdown({ ...REPORT, violations: [violation] }, { table: false, quiet: false })).toContain(
      'Order&lt;T&gt; \\| \\*x\\* was found by `@Entity()` and Promise&lt;a\\|b&gt;',
    );
  });

  it('lists errors only when quiet', () => {
    expect(markdown(REPORT, { table: false, quiet: true })).not.toContain('no-exposed-mutable-collections');
  });
});

describe('when nothing is recognised', () => {
  it('says what came closest, and how to annotate or configure', () => {
    const message = nothingRecognised(EMPTY);
    expect(message).toContain('No aggregates recognised in 148 files.');
    expect(message).toContain('Basket  src/basket.ts:3  has an id and behaviour, but nothing loads it');
    expect(message).toContain('/** @aggregateRoot */');
    expect(message).toContain('model: { aggregateRoots:');
    expect(message).toContain('--allow-empty');
  });

  it('names at most five', () => {
    const [miss] = EMPTY.model.coverage.nearMisses;
    if (!miss) throw new Error('no near miss');
    const nearMisses = Array.from({ length: 8 }, (_, index) => ({ ...miss, name: `Basket${index}` }));
    const message = nothingRecognised({ ...EMPTY, model: { ...EMPTY.model, coverage: { ...EMPTY.model.coverage, nearMisses } } });
    expect(message.match(/Basket\d/g)).toHaveLength(5);
    expect(message).toContain('and 3 more');
  });
});

/** The schema with every object closed: the published one lets later versions add fields. */
function closed(schema: unknown): object {
  const closing = JSON.stringify(schema, (_, value: unknown) =>
    typeof value === 'object' && value !== null && 'properties' in value && 'type' in value
      ? { ...value, additionalProperties: false }
      : value,
  );
  return JSON.parse(closing);
}
