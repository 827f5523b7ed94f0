import type { FileFacts } from '../facts/facts.js';
import { hashOf, type Stamp } from './file-state.js';

/**
 * Facts of files, one line each, so that one can be added or taken over without touching the others: a hash of the rest and of
 * the header, what is known of the file, its facts. JSON has no tabs and no ends of lines; ASCII is read fastest.
 */
export interface FactsLine extends Known {
  /** `null` for a file that has none; undefined where the line is not as it was written. */
  readonly facts: () => FileFacts | null | undefined;
  /** The same as JSON. */
  readonly json: () => string;
}

interface Known {
  readonly name: string;
  /** Of name and text: see `keyOf`. */
  readonly key: string;
  /** Of a file on disk. */
  readonly stamp?: Stamp | undefined;
  /** When it was stamped. */
  readonly takenAt?: number | undefined;
}

export function keyOf(name: string, text: string): string {
  return hashOf(`${name}\0${text}`);
}

export function lineOf(known: Known, facts: FileFacts | null): FactsLine {
  return { ...known, facts: () => facts, json: () => ascii(facts) };
}

/** Header and lines, in pieces. */
export function* written(header: string, lines: Iterable<FactsLine>): Iterable<string> {
  yield `${header}\n`;
  yield* writtenLines(header, lines);
}

/** Each piece holds whole lines: what somebody else adds at the same time comes between two of them. */
export function* writtenLines(header: string, lines: Iterable<FactsLine>): Iterable<string> {
  let piece = '';
  for (const { name, key, stamp, takenAt, json } of lines) {
    const rest = `${ascii([name, key, stamp, takenAt])}\t${json()}`;
    piece += `${hashOf(header + rest)}\t${rest}\n`;
    if (piece.length < PIECE) continue;
    yield piece;
    piece = '';
  }
  if (piece !== '') yield piece;
}

const PIECE = 1 << 20;

/** The first line of what is no such file may be anything. */
export function headerOf(bytes: Buffer): string {
  return bytes.toString('latin1', 0, Math.max(0, bytes.indexOf(END)));
}

/** The lines below the header; one that is cut off is none. */
export function linesIn(bytes: Buffer): FactsLine[] {
  const header = headerOf(bytes);
  const lines: FactsLine[] = [];
  for (let start = header.length + 1, end = bytes.indexOf(END, start); end >= 0; start = end + 1, end = bytes.indexOf(END, start)) {
    const line = parsed(header, bytes.subarray(start, end));
    if (line) lines.push(line);
  }
  return lines;
}

/** The line of that name and key, found without looking at the others. */
export function lineOfFile(bytes: Buffer, name: string, key: string): FactsLine | undefined {
  const at = bytes.lastIndexOf(`\t[${ascii(name)},${ascii(key)}`, undefined, 'latin1');
  const end = bytes.indexOf(END, at);
  return at < 0 || end < 0 ? undefined : parsed(headerOf(bytes), bytes.subarray(bytes.lastIndexOf(END, at) + 1, end));
}

const END = 10;
const TAB = 9;

function parsed(header: string, bytes: Buffer): FactsLine | undefined {
  const [first, second] = tabsIn(bytes);
  if (second < 0) return undefined;
  try {
    const [name, key, stamp, takenAt] = JSON.parse(bytes.toString('latin1', first + 1, second));
    const json = (): string => bytes.toString('latin1', second + 1);
    let read: { readonly facts: FileFacts | null | undefined } | undefined;
    const facts = (): FileFacts | null | undefined => {
      read ??= { facts: soundFacts(header, bytes.toString('latin1'), first, second) };
      return read.facts;
    };
    return { name, key, stamp: stamp ?? undefined, takenAt: takenAt ?? undefined, facts, json };
  } catch {
    return undefined;
  }
}

function soundFacts(header: string, line: string, first: number, second: number): FileFacts | null | undefined {
  return line.slice(0, first) === hashOf(header + line.slice(first + 1)) ? JSON.parse(line.slice(second + 1)) : undefined;
}

function tabsIn(bytes: Buffer): readonly [number, number] {
  const first = bytes.indexOf(TAB);
  return [first, first < 0 ? -1 : bytes.indexOf(TAB, first + 1)];
}

export function ascii(value: unknown): string {
  const json = JSON.stringify(value);
  // Nearly all of it is, which is told at once.
  if (Buffer.byteLength(json) === json.length) return json;
  return json.replace(/[\u0080-\uffff]/g, (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`);
}
