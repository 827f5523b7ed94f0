import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { editPackage, generateWorkspace } from './generate-workspace.js';

/**
 * `npm run bench:workspace -- [PACKAGES]`: a generated workspace under Turborepo and Nx, each from scratch: everything, everything
 * again, one package changed. After each step the report must be that of a single run.
 */
const PACKAGES = Number(process.argv[2] ?? 100);
const ROOT = path.join(import.meta.dirname, '..');
const AGGRO = path.join(ROOT, 'dist/bin/aggro.js');
const REPORT = 'packages/aggregates/aggro.json';
const workshop = mkdtempSync(path.join(tmpdir(), 'aggro-workspace-'));

try {
  say(`${PACKAGES} packages\n`);
  say('| engine | step | seconds | tasks | from the cache | report of a single run |');
  say('| --- | --- | --- | --- | --- | --- |');
  walk('turbo', ['turbo@2'], ['npx', 'turbo', 'run', 'aggro'], turboTasks);
  walk('nx', ['nx@22'], ['npx', 'nx', 'run', 'acme:aggro'], nxTasks);
} finally {
  rmSync(workshop, { recursive: true, force: true });
}

interface Tasks {
  readonly all: number;
  readonly cached: number;
}

function walk(engine: string, install: readonly string[], command: readonly string[], tasksIn: (output: string) => Tasks): void {
  const cwd = path.join(workshop, engine);
  mkdirSync(cwd);
  generateWorkspace(cwd, PACKAGES);
  must(cwd, ['npm', 'install', '--no-audit', '--no-fund', '--ignore-scripts', '--save-dev', ...install]);
  // As if it were installed.
  symlinkSync(AGGRO, path.join(cwd, 'node_modules/.bin/aggro'));
  must(cwd, ['git', 'init', '-q']);
  must(cwd, ['git', 'add', '-A']);
  must(cwd, ['git', '-c', 'user.name=b', '-c', 'user.email=b@example.org', 'commit', '-qm', 'all']);
  const step = (name: string): void => {
    // What is there afterwards was written now, or came out of the engine's cache.
    rmSync(path.join(cwd, REPORT), { force: true });
    const started = performance.now();
    const output = must(cwd, command);
    const seconds = (performance.now() - started) / 1000;
    const { all, cached } = tasksIn(output);
    say(`| ${engine} | ${name} | ${seconds.toFixed(1)} | ${all} | ${cached} | ${isSame(cwd) ? 'the same' : 'ANOTHER'} |`);
  };
  step('first');
  step('again');
  editPackage(cwd, Math.ceil(PACKAGES / 2));
  step('one package changed');
}

/** What the workspace's own lint wrote, against a run that parses everything itself. */
function isSame(cwd: string): boolean {
  const single = path.join(cwd, 'node_modules/.single.json');
  must(cwd, [process.execPath, AGGRO, 'lint', '--no-cache', '-f', `json=${single}`, '--exit-zero']);
  return timeless(readFileSync(path.join(cwd, REPORT), 'utf8')) === timeless(readFileSync(single, 'utf8'));
}

function timeless(report: string): string {
  return report.replace(/"durationMs": *\d+/, '');
}

function turboTasks(output: string): Tasks {
  const [, cached = '0', all = '0'] = /Cached:\s+(\d+) cached, (\d+) total/.exec(output) ?? [];
  return { all: Number(all), cached: Number(cached) };
}

function nxTasks(output: string): Tasks {
  const [, dependencies = '0'] = /and (\d+) tasks? it depends on/.exec(output) ?? [];
  const [, cached = '0'] = /for (\d+) out of \d+ tasks/.exec(output) ?? [];
  return { all: Number(dependencies) + 1, cached: Number(cached) };
}

function must(cwd: string, [file = '', ...args]: readonly string[]): string {
  const { status, stdout, stderr, error } = spawnSync(file, args, {
    cwd,
    encoding: 'utf8',
    maxBuffer: 2 ** 28,
    env: { ...process.env, NO_COLOR: '1', FORCE_COLOR: '0', TURBO_TELEMETRY_DISABLED: '1', NX_DAEMON: 'false', CI: 'true' },
  });
  if (status !== 0)
    throw new Error(
      `${file} ${args.join(' ')} ended with ${status ?? error?.message} in ${cwd}\n${stdout.slice(-3000)}\n${stderr.slice(-3000)}`,
    );
  return stdout + stderr;
}

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}
