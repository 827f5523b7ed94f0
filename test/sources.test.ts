import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import stringWidth from 'string-width';
import { beforeAll, describe, expect, it } from 'vitest';
import type { Concept } from '../src/model/domain-model.js';
import { boundaryRows } from '../src/report/boundary-table.js';
import { boundaryInFull } from '../src/report/boundary-text.js';
import { modelJson } from '../src/report/model-json.js';
import type { Report } from '../src/report/report.js';
import { FIXTURES, read } from './support/fixtures.js';
import { lintFixture } from './support/lint-fixture.js';

/** Root by root what the sources answer to the consistency-boundary test, and which fields belong together. */
type Expected = Readonly<
  Record<string, { readonly concepts?: Readonly<Record<string, Concept['answer']>>; readonly clusters?: readonly (readonly string[])[] }>
>;

const FOLDER = join(FIXTURES, 'sources');
const SOURCES = readdirSync(FOLDER).filter((name) => existsSync(join(FOLDER, name, 'expected-table.json')));

describe.each(SOURCES)('%s', (source) => {
  const expected: Expected = JSON.parse(read(join(FOLDER, source), 'expected-table.json'));
  let report: Report;
  beforeAll(async () => {
    report = await lintFixture(`sources/${source}`);
  });

  it('has the verdicts of its source', () => {
    const { consistency } = report.model;
    for (const [root, { concepts = {} }] of Object.entries(expected)) {
      const answers = Object.keys(concepts).map((symbol) => {
        const found = consistency.filter((concept) => concept.aggregate === root && concept.symbols.includes(symbol));
        return [symbol, found.map(({ answer }) => answer).join()];
      });
      expect({ root, ...Object.fromEntries(answers) }).toEqual({ root, ...concepts });
    }
  });

  it('has its clusters', () => {
    const sorted = (fields: readonly string[]): string => [...fields].sort().join();
    for (const [root, { clusters = [] }] of Object.entries(expected)) {
      const found = report.model.clusters.filter((cluster) => cluster.aggregate === root).map(({ fields }) => sorted(fields));
      expect(found).toEqual(expect.arrayContaining(clusters.map(sorted)));
    }
  });

  it('proposes a split exactly where there are several concerns', () => {
    const split = report.model.splits.map(({ aggregate }) => aggregate);
    const findings = report.violations.filter(({ ruleId }) => ruleId === 'no-disjoint-invariants').map(({ aggregate }) => aggregate);
    expect(split.map((id) => id.slice(id.indexOf('#') + 1))).toEqual(findings);
  });

  it('is readable at 100 columns', () => {
    const printed = boundaryInFull(boundaryRows(report), { width: 100 });
    expect(printed.split('\n').filter((line) => stringWidth(line) > 100)).toEqual([]);
  });

  it('is plain data', () => {
    expect(JSON.parse(modelJson(report)).aggregates).toHaveLength(report.model.aggregates.length);
  });
});

describe('the order that grew', () => {
  it('may part and keep its row', async () => {
    const { model } = await lintFixture('sources/b2b-order-god-aggregate');
    const [split] = model.splits;
    const nameOf = (id: string): string => model.handlers.find((handler) => handler.id === id)?.name ?? id;
    expect(split?.storage?.text).toBe('the parts may share the rows of `orders`, each writing its own columns alone');
    expect(split?.parts.map(({ columns, handlers }) => [columns.join(), handlers.map(nameOf).join()])).toEqual([
      ['items,currency,net_cents,tax_cents,discounts,tax_rate,jurisdiction', 'AddItemHandler.execute,SettleTaxOnOrderPaid.handle'],
      ['fulfilment_status,shipping_provider,tracking_number', 'ShipOrderHandler.execute,ReleaseToWarehouseOnOrderPaid.handle'],
      ['destination,export_code,audit_flags,customs_declaration', 'ClassifyOrderHandler.execute'],
    ]);
    expect(split?.otherHandlers).toEqual([]);
  });
});
