import { existsSync } from 'node:fs';
import { globSync } from 'tinyglobby';
import { ancestors, isUnder, toPosix } from './paths.js';
import { isRecord, jsonOf, workspacePatterns } from './repository.js';

/** A package of an npm, pnpm, yarn or lerna workspace. */
export interface WorkspacePackage {
  readonly name: string;
  readonly dir: string;
  readonly packageJson: Readonly<Record<string, unknown>>;
}

export interface Workspaces {
  readonly packages: readonly WorkspacePackage[];
  /** Patterns that were not followed. */
  readonly notices: readonly string[];
}

export function workspacePackages(roots: Iterable<string>): Workspaces {
  const notices: string[] = [];
  const byDirectory = new Map<string, WorkspacePackage>();
  for (const root of new Set(roots)) {
    const patterns = workspacePatterns(root)
      .map((pattern) => pattern.replace(/^(!?)\.\//, '$1').replace(/\/+$/, ''))
      .filter((pattern) => isHarmless(pattern) || !notices.push(leftAside(pattern, root)));
    if (patterns.length === 0) continue;
    const manifests = globSync(
      patterns.map((pattern) => `${pattern}/package.json`),
      { cwd: root, absolute: true, ignore: ['**/node_modules/**'], followSymbolicLinks: false, expandDirectories: false },
    );
    for (const manifest of manifests.map(toPosix)) {
      const dir = manifest.slice(0, -'/package.json'.length);
      const packageJson = jsonOf(manifest);
      if (typeof packageJson.name === 'string') byDirectory.set(dir, { name: packageJson.name, dir, packageJson });
    }
  }
  return { packages: [...byDirectory.values()].sort((a, b) => (a.dir < b.dir ? -1 : 1)), notices };
}

function leftAside(pattern: string, root: string): string {
  const short = pattern.length <= 60 ? pattern : `${pattern.slice(0, 59)}…`;
  return `The workspace pattern ${short} in ${root} is not followed: it may have three stars and 200 characters, no brackets, and no star above the root.`;
}

/** Any repository may say anything here: what would be searched for all over the disk, or matched forever, is left aside. */
function isHarmless(pattern: string): boolean {
  const stars = pattern.match(/\*+/g) ?? [];
  if (stars.length > 0 && /^!?(?:\/|(?:\.\.\/)*\.\.(?:\/|$))/.test(pattern)) return false;
  return pattern.length <= 200 && stars.length <= 3 && !pattern.includes('(');
}

/** The packages that the code in a directory depends on, directly or not. */
export function dependenciesOf(directory: string, repository: string, packages: readonly WorkspacePackage[]): readonly WorkspacePackage[] {
  const byName = new Map(packages.map((each) => [each.name, each]));
  const own = ancestors(directory, repository).find((each) => existsSync(`${each}/package.json`));
  const pending = packages.filter(({ dir }) => isUnder(directory, dir)).map(({ packageJson }) => packageJson);
  if (own !== undefined) pending.push(jsonOf(`${own}/package.json`));
  const found = new Set<WorkspacePackage>();
  for (let next = pending.pop(); next; next = pending.pop()) {
    for (const name of dependencyNames(next)) {
      const dependency = byName.get(name);
      if (!dependency || found.has(dependency)) continue;
      found.add(dependency);
      pending.push(dependency.packageJson);
    }
  }
  return [...found];
}

function dependencyNames(packageJson: Readonly<Record<string, unknown>>): readonly string[] {
  return ['dependencies', 'devDependencies', 'peerDependencies', 'optionalDependencies'].flatMap((key) => {
    const names = packageJson[key];
    return isRecord(names) ? Object.keys(names) : [];
  });
}
