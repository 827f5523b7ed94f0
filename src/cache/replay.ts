import { readdirSync, rmSync } from 'node:fs';
import path from 'node:path';
import { statOf } from '../on-disk.js';
import { type Asked, changedSince, type Stamped } from './asked.js';
import { hashOf, type Stamp } from './file-state.js';
import { seal, unsealed } from './sealed.js';

/** What a run printed, and how it ended. */
export interface Said {
  readonly chunks: readonly (readonly ['out' | 'err', Buffer])[];
  readonly exitCode: number;
  /** Where the facts of its sources are kept for, if they are. */
  readonly cwd?: string | undefined;
}

/** One line of JSON, then what was printed as it was. */
interface KnownRun {
  readonly asked: Asked;
  readonly exitCode: number;
  readonly cwd?: string | undefined;
  readonly lengths: readonly (readonly ['out' | 'err', bytes: number])[];
}

/** The file in which a run with exactly these arguments, in this directory and at such a terminal, is kept. */
export function runFile(place: string, argv: readonly string[], cwd: string): string {
  const { stdout, stderr } = process;
  const key = JSON.stringify([argv, cwd, process.version, process.platform, stdout.isTTY, stderr.isTTY, stdout.columns]);
  return path.join(place, `run-${hashOf(key)}.json`);
}

/** A run that can be said again, if the sources that were edited since say what they said. */
export interface Remembered extends Said {
  readonly edited: readonly Stamped[];
  /** Keeps it as what a run on these would have said. */
  readonly renew: (now: readonly Stamped[]) => void;
}

/** What that run said, or why it can't be said again. `seen` gets the stamps of what was looked at. */
export function remembered(file: string, by: string, seen = new Map<string, Stamp>()): Remembered | string {
  const body = unsealed(file, by);
  if (!body) return 'no such run is known that this version made';
  const end = body.indexOf(10);
  const run: KnownRun = JSON.parse(body.toString('utf8', 0, end));
  const takenAt = Date.now();
  const edited = changedSince(run.asked, seen);
  if (typeof edited === 'string') return `${edited} has changed`;
  const renew = (now: readonly Stamped[]): void => {
    const byPath = new Map(now.map((each) => [each[0], each]));
    const contents = run.asked.contents.map((each) => byPath.get(each[0]) ?? each);
    keep(file, { ...run, asked: { ...run.asked, takenAt, contents } }, [body.subarray(end + 1)], by);
  };
  return { exitCode: run.exitCode, cwd: run.cwd, chunks: chunksIn(body.subarray(end + 1), run.lengths), edited, renew };
}

function chunksIn(said: Buffer, lengths: KnownRun['lengths']): Said['chunks'] {
  let at = 0;
  return lengths.map(([stream, bytes]) => [stream, said.subarray(at, (at += bytes))]);
}

const MOST_RUNS = 16;

export function remember(file: string, { chunks, exitCode, cwd }: Said, asked: Asked, by: string): void {
  const lengths = chunks.map(([stream, bytes]) => [stream, bytes.length] as const);
  const bytes = chunks.map(([, each]) => each);
  if (!keep(file, { asked, exitCode, cwd, lengths }, bytes, by)) return;
  const place = path.dirname(file);
  const runs = readdirSync(place).filter((name) => /^run-.*\.json$/.test(name));
  if (runs.length <= MOST_RUNS) return;
  const byAge = runs.map((name) => ({ name, at: statOf(path.join(place, name))?.mtimeMs ?? 0 }));
  for (const { name } of byAge.sort((a, b) => b.at - a.at).slice(MOST_RUNS)) rmSync(path.join(place, name), { force: true });
}

function keep(file: string, run: KnownRun, said: readonly Buffer[], by: string): boolean {
  return seal(file, Buffer.concat([Buffer.from(`${JSON.stringify(run)}\n`), ...said]), by);
}
