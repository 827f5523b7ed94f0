import path from 'node:path';
import { ROLES } from '../config/roles.js';
import { configOf } from '../config.js';
import type { ModelSetting, UserConfig } from '../define-config.js';
import { type LintOptions, lint } from '../lint.js';
import type { Report } from '../report/report.js';
import type { Recognised } from './inspect.js';

export interface Proposal {
  readonly config: UserConfig;
  /** Roles that were recognised, but that no list can name without changing what is found. */
  readonly leftOut: readonly string[];
}

/** A configuration that says what was recognised. It is tried: what would change a finding or a role is left out. */
export async function propose(recognised: readonly Recognised[], roots: readonly string[], options: LintOptions): Promise<Proposal> {
  const run = async (model: ModelSetting) =>
    signature(await lint({ ...options, preset: 'all', config: configOf({ model }, fileIn(options), options.cwd) }));
  const asked: ModelSetting = roots.length > 0 ? { aggregateRoots: { names: roots } } : {};
  const wanted = await run(asked);
  const all = recognised.flatMap((each) => settingsOf(each, roots));
  if ((await run(modelOf(all, asked))) === wanted) return { config: written(modelOf(all, asked)), leftOut: [] };
  const kept: Setting[] = [];
  for (const each of all) if ((await run(modelOf([...kept, each], asked))) === wanted) kept.push(each);
  return {
    config: written(modelOf(kept, asked)),
    leftOut: [...new Set(all.filter((each) => !kept.includes(each)).map(([key, list]) => `${key}.${list}`))],
  };
}

/** One list of one role. */
type Setting = readonly [role: keyof ModelSetting, list: 'bases' | 'names', entries: readonly string[]];

function settingsOf({ role, bases, names }: Recognised, roots: readonly string[]): readonly Setting[] {
  const key = (Object.keys(ROLES) as (keyof ModelSetting)[]).find((each) => ROLES[each] === role) ?? 'aggregateRoots';
  const all = key === 'aggregateRoots' ? [...new Set([...names, ...roots])].sort() : names;
  return [...(bases.length > 0 ? [[key, 'bases', bases] as const] : []), ...(all.length > 0 ? [[key, 'names', all] as const] : [])];
}

function modelOf(settings: readonly Setting[], asked: ModelSetting): ModelSetting {
  const listsOf = (role: keyof ModelSetting) => settings.filter(([each]) => each === role).map(([, list, entries]) => [list, entries]);
  const roles = new Set(settings.map(([role]) => role));
  return { ...asked, ...Object.fromEntries([...roles].map((role) => [role, { ...asked[role], ...Object.fromEntries(listsOf(role)) }])) };
}

function written(model: ModelSetting): UserConfig {
  return { preset: 'recommended', ...(Object.keys(model).length > 0 ? { model } : {}) };
}

/** All that a configuration must not change. */
function signature({ violations, model }: Report): string {
  return JSON.stringify([
    violations.map(({ fingerprint, severity, message, at }) => [fingerprint, severity, message, at]),
    model.blocks.map(({ id, kind, aggregate }) => [id, kind, aggregate]),
  ]);
}

function fileIn({ cwd }: { readonly cwd: string }): string {
  return path.join(cwd, 'aggro.config.json');
}
