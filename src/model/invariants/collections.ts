import { type DrawnAggregate, holdings } from '../boundaries.js';
import type { GrowingCollection, Invariant, Operation } from '../domain-model.js';
import type { Drafts } from '../drafts.js';
import { spanOf } from '../program.js';
import { structure, type Type } from '../types.js';

/** Collections of entities inside the aggregates that some operation adds to, and whether anything limits how many there are. */
export function findCollections(
  aggregates: readonly DrawnAggregate[],
  drafts: Drafts,
  invariants: readonly Invariant[],
  operations: readonly Operation[],
): GrowingCollection[] {
  const limited = new Set(invariants.flatMap((i) => (i.limits ?? []).map((symbol) => `${i.aggregate}|${symbol}`)));
  const seen = new Map<string, GrowingCollection>();
  const all = aggregates.flatMap(({ root, members }) => {
    const inside = [root, ...members.flatMap((m) => (m.draft.kind === 'entity' ? [m.draft] : []))];
    return inside.flatMap((draft) =>
      holdings(draft, drafts).flatMap(({ field, held }): GrowingCollection[] => {
        const entity = drafts.of(held.symbol);
        const symbol = `${draft.name}.${field.name}`;
        const declaring = field.bag ? undefined : field.declaredIn;
        if (held.as === 'value' || entity?.kind !== 'entity' || !inside.includes(entity)) return [];
        const adding = operations.filter(
          (o) => o.aggregate === root.id && o.adds.includes(symbol) && o.kind !== 'constructor' && o.kind !== 'factory',
        );
        if (adding.length === 0) return [];
        return [
          {
            aggregate: root.id,
            owner: draft.id,
            symbol: declaring ? `${declaring.name}.${field.name}` : symbol,
            at: spanOf(field.file.facts, field.at),
            entity: entity.id,
            addedBy: adding.map((o) => o.name),
            limited: limited.has(`${root.id}|${symbol}`) || hasClosedKeys(field.type),
          },
        ];
      }),
    );
  });
  // What a base declares is told once, for all that inherit it.
  for (const found of all) {
    const place = `${found.at.file}:${found.at.line}:${found.at.column}`;
    const before = seen.get(place);
    seen.set(place, before ? { ...before, limited: before.limited && found.limited } : found);
  }
  return [...seen.values()];
}

/** `Map<Weekday, Shift>` where the days are listed. */
function hasClosedKeys(type: Type): boolean {
  const shape = structure(type);
  if (shape.k === 'tuple') return true;
  if (shape.k !== 'external' || !/^(?:Map|ReadonlyMap|Record)$/.test(shape.name)) return false;
  const [key] = shape.args;
  const keys = key && structure(key);
  if (keys?.k === 'named') return keys.symbol.declaration.kind === 'enum';
  return keys?.k === 'literal' || (keys?.k === 'union' && keys.of.every((k) => k.k === 'literal'));
}
