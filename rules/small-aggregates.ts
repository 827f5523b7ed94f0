import type { Block, Hydration } from '../src/model/domain-model.js';
import { defineRule, type Finding } from '../src/rule.js';
import { listed } from '../src/wording.js';

interface Limits {
  readonly maxEntities: number;
  readonly maxDepth: number;
  readonly maxCollections: number;
  readonly [option: string]: number;
}

export default defineRule<Limits>({
  id: 'small-aggregates',
  title: 'Keep aggregates small',
  why: 'A root is loaded, locked and saved with all that it contains: the more lies inside, the slower each change, and the more users collide over one version.',
  remedy:
    'Leave inside what an invariant of the root needs. Make the rest aggregates of their own that refer to the root by identity; the number of plain fields does not matter.',
  source: 'Vernon, Effective Aggregate Design, Part I: design small aggregates',
  severity: 'warning',
  preset: 'recommended',
  needs: ['members'],
  options: {
    maxEntities: { default: 3, description: 'entity types inside one aggregate, the root not counted' },
    maxDepth: { default: 2, description: 'entities inside entities, the root being 0' },
    maxCollections: { default: 3, description: 'collections of entities in the whole aggregate' },
  },
  *check(model, limits) {
    const blocks = new Map(model.blocks.map((b) => [b.id, b]));
    for (const hydration of model.hydrations) {
      const root = blocks.get(hydration.aggregate);
      const excess = root && exceeded(hydration, limits);
      if (root && excess && excess.length > 0) yield finding(hydration, root, excess);
    }
  },
});

/** In words, what is more than it should be. */
function exceeded({ entities, collections }: Hydration, { maxEntities, maxDepth, maxCollections }: Limits): string[] {
  const depth = depthOf(entities);
  return [
    ...(entities.length > maxEntities ? [`more than ${maxEntities} entity types`] : []),
    ...(depth > maxDepth ? [`deeper than ${maxDepth}`] : []),
    ...(collections.length > maxCollections ? [`more than ${count(maxCollections, 'collection')}`] : []),
  ];
}

function finding({ entities, collections }: Hydration, root: Block, excess: readonly string[]): Finding {
  const names = entities.map((e) => e.name);
  const many =
    collections.length > 0
      ? ` in ${count(collections.length, 'collection')} (${listed(
          collections.map((c) => c.symbol),
          { most: 6, shown: 5 },
        )})`
      : '';
  const depth = depthOf(entities);
  return {
    at: root.at,
    symbol: root.name,
    aggregate: root.name,
    message: `Loading ${root.name} hydrates ${count(names.length, 'entity type')} (${listed(names, { most: 6, shown: 5 })})${many}${depth > 1 ? `, ${depth} levels deep` : ''}: ${excess.join(', ')}. Keep inside what an invariant of ${root.name} needs, and make the rest aggregates that refer to it by identity.`,
    related: collections.map((c) => ({ at: c.at, message: `${c.symbol} is loaded with ${root.name}` })),
  };
}

function depthOf(entities: Hydration['entities']): number {
  return Math.max(0, ...entities.map((e) => e.depth));
}

function count(n: number, what: string): string {
  return `${n} ${what}${n === 1 ? '' : 's'}`;
}
