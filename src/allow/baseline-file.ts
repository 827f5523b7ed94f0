import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { UsageError } from '../errors.js';
import { ancestors, toPosix } from '../project/paths.js';
import { isRecord, repositoryRoot } from '../project/repository.js';
import type { KnownFinding } from '../report/report.js';
import type { Baseline } from './baseline.js';

export const BASELINE = '.aggro-baseline.json';
const VERSION = 1;

/** The nearest one, from the working directory up to the root of the repository. */
export function findBaseline(cwd: string): string | undefined {
  return ancestors(cwd, repositoryRoot(cwd))
    .map((directory) => `${directory}/${BASELINE}`)
    .find((file) => existsSync(file));
}

export function readBaseline(file: string, cwd: string): Baseline {
  const label = path.relative(cwd, file) || file;
  const text = textOf(file, label);
  return {
    file: label,
    entries: parseBaseline(text, label).map((entry) => ({ ...entry, file: rebased(entry.file, path.dirname(file), cwd) })),
  };
}

/** The text of a baseline file: sorted, one entry a line. Each line ends with a comma, so that merging two branches seldom conflicts, and keeping both sides is always right. */
export function printBaseline(entries: readonly KnownFinding[], file: string, cwd: string): string {
  const lines = entries
    .map((entry) => ({ ...entry, file: rebased(entry.file, cwd, path.dirname(file)) }))
    .map(({ rule, symbol, involves, file: at }) => {
      const parties = involves.length > 0 ? [`"involves": ${JSON.stringify(involves).replaceAll('","', '", "')}`] : [];
      return `    { ${[`"rule": ${JSON.stringify(rule)}`, `"symbol": ${JSON.stringify(symbol)}`, ...parties, `"file": ${JSON.stringify(at)}`].join(', ')} },\n`;
    });
  return `{\n  "tool": "aggro",\n  "version": ${VERSION},\n  "known": [\n${lines.sort().join('')}    null\n  ]\n}\n`;
}

export function parseBaseline(text: string, label: string): KnownFinding[] {
  const marker = text.split('\n').findIndex((line) => /^(?:<{7}|={7}|>{7}|\|{7})(?:\s|$)/.test(line));
  if (marker >= 0)
    throw new UsageError(
      `${label}:${marker + 1} holds the marks of a merge conflict. Keep the lines of both sides, delete the marks, and run aggro baseline prune.`,
    );
  const content = jsonIn(text, label);
  if (!isRecord(content) || content.tool !== 'aggro')
    throw new UsageError(
      `${label} is not a baseline of aggro. Name another one with --baseline FILE, or write it anew with aggro baseline create --force.`,
    );
  if (content.version !== VERSION)
    throw new UsageError(
      `${label} has version ${JSON.stringify(content.version)}; this aggro reads version ${VERSION}. Use the aggro that wrote it, or write it anew with aggro baseline create --force.`,
    );
  if (!Array.isArray(content.known))
    throw new UsageError(`${label} holds no list "known". Write it anew with aggro baseline create --force.`);
  const known: readonly unknown[] = content.known;
  return known.flatMap((entry, i) => (entry === null ? [] : [entryOf(entry, `${label}: entry ${i + 1}`)]));
}

function jsonIn(text: string, label: string): unknown {
  try {
    return JSON.parse(text.replace(/^\uFEFF/, ''));
  } catch (error) {
    const problem = error instanceof Error ? error.message : String(error);
    throw new UsageError(`${label} is not valid JSON (${problem}). Mend it, or write it anew with aggro baseline create --force.`);
  }
}

function entryOf(entry: unknown, label: string): KnownFinding {
  const { rule, symbol, file, involves = [] } = isRecord(entry) ? entry : {};
  const parties: readonly unknown[] | undefined = Array.isArray(involves) ? involves : undefined;
  if (
    typeof rule === 'string' &&
    typeof symbol === 'string' &&
    typeof file === 'string' &&
    parties?.every((each) => typeof each === 'string')
  )
    return { rule, symbol, involves: parties, file };
  throw new UsageError(`${label} (${JSON.stringify(entry)}) needs the texts rule, symbol and file. Mend or delete it.`);
}

function textOf(file: string, label: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    const missing = error instanceof Error && 'code' in error && error.code === 'ENOENT';
    throw new UsageError(
      missing
        ? `The baseline ${label} does not exist; aggro baseline create writes one.`
        : `The baseline ${label} could not be read: ${String(error)}`,
    );
  }
}

function rebased(file: string, from: string, to: string): string {
  return toPosix(path.relative(to, path.resolve(from, file)));
}
