import { type DrawnAggregate, holdings } from '../boundaries.js';
import type { EntityInValue } from '../domain-model.js';
import { type Draft, type Drafts, strongest } from '../drafts.js';
import { spanOf } from '../program.js';
import { stateOf } from '../state.js';
import { roleOfBase } from '../vocabulary.js';
import { shapesAmong } from './shapes.js';

/** Fields of value objects that store a root or an entity; what a base declares, once. */
export function findEntitiesInValues(aggregates: readonly DrawnAggregate[], drafts: Drafts): EntityInValue[] {
  const isShape = shapesAmong(aggregates, drafts);
  const places = new Map<string, EntityInValue>();
  for (const draft of drafts.all) {
    if (draft.kind !== 'value-object' || draft.base) continue;
    const [only, ...others] = stateOf(draft.symbol);
    for (const { field, held } of holdings(draft, drafts)) {
      const target = drafts.of(held.symbol);
      if (!target || !isEntity(target) || isShape(target)) continue;
      const collection = held.as !== 'value';
      if (!isDeclared(draft) && (draft.symbol.declaration.kind !== 'class' || (collection && only === field && others.length === 0)))
        continue;
      const inherited = field.via !== 'property-bag' && field.declaredIn !== undefined && field.declaredIn !== draft.symbol;
      const at = spanOf(field.file.facts, field.at);
      const key = `${at.file}:${at.line}:${at.column}`;
      const known = places.get(key);
      places.set(key, {
        value: draft.id,
        holds: target.id,
        symbol: `${inherited ? field.declaredIn?.name : draft.name}.${field.name}`,
        at,
        collection,
        ...known,
        inheritedBy: [...(known?.inheritedBy ?? []), ...(inherited ? [draft.name] : [])],
      });
    }
  }
  return [...places.values()];
}

/** Structure alone takes a class that wraps a list of entities, or a part of a functional state, for a value. */
function isDeclared(draft: Draft): boolean {
  return strongest(draft)?.kind !== 'structure';
}

/** A base of all entities is no entity: what stands for it is not known. */
function isEntity(draft: Draft): boolean {
  return (draft.kind === 'aggregate-root' || draft.kind === 'entity') && !(draft.base && roleOfBase(draft.name, undefined) !== undefined);
}
