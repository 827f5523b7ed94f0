import { spawn, spawnSync } from 'node:child_process';
import { chmodSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it, onTestFinished } from 'vitest';
import { ROOT } from '../support/own-imports.js';
import { AGGRO, scratch } from '../support/scratch.js';

const FILES = 300;
/** `npm run torture` asks for more. */
const KILLS = Number(process.env.AGGRO_KILLS ?? 40);

const jarOf = (i: number): string =>
  `/** @aggregateRoot */\nexport class Jar${i} {\n  constructor(public id: string) {}\n\n  label(): string {\n    return 'jar ' + this.id;\n  }\n}\n`;
const fixedJarOf = (i: number): string => jarOf(i).replace('public id', 'public readonly id');
const jars = (count: number, of: (i: number) => string) =>
  Object.fromEntries(Array.from({ length: count }, (_, i) => [`jar-${i}.ts`, of(i)]));
const TSCONFIG = JSON.stringify({ compilerOptions: { strict: true, target: 'ES2022', types: [] } });

/** The stage that writes, alone: it says when it begins. */
const WRITER = `
import { readdirSync, readFileSync } from 'node:fs';
import { createJiti } from 'jiti';
const { save } = await createJiti(${JSON.stringify(`${ROOT}/`)}).import(${JSON.stringify(join(ROOT, 'src/fix/save.ts'))});
const directory = process.argv[1];
const files = readdirSync(directory).filter((name) => /^jar-.*ts$/.test(name)).map((name) => {
  const before = readFileSync(directory + '/' + name, 'utf8');
  const after = before.includes('readonly') ? before.replace('public readonly id', 'public id') : before.replace('public id', 'public readonly id');
  return { file: directory + '/' + name, before, after };
});
process.stdout.write('now');
save(files, [], directory);
`;

/** Kills it after so many milliseconds, or lets it end. */
async function killed(directory: string, after: number, hasBegun: () => boolean = () => true): Promise<number> {
  const child = spawn(process.execPath, ['--input-type=module', '-e', WRITER, directory], {
    cwd: ROOT,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const ended = new Promise<void>((resolve) => child.once('close', () => resolve()));
  await Promise.race([new Promise<void>((resolve) => child.stdout.once('data', () => resolve())), ended]);
  expect(child.exitCode, 'the writer has begun').toBeNull();
  const started = performance.now();
  while (!hasBegun() && child.exitCode === null) await sleep(0);
  await Promise.race([sleep(after), ended]);
  child.kill('SIGKILL');
  await ended;
  return performance.now() - started;
}

function states(directory: string): { readonly old: number; readonly fixed: number; readonly torn: readonly string[] } {
  const torn: string[] = [];
  let old = 0;
  let fixed = 0;
  for (let i = 0; i < FILES; i++) {
    const text = readFileSync(join(directory, `jar-${i}.ts`), 'utf8');
    if (text === jarOf(i)) old++;
    else if (text === fixedJarOf(i)) fixed++;
    else torn.push(`jar-${i}.ts: ${JSON.stringify(text.slice(0, 40))}`);
  }
  return { old, fixed, torn };
}

describe('nothing is lost', () => {
  it(`every file is old or new, never torn, however often the run is killed (${KILLS} times over ${FILES} files)`, async () => {
    const directory = scratch(jars(FILES, jarOf));
    const whole = await killed(directory, 60_000);
    expect(states(directory)).toEqual({ old: 0, fixed: FILES, torn: [] });
    let inBetween = 0;
    const first = join(directory, 'jar-0.ts');
    for (let i = 0; i < KILLS; i++) {
      const moment = (i * 0.618_034) % 1.1;
      const text = readFileSync(first, 'utf8');
      // Every other one while files are being replaced: the shortest part, and the one that matters.
      if (i % 2 === 0) await killed(directory, whole * moment);
      else await killed(directory, 5 * moment, () => readFileSync(first, 'utf8') !== text);
      const { old, fixed, torn } = states(directory);
      expect(torn).toEqual([]);
      if (old > 0 && fixed > 0) inBetween++;
    }
    // Otherwise the kills came too early or too late, and nothing was tested.
    expect(inBetween).toBeGreaterThan(0);
  }, 300_000);

  it('the whole command, killed on its way', async () => {
    const directory = scratch({ 'tsconfig.json': TSCONFIG, ...jars(FILES, jarOf) });
    const run = () =>
      spawn(process.execPath, [AGGRO, '--fix', '--no-table', '--rule', 'immutable-identity'], { cwd: directory, stdio: 'ignore' });
    for (const after of [150, 400, 800, 1_200, 1_800, 2_500]) {
      const child = run();
      const ended = new Promise<void>((resolve) => child.once('close', () => resolve()));
      await Promise.race([sleep(after), ended]);
      child.kill('SIGKILL');
      await ended;
      expect(states(directory).torn).toEqual([]);
    }
    await new Promise<void>((resolve) => run().once('close', () => resolve()));
    expect(states(directory)).toEqual({ old: 0, fixed: FILES, torn: [] });
  }, 120_000);

  it('a full disk is said, and leaves every file as it was', () => {
    const directory = scratch();
    const disk = join(directory, 'disk');
    mkdirSync(disk);
    const limit = mounted(disk, 'size=160k') ? '' : 'ulimit -f 1; ';
    for (const [file, text] of Object.entries(jars(20, (i) => `${jarOf(i)}// ${'x'.repeat(3_000)}\n`)))
      writeFileSync(join(disk, file), text);
    writeFileSync(join(disk, 'tsconfig.json'), TSCONFIG);
    const before = snapshot(disk);
    const { status, stderr } = bash(`${limit}exec "$0" "$1" --fix --no-table --rule immutable-identity`, disk);
    expect(stderr).toMatch(/^aggro: Cannot write .*jar-\d+\.ts: (?:ENOSPC: no space left on device|EFBIG: file too large)/);
    expect(status).toBe(2);
    expect(snapshot(disk)).toEqual(before);
  }, 60_000);

  it('a read-only directory is said, and leaves every file as it was', () => {
    const directory = scratch();
    const disk = join(directory, 'disk');
    mkdirSync(disk);
    const isMounted = mounted(disk, 'size=1m');
    for (const [file, text] of Object.entries(jars(3, jarOf))) writeFileSync(join(disk, file), text);
    writeFileSync(join(disk, 'tsconfig.json'), TSCONFIG);
    if (isMounted) spawnSync('mount', ['-o', 'remount,ro', disk]);
    else {
      chmodSync(disk, 0o555);
      onTestFinished(() => chmodSync(disk, 0o755));
    }
    const before = snapshot(disk);
    const { status, stdout, stderr } = bash('exec "$0" "$1" --fix --no-table --rule immutable-identity', disk);
    expect(status).toBe(2);
    expect(stdout).toBe('');
    expect(stderr).toMatch(/^aggro: .*(?:EROFS: read-only file system|EACCES: permission denied)/);
    expect(snapshot(disk)).toEqual(before);
  }, 60_000);
});

/** A small disk of its own where the machine lets us; unmounted when the test ends. */
function mounted(at: string, options: string): boolean {
  const { status } = spawnSync('mount', ['-t', 'tmpfs', '-o', options, 'tmpfs', at], { stdio: 'ignore' });
  if (status !== 0) return false;
  onTestFinished(() => void spawnSync('umount', [at]));
  return true;
}

function bash(script: string, cwd: string) {
  const { status, stdout, stderr } = spawnSync('bash', ['-c', script, process.execPath, AGGRO], { cwd, encoding: 'utf8' });
  return { status, stdout, stderr };
}

function snapshot(directory: string): Readonly<Record<string, string>> {
  return Object.fromEntries(readdirSync(directory).map((file) => [file, readFileSync(join(directory, file), 'utf8')]));
}
