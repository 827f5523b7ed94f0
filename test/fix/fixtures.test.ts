import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { unifiedDiff } from '../../src/fix/diff.js';
import { type Fixed, fix } from '../../src/fix/fix.js';
import type { Violation } from '../../src/report/report.js';
import { copyOf, fixableFixtures, optionsFor } from '../support/fix-fixture.js';
import { FIXTURES } from '../support/fixtures.js';

const keyOf = ({ ruleId, symbol, message }: Violation): string => `${ruleId} ${symbol}: ${message}`;

describe.each(await fixableFixtures())('fixing %s', (fixture) => {
  const cwd = copyOf(fixture);
  let fixed: Fixed;

  beforeAll(async () => {
    fixed = await fix({ ...(await optionsFor(fixture, cwd)), unsafe: true });
  }, 120_000);

  it('does what fixed.diff shows', async () => {
    const refused = fixed.skipped
      .map(({ violation, fix: way, why }) => `# ${violation.ruleId}: ${way.title}: not applied: ${why}\n`)
      .sort();
    const differences = fixed.files.map(({ file, before, after }) => ({ file: file.slice(cwd.length + 1), before, after }));
    const golden = [...refused, unifiedDiff(differences)].join('');
    const file = join(FIXTURES, fixture, 'fixed.diff');
    // Where no way to mend is offered there is nothing to show.
    if (golden !== '' || existsSync(file)) await expect(golden).toMatchFileSnapshot(file);
  });

  it('silences what it mended and finds nothing new', () => {
    const after = fixed.after.violations.map(keyOf);
    for (const { violation } of fixed.applied) expect(after).not.toContain(keyOf(violation));
    const before = fixed.before.violations.map(({ ruleId, symbol }) => `${ruleId} ${symbol}`);
    for (const { ruleId, symbol } of fixed.after.violations) expect(before).toContain(`${ruleId} ${symbol}`);
  });

  it('comes to rest: a second run changes nothing', async () => {
    expect(fixed.rounds).toBeLessThan(10);
    const overlay = new Map(fixed.files.map(({ file, after }) => [file, after]));
    const again = await fix({ ...(await optionsFor(fixture, cwd)), unsafe: true, overlay });
    expect(again.files).toEqual([]);
  }, 120_000);

  it('makes only safe changes unless told otherwise', async () => {
    const safe = await fix({ ...(await optionsFor(fixture, cwd)), unsafe: false });
    expect(safe.applied.filter(({ fix: way }) => way.kind !== 'safe')).toEqual([]);
  }, 120_000);
});
