import { readFileSync } from 'node:fs';
import path from 'node:path';
import { UsageError } from '../errors.js';
import type { FileFacts } from '../facts/facts.js';
import { ascii, type FactsLine, headerOf, keyOf, lineOf, linesIn, written } from './facts-lines.js';
import { type FactsStore, factsInMemory } from './facts-store.js';

/** Where `aggro facts` puts them, below the directory that they are of. */
export const ARTEFACT = '.aggro/facts.tsv';

export interface TakenFacts {
  /** Relative to the directory, as the facts name it. */
  readonly name: string;
  readonly text: string;
  readonly facts: FileFacts | null;
}

/** The same bytes for the same files, wherever and whenever they are taken. `root` leads from the artefact to the directory. */
export function artefactOf(taken: readonly TakenFacts[], root: string, version: string): string {
  const sorted = [...taken].sort((one, other) => (one.name < other.name ? -1 : 1));
  const lines = sorted.map(({ name, text, facts }) => lineOf({ name, key: keyOf(name, text) }, facts));
  return [...written(headerFor(version, root, sorted.length), lines)].join('');
}

/**
 * Facts of earlier runs of `aggro facts`, for files that are still as they were. Throws a UsageError for an artefact that is not
 * there, damaged, or of another version.
 */
export function factsFromArtefacts(files: readonly string[], cwd: string, version: string): FactsStore {
  const lines = new Map(files.flatMap((file) => [...linesOf(file, version)]));
  const memory = factsInMemory();
  const stale = new Set<string>();
  return {
    unread: () => undefined,
    known: (file, text) => {
      const line = lines.get(path.resolve(cwd, file));
      const facts = line?.key === keyOf(line?.name ?? '', text) ? line.facts() : undefined;
      if (line && facts === undefined) stale.add(file);
      return facts === undefined ? memory.known(file, text) : facts && { ...facts, file };
    },
    keep: memory.keep,
    notices: () => (stale.size === 0 ? [] : [noticeOf([...stale])]),
  };
}

function noticeOf(stale: readonly string[]): string {
  const [first, ...others] = stale;
  const which = others.length === 0 ? `${first} has` : `${first} and ${others.length} more have`;
  return `${which} changed since aggro facts ran, and had to be parsed again.`;
}

/** By the absolute path of the file that each is of. */
function linesOf(file: string, version: string): Map<string, FactsLine> {
  const bytes = contentOf(file);
  const [what, by, root, count] = fieldsOf(headerOf(bytes));
  if (what !== 'aggro facts' || typeof root !== 'string')
    throw new UsageError(`${file} holds no facts: it is not what aggro facts writes.`);
  if (by !== version) throw new UsageError(`${file} is of aggro ${by}, and this is ${version}: run aggro facts again.`);
  const lines = linesIn(bytes);
  if (lines.length !== count)
    throw new UsageError(`${file} is damaged, ${lines.length} of ${count} files are left: run aggro facts again.`);
  const from = path.resolve(path.dirname(file), root);
  return new Map(lines.map((line) => [path.join(from, line.name), line]));
}

function headerFor(version: string, root: string, count: number): string {
  return ascii(['aggro facts', version, root, count]);
}

function fieldsOf(header: string): readonly unknown[] {
  try {
    const fields: unknown = JSON.parse(header);
    return Array.isArray(fields) ? fields : [];
  } catch {
    return [];
  }
}

function contentOf(file: string): Buffer {
  try {
    return readFileSync(file);
  } catch (error) {
    throw new UsageError(`Cannot read ${file}: ${error instanceof Error ? error.message : String(error)}`);
  }
}
