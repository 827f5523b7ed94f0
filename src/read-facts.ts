import path from 'node:path';
import type { FactsStore } from './cache/facts-store.js';
import type { FileFacts } from './facts/facts.js';
import { factsOfText } from './facts-of-text.js';
import { failureOf } from './failures.js';
import { readSource } from './project/read-source.js';
import type { Failure, Work } from './report/report.js';

export interface ReadOptions {
  readonly onProgress?: ((stage: string, done: number, total: number) => void) | undefined;
  /** Texts, by absolute path, to read in place of what is on disk; a file that is not there yet is read too. */
  readonly overlay?: ReadonlyMap<string, string> | undefined;
  /** Facts of earlier runs, to be used again and added to. */
  readonly store?: FactsStore | undefined;
}

export interface ReadFacts {
  readonly facts: readonly FileFacts[];
  readonly notices: readonly string[];
  readonly failures: readonly Failure[];
  readonly work: Work;
}

/** Facts of the files, which are absolute; those that could not be read are noticed, not fatal. */
export async function readFacts(files: readonly string[], cwd: string, { onProgress, overlay, store }: ReadOptions): Promise<ReadFacts> {
  const facts: FileFacts[] = [];
  const notices: string[] = [];
  const failures: Failure[] = [];
  const work = { files: files.length, read: 0, parsed: 0 };
  let take: Awaited<ReturnType<typeof factsOfText>> | undefined;
  for (const [i, file] of files.entries()) {
    if (i % 100 === 0) onProgress?.('facts', i, files.length);
    const relative = path.posix.relative(cwd, file);
    const given = overlay?.get(file);
    const kept = given === undefined ? store?.unread(file) : undefined;
    if (kept) facts.push(kept);
    if (kept !== undefined) continue;
    const text = given ?? textOf(file, relative, notices);
    if (text === undefined) continue;
    work.read++;
    let found = store?.known(relative, text);
    if (found === undefined) {
      work.parsed++;
      take ??= await factsOfText();
      try {
        found = take(relative, text);
      } catch (error) {
        failures.push(failureOf('facts', relative, error));
        continue;
      }
    }
    store?.keep(relative, text, found, given === undefined ? file : undefined);
    if (found) facts.push(found);
  }
  return { facts, notices, failures, work };
}

function textOf(file: string, relative: string, notices: string[]): string | undefined {
  try {
    return readSource(file);
  } catch (error) {
    notices.push(`${relative} could not be read: ${error instanceof Error ? error.message : String(error)}`);
    return undefined;
  }
}
