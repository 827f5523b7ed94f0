import childProcess from 'node:child_process';
import fs from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Asked, type Kind, kindIn, kindOf, listingHash, namesHash, realPathOf, type Stamped, UNKNOWN, type Use } from './asked.js';
import { contentHash, hashOf, type Stamp, sameStamp, stampOf } from './file-state.js';

/** A file whose facts a run used. */
export interface UsedSource {
  readonly file: string;
  /** Where it was known to be as stamped, and not read. */
  readonly stamp?: Stamp | undefined;
  readonly use: Use;
}

export interface Trace {
  /** Puts everything back. Nothing where the run did more than look, or a file changed under it. */
  readonly end: () => Asked | undefined;
  /** Nothing but its facts was asked of it, unless it was read beside that. */
  readonly uses: (source: UsedSource) => void;
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

type Ear = (name: string, args: readonly unknown[], answer?: unknown) => void;
type Functions = Record<string, (...args: never[]) => unknown>;

/**
 * Listens at the functions themselves, so that no part of the engine, and no library, has to remember to say what it looked at.
 * What is kept in the places of the cache is no part of the surroundings; whatever else lies there is.
 */
export function trace(except: readonly string[]): Trace {
  const takenAt = Date.now();
  const contents = new Map<string, Heard>();
  const sources = new Map<string, UsedSource>();
  const listings = new Map<string, Heard & { names?: readonly string[] }>();
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
        heard(name, args);
        // Node reads whole files by opening them itself.
        const outer = isInside;
        isInside = true;
        try {
          const answer = Reflect.apply(real, this, args);
          told?.(name, args, answer);
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

  const looks: Ear = (name, [first]) => {
    const file = nameOf(first);
    if (file === undefined || isInside || isKept(file, except)) return;
    isInside = true;
    const what = name.replace(/Sync$/, '');
    if (what === 'readFile') {
      const known = contents.get(file);
      if (known) known.isReadAgain = true;
      else contents.set(file, { stamp: stampOf(file) });
    } else if (what === 'readdir' || what === 'opendir') {
      if (!listings.has(file)) listings.set(file, { stamp: stampOf(file) });
    } else if (what === 'realpath' || what === 'readlink') realPaths.add(file);
    else if (!kinds.has(file)) kinds.set(file, undefined);
    isInside = false;
  };
  // The first answer counts: whoever got another later was told of a change.
  const isTold: Ear = (name, [first, options], answer) => {
    const file = nameOf(first);
    if (file === undefined) return;
    const read = name === 'readFileSync' ? contents.get(file) : undefined;
    if (read) read.hash ??= contentTold(options, answer);
    const listing = name === 'readdirSync' ? listings.get(file) : undefined;
    if (listing && !listing.names && areEntries(answer)) {
      listing.names = answer.map((entry) => entry.name);
      listing.hash = namesHash(answer);
    }
    const kind = kindTold(name, answer);
    if (kind !== undefined && kinds.has(file) && kinds.get(file) === undefined) kinds.set(file, kind);
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
    uses: (source) => sources.set(source.file, source),
    end: () => {
      for (const each of undo) each();
      syncBuiltinESMExports();
      if (!onlyLooked) return undefined;
      const read = new Map<string, Stamped>();
      for (const [file, heard] of contents) {
        const known = settled(file, heard, contentHash);
        const source = sources.get(file);
        const isAskedOtherwise = heard.isReadAgain || source?.stamp !== undefined;
        if (known) read.set(file, source && !isAskedOtherwise ? [file, known[1], known[2], source.use] : known);
        // What could not be read is told from what can by its kind.
        else if (heard.stamp === undefined && stampOf(file) === undefined) kinds.set(file, undefined);
        else return undefined;
      }
      for (const { file, stamp, use } of sources.values()) if (stamp && !read.has(file)) read.set(file, [file, stamp, UNKNOWN, use]);
      const listed = new Map<string, Stamped>();
      for (const [directory, heard] of listings) {
        const known = settled(directory, heard, listingHash);
        if (known) listed.set(directory, known);
        else if (heard.stamp === undefined || listingHash(directory) === undefined) kinds.set(directory, undefined);
        else return undefined;
      }
      /** Told by something else that is kept: what was read is a file, what was listed a directory, and a list tells what is not there. */
      const isImplied = (file: string, kind: Kind | undefined): boolean => {
        if (kind !== null) return (kind === 'file' && read.has(file)) || (kind === 'directory' && listed.has(file));
        const directory = path.dirname(file);
        return listed.has(directory) && listings.get(directory)?.names?.includes(path.basename(file)) === false;
      };
      return {
        takenAt,
        contents: [...read.values()],
        listings: [...listed.values()],
        kinds: [...kinds]
          .filter(([file, kind]) => !isImplied(file, kind))
          .map(([file, kind]) => [file, kind === undefined ? kindOf(file) : kind]),
        realPaths: Array.from(realPaths, (file) => [file, realPathOf(file)]),
        env: Object.fromEntries(env),
      };
    },
  };
}

/** What a run was told of a path, with the stamp that it had before. */
interface Heard {
  readonly stamp: Stamp | undefined;
  hash?: string | undefined;
  isReadAgain?: boolean;
}

/** Where the answer was not heard it is looked at again, which only tells something if nothing has changed since. */
function settled(file: string, { stamp, hash }: Heard, hashNow: (file: string) => string | undefined): Stamped | undefined {
  if (stamp === undefined) return undefined;
  if (hash !== undefined) return [file, stamp, hash];
  const found = hashNow(file);
  return found !== undefined && sameStamp(stampOf(file), stamp) ? [file, stamp, found] : undefined;
}

function contentTold(options: unknown, answer: unknown): string | undefined {
  if (answer instanceof Uint8Array) return hashOf(answer);
  const encoding = typeof options === 'object' && options !== null && 'encoding' in options ? options.encoding : options;
  return typeof answer === 'string' && /^utf-?8$/i.test(String(encoding)) ? hashOf(answer) : undefined;
}

function areEntries(answer: unknown): answer is readonly fs.Dirent[] {
  return Array.isArray(answer) && answer.every((entry) => entry instanceof fs.Dirent);
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
