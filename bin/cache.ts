import { existsSync, readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import type { DurableFacts } from '../src/cache/facts-store.js';
import { cachePlace } from '../src/cache/place.js';
import { remember, remembered, runFile, type Said } from '../src/cache/replay.js';
import { version } from './package.js';

/** Commands that only look. Their arguments come first, or they are the default. */
const OTHER_COMMANDS = new Set(['baseline', 'completion', 'doctor', 'explain', 'help', 'init', 'rules']);
const NEVER = new Set(['--no-cache', '--timing', '--interactive', '--watch', '--help', '-h', '--version', '-V', '--stack']);

interface Cache {
  readonly place: string;
  /** What made it: another version, or another build, believes nothing of it. */
  readonly by: string;
}

let cache: Cache | undefined;
let facts: DurableFacts | undefined;

/** Runs a command, or says what it said the last time where nothing that it looked at has changed. */
export async function throughCache(argv: readonly string[], run: () => Promise<void>): Promise<void> {
  const place = argv.includes('--no-cache') ? undefined : cachePlace(process.cwd(), locationIn(argv));
  if (place === undefined) return run();
  cache = { place: place.own, by: `${version()} ${statSync(fileURLToPath(import.meta.url)).mtimeMs}` };
  const isKept = !OTHER_COMMANDS.has(argv[0] ?? '') && !argv.some((arg) => NEVER.has(arg));
  const file = runFile(place.own, argv, process.cwd());
  const said = isKept ? remembered(file, cache.by) : 'not asked';
  if (typeof said === 'object') return say(said);
  // Whoever only repeats needs none of these.
  const { keepCodeIn, saveCode } = await import('../src/cache/code-cache.js');
  keepCodeIn(place.code);
  if (!isKept) {
    await run();
    facts?.save();
    return saveCode();
  }
  const { trace } = await import('../src/cache/trace.js');
  const traced = trace([place.own, place.code]);
  lookAtLockfiles(process.cwd());
  const chunks = captured();
  try {
    await run();
  } finally {
    for (const [used, stamp] of facts?.unreadFiles() ?? []) traced.uses(used, stamp);
    const asked = traced.end();
    const exitCode = process.exitCode ?? 0;
    if (asked && (exitCode === 0 || exitCode === 1)) remember(file, { chunks: chunks(), exitCode }, asked, cache.by);
    facts?.save();
    saveCode();
  }
}

/** Facts of earlier runs in that directory, unless none are wanted. */
export async function keptFacts(cwd: string): Promise<DurableFacts | undefined> {
  if (cache) facts ??= (await import('../src/cache/facts-store.js')).durableFacts(cache.place, cwd, cache.by);
  return facts;
}

function locationIn(argv: readonly string[]): string | undefined {
  const at = argv.findIndex((arg) => arg === '--cache-location' || arg.startsWith('--cache-location='));
  return at === -1 ? undefined : argv[at]?.includes('=') ? argv[at]?.slice('--cache-location='.length) : argv[at + 1];
}

function say({ chunks, exitCode }: Said): void {
  process.exitCode = exitCode;
  for (const [stream, text] of chunks) (stream === 'out' ? process.stdout : process.stderr).write(text);
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
  const chunks: ['out' | 'err', string][] = [];
  for (const [name, stream] of [
    ['out', process.stdout],
    ['err', process.stderr],
  ] as const) {
    const write = stream.write.bind(stream);
    stream.write = ((chunk: string | Uint8Array, ...rest: []) => {
      chunks.push([name, typeof chunk === 'string' ? chunk : Buffer.from(chunk).toString()]);
      return write(chunk, ...rest);
    }) as typeof stream.write;
  }
  return () => chunks;
}
