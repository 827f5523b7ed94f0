import { readdirSync, rmSync } from 'node:fs';
import path from 'node:path';
import { statOf } from '../on-disk.js';
import { type Asked, changedSince } from './asked.js';
import { hashOf } from './file-state.js';
import { seal, unsealed } from './sealed.js';

/** What a run printed, and how it ended. */
export interface Said {
  readonly chunks: readonly (readonly ['out' | 'err', string])[];
  readonly exitCode: number;
}

interface KnownRun extends Said {
  readonly asked: Asked;
}

/** The file in which a run with exactly these arguments, in this directory and at such a terminal, is kept. */
export function runFile(place: string, argv: readonly string[], cwd: string): string {
  const { stdout, stderr } = process;
  const key = JSON.stringify([argv, cwd, process.version, process.platform, stdout.isTTY, stderr.isTTY, stdout.columns]);
  return path.join(place, `run-${hashOf(key)}.json`);
}

/** What that run said, or why it can't be said again. */
export function remembered(file: string, by: string): Said | string {
  const record = unsealed(file, by) as KnownRun | undefined;
  if (!record) return 'no such run is known that this version made';
  const changed = changedSince(record.asked);
  return changed === undefined ? record : `${changed} has changed`;
}

const MOST_RUNS = 16;

export function remember(file: string, said: Said, asked: Asked, by: string): void {
  if (!seal(file, { ...said, asked } satisfies KnownRun, by)) return;
  const place = path.dirname(file);
  const runs = readdirSync(place).filter((name) => /^run-.*\.json$/.test(name));
  if (runs.length <= MOST_RUNS) return;
  const byAge = runs.map((name) => ({ name, at: statOf(path.join(place, name))?.mtimeMs ?? 0 }));
  for (const { name } of byAge.sort((a, b) => b.at - a.at).slice(MOST_RUNS)) rmSync(path.join(place, name), { force: true });
}
