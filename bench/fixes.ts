// `npm run bench:fixes -- [--all] DIR…`: with the recommended rules or all, mends each checkout with --fix --unsafe, asks the checkout's own compiler before and after, and puts everything back.
import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { loadConfig } from '../src/config.js';
import { type Fixed, fix } from '../src/fix/fix.js';
import { save } from '../src/fix/save.js';
import { lint } from '../src/lint.js';
import { bytesOf } from '../src/on-disk.js';

interface Row {
  readonly repository: string;
  readonly offered: number;
  readonly applied: number;
  readonly dropped: number;
  readonly refused: number;
  readonly averted: number;
  readonly 'errors before': number;
  readonly 'new errors': number;
  readonly 'not installed': number;
  readonly 'tsc seconds': number;
  /** Working out and judging all rounds, by one run of the compiler. */
  readonly 'mending / tsc': number;
  readonly rounds: number;
}

const rows: Row[] = [];
const given = process.argv.slice(2);
const preset = given.includes('--all') ? 'all' : 'recommended';
for (const directory of given.filter((each) => each !== '--all')) rows.push(await judged(path.resolve(directory)));
console.table(rows);
if (rows.some((row) => row['new errors'] > 0)) process.exitCode = 1;

async function judged(cwd: string): Promise<Row> {
  const started = performance.now();
  const before = compilerErrors(cwd);
  const tsc = performance.now() - started;
  const options = { cwd, paths: [], config: await loadConfig({ cwd }), preset } as const;
  const from = performance.now();
  await lint(options);
  const linted = performance.now();
  const outcome = await fix({ ...options, unsafe: true });
  // Fixing lints once, too.
  const mending = performance.now() - linted - (linted - from);
  const originals = new Map(outcome.files.map(({ file }) => [file, bytesOf(file)]));
  let after: readonly string[];
  try {
    save(outcome.files, outcome.applied, cwd);
    after = compilerErrors(cwd);
  } finally {
    for (const [file, bytes] of originals) {
      if (bytes) writeFileSync(file, bytes);
      else rmSync(file, { force: true });
    }
  }
  const fresh = newOnes(before, after);
  for (const error of fresh) console.log(`NEW ERROR ${path.basename(cwd)} ${error}`);
  for (const { violation, fix: way, why } of outcome.skipped)
    console.log(`not applied ${path.basename(cwd)} ${violation.ruleId}: ${way.title}: ${why}`);
  return {
    repository: path.basename(cwd),
    ...counts(outcome),
    'errors before': before.length,
    'new errors': fresh.length,
    'tsc seconds': round(tsc / 1000),
    'mending / tsc': outcome.rounds === 0 ? 0 : round(mending / tsc),
    rounds: outcome.rounds,
  };
}

function counts({ applied, skipped, averted, unresolved }: Fixed) {
  const dropped = skipped.filter(({ complaints }) => complaints.length > 0).length;
  return {
    offered: applied.length + skipped.length,
    applied: applied.length,
    dropped,
    refused: skipped.length - dropped,
    averted,
    'not installed': unresolved.length,
  };
}

/** What the checkout's own compiler says, for every tsconfig.json in it; places left out, since lines move. */
function compilerErrors(cwd: string): readonly string[] {
  return tsconfigs(cwd).flatMap((config) => {
    const tsc = compilerFor(path.dirname(config), cwd);
    const { stdout } = spawnSync(process.execPath, [tsc, '--noEmit', '--pretty', 'false', '-p', config], {
      cwd,
      encoding: 'utf8',
      maxBuffer: 1 << 28,
    });
    return stdout
      .split('\n')
      .filter((line) => /error TS\d+/.test(line))
      .map((line) => line.replace(/\(\d+,\d+\)/, ''));
  });
}

function tsconfigs(directory: string): string[] {
  return readdirSync(directory, { withFileTypes: true }).flatMap((entry) => {
    const file = path.join(directory, entry.name);
    if (entry.isDirectory()) return /^(?:node_modules|dist|\..*)$/.test(entry.name) ? [] : tsconfigs(file);
    return entry.name === 'tsconfig.json' ? [file] : [];
  });
}

function compilerFor(directory: string, cwd: string): string {
  for (let at = directory; at.startsWith(cwd); at = path.dirname(at)) {
    const own = path.join(at, 'node_modules/typescript/lib/tsc.js');
    if (existsSync(own)) return own;
  }
  return path.join(import.meta.dirname, '../node_modules/typescript/lib/tsc.js');
}

function newOnes(before: readonly string[], after: readonly string[]): string[] {
  const left = new Map<string, number>();
  for (const error of before) left.set(error, (left.get(error) ?? 0) + 1);
  return after.filter((error) => {
    const count = left.get(error) ?? 0;
    left.set(error, count - 1);
    return count <= 0;
  });
}

function round(value: number): number {
  return Math.round(value * 100) / 100;
}
