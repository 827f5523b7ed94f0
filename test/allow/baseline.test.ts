import { readFileSync, renameSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { againstBaseline } from '../../src/allow/baseline.js';
import { parseBaseline, printBaseline } from '../../src/allow/baseline-file.js';
import type { KnownFinding, Report, Violation } from '../../src/report/report.js';
import { REPORT } from '../report/shop.js';
import { aggro, commit, found, git, project, repository, summary, write } from '../support/projects.js';

const BASE = 'export abstract class AggregateRoot { protected readonly version: number = 0; }\n';
const root = (name: string, ...fields: readonly string[]): string =>
  `import { AggregateRoot } from '@/base';\nexport class ${name} extends AggregateRoot {\n${fields.map((field) => `  readonly ${field}: string[] = [];\n`).join('')}}\n`;
const SHOP = {
  'tsconfig.json': '{ "compilerOptions": { "paths": { "@/*": ["./src/*"] } } }',
  'src/base.ts': BASE,
  'src/sales/order.ts': root('Order', 'lines', 'notes'),
  'src/billing/order.ts': root('Order', 'lines'),
};
const FILE = '.aggro-baseline.json';
const known = (folder: string): string => readFileSync(path.join(folder, FILE), 'utf8');
const RULE = 'no-exposed-mutable-collections';

describe('a baseline', () => {
  it('makes a run report only what is new', async () => {
    const shop = project(SHOP);
    expect(aggro(shop, 'baseline', 'create')).toMatchObject({ status: 0, stdout: expect.stringContaining('3 findings known') });
    expect(known(shop).split('\n').slice(4, 8)).toEqual([
      `    { "rule": "${RULE}", "symbol": "Order.lines", "file": "src/billing/order.ts" },`,
      `    { "rule": "${RULE}", "symbol": "Order.lines", "file": "src/sales/order.ts" },`,
      `    { "rule": "${RULE}", "symbol": "Order.notes", "file": "src/sales/order.ts" },`,
      '    null',
    ]);
    const clean = aggro(shop, '--no-table');
    expect(clean.status).toBe(0);
    expect(clean.stdout).toMatch(/^No new violations: 2 aggregates, .* · 3 known, 0 new, 0 gone\n$/);
    write(shop, { 'src/billing/order.ts': `\n\n${root('Order', 'drafts', 'lines')}` });
    expect(await found(shop)).toEqual([`${RULE} Order.drafts`]);
    expect(await summary(shop)).toMatch(/^1 error in 1 of 2 aggregates .* · 3 known, 1 new, 0 gone$/);
    expect(await found(shop, '--no-baseline')).toHaveLength(4);
  });

  it('knows a finding in a renamed and in another file', async () => {
    const shop = project(SHOP);
    aggro(shop, 'baseline', 'create');
    renameSync(path.join(shop, 'src/sales'), path.join(shop, 'src/selling'));
    expect(await summary(shop)).toContain('3 known, 0 new, 0 gone');
    write(shop, { 'src/selling/order.ts': '', 'src/everything.ts': root('Order', 'notes', 'lines') });
    expect(await summary(shop, '--ci')).toContain('3 known, 0 new, 0 gone');
  });

  it('takes nothing for moved that stands where it was', async () => {
    const shop = project({ ...SHOP, 'src/sales/order.ts': root('Order', 'lines'), 'src/billing/order.ts': root('Order') });
    aggro(shop, 'baseline', 'create');
    write(shop, { 'src/sales/order.ts': root('Order'), 'src/billing/order.ts': root('Order', 'lines') });
    expect(await summary(shop)).toContain('0 known, 1 new, 1 gone');
  });

  it('sees a finding of the same rule and file take the place of another', async () => {
    const shop = project(SHOP);
    aggro(shop, 'baseline', 'create');
    write(shop, { 'src/billing/order.ts': root('Order', 'drafts') });
    const { status, stdout } = aggro(shop, '--no-table');
    expect(status).toBe(1);
    expect(stdout).toContain('Order.drafts');
    expect(stdout).toContain('2 known, 1 new, 1 gone');
    expect(aggro(shop, 'baseline', 'diff')).toMatchObject({
      status: 1,
      stdout: `- ${RULE} Order.lines  src/billing/order.ts\n+ ${RULE} Order.drafts  src/billing/order.ts\n${FILE}: 1 new, 1 gone.\n`,
    });
  });

  it('fails under --ci with an entry whose finding is gone, until it is pruned', async () => {
    const shop = project(SHOP);
    aggro(shop, 'baseline', 'create');
    write(shop, { 'src/sales/order.ts': root('Order', 'lines') });
    const run = aggro(shop, '--no-table');
    expect(run.status).toBe(0);
    expect(run.stdout.replaceAll(/\s+/g, ' ')).toContain(
      `1 finding no longer there (${RULE} Order.notes); \`aggro baseline prune\` takes its entry out.`,
    );
    expect(aggro(shop, '--no-table', '--ci').status).toBe(1);
    // Of a part nothing is said about the rest.
    expect(aggro(shop, 'src/billing', '--no-table', '--ci').status).toBe(0);
    expect(await summary(shop, '--rule', `${RULE}:off`, '--ci')).toContain('0 known, 0 new, 0 gone');
    const before = known(shop);
    expect(aggro(shop, 'baseline', 'prune').stdout).toBe(`${FILE}: 1 taken out, 2 findings known.\n`);
    expect(known(shop)).toBe(before.replace(/.*Order\.notes.*\n/, ''));
    expect(aggro(shop, '--no-table', '--ci').status).toBe(0);
  });

  it('is updated, and says what changed', async () => {
    const shop = project(SHOP);
    aggro(shop, 'baseline', 'create');
    write(shop, { 'src/sales/order.ts': root('Order', 'lines', 'drafts') });
    expect(aggro(shop, 'baseline', 'update').stdout).toBe(`${FILE}: 1 added, 1 taken out, 3 findings known.\n`);
    expect(aggro(shop, 'baseline', 'status').stdout).toBe(`${RULE}  3\n${FILE}: 3 known, 0 new, 0 gone.\n`);
    expect(aggro(shop, 'baseline', 'create')).toMatchObject({ status: 2, stderr: expect.stringContaining('is there already') });
  });

  it('is found above the working directory, and one can be named', async () => {
    const shop = repository(SHOP);
    aggro(shop, 'baseline', 'create');
    const sales = path.join(shop, 'src/sales');
    expect(await summary(sales)).toContain('2 known, 0 new, 0 gone');
    expect(aggro(sales, 'baseline', 'prune').stdout).toBe('../../.aggro-baseline.json: 0 taken out, 3 findings known.\n');
    expect(aggro(shop, 'baseline', 'create', '--baseline', 'known/old.json').status).toBe(0);
    expect(await summary(shop, '--baseline', 'known/old.json')).toContain('3 known');
  });

  it('merges where two branches add to it', async () => {
    const shop = repository(SHOP);
    aggro(shop, 'baseline', 'create');
    commit(shop, 'baseline');
    git(shop, 'checkout', '--quiet', '-b', 'other');
    write(shop, { 'src/archive.ts': root('Archive', 'years') });
    aggro(shop, 'baseline', 'update');
    commit(shop, 'archive');
    git(shop, 'checkout', '--quiet', 'main');
    write(shop, { 'src/zone.ts': root('Zone', 'borders') });
    aggro(shop, 'baseline', 'update');
    commit(shop, 'zone');
    git(shop, 'merge', '--quiet', '--no-edit', 'other');
    expect(await summary(shop, '--ci')).toContain('5 known, 0 new, 0 gone');
  });
});

describe('a file that is no baseline', () => {
  const complaint = (text: string): string => {
    try {
      parseBaseline(text, FILE);
      return '';
    } catch (error) {
      return error instanceof Error ? error.message : '';
    }
  };

  it('is refused with what to do', async () => {
    expect(complaint('{ "no-undef": { "src/a.js": 3 } }')).toMatch(/is not a baseline of aggro\. Name another one/);
    expect(complaint('[]')).toMatch(/is not a baseline of aggro/);
    expect(complaint('{ "tool": "aggro", "version": 2, "known": [] }')).toMatch(/has version 2; this aggro reads version 1/);
    expect(complaint('{ "tool": "aggro", "version": 1 }')).toMatch(/holds no list "known"/);
    expect(complaint('{ "tool": "aggro",')).toMatch(/is not valid JSON/);
    expect(complaint('')).toMatch(/is not valid JSON/);
    expect(complaint('{ "tool": "aggro", "version": 1, "known": [{ "rule": 1 }] }')).toMatch(/entry 1 \({"rule":1}\) needs/);
  });

  it('tells the marks of a merge conflict, and keeping both sides mends them', async () => {
    const [mine, theirs] = ['Mine', 'Theirs'].map((symbol): KnownFinding => ({ rule: RULE, symbol, involves: [], file: 'src/a.ts' }));
    if (!mine || !theirs) throw new Error('two entries');
    const lineOf = (entry: KnownFinding): string => printBaseline([entry], `/shop/${FILE}`, '/shop').split('\n')[4] ?? '';
    const conflict = printBaseline([mine], `/shop/${FILE}`, '/shop').replace(
      `${lineOf(mine)}\n`,
      `<<<<<<< HEAD\n${lineOf(mine)}\n=======\n${lineOf(theirs)}\n>>>>>>> other\n`,
    );
    expect(complaint(conflict)).toBe(
      `${FILE}:5 holds the marks of a merge conflict. Keep the lines of both sides, delete the marks, and run aggro baseline prune.`,
    );
    expect(parseBaseline(conflict.replaceAll(/^[<=>]{7}.*\n/gm, ''), FILE)).toEqual([mine, theirs]);
  });

  it('ends the run with exit code 2', async () => {
    const shop = project({ ...SHOP, [FILE]: '{ "rules": [] }' });
    expect(aggro(shop)).toMatchObject({ status: 2, stdout: '', stderr: expect.stringContaining(`${FILE} is not a baseline of aggro`) });
    expect(aggro(shop, '--baseline', 'none.json').stderr).toContain('none.json does not exist; aggro baseline create writes one');
    expect(aggro(shop, '--no-baseline').status).toBe(1);
    writeFileSync(path.join(shop, FILE), '');
    expect(aggro(shop, 'baseline', 'create', '--force').status).toBe(0);
    expect(await summary(shop)).toContain('3 known');
  });
});

describe('the key', () => {
  const [one] = REPORT.violations;
  if (!one) throw new Error('no violation');
  const compared = (violations: readonly Violation[], entries: readonly KnownFinding[]) => {
    const info = { title: '', why: '', remedy: '', source: '' };
    const rules = [
      { ...info, id: one.ruleId, severity: 'error' },
      { ...info, id: 'another', severity: 'off' },
    ] as const;
    const report: Report = { ...REPORT, violations, rules };
    const { baseline } = againstBaseline(report, { file: FILE, entries }, () => true);
    return `${baseline?.known} known, ${baseline?.new} new, ${baseline?.gone.length} gone`;
  };
  const entry = (change: Partial<KnownFinding> = {}): KnownFinding => ({
    rule: one.ruleId,
    symbol: one.symbol,
    involves: [],
    file: one.at.file,
    ...change,
  });

  it('holds who is involved: another pair is another finding', async () => {
    const pair = (...involves: readonly string[]): Violation => ({ ...one, involves });
    expect(compared([pair('Order', 'Stock')], [entry({ involves: ['Order', 'Stock'] })])).toBe('1 known, 0 new, 0 gone');
    expect(compared([pair('Stock', 'Order')], [entry({ involves: ['Order', 'Stock'] })])).toBe('1 known, 0 new, 0 gone');
    expect(compared([pair('Order', 'Invoice')], [entry({ involves: ['Order', 'Stock'] })])).toBe('0 known, 1 new, 1 gone');
  });

  it('counts: two findings are not known by one entry', async () => {
    expect(compared([one, one], [entry()])).toBe('1 known, 1 new, 0 gone');
    expect(compared([{ ...one, message: 'said otherwise', at: { ...one.at, line: 99 } }], [entry()])).toBe('1 known, 0 new, 0 gone');
  });

  it('of a rule that was not asked says nothing; of one that does not exist, that it is gone', async () => {
    expect(compared([], [entry({ rule: 'another' })])).toBe('0 known, 0 new, 0 gone');
    expect(compared([], [entry({ rule: 'dropped' })])).toBe('0 known, 0 new, 1 gone');
  });
});
