import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Command, timed } from './measure.js';

interface Profile {
  readonly nodes: readonly {
    readonly id: number;
    readonly callFrame: { readonly functionName: string; readonly url: string; readonly lineNumber: number };
    readonly children?: readonly number[];
  }[];
  readonly samples: readonly number[];
  readonly timeDeltas: readonly number[];
}

export interface Spent {
  readonly where: string;
  readonly share: number;
}

/** Where the time of one run went: the functions with the most time of their own, and the same by file. */
export function profile(command: Command, directory: string): { readonly functions: Spent[]; readonly files: Spent[] } {
  timed(['--cpu-prof', `--cpu-prof-dir=${directory}`, ...command.args], command);
  const [file] = readdirSync(directory).filter((name) => name.endsWith('.cpuprofile'));
  if (file === undefined) throw new Error('node left no profile');
  const recorded: Profile = JSON.parse(readFileSync(path.join(directory, file), 'utf8'));
  const frames = new Map(recorded.nodes.map(({ id, callFrame }) => [id, callFrame]));
  const functions = new Map<string, number>();
  const files = new Map<string, number>();
  let total = 0;
  for (const [index, id] of recorded.samples.entries()) {
    const frame = frames.get(id);
    const micros = recorded.timeDeltas[index] ?? 0;
    if (frame === undefined || frame.functionName === '(idle)') continue;
    const place = placeOf(frame.url);
    total += micros;
    add(functions, `${frame.functionName || '(anonymous)'}${place === '' ? '' : ` ${place}:${frame.lineNumber + 1}`}`, micros);
    add(files, place === '' ? frame.functionName : place, micros);
  }
  return { functions: top(functions, total), files: top(files, total) };
}

function placeOf(url: string): string {
  if (!url.startsWith('file:')) return url;
  const file = fileURLToPath(url);
  return file.split(/\/(?:node_modules|dist)\//).at(-1) ?? file;
}

function add(sums: Map<string, number>, key: string, micros: number): void {
  sums.set(key, (sums.get(key) ?? 0) + micros);
}

function top(sums: ReadonlyMap<string, number>, total: number): Spent[] {
  return [...sums]
    .sort(([, a], [, b]) => b - a)
    .slice(0, 15)
    .map(([where, micros]) => ({ where, share: micros / total }));
}
