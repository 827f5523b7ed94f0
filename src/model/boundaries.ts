import type { Draft, Drafts } from './drafts.js';
import type { Declared } from './program.js';
import { conceptName } from './roles.js';
import { type Held, held, type StateField, stateOf } from './state.js';
import { structure, type Type } from './types.js';

/** An aggregate as drawn: its root and what is reached from it without crossing another root. */
export interface DrawnAggregate {
  readonly root: Draft;
  readonly members: readonly DrawnMember[];
}

export interface DrawnMember {
  readonly draft: Draft;
  readonly heldBy: string;
  readonly depth: number;
  readonly collection: boolean;
}

/** An object reference or an identity, as it stands in a field of a root or member. */
export interface DrawnReference {
  readonly from: Draft;
  readonly aggregate: Draft;
  readonly to: Draft;
  readonly target: Draft;
  readonly by: 'identity' | 'object';
  readonly field: StateField;
  readonly collection: boolean;
  /** The other end of it is the way in: an ORM's inverse side. */
  readonly maybeMember: boolean;
}

export function drawAggregates(drafts: Drafts): DrawnAggregate[] {
  const roots = drafts.all.filter((d) => d.kind === 'aggregate-root' && !d.base);
  const holders = new Map<Draft, Draft[]>();
  for (const root of roots)
    for (const { draft } of membersOf(root, drafts, () => true))
      if (draft.kind === 'entity') holders.set(draft, [...(holders.get(draft) ?? []), root]);
  // Held by several roots, an entity belongs to the one that it points back to.
  const owners = new Map<Draft, Draft>();
  for (const [member, holding] of holders) {
    const owner = holding.length > 1 ? backReference(member, holding, drafts) : undefined;
    if (owner) owners.set(member, owner);
  }
  return roots.map((root) => ({ root, members: membersOf(root, drafts, (member) => (owners.get(member) ?? root) === root) }));
}

function backReference(member: Draft, holding: readonly Draft[], drafts: Drafts): Draft | undefined {
  const pointed = new Set<Draft>();
  for (const field of stateOf(member.symbol)) {
    for (const h of held(field.type, (symbol) => drafts.of(symbol)?.kind !== undefined)) {
      const target = drafts.of(h.symbol);
      if (target && holding.includes(target)) pointed.add(target);
    }
    const concept = /^[_#]?(.+?)(?:Id|ID|Uuid|UUID)$/.exec(field.name)?.[1];
    for (const root of holding) if (concept && conceptName(concept) === conceptName(root.name)) pointed.add(root);
  }
  return pointed.size === 1 ? [...pointed][0] : undefined;
}

function membersOf(root: Draft, drafts: Drafts, belongs: (member: Draft) => boolean): DrawnMember[] {
  const members: DrawnMember[] = [];
  const seen = new Set<Draft>([root]);
  const visit = (holder: Draft, depth: number): void => {
    for (const { field, held: h } of holdings(holder, drafts)) {
      const target = drafts.of(h.symbol);
      if (!target || seen.has(target) || pointsElsewhere(field)) continue;
      const concrete = target.base ? subclassesOf(target, drafts) : [target];
      for (const draft of concrete) {
        if (seen.has(draft) || (draft.kind !== 'entity' && draft.kind !== 'value-object') || !belongs(draft)) continue;
        seen.add(draft);
        members.push({ draft, heldBy: `${holder.name}.${field.name}`, depth, collection: h.as !== 'value' });
        visit(draft, depth + 1);
      }
    }
  };
  visit(root, 1);
  return members;
}

/** The many side of a relation points at its one; it does not contain it. */
export function pointsElsewhere(field: StateField): boolean {
  return field.decorators.some(
    (d) =>
      /^(?:ManyToOne|ManyToMany|BelongsTo|BelongsToMany)$/.test(d.name.split('.').at(-1) ?? '') &&
      !d.args?.some((a) => a.e === 'object' && a.entries.some((e) => e.o === 'property' && /^(?:cascade|orphanRemoval)$/.test(e.name))),
  );
}

/** A field typed by an abstract base holds any of its subclasses. */
export function subclassesOf(base: Draft, drafts: Drafts): Draft[] {
  const found = drafts.all.filter((d) => d !== base && !d.base && d.lineage.some((a) => a.symbol === base.symbol && a.via === 'extends'));
  return found.length > 0 && found.length <= 8 ? found : [];
}

/** Fields of a block with the building blocks they hold; a bag is read through its entries. */
export function holdings(draft: Draft, drafts: Drafts): readonly Holding[] {
  let known = holdingsOf.get(draft);
  if (!known) holdingsOf.set(draft, (known = computeHoldings(draft, drafts)));
  return known;
}

interface Holding {
  readonly field: StateField;
  readonly held: Held;
}

/** Asked for every aggregate that a member lies in; roles are settled by then. */
const holdingsOf = new WeakMap<Draft, readonly Holding[]>();

function computeHoldings(draft: Draft, drafts: Drafts): Holding[] {
  const isBlock = (symbol: Declared): boolean => {
    const target = drafts.of(symbol);
    return (
      target?.kind !== undefined &&
      target.kind !== 'command' &&
      target.kind !== 'query' &&
      !(target.base && target.symbol.declaration.kind !== 'class')
    );
  };
  const state = stateOf(draft.symbol);
  const bags = new Set(state.flatMap((f) => (f.bag ? [f.bag.name] : [])));
  return state.flatMap((field) =>
    bags.has(field.name) && field.via !== 'property-bag' ? [] : held(field.type, isBlock).map((h) => ({ field, held: h })),
  );
}

// ── references ────────────────────────────────────────────────────────────────────────────────────────────────────

export function drawReferences(aggregates: readonly DrawnAggregate[], drafts: Drafts): DrawnReference[] {
  const rootOf = new Map<Draft, Draft[]>();
  for (const aggregate of aggregates) {
    rootOf.set(aggregate.root, [aggregate.root]);
    for (const member of aggregate.members)
      if (member.draft.kind === 'entity') rootOf.set(member.draft, [...(rootOf.get(member.draft) ?? []), aggregate.root]);
  }
  const identities = identityIndex(aggregates, rootOf, drafts);
  const references: DrawnReference[] = [];
  // The same whichever aggregate the block is seen in.
  const identityOf = new Map<StateField, ReturnType<typeof identityTarget> | null>();
  const kept = new Set(drafts.all.filter((d) => d.evidence.some((e) => e.role === 'aggregate-root' && e.kind === 'repository')));
  for (const aggregate of aggregates) {
    const inside = [aggregate.root, ...aggregate.members.map((m) => m.draft)];
    const depths = new Map(aggregate.members.map((m) => [m.draft, m.depth]));
    for (const from of inside) {
      const bags = new Set(stateOf(from.symbol).flatMap((f) => (f.bag ? [f.bag.name] : [])));
      for (const field of stateOf(from.symbol)) {
        // A bag is read through its entries.
        if (bags.has(field.name) && field.via !== 'property-bag') continue;
        const byObject = objectTargets(from, field, aggregate, rootOf, drafts, depths);
        for (const { target, to, collection } of byObject) {
          references.push({
            from,
            aggregate: aggregate.root,
            to,
            target,
            by: 'object',
            field,
            collection,
            maybeMember: !kept.has(target) && target.kind === 'aggregate-root' && heldOnlyBy(target, aggregates, drafts),
          });
        }
        if (byObject.length > 0) continue;
        let identity = identityOf.get(field);
        if (identity === undefined) identityOf.set(field, (identity = identityTarget(from, field, identities, drafts) ?? null));
        if (identity && identity.root !== aggregate.root) {
          references.push({
            from,
            aggregate: aggregate.root,
            to: identity.root,
            target: identity.target,
            by: 'identity',
            field,
            collection: identity.collection,
            maybeMember: false,
          });
        }
      }
    }
  }
  return dedupe(references);
}

function objectTargets(
  from: Draft,
  field: StateField,
  aggregate: DrawnAggregate,
  rootOf: ReadonlyMap<Draft, readonly Draft[]>,
  drafts: Drafts,
  depths: ReadonlyMap<Draft, number>,
): { target: Draft; to: Draft; collection: boolean }[] {
  const isBlock = (symbol: Declared): boolean => {
    const kind = drafts.of(symbol)?.kind;
    return (
      kind === 'aggregate-root' ||
      kind === 'entity' ||
      kind === 'value-object' ||
      kind === 'identifier' ||
      kind === 'persistence-record' ||
      kind === 'read-model' ||
      kind === 'domain-event'
    );
  };
  const found: { target: Draft; to: Draft; collection: boolean }[] = [];
  for (const h of held(field.type, isBlock)) {
    const target = drafts.of(h.symbol);
    if (!target || target.base) continue;
    const roots = rootOf.get(target);
    const [first] = roots ?? [];
    if (!roots || !first) continue;
    if (target === aggregate.root) {
      // Its own root again: the back reference of a member, or another instance held by the root itself.
      if (from !== aggregate.root || !anotherInstance(field, h)) continue;
      found.push({ target, to: target, collection: h.as !== 'value' });
    } else if (!roots.includes(aggregate.root)) found.push({ target, to: first, collection: h.as !== 'value' });
    else if (depths.get(target) === undefined) found.push({ target, to: first, collection: h.as !== 'value' });
  }
  return found;
}

/** `followers: Collection<User>` in User. A parent or children of one tree are not told apart by the type: by the name. */
function anotherInstance(field: StateField, h: Held): boolean {
  if (/^_?(?:parent|children|child|root|nodes|left|right|sub|nested|previous|next|original|snapshot)/i.test(field.name)) return false;
  return h.as !== 'value' || field.decorators.length > 0;
}

function heldOnlyBy(target: Draft, aggregates: readonly DrawnAggregate[], drafts: Drafts): boolean {
  let holders = 0;
  for (const aggregate of aggregates) {
    if (aggregate.root === target) continue;
    const inside = [aggregate.root, ...aggregate.members.map((m) => m.draft)];
    if (inside.some((d) => holdings(d, drafts).some((x) => x.held.symbol === target.symbol))) holders++;
  }
  return holders === 1;
}

// ── identity ──────────────────────────────────────────────────────────────────────────────────────────────────────

interface Identities {
  /** By identifier type. */
  readonly types: ReadonlyMap<Declared, readonly { root: Draft; target: Draft }[]>;
  /** By the concept's name in lower case: `order` for OrderEntity. */
  readonly names: ReadonlyMap<string, readonly { root: Draft; target: Draft }[]>;
}

function identityIndex(aggregates: readonly DrawnAggregate[], rootOf: ReadonlyMap<Draft, readonly Draft[]>, drafts: Drafts): Identities {
  const types = new Map<Declared, { root: Draft; target: Draft }[]>();
  const names = new Map<string, { root: Draft; target: Draft }[]>();
  const push = <K>(map: Map<K, { root: Draft; target: Draft }[]>, key: K, value: { root: Draft; target: Draft }): void => {
    map.set(key, [...(map.get(key) ?? []), value]);
  };
  const blocks = new Set(aggregates.flatMap((a) => [a.root, ...a.members.filter((m) => m.draft.kind === 'entity').map((m) => m.draft)]));
  for (const draft of blocks) {
    const root = rootOf.get(draft)?.[0] ?? draft;
    push(names, conceptName(draft.name), { root, target: draft });
  }
  for (const identifier of drafts.all) {
    if (identifier.kind !== 'identifier') continue;
    const concept = identifierConcept(identifier.name);
    for (const entry of names.get(concept) ?? []) push(types, identifier.symbol, entry);
  }
  // A root whose identity field has a type of its own under another name.
  for (const draft of blocks) {
    const id = identityField(draft);
    const type = id && identifierOf(id.type, drafts);
    if (!type || types.has(type.symbol) || identifierConcept(type.name) === '') continue;
    const users = [...blocks].filter((d) => {
      const field = identityField(d);
      return field && identifierOf(field.type, drafts) === type;
    });
    if (users.length === 1) push(types, type.symbol, { root: rootOf.get(draft)?.[0] ?? draft, target: draft });
  }
  return { types, names };
}

export function identifierConcept(name: string): string {
  const core = name.replace(/(?:VO|Vo|ValueObject|v4)$/, '').replace(/(?:Identifier|Identity|UUID|Uuid|ID|Id)$/, '');
  return /^(?:UniqueEntity|Unique|Entity|Aggregate|Domain|)$/.test(core) ? '' : conceptName(core);
}

export function identityField(draft: Draft): StateField | undefined {
  const state = stateOf(draft.symbol);
  const own = conceptName(draft.name);
  return (
    state.find((f) => /^(?:PrimaryGeneratedColumn|PrimaryColumn|PrimaryKey|ObjectIdColumn)$/.test(f.decorators[0]?.name ?? '')) ??
    state.find((f) => /^[_#]?(?:id|uuid|guid|identity|_id)$/i.test(f.name)) ??
    state.find(
      (f) => conceptName(f.name.replace(/^[_#]/, '').replace(/(?:Id|ID|Uuid|UUID)$/, '')) === own && /(?:Id|ID|Uuid|UUID)$/.test(f.name),
    )
  );
}

function identifierOf(type: Type, drafts: Drafts): Draft | undefined {
  const found = held(type, (symbol) => drafts.of(symbol)?.kind === 'identifier').map((h) => drafts.of(h.symbol));
  return found[0];
}

function identityTarget(
  from: Draft,
  field: StateField,
  identities: Identities,
  drafts: Drafts,
): { root: Draft; target: Draft; collection: boolean } | undefined {
  if (field === identityField(from)) return undefined;
  const hits = held(field.type, (symbol) => drafts.of(symbol)?.kind !== undefined);
  const collection = hits.some((h) => h.as !== 'value') || structure(field.type).k === 'array';
  for (const h of hits) {
    const draft = drafts.of(h.symbol);
    if (draft?.kind !== 'identifier') continue;
    const candidates = identities.types.get(h.symbol);
    const nearest = candidates && nearestTo(from, candidates);
    if (nearest) return { ...nearest, collection };
  }
  if (hits.some((h) => drafts.of(h.symbol)?.kind !== 'identifier')) return undefined;
  if (!carriesIdentity(field.type)) return undefined;
  const match = /^[_#]?(.+?)(?:Ids|IDs|Uuids|Id|ID|Uuid|UUID|_ids?)$/.exec(field.name);
  const concept = match?.[1];
  if (!concept) return undefined;
  const candidates = byWords(concept, identities);
  const nearest = candidates && nearestTo(from, candidates);
  return nearest && nearest.target !== from ? { ...nearest, collection } : undefined;
}

/** `bestAnswerId` speaks of an Answer: the whole name first, then what is left without its leading words. */
function byWords(concept: string, identities: Identities): readonly { root: Draft; target: Draft }[] | undefined {
  const words = concept.split(/(?=[A-Z])|_/).filter((w) => w !== '');
  for (let i = 0; i < words.length; i++) {
    const name = conceptName(words.slice(i).join(''));
    const found = identities.names.get(name) ?? identities.names.get(name.replace(/s$/, ''));
    if (found) return found;
  }
  return undefined;
}

/** Primitives and generic identifiers can be identities; dates, flags and objects cannot. */
function carriesIdentity(type: Type): boolean {
  const shape = structure(type);
  switch (shape.k) {
    case 'primitive':
      return shape.name === 'string' || shape.name === 'number' || shape.name === 'bigint';
    case 'array':
      return carriesIdentity(shape.of);
    case 'named':
      return true;
    case 'external':
      return shape.args.length === 0 ? shape.name !== 'Date' : shape.args.some(carriesIdentity);
    case 'union':
      return shape.of.some(carriesIdentity);
    default:
      return shape.k === 'unknown' || shape.k === 'intersection';
  }
}

/** Of several blocks with the name, the one whose file is nearest; a tie in another context is no evidence. */
function nearestTo<T extends { readonly target: Draft }>(from: Draft, candidates: readonly T[]): T | undefined {
  if (candidates.length <= 1) return candidates[0];
  const own = from.symbol.file.facts.file.split('/');
  const shared = (draft: Draft): number => {
    const other = draft.symbol.file.facts.file.split('/');
    let i = 0;
    while (i < own.length && own[i] === other[i]) i++;
    return i;
  };
  const ranked = candidates.map((c) => ({ candidate: c, near: shared(c.target) })).sort((a, b) => b.near - a.near);
  const [first, second] = ranked;
  if (!first) return undefined;
  if (first.near > (second?.near ?? 0)) return first.candidate;
  // Two contexts with a root of one name each: the name is what can be said. Members of that name belong to who knows which.
  return ranked.every((r) => r.near < first.near || r.candidate.target.kind === 'aggregate-root') ? first.candidate : undefined;
}

function dedupe(references: readonly DrawnReference[]): DrawnReference[] {
  const seen = new Set<string>();
  return references.filter((r) => {
    const key = `${r.aggregate.id}|${r.to.id}|${r.by}|${r.field.file.facts.file}:${r.field.at[0]}`;
    if (seen.has(key)) return false;
    seen.add(key);
    return true;
  });
}
