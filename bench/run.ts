import { spawnSync } from 'node:child_process';
import { appendFileSync, copyFileSync, cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { cpus, tmpdir } from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import ts from 'typescript';
import { generate } from './generate.js';
import { type Command, median, rounds, run, timed } from './measure.js';
import { PEERS, type Peer, peers } from './peers.js';
import { profile } from './profile.js';
import { prepare, type Subject } from './subject.js';
import { watchedEdits } from './watched.js';

/** `npm run bench -- [--pairs N] [--skip-lib-check] [--peers] [--profile] [DIR…]`: aggro from outside against `tsc --noEmit` on the same files. */
const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    pairs: { type: 'string', default: '5' },
    profile: { type: 'boolean', default: false },
    /** TypeScript 7 and the linters that a team may have, installed for the occasion. */
    peers: { type: 'boolean', default: false },
    /** Spare tsc its own library files, which it checks unless told otherwise. */
    'skip-lib-check': { type: 'boolean', default: false },
  },
});

const ROOT = path.join(import.meta.dirname, '..');
const SIZES = [1_000, 5_000, 20_000];
const TSC = path.join(ROOT, 'node_modules/typescript/lib/tsc.js');
const count = Number(values.pairs);
const workshop = mkdtempSync(path.join(tmpdir(), 'aggro-bench-'));

try {
  const aggro = build();
  const processor = cpus()[0]?.model ?? 'unknown processor';
  say(`node ${process.version}, TypeScript ${ts.version}, ${cpus().length} × ${processor}, ${count} pairs\n`);
  if (values.peers) await comparePeers(aggro, positionals);
  else if (values.profile) for (const directory of positionals) await explain(aggro, directory);
  else if (positionals.length > 0) await compare(aggro, positionals);
  else {
    startUp(aggro);
    await compare(
      aggro,
      SIZES.map((size) => generate(path.join(workshop, 'generated', `generated-${size}`), size)),
      true,
    );
  }
} finally {
  rmSync(workshop, { recursive: true, force: true });
}

/** A build of its own: rebuilding `dist` meanwhile does not disturb a measurement. */
function build(): string {
  const home = path.join(workshop, 'aggro');
  mkdirSync(home);
  copyFileSync(path.join(ROOT, 'package.json'), path.join(home, 'package.json'));
  symlinkSync(path.join(ROOT, 'node_modules'), path.join(home, 'node_modules'));
  const { status, stdout } = spawnSync(process.execPath, [path.join(ROOT, '.ci/build.mjs')], { encoding: 'utf8' });
  if (status !== 0) throw new Error(`aggro does not build\n${stdout}`);
  cpSync(path.join(ROOT, 'dist'), path.join(home, 'dist'), { recursive: true });
  return path.join(home, 'dist/bin/aggro.js');
}

/** Reads and parses everything, and keeps nothing. */
function lintOf(aggro: string, { directory }: Subject, cache: readonly string[] = ['--no-cache']): Command {
  return { name: 'aggro', args: [aggro, 'lint', '.', ...cache, '--allow-empty', '--format', 'json'], cwd: directory, accepts: [0, 1] };
}

async function compare(aggro: string, directories: readonly string[], growing = false): Promise<void> {
  say('Wall time as a ratio (smallest–largest pair); memory is the peak of the process.\n');
  const TITLES = ['subject', 'files', 'tsc', 'cold ÷ tsc', 'processor', 'code ÷ tsc', 'watching ÷ tsc', 'comment ÷ tsc', 'nothing ÷ tsc'];
  const MORE = ['nothing ÷ bare node', 'code ÷ cold', 'comment ÷ cold', 'nothing ÷ cold', 'MB', 'memory ÷ tsc', 'MB, first run'];
  say(`| ${[...TITLES, ...MORE].join(' | ')} |`);
  say(`|${' --- |'.repeat(TITLES.length + MORE.length)}`);
  const measured: { readonly files: number; readonly seconds: number }[] = [];
  for (const directory of directories) {
    const subject = await prepare(path.resolve(directory), workshop);
    const tsc: Command = {
      name: 'tsc',
      args: [TSC, '-p', subject.tsconfig, '--skipLibCheck', String(values['skip-lib-check'])],
      cwd: subject.directory,
      accepts: [0, 1, 2],
    };
    const checked = checkTime(tsc);
    const kept = ['--cache-location', path.join(workshop, 'cache', subject.name)];
    const edited = path.join(subject.directory, subject.aFile);
    let edits = 0;
    const runs = rounds(count, {
      tsc,
      cold: lintOf(aggro, subject),
      first: { ...lintOf(aggro, subject, kept), before: () => rmSync(path.join(workshop, 'cache'), { recursive: true, force: true }) },
      code: { ...lintOf(aggro, subject, kept), before: () => appendFileSync(edited, codeOf(edits++)) },
      comment: { ...lintOf(aggro, subject, kept), before: () => appendFileSync(edited, '// so much for that\n') },
      same: { ...lintOf(aggro, subject, kept), before: () => settled(lintOf(aggro, subject, kept)) },
      bare: { name: 'node', args: ['-e', '0'], cwd: subject.directory, accepts: [0] },
    });
    const watched = await watchedEdits(
      lintOf(aggro, subject, kept),
      Array.from({ length: count + 1 }, () => () => appendFileSync(edited, codeOf(edits++))),
    );
    type Which = keyof (typeof runs)[number];
    const ratio = (one: Which, other: Which, digits = 3): string =>
      spread(
        runs.map((each) => each[one].seconds / each[other].seconds),
        digits,
      );
    const tscSeconds = median(runs.map((each) => each.tsc.seconds));
    const cells = [
      subject.name + (subject.unparsed > 0 ? ` (${subject.unparsed} unparsed left out)` : ''),
      subject.files,
      `${tscSeconds.toFixed(2)} s`,
      ratio('cold', 'tsc'),
      median(runs.map(({ cold, tsc }) => cold.processor / tsc.processor)).toFixed(3),
      ratio('code', 'tsc'),
      // The first edit still meets code that has run once.
      spread(
        watched.slice(1).map((seconds) => seconds / tscSeconds),
        3,
      ),
      ratio('comment', 'tsc'),
      ratio('same', 'tsc'),
      ratio('same', 'bare', 2),
      ratio('code', 'cold'),
      ratio('comment', 'cold'),
      ratio('same', 'cold'),
      median(runs.map(({ cold }) => cold.megabytes)).toFixed(0),
      median(runs.map(({ cold, tsc }) => cold.megabytes / tsc.megabytes)).toFixed(2),
      median(runs.map(({ first }) => first.megabytes)).toFixed(0),
    ];
    say(`| ${cells.join(' | ')} |${checked ? '' : ' tsc did not check: this row says nothing'}`);
    measured.push({ files: subject.files, seconds: median(runs.map(({ cold }) => cold.seconds)) });
    rmSync(subject.directory, { recursive: true });
  }
  if (growing) growth(measured);
}

/** Says something new: the model has to be made anew. */
function codeOf(edit: number): string {
  return `\nexport const edited${edit} = (value: string): string => value + ${edit};\n`;
}

function spread(ratios: readonly number[], digits: number): string {
  return `${median(ratios).toFixed(digits)} (${Math.min(...ratios).toFixed(digits)}–${Math.max(...ratios).toFixed(digits)})`;
}

/** Cold against each of them, and against TypeScript 6 in the same rounds. */
async function comparePeers(aggro: string, directories: readonly string[]): Promise<void> {
  const commandsFor = peers(workshop);
  say('aggro, cold, as a ratio to the wall time of each (smallest–largest pair).\n');
  say(`| subject | files | aggro | ${PEERS.map((peer) => `÷ ${peer}`).join(' | ')} |`);
  say(`| --- | --- | --- | ${PEERS.map(() => '---').join(' | ')} |`);
  for (const directory of directories) {
    const subject = await prepare(path.resolve(directory), workshop);
    const runs = rounds<Peer | 'aggro'>(count, { aggro: lintOf(aggro, subject), ...commandsFor(subject) });
    const cells = PEERS.map((peer) => {
      const ratios = runs.map((each) => each.aggro.seconds / each[peer].seconds);
      return `${median(ratios).toFixed(2)} (${Math.min(...ratios).toFixed(2)}–${Math.max(...ratios).toFixed(2)})`;
    });
    say(`| ${[subject.name, subject.files, `${median(runs.map(({ aggro }) => aggro.seconds)).toFixed(2)} s`, ...cells].join(' | ')} |`);
    rmSync(subject.directory, { recursive: true });
  }
}

/** So that the times of files tell, as they do when nobody has edited for two seconds: see file-state.ts. */
function settled(command: Command): void {
  spawnSync('sleep', ['2.1']);
  run(command);
}

/** Errors in options or syntax make tsc stop before it checks; a comparison with that would be worth nothing. */
function checkTime(tsc: Command): boolean {
  const { stdout } = spawnSync(process.execPath, [...tsc.args, '--diagnostics'], { cwd: tsc.cwd, encoding: 'utf8', maxBuffer: 2 ** 30 });
  return Number(/^Check time:\s+([\d.]+)s$/m.exec(stdout)?.[1] ?? 0) > 0;
}

function growth(measured: readonly { readonly files: number; readonly seconds: number }[]): void {
  say('\n| files | ms per file | ms per added file |');
  say('| --- | --- | --- |');
  for (const [index, { files, seconds }] of measured.entries()) {
    const before = measured[index - 1];
    const added = before === undefined ? '' : ((1000 * (seconds - before.seconds)) / (files - before.files)).toFixed(3);
    say(`| ${files} | ${((1000 * seconds) / files).toFixed(3)} | ${added} |`);
  }
}

function startUp(aggro: string): void {
  const from = { name: 'start-up', cwd: ROOT, accepts: [0] };
  const bare = ['-e', '0'];
  say('| start | median | ratio to bare node (spread) |');
  say('| --- | --- | --- |');
  for (const command of [['--help'], ['--version'], ['rules'], ['explain', 'one-repo-per-root']]) {
    timed([aggro, ...command], from);
    const rounds = Array.from({ length: 4 * count }, () => ({ bare: timed(bare, from), own: timed([aggro, ...command], from) }));
    const ratios = rounds.map(({ bare, own }) => own / bare).sort((a, b) => a - b);
    const quarter = Math.floor(ratios.length / 4);
    const spread = `${ratios[quarter]?.toFixed(2)}–${ratios[ratios.length - 1 - quarter]?.toFixed(2)}`;
    say(
      `| aggro ${command.join(' ')} | ${(1000 * median(rounds.map(({ own }) => own))).toFixed(0)} ms | ${median(ratios).toFixed(2)} (${spread}) |`,
    );
  }
  say('');
}

async function explain(aggro: string, directory: string): Promise<void> {
  const subject = await prepare(path.resolve(directory), workshop);
  const command = lintOf(aggro, subject);
  const { functions, files } = profile(command, path.join(workshop, 'profile', subject.name));
  const { seconds, megabytes } = run(command);
  say(`${subject.name}: ${subject.files} files, ${seconds.toFixed(2)} s, ${megabytes.toFixed(0)} MB`);
  for (const [title, spent] of [
    ['by function', functions],
    ['by file', files],
  ] as const) {
    say(`\n${title}`);
    for (const { where, share } of spent) say(`  ${(100 * share).toFixed(1).padStart(5)} %  ${where}`);
  }
  say('');
}

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}
