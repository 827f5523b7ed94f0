import { existsSync } from 'node:fs';
import { isBuiltin } from 'node:module';
import path from 'node:path';
import type { FileFacts } from '../facts/facts.js';
import { ancestors } from '../project/paths.js';
import { isRecord, jsonOf, repositoryRoot } from '../project/repository.js';

/** Something of which there are several, with one place to look at. */
export interface Counted {
  readonly text: string;
  readonly count: number;
  /** `file:line`. */
  readonly at: string;
}

/** Specifiers that lead neither to a source, nor to any other file, nor to a dependency. */
export function unresolvedImports(
  facts: readonly FileFacts[],
  cwd: string,
  resolve: (file: string, specifier: string) => string | undefined,
): readonly Counted[] {
  const isDependency = dependencies(cwd);
  const found = facts.flatMap(({ file, lines, imports, ambientModules }) =>
    imports
      .filter(({ from }) => !ambientModules.includes(from) && resolve(file, from) === undefined)
      .filter(({ from }) => (/^\.{0,2}\//.test(from) ? !isFile(path.resolve(cwd, path.dirname(file), from)) : !isDependency(file, from)))
      .map(({ from, at }) => ({
        text: isSource(path.resolve(cwd, path.dirname(file), from)) ? `${from} (left out)` : from,
        file,
        at: `${file}:${lineAt(lines, at[0])}`,
      })),
  );
  // A line that imports three names counts once.
  const once = new Map(found.map((each) => [`${each.text} ${each.at}`, each]));
  return counted([...once.values()]);
}

export function counted(found: readonly { readonly text: string; readonly at: string }[]): readonly Counted[] {
  const groups = new Map<string, Counted>();
  for (const { text, at } of found) {
    const known = groups.get(text);
    groups.set(text, { text, at: known?.at ?? at, count: (known?.count ?? 0) + 1 });
  }
  return [...groups.values()].sort((a, b) => b.count - a.count || (a.text < b.text ? -1 : 1));
}

export function lineAt(lines: readonly number[], offset: number): number {
  const next = lines.findIndex((start) => start > offset);
  return next === -1 ? lines.length : next;
}

/** What TypeScript does not compile may still be there: styles, JSON, plain JavaScript. */
function isFile(target: string): boolean {
  return ['', '.js', '.mjs', '.cjs', '.jsx', '.json', '/index.js'].some((extension) => existsSync(target + extension));
}

function isSource(target: string): boolean {
  return ['.ts', '.tsx', '.d.ts', '/index.ts'].some((extension) => existsSync(target.replace(/\.[cm]?js$/, '') + extension));
}

/** Declared in a package.json above the file, or lying in a node_modules there. */
function dependencies(cwd: string): (file: string, specifier: string) => boolean {
  const known = new Map<string, boolean>();
  const declares = (directory: string, name: string): boolean => {
    const key = `${directory} ${name}`;
    const manifest = known.has(key) ? {} : jsonOf(`${directory}/package.json`);
    const declared = ['dependencies', 'devDependencies', 'peerDependencies', 'optionalDependencies'].some((field) => {
      const names = manifest[field];
      return isRecord(names) && (name in names || typesOf(name) in names);
    });
    const answer = known.get(key) ?? (declared || [name, typesOf(name)].some((each) => existsSync(`${directory}/node_modules/${each}`)));
    known.set(key, answer);
    return answer;
  };
  return (file, specifier) => {
    if (isBuiltin(specifier)) return true;
    const name = /^(?:@[^/]+\/)?[^/]+/.exec(specifier)?.[0] ?? specifier;
    const directory = path.posix.dirname(path.posix.join(cwd, file));
    return ancestors(directory, repositoryRoot(cwd)).some((each) => declares(each, name));
  };
}

function typesOf(name: string): string {
  return `@types/${name.replace(/^@/, '').replace('/', '__')}`;
}
