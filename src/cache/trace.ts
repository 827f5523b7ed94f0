import childProcess from 'node:child_process';
import fs from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Asked, type Kind, kindIn, kindOf, listingHash, realPathOf, UNKNOWN } from './asked.js';
import { contentHash, type Stamp, sameStamp, stampOf } from './file-state.js';

export interface Trace {
  /** Puts everything back. Nothing where the run did more than look, or a file changed under it. */
  readonly end: () => Asked | undefined;
  /** A file whose content counts though this run did not read it, since it was known to be as stamped. */
  readonly uses: (file: string, stamp: Stamp) => void;
}

/** Of each the way that waits, that of `fs.promises`, and the one with a callback are listened to. */
const LOOKS = ['readFile', 'readdir', 'stat', 'lstat', 'exists', 'access', 'realpath', 'opendir', 'readlink'] as const;
const WRITES = [
  'writeFileSync',
  'appendFileSync',
  'mkdirSync',
  'renameSync',
  'rmSync',
  'unlinkSync',
  'mkdtempSync',
  'symlinkSync',
  // Whoever opens a file may write to it, and what is read of it is not told.
  'openSync',
] as const;
const LATER_WRITES = ['writeFile', 'appendFile', 'mkdir', 'rename', 'rm', 'mkdtemp', 'open'] as const;
const CHILDREN = ['spawnSync', 'execFileSync', 'execSync', 'spawn', 'execFile', 'exec', 'fork'] as const;

type Ear = (name: string, first: unknown, answer?: unknown) => void;
type Functions = Record<string, (...args: never[]) => unknown>;

/**
 * Listens at the functions themselves, so that no part of the engine, and no library, has to remember to say what it looked at.
 * What is kept in the places of the cache is no part of the surroundings; whatever else lies there is.
 */
export function trace(except: readonly string[]): Trace {
  const takenAt = Date.now();
  const contents = new Map<string, Stamp | undefined>();
  const unread = new Map<string, Stamp>();
  const listings = new Set<string>();
  /** Undefined where the answer was not heard. */
  const kinds = new Map<string, Kind | undefined>();
  const realPaths = new Set<string>();
  const env = new Map<string, string | null>();
  let onlyLooked = true;
  let isInside = false;
  const undo: (() => void)[] = [];

  /** `told` comes after an answer, `heard` before it, since there may be none. */
  const listen = (holder: object, names: readonly string[], heard: Ear, told?: Ear): void => {
    const functions = holder as Functions;
    for (const name of names) {
      const real = functions[name];
      if (!real) continue;
      const listening = function (this: unknown, ...args: never[]): unknown {
        heard(name, args[0]);
        // Node reads whole files by opening them itself.
        const outer = isInside;
        isInside = true;
        try {
          const answer = Reflect.apply(real, this, args);
          told?.(name, args[0], answer);
          return answer;
        } finally {
          isInside = outer;
        }
      };
      functions[name] = Object.assign(listening, real);
      undo.push(() => {
        functions[name] = real;
      });
    }
  };
  const stops = (): void => {
    if (!isInside) onlyLooked = false;
  };

  const looks: Ear = (name, first) => {
    const file = nameOf(first);
    if (file === undefined || isInside || isKept(file, except)) return;
    isInside = true;
    const what = name.replace(/Sync$/, '');
    if (what === 'readFile') {
      if (!contents.has(file)) contents.set(file, stampOf(file));
    } else if (what === 'readdir' || what === 'opendir') listings.add(file);
    else if (what === 'realpath' || what === 'readlink') realPaths.add(file);
    else if (!kinds.has(file)) kinds.set(file, undefined);
    isInside = false;
  };
  // The first answer counts: whoever got another later was told of a change.
  const isTold: Ear = (name, first, answer) => {
    const file = nameOf(first);
    const kind = kindTold(name, answer);
    if (file !== undefined && kind !== undefined && kinds.has(file) && kinds.get(file) === undefined) kinds.set(file, kind);
  };
  listen(fs, [...LOOKS, ...LOOKS.map((name) => `${name}Sync`)], looks, isTold);
  listen(fs.promises, LOOKS, looks);
  listen(fs, [...WRITES, ...LATER_WRITES, 'createReadStream', 'createWriteStream'], stops);
  listen(fs.promises, LATER_WRITES, stops);
  listen(childProcess, CHILDREN, stops);
  syncBuiltinESMExports();
  const realEnv = process.env;
  process.env = new Proxy(realEnv, {
    get: (target, name) => {
      const value = Reflect.get(target, name);
      if (typeof name === 'string') env.set(name, value ?? null);
      return value;
    },
    has: (target, name) => {
      const value = Reflect.get(target, name);
      if (typeof name === 'string') env.set(name, value ?? null);
      return Reflect.has(target, name);
    },
  });
  undo.push(() => {
    process.env = realEnv;
  });

  return {
    uses: (file, stamp) => unread.set(file, stamp),
    end: () => {
      for (const each of undo) each();
      syncBuiltinESMExports();
      if (!onlyLooked) return undefined;
      const read: Record<string, readonly [Stamp, string]> = {};
      for (const [file, then] of contents) {
        const now = stampOf(file);
        const hash = now && contentHash(file);
        // What could not be read is told from what can by its kind.
        if (then === undefined && hash === undefined) kinds.set(file, undefined);
        else if (hash === undefined || !now || !sameStamp(then, now)) return undefined;
        else read[file] = [now, hash];
      }
      for (const [file, stamp] of unread) read[file] ??= [stamp, UNKNOWN];
      const listed: Record<string, readonly [Stamp, string]> = {};
      for (const directory of listings) {
        const now = stampOf(directory);
        const hash = listingHash(directory);
        if (now && hash !== undefined) listed[directory] = [now, hash];
        else kinds.set(directory, undefined);
      }
      return {
        takenAt,
        contents: read,
        listings: listed,
        kinds: Object.fromEntries(Array.from(kinds, ([file, told]) => [file, told === undefined ? kindOf(file) : told])),
        realPaths: Object.fromEntries([...realPaths].map((file) => [file, realPathOf(file)])),
        env: Object.fromEntries(env),
      };
    },
  };
}

/** What the answer of a function that waits says of the path, so that nobody has to look again. */
function kindTold(name: string, answer: unknown): Kind | undefined {
  if (name === 'existsSync' && answer === false) return null;
  return name === 'statSync' ? kindIn(answer as fs.Stats | undefined) : undefined;
}

/** A cache may be told to lie among the sources. */
function isKept(file: string, places: readonly string[]): boolean {
  return places.some((place) => file.startsWith(`${place}${path.sep}`) && /^(?:run|facts|code)[-/\\]/.test(file.slice(place.length + 1)));
}

function nameOf(first: unknown): string | undefined {
  return typeof first === 'string' ? first : first instanceof URL ? fileURLToPath(first) : undefined;
}
