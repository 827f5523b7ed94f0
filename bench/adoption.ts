import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdtempSync, readdirSync, readFileSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { moveWithImports } from './moving.js';
import { withoutDeclaration } from './removing.js';

/** What a team sees that adopts aggro on code full of findings, one command after the other. */
export interface Step {
  readonly what: string;
  readonly command: string;
  readonly expected: string;
  readonly found: string;
}

export const holds = ({ expected, found }: Step): boolean => expected === found;

export interface Walked {
  readonly steps: readonly Step[];
  /** SARIF logs on the way. */
  readonly logs: readonly string[];
}

const AGGRO = path.join(import.meta.dirname, '../dist/bin/aggro.js');
const BASELINE = '.aggro-baseline.json';
const ADDED = `
/** @aggregateRoot */
export class AddedByTheWalk {
  private readonly lines: string[] = [];

  allLines(): string[] {
    return this.lines;
  }
}
`;
/** Files that are moved, and fixes that are tried. */
const MOST = 5;

/** Adopts aggro in a copy of a directory: what is known stays quiet, what is new is said, what is gone is noticed, and what moves changes nothing. */
export function walk(directory: string): Walked {
  const cwd = copied(directory);
  try {
    return adopt(cwd);
  } finally {
    rmSync(cwd, { recursive: true, force: true });
  }
}

function adopt(cwd: string): Walked {
  const steps: Step[] = [];
  const logs: string[] = [];
  const reports = mkdtempSync(path.join(tmpdir(), 'aggro-walk-reports-'));
  const aggro = (...args: readonly string[]): Ran => run(cwd, process.execPath, AGGRO, ...args);
  const lint = (...args: readonly string[]): Seen => {
    const found = seen(aggro('lint', ...formats(reports), ...args), reports);
    logs.push(found.log);
    return found;
  };
  const note = (what: string, command: string, expected: string, found: string): void =>
    void steps.push({ what, command, expected, found });

  const before = lint('--no-baseline');
  const all = before.found.length;
  note('there is something to adopt', 'aggro lint', 'findings', all > 0 ? 'findings' : 'none');
  note('it is set up', 'aggro init --yes', 'exit 0', exit(aggro('init', '--yes')));
  const byInit = textIn(cwd, BASELINE);
  note('what init knows is not written twice', 'aggro baseline create', 'exit 2', exit(aggro('baseline', 'create')));
  note('it is written', 'aggro baseline create --force', 'exit 0', exit(aggro('baseline', 'create', '--force')));
  note('it is what init knew', BASELINE, 'the same', textIn(cwd, BASELINE) === byInit ? 'the same' : 'another');
  commit(cwd);
  note('what is known is quiet', 'aggro lint --ci', inWords({ known: all }), told(lint('--ci')));

  const home = before.homes[0] ?? '';
  writeFileSync(path.join(cwd, home), `${textIn(cwd, home)}${ADDED}`);
  const fresh = [`no-exposed-mutable-collections AddedByTheWalk.allLines ${home}`];
  note('one finding is added', 'aggro lint', inWords({ known: all, fresh, status: 1 }), told(lint()));
  restore(cwd);

  const mended = mendOne();
  const gone = mended?.after.gone ?? 0;
  const known = all - gone;
  note(
    `an old one is mended: ${mended?.how ?? 'no way found'}`,
    'aggro lint',
    inWords({ known, gone }),
    mended ? told(mended.after) : 'nothing is gone',
  );
  note('its entry is stale', 'aggro lint --ci', inWords({ known, gone, status: 1 }), told(lint('--ci')));
  const pruned = /\d+ taken out/.exec(aggro('baseline', 'prune').stdout)?.[0] ?? '';
  note('it is taken out', 'aggro baseline prune', `${gone} taken out`, pruned);
  note('and no other', `git diff ${BASELINE}`, `0 added, ${gone} deleted`, changed(cwd, BASELINE));
  const after = lint('--ci');
  note('all is well again', 'aggro lint --ci', inWords({ known }), told(after));
  commit(cwd);

  const renamed = after.files
    .slice(0, MOST)
    .map((file): Move => [file, path.posix.join(path.posix.dirname(file), `renamed-${path.posix.basename(file)}`)]);
  moveWithImports(cwd, new Map(renamed));
  const elsewhere = lint('--ci');
  note(`${renamed.length} renamed, ${renamed[0]?.join(' → ')}`, 'aggro lint --ci', inWords({ known }), told(elsewhere));
  commit(cwd);

  const moved = [...new Map(elsewhere.files.slice(0, MOST).flatMap((file) => withItsFolder(cwd, file)))];
  moveWithImports(cwd, new Map(moved));
  const inFolders = lint('--ci');
  note(`${moved.length} moved, ${moved[0]?.join(' → ')}`, 'aggro lint --ci', inWords({ known }), told(inFolders));
  commit(cwd);

  for (const file of inFolders.files) writeFileSync(path.join(cwd, file), `// One.\n// Two.\n\n${textIn(cwd, file)}`);
  note(`lines moved in ${inFolders.files.length}`, 'aggro lint --ci', inWords({ known }), told(lint('--ci')));
  rmSync(reports, { recursive: true });
  return { steps, logs };

  /** With its fix where one compiles and brings nothing new; else its class goes. */
  function mendOne(): { readonly how: string; readonly after: Seen } | undefined {
    for (const { how, make } of [...fixesOf(before.found, aggro), ...before.found.map((each) => removalOf(each, cwd))]) {
      make();
      const left = lint();
      if (left.gone > 0 && left.found.length === 0) return { how, after: left };
      restore(cwd);
    }
    return undefined;
  }
}

type Move = readonly [from: string, to: string];

interface Way {
  readonly how: string;
  readonly make: () => void;
}

function fixesOf(found: readonly Finding[], aggro: (...args: readonly string[]) => Ran): readonly Way[] {
  return found
    .filter(({ fix }) => fix !== undefined)
    .slice(0, MOST)
    .map(({ fingerprint, symbol, ruleId }) => ({
      how: `--fix-one ${fingerprint}, ${ruleId} ${symbol}`,
      make: () => void aggro('lint', '--fix-one', fingerprint, '--unsafe', '--force'),
    }));
}

function removalOf({ file, symbol }: Finding, cwd: string): Way {
  const [name = symbol] = symbol.split('.');
  return { how: `without ${name}`, make: () => writeFileSync(path.join(cwd, file), withoutDeclaration(file, textIn(cwd, file), name)) };
}

// ── what aggro said ───────────────────────────────────────────────────────────────────────────────────────────────

interface Ran {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

function run(cwd: string, command: string, ...args: readonly string[]): Ran {
  const env = { ...process.env, NO_COLOR: '1', GITHUB_STEP_SUMMARY: '' };
  const { status, stdout, stderr, error } = spawnSync(command, args, { cwd, encoding: 'utf8', env, input: '', maxBuffer: 1 << 28 });
  if (error) throw error;
  return { status, stdout, stderr };
}

const exit = ({ status }: Ran): string => `exit ${status}`;

interface Finding {
  readonly ruleId: string;
  readonly symbol: string;
  readonly file: string;
  readonly fingerprint: string;
  readonly fix?: object;
}

interface Told {
  readonly status: number | null;
  readonly known: number;
  readonly gone: number;
  /** Rule, symbol and file. */
  readonly fresh: readonly string[];
}

interface Seen extends Told {
  readonly found: readonly Finding[];
  /** Of all findings, those that are known included. */
  readonly files: readonly string[];
  /** Files of aggregate roots. */
  readonly homes: readonly string[];
  /** Where another format says something else than the JSON report. */
  readonly contradictions: readonly string[];
  readonly log: string;
}

const formats = (reports: string): readonly string[] => [
  '-f',
  'text',
  ...['json', 'sarif', 'github'].flatMap((format) => ['-f', `${format}=${path.join(reports, format)}`]),
];

function seen({ status, stdout, stderr }: Ran, reports: string): Seen {
  if (status === 2) throw new Error(stderr);
  const report = JSON.parse(textIn(reports, 'json'));
  const found: readonly Finding[] = report.violations;
  const all: readonly Finding[] = [...found, ...report.suppressed];
  const known: number = report.baseline?.known ?? 0;
  const log = textIn(reports, 'sarif');
  const baselined = report.baseline === undefined ? 'undefined' : 'new';
  const said: readonly [string, unknown, unknown][] = [
    ['text', found.length, linesOf(stdout, /^ {2}\S.*:\d+:\d+ {2}(?:error|warning|info) {2}\S/).length],
    [
      'SARIF',
      `${found.length} ${baselined}, ${known} unchanged`,
      `${statesIn(log, baselined)} ${baselined}, ${statesIn(log, 'unchanged')} unchanged`,
    ],
    ['GitHub', placed(found.slice(0, MOST_ANNOTATED)), annotatedIn(textIn(reports, 'github')).slice(0, MOST_ANNOTATED).join(' ')],
  ];
  return {
    status,
    known,
    gone: report.baseline?.gone.length ?? 0,
    fresh: found.map(({ ruleId, symbol, file }) => `${ruleId} ${symbol} ${file}`),
    found,
    files: [...new Set(all.map(({ file }) => file))],
    homes: report.model.aggregates.map(({ file }: { readonly file: string }) => file),
    contradictions: said.flatMap(([format, expected, is]) => (expected === is ? [] : [`${format} has ${is} for ${expected}`])),
    log,
  };
}

/** Beyond this GitHub shows none, and those that are shown are the most severe. */
const MOST_ANNOTATED = 1;

const linesOf = (text: string, pattern: RegExp): readonly string[] => text.split('\n').filter((line) => pattern.test(line));

const placed = (found: readonly Finding[]): string => found.map(({ file }) => file).join(' ');

function annotatedIn(text: string): readonly string[] {
  return linesOf(text, /^::(?:error|warning|notice) /).map((line) => / file=([^,]*)/.exec(line)?.[1] ?? '');
}

/** What a consumer shows: suppressed results only where a baseline suppresses them. */
function statesIn(log: string, state: string): number {
  const results: readonly { readonly baselineState?: string; readonly suppressions?: readonly { readonly kind: string }[] }[] =
    JSON.parse(log).runs[0].results;
  return results.filter(
    ({ baselineState, suppressions }) =>
      String(baselineState) === state && suppressions?.[0]?.kind === (state === 'unchanged' ? 'external' : undefined),
  ).length;
}

const told = (all: Seen): string => [inWords(all), ...all.contradictions].join(', but ');

function inWords({ status = 0, known = 0, gone = 0, fresh = [] }: Partial<Told>): string {
  return `exit ${status}, ${known} known, ${gone} gone, new: ${fresh.join(', ') || 'none'}`;
}

// ── the copy ──────────────────────────────────────────────────────────────────────────────────────────────────────

/** Dependencies are linked, not copied; nothing writes there. */
function copied(directory: string): string {
  const cwd = realpathSync(mkdtempSync(path.join(tmpdir(), 'aggro-walk-')));
  const dependencies: string[] = [];
  cpSync(directory, cwd, {
    recursive: true,
    filter: (from) => {
      const name = path.basename(from);
      if (name === 'node_modules') dependencies.push(path.relative(directory, from));
      return name !== 'node_modules' && name !== '.git';
    },
  });
  for (const each of dependencies) symlinkSync(path.join(realpathSync(directory), each), path.join(cwd, each));
  git(cwd, 'init', '-q');
  writeFileSync(path.join(cwd, '.git/info/exclude'), 'node_modules\n');
  commit(cwd);
  return cwd;
}

function git(cwd: string, ...args: readonly string[]): string {
  const { status, stdout, stderr } = run(
    cwd,
    'git',
    '-c',
    'user.name=walk',
    '-c',
    'user.email=walk@example.org',
    '-c',
    'core.autocrlf=false',
    '-c',
    'core.hooksPath=.git/hooks',
    ...args,
  );
  if (status !== 0) throw new Error(`git ${args.join(' ')}: ${stderr}`);
  return stdout;
}

function commit(cwd: string): void {
  git(cwd, 'add', '-A');
  git(cwd, 'commit', '-q', '--allow-empty', '-m', 'walked');
}

function restore(cwd: string): void {
  git(cwd, 'checkout', '-q', '--', '.');
  git(cwd, 'clean', '-fdq');
}

function changed(cwd: string, file: string): string {
  const [added = '0', deleted = '0'] = git(cwd, 'diff', '--numstat', '--', file).split('\t');
  return `${added || 0} added, ${deleted} deleted`;
}

function textIn(cwd: string, file: string): string {
  const at = path.join(cwd, file);
  return existsSync(at) ? readFileSync(at, 'utf8') : '';
}

/** A file goes with all that is in its folder; where that is the whole project, it goes by itself. */
function withItsFolder(cwd: string, file: string): readonly Move[] {
  const folder = path.posix.dirname(file);
  if (!folder.includes('/')) return [[file, path.posix.join(folder, 'moved', path.posix.basename(file))]];
  const to = path.posix.join(path.posix.dirname(folder), 'moved', path.posix.basename(folder));
  return readdirSync(path.join(cwd, folder), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => path.relative(path.join(cwd, folder), path.join(entry.parentPath, entry.name)).split(path.sep).join('/'))
    .map((each) => [path.posix.join(folder, each), path.posix.join(to, each)]);
}
