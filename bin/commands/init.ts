import { chmod, mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { configOf, DEFAULT_CONFIG, loadConfig } from '../../src/config.js';
import { UsageError } from '../../src/errors.js';
import { baseline } from '../../src/init/baseline.js';
import { afterwards, type Change, commitHook, configFile, isChange, packageScript, type Step, workflow } from '../../src/init/changes.js';
import { inspect, type Recognised, recognisedIn, type Surroundings } from '../../src/init/inspect.js';
import { type Proposal, propose } from '../../src/init/propose.js';
import { type LintOptions, type Understood, understand } from '../../src/lint.js';
import { listed } from '../../src/wording.js';
import type { InitOptions } from '../options.js';
import { withProgress } from '../progress.js';
import { directoryOf } from '../settings.js';

export async function run(options: InitOptions): Promise<void> {
  const cwd = directoryOf(options);
  if (!options.yes && !process.stdin.isTTY)
    throw new UsageError('aggro init asks questions; where nobody can answer, say --yes, and --dry-run to see first.');
  const engine: LintOptions = { cwd, paths: [], config: { ...DEFAULT_CONFIG, alone: true } };
  const understood = await withProgress((onProgress) => understand({ ...engine, onProgress }));
  const surroundings = await withConfigurations(inspect(understood), cwd);
  const recognised = recognisedIn(understood);
  say(summary(understood, surroundings, recognised));
  const answers = options.yes
    ? byDefault(surroundings, options)
    : await (await import('./init-questions.js')).ask(understood, surroundings);
  const proposal = await propose(recognised, answers.roots, engine);
  await carryOut(await stepsFor(answers, proposal, surroundings, options, engine), surroundings, options);
  if (proposal.leftOut.length > 0)
    say([
      `Not named in the configuration, since that would change what is found: ${listed(proposal.leftOut)}. They are recognised without it.`,
    ]);
  if (!surroundings.dependsOnAggro) say(['aggro is no dependency of this package yet: add it, so that the script and the hook find it.']);
}

export interface Answers {
  /** Further classes that are aggregate roots. */
  readonly roots: readonly string[];
  readonly format: 'json' | 'ts';
  readonly steps: readonly StepName[];
}

export type StepName = 'config' | 'script' | 'baseline' | 'workflow' | 'hook';

function byDefault({ onGitHub, hookTool, manifest }: Surroundings, { format }: InitOptions): Answers {
  return {
    roots: [],
    format,
    steps: [
      'config',
      'baseline',
      ...(manifest === undefined ? [] : ['script' as const]),
      ...(onGitHub ? ['workflow' as const] : []),
      ...(hookTool ? ['hook' as const] : []),
    ],
  };
}

async function stepsFor(
  { format, steps }: Answers,
  proposal: Proposal,
  surroundings: Surroundings,
  { force }: InitOptions,
  engine: LintOptions,
): Promise<readonly Step[]> {
  const { cwd, configurations } = surroundings;
  const file = configFile(proposal.config, format, surroundings);
  const [present] = configurations;
  const stays = present !== undefined && !(force && present === file.file);
  const config = stays ? await loadConfig({ cwd }) : configOf(proposal.config, path.join(cwd, file.file), cwd);
  const makers: Readonly<Record<StepName, (surroundings: Surroundings) => Step | Promise<Step>>> = {
    config: () =>
      stays ? { why: `${present} is there already and stays as it is${present === file.file ? '; --force replaces it' : ''}.` } : file,
    script: packageScript,
    baseline: () => baseline({ ...engine, config }),
    workflow,
    hook: commitHook,
  };
  const made: Step[] = [];
  let here = surroundings;
  for (const name of steps) {
    const step = await makers[name](here);
    made.push(step);
    here = afterwards(here, step);
  }
  return made;
}

async function carryOut(steps: readonly Step[], { cwd }: Surroundings, { dryRun }: InitOptions): Promise<void> {
  for (const step of steps) {
    if (!isChange(step)) {
      say([`–  ${step.why}`]);
      continue;
    }
    const how = step.before === undefined ? 'new' : 'changed';
    say([`${dryRun ? 'would write' : 'wrote'}  ${step.file}  (${how}: ${step.what})`]);
    if (dryRun) say(shown(step));
    else await write(cwd, step);
  }
}

async function write(cwd: string, { file, after, executable }: Change): Promise<void> {
  const target = path.join(cwd, file);
  await mkdir(path.dirname(target), { recursive: true });
  await writeFile(target, after);
  if (executable) await chmod(target, 0o755);
}

/** A new file whole, of one that is there the lines that come in. */
function shown({ before, after }: Change): readonly string[] {
  const known = new Set(before?.split('\n'));
  const lines = after.trimEnd().split('\n');
  return (before === undefined ? lines : lines.filter((line) => !known.has(line))).map((line) => `  + ${line}`);
}

function summary(
  { project, model }: Understood,
  { frameworks, orms, workspaces, tsconfigs }: Surroundings,
  recognised: readonly Recognised[],
): readonly string[] {
  const found = recognised.map(({ role, count, bases, names }) => `  ${count} × ${role}${inWords(bases, names)}`);
  return [
    `${project.files.length} files, ${tsconfigs.length > 0 ? listed(tsconfigs) : 'no tsconfig'}${workspaces > 0 ? `, ${workspaces} workspace packages` : ''}${[...frameworks, ...orms].length > 0 ? `, ${listed([...frameworks, ...orms], { most: 8, shown: 8 })}` : ''}`,
    ...(model.aggregates.length === 0 ? ['No aggregates recognised; aggro doctor says what came closest.'] : found),
  ];
}

function inWords(bases: readonly string[], names: readonly string[]): string {
  return [...(bases.length > 0 ? [` by ${listed(bases)}`] : []), ...(names.length > 0 ? [`, without a base: ${listed(names)}`] : [])].join(
    '',
  );
}

async function withConfigurations(surroundings: Surroundings, cwd: string): Promise<Surroundings> {
  const { sources } = await loadConfig({ cwd });
  return { ...surroundings, configurations: sources.map((each) => path.relative(cwd, each)).filter((each) => !each.startsWith('..')) };
}

function say(lines: readonly string[]): void {
  process.stdout.write(`${lines.join('\n')}\n`);
}
