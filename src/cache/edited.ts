import path from 'node:path';
import type { FileFacts } from '../facts/facts.js';
import { bytesOf } from '../on-disk.js';
import type { Stamped, Use } from './asked.js';
import { type FactsLine, headerOf, keyOf, lineOf, lineOfFile, writtenLines } from './facts-lines.js';
import { factsFile, headerBy } from './facts-store.js';
import { hashOf, stampOf } from './file-state.js';
import { writePieces } from './sealed.js';

/** Takes the facts of a text; `file` is the name that they carry. */
export type Take = (file: string, bytes: Buffer) => Promise<{ readonly text: string; readonly facts: FileFacts | null }>;

/**
 * Early cutoff: files that changed but say what they said, a comment or white space being other, and that nothing else was asked
 * of. Their new state where that is so for all of them: what was made of their facts would be made again. Their facts are kept.
 */
export async function unmoved(
  edited: readonly Stamped[],
  place: string,
  cwd: string,
  by: string,
  take: Take,
): Promise<Stamped[] | undefined> {
  const kept = keptBytes(factsFile(place, cwd), headerBy(by));
  if (!kept) return undefined;
  const takenAt = Date.now();
  const now: Stamped[] = [];
  const lines: FactsLine[] = [];
  for (const [file, , , use] of edited) {
    const name = path.relative(cwd, file);
    // Not what is kept of the file now: another run may have kept what it says since.
    const before = use && lineOfFile(kept, name, use[0])?.facts();
    const stamp = stampOf(file);
    const bytes = bytesOf(file);
    if (!use || before === undefined || !stamp || !bytes) return undefined;
    const { text, facts } = await take(name, bytes);
    if (!sayTheSame(before, facts, use[1])) return undefined;
    const key = keyOf(name, text);
    now.push([file, stamp, hashOf(bytes), [key, use[1]]]);
    lines.push(lineOf({ name, key, stamp, takenAt }, facts));
  }
  if (kept.at(-1) === 10) added(factsFile(place, cwd), writtenLines(headerBy(by), lines));
  return now;
}

function sayTheSame(before: FileFacts | null, after: FileFacts | null, counts: Use[1]): boolean {
  if (before === null || after === null) return before === after;
  const { lines: linesBefore, ...restBefore } = before;
  const { lines: linesAfter, ...restAfter } = after;
  const shared = Math.min(linesBefore.length, linesAfter.length);
  // What is added at the end, or taken away there, moves nothing.
  const isInPlace = linesBefore.slice(0, shared).every((start, i) => start === linesAfter[i]);
  // A comment for the linter holds for what stands below it.
  if (counts === 'meaning' && before.suppressions.length + after.suppressions.length === 0)
    return JSON.stringify(restBefore, withoutPlaces) === JSON.stringify(restAfter, withoutPlaces);
  return isInPlace && JSON.stringify(restBefore) === JSON.stringify(restAfter);
}

/** What facts call a place; one that is called otherwise counts, which costs a run and no truth. */
const PLACES: ReadonlySet<string> = new Set(['at', 'span', 'nameAt']);

function withoutPlaces(key: string, value: unknown): unknown {
  return PLACES.has(key) ? undefined : value;
}

function keptBytes(file: string, header: string): Buffer | undefined {
  const bytes = bytesOf(file);
  return bytes && headerOf(bytes) === header ? bytes : undefined;
}

/** Where that fails the file is parsed once more. */
function added(file: string, pieces: Iterable<string>): void {
  try {
    writePieces(file, 'a', pieces);
  } catch {}
}
