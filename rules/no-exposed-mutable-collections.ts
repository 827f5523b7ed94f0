import type { Block, BlockId, Exposure } from '../src/model/domain-model.js';
import { defineRule } from '../src/rule.js';

export default defineRule({
  id: 'no-exposed-mutable-collections',
  title: 'Hand out no live mutable collection',
  why: 'Whoever holds the live collection can add, remove and reorder past every invariant that the aggregate guards.',
  remedy: 'Type it read-only (readonly T[], ReadonlyMap, ReadonlySet) or return a copy, and offer a method that names the change.',
  source: 'Evans, Domain-Driven Design, ch. 6: the root is the only way in; Vernon, Implementing Domain-Driven Design, ch. 10',
  severity: 'error',
  preset: 'recommended',
  needs: ['aggregates'],
  *check(model) {
    const blocks = new Map(model.blocks.map((b) => [b.id, b]));
    for (const exposure of model.exposures) {
      yield { at: exposure.at, symbol: exposure.symbol, message: message(exposure), ...aggregateOf(exposure, blocks) };
    }
  },
});

function aggregateOf(exposure: Exposure, blocks: ReadonlyMap<BlockId, Block>): { aggregate?: string } {
  const root = blocks.get(exposure.owner)?.aggregate;
  const name = root && blocks.get(root)?.name;
  return name ? { aggregate: name } : {};
}

const READ_ONLY = { array: 'readonly', map: 'ReadonlyMap', set: 'ReadonlySet', collection: 'a read-only view' } as const;

function message(exposure: Exposure): string {
  const { symbol, collection, collectionClass, mutator, via, inheritedBy } = exposure;
  const what = collectionClass
    ? `the live ${collectionClass}${mutator ? `, which has ${mutator}()` : ''}`
    : `the live ${collection === 'array' ? 'array' : collection === 'map' ? 'Map' : 'Set'}`;
  if (exposure.entry)
    return `${symbol} is public, and so is what it holds: ${exposure.entry} is a mutable ${collectionClass ?? collection}. Make the bag protected, or its entries readonly arrays and read-only maps.`;
  const how =
    via === 'method' || via === 'accessor'
      ? `${symbol} returns ${what}`
      : `${symbol} is public and is ${what.replace('the live', 'a mutable')}`;
  const heirs =
    inheritedBy.length > 0
      ? ` (inherited by ${inheritedBy.slice(0, 4).join(', ')}${inheritedBy.length > 4 ? ` and ${inheritedBy.length - 4} more` : ''})`
      : '';
  const remedy =
    collection === 'collection'
      ? 'Return its elements as a readonly array or a copy, and change it through methods of the aggregate'
      : `Type it ${collection === 'array' ? readonlyText(exposure.type) : READ_ONLY[collection]} or return a copy`;
  return `${how}${heirs}: callers can change it past every invariant. ${remedy}.`;
}

function readonlyText(type: string): string {
  const element = /^Array<(.+)>$/.exec(type)?.[1];
  if (element) return `readonly ${/[|&]/.test(element) ? `(${element})` : element}[]`;
  return /^[\w.<>]+\[\]$|^\(.+\)\[\]$/.test(type) ? `readonly ${type}` : 'as a readonly array';
}
