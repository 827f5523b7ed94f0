import { exampleOf } from './example.js';
import { pad, widthOf, wrap } from './report/layout.js';
import { type Paint, plain } from './report/paint.js';
import type { Rule } from './rule.js';

export interface ExplainOptions {
  readonly width?: number;
  readonly paint?: Paint;
}

/** Everything a rule says about itself, with a failing and a passing example from its fixture. */
export function explainRule(rule: Rule, fixturesDir: string, { width = 100, paint = plain }: ExplainOptions = {}): string {
  const section = (title: string, lines: readonly string[]): string[] =>
    lines.length === 0 ? [] : ['', paint.strong(title), ...indented(lines)];
  const example = (kind: 'bad' | 'good'): string[] => exampleOf(rule.id, kind, fixturesDir)?.split('\n') ?? [];
  return `${[
    `${paint.strong(rule.id)}  ${paint[rule.severity](rule.severity)}, in the preset ${rule.preset}${fixInWords(rule)}`,
    rule.title,
    ...section('Why', wrap(rule.why, width - 2)),
    ...section('What to do', wrap(rule.remedy, width - 2)),
    ...section('Fails', example('bad')),
    ...section('Passes', example('good')),
    ...section(
      'Options',
      optionsOf(rule).flatMap(({ name, value, description }) => wrap(`${name} (default ${value}): ${description}`, width - 2)),
    ),
    ...section('Source', wrap(rule.source, width - 2)),
  ].join('\n')}\n`;
}

/** One line a rule. */
export function listRules(rules: readonly Rule[], { width = 100, paint = plain }: ExplainOptions = {}): string {
  const column = Math.max(...rules.map((rule) => widthOf(rule.id)), 0);
  const indent = column + 'warning'.length + 'recommended'.length + 6;
  const lines = rules.flatMap((rule) => {
    const [first = '', ...rest] = wrap(rule.title, Math.max(20, width - indent));
    const severity = paint[rule.severity](pad(rule.severity, 'warning'.length));
    return [
      `${pad(rule.id, column)}  ${severity}  ${pad(rule.preset, 'recommended'.length)}  ${first}`,
      ...rest.map((line) => ' '.repeat(indent) + line),
    ];
  });
  return `${[...lines, '', paint.faint('aggro explain RULE shows one with its examples.')].join('\n')}\n`;
}

export interface RuleOption {
  readonly name: string;
  readonly value: string;
  readonly description: string;
}

export function optionsOf(rule: Rule): RuleOption[] {
  return Object.entries(rule.options ?? {}).map(([name, option]) => ({
    name,
    value: JSON.stringify(option.default),
    description: option.description,
  }));
}

function fixInWords(rule: Rule): string {
  return rule.fixable === undefined ? '' : `, ${rule.fixable} fix`;
}

function indented(lines: readonly string[]): string[] {
  return lines.map((line) => (line === '' ? '' : `  ${line}`));
}
