import type { Block, Field, Invariant, Operation } from '../model/domain-model.js';
import { invariantCell, invariantInWords } from './consistency-cells.js';
import { itemLines, labelled, lineOf, locatedLines, oneLine, spread, visible } from './layout.js';
import { kindInWords, type Names, unique } from './names.js';
import type { Paint } from './paint.js';
import type { Report } from './report.js';

/** What an answer is made from and made for. */
export interface Page {
  readonly report: Report;
  readonly names: Names;
  readonly width: number;
  readonly paint: Paint;
}

/** A block names this many invariants; `aggro table` has them all. */
const BRIEFLY = 8;

export function heading(name: string, role: string, at: Block['at'], { width, paint }: Page): string[] {
  const shown = visible(name);
  return spread(`${shown}  ${visible(role)}`, lineOf(at), width).map((line, index) =>
    index === 0 ? line.replace(shown, () => paint.strong(shown)) : line,
  );
}

/** The invariants that a field takes part in, the moves of a status apart, and who changes it. */
export function fieldInvariants({ symbol }: Field, owner: Block, page: Page): string[] {
  const around = aggregatesOf(owner, page);
  const own = page.report.model.invariants.filter(
    ({ aggregate, reads, writes }) => around.has(aggregate) && (reads.includes(symbol) || writes.includes(symbol)),
  );
  const moves = own.filter(({ transition }) => transition?.field === symbol);
  const changers = page.report.model.operations.filter(({ aggregate, writes }) => around.has(aggregate) && writes.includes(symbol));
  return [
    ...labelled(
      'invariants',
      own
        .filter((invariant) => !moves.includes(invariant))
        .flatMap((invariant) => invariantLines(invariant, guarded(invariant, symbol), page)),
    ),
    ...labelled(
      'transitions',
      moves.flatMap(({ in: method, transition, at }) =>
        locatedLines(`${transition?.from.join(', ') || 'any'} → ${transition?.to ?? ''} in ${method}`, at, page.width),
      ),
    ),
    ...labelled('changed by', itemLines(unique(changers.map(({ name }) => name)), page.width)),
  ];
}

/** What a root's or member's code enforces, briefly. */
export function blockInvariants(block: Block, page: Page): string[] {
  if (!['aggregate-root', 'entity', 'value-object'].includes(block.kind)) return [];
  const own = page.report.model.invariants.filter(
    ({ aggregate, owner, reads, writes }) =>
      aggregate === block.id ||
      owner === block.id ||
      (aggregate === block.aggregate && block.fields.some(({ symbol }) => reads.includes(symbol) || writes.includes(symbol))),
  );
  const root = page.report.model.aggregates.find((aggregate) => aggregate.root === block.aggregate)?.name ?? block.name;
  const hidden = own.length - BRIEFLY;
  return labelled('invariants', [
    ...own.slice(0, BRIEFLY).flatMap((invariant) => invariantLines(invariant, '', page)),
    ...(hidden > 0 ? [`  and ${hidden} more: aggro table ${visible(root)}`] : []),
  ]);
}

/** A method: what it reads, writes and refuses, what it raises, and who calls it. */
export function operationSection(operation: Operation, page: Page): string[] {
  const { names, width, report } = page;
  const owner = names.block(operation.owner);
  const own = report.model.invariants.filter((each) => each.in === operation.name && each.owner === operation.owner);
  const of = owner ? ` of ${kindInWords(owner.kind)} ${owner.name}` : '';
  return [
    ...heading(operation.name, `${operation.kind}${of}`, operation.at, page),
    ...labelled('reads', itemLines(operation.reads, width)),
    ...labelled('writes', itemLines(operation.writes.length === 0 ? ['nothing'] : operation.writes, width)),
    ...labelled('adds to', itemLines(operation.adds, width)),
    ...labelled(
      'invariants',
      own.flatMap((invariant) => [
        ...invariantLines(invariant, guarded(invariant), page, operation.name),
        ...throughLines(invariant, page),
      ]),
    ),
    ...labelled('raises', itemLines(unique(operation.raises.map(names.nameOf)), width)),
    ...labelled(
      'called by',
      unique(operation.calledBy).flatMap((id) => locatedLines(names.nameOf(id), names.handler(id)?.at, width)),
    ),
  ];
}

function invariantLines(invariant: Invariant, note: string, { width }: Page, within?: string): string[] {
  const text = oneLine(invariantInWords(invariantCell(invariant)));
  const shown = invariant.in === within ? text.slice(`${within}: `.length) : text;
  return locatedLines(`${shown}${note}`, invariant.at, width);
}

function throughLines({ through }: Invariant, { width, paint }: Page): string[] {
  return through.length === 0 ? [] : itemLines([`  through ${through.join(' › ')}`], width).map((line) => paint.faint(line));
}

/** What a guard lets nobody change past it. */
function guarded({ kind, writes, reads }: Invariant, but?: string): string {
  const others = writes.filter((symbol) => symbol !== but && !reads.includes(symbol));
  return kind === 'guard' && others.length > 0 ? `, guards ${others.join(', ')}` : '';
}

/** The aggregates that a block lies in. */
function aggregatesOf(block: Block, { report }: Page): Set<string> {
  const holding = report.model.aggregates.filter(({ members }) => members.some((member) => member.block === block.id));
  return new Set([...(block.aggregate === undefined ? [] : [block.aggregate]), ...holding.map(({ root }) => root)]);
}
