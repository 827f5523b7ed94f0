import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Command } from './measure.js';

/** Seconds from each edit to the end of the report on it, under `--watch`. */
export async function watchedEdits({ args, cwd }: Command, edits: readonly (() => void)[]): Promise<number[]> {
  const watching = spawn(process.execPath, [...args, '--watch'], {
    cwd,
    stdio: ['pipe', 'pipe', 'pipe'],
    env: { ...process.env, NO_COLOR: '1' },
  });
  let reports = 0;
  watching.stdout.resume();
  watching.stderr.setEncoding('utf8').on('data', (text: string) => {
    reports += text.split('Watching: ').length - 1;
  });
  const reported = async (many: number): Promise<void> => {
    while (reports < many) {
      if (watching.exitCode !== null) throw new Error(`watching ended with ${watching.exitCode} in ${cwd}`);
      await sleep(2);
    }
  };
  try {
    await reported(1);
    const seconds: number[] = [];
    for (const edit of edits) {
      await sleep(500);
      const [before, started] = [reports, performance.now()];
      edit();
      await reported(before + 1);
      seconds.push((performance.now() - started) / 1000);
    }
    return seconds;
  } finally {
    watching.kill('SIGTERM');
    await once(watching, 'exit');
  }
}
