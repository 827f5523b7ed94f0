import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { expectationsIn, unmet } from '../src/testing/expectations.js';
import { FIXTURES, PROJECTS, read, SCENARIOS, sourcesIn } from './support/fixtures.js';
import { lintFixture } from './support/lint-fixture.js';

const expectationsOf = (fixture: string): Map<string, string> => expectationsIn(join(FIXTURES, fixture));

/** Exact both ways: an unmarked finding fails, and so does an unmet marker. */
async function compare(fixture: string): Promise<string[]> {
  return unmet(join(FIXTURES, fixture), (await lintFixture(fixture)).violations);
}

describe('every fixture yields exactly the findings it marks', () => {
  it.each(PROJECTS)('%s', async (fixture) => {
    const complaints = await compare(fixture);
    if (complaints.length > 0) expect.fail(`${fixture}\n\n${complaints.join('\n')}\n`);
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
