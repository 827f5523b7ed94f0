import path from 'node:path';
import type { Readable } from 'node:stream';
import { renewFacts } from './cache.js';
import { exitCodeFor } from './failure.js';
import type { LintOptions } from './options.js';

/** Time for an editor, or git, to finish what it writes. */
const QUIET_MS = 60;
const CLEAR = '\u001b[2J\u001b[3J\u001b[H';
const NEVER_SOURCE = /(?:^|[/\\])(?:node_modules|\.git|dist|coverage|\.aggro[^/\\]*\.tmp)(?:[/\\]|$)/;

/** Lints, and lints again whenever a file below the directory changes, until it is told to stop. What is wrong with a setting is said, and waited for. */
export async function watch(
  cwd: string,
  options: LintOptions,
  lintOnce: () => Promise<void>,
  keys: Readable = process.stdin,
): Promise<void> {
  const { watch: watchFiles } = await import('chokidar');
  let isRunning = false;
  let isStale = false;
  let timer: NodeJS.Timeout | undefined;

  const run = async (): Promise<void> => {
    isStale = true;
    if (isRunning) return;
    isRunning = true;
    while (isStale) {
      isStale = false;
      if (process.stdout.isTTY) process.stdout.write(CLEAR);
      process.exitCode = 0;
      renewFacts();
      await lintOnce().catch((error) => {
        process.exitCode = exitCodeFor(error, { stack: options.stack ?? false });
      });
      process.stderr.write('\nWatching: r lints again, q ends.\n');
    }
    isRunning = false;
  };

  const watcher = watchFiles(cwd, { ignoreInitial: true, ignored: (file) => NEVER_SOURCE.test(path.relative(cwd, file)) });
  watcher.on('all', () => {
    clearTimeout(timer);
    timer = setTimeout(() => void run(), QUIET_MS);
  });
  await new Promise<void>((resolve) => watcher.once('ready', resolve));
  await run();
  await quitBy(keys, run);
  clearTimeout(timer);
  await watcher.close();
}

type Keys = Readable & { readonly isTTY?: boolean; readonly setRawMode?: (on: boolean) => unknown; readonly unref?: () => unknown };

/** Waits for the key that ends; `r` and Enter lint again. */
function quitBy(keys: Keys, again: () => Promise<void>): Promise<void> {
  return new Promise((resolve) => {
    const end = (): void => {
      keys.removeListener('data', pressed);
      if (keys.isTTY) keys.setRawMode?.(false);
      keys.pause();
      // An open pipe would keep the process alive.
      keys.unref?.();
      process.removeListener('SIGINT', end);
      process.removeListener('SIGTERM', end);
      resolve();
    };
    const pressed = (chunk: Buffer | string): void => {
      const typed = String(chunk);
      if (typed.includes('q') || typed.includes('\u0003')) end();
      else if (/[r\r\n]/.test(typed)) void again();
    };
    if (keys.isTTY) keys.setRawMode?.(true);
    keys.on('data', pressed);
    process.once('SIGINT', end);
    process.once('SIGTERM', end);
  });
}
