import path from 'node:path';
import type { Layer } from '../config/layers.js';
import { ROLES } from '../config/roles.js';
import type { Declaration, FileFacts } from '../facts/facts.js';
import type { BlockKind } from '../model/domain-model.js';
import { globMatcher } from '../project/glob-matcher.js';
import { excludePattern, pathPattern } from '../project/globs.js';

/** A pattern of a configuration that matches nothing. */
export interface DeadGlob {
  /** `exclude`, `model.entities.bases`. */
  readonly setting: string;
  readonly glob: string;
  readonly source: string;
}

const NO_DOTS = { dot: false };

export interface Sources {
  readonly cwd: string;
  /** Absolute: what is read, and what would be without the configuration. */
  readonly files: readonly string[];
  readonly leftOut: readonly string[];
  readonly facts: readonly FileFacts[];
}

export function deadGlobs(layer: Layer, { cwd, files, leftOut, facts }: Sources): readonly DeadGlob[] {
  const { directory } = layer;
  const source = layer.source === undefined ? '' : path.relative(cwd, layer.source);
  const matched = (candidates: readonly string[], matches: (file: string) => boolean) => candidates.some(matches);
  const dead = (setting: string, globs: readonly string[], lives: (glob: string) => boolean): readonly DeadGlob[] =>
    globs.filter((glob) => !lives(glob)).map((glob) => ({ setting, glob, source }));
  return [
    ...dead('include', layer.include, (glob) => matched(files, pathPattern(directory, glob).matches)),
    ...dead('exclude', layer.exclude, (glob) =>
      glob.startsWith('!')
        ? matched(files, excludePattern(directory, glob.slice(1)).matches)
        : matched(leftOut, excludePattern(directory, glob).matches),
    ),
    ...layer.overrides.flatMap(({ directory: from, files: globs }) =>
      dead('overrides.files', globs, (glob) => matched(files, excludePattern(from, glob).matches)),
    ),
    ...deadRecognisers(layer, facts, dead),
  ];
}

function deadRecognisers(
  { model }: Layer,
  facts: readonly FileFacts[],
  dead: (setting: string, globs: readonly string[], lives: (glob: string) => boolean) => readonly DeadGlob[],
): readonly DeadGlob[] {
  if (Object.keys(model).length === 0) return [];
  const words = wordsIn(facts);
  const keys = new Map(Object.entries(ROLES).map(([key, role]) => [role as BlockKind, key]));
  return Object.entries(model).flatMap(([role, { names, files, bases, decorators, tags, suffixes }]) => {
    const setting = `model.${keys.get(role as BlockKind)}`;
    return [
      ...dead(setting, names, (glob) => words.names.has(glob) || [...words.names].some(globMatcher(glob, NO_DOTS))),
      ...dead(setting, files, (glob) => facts.map(({ file }) => file).some(globMatcher(glob, NO_DOTS))),
      ...dead(`${setting}.bases`, bases, (base) => words.bases.has(base)),
      ...dead(`${setting}.decorators`, decorators, (name) => words.decorators.has(name)),
      ...dead(`${setting}.tags`, tags, (tag) => words.tags.has(tag)),
      ...dead(`${setting}.suffixes`, suffixes, (suffix) => [...words.names].some((name) => name.endsWith(suffix))),
    ];
  });
}

/** Every name that a recogniser may mean. */
function wordsIn(facts: readonly FileFacts[]) {
  const words = { names: new Set<string>(), bases: new Set<string>(), decorators: new Set<string>(), tags: new Set<string>() };
  const visit = (declaration: Declaration): void => {
    words.names.add(declaration.name);
    for (const { name } of declaration.tags) words.tags.add(name);
    if (declaration.kind === 'namespace') declaration.body.forEach(visit);
    if (declaration.kind === 'interface') for (const { name } of declaration.extends) words.bases.add(lastOf(name));
    if (declaration.kind !== 'class') return;
    for (const { name } of declaration.implements) words.bases.add(lastOf(name));
    for (const { name } of declaration.decorators) words.decorators.add(name);
    for (const name of namesIn(declaration.extends?.expression)) words.bases.add(name);
  };
  for (const { declarations } of facts) declarations.forEach(visit);
  return words;
}

/** The names in an expression: `lib.Base`, `Mixin(Base)`. */
function namesIn(expression: unknown): readonly string[] {
  if (typeof expression !== 'object' || expression === null) return [];
  return Object.entries(expression).flatMap(([key, value]) =>
    key === 'name' && typeof value === 'string' ? [value] : Array.isArray(value) ? value.flatMap(namesIn) : namesIn(value),
  );
}

function lastOf(name: string): string {
  return name.split('.').at(-1) ?? name;
}
