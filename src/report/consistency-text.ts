import type { Concept, Reason, Span } from '../model/domain-model.js';
import type { BoundaryRow } from './boundary-table.js';
import { answerInWords, briefly, type ClusterCell, type InvariantCell, invariantInWords, type SplitCell } from './consistency-cells.js';
import { besideLabel, clipStart, flow, itemLines, labelled, lineOf, listed, oneLine, pad, visible, widthOf } from './layout.js';
import type { Paint, Style } from './paint.js';

interface Look {
  readonly width: number;
  readonly paint: Paint;
}

/** A concept names this many reasons and counts the rest; the clusters below have every invariant. */
const REASONS = 6;
const NAME_WIDTH = 20;
const ANSWER_WIDTH = 11;
/** Columns that a sentence needs beside its place. */
const LEAST = 24;

/** Concept by concept the answer and its evidence, then what invariants tie together, then how it would part. */
export function consistencyInFull(row: BoundaryRow, look: Look): string[] {
  return [...conceptTable(row, look), ...clusterTable(row, look), ...splitTable(row, look)];
}

function conceptTable(row: BoundaryRow, { width, paint }: Look): string[] {
  const concepts = row.concepts();
  if (concepts.length === 0) return [];
  const widest = (texts: readonly string[], limit: number): number => Math.min(limit, Math.max(...texts.map(widthOf)));
  const nameWidth = widest(
    concepts.map(({ name }) => visible(name)),
    NAME_WIDTH,
  );
  const answerWidth = widest(
    concepts.flatMap((concept) => answerLines(concept)),
    ANSWER_WIDTH,
  );
  const restWidth = width - nameWidth - answerWidth - 6;
  const rows = concepts.flatMap((concept) => {
    const names = flow(visible(concept.name).split(' '), ' ', nameWidth);
    const answers = answerLines(concept);
    const reasons = reasonsOf(concept).flatMap((reason) => reasonLines(reason, row.at, restWidth));
    const height = Math.max(names.length, answers.length, reasons.length);
    return Array.from({ length: height }, (_, line) => {
      const answer = pad(answers[line] ?? '', answerWidth);
      return `  ${pad(names[line] ?? '', nameWidth)}  ${styleOf(concept, paint)(answer)}  ${reasons[line] ?? ''}`.trimEnd();
    });
  });
  return [
    '',
    ...titled(
      `Must it be consistent with ${visible(row.root)} in the same transaction? Does it belong in ${visible(row.root)}?`,
      width,
      paint,
    ),
    ...rows,
  ];
}

/** `yes,` and under it what it is within. */
function answerLines(concept: Concept): string[] {
  return flow(answerInWords(concept).split(' '), ' ', ANSWER_WIDTH);
}

function reasonsOf({ because }: Concept): readonly Reason[] {
  if (because.length <= REASONS + 1) return because;
  return [...because.slice(0, REASONS), { text: `and ${because.length - REASONS} more` }];
}

/** A sentence with its place at the margin: wrapped beside it, or above where that leaves too little room. */
function reasonLines({ text, at }: Reason, from: Span, width: number): string[] {
  const place = at === undefined ? '' : placeNear(at, from);
  const room = width - widthOf(place) - 2;
  const beside = place === '' || room >= LEAST;
  const [first = '', ...rest] = flow(oneLine(text).split(' '), ' ', place === '' || !beside ? width - 2 : room);
  const more = rest.map((line) => `  ${line}`);
  if (place === '') return [first, ...more];
  if (beside) return [`${pad(first, width - widthOf(place))}${place}`, ...more];
  const below = clipStart(place, width);
  return [first, ...more, `${' '.repeat(width - widthOf(below))}${below}`];
}

function clusterTable(row: BoundaryRow, { width, paint }: Look): string[] {
  const { clusters, alone, root } = row;
  if (clusters.length === 0) return [];
  const one = clusters.length === 1;
  const shared = clusters.some((cluster) => cluster.shared.length > 0);
  const count = one ? 'one cluster' : `${clusters.length} clusters${shared ? '' : ', and no invariant between them'}`;
  const apart = labelled(
    'by itself',
    itemLines(
      alone.map((field) => briefly(field, root)),
      width,
    ),
  );
  return [
    '',
    ...titled(`What invariants tie together in ${visible(root)}: ${count}`, width, paint),
    ...spaced([...clusters.map((cluster) => clusterLines(cluster, one, row, { width, paint })), apart]),
  ];
}

function clusterLines(cluster: ClusterCell, alone: boolean, { root, at: from }: BoundaryRow, { width, paint }: Look): string[] {
  const short = (name: string): string => briefly(name, root);
  const invariants = (cells: readonly InvariantCell[]): string[] =>
    cells.flatMap((cell) => indented(reasonLines({ text: invariantInWords(cell, root), at: cell.at }, from, besideLabel(width) - 2)));
  return [
    ...named(cluster.name, width, paint),
    ...labelled('  fields', itemLines(cluster.fields.map(short), width)),
    ...labelled('  invariants', invariants(cluster.invariants)),
    ...(alone ? [] : labelled('  shared', cluster.shared.length === 0 ? ['  none'] : invariants(cluster.shared))),
    ...labelled('  methods', itemLines(cluster.methods.map(short), width)),
    ...labelled('  handlers', itemLines(cluster.handlers, width)),
    ...labelled('  events', itemLines(cluster.events, width)),
  ];
}

function splitTable({ split, root }: BoundaryRow, { width, paint }: Look): string[] {
  if (split === undefined) return [];
  const words = listed(split.parts.map(({ cluster }) => cluster));
  const title = `Proposed split: no invariant ties ${visible(words)} together`;
  return [
    '',
    ...titled(title, width, paint),
    ...spaced([...split.parts.map((part) => partLines(part, root, { width, paint })), leftOver(split, root, width)]),
  ];
}

function partLines(part: SplitCell['parts'][number], root: string, { width, paint }: Look): string[] {
  const short = (name: string): string => briefly(name, root);
  return [
    ...named(part.name, width, paint),
    ...labelled('  fields', itemLines(part.fields.map(short), width)),
    ...labelled('  methods', itemLines(part.methods.map(short), width)),
    ...labelled('  repository', itemLines([part.repository], width)),
    ...labelled('  columns', itemLines(part.columns, width)),
    ...labelled('  handlers', itemLines(part.handlers, width)),
    ...labelled('  events', itemLines(part.events, width)),
  ];
}

/** What belongs to no part alone, and what the parts may share. */
function leftOver({ dividedMethods, dividedHandlers, otherHandlers, storage }: SplitCell, root: string, width: number): string[] {
  const sentence = (text: string): string[] => indented(flow(oneLine(text).split(' '), ' ', besideLabel(width) - 2));
  return [
    ...labelled('to divide', itemLines([...dividedMethods.map((name) => briefly(name, root)), ...dividedHandlers], width)),
    ...(dividedHandlers.length > 0
      ? labelled('', sentence('a handler that reaches several parts writes one, and an event carries the others'))
      : []),
    ...labelled('to assign', itemLines(otherHandlers, width)),
    ...(otherHandlers.length > 0
      ? labelled('', sentence('a handler that creates it, or writes past its methods, goes where the fields go that it fills'))
      : []),
    ...labelled('in common', sentence(`the identity of ${root}; each repository loads and saves the fields of its own part`)),
    ...labelled('storage', storage ? sentence(storage.text) : []),
  ];
}

/** In the folder of the root's file the rest of the path is enough. */
function placeNear(at: Span, from: Span): string {
  const folder = from.file.slice(0, from.file.lastIndexOf('/') + 1);
  return at.file.startsWith(folder) ? lineOf({ ...at, file: at.file.slice(folder.length) }) : lineOf(at);
}

function styleOf({ answer, what }: Concept, paint: Paint): Style {
  if (answer === 'yes') return paint.good;
  if (answer === 'no evidence') return paint.warning;
  return what === 'reference-by-object' ? paint.error : (text) => text;
}

function named(name: string, width: number, paint: Paint): string[] {
  return flow([visible(name)], '', width - 2).map((line) => `  ${paint.strong(line)}`);
}

function titled(title: string, width: number, paint: Paint): string[] {
  return [...flow(title.split(' '), ' ', width - 2).map((line) => `  ${paint.strong(line)}`), ''];
}

function spaced(groups: readonly (readonly string[])[]): string[] {
  return groups.filter((group) => group.length > 0).flatMap((group, index) => (index === 0 ? group : ['', ...group]));
}

function indented(lines: readonly string[]): string[] {
  return lines.map((line) => `  ${line}`);
}
