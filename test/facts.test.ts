import { appendFileSync, cpSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { artefactOf, factsFromArtefacts } from '../src/cache/artefact.js';
import { loadConfig } from '../src/config.js';
import type { FileFacts } from '../src/facts/facts.js';
import { lint } from '../src/lint.js';
import { artefactsAt } from '../src/project/artefacts.js';
import { takeFacts } from '../src/take-facts.js';
import { aggroIn, scratch } from './support/scratch.js';

const manifest = (name: string) => JSON.stringify({ name: `@acme/${name}`, exports: './src/index.ts' });
const WORKSPACE = {
  'package.json': '{ "name": "acme", "workspaces": ["packages/*"] }',
  'packages/kernel/package.json': manifest('kernel'),
  'packages/kernel/src/index.ts': 'export abstract class AggregateRoot {\n  constructor(readonly id: string) {}\n}\n',
  'packages/sea/package.json': manifest('sea'),
  'packages/sea/src/index.ts':
    "import { AggregateRoot } from '@acme/kernel';\n\nexport class Ship extends AggregateRoot {\n  private berth = 'A–1 \\u2028';\n\n  moor(berth: string): void {\n    this.berth = berth;\n  }\n}\n",
  'packages/land/package.json': manifest('land'),
  'packages/land/src/index.ts':
    "import { AggregateRoot } from '@acme/kernel';\nimport { Ship } from '@acme/sea';\n\nexport class Crane extends AggregateRoot {\n  private serves: Ship | undefined;\n\n  serve(ship: Ship): void {\n    this.serves = ship;\n  }\n}\n",
};
const PACKAGES = ['kernel', 'land', 'sea'].map((name) => `packages/${name}`);
const ARTEFACT = '.aggro/facts.tsv';

/** Artefacts of all packages, taken as `aggro facts` takes them, without starting it for each. */
async function workspace(): Promise<string> {
  const cwd = scratch(WORKSPACE);
  for (const each of PACKAGES) await take(path.join(cwd, each));
  return cwd;
}

async function take(cwd: string, version = '1.2.3'): Promise<string> {
  const { taken } = await takeFacts({ cwd, paths: [], config: await loadConfig({ cwd }) });
  const text = artefactOf(taken, '..', version);
  mkdirSync(path.join(cwd, '.aggro'), { recursive: true });
  writeFileSync(path.join(cwd, ARTEFACT), text);
  return text;
}

async function lintFrom(cwd: string, given: readonly string[] | undefined = undefined) {
  const store = given && factsFromArtefacts(artefactsAt(cwd, given, ARTEFACT), cwd, '1.2.3');
  const { timing, durationMs, sourceOf, inScope, ...report } = await lint({ cwd, paths: [], config: await loadConfig({ cwd }), store });
  return { work: timing.work, report };
}

describe('facts of packages', () => {
  it('make the report of a single run, and nothing is parsed again', async () => {
    const cwd = await workspace();
    const single = await lintFrom(cwd);
    expect(single.report.violations.map(({ ruleId, message }) => `${ruleId}: ${message}`)).toEqual([
      expect.stringContaining('no-object-refs-across-aggregates: Crane.serves holds the aggregate root Ship'),
    ]);
    for (const given of [PACKAGES, ['packages/*'], PACKAGES.map((each) => path.join(each, ARTEFACT)), ['packages/*/.aggro/facts.tsv']]) {
      const whole = await lintFrom(cwd, given);
      expect(whole.work).toEqual({ files: 3, read: 3, parsed: 0 });
      expect(JSON.stringify(whole.report)).toBe(JSON.stringify(single.report));
    }
  });

  it('are the same bytes elsewhere, and taken a second time', async () => {
    const cwd = await workspace();
    const elsewhere = scratch();
    cpSync(cwd, elsewhere, { recursive: true });
    const first = readFileSync(path.join(cwd, 'packages/sea', ARTEFACT), 'utf8');
    expect(await take(path.join(elsewhere, 'packages/sea'))).toBe(first);
    expect(await take(path.join(cwd, 'packages/sea'))).toBe(first);
    expect(first).not.toContain(cwd);
    // Of its own package alone, though its imports lead elsewhere.
    expect(first.split('\n')).toHaveLength(3);
  });

  it('are not believed of a file that has changed since', async () => {
    const cwd = await workspace();
    appendFileSync(
      path.join(cwd, 'packages/land/src/index.ts'),
      'export class Truck extends AggregateRoot {\n  readonly cargo: Ship[] = [];\n}\n',
    );
    const single = await lintFrom(cwd);
    expect(single.report.violations.length).toBeGreaterThan(1);
    const { work, report } = await lintFrom(cwd, ['packages/*']);
    expect(work).toEqual({ files: 3, read: 3, parsed: 1 });
    expect(report.violations).toEqual(single.report.violations);
    expect(report.notices).toEqual(['packages/land/src/index.ts has changed since aggro facts ran, and had to be parsed again.']);
  });

  it('of a damaged line are taken anew', async () => {
    const cwd = await workspace();
    const file = path.join(cwd, 'packages/land', ARTEFACT);
    writeFileSync(file, readFileSync(file, 'utf8').replaceAll('Ship', 'Shop'));
    const { report } = await lintFrom(cwd, ['packages/*']);
    expect(report.violations).toEqual((await lintFrom(cwd)).report.violations);
  });

  it('of another version, cut off, foreign or not there are refused, with a way out', async () => {
    const cwd = await workspace();
    const land = path.join(cwd, 'packages/land');
    const file = path.join(land, ARTEFACT);
    const whole = readFileSync(file, 'utf8');
    await expect(lintFrom(cwd, ['packages/nowhere'])).rejects.toThrow('packages/nowhere holds no .aggro/facts.tsv');
    await expect(lintFrom(cwd, ['packages/*/src'])).rejects.toThrow('run aggro facts in each package first');
    await take(land, '1.2.2');
    await expect(lintFrom(cwd, ['packages/*'])).rejects.toThrow(`${file} is of aggro 1.2.2, and this is 1.2.3: run aggro facts again.`);
    writeFileSync(file, whole.slice(0, -2));
    await expect(lintFrom(cwd, ['packages/*'])).rejects.toThrow(`${file} is damaged, 0 of 1 files are left: run aggro facts again.`);
    for (const foreign of ['', 'id\tname\n', '[1', '{}\n']) {
      writeFileSync(file, foreign);
      await expect(lintFrom(cwd, ['packages/*'])).rejects.toThrow(`${file} holds no facts`);
    }
  });

  it('keep what a generator signed as a file without any', () => {
    const generated: FileFacts | null = null;
    const cwd = scratch({ 'facts.tsv': artefactOf([{ name: 'a.ts', text: '// @generated', facts: generated }], '.', '1.2.3') });
    const store = factsFromArtefacts([path.join(cwd, 'facts.tsv')], cwd, '1.2.3');
    expect(store.known('a.ts', '// @generated')).toBeNull();
    expect(store.known('a.ts', '// made by hand')).toBeUndefined();
  });

  it('go through the command line', () => {
    const cwd = scratch(WORKSPACE);
    for (const each of PACKAGES) {
      const { status, stdout } = aggroIn(path.join(cwd, each), 'facts');
      expect({ status, stdout }).toEqual({ status: 0, stdout: '.aggro/facts.tsv: facts of 1 file, 1 parsed\n' });
    }
    const { status, stdout } = aggroIn(cwd, 'lint', '-f', 'json', '--timing', '--facts', ...PACKAGES);
    expect(status).toBe(1);
    expect(JSON.parse(stdout).timing.work).toEqual({ files: 3, read: 3, parsed: 0 });
    rmSync(path.join(cwd, 'packages/land', '.aggro'), { recursive: true });
    const refused = aggroIn(cwd, '--facts', 'packages/land');
    expect(refused).toMatchObject({ status: 2, stdout: '' });
    expect(refused.stderr).toMatch(/^aggro: packages\/land holds no \.aggro\/facts\.tsv in .+: run aggro facts in each package first\.\n$/);
  });
});
