import type { PresentedOptions } from './options.js';

const WIDEST = 120;
const UNKNOWN = 100;
const NARROWEST = 60;

/** `aggro … | head` closes the pipe early: the reader has what it wanted, and the exit code stays what it was. */
export function outlivePipes(): void {
  for (const stream of [process.stdout, process.stderr]) {
    stream.on('error', (error: NodeJS.ErrnoException) => {
      if (error.code === 'EPIPE') return;
      process.exitCode = 2;
      if (stream === process.stdout) process.stderr.write(`aggro: Cannot write the output: ${error.message}\n`);
    });
  }
}

/** A flag decides, then FORCE_COLOR and NO_COLOR, then whether a terminal reads. */
export function wantsColor(
  options: PresentedOptions & { readonly output?: string },
  env = process.env,
  terminal = process.stdout.isTTY,
): boolean {
  if (options.color !== undefined) return options.color;
  if (options.output !== undefined) return false;
  if (env.FORCE_COLOR !== undefined) return env.FORCE_COLOR !== '0' && env.FORCE_COLOR !== 'false';
  if (env.NO_COLOR) return false;
  return terminal && env.TERM !== 'dumb';
}

/** Columns to write in. Lines longer than that are hard to read, whatever the terminal has. */
export function textWidth(columns = process.stdout.columns ?? Number(process.env.COLUMNS)): number {
  return Math.max(NARROWEST, Math.min(columns || UNKNOWN, WIDEST));
}
