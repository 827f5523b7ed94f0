import type { ValidateFunction } from 'ajv';
import { beforeAll, describe, expect, it } from 'vitest';
import type { Fix } from '../../src/change.js';
import type { Report, SuppressedViolation, Violation } from '../../src/report/report.js';
import { sarif } from '../../src/report/sarif.js';
import { sarifSchema } from '../support/sarif.js';
import { HOSTILE } from './hostile.js';
import { LOOK } from './look.js';
import { CLEAN, EMPTY, REPORT, spanOf } from './shop.js';

const [FIRST, SECOND, THIRD] = REPORT.violations as [Violation, Violation, Violation];
const logged = (report: Report, look = LOOK) => JSON.parse(sarif(report, look));
const runOf = (report: Report, look = LOOK) => logged(report, look).runs[0];
const many = (count: number, severity: Violation['severity']): Violation[] =>
  Array.from({ length: count }, (_, index) => ({ ...SECOND, severity, fingerprint: `${severity}${index}` }));

describe('SARIF', () => {
  let valid: ValidateFunction;
  beforeAll(() => {
    valid = sarifSchema();
  });

  it('is what the official schema says', () => {
    const edits = [{ at: FIRST.at, text: 'productId: ProductId' }];
    const full: Violation[] = [{ ...FIRST, fix: { kind: 'unsafe', title: 'hold the identity', changes: [] }, edits }];
    const suppressed: SuppressedViolation[] = [
      { ...SECOND, suppressed: { kind: 'inSource', justification: 'read by one caller' } },
      { ...THIRD, suppressed: { kind: 'external', justification: 'known' } },
    ];
    for (const report of [
      REPORT,
      CLEAN,
      EMPTY,
      HOSTILE,
      { ...REPORT, violations: full, suppressed, notices: ['broken.ts does not parse'] },
    ]) {
      valid(logged(report));
      expect(valid.errors).toBeNull();
    }
  });

  it('is refused by that schema when it is not', () => {
    const log = logged(REPORT);
    delete log.runs[0].results[0].message;
    expect(valid(log)).toBe(false);
  });

  it('is one run that declares every rule with help', () => {
    const off = { ...REPORT.rules[0], id: 'no-orphan-entities', severity: 'off' } as Report['rules'][number];
    const { runs } = logged({ ...REPORT, rules: [...REPORT.rules, off] });
    expect(runs).toHaveLength(1);
    const { rules } = runs[0].tool.driver;
    expect(rules.map(({ id }: { id: string }) => id)).toEqual([...REPORT.rules.map(({ id }) => id), 'no-orphan-entities']);
    expect(rules[0].help.text).toContain('What to do: What to do about no-object-refs-across-aggregates.');
    expect(rules[0].help.markdown).toContain('**What to do.**');
    expect(rules.at(-1).defaultConfiguration).toEqual({ enabled: false, level: 'none' });
    for (const { ruleId, ruleIndex } of runs[0].results) expect(rules[ruleIndex].id).toBe(ruleId);
  });

  it('declares a rule that only a finding knows', () => {
    const run = runOf({ ...REPORT, violations: [{ ...FIRST, ruleId: 'unused-suppression' }] });
    expect(run.tool.driver.rules[run.results[0].ruleIndex].id).toBe('unused-suppression');
  });

  it('has place, fingerprint and related places', () => {
    const [result] = runOf(REPORT).results;
    expect(result.locations[0].physicalLocation).toEqual({
      artifactLocation: { uri: 'src/order/order-item.ts', uriBaseId: '%SRCROOT%' },
      region: { startLine: 2, startColumn: 12, endLine: 2, endColumn: 19 },
    });
    expect(result.partialFingerprints).toEqual({ 'aggro/v1': 'f1' });
    expect(result.relatedLocations).toHaveLength(1);
    expect(result.relatedLocations[0].message.text).toBe('Product is a root of its own');
  });

  it('has paths from the root of the repository', () => {
    const look = { ...LOOK, inRepository: (file: string) => `packages/a b/${file}` };
    expect(runOf(REPORT, look).results[0].locations[0].physicalLocation.artifactLocation.uri).toBe(
      'packages/a%20b/src/order/order-item.ts',
    );
  });

  it('tells a transaction as a flow: the handler, what spans it, the writes', () => {
    const [, , result] = runOf(REPORT).results;
    const texts = (run: typeof result): string[] =>
      run.codeFlows[0].threadFlows[0].locations.map(({ location }: { location: { message: { text: string } } }) => location.message.text);
    expect(texts(result)).toEqual(['PlaceOrderHandler.execute begins', 'first write here', 'second write here']);

    const at = spanOf('src/order/place-order.ts', 'async');
    const handlers = REPORT.model.handlers.map((handler) => ({
      ...handler,
      together: handler.together.map((pair) => ({ ...pair, transaction: { name: 'em.transactional', at } })),
    }));
    const spanned = { ...THIRD, related: [...THIRD.related, { at, message: 'em.transactional spans both' }] };
    const within = runOf({ ...REPORT, model: { ...REPORT.model, handlers }, violations: [spanned] }).results[0];
    expect(texts(within)).toEqual([
      'PlaceOrderHandler.execute begins',
      'em.transactional spans both',
      'first write here',
      'second write here',
    ]);
  });

  it('tells no flow where there is none', () => {
    const [reference, exposure] = runOf(REPORT).results;
    expect(reference.codeFlows).toBeUndefined();
    expect(exposure.codeFlows).toBeUndefined();
  });

  it('has fixes as replacements, file by file', () => {
    const edits = [
      { at: FIRST.at, text: 'productId' },
      { at: { ...FIRST.at, line: 3, endLine: 3 }, text: '' },
      { at: SECOND.at, text: 'readonly OrderItem[]' },
    ];
    const [result] = runOf({
      ...REPORT,
      violations: [{ ...FIRST, fix: { kind: 'safe', title: 'hold the identity', changes: [] }, edits }],
    }).results;
    expect(result.fixes[0].description.text).toBe('hold the identity');
    expect(
      result.fixes[0].artifactChanges.map((change: { artifactLocation: { uri: string }; replacements: unknown[] }) => [
        change.artifactLocation.uri,
        change.replacements.length,
      ]),
    ).toEqual([
      ['src/order/order-item.ts', 2],
      ['src/order/order.ts', 1],
    ]);
    const spelled = [{ do: 'replace', at: FIRST.at, text: 'productId' }] as const;
    const named = [...spelled, { do: 'add-readonly', at: FIRST.at }] as const;
    const fixes = (changes: Fix['changes']) =>
      runOf({ ...REPORT, violations: [{ ...FIRST, fix: { kind: 'safe', title: 'hold the identity', changes } }] }).results[0].fixes;
    expect(fixes(spelled)[0].artifactChanges[0].replacements[0].insertedContent).toEqual({ text: 'productId' });
    // A fix that says only what it would do is none that a viewer could apply.
    expect(fixes(named)).toBeUndefined();
  });

  it('lists what is suppressed, with its reason', () => {
    const suppressed = { kind: 'inSource', justification: 'read by one caller' } as const;
    const [result] = runOf({ ...REPORT, violations: [], suppressed: [{ ...FIRST, suppressed }] }).results;
    expect(result.suppressions).toEqual([{ status: 'accepted', ...suppressed }]);
  });

  it('says of each result whether a baseline knows it, where there is one', () => {
    const suppressed: SuppressedViolation[] = [
      { ...SECOND, suppressed: { kind: 'inSource', justification: 'read by one caller' } },
      { ...THIRD, suppressed: { kind: 'external', justification: 'known to .aggro-baseline.json' } },
    ];
    const compared = { ...REPORT, violations: [FIRST], suppressed, baseline: { file: '.aggro-baseline.json', known: 1, new: 1, gone: [] } };
    const states = (report: Report) => runOf(report).results.map(({ baselineState }: { baselineState?: string }) => baselineState);
    expect(states(compared)).toEqual(['new', 'new', 'unchanged']);
    valid(logged(compared));
    expect(valid.errors).toBeNull();
    expect(states(REPORT)).toEqual([undefined, undefined, undefined]);
  });

  it('lists five thousand results, the most severe, and says that there are more', () => {
    const run = runOf({ ...REPORT, violations: [...many(4000, 'info'), ...many(3000, 'error')] });
    expect(run.results).toHaveLength(5000);
    expect(run.results.filter(({ level }: { level: string }) => level === 'error')).toHaveLength(3000);
    expect(run.invocations[0].toolExecutionNotifications).toEqual([
      {
        level: 'note',
        message: { text: '7,000 findings, of which 5,000 results are listed, the most severe first: code scanning shows no more.' },
      },
    ]);
    expect(runOf({ ...REPORT, violations: many(5000, 'error') }).invocations[0].toolExecutionNotifications).toEqual([]);
  });
});
