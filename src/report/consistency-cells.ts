import type { Cluster, Concept, DomainModel, Extent, Invariant, Operation, Reason, Span, Split } from '../model/domain-model.js';
import { counted, lineOf, listed } from './layout.js';
import { kindInWords, type Names, unique } from './names.js';

/** What an aggregate's code enforces, with names for identifiers: the part of a row below the boundary. */
export interface Enforced {
  readonly invariants: readonly Invariant[];
  /** Found out when it is asked for: the overview shows none. */
  readonly concepts: () => readonly Concept[];
  readonly clusters: readonly ClusterCell[];
  /** Fields that are only checked each by itself, as they are given: no clusters to speak of. */
  readonly alone: readonly string[];
  readonly extent: ExtentCell;
  readonly split?: SplitCell;
}

export interface ClusterCell {
  readonly name: string;
  readonly fields: readonly string[];
  readonly invariants: readonly InvariantCell[];
  /** Those that read or protect a field of another cluster too. */
  readonly shared: readonly InvariantCell[];
  readonly methods: readonly string[];
  readonly handlers: readonly string[];
  readonly events: readonly string[];
}

export interface InvariantCell {
  readonly in: string;
  readonly kind: Invariant['kind'];
  readonly text: string;
  readonly at: Span;
}

export interface ExtentCell {
  readonly entities: readonly string[];
  readonly valueObjects: readonly string[];
  readonly roots: readonly string[];
  readonly collections: readonly { readonly symbol: string; readonly of: string; readonly at: Span; readonly bound?: Reason }[];
}

export interface SplitCell {
  readonly parts: readonly {
    readonly name: string;
    readonly cluster: string;
    readonly fields: readonly string[];
    readonly methods: readonly string[];
    readonly repository: string;
    readonly columns: readonly string[];
    readonly handlers: readonly string[];
    readonly events: readonly string[];
  }[];
  readonly dividedMethods: readonly string[];
  readonly dividedHandlers: readonly string[];
  readonly otherHandlers: readonly string[];
  readonly storage?: Reason;
}

const NOTHING: Omit<Extent, 'aggregate'> = { entities: [], valueObjects: [], roots: [], collections: [] };

export function enforcedIn(root: string, model: DomainModel, names: Names): Enforced {
  const ofRoot = <Item extends { readonly aggregate: string }>(items: readonly Item[]): Item[] =>
    items.filter((item) => item.aggregate === root);
  const found = ofRoot(model.clusters);
  const clusters = found.filter((cluster) => !isAlone(cluster));
  const [split] = ofRoot(model.splits);
  return {
    invariants: ofAggregate(ofRoot(model.invariants), names),
    concepts: () => ofRoot(model.consistency),
    clusters: clusters.map((cluster) => clusterCell(cluster, clusters, split, names)),
    alone: found.filter(isAlone).flatMap(({ fields }) => fields),
    extent: extentCell(ofRoot(model.extents)[0] ?? NOTHING, names),
    ...(split ? { split: splitCell(split, names) } : {}),
  };
}

/** `5`, `one cluster`; `7`, `3 clusters: pricing, fulfilment and compliance`. */
export function invariantsInWords({ invariants, clusters }: Enforced): string[] {
  if (invariants.length === 0) return ['none'];
  if (clusters.length === 0) return [String(invariants.length)];
  const names = listed(clusters.map(({ name }) => name));
  return [String(invariants.length), clusters.length === 1 ? 'one cluster' : `${clusters.length} clusters: ${names}`];
}

/** `2 entity types`, `1 collection, unbounded: Order.items`, `Customer along with it`. */
export function loadsInWords({ extent }: Enforced): string[] {
  const { entities, valueObjects, roots, collections } = extent;
  const endless = collections.filter(({ bound }) => bound === undefined).map(({ symbol }) => symbol);
  const limits = endless.length === 0 ? 'bounded' : `unbounded: ${endless.join(', ')}`;
  const parts = [
    ...(entities.length > 0 ? [counted(entities.length, 'entity type')] : []),
    ...(valueObjects.length > 0 ? [counted(valueObjects.length, 'value object')] : []),
    ...(collections.length > 0 ? [`${counted(collections.length, 'collection')}, ${limits}`] : []),
    ...(roots.length > 0 ? [`${listed(roots)} along with it`] : []),
  ];
  return parts.length === 0 ? ['the root alone'] : parts;
}

/** `entity`, `reference by identity`. */
export function conceptKind({ what }: Concept): string {
  return kindInWords(what);
}

/** `yes, within pricing`. */
export function answerInWords({ answer, within }: Concept): string {
  return within === undefined ? answer : `${answer}, within ${within}`;
}

/** `add: refuses items.length >= 100`; without its root for a name in full. */
export function invariantInWords({ in: method, kind, text }: InvariantCell, root = ''): string {
  return `${briefly(method, root)}: ${kind === 'guard' ? 'refuses ' : ''}${text}`;
}

/** `status` for `Order.status`, where it is clear whose it is. */
export function briefly(symbol: string, root: string): string {
  return symbol.startsWith(`${root}.`) ? symbol.slice(root.length + 1) : symbol;
}

export function invariantCell({ in: method, kind, text, at }: Invariant): InvariantCell {
  return { in: method, kind, text, at };
}

function clusterCell(cluster: Cluster, clusters: readonly Cluster[], split: Split | undefined, names: Names): ClusterCell {
  const { name, fields, invariants, operations } = cluster;
  const others = clusters.filter((other) => other !== cluster);
  const shared = invariants.filter((invariant) =>
    others.some((other) => [...invariant.reads, ...invariant.writes].some((field) => other.fields.includes(field))),
  );
  const reached = unique([...cluster.handlers, ...operations.flatMap(({ calledBy }) => calledBy)]);
  const byColumns = split?.parts.find((part) => part.cluster.name === name)?.handlers.filter((handler) => !reached.includes(handler)) ?? [];
  return {
    name,
    fields,
    invariants: ofAggregate(invariants, names).map(invariantCell),
    shared: ofAggregate(shared, names).map(invariantCell),
    methods: methodsOf(operations, names),
    handlers: unique([...reached, ...byColumns].map(names.nameOf)),
    events: eventsOf([...cluster.events, ...handledBy(byColumns, names)], names),
  };
}

/** A method that calls another enforces what that one does: it is named where it stands. */
function ofAggregate(invariants: readonly Invariant[], names: Names): Invariant[] {
  const nearest = new Map<string, Invariant>();
  for (const invariant of invariants) {
    const { at, text, through, conditional, reads, writes, owner } = invariant;
    // The change that a guard lets through.
    if (conditional && reads.every((symbol) => writes.includes(symbol))) continue;
    if (isValue(owner, names)) continue;
    const key = `${lineOf(at)}:${at.column} ${text}`;
    const known = nearest.get(key);
    if (!known || through.length < known.through.length) nearest.set(key, invariant);
  }
  return [...nearest.values()];
}

function isAlone({ fields, invariants }: Cluster): boolean {
  return fields.length === 1 && invariants.every(({ ofInput, kind }) => ofInput || kind === 'declared');
}

function extentCell(extent: Omit<Extent, 'aggregate'>, names: Names): ExtentCell {
  return {
    entities: extent.entities.map(names.nameOf),
    valueObjects: extent.valueObjects.map(names.nameOf),
    roots: extent.roots.map(names.nameOf),
    collections: extent.collections.map(({ of, ...collection }) => ({ ...collection, of: names.nameOf(of) })),
  };
}

function splitCell({ parts, divided, dividedHandlers, otherHandlers, storage }: Split, names: Names): SplitCell {
  return {
    parts: parts.map(({ name, repository, cluster, operations, handlers, columns }) => ({
      name,
      cluster: cluster.name,
      fields: cluster.fields,
      methods: methodsOf(operations, names),
      repository,
      columns,
      handlers: unique(handlers.map(names.nameOf)),
      events: eventsOf([...cluster.events, ...handledBy(handlers, names)], names),
    })),
    dividedMethods: methodsOf(divided, names),
    dividedHandlers: unique(dividedHandlers.map(names.nameOf)),
    otherHandlers: unique(otherHandlers.map(names.nameOf)),
    ...(storage ? { storage } : {}),
  };
}

function handledBy(handlers: readonly string[], names: Names): readonly string[] {
  return handlers.flatMap((handler) => names.handler(handler)?.handles ?? []);
}

/** What a handler is registered for may be a command. */
function eventsOf(events: readonly string[], names: Names): string[] {
  const isMessage = (id: string): boolean => ['command', 'query'].includes(names.block(id)?.kind ?? '');
  return unique(events.filter((id) => !isMessage(id)).map(names.nameOf));
}

function methodsOf(operations: readonly Operation[], names: Names): string[] {
  return unique(operations.filter(({ owner }) => !isValue(owner, names)).map(({ name }) => name));
}

/** A value keeps its own invariants wherever it is held, and its methods make another value. */
function isValue(owner: string, names: Names): boolean {
  return names.block(owner)?.kind === 'value-object';
}
