import { spawnSync } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { parse } from 'yaml';
import { ROOT } from './own-imports.js';
import { project } from './projects.js';

interface Step {
  readonly id?: string;
  readonly if?: string;
  readonly run?: string;
  readonly uses?: string;
  readonly shell?: string;
  readonly with?: Readonly<Record<string, string>>;
  readonly env?: Readonly<Record<string, string>>;
  readonly 'working-directory'?: string;
  readonly 'continue-on-error'?: boolean;
}

interface Action {
  readonly inputs: Readonly<Record<string, { readonly default?: string }>>;
  readonly outputs: Readonly<Record<string, { readonly value: string }>>;
  readonly runs: { readonly using: string; readonly steps: readonly Step[] };
}

export const ACTION: Action = parse(readFileSync(path.join(ROOT, 'action.yml'), 'utf8'));

export interface Job {
  /** The checkout. */
  readonly workspace: string;
  readonly with?: Readonly<Record<string, string>>;
  readonly github?: object;
  /** Programs that stand in for the real ones, by name. */
  readonly programs: Readonly<Record<string, string>>;
}

export interface Ran {
  readonly status: number;
  readonly log: string;
  readonly summary: string;
  readonly outputs: Readonly<Record<string, string>>;
  /** What other actions were started, with their inputs. */
  readonly used: readonly (readonly [action: string, inputs: Readonly<Record<string, string>>])[];
  /** RUNNER_TEMP. */
  readonly temp: string;
}

/** A composite action as a runner carries it out: expressions first, then each step in a shell of its own. */
export function runAction(job: Job): Ran {
  const temp = project({});
  const bin = path.join(temp, 'bin');
  mkdirSync(bin);
  for (const [name, script] of Object.entries(job.programs)) {
    writeFileSync(path.join(bin, name), script);
    chmodSync(path.join(bin, name), 0o755);
  }
  const given = Object.fromEntries(Object.entries(ACTION.inputs).map(([name, { default: value = '' }]) => [name, value]));
  const steps: Record<string, { readonly outputs: Record<string, string> }> = {};
  const contexts = { inputs: { ...given, ...job.with }, github: job.github ?? {}, steps };
  const summary = path.join(temp, 'summary.md');
  const used: [string, Record<string, string>][] = [];
  let status = 0;
  let log = '';
  for (const step of ACTION.runs.steps) {
    if (!wanted(step, contexts, status)) continue;
    if (step.uses !== undefined) {
      used.push([step.uses, filled(step.with, contexts)]);
      continue;
    }
    const output = path.join(temp, `output-${step.id}`);
    writeFileSync(path.join(temp, 'step.sh'), step.run ?? '');
    const ran = spawnSync('bash', ['--noprofile', '--norc', '-e', '-o', 'pipefail', path.join(temp, 'step.sh')], {
      cwd: path.join(job.workspace, text(step['working-directory'] ?? '.', contexts)),
      encoding: 'utf8',
      env: {
        ...process.env,
        PATH: `${bin}${path.delimiter}${process.env.PATH}`,
        RUNNER_TEMP: temp,
        GITHUB_OUTPUT: output,
        GITHUB_STEP_SUMMARY: summary,
        ...filled(step.env, contexts),
      },
    });
    log += ran.stdout + ran.stderr;
    if (step.id !== undefined) steps[step.id] = { outputs: outputsIn(output) };
    if (ran.status !== 0 && !step['continue-on-error'] && status === 0) status = ran.status ?? 1;
  }
  const outputs = Object.fromEntries(Object.entries(ACTION.outputs).map(([name, { value }]) => [name, text(value, contexts)]));
  return { status, log, summary: existsSync(summary) ? readFileSync(summary, 'utf8') : '', outputs, used, temp };
}

/** Without a function that says otherwise, a step runs when all before it succeeded. */
function wanted({ if: condition = '' }: Step, contexts: object, status: number): boolean {
  const [, expression = condition] = /^\$\{\{([\s\S]*)\}\}$/.exec(condition) ?? [];
  const decides = /\b(?:always|cancelled|failure)\(\)/.test(expression);
  return (decides || status === 0) && (expression.trim() === '' || Boolean(evaluated(expression, contexts)));
}

/** Inputs and environments are text, whatever YAML takes them for. */
export function filled(values: Readonly<Record<string, unknown>> = {}, contexts: object): Record<string, string> {
  return Object.fromEntries(Object.entries(values).map(([name, value]) => [name, text(String(value), contexts)]));
}

function text(template: string, contexts: object): string {
  return template.replaceAll(/\$\{\{(.*?)\}\}/gs, (_, expression: string) => String(evaluated(expression, contexts) ?? ''));
}

/** The part of GitHub's expressions that is JavaScript but for the names of properties. */
function evaluated(expression: string, contexts: object): unknown {
  const script = expression.replaceAll(/\b(?:inputs|steps|github)(?:\.[\w-]+)+/g, (path) => `lookup(${JSON.stringify(path)})`);
  const lookup = (path: string): unknown =>
    path.split('.').reduce((value: unknown, key) => (value as Record<string, unknown> | undefined)?.[key], contexts) ?? '';
  return new Function('lookup', 'cancelled', `return (${script});`)(lookup, () => false);
}

function outputsIn(file: string): Record<string, string> {
  const lines = existsSync(file) ? readFileSync(file, 'utf8').split('\n').filter(Boolean) : [];
  return Object.fromEntries(lines.map((line) => [line.slice(0, line.indexOf('=')), line.slice(line.indexOf('=') + 1)]));
}
