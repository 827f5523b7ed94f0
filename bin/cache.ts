import { existsSync, readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { keepCodeIn, saveCode } from '../src/cache/code-place.js';
import type { DurableFacts } from '../src/cache/facts-store.js';
import type { Stamp } from '../src/cache/file-state.js';
import { type CachePlace, cachePlace } from '../src/cache/place.js';
import { type Remembered, remember, remembered, runFile, type Said } from '../src/cache/replay.js';
import { version } from './package.js';

/** Commands that only look. Their arguments come first, or they are the default. */
const OTHER_COMMANDS = new Set(['baseline', 'completion', 'doctor', 'explain', 'facts', 'help', 'init', 'rules']);
const NEVER = new Set(['--no-cache', '--timing', '--interactive', '--watch', '--help', '-h', '--version', '-V', '--stack']);

interface Cache {
  readonly place: string;
  /** What made it: another version, or another build, believes nothing of it. */
  readonly by: string;
}

let cache: Cache | undefined;
let facts: DurableFacts | undefined;
const seen = new Map<string, Stamp>();
let whyAnew = 'the cache is switched off';

/** Runs a command, or says what it said the last time where nothing that it looked at has changed. */
export async function throughCache(argv: readonly string[], run: () => Promise<void>): Promise<void> {
  const place = argv.includes('--no-cache') ? undefined : cachePlace(process.cwd(), locationIn(argv));
  if (place === undefined) return run();
  cache = { place: place.own, by: `${version()} ${statSync(fileURLToPath(import.meta.url)).mtimeMs}` };
  const { by } = cache;
  const isKept = !OTHER_COMMANDS.has(argv[0] ?? '') && !argv.some((arg) => NEVER.has(arg));
  const file = runFile(place.own, argv, process.cwd());
  const known = isKept ? remembered(file, by, seen) : undefined;
  if (typeof known === 'object' && (await stillHolds(known, place))) return say(known);
  whyAnew = known === undefined ? whyNotRepeated(argv, place.own, by) : whyNotSaid(known);
  keepCodeIn(place.code);
  const keep = isKept ? await listening(place, file, by) : undefined;
  try {
    await run();
  } finally {
    keep?.();
    facts?.save();
    saveCode();
  }
}

/** Why this run does not say again what an earlier one said. */
export function cacheUse(): string {
  return whyAnew;
}

/** Whoever asks for times wants a run, and to know why there would have been one. */
function whyNotRepeated(argv: readonly string[], place: string, by: string): string {
  if (!argv.includes('--timing')) return 'such a run is never repeated';
  const said = remembered(
    runFile(
      place,
      argv.filter((arg) => arg !== '--timing'),
      process.cwd(),
    ),
    by,
  );
  return typeof said === 'object' && said.edited.length === 0
    ? 'without --timing the earlier one would have been repeated'
    : whyNotSaid(said);
}

function whyNotSaid(known: Remembered | string): string {
  return typeof known === 'string' ? known : `${known.edited[0]?.[0]} has changed`;
}

/** Sources that were edited since say what they said. */
async function stillHolds({ edited, cwd, renew }: Remembered, place: CachePlace): Promise<boolean> {
  if (edited.length === 0) return true;
  if (cwd === undefined || cache === undefined) return false;
  keepCodeIn(place.code);
  const { unmoved } = await import('../src/cache/edited.js');
  const now = await unmoved(edited, place.own, cwd, cache.by, async (name, bytes) => {
    const { factsOfText } = await import('../src/facts-of-text.js');
    const { decoded } = await import('../src/project/read-source.js');
    const text = decoded(bytes);
    return { text, facts: (await factsOfText())(name, text) };
  });
  if (now) renew(now);
  return now !== undefined;
}

/** From now on what is looked at and printed is noted; what is returned keeps it. */
async function listening(place: CachePlace, file: string, by: string): Promise<() => void> {
  const { trace } = await import('../src/cache/trace.js');
  const traced = trace([place.own, place.code]);
  lookAtLockfiles(process.cwd());
  const chunks = captured();
  return () => {
    for (const source of facts?.sources() ?? []) traced.uses(source);
    const asked = traced.end();
    const exitCode = process.exitCode ?? 0;
    if (asked && (exitCode === 0 || exitCode === 1)) remember(file, { chunks: chunks(), exitCode, cwd: facts?.cwd }, asked, by);
  };
}

/** Facts of earlier runs in that directory, unless none are wanted. */
export async function keptFacts(cwd: string): Promise<DurableFacts | undefined> {
  if (cache) facts ??= (await import('../src/cache/facts-store.js')).durableFacts(cache.place, cwd, cache.by, seen);
  return facts;
}

/** Before another run in the same process. */
export function renewFacts(): void {
  facts?.renew();
}

function locationIn(argv: readonly string[]): string | undefined {
  const at = argv.findIndex((arg) => arg === '--cache-location' || arg.startsWith('--cache-location='));
  return at === -1 ? undefined : argv[at]?.includes('=') ? argv[at]?.slice('--cache-location='.length) : argv[at + 1];
}

function say({ chunks, exitCode }: Said): void {
  process.exitCode = exitCode;
  for (const [stream, bytes] of chunks) (stream === 'out' ? process.stdout : process.stderr).write(bytes);
}

/** What packages hold is told by the lockfile: nobody listens while Node loads modules. */
function lookAtLockfiles(cwd: string): void {
  for (let at = cwd; ; at = path.dirname(at)) {
    for (const name of ['package-lock.json', 'npm-shrinkwrap.json', 'yarn.lock', 'pnpm-lock.yaml', 'bun.lock'])
      if (existsSync(path.join(at, name))) readFileSync(path.join(at, name));
    if (existsSync(path.join(at, '.git')) || path.dirname(at) === at) return;
  }
}

/** What is printed from now on, in its order. */
function captured(): () => Said['chunks'] {
  const chunks: ['out' | 'err', Buffer][] = [];
  for (const [name, stream] of [
    ['out', process.stdout],
    ['err', process.stderr],
  ] as const) {
    const write = stream.write.bind(stream);
    stream.write = ((chunk: string | Uint8Array, ...rest: []) => {
      chunks.push([name, Buffer.from(chunk)]);
      return write(chunk, ...rest);
    }) as typeof stream.write;
  }
  return () => chunks;
}
