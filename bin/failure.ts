import { CommanderError } from 'commander';
import { UsageError } from '../src/errors.js';
import { visible, visibleLines } from '../src/report/inert.js';
import type { Report } from '../src/report/report.js';

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
  process.stderr.write(`aggro: ${visibleLines(failure.message)}\n${stack && trace ? trace : 'Run with --stack for the trace.'}\n${ASK}\n`);
  return 2;
}

const ASK = 'That should not happen. Please report it, with what `aggro doctor` prints.';

/** Where aggro failed in part, it says so after what it has to say about the rest, and the run does not pass for a whole one. */
export function tellFailures({ failures }: Pick<Report, 'failures'>, { stack }: { readonly stack?: boolean }): void {
  if (failures.length === 0) return;
  for (const { stage, subject, message, stack: trace } of failures) {
    const where = stage === 'facts' ? `in ${visible(subject)}, which is left out` : `in ${visible(subject)}, whose findings are missing`;
    process.stderr.write(`aggro: internal error (${stage}) ${where}: ${visibleLines(message)}\n${stack && trace ? `${trace}\n` : ''}`);
  }
  process.stderr.write(`${stack ? '' : 'Run with --stack for the trace. '}${ASK}\n`);
  process.exitCode = 2;
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
