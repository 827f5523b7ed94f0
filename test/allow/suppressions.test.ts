import { chmodSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { suppress } from '../../src/allow/suppressions.js';
import { DEFAULT_CONFIG } from '../../src/config.js';
import { extractFacts } from '../../src/facts/extract.js';
import { type LintOptions, lint } from '../../src/lint.js';
import { loadRules } from '../../src/load-rules.js';
import { aggro, found, project, summary } from '../support/projects.js';

const RULE = 'no-exposed-mutable-collections';
const BASE = 'export abstract class AggregateRoot { protected readonly version: number = 0; }\n';
const orders = (body: string): Readonly<Record<string, string>> => ({
  'src/base.ts': BASE,
  'src/order.ts': `import { AggregateRoot } from './base';\n${body}`,
});

async function linted(body: string, options: Partial<LintOptions> = {}) {
  const { violations, suppressed } = await lint({ cwd: project(orders(body)), paths: [], config: DEFAULT_CONFIG, ...options });
  return {
    violations: violations.map(({ severity, ruleId, symbol, message }) => `${severity} ${ruleId} ${symbol}: ${message}`),
    suppressed: suppressed.map(({ symbol, suppressed: { kind, justification } }) => `${symbol} ${kind} ${justification}`),
  };
}

const exposed = (comment: string): string =>
  `export class Order extends AggregateRoot {\n  ${comment}\n  readonly lines: string[] = [];\n}\n`;

describe('a suppressed finding', () => {
  it('stays in the report with its reason', async () => {
    expect(await linted(exposed(`// aggro-disable-next-line ${RULE} -- legacy`))).toEqual({
      violations: [],
      suppressed: ['Order.lines inSource legacy'],
    });
    expect(await linted(exposed('// aggro-disable-next-line -- legacy'))).toMatchObject({ violations: [] });
    expect(await linted(`/** @aggroIgnore ${RULE} legacy */\n${exposed('')}`)).toMatchObject({
      suppressed: ['Order.lines inSource legacy'],
    });
    expect(await linted(`/* aggro-disable ${RULE} -- legacy */\n${exposed('')}`)).toMatchObject({ violations: [] });
  });

  it('is one of the rule that is named, in the lines that are covered', async () => {
    const { violations } = await linted(exposed('// aggro-disable-next-line one-repo-per-root -- legacy'));
    expect(violations).toEqual([
      expect.stringMatching(/^warning unused-suppression .* suppresses no finding of one-repo-per-root here\./),
      expect.stringMatching(`^error ${RULE} Order.lines`),
    ]);
    const away = await linted(`// aggro-disable-line ${RULE} -- legacy\n${exposed('')}`);
    expect(away.violations).toHaveLength(2);
  });

  it('leaves the fingerprints of the others as they are', async () => {
    const twice = (comment: string) =>
      lint({ cwd: project(orders(`${exposed(comment)}namespace Old { ${exposed('')} }`)), paths: [], config: DEFAULT_CONFIG });
    const both = await twice('');
    const one = await twice(`// aggro-disable-next-line ${RULE} -- legacy`);
    expect(one.violations.map(({ fingerprint }) => fingerprint)).toEqual(both.violations.slice(1).map(({ fingerprint }) => fingerprint));
  });

  it('is counted in the last line, and in the JSON report', async () => {
    const shop = project(orders(exposed(`// aggro-disable-next-line ${RULE} -- legacy`)));
    expect(await summary(shop)).toMatch(/^No violations: 1 aggregate, .* · 1 suppressed$/);
    const { stdout } = aggro(shop, '-f', 'json');
    expect(JSON.parse(stdout).suppressed).toMatchObject([
      { ruleId: RULE, symbol: 'Order.lines', suppressed: { kind: 'inSource', justification: 'legacy' } },
    ]);
  });
});

describe('a comment', () => {
  it('without a reason is an error, unless that rule is off', async () => {
    const body = exposed(`// aggro-disable-next-line ${RULE}`);
    const { violations, suppressed } = await linted(body);
    expect(violations).toEqual([expect.stringMatching(/^error suppression-without-reason .* says no reason/)]);
    expect(suppressed).toHaveLength(1);
    const relaxed = {
      ...DEFAULT_CONFIG,
      rules: { 'suppression-without-reason': { severity: 'off' as const, options: {}, at: 'aggro.config.json' } },
    };
    expect(await linted(body, { config: relaxed })).toMatchObject({ violations: [] });
  });

  it('that names a rule which does not exist says what was meant', async () => {
    expect((await linted(exposed('// aggro-disable-next-line no-exposed-mutable-colections -- legacy'))).violations).toEqual([
      expect.stringContaining(
        'names the rule "no-exposed-mutable-colections", which does not exist; did you mean "no-exposed-mutable-collections"?',
      ),
      expect.stringContaining('Order.lines'),
    ]);
    expect((await linted(exposed(`// aggro-disable-nextline ${RULE} -- legacy`))).violations[0]).toContain(
      'aggro-disable-nextline is no directive, so nothing is suppressed; did you mean "aggro-disable-next-line"?',
    );
  });

  it('about a rule that is not asked is not judged', async () => {
    const body = `export class Order extends AggregateRoot {\n  // aggro-disable-next-line ${RULE} -- legacy\n  private lines = [];\n}\n`;
    expect((await linted(body)).violations).toHaveLength(1);
    expect(await linted(body, { severities: new Map([[RULE, 'off']]) })).toMatchObject({ violations: [] });
  });

  it('can be kept although it is unused, by a reason of its own', async () => {
    const body = `// aggro-disable-file unused-suppression -- written by a generator\n${exposed('// aggro-disable-next-line one-repo-per-root -- legacy')}`;
    expect((await linted(body)).violations).toEqual([expect.stringContaining('Order.lines')]);
  });

  it('that suppresses nothing comes with what to delete', async () => {
    const rules = await loadRules();
    const choices = rules.map((rule) => ({ rule, severity: rule.severity, options: {} }));
    const removals = (text: string) =>
      suppress([], [extractFacts('src/order.ts', text)], {
        rules,
        choices,
        choiceAt: (rule) => choices.find((each) => each.rule === rule),
      }).remarks.map(({ finding }) =>
        finding.fix?.changes.map((change) => {
          if (change.do !== 'replace') return change.do;
          const { line, column, endLine, endColumn } = change.at;
          return `${line}:${column}-${endLine}:${endColumn} "${change.text}"`;
        }),
      );
    expect(removals(`let a;\n  // aggro-disable-next-line ${RULE} -- b\nlet x;\n`)).toEqual([['2:1-3:1 ""']]);
    expect(removals(`let x; // aggro-disable-line ${RULE} -- b\n`)).toEqual([
      [`1:7-1:${8 + `// aggro-disable-line ${RULE} -- b`.length} ""`],
    ]);
    expect(removals(`/* aggro-disable ${RULE} -- b */\nlet x;\n/* aggro-enable ${RULE} */\n`)).toEqual([['1:1-2:1 ""', '3:1-4:1 ""']]);
    expect(removals('let x; // aggro-disable-line no-such-rule -- b')).toEqual([undefined]);
  });

  it('that suppresses nothing is deleted by --fix, and what is needed of it stays', async () => {
    const body = `export class Order extends AggregateRoot {
  // aggro-disable-next-line ${RULE} -- legacy
  private readonly notes: string[] = [];
  readonly lines: string[] = []; // aggro-disable-line ${RULE}, one-repo-per-root -- legacy
  /**
   * Of old.
   * @aggroIgnore ${RULE} legacy
   */
  private tags = 0;
}
`;
    const shop = project(orders(body));
    expect(aggro(shop, '--fix', '--no-table').status).toBe(0);
    expect(readFileSync(path.join(shop, 'src/order.ts'), 'utf8')).toBe(
      orders(`export class Order extends AggregateRoot {
  private readonly notes: string[] = [];
  readonly lines: string[] = []; // aggro-disable-line ${RULE} -- legacy
  /**
   * Of old.
   */
  private tags = 0;
}
`)['src/order.ts'],
    );
  });

  it('of which one rule is needed keeps that', async () => {
    const { remarks } = await (async () => {
      const rules = await loadRules();
      const choices = rules.map((rule) => ({ rule, severity: rule.severity, options: {} }));
      const facts = extractFacts('src/order.ts', `let x; // aggro-disable-line one-repo-per-root, ${RULE}, small-aggregates -- b\n`);
      const choice = choices.find(({ rule }) => rule.id === RULE);
      if (!choice) throw new Error('no such rule');
      const at = { file: 'src/order.ts', line: 1, column: 5, endLine: 1, endColumn: 6 };
      return suppress([{ choice, finding: { at, message: 'exposed', symbol: 'x' } }], [facts], {
        rules,
        choices,
        choiceAt: (rule) => choices.find((each) => each.rule === rule),
      });
    })();
    expect(remarks.map(({ finding: { fix } }) => fix)).toMatchObject([{ kind: 'safe', changes: [{ do: 'replace', text: RULE }] }]);
    expect(remarks[0]?.finding.message).toContain('suppresses no finding of one-repo-per-root and small-aggregates here');
  });
});

describe('--suppress writes the comments', () => {
  it('once, above each finding, in the style of the file', async () => {
    const shop = project(
      orders(`export class Order extends AggregateRoot {\n\treadonly lines: string[] = [];\n\treadonly tags: string[] = [];\n}\n`),
    );
    const file = path.join(shop, 'src/order.ts');
    const before = `\uFEFF${readFileSync(file, 'utf8').replaceAll('\n', '\r\n')}`;
    writeFileSync(file, before);
    chmodSync(file, 0o640);
    const { status, stderr } = aggro(shop, '--suppress', RULE, '--reason', 'goes with  the\nold shop');
    expect({ status, stderr }).toEqual({ status: 0, stderr: `aggro: 2 findings of ${RULE} suppressed.\n` });
    const comment = `\t// aggro-disable-next-line ${RULE} -- goes with the old shop\r\n`;
    const after = readFileSync(file, 'utf8');
    expect(after).toBe(
      before.replace('\treadonly lines', `${comment}\treadonly lines`).replace('\treadonly tags', `${comment}\treadonly tags`),
    );
    expect(statSync(file).mode & 0o777).toBe(0o640);
    expect(aggro(shop, '--suppress', RULE, '--reason', 'again').stderr).toContain('0 findings');
    expect(readFileSync(file, 'utf8')).toBe(after);
  });

  it('of one rule, above a comment that is there', async () => {
    const shop = project(
      orders(
        `export class Order extends AggregateRoot {\n  // aggro-disable-next-line small-aggregates -- no\n  lines: string[] = [];\n}\n`,
      ),
    );
    expect(await found(shop)).toEqual(['unused-suppression aggro-disable-next-line small-aggregates', `${RULE} Order.lines`]);
    expect(aggro(shop, '--suppress', RULE, '--suppress', 'unused-suppression', '--reason', 'why not').stderr).toContain(
      'src/order.ts:3 has no place for a comment; write it by hand.',
    );
    expect(await found(shop)).toEqual(['unused-suppression aggro-disable-next-line small-aggregates']);
  });

  it('and says what it wants', async () => {
    const shop = project(orders(exposed('')));
    expect(aggro(shop, '--suppress', RULE)).toMatchObject({ status: 2, stdout: '' });
    expect(aggro(shop, '--suppress', RULE, '--reason', ' ').stderr).toContain('--suppress no-exposed-mutable-collections needs a reason');
    expect(aggro(shop, '--suppress', 'no-exposed', '--reason', 'x').stderr).toContain('There is no rule "no-exposed"');
    expect(aggro(shop, '--reason', 'x').stderr).toContain('--reason belongs to --suppress');
    expect(aggro(shop, '--suppress', RULE, '--reason', 'a */ b').stderr).toContain('*/');
  });
});
