import { execFileSync, spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { ROOT } from './own-imports.js';

/** A directory of its own, outside the project, gone when the tests are done: see scratch-folder.ts. */
export function scratch(files: Readonly<Record<string, string | Buffer>> = {}): string {
  const directory = mkdtempSync(join(process.env.AGGRO_SCRATCH ?? tmpdir(), 'test-'));
  for (const [file, content] of Object.entries(files)) {
    mkdirSync(dirname(join(directory, file)), { recursive: true });
    writeFileSync(join(directory, file), content);
  }
  return directory;
}

export function git(cwd: string, ...args: readonly string[]): string {
  return execFileSync('git', ['-c', 'user.name=t', '-c', 'user.email=t@example.org', '-c', 'core.autocrlf=false', ...args], {
    cwd,
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'ignore'],
  });
}

export function commitAll(cwd: string): void {
  git(cwd, 'init', '-q');
  git(cwd, 'add', '-A');
  git(cwd, 'commit', '-qm', 'all');
}

export const AGGRO = join(ROOT, 'dist/bin/aggro.js');

/** The built command line, as a user starts it. */
export function aggroIn(cwd: string, ...args: readonly string[]) {
  const { status, stdout, stderr } = spawnSync(process.execPath, [AGGRO, ...args], {
    cwd,
    encoding: 'utf8',
    env: { ...process.env, NO_COLOR: '1' },
    input: '',
  });
  return { status, stdout, stderr };
}

export const contentOf = (directory: string, file: string): string => readFileSync(join(directory, file), 'utf8');
