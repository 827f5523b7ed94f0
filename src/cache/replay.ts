import { readdirSync, rmSync } from 'node:fs';
import path from 'node:path';
import { statOf } from '../on-disk.js';
import { type Asked, changedSince } from './asked.js';
import { hashOf } from './file-state.js';
import { seal, unsealed } from './sealed.js';

/** What a run printed, and how it ended. */
export interface Said {
  readonly chunks: readonly (readonly ['out' | 'err', Buffer])[];
  readonly exitCode: number;
}

/** One line of JSON, then what was printed as it was. */
interface KnownRun {
  readonly asked: Asked;
  readonly exitCode: number;
  readonly lengths: readonly (readonly ['out' | 'err', bytes: number])[];
}

/** The file in which a run with exactly these arguments, in this directory and at such a terminal, is kept. */
export function runFile(place: string, argv: readonly string[], cwd: string): string {
  const { stdout, stderr } = process;
  const key = JSON.stringify([argv, cwd, process.version, process.platform, stdout.isTTY, stderr.isTTY, stdout.columns]);
  return path.join(place, `run-${hashOf(key)}.json`);
}

/** What that run said, or why it can't be said again. */
export function remembered(file: string, by: string): Said | string {
  const body = unsealed(file, by);
  if (!body) return 'no such run is known that this version made';
  const end = body.indexOf(10);
  const { asked, exitCode, lengths }: KnownRun = JSON.parse(body.toString('utf8', 0, end));
  const changed = changedSince(asked);
  if (changed !== undefined) return `${changed} has changed`;
  let at = end + 1;
  return { exitCode, chunks: lengths.map(([stream, bytes]) => [stream, body.subarray(at, (at += bytes))]) };
}

const MOST_RUNS = 16;

export function remember(file: string, said: Said, asked: Asked, by: string): void {
  const { chunks, exitCode } = said;
  const run: KnownRun = { asked, exitCode, lengths: chunks.map(([stream, bytes]) => [stream, bytes.length]) };
  if (!seal(file, Buffer.concat([Buffer.from(`${JSON.stringify(run)}\n`), ...chunks.map(([, bytes]) => bytes)]), by)) return;
  const place = path.dirname(file);
  const runs = readdirSync(place).filter((name) => /^run-.*\.json$/.test(name));
  if (runs.length <= MOST_RUNS) return;
  const byAge = runs.map((name) => ({ name, at: statOf(path.join(place, name))?.mtimeMs ?? 0 }));
  for (const { name } of byAge.sort((a, b) => b.at - a.at).slice(MOST_RUNS)) rmSync(path.join(place, name), { force: true });
}
