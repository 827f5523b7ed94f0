import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { analyze, lint, UsageError } from '../src/index.js';
import { ROOT } from './support/own-imports.js';
import { AGGRO, aggroIn, scratch } from './support/scratch.js';

const SHOP = join(ROOT, 'fixtures/shop');
const SHELF =
  '/** @aggregateRoot */\nexport class Shelf {\n  constructor(public id: string) {}\n\n  name(): string {\n    return this.id;\n  }\n}\n';

const foundBy = (report: Awaited<ReturnType<typeof lint>>) => report.violations.map(({ ruleId, symbol }) => `${ruleId} ${symbol}`);

describe('import { lint } from "aggro"', () => {
  it('finds what the command finds', async () => {
    const printed = JSON.parse(execFileSync(process.execPath, [AGGRO, SHOP, '-f', 'json', '--exit-zero'], { encoding: 'utf8' }));
    const fingerprints = (await lint({ cwd: SHOP })).violations.map(({ fingerprint }) => fingerprint);
    expect(fingerprints.length).toBeGreaterThan(3);
    expect(new Set(fingerprints).size).toBe(fingerprints.length);
    expect(printed.violations.length).toBe(fingerprints.length);
  });

  it('takes a configuration, a preset and paths', async () => {
    const cwd = scratch({ 'a/shelf.ts': SHELF, 'b/room.ts': SHELF.replaceAll('Shelf', 'Room') });
    expect(foundBy(await lint({ cwd, paths: ['a'] }))).toEqual(['immutable-identity Shelf.id']);
    expect(foundBy(await lint({ cwd, config: { rules: { 'immutable-identity': 'off' } } }))).toEqual([]);
    expect(foundBy(await lint({ cwd, config: { exclude: ['a'] } }))).toEqual(['immutable-identity Room.id']);
    expect((await lint({ cwd, preset: 'all' })).rules.filter(({ severity }) => severity === 'off')).toEqual([]);
  });

  it('takes the baseline that is there, unless it should not', async () => {
    const cwd = scratch({ 'shelf.ts': SHELF });
    expect(aggroIn(cwd, 'baseline', 'create').status).toBe(0);
    expect((await lint({ cwd })).violations).toEqual([]);
    expect(foundBy(await lint({ cwd, baseline: false }))).toEqual(['immutable-identity Shelf.id']);
  });

  it('says what is wrong as the command does', async () => {
    const cwd = scratch({ 'shelf.ts': SHELF });
    await expect(lint({ cwd, config: { rules: { 'immutable-identiti': 'off' } } })).rejects.toThrow(/did you mean "immutable-identity"/);
    await expect(lint({ cwd: join(cwd, 'nowhere') })).rejects.toBeInstanceOf(UsageError);
    await expect(lint({ cwd: scratch() })).rejects.toThrow(/^No TypeScript files in /);
  });
});

describe('import { analyze } from "aggro"', () => {
  it('gives the model and asks no rule', async () => {
    const { model, violations } = await analyze({ cwd: scratch({ 'shelf.ts': SHELF }) });
    expect(model.aggregates.map(({ name }) => name)).toEqual(['Shelf']);
    expect(violations).toEqual([]);
  });
});
