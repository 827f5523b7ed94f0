import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { holds, walk } from '../bench/adoption.js';
import { FIXTURES } from './support/fixtures.js';
import { sarifSchema } from './support/sarif.js';
import { git } from './support/scratch.js';

/** Events with publishers and subscribers; `npm run torture` takes classes with bases of their own and property bags, too. */
const LONG = process.env.AGGRO_LONG === '1' ? ['shop', 'no-mutation-bypassing-root/catches-property-bag'] : [];
const ADOPTED = [...LONG, 'events-carry-identities/catches-message-with-publishers-and-subscribers'];

describe.each(ADOPTED)('adopting aggro on %s', (fixture) => {
  it('silences what is known, says what is new and what is gone, and takes no notice of what moves', () => {
    const before = git(FIXTURES, 'status', '--porcelain', '--', fixture);
    const { steps, logs } = walk(join(FIXTURES, fixture));
    expect(steps.filter((step) => !holds(step))).toEqual([]);
    expect(steps.map(({ command }) => command)).toEqual([
      'aggro lint',
      'aggro init --yes',
      'aggro baseline create',
      'aggro baseline create --force',
      '.aggro-baseline.json',
      'aggro lint --ci',
      'aggro lint',
      'aggro lint',
      'aggro lint --ci',
      'aggro baseline prune',
      'git diff .aggro-baseline.json',
      'aggro lint --ci',
      'aggro lint --ci',
      'aggro lint --ci',
      'aggro lint --ci',
    ]);
    const valid = sarifSchema();
    for (const log of logs) {
      valid(JSON.parse(log));
      expect(valid.errors).toBeNull();
    }
    expect(git(FIXTURES, 'status', '--porcelain', '--', fixture)).toBe(before);
  }, 300_000);
});
