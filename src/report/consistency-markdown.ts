import type { Reason } from '../model/domain-model.js';
import type { BoundaryRow } from './boundary-table.js';
import { answerInWords, briefly, conceptKind, type InvariantCell, invariantInWords } from './consistency-cells.js';
import { lineOf } from './layout.js';
import { cells, code, prose, sentence } from './markup.js';

/** The concept table, the cluster table and the proposed split, each where there is something to say. */
export function consistencySections(row: BoundaryRow): string[] {
  return [...conceptSection(row), ...clusterSection(row), ...splitSection(row)];
}

function conceptSection({ root, concepts }: BoundaryRow): string[] {
  const found = concepts();
  if (found.length === 0) return [];
  return [
    `### Must it be consistent with ${prose(root)} in the same transaction? Does it belong in ${prose(root)}?`,
    table(
      ['concept', 'as', 'answer', 'evidence'],
      found.map((concept) => [
        prose(concept.name),
        conceptKind(concept),
        `**${prose(answerInWords(concept))}**`,
        lines(concept.because.map(reason)),
      ]),
    ),
  ];
}

function clusterSection({ root, clusters }: BoundaryRow): string[] {
  if (clusters.length === 0) return [];
  return [
    `### What invariants tie together in ${prose(root)}`,
    table(
      ['cluster', 'fields', 'its invariants', 'shared with other clusters', 'methods', 'handlers', 'events'],
      clusters.map((cluster) => [
        `**${prose(cluster.name)}**`,
        lines(cluster.fields.map((field) => code(briefly(field, root)))),
        lines(cluster.invariants.map((cell) => invariant(cell, root))),
        cluster.shared.length === 0 ? 'none' : lines(cluster.shared.map((cell) => invariant(cell, root))),
        lines(cluster.methods.map((method) => code(briefly(method, root)))),
        lines(cluster.handlers.map(prose)),
        lines(cluster.events.map(prose)),
      ]),
    ),
  ];
}

function splitSection({ root, split }: BoundaryRow): string[] {
  if (split === undefined) return [];
  const divided = [...split.dividedMethods, ...split.dividedHandlers];
  return [
    '### Proposed split',
    table(
      ['aggregate', 'fields', 'methods', 'repository', 'columns', 'handlers', 'events'],
      split.parts.map((part) => [
        `**${prose(part.name)}**`,
        lines(part.fields.map((field) => code(briefly(field, root)))),
        lines(part.methods.map((method) => code(briefly(method, root)))),
        prose(part.repository),
        lines(part.columns.map(code)),
        lines(part.handlers.map(prose)),
        lines(part.events.map(prose)),
      ]),
    ),
    ...(divided.length > 0 ? [`To divide: ${divided.map(prose).join(' · ')}`] : []),
    ...(split.otherHandlers.length > 0 ? [`To assign by the fields they fill: ${split.otherHandlers.map(prose).join(' · ')}`] : []),
    ...(split.storage ? [reason(split.storage)] : []),
  ];
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  return [cells(head), cells(head.map(() => '---')), ...rows.map(cells)].join('\n');
}

function lines(items: readonly string[]): string {
  return items.join('<br>');
}

function reason({ text, at }: Reason): string {
  return at === undefined ? sentence(text) : `${sentence(text)} (${code(lineOf(at))})`;
}

function invariant(cell: InvariantCell, root: string): string {
  return `${code(invariantInWords(cell, root))} (${code(lineOf(cell.at))})`;
}
