import { defineRule } from '../src/rule.js';

export default defineRule({
  id: 'bounded-collections',
  title: 'Limit the collections of entities inside an aggregate',
  why: 'The root loads and saves with everything it holds. A collection that only ever grows makes each change slower than the last, until it no longer fits.',
  remedy: 'Guard the number where something is added, or let the elements be aggregates of their own that refer to the root by identity.',
  source: 'Vernon, Effective Aggregate Design, Part I: design small aggregates',
  severity: 'warning',
  preset: 'strict',
  needs: ['members'],
  *check(model) {
    const blocks = new Map(model.blocks.map((b) => [b.id, b]));
    for (const collection of model.collections) {
      if (collection.limited) continue;
      const entity = blocks.get(collection.entity)?.name ?? collection.entity;
      const root = blocks.get(collection.aggregate)?.name ?? collection.aggregate;
      const [first = '', ...others] = collection.addedBy;
      yield {
        at: collection.at,
        symbol: collection.symbol,
        aggregate: root,
        message: `${collection.symbol} only grows: ${first}${others.length > 0 ? ` and ${others.length} more add` : ' adds'} ${entity} entities and nothing limits how many, yet every load of ${root} brings them all. Guard their number, or make ${entity} an aggregate of its own that refers to ${root} by identity.`,
      };
    }
  },
});
