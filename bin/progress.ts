import { UsageError } from '../src/errors.js';
import { InternalError } from './failure.js';

export type OnProgress = (stage: string, done: number, total: number) => void;

const PATIENCE_MS = 500;
const EVERY_MS = 100;
const CLEAR_LINE = '\r\u001b[K';

/** Tells a person at a terminal how far a long run is, and an internal error in which stage it happened. */
export async function withProgress<Result>(work: (onProgress: OnProgress) => Promise<Result>): Promise<Result> {
  const terminal = process.stderr.isTTY;
  let stage: string | undefined;
  let next = performance.now() + PATIENCE_MS;
  let shown = false;
  const onProgress: OnProgress = (name, done, total) => {
    stage = name;
    const now = performance.now();
    if (!terminal || now < next) return;
    next = now + EVERY_MS;
    shown = true;
    process.stderr.write(`${CLEAR_LINE}${name}${total > 0 ? ` ${done}/${total}` : ''}`);
  };
  try {
    return await work(onProgress);
  } catch (error) {
    throw error instanceof UsageError ? error : new InternalError(stage, error);
  } finally {
    if (shown) process.stderr.write(CLEAR_LINE);
  }
}
