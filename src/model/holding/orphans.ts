import { type DrawnAggregate, holdings } from '../boundaries.js';
import type { Holder, Orphan } from '../domain-model.js';
import type { Draft, Drafts } from '../drafts.js';
import { type Declared, spanOf } from '../program.js';
import { isDomainKind } from '../roles.js';
import { stateOf } from '../state.js';
import type { Type } from '../types.js';
import { roleOfBase } from '../vocabulary.js';

/** Entities that no root contains, and that nothing loads and keeps. */
export function findOrphans(drafts: Drafts, aggregates: readonly DrawnAggregate[]): Orphan[] {
  const inside = new Set<Draft>(aggregates.flatMap((a) => [a.root, ...a.members.map((m) => m.draft)]));
  const candidates = drafts.all.filter((d) => d.kind === 'entity' && !d.base && !d.extended && !inside.has(d) && isDeclared(d));
  if (candidates.length === 0) return [];
  const orphans = candidates.filter((d) => !isKept(d) && !basesOf(d, drafts).some((base) => inside.has(base) || isKept(base)));
  if (orphans.length === 0) return [];
  const named = namedByRoots(inside, drafts);
  const holders = holdersOutside(new Set(orphans), inside, drafts);
  return orphans.filter((d) => !named.has(d)).map((d) => ({ entity: d.id, heldBy: holders.get(d) ?? [] }));
}

/**
 * Structure alone makes an entity only of what something holds, heritage alone none of a type, nor a promise to look like one: that is a shape. What an ORM maps,
 * it also keeps, in ways that need no code.
 */
function isDeclared(draft: Draft): boolean {
  if (draft.mapped || roleOfBase(draft.name, undefined) !== undefined) return false;
  const isClass = draft.symbol.declaration.kind === 'class';
  return draft.evidence.some(
    (e) =>
      e.role === 'entity' &&
      (e.kind === 'annotation' ||
        e.kind === 'configuration' ||
        (isClass && ((e.kind === 'heritage' && e.detail.startsWith('extends')) || e.kind === 'convention'))),
  );
}

function isKept(draft: Draft): boolean {
  return draft.evidence.some((e) => e.role === 'aggregate-root' && e.kind === 'repository');
}

function basesOf(draft: Draft, drafts: Drafts): Draft[] {
  return draft.lineage.flatMap((a) => (a.via === 'extends' && a.symbol ? (drafts.of(a.symbol) ?? []) : [])).filter((d) => d !== draft);
}

/**
 * Entities that roots or members name in a type of their state or of a base: a generic container that keeps them in its
 * own way, `class Basket extends Catalogue<BasketItem>`.
 */
function namedByRoots(inside: ReadonlySet<Draft>, drafts: Drafts): ReadonlySet<Draft> {
  const found = new Set<Draft>();
  const seen = new Set<Declared>();
  const visit = (type: Type, depth: number): void => {
    if (depth > 6) return;
    if (type.k === 'array') visit(type.of, depth + 1);
    else if (type.k === 'union' || type.k === 'intersection' || type.k === 'tuple') for (const t of type.of) visit(t, depth + 1);
    else if (type.k === 'named' || type.k === 'external') {
      for (const arg of type.args) visit(arg, depth + 1);
      const draft = type.k === 'named' ? drafts.of(type.symbol) : undefined;
      if (draft?.kind === 'entity') found.add(draft);
      else if (type.k === 'named' && !isDomainKind(draft?.kind) && !seen.has(type.symbol)) {
        // A container class that is itself no block: what its bases are generic over, it keeps.
        seen.add(type.symbol);
        for (const base of drafts.of(type.symbol)?.lineage ?? []) visit(base.type, depth + 1);
      }
    }
  };
  for (const draft of inside) {
    for (const ancestor of draft.lineage)
      if (ancestor.type.k === 'named' || ancestor.type.k === 'external') for (const arg of ancestor.type.args) visit(arg, 0);
    for (const field of stateOf(draft.symbol)) visit(field.type, 0);
  }
  return found;
}

function holdersOutside(orphans: ReadonlySet<Draft>, inside: ReadonlySet<Draft>, drafts: Drafts): ReadonlyMap<Draft, readonly Holder[]> {
  const found = new Map<Draft, Holder[]>();
  for (const holder of drafts.all) {
    if (!isDomainKind(holder.kind) || inside.has(holder)) continue;
    for (const { field, held } of holdings(holder, drafts)) {
      const target = drafts.of(held.symbol);
      if (!target || target === holder || !orphans.has(target)) continue;
      const at = spanOf(field.file.facts, field.at);
      found.set(target, [...(found.get(target) ?? []), { symbol: `${holder.name}.${field.name}`, at }]);
    }
  }
  return found;
}
