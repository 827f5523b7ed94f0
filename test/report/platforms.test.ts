import { describe, expect, it } from 'vitest';
import { agent } from '../../src/report/agent.js';
import { checkstyle } from '../../src/report/checkstyle.js';
import { render } from '../../src/report/formats.js';
import { github } from '../../src/report/github.js';
import { githubSummary } from '../../src/report/github-summary.js';
import { gitlab } from '../../src/report/gitlab.js';
import { json } from '../../src/report/json.js';
import { jsonl } from '../../src/report/jsonl.js';
import { junit } from '../../src/report/junit.js';
import { markdown } from '../../src/report/markdown.js';
import { rdjson } from '../../src/report/rdjson.js';
import type { Report, Violation } from '../../src/report/report.js';
import { statisticsText } from '../../src/report/statistics-text.js';
import { text } from '../../src/report/text.js';
import { timingText } from '../../src/report/timing-text.js';
import { LOOK } from './look.js';
import { CLEAN, REPORT } from './shop.js';

const [FIRST, SECOND] = REPORT.violations as [Violation, Violation];
const repeated = (violation: Violation, count: number): Violation[] =>
  Array.from({ length: count }, (_, index) => ({ ...violation, fingerprint: `${violation.fingerprint}-${index}` }));

describe('github', () => {
  const lines = (report: Report, look = LOOK): string[] => github(report, look).trimEnd().split('\n');

  it('annotates the place, with related places below the message', () => {
    expect(lines(REPORT)[0]).toBe(
      '::error file=src/order/order-item.ts,line=2,endLine=2,col=12,endColumn=19,title=aggro%3A no-object-refs-across-aggregates::' +
        'OrderItem.product holds the aggregate root Product by object: saving Order drags Product along. Hold a ProductId instead.' +
        '%0AProduct is a root of its own: src/catalogue/product.ts:1',
    );
    expect(lines(REPORT).at(-1)).toBe('aggro: 2 errors, 1 warning in 1 of 3 aggregates (148 files, 0.41 s)');
  });

  it('has no columns where a span has several lines, and paths from the root of the repository', () => {
    const violation = { ...FIRST, at: { ...FIRST.at, endLine: 4 } };
    const look = { ...LOOK, inRepository: (file: string) => `packages/shop/${file}` };
    expect(lines({ ...REPORT, violations: [violation] }, look)[0]).toContain(
      '::error file=packages/shop/src/order/order-item.ts,line=2,endLine=4,title=',
    );
  });

  it('annotates ten of each level, and keeps the rest in the log', () => {
    const info: Violation = { ...SECOND, severity: 'info' };
    const printed = lines({ ...REPORT, violations: [...repeated(info, 11), ...repeated(SECOND, 12), ...repeated(FIRST, 13)] });
    const starting = (start: string): number => printed.filter((line) => line.startsWith(start)).length;
    expect(['::error ', '::warning ', '::notice '].map(starting)).toEqual([10, 10, 10]);
    expect(printed).toContain('::group::6 more findings, not annotated');
    expect(['error ', 'warning ', 'info '].map(starting)).toEqual([3, 2, 1]);
    expect(printed).toContain('::endgroup::');
  });

  it('summarises a job: counts for each rule, and the boundary table', () => {
    const summary = githubSummary(REPORT, { table: true });
    expect(summary).toContain('**2 errors, 1 warning in 1 of 3 aggregates');
    expect(summary).toContain('| 1 | `no-multi-aggregate-handlers` | error | 0 |  |');
    expect(summary).toContain('| **Order**<br>aggregate root (extends AggregateRoot)');
    expect(githubSummary(REPORT, { table: false })).not.toContain('Consistency boundaries');
  });

  it('drops the table from a summary that would be too large for GitHub to take', () => {
    const [order] = REPORT.model.aggregates;
    if (!order) throw new Error('no order');
    const name = 'Order'.repeat(1000);
    const aggregates = Array.from({ length: 250 }, (_, index) => ({ ...order, name, root: `${order.root}${index}` }));
    const summary = githubSummary({ ...REPORT, model: { ...REPORT.model, aggregates } }, { table: true });
    expect(Buffer.byteLength(summary)).toBeLessThan(1_048_576);
    expect(summary).toContain('larger than a job summary may be');
  });
});

describe('gitlab', () => {
  it('has what the merge request widget reads', () => {
    expect(JSON.parse(gitlab(REPORT, LOOK))[0]).toEqual({
      description:
        'OrderItem.product holds the aggregate root Product by object: saving Order drags Product along. Hold a ProductId instead.',
      check_name: 'no-object-refs-across-aggregates',
      fingerprint: 'f1',
      severity: 'major',
      location: { path: 'src/order/order-item.ts', lines: { begin: 2, end: 2 } },
    });
    expect(gitlab(CLEAN, LOOK)).toBe('[]\n');
  });

  it('has no fingerprint twice', () => {
    const issues: { fingerprint: string }[] = JSON.parse(gitlab({ ...REPORT, violations: [FIRST, FIRST, SECOND, FIRST] }, LOOK));
    expect(new Set(issues.map(({ fingerprint }) => fingerprint)).size).toBe(4);
  });
});

describe('junit', () => {
  it('fails for errors and warnings, and passes for what is only worth knowing', () => {
    const printed = junit({ ...REPORT, violations: [FIRST, SECOND, { ...SECOND, severity: 'info' }] });
    expect(printed).toContain('<testsuites name="aggro" tests="3" failures="2" errors="0" time="0.413">');
    expect(printed).toContain('<testsuite name="src/order/order.ts" tests="2" failures="1" errors="0">');
    expect(printed.match(/<system-out>/g)).toHaveLength(1);
  });

  it('has a test that passes when nothing is wrong', () => {
    expect(junit(CLEAN)).toContain('<testcase name="No violations: 3 aggregates, 1 repository, 3 handlers in 148 files (0.41 s)"');
  });
});

describe('checkstyle', () => {
  it('has a file element for each file', () => {
    expect(checkstyle({ ...REPORT, violations: [SECOND, SECOND] })).toBe(`<?xml version="1.0" encoding="UTF-8"?>
<checkstyle version="8.0">
  <file name="src/order/order.ts">
    <error line="8" column="7" severity="warning" message="Order.items hands out the live array." source="aggro.no-exposed-mutable-collections"/>
    <error line="8" column="7" severity="warning" message="Order.items hands out the live array." source="aggro.no-exposed-mutable-collections"/>
  </file>
</checkstyle>
`);
    expect(checkstyle(CLEAN)).toContain('<checkstyle version="8.0"/>');
  });
});

describe('rdjson', () => {
  it('has severity, code and related places', () => {
    const { source, diagnostics } = JSON.parse(rdjson(REPORT));
    expect(source).toEqual({ name: 'aggro' });
    expect(diagnostics[0]).toMatchObject({
      severity: 'ERROR',
      code: { value: 'no-object-refs-across-aggregates' },
      location: { path: 'src/order/order-item.ts', range: { start: { line: 2, column: 12 }, end: { line: 2, column: 19 } } },
    });
    expect(diagnostics[0].message).toMatch(/\nProduct is a root of its own: src\/catalogue\/product\.ts:1$/);
  });

  it('counts columns in bytes of UTF-8', () => {
    const at = { ...SECOND.at, line: 1, column: 7, endLine: 1, endColumn: 9 };
    const report = { ...REPORT, violations: [{ ...SECOND, at }], sourceOf: () => 'a€ü😀·xy' };
    expect(JSON.parse(rdjson(report)).diagnostics[0].location.range).toEqual({
      start: { line: 1, column: 13 },
      end: { line: 1, column: 15 },
    });
  });

  it('suggests a fix that stays in its file, and no half of one that does not', () => {
    const suggestions = (...files: string[]) => {
      const edits = files.map((file) => ({ at: { ...SECOND.at, file }, text: 'x' }));
      return JSON.parse(rdjson({ ...REPORT, violations: [{ ...SECOND, fix: { kind: 'safe', title: 't', changes: [] }, edits }] }))
        .diagnostics[0].suggestions;
    };
    expect(suggestions('src/order/order.ts')).toEqual([
      { range: { start: { line: 8, column: 7 }, end: { line: 8, column: 12 } }, text: 'x' },
    ]);
    expect(suggestions('src/order/order.ts', 'src/other.ts')).toBeUndefined();
  });

  it('makes one suggestion of several edits, with what lies between them', () => {
    const span = (line: number, column: number, endLine: number, endColumn: number) => ({ ...SECOND.at, line, column, endLine, endColumn });
    const edits = [
      { at: span(3, 2, 3, 3), text: 'Z' },
      { at: span(1, 2, 1, 4), text: 'X' },
      { at: span(1, 6, 1, 6), text: 'Y' },
    ];
    const report = { ...REPORT, violations: [{ ...SECOND, edits }], sourceOf: () => '1234567\r\nfg\nhij' };
    expect(JSON.parse(rdjson(report)).diagnostics[0].suggestions).toEqual([
      { range: { start: { line: 1, column: 2 }, end: { line: 3, column: 3 } }, text: 'X45Y67\r\nfg\nhZ' },
    ]);
  });
});

describe('jsonl', () => {
  it('is the violations of the JSON report, one a line', () => {
    const lines = jsonl(REPORT).trimEnd().split('\n');
    expect(lines.map((line) => JSON.parse(line))).toEqual(JSON.parse(json(REPORT)).violations);
  });
});

describe('agent', () => {
  it('has all about a finding on one line, what to do included', () => {
    expect(agent(REPORT).split('\n')[0]).toBe(
      'src/order/order-item.ts:2:12 error no-object-refs-across-aggregates: ' +
        'OrderItem.product holds the aggregate root Product by object: saving Order drags Product along. Hold a ProductId instead. ' +
        '(Product is a root of its own: src/catalogue/product.ts:1) ' +
        'Remedy: What to do about no-object-refs-across-aggregates. Fix (unsafe): replace product by productId.',
    );
  });

  it('says what was understood, when there is nothing to do as well', () => {
    expect(agent(CLEAN)).toBe('No violations: 3 aggregates, 1 repository, 3 handlers in 148 files (0.41 s)\n');
    expect(agent({ ...CLEAN, notices: ['broken.ts does not parse'] })).toContain('note: broken.ts does not parse\n');
  });
});

describe('markdown', () => {
  it('can be found again by a bot, and fits into a comment', () => {
    const huge = markdown({ ...REPORT, violations: repeated(FIRST, 400) }, { table: true, quiet: false });
    expect(huge.startsWith('<!-- aggro -->\n')).toBe(true);
    expect(huge.length).toBeLessThan(65_536);
    expect(huge).toContain('| 400 | `no-object-refs-across-aggregates` | error | 1 | 400 |');
    expect(huge).toContain('more than a comment can hold');
    expect(huge).toContain('<summary><b>Consistency boundaries</b>: 3 aggregates</summary>');
  });

  it('gives up the table last', () => {
    const [order] = REPORT.model.aggregates;
    if (!order) throw new Error('no order');
    const aggregates = Array.from({ length: 300 }, (_, index) => ({ ...order, name: `Order${index}`, root: `${order.root}${index}` }));
    const huge = markdown({ ...REPORT, model: { ...REPORT.model, aggregates } }, { table: true, quiet: false });
    expect(huge.length).toBeLessThan(65_536);
    expect(huge).toContain('Findings and boundaries are more than a comment can hold');
  });
});

describe('what is suppressed', () => {
  it('is listed and counted by SARIF alone', async () => {
    const suppressed = [{ ...FIRST, suppressed: { kind: 'external' as const, justification: 'known' } }];
    const report: Report = { ...REPORT, violations: [SECOND], suppressed };
    for (const name of ['text', 'compact', 'gitlab', 'junit', 'agent', 'markdown', 'github'] as const)
      expect(await render(name, report, { ...LOOK, table: false })).not.toContain('no-object-refs-across-aggregates');
    expect(await render('text', report, LOOK)).toContain('1 warning in 1 of 3 aggregates');
    expect(JSON.parse(await render('sarif', report, LOOK)).runs[0].results).toHaveLength(2);
  });
});

describe('statistics', () => {
  const report = { ...REPORT, violations: [...repeated(SECOND, 3), ...REPORT.violations] };

  it('count for each rule, the most findings first', () => {
    expect(statisticsText(report).split('\n')).toEqual([
      'findings  rule                              severity  aggregates  fixable',
      '       4  no-exposed-mutable-collections    warning            1',
      '       1  no-multi-aggregate-handlers       error              0',
      '       1  no-object-refs-across-aggregates  error              1        1',
    ]);
    expect(statisticsText(CLEAN)).toBe('');
  });

  it('take the place of the findings in text and markdown, and stand beside them in JSON', () => {
    const printed = text(report, { ...LOOK, statistics: true });
    expect(printed).not.toContain('src/order/order.ts:8:7');
    expect(printed).toContain('       4  no-exposed-mutable-collections');
    expect(markdown(report, { ...LOOK, statistics: true })).toContain('| 4 | `no-exposed-mutable-collections` | warning | 1 |  |');
    const document = JSON.parse(json(report, { statistics: true }));
    expect(document.statistics[0]).toEqual({
      ruleId: 'no-exposed-mutable-collections',
      severity: 'warning',
      findings: 4,
      aggregates: 1,
      fixable: 0,
    });
    expect(document.violations).toHaveLength(6);
    expect(text(CLEAN, { ...LOOK, statistics: true, table: false })).toBe(text(CLEAN, { ...LOOK, table: false }));
  });
});

describe('timing', () => {
  it('is for each stage in order, and for each rule the slowest first', () => {
    const lines = timingText({
      stages: [
        { name: 'facts', ms: 75 },
        { name: 'rules', ms: 25 },
      ],
      rules: [
        { id: 'quick', ms: 5, findings: 0 },
        { id: 'slow', ms: 20, findings: 12 },
      ],
    }).split('\n');
    expect(lines.slice(0, 7)).toEqual([
      'stage      time    share',
      'facts   75.0 ms   75.0 %',
      'rules   25.0 ms   25.0 %',
      'total  100.0 ms  100.0 %',
      '',
      'rule      time   share  findings',
      'slow   20.0 ms  20.0 %        12',
    ]);
  });
});
