import { type AggregateDiff, type BoundaryDiff, type Changes, diffInWords, diffIsEmpty, labelledChanges } from './boundary-diff.js';
import { code, html, prose } from './markup.js';

const SIGN = { appeared: '+', went: '−', changed: '~' } as const;

/** For a pull request: how many boundaries changed in sight, each of them folded. */
export function diffMarkdown(diff: BoundaryDiff): string {
  const head = `### ${prose(diffInWords(diff))}`;
  return diffIsEmpty(diff) ? head : [head, ...diff.aggregates.map(folded)].join('\n\n');
}

function folded(aggregate: AggregateDiff): string {
  const { root, file, change } = aggregate;
  const lines = labelledChanges(aggregate).flatMap(([label, changes]) => [`- ${label}`, ...items(changes)]);
  return [
    `<details>\n<summary>${SIGN[change]} <b>${html(root)}</b> ${change}</summary>`,
    [`${code(file)}`, ...(lines.length === 0 ? [] : [lines.join('\n')])].join('\n\n'),
    '</details>',
  ].join('\n\n');
}

function items({ appeared, went }: Changes): string[] {
  return [...appeared.map((name) => `  - \\+ ${prose(name)}`), ...went.map((name) => `  - − ${prose(name)}`)];
}
