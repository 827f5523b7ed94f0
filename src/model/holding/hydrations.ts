import { type DrawnAggregate, holdings, pointsElsewhere, subclassesOf } from '../boundaries.js';
import type { Holder, Hydration } from '../domain-model.js';
import type { Draft, Drafts } from '../drafts.js';
import { spanOf } from '../program.js';
import { shapesAmong } from './shapes.js';

/** What loading each root brings along: breadth first, so that every entity stands at its least depth. */
export function findHydrations(aggregates: readonly DrawnAggregate[], drafts: Drafts): Hydration[] {
  const isShape = shapesAmong(aggregates, drafts);
  return aggregates.filter(({ root }) => !isShape(root)).map((aggregate) => hydrate(aggregate, drafts, isShape));
}

function hydrate({ root, members }: DrawnAggregate, drafts: Drafts, isShape: (draft: Draft) => boolean): Hydration {
  const inside = new Set(members.flatMap((m) => (isShape(m.draft) ? [] : [m.draft])));
  const entities: Hydration['entities'][number][] = [];
  const collections = new Map<string, Holder>();
  const depths = new Map<Draft, number>([[root, 0]]);
  const queue: Draft[] = [root];
  for (let holder = queue.shift(); holder; holder = queue.shift()) {
    const depth = depths.get(holder) ?? 0;
    for (const { field, held } of holdings(holder, drafts)) {
      const target = drafts.of(held.symbol);
      if (!target || pointsElsewhere(field)) continue;
      const concrete = (target.base ? subclassesOf(target, drafts) : [target]).filter((d) => inside.has(d));
      const symbol = `${holder.name}.${field.name}`;
      if (held.as !== 'value' && concrete.some((d) => d.kind === 'entity')) {
        const at = spanOf(field.file.facts, field.at);
        collections.set(`${at.file}:${at.line}:${at.column}`, { symbol, at, aggregate: root.name });
      }
      const fresh = concrete.filter((d) => !depths.has(d));
      if (fresh.some((d) => d.kind === 'entity'))
        entities.push({ name: target.base ? target.name : (fresh[0]?.name ?? target.name), heldBy: symbol, depth: depth + 1 });
      for (const draft of fresh) {
        depths.set(draft, draft.kind === 'entity' ? depth + 1 : depth);
        queue.push(draft);
      }
    }
  }
  return { aggregate: root.id, entities, collections: [...collections.values()] };
}
