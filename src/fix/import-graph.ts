import { ts } from '../facts/compiler.js';

/** Who imports whom among the files of a repository: what a change of one file can reach. */
export interface ImportGraph {
  readonly importersOf: (file: string) => ReadonlySet<string>;
  readonly add: (from: string, to: string) => void;
  /** Files without imports and exports: what they declare, and what they use, is global. */
  readonly globals: ReadonlySet<string>;
}

export interface ImportGraphInput {
  readonly files: readonly string[];
  readonly textOf: (file: string) => string | undefined;
  readonly resolve: (fromFile: string, specifier: string) => string | undefined;
}

/** From the scanner alone, a fraction of what parsing costs. */
export function importGraph({ files, textOf, resolve }: ImportGraphInput): ImportGraph {
  const importers = new Map<string, Set<string>>();
  const globals = new Set<string>();
  const add = (from: string, to: string): void => {
    const known = importers.get(to);
    if (known) known.add(from);
    else importers.set(to, new Set([from]));
  };
  for (const file of files) {
    const text = textOf(file) ?? '';
    const { importedFiles, ambientExternalModules = [] } = ts.preProcessFile(text, true, true);
    const isScript = importedFiles.length === 0 && !/^\s*export\b/m.test(text);
    // `declare module 'library' { … }` exports from the library, not from the file.
    if (isScript || ambientExternalModules.length > 0) globals.add(file);
    for (const { fileName } of importedFiles) {
      const to = resolve(file, fileName);
      if (to !== undefined) add(file, to);
    }
  }
  return { importersOf: (file) => importers.get(file) ?? NONE, add, globals };
}

const NONE: ReadonlySet<string> = new Set();

/** The files, and whatever imports them at any remove. */
export function reachedFrom(files: Iterable<string>, importersOf: ImportGraph['importersOf']): ReadonlySet<string> {
  const reached = new Set<string>();
  const open = [...files];
  for (let file = open.pop(); file !== undefined; file = open.pop()) {
    if (reached.has(file)) continue;
    reached.add(file);
    open.push(...importersOf(file));
  }
  return reached;
}
