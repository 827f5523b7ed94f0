import { readFileSync } from 'node:fs';
import path from 'node:path';
import { boundedRegExp } from './bounded-regexp.js';
import { ancestors } from './paths.js';

/** The .gitignore files that apply in a directory, nearest first, as git does it: the nearest that says anything decides. */
export interface GitIgnore {
  readonly ignores: (file: string, directory: boolean) => boolean;
  /** The same with the .gitignore in that directory, which has one. */
  readonly within: (directory: string) => GitIgnore;
}

export function gitIgnoreAbove(directory: string, repository: string): GitIgnore {
  const above = ancestors(directory, repository).slice(1).toReversed();
  const rules = above.reduce<GitIgnore>((outer, each) => outer.within(each), NOTHING);
  // Somebody who names an ignored directory means it, and git would ignore everything in it.
  return directory !== repository && rules.ignores(directory, true) ? NOTHING : rules;
}

const NOTHING: GitIgnore = { ignores: () => false, within: (directory) => extended(NOTHING, directory) };

function extended(outer: GitIgnore, directory: string): GitIgnore {
  const text = textOf(path.posix.join(directory, '.gitignore'));
  if (text === undefined) return outer;
  const said = ignoredBy(text);
  const start = directory.endsWith('/') ? directory.length : directory.length + 1;
  const both: GitIgnore = {
    ignores: (file, isDirectory) => said(file.slice(start), isDirectory) ?? outer.ignores(file, isDirectory),
    within: (inner) => extended(both, inner),
  };
  return both;
}

/** What such a text says of a path below its directory; nothing where no line matches. What lies in an ignored directory is ignored. */
export function ignoredBy(text: string): (file: string, isDirectory: boolean) => boolean | undefined {
  const lines = text
    .replace(/^\uFEFF/, '')
    .split(/\r?\n/)
    .flatMap(lineOf);
  const named = new Map<string | undefined, Line[]>();
  for (const line of lines) named.set(line.name, [...(named.get(line.name) ?? []), line]);
  const patterns = named.get(undefined) ?? [];
  const directories = new Map<string, boolean | undefined>();
  const said = (file: string, isDirectory: boolean): boolean | undefined => {
    const slash = file.lastIndexOf('/');
    if (slash !== -1 && inDirectory(file.slice(0, slash))) return true;
    const lower = file.toLowerCase();
    const name = lower.slice(slash + 1);
    const applies = (line: Line): boolean => (isDirectory || !line.onlyDirectories) && line.matches(lower, name);
    const byName = named.get(name)?.findLast(applies);
    const byPattern = patterns.findLast(applies);
    const last = byName && byPattern ? (lines.indexOf(byName) > lines.indexOf(byPattern) ? byName : byPattern) : (byName ?? byPattern);
    return last && !last.takesBack;
  };
  const inDirectory = (directory: string): boolean | undefined => {
    if (!directories.has(directory)) directories.set(directory, said(directory, true));
    return directories.get(directory);
  };
  return said;
}

interface Line {
  readonly takesBack: boolean;
  readonly onlyDirectories: boolean;
  /** Of whatever it matches, where it is but a name: most are, and thousands of paths are held against each line. */
  readonly name?: string;
  /** Path and name in small letters. */
  readonly matches: (file: string, name: string) => boolean;
}

const LONGEST = 1_000;

function lineOf(written: string): readonly Line[] {
  // A space at the end counts where it is escaped.
  const line = written.replace(/(?<!\\)[ \t]+$/, '');
  if (line === '' || line.startsWith('#') || line.length > LONGEST) return [];
  const takesBack = line.startsWith('!');
  const pattern = line.slice(takesBack ? 1 : 0);
  const onlyDirectories = pattern.endsWith('/');
  const bare = onlyDirectories ? pattern.slice(0, -1) : pattern;
  // Git may be told to take names as they are written; on most machines it is not.
  const text = bare.toLowerCase();
  const rest = { takesBack, onlyDirectories };
  if (LITERAL.test(text)) return [{ ...rest, name: text, matches: () => true }];
  if (text.startsWith('*') && LITERAL.test(text.slice(1))) return [{ ...rest, matches: (_, name) => name.endsWith(text.slice(1)) }];
  const isAnchored = text.includes('/');
  const matches = boundedRegExp(`^${isAnchored ? '' : '(?:.*\\/)?'}${sourceOf(text.replace(/^\//, ''))}$`);
  return matches ? [{ ...rest, matches }] : [];
}

const LITERAL = /^[^/*?[\\]+$/;

const PIECES = /^\*\*\/|\/\*\*\/|\/\*\*$|\*+|\?|\[[!^]?\]?(?:\[:\w+:\]|\\.|[^\]\\])*\]|\\?[\s\S]/g;

function sourceOf(pattern: string): string {
  const once = pattern.replaceAll(/(?<=^|\/)(?:\*\*\/)+/g, '**/');
  if (once === '**') return '.*';
  return (once.match(PIECES) ?? []).map(pieceSource).join('');
}

function pieceSource(piece: string): string {
  if (piece === '**/') return '(?:.*\\/)?';
  if (piece === '/**/') return '\\/(?:.*\\/)?';
  if (piece === '/**') return '\\/.+';
  if (piece.startsWith('*')) return '[^/]*';
  if (piece === '?') return '[^/]';
  if (piece.length > 1 && piece.startsWith('[')) return classSource(piece);
  return literal(piece.at(-1) ?? '');
}

const POSIX: Readonly<Record<string, string>> = {
  alpha: 'a-z',
  lower: 'a-z',
  upper: 'a-z',
  digit: '0-9',
  alnum: 'a-z0-9',
  xdigit: 'a-f0-9',
  space: ' \\t',
};

function classSource(piece: string): string {
  const [, not = '', inside = ''] = /^\[([!^]?)(.*)\]$/s.exec(piece) ?? [];
  const content = inside.replaceAll(/\[:(\w+):\]|\\(.)|([[\]^])/g, (_, name?: string, escaped?: string, special?: string) =>
    name === undefined ? `\\${escaped ?? special}` : (POSIX[name] ?? ''),
  );
  const source = `[${not === '' ? '' : '^/'}${content}]`;
  try {
    // A range from z to a holds nothing.
    new RegExp(source);
    return source;
  } catch {
    return '[^\\s\\S]';
  }
}

function literal(character: string): string {
  return /[\w\s-]/.test(character) || character.charCodeAt(0) > 127 ? character : `\\${character}`;
}

function textOf(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return undefined;
  }
}
