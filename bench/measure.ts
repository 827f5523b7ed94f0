import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

/** One process from outside: the whole of it, start-up included. */
export interface Run {
  readonly seconds: number;
  /** Processor time of all threads: what a busy machine distorts least. */
  readonly processor: number;
  /** Peak resident memory in megabytes. */
  readonly megabytes: number;
}

export interface Command {
  readonly name: string;
  readonly args: readonly string[];
  readonly cwd: string;
  /** Exit codes that mean the work was done. */
  readonly accepts: readonly number[];
}

const PEAK = path.join(import.meta.dirname, 'peak.cjs');

/** The preload costs both sides the same and reports the peak of the very process. */
export function run(command: Command): Run {
  const directory = mkdtempSync(path.join(tmpdir(), 'aggro-bench-run-'));
  const file = path.join(directory, 'peak');
  try {
    const seconds = timed(['--require', PEAK, ...command.args], command, { AGGRO_BENCH_PEAK: file });
    if (!existsSync(file)) throw new Error(`${command.name} left no trace of its memory`);
    const [peak, processor] = readFileSync(file, 'utf8').split(' ').map(Number);
    return { seconds, processor: (processor ?? Number.NaN) / 1e6, megabytes: (peak ?? Number.NaN) / 1024 };
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}

/** Bare wall time, for runs so short that even the preload would show. */
export function timed(
  args: readonly string[],
  { name, cwd, accepts }: Omit<Command, 'args'>,
  env: Readonly<Record<string, string>> = {},
): number {
  const started = performance.now();
  const { status, stderr } = spawnSync(process.execPath, args, {
    cwd,
    stdio: ['ignore', 'ignore', 'pipe'],
    encoding: 'utf8',
    env: { ...process.env, ...env, NO_COLOR: '1' },
  });
  const seconds = (performance.now() - started) / 1000;
  if (status === null || !accepts.includes(status)) throw new Error(`${name} ended with ${status} in ${cwd}\n${stderr.slice(0, 2000)}`);
  return seconds;
}

export interface Contestant extends Command {
  /** What happens before each of its runs, outside the measurement. */
  readonly before?: () => void;
}

/** A B C A B C …, so that whatever else the machine does falls on all. One round first warms the file system's cache, and ours. */
export function rounds<Name extends string>(count: number, contestants: Readonly<Record<Name, Contestant>>): Record<Name, Run>[] {
  const names = Object.keys(contestants) as Name[];
  const round = (): Record<Name, Run> =>
    Object.fromEntries(
      names.map((name) => {
        contestants[name].before?.();
        return [name, run(contestants[name])];
      }),
    ) as Record<Name, Run>;
  round();
  return Array.from({ length: count }, round);
}

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  const upper = sorted[middle] ?? Number.NaN;
  return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] ?? Number.NaN) + upper) / 2;
}
