import { spawnSync } from 'node:child_process';
import { mkdirSync, realpathSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { adopted } from '../../bin/adoption.js';
import type { LintOptions } from '../../bin/options.js';
import { buildProgram } from '../../bin/program.js';
import { severitiesFrom } from '../../bin/severities.js';
import { loadRules } from '../../src/load-rules.js';
import { summaryOf } from '../../src/report/counts.js';
import type { Report } from '../../src/report/report.js';
import { scratch } from './scratch.js';

const ROOT = path.join(import.meta.dirname, '../..');
type Files = Readonly<Record<string, string>>;

/** A directory with these files, gone when the suite ends. */
export function project(files: Files): string {
  return realpathSync(scratch(files));
}

export function write(folder: string, files: Files): void {
  for (const [file, text] of Object.entries(files)) {
    mkdirSync(path.dirname(path.join(folder, file)), { recursive: true });
    writeFileSync(path.join(folder, file), text);
  }
}

/** The same as a git repository with one commit. */
export function repository(files: Files): string {
  const folder = project(files);
  git(folder, 'init', '--quiet', '--initial-branch', 'main');
  commit(folder, 'all');
  return folder;
}

export function commit(folder: string, message: string): void {
  git(folder, 'add', '--all');
  git(folder, 'commit', '--quiet', '--allow-empty', '--message', message);
}

export function git(cwd: string, ...args: readonly string[]): string {
  const who = [
    '-c',
    'user.name=somebody',
    '-c',
    'user.email=somebody@example.com',
    '-c',
    'commit.gpgSign=false',
    '-c',
    'protocol.file.allow=always',
  ];
  const { status, stdout, stderr } = spawnSync('git', [...who, ...args], { cwd, encoding: 'utf8' });
  if (status !== 0) throw new Error(`git ${args.join(' ')}: ${stderr}`);
  return stdout.trim();
}

/** The built command, as a user runs it. */
export function aggro(cwd: string, ...args: readonly string[]) {
  const { status, stdout, stderr } = spawnSync(process.execPath, [path.join(ROOT, 'dist/bin/aggro.js'), ...args], {
    cwd,
    encoding: 'utf8',
    env: { ...process.env, NO_COLOR: '1', COLUMNS: '100' },
  });
  return { status, stdout, stderr };
}

/** The report of `aggro lint`, without the cost of a process. */
export async function reported(cwd: string, ...args: readonly string[]): Promise<Report> {
  const program = buildProgram();
  let report: Report | undefined;
  program.commands
    .find((command) => command.name() === 'lint')
    ?.action(async (paths: string[], options: LintOptions) => {
      report = await adopted({ paths, options, choices: { severities: severitiesFrom(options.rule, await loadRules()) } });
    });
  await program.parseAsync(['lint', ...args, '--cwd', cwd], { from: 'user' });
  if (!report) throw new Error('no report');
  return report;
}

/** `rule symbol`, of what a run reports. */
export async function found(cwd: string, ...args: readonly string[]): Promise<string[]> {
  return (await reported(cwd, ...args)).violations.map(({ ruleId, symbol }) => `${ruleId} ${symbol}`);
}

/** The sentence that sums a run up. */
export async function summary(cwd: string, ...args: readonly string[]): Promise<string> {
  return summaryOf(await reported(cwd, ...args));
}
