import { CommanderError } from 'commander';
import { UsageError } from '../src/errors.js';
import { visibleLines } from '../src/report/inert.js';

/** An error of aggro's own, with the stage in which it happened. */
export class InternalError extends Error {
  override readonly name = 'InternalError';
  constructor(stage: string | undefined, cause: unknown) {
    super(`internal error${stage === undefined ? '' : ` (${stage})`}: ${messageOf(cause)}`, { cause });
  }
}

/** Says on stderr what went wrong, and how the process ends. */
export function exitCodeFor(error: unknown, { stack }: { readonly stack: boolean }): number {
  if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2;
  if (error instanceof UsageError) {
    process.stderr.write(`aggro: ${visibleLines(error.message)}\n`);
    return 2;
  }
  const failure = error instanceof InternalError ? error : new InternalError(undefined, error);
  const trace = failure.cause instanceof Error ? failure.cause.stack : undefined;
  process.stderr.write(`aggro: ${visibleLines(failure.message)}\n${stack && trace ? trace : 'Run with --stack for the trace.'}\n`);
  return 2;
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
