import path from 'node:path';
import { firstOf } from './lookup.js';
import { moduleFile } from './module-file.js';
import { isRecord, strings } from './repository.js';

/** A package.json and where it lies. */
export interface Package {
  readonly dir: string;
  readonly packageJson: Readonly<Record<string, unknown>>;
}

/** The source behind `name` (subpath `.`) or `name/x` (subpath `./x`) of a package of this project, built or not. */
export function packageEntry({ dir, packageJson }: Package, subpath: string, has: (file: string) => boolean): string | undefined {
  const declared = packageJson.exports === undefined ? [] : exportTargets(packageJson.exports, subpath);
  const main = subpath === '.' ? ['source', 'types', 'typings', 'module', 'main'].map((key) => packageJson[key]) : [];
  const fallback = subpath === '.' ? ['./src/index', './index', './lib/index', './src'] : [subpath, `./src/${subpath.slice(2)}`];
  return firstOf([...declared, ...strings(main.filter(Boolean)), ...fallback], (target) => sourceOf(dir, target, has));
}

/** What `#x` means in a package: files of its own, or other modules by name. */
export function importTargets({ packageJson }: Package, specifier: string): readonly string[] {
  return isRecord(packageJson.imports) ? patternTargets(packageJson.imports, specifier) : [];
}

/** The source for a path that often names a build output which isn't there: `dist/esm/x.js` was `src/x.ts`. */
export function sourceOf(dir: string, target: string, has: (file: string) => boolean): string | undefined {
  const direct = moduleFile(path.posix.join(dir, target), has);
  if (direct !== undefined) return direct;
  const segments = path.posix.normalize(target).split('/');
  const stripped = segments.slice(1).map((_, index) => withoutDeclaration(segments.slice(index + 1).join('/')));
  return firstOf(
    stripped.flatMap((rest) => [`src/${rest}`, rest]),
    (rest) => moduleFile(path.posix.join(dir, rest), has),
  );
}

function exportTargets(exports: unknown, subpath: string): readonly string[] {
  const hasSubpaths = isRecord(exports) && Object.keys(exports).some((key) => key.startsWith('.'));
  return patternTargets(hasSubpaths ? exports : { '.': exports }, subpath);
}

/** The exact key, else the pattern with the longest text before its `*`. */
function patternTargets(map: Readonly<Record<string, unknown>>, wanted: string): readonly string[] {
  if (map[wanted] !== undefined) return conditionTargets(map[wanted]);
  const patterns = Object.keys(map).flatMap((key) => {
    const [before, after] = key.split('*');
    if (before === undefined || after === undefined)
      return key.endsWith('/') && wanted.startsWith(key) ? [{ key, before: key, after: '' }] : [];
    const fits = wanted.startsWith(before) && wanted.endsWith(after) && wanted.length >= before.length + after.length;
    return fits ? [{ key, before, after }] : [];
  });
  const best = patterns.toSorted((a, b) => b.before.length - a.before.length)[0];
  if (!best) return [];
  const rest = wanted.slice(best.before.length, wanted.length - best.after.length);
  return conditionTargets(map[best.key]).map((target) => (best.key.includes('*') ? target.replaceAll('*', rest) : target + rest));
}

const CONDITIONS = ['source', 'types', 'development', 'import', 'default'];

/** All targets, the most source-like first: the first that leads to a file is taken. */
function conditionTargets(value: unknown): readonly string[] {
  if (typeof value === 'string') return [value];
  if (Array.isArray(value)) return value.flatMap(conditionTargets);
  if (!isRecord(value)) return [];
  const rank = (key: string) => (CONDITIONS.includes(key) ? CONDITIONS.indexOf(key) : CONDITIONS.length);
  return Object.keys(value)
    .toSorted((a, b) => rank(a) - rank(b))
    .flatMap((key) => conditionTargets(value[key]));
}

function withoutDeclaration(file: string): string {
  return file.replace(/\.d\.([cm]?)ts$/, '.$1js');
}
