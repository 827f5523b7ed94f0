import type { Aggregate, DomainModel, Evidence, Member, Reference, Span } from '../model/domain-model.js';
import { type Enforced, enforcedIn } from './consistency-cells.js';
import { inWords } from './counts.js';
import { aggregateOf, kindInWords, type Names, namesIn, unique } from './names.js';
import type { Report, Violation } from './report.js';
import { type Counts, countsOf } from './tally.js';

/** The consistency-boundary table: what each aggregate holds together, and what crosses its line. */
export interface BoundaryRow extends Enforced {
  readonly root: string;
  readonly at: Span;
  /** Strongest first. */
  readonly evidence: readonly Evidence[];
  readonly members: readonly MemberCell[];
  readonly byIdentity: readonly ReferenceCell[];
  readonly byObject: readonly ReferenceCell[];
  readonly repositories: readonly Named[];
  readonly writtenBy: readonly WriterCell[];
  readonly raises: readonly { readonly event: string; readonly handledBy: readonly string[] }[];
  readonly verdict: Verdict;
}

export interface Named {
  readonly name: string;
  readonly at?: Span;
}

export interface MemberCell extends Named {
  readonly kind: Member['kind'];
  readonly many: boolean;
  readonly depth: number;
  readonly heldBy: string;
  readonly evidence: readonly Evidence[];
}

export interface ReferenceCell {
  readonly to: string;
  /** What the field holds, where that is neither the root nor its identity. */
  readonly part?: string;
  readonly symbol: string;
  readonly type: string;
  readonly many: boolean;
  readonly at: Span;
}

export interface WriterCell extends Named {
  readonly kind: string;
  readonly calls: readonly { readonly call: string; readonly at: Span }[];
}

export interface Verdict extends Counts {
  readonly violations: readonly Violation[];
  /** What crosses the boundary, whether or not a rule is on that says so. */
  readonly facts: readonly string[];
}

export function boundaryRows(report: Report): BoundaryRow[] {
  const { model } = report;
  const names = namesIn(model);
  return model.aggregates.map((aggregate) => {
    const references = aggregate.references.map((reference) => ({ by: reference.by, cell: referenceCell(reference, names) }));
    const byObject = references.filter(({ by }) => by === 'object').map(({ cell }) => cell);
    const violations = report.violations.filter((violation) => aggregateOf(violation, model.aggregates) === aggregate);
    return {
      root: aggregate.name,
      at: aggregate.at,
      evidence: names.block(aggregate.root)?.evidence ?? [],
      members: [...aggregate.members].sort((one, other) => one.depth - other.depth).map((member) => memberCell(member, names)),
      byIdentity: references.filter(({ by }) => by === 'identity').map(({ cell }) => cell),
      byObject,
      repositories: repositoryCells(aggregate, names),
      writtenBy: aggregate.writtenBy.map((id) => writerCell(id, aggregate, names)),
      raises: unique(aggregate.raises).map((event) => ({ event: names.nameOf(event), handledBy: handlersOf(event, model) })),
      ...enforcedIn(aggregate.root, model, names),
      verdict: { ...countsOf(violations), violations, facts: crossings(aggregate, byObject, model) },
    };
  });
}

/** `sound`, or what is wrong: `2 errors · holds Customer by object`. */
export function verdictInWords({ facts, ...counts }: Verdict): string {
  const parts = [inWords(counts), ...facts].filter((part) => part !== '');
  return parts.length === 0 ? 'sound' : parts.join(' · ');
}

/** `Order.customerId`, or `Order.tagIds, many`. */
export function fieldInWords(cell: ReferenceCell): string {
  return [cell.symbol, ...(cell.many ? ['many'] : [])].join(', ');
}

/** One entry per target: `Customer (Order.customerId, Order.payerId)`. */
export function referencesInWords(cells: readonly ReferenceCell[]): string[] {
  const targetOf = (cell: ReferenceCell): string => (cell.part === undefined ? cell.to : `${cell.part} of ${cell.to}`);
  return unique(cells.map(targetOf)).map((target) => {
    const fields = unique(cells.filter((cell) => targetOf(cell) === target).map(fieldInWords));
    return `${target} (${fields.join(', ')})`;
  });
}

/** Entities one by one, value objects together; `›` marks each step away from the root. */
export function membersInWords(members: readonly MemberCell[]): string[] {
  const entities = members.filter((member) => member.kind === 'entity');
  const values = unique(members.filter((member) => member.kind === 'value-object').map(marked));
  const noun = values.length === 1 ? 'value object' : 'value objects';
  return [
    ...unique(entities.map((member) => `${marked(member)} (entity${member.many ? ', many' : ''})`)),
    ...(values.length > 0 ? [`${values.join(', ')} (${noun})`] : []),
  ];
}

export function marked(member: MemberCell): string {
  return member.depth > 1 ? `${'›'.repeat(member.depth - 1)} ${member.name}` : member.name;
}

export function raisesInWords(raises: BoundaryRow['raises']): string[] {
  return raises.map(({ event, handledBy }) => (handledBy.length === 0 ? event : `${event} → ${handledBy.join(', ')}`));
}

/** `aggregate root (extends AggregateRoot)`. */
export function rootInWords(row: BoundaryRow): string {
  const strongest = row.evidence[0];
  return strongest === undefined ? kindInWords('aggregate-root') : `${kindInWords('aggregate-root')} (${strongest.detail})`;
}

function memberCell(member: Member, names: Names): MemberCell {
  const block = names.block(member.block);
  const { name, kind, depth, heldBy, collection } = member;
  return { name, kind, many: collection, depth, heldBy, evidence: block?.evidence ?? [], ...(block && { at: block.at }) };
}

function referenceCell({ to, target, symbol, type, collection, at }: Reference, names: Names): ReferenceCell {
  const held = names.block(target);
  const isPart = target !== to && held !== undefined && held.kind !== 'identifier';
  return { to: names.nameOf(to), ...(isPart && { part: held.name }), symbol, type, many: collection, at };
}

/** The abstractions; what implements them only where nothing stands above it. */
function repositoryCells(aggregate: Aggregate, names: Names): Named[] {
  const cells = aggregate.repositories.map((id) => ({ name: names.nameOf(id), block: names.block(id) }));
  const abstractions = cells.filter(({ block }) => block?.kind !== 'repository-implementation');
  return (abstractions.length > 0 ? abstractions : cells).map(({ name, block }) => ({ name, ...(block && { at: block.at }) }));
}

function writerCell(id: string, aggregate: Aggregate, names: Names): WriterCell {
  const handler = names.handler(id);
  const writes = handler?.writes.filter((write) => write.aggregate === aggregate.root) ?? [];
  return {
    name: names.nameOf(id),
    kind: handler?.kind ?? 'application-service',
    calls: writes.map(({ call, at }) => ({ call, at })),
    ...(handler && { at: handler.at }),
  };
}

function handlersOf(event: string, model: DomainModel): string[] {
  return unique(model.handlers.filter((handler) => handler.handles.includes(event)).map((handler) => handler.name));
}

function crossings(aggregate: Aggregate, byObject: readonly ReferenceCell[], model: DomainModel): string[] {
  const own = model.repositories.filter((repository) => repository.abstraction && aggregate.repositories.includes(repository.block));
  const ofRoot = own.filter(({ keeps }) => keeps.some((kept) => kept.root === aggregate.root && !kept.member));
  const ofMembers = own.filter(({ keeps }) => keeps.some((kept) => kept.root === aggregate.root && kept.member));
  return [
    ...unique(byObject.map((cell) => `holds ${cell.part ?? cell.to} by object`)),
    ...(ofRoot.length > 1 ? [`${ofRoot.length} repositories`] : []),
    ...ofMembers.map((repository) => `${repository.name} keeps a member`),
    ...model.splits
      .filter((split) => split.aggregate === aggregate.root)
      .map(({ parts }) => `${parts.length} clusters that no invariant ties together`),
  ];
}
