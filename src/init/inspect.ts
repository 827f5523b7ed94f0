import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import type { Understood } from '../lint.js';
import type { BlockKind } from '../model/domain-model.js';
import { isRecord, jsonOf, repositoryRoot } from '../project/repository.js';

export type PackageManager = 'npm' | 'pnpm' | 'yarn' | 'bun';
export type HookTool = 'husky' | 'lefthook' | 'pre-commit' | 'lint-staged';

/** What lies around the code that a set-up has to fit in with. */
export interface Surroundings {
  readonly cwd: string;
  readonly packageManager: PackageManager;
  /** The package.json in the working directory, as it is. */
  readonly manifest?: string;
  readonly frameworks: readonly string[];
  readonly orms: readonly string[];
  readonly workspaces: number;
  readonly tsconfigs: readonly string[];
  readonly hookTool?: HookTool;
  /** The directory of the repository, where it is on GitHub and this is its root. */
  readonly onGitHub: boolean;
  readonly dependsOnAggro: boolean;
  /** Configurations that are there already. */
  readonly configurations: readonly string[];
}

/** The roles that were recognised, by what a configuration can name. */
export interface Recognised {
  readonly role: BlockKind;
  /** Bases that decided it. */
  readonly bases: readonly string[];
  /** Declarations without one, by their names. */
  readonly names: readonly string[];
  readonly count: number;
}

export function inspect({ project, config }: Understood): Surroundings {
  const { cwd } = project;
  const file = path.join(cwd, 'package.json');
  const manifest = existsSync(file) ? readFileSync(file, 'utf8') : undefined;
  const names = dependencyNames([cwd, ...project.workspaces.map(({ dir }) => dir)]);
  const hookTool = hookToolIn(cwd, names);
  return {
    cwd,
    packageManager: packageManagerIn([cwd, repositoryRoot(cwd)]),
    ...(manifest === undefined ? {} : { manifest }),
    frameworks: FRAMEWORKS.filter((name) => names.has(name)),
    orms: ORMS.filter((name) => names.has(name)),
    workspaces: project.workspaces.length,
    tsconfigs: project.tsconfigs.map((each) => path.relative(cwd, each)),
    ...(hookTool === undefined ? {} : { hookTool }),
    onGitHub: existsSync(path.join(cwd, '.github')) || /github\.com/.test(textOf(path.join(cwd, '.git/config'))),
    dependsOnAggro: names.has('aggro'),
    configurations: config.sources.map((each) => path.relative(cwd, each)),
  };
}

export function recognisedIn({ model }: Understood): readonly Recognised[] {
  return ROLES_TO_NAME.flatMap((role) => {
    const blocks = model.blocks.filter(({ kind, base }) => kind === role && !base);
    if (blocks.length === 0) return [];
    const bases = new Set<string>();
    const names = new Set<string>();
    for (const { name, evidence } of blocks) {
      const [first] = evidence;
      const base = first?.kind === 'heritage' ? /^(?:extends|implements) ([\w$.]+)/.exec(first.detail)?.[1] : undefined;
      if (base !== undefined) bases.add(base);
      else if (role === 'aggregate-root' && first?.kind !== 'annotation') names.add(name);
    }
    return bases.size + names.size === 0 ? [] : [{ role, bases: [...bases].sort(), names: [...names].sort(), count: blocks.length }];
  });
}

const ROLES_TO_NAME: readonly BlockKind[] = ['aggregate-root', 'entity', 'value-object', 'identifier', 'domain-event', 'repository'];

const FRAMEWORKS = ['@nestjs/core', '@nestjs/cqrs', 'express', 'fastify', 'koa', '@hapi/hapi', 'inversify', 'awilix', 'tsyringe'];
const ORMS = [
  ...['typeorm', '@mikro-orm/core', '@prisma/client', 'prisma', 'mongoose', '@typegoose/typegoose', 'sequelize', 'sequelize-typescript'],
  ...['drizzle-orm', 'kysely', 'knex', 'objection', 'mongodb', 'pg', 'slonik'],
];

function dependencyNames(directories: readonly string[]): ReadonlySet<string> {
  const fields = ['dependencies', 'devDependencies', 'peerDependencies'];
  return new Set(
    directories.flatMap((directory) => {
      const manifest = jsonOf(`${directory}/package.json`);
      return fields.flatMap((field) => (isRecord(manifest[field]) ? Object.keys(manifest[field]) : []));
    }),
  );
}

const LOCKS: readonly (readonly [string, PackageManager])[] = [
  ['pnpm-lock.yaml', 'pnpm'],
  ['yarn.lock', 'yarn'],
  ['bun.lock', 'bun'],
  ['bun.lockb', 'bun'],
  ['package-lock.json', 'npm'],
];

function packageManagerIn(directories: readonly string[]): PackageManager {
  for (const directory of directories) {
    const lock = LOCKS.find(([name]) => existsSync(path.join(directory, name)));
    if (lock) return lock[1];
  }
  return 'npm';
}

export const LEFTHOOK_FILES = ['lefthook.yml', 'lefthook.yaml', '.lefthook.yml', '.lefthook.yaml'];
export const LINT_STAGED_FILES = ['.lintstagedrc.json', '.lintstagedrc'];

/** The one that runs at a commit; lint-staged last, since it is run by another. */
function hookToolIn(cwd: string, dependencies: ReadonlySet<string>): HookTool | undefined {
  const has = (...names: readonly string[]) => names.some((name) => existsSync(path.join(cwd, name)));
  if (has('.husky') || dependencies.has('husky')) return 'husky';
  if (has(...LEFTHOOK_FILES)) return 'lefthook';
  if (has('.pre-commit-config.yaml')) return 'pre-commit';
  return dependencies.has('lint-staged') || has(...LINT_STAGED_FILES) ? 'lint-staged' : undefined;
}

function textOf(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return '';
  }
}
