import { exampleOf } from './example.js';
import { optionsOf } from './explain.js';
import type { Rule } from './rule.js';

/** `rules/README.md`: what every rule says about itself, and its examples quoted from its fixture. */
export function renderCatalogue(rules: readonly Rule[], fixturesDir: string): string {
  const ordered = [...rules].sort((one, other) => one.id.localeCompare(other.id, 'en'));
  return `${[
    '# Rules',
    'Generated from the rules and their fixtures; `npx vitest run test/catalogue.test.ts -u` writes it anew.',
    overview(ordered),
    ...ordered.map((rule) => entry(rule, fixturesDir)),
  ].join('\n\n')}\n`;
}

function overview(rules: readonly Rule[]): string {
  const rows = rules.map(
    (rule) => `| [${rule.id}](#${rule.id}) | ${rule.severity} | ${rule.preset} | ${rule.fixable ?? ''} | ${cell(rule.title)} |`,
  );
  return ['| rule | severity | preset | fix | says |', '| --- | --- | --- | --- | --- |', ...rows].join('\n');
}

function entry(rule: Rule, fixturesDir: string): string {
  const quoted = (title: string, kind: 'bad' | 'good'): string[] => {
    const example = exampleOf(rule.id, kind, fixturesDir);
    return example === undefined ? [] : [title, `\`\`\`ts\n${example}\n\`\`\``];
  };
  const options = optionsOf(rule).map(({ name, value, description }) => `- \`${name}\` (default \`${value}\`): ${description}`);
  return [
    `## ${rule.id}`,
    `${rule.title}.`.replace(/\.\.$/, '.'),
    `**Why.** ${rule.why}`,
    ...quoted('Fails:', 'bad'),
    ...quoted('Passes:', 'good'),
    `**What to do.** ${rule.remedy}`,
    ...(options.length > 0 ? [`**Options**\n\n${options.join('\n')}`] : []),
    `*Source: ${rule.source}*`,
  ].join('\n\n');
}

function cell(text: string): string {
  return text.replaceAll('|', '\\|');
}
