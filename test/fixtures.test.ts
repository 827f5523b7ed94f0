import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { FIXTURES, PROJECTS, read, SCENARIOS, sourcesIn } from './support/fixtures.js';
import { lintFixture } from './support/lint-fixture.js';
import { markersIn } from './support/markers.js';

/** Place, rule and severity: what a marker and a violation must agree on. */
const place = (file: string, line: number, column: number, endColumn: number): string => `${file}:${line}:${column}-${endColumn}`;

function expectationsOf(fixture: string): Map<string, string> {
  const directory = join(FIXTURES, fixture);
  const expected = new Map<string, string>();
  for (const file of sourcesIn(directory)) {
    for (const { line, column, endColumn, severity, ruleId } of markersIn(read(directory, file))) {
      const key = `${place(file, line, column, endColumn)} ${severity}: ${ruleId}`;
      const code = read(directory, file).split(/\r?\n/)[line - 1]?.trim() ?? '';
      expected.set(key, code);
    }
  }
  return expected;
}

/** Exact both ways: an unmarked finding fails, and so does an unmet marker. */
async function compare(fixture: string): Promise<string[]> {
  const unmet = expectationsOf(fixture);
  const { violations } = await lintFixture(fixture);
  const complaints: string[] = [];
  for (const { at, severity, ruleId, message } of violations) {
    const key = `${place(at.file, at.line, at.column, at.endColumn)} ${severity}: ${ruleId}`;
    if (!unmet.delete(key)) complaints.push(`unexpected  ${key}\n            ${message}`);
  }
  for (const [key, code] of unmet) complaints.push(`missing     ${key}\n            ${code}`);
  return complaints;
}

describe('every fixture yields exactly the findings it marks', () => {
  it.each(PROJECTS)('%s', async (fixture) => {
    const complaints = await compare(fixture);
    if (complaints.length > 0) expect.fail(`${fixture}\n\n${complaints.sort().join('\n')}\n`);
  });
});

describe('every scenario does what its name says', () => {
  const own = (scenario: string): number => {
    const [rule = ''] = scenario.split('/');
    return [...expectationsOf(scenario).keys()].filter((key) => key.endsWith(`: ${rule}`)).length;
  };

  it.each(SCENARIOS.filter((scenario) => scenario.includes('/catches-')))('%s marks a finding of its rule', (scenario) => {
    expect(own(scenario)).toBeGreaterThan(0);
  });

  it.each(SCENARIOS.filter((scenario) => scenario.includes('/passes-')))('%s marks none of its rule', (scenario) => {
    expect(own(scenario)).toBe(0);
  });
});

describe('every rule directory has one example of each kind for aggro explain', () => {
  const rules = [...new Set(SCENARIOS.map((scenario) => scenario.split('/')[0] ?? ''))];

  it.each(rules)('%s', (rule) => {
    const directory = join(FIXTURES, rule);
    const examples = sourcesIn(directory).flatMap((file) =>
      [...read(directory, file).matchAll(/^\s*\/\/ #region example: (bad|good)$/gm)].map(([, kind]) => [kind, file.split('-')[0]]),
    );
    expect(examples.sort()).toEqual([
      ['bad', 'catches'],
      ['good', 'passes'],
    ]);
  });
});
