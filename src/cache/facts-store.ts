import path from 'node:path';
import type { FileFacts } from '../facts/facts.js';
import { bytesOf } from '../on-disk.js';
import { type FactsLine, headerOf, keyOf, lineOf, linesIn, written, writtenLines } from './facts-lines.js';
import { hashOf, isTelling, type Stamp, sameStamp, stampOf } from './file-state.js';
import { replaceFile, writePieces } from './sealed.js';
import type { UsedSource } from './trace.js';

/** Facts of files, by their text. `null` stands for a file that has none: a generator signed it. */
export interface FactsStore {
  /** The directory in which they outlive the process. */
  readonly place?: string;
  /** Of a file on disk that is as it was when its facts were kept: it need not be read. */
  readonly unread: (file: string) => FileFacts | null | undefined;
  /** `file` is the name that the facts carry. */
  readonly known: (file: string, text: string) => FileFacts | null | undefined;
  /** `onDisk` is the absolute path whose text it is; none for a text that is only in memory. */
  readonly keep: (file: string, text: string, facts: FileFacts | null, onDisk?: string) => void;
  /** What whoever handed it in should know. */
  readonly notices?: () => readonly string[];
}

/** For runs that follow each other in one process. */
export function factsInMemory(): FactsStore {
  const facts = new Map<string, FileFacts | null>();
  return {
    unread: () => undefined,
    known: (file, text) => facts.get(keyOf(file, text)),
    keep: (file, text, found) => facts.set(keyOf(file, text), found),
  };
}

/** Facts that outlive the process, for one working directory and one version of what makes them. */
export interface DurableFacts extends FactsStore {
  readonly cwd: string;
  /** The files on disk whose facts were used. */
  readonly sources: () => readonly UsedSource[];
  /** Before another run in the same process: forgets what is no longer there. */
  readonly renew: () => void;
  /** Writes what this run added. */
  readonly save: () => void;
}

/** `seen` are stamps that were just found. */
export function durableFacts(place: string, cwd: string, by: string, seen: ReadonlyMap<string, Stamp> = new Map()): DurableFacts {
  const file = factsFile(place, cwd);
  const header = headerBy(by);
  const { lines, isWhole } = contentOf(file, header);
  const byName = new Map(lines.map((line) => [line.name, line]));
  const byKey = new Map(lines.map((line) => [line.key, line]));
  // Not the lines themselves: those that are replaced may go.
  const { length: onDisk } = lines;
  /** With the stamp of those that did not have to be read. */
  const used = new Map<string, Stamp | undefined>();
  const told = new Set<string>();
  const added = new Map<string, FactsLine>();
  let takenAt = Date.now();
  let fresh = seen;
  const nameOf = (of: string): string => path.relative(cwd, of);

  const isThere = ({ name }: FactsLine): boolean => used.has(path.join(cwd, name)) || stampOf(path.join(cwd, name)) !== undefined;

  const drop = ({ name, key }: FactsLine): void => {
    byName.delete(name);
    byKey.delete(key);
    added.delete(name);
  };

  const put = (line: FactsLine): void => {
    const old = byName.get(line.name);
    if (old) byKey.delete(old.key);
    byName.set(line.name, line);
    byKey.set(line.key, line);
    added.set(line.name, line);
  };

  return {
    place,
    cwd,
    unread: (of) => {
      const { stamp, takenAt = 0, facts } = byName.get(nameOf(of)) ?? {};
      if (!stamp || !facts || !isTelling(stamp, takenAt) || !sameStamp(fresh.get(of) ?? stampOf(of), stamp)) return undefined;
      const found = facts();
      if (found === undefined) return undefined;
      used.set(of, stamp);
      return found && listening(found, () => told.add(of));
    },
    known: (name, text) => byKey.get(keyOf(name, text))?.facts(),
    keep: (name, text, found, of) => {
      const key = keyOf(name, text);
      const isBelow = of !== undefined && !nameOf(of).startsWith('..');
      // A text that is only in memory stands beside the one on disk.
      if (!isBelow) byKey.set(key, lineOf({ name, key }, found));
      else {
        put({ ...(byKey.get(key) ?? lineOf({ name, key }, found)), name: nameOf(of), stamp: stampOf(of), takenAt });
        used.set(of, undefined);
        if (found) listening(found, () => told.add(of));
      }
    },
    sources: () =>
      Array.from(used, ([file, stamp]) => ({
        file,
        stamp,
        use: [byName.get(nameOf(file))?.key ?? '', told.has(file) ? 'places' : 'meaning'],
      })),
    renew: () => {
      takenAt = Date.now();
      fresh = new Map();
      used.clear();
      told.clear();
      for (const line of byName.values()) if (!isThere(line)) drop(line);
    },
    save: () => {
      if (added.size === 0) return;
      const more = [...added.values()];
      added.clear();
      // Lines that a later one replaces stay until there are as many of them as of the others.
      if (isWhole && onDisk < 2 * byName.size && appended(file, writtenLines(header, more))) return;
      replaceFile(file, written(header, [...byName.values()].filter(isThere)));
    },
  };
}

export function factsFile(place: string, cwd: string): string {
  return path.join(place, `facts-${hashOf(cwd).slice(0, 16)}.tsv`);
}

export function headerBy(by: string): string {
  return `aggro ${by}`;
}

/** Whoever asks for the lines of a file wants to tell a place in it. */
function listening(facts: FileFacts, tells: () => void): FileFacts {
  // Once is enough, however many runs of a process use them.
  if (Object.getOwnPropertyDescriptor(facts, 'lines')?.get) return facts;
  const { lines } = facts;
  return Object.defineProperty(facts, 'lines', {
    get: () => {
      tells();
      return lines;
    },
  });
}

interface Content {
  readonly lines: readonly FactsLine[];
  /** Whether lines can be added to it. */
  readonly isWhole: boolean;
}

const NOTHING: Content = { lines: [], isWhole: false };

function contentOf(file: string, header: string): Content {
  const bytes = bytesOf(file);
  return bytes && headerOf(bytes) === header ? { lines: linesIn(bytes), isWhole: bytes.at(-1) === 10 } : NOTHING;
}

function appended(file: string, pieces: Iterable<string>): boolean {
  try {
    writePieces(file, 'a', pieces);
    return true;
  } catch {
    return false;
  }
}
