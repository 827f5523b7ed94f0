import { existsSync, statSync } from 'node:fs';
import path from 'node:path';
import { ROLES } from '../config/roles.js';
import { type Config, loadNested, type NestedConfig } from '../config.js';
import { UsageError } from '../errors.js';
import { allRules } from '../load-rules.js';
import { policyOf } from '../policy.js';
import { leftOutFiles } from '../project/left-out-files.js';
import { narrowed } from '../project/narrowed.js';
import { absolute, ancestors, isUnder } from '../project/paths.js';
import { discoverProject } from '../project/project.js';
import { repositoryRoot } from '../project/repository.js';
import type { Rule } from '../rule.js';

/** What holds for a file, or in the working directory, written as a configuration that says the same. */
export async function configFor(file: string | undefined, cwd: string, config: Config): Promise<Readonly<Record<string, unknown>>> {
  const at = absolute(cwd, file ?? '.');
  if (!existsSync(at)) throw new UsageError(`${path.relative(cwd, at)} does not exist.`);
  const directory = statSync(at).isDirectory() ? at : path.posix.dirname(at);
  const nested = await loadNested(config, cwd, ancestors(directory, repositoryRoot(directory)));
  const nearest = nested.findLast((each) => isUnder(each.directory, directory))?.config ?? config;
  const rules = await allRules([config, ...nested.map((each) => each.config)]);
  const { choiceAt } = policyOf(rules, [], { cwd, config, nested });
  const { include, exclude, tsconfig, preset, model } = nearest;
  const roles = new Map(Object.entries(ROLES).map(([key, role]) => [role, key]));
  return {
    ...(file === undefined || statSync(at).isDirectory() ? {} : whetherRead(at, cwd, config, nested)),
    sources: nearest.sources.map((source) => path.relative(cwd, source)),
    include,
    exclude,
    tsconfig,
    preset,
    rules: Object.fromEntries(rules.of(nearest).map((rule) => [rule.id, settingOf(rule, path.posix.relative(cwd, at), choiceAt)])),
    model: Object.fromEntries(
      Object.entries(model).map(([role, recogniser]) => [
        [...roles].find(([kind]) => kind === role)?.[1] ?? role,
        Object.fromEntries(Object.entries(recogniser).filter(([, list]) => list.length > 0)),
      ]),
    ),
  };
}

function settingOf(rule: Rule, file: string, choiceAt: ReturnType<typeof policyOf>['choiceAt']): unknown {
  const choice = choiceAt(rule, file);
  if (!choice) return 'off';
  const severity = choice.severity === 'warning' ? 'warn' : choice.severity;
  return Object.keys(choice.options).length === 0 ? severity : [severity, choice.options];
}

function whetherRead(file: string, cwd: string, config: Config, nested: readonly NestedConfig[]): Readonly<Record<string, unknown>> {
  const shown = path.posix.relative(cwd, file);
  if (!/\.[cm]?tsx?$/.test(file)) return { file: shown, read: false, why: 'aggro reads .ts, .tsx, .mts and .cts' };
  const project = narrowed(discoverProject({ cwd, paths: [], config }), nested);
  if (project.files.includes(file)) return { file: shown, read: true };
  const why = leftOutFiles(project, config, nested).find((each) => each.file === file)?.why;
  return { file: shown, read: false, why: why ?? 'git ignores it, or it is a dependency' };
}
