import path from 'node:path';
import type { FileFacts } from '../facts/facts.js';
import { hashOf, isTelling, type Stamp, sameStamp, stampOf } from './file-state.js';
import { seal, unsealed } from './sealed.js';

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
}

/** For runs that follow each other in one process. */
export function factsInMemory(): FactsStore {
  const facts = new Map<string, FileFacts | null>();
  const keyOf = (file: string, text: string): string => `${file}\0${text}`;
  return {
    unread: () => undefined,
    known: (file, text) => facts.get(keyOf(file, text)),
    keep: (file, text, found) => facts.set(keyOf(file, text), found),
  };
}

type Kept = readonly [stamp: Stamp, takenAt: number, key: string];

interface Content {
  readonly files: Readonly<Record<string, Kept>>;
  readonly facts: Readonly<Record<string, FileFacts | null>>;
}

/** Facts that outlive the process, for one working directory and one version of what makes them. */
export interface DurableFacts extends FactsStore {
  /** Files that did not have to be read, and the stamps that told so. */
  readonly unreadFiles: () => ReadonlyMap<string, Stamp>;
  /** Writes what this run added. */
  readonly save: () => void;
}

export function durableFacts(place: string, cwd: string, by: string): DurableFacts {
  const store = path.join(place, `facts-${hashOf(cwd).slice(0, 16)}.json`);
  const before = contentIn(store, by);
  const files = new Map(Object.entries(before.files));
  const facts = new Map(Object.entries(before.facts));
  const used = new Map<string, Stamp>();
  const takenAt = Date.now();
  let changed = false;
  const relative = (file: string): string => path.relative(cwd, file);

  return {
    place,
    unread: (file) => {
      const kept = files.get(relative(file));
      if (!kept) return undefined;
      const [stamp, takenAt, key] = kept;
      if (!isTelling(stamp, takenAt) || !sameStamp(stampOf(file), stamp)) return undefined;
      const found = facts.get(key);
      if (found !== undefined) used.set(file, stamp);
      return found;
    },
    known: (file, text) => facts.get(keyOf(file, text)),
    keep: (file, text, found, onDisk) => {
      const key = keyOf(file, text);
      facts.set(key, found);
      const name = onDisk === undefined ? '..' : relative(onDisk);
      const stamp = onDisk === undefined || name.startsWith('..') ? undefined : stampOf(onDisk);
      if (!stamp) return;
      changed = true;
      const before = files.get(name)?.[2];
      if (before !== undefined && before !== key) facts.delete(before);
      files.set(name, [stamp, takenAt, key]);
    },
    unreadFiles: () => used,
    save: () => {
      if (!changed) return;
      const there = [...files].filter(
        ([file, [, , key]]) => facts.has(key) && (used.has(path.join(cwd, file)) || stampOf(path.join(cwd, file))),
      );
      const keys = new Set(there.map(([, [, , key]]) => key));
      seal(store, { files: Object.fromEntries(there), facts: Object.fromEntries([...facts].filter(([key]) => keys.has(key))) }, by);
    },
  };
}

function contentIn(store: string, by: string): Content {
  const content = unsealed(store, by) as Content | undefined;
  return content ?? { files: {}, facts: {} };
}

function keyOf(file: string, text: string): string {
  return hashOf(`${file}\0${text}`);
}
