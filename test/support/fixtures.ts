import { readdirSync, readFileSync } from 'node:fs';
import { join, relative, sep } from 'node:path';
import { fileURLToPath } from 'node:url';

export const FIXTURES = fileURLToPath(new URL('../../fixtures/', import.meta.url));

const directoriesIn = (directory: string): string[] =>
  readdirSync(directory, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map((entry) => entry.name)
    .sort();

/** A directory that holds scenarios says so by their names. */
const isScenario = (name: string): boolean => /^(catches|passes)-/.test(name);

/** `<rule-id>/<scenario>`, found by convention. */
export const SCENARIOS: readonly string[] = directoriesIn(FIXTURES).flatMap((rule) =>
  directoriesIn(join(FIXTURES, rule))
    .filter(isScenario)
    .map((scenario) => `${rule}/${scenario}`),
);

export const STYLES: readonly string[] = directoriesIn(join(FIXTURES, 'styles'));

/** What the three sources teach, as code: each anti-pattern beside what they advise instead. */
export const SOURCES: readonly string[] = directoriesIn(join(FIXTURES, 'sources')).map((name) => `sources/${name}`);

/** Everything that is linted on its own. */
export const PROJECTS: readonly string[] = [...SCENARIOS, ...STYLES.map((style) => `styles/${style}`), ...SOURCES, 'shop', 'clean-shop'];

/** TypeScript files of a directory, as posix paths relative to it. */
export function sourcesIn(directory: string): string[] {
  return readdirSync(directory, { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith('.ts'))
    .map((entry) => relative(directory, join(entry.parentPath, entry.name)).split(sep).join('/'))
    .sort();
}

export const read = (directory: string, file: string): string => readFileSync(join(directory, file), 'utf8');
