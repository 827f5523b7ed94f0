import { existsSync, readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { UsageError } from '../errors.js';
import { ownModule } from '../own-module.js';
import { placesIn, readData } from './data.js';

/** What stands in a configuration file, not yet looked at. */
export interface Written {
  /** Absolute. */
  readonly source: string;
  /** As a user would name it. */
  readonly label: string;
  readonly content: unknown;
  /** Keys above the configuration in the file: `aggro` in a package.json. */
  readonly prefix: readonly string[];
  /** `aggro.config.json:3:5`; undefined where that cannot be told. */
  readonly placeOf: (keys: readonly PropertyKey[]) => string | undefined;
}

export interface ReadOptions {
  /** Paths are shown relative to it. */
  readonly cwd: string;
  /** Refuses a configuration that is code. */
  readonly dataOnly: boolean;
}

export const SEARCH_PLACES = [
  ...['ts', 'mts', 'js', 'mjs', 'cjs', 'json'].map((extension) => `aggro.config.${extension}`),
  '.aggrorc',
  ...['json', 'yaml', 'yml'].map((extension) => `.aggrorc.${extension}`),
  'package.json',
];

/** The configuration in a directory, whatever its file is called. */
export function searchIn(directory: string, options: ReadOptions): Promise<Written | undefined> {
  return explore(directory, options, (explorer) => explorer.search(directory));
}

export async function readFile(file: string, given: string, options: ReadOptions): Promise<Written | undefined> {
  if (!existsSync(file)) throw new UsageError(`The configuration file ${given} does not exist.`);
  if (!statSync(file).isFile()) throw new UsageError(`The configuration ${given} is a directory; name the file in it.`);
  return explore(given, options, (explorer) => explorer.load(file));
}

type Explorer = ReturnType<typeof import('cosmiconfig')['cosmiconfig']>;

async function explore(
  where: string,
  { cwd, dataOnly }: ReadOptions,
  ask: (explorer: Explorer) => ReturnType<Explorer['search']>,
): Promise<Written | undefined> {
  const { cosmiconfig } = await import('cosmiconfig');
  const labelOf = (file: string) => path.relative(cwd, file) || file;
  const texts = new Map<string, string>();
  const data = async (file: string, text: string) => {
    texts.set(file, text);
    return readData(file, text, labelOf(file));
  };
  const code = async (file: string) => {
    if (dataOnly)
      throw new UsageError(
        `${labelOf(file)} is code, and --config-json-only runs none. Write the configuration as JSON or YAML, name another with --config, or lint with the defaults: --no-config.`,
      );
    return runModule(file);
  };
  try {
    const explorer = cosmiconfig('aggro', {
      searchPlaces: SEARCH_PLACES,
      searchStrategy: 'none',
      cache: false,
      loaders: {
        ...Object.fromEntries(['.ts', '.mts', '.cts', '.js', '.mjs', '.cjs'].map((extension) => [extension, code])),
        ...Object.fromEntries(['.json', '.jsonc', '.yaml', '.yml', 'noExt'].map((extension) => [extension, data])),
      },
    });
    const result = await ask(explorer);
    if (!result || result.isEmpty) return undefined;
    const { filepath: source, config: content } = result;
    const prefix = path.basename(source) === 'package.json' ? ['aggro'] : [];
    const text = texts.get(source);
    const places = text === undefined ? await placesInModule(source) : placesIn(text);
    const label = labelOf(source);
    return {
      source,
      label,
      content,
      prefix,
      placeOf: (keys) => {
        const place = places([...prefix, ...keys]);
        return place && `${label}:${place}`;
      },
    };
  } catch (error) {
    if (error instanceof UsageError) throw error;
    throw new UsageError(`Could not read the configuration in ${where}: ${error instanceof Error ? error.message : String(error)}`);
  }
}

/** The compiler is loaded where there is code to place something in. */
async function placesInModule(file: string): Promise<(keys: readonly PropertyKey[]) => string | undefined> {
  const { placesInCode } = await import('./code-places.js');
  return placesInCode(file, readFileSync(file, 'utf8').replace(/^\uFEFF/, ''));
}

/** Runs a module of the user's, TypeScript or not: its default export. Needs no TypeScript to be installed. */
export async function runModule(file: string): Promise<unknown> {
  const { createJiti } = await import('jiti');
  // So that `import { defineConfig } from 'aggro'` works under npx, too, where the project does not depend on aggro.
  const alias = { 'aggro/testing': ownModule('testing/index'), aggro: ownModule('index') };
  const jiti = createJiti(file, { fsCache: false, moduleCache: false, alias });
  return jiti.import(file, { default: true });
}

/** The file that a specifier means to a module there; undefined where nothing of that name is installed. */
export async function resolveFrom(file: string, specifier: string): Promise<string | undefined> {
  const { createJiti } = await import('jiti');
  const found = createJiti(file, { fsCache: false, moduleCache: false }).esmResolve(specifier, { try: true, parentURL: file });
  return found === undefined ? undefined : found.startsWith('file:') ? fileURLToPath(found) : found;
}
