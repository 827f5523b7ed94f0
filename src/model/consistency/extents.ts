import type { Aggregate, Block, BlockId, DomainModel, Extent, LoadedCollection, StateSymbol } from '../domain-model.js';
import { coded, methodName } from './reasons.js';

type Known = Pick<DomainModel, 'blocks' | 'aggregates' | 'invariants' | 'collections'>;

/** For every aggregate, what loading its root brings into memory. */
export function findExtents(model: Known): Extent[] {
  const blocks = new Map(model.blocks.map((block) => [block.id, block]));
  const byRoot = new Map(model.aggregates.map((aggregate) => [aggregate.root, aggregate]));
  return model.aggregates.map((aggregate) => ({
    aggregate: aggregate.root,
    entities: membersOf(aggregate, 'entity'),
    valueObjects: membersOf(aggregate, 'value-object'),
    roots: draggedAlong(aggregate, byRoot),
    collections: collectionsOf(aggregate, blocks, model),
  }));
}

function membersOf(aggregate: Aggregate, kind: 'entity' | 'value-object'): BlockId[] {
  return [...new Set(aggregate.members.filter((member) => member.kind === kind).map((member) => member.block))];
}

function draggedAlong(aggregate: Aggregate, byRoot: ReadonlyMap<BlockId, Aggregate>): BlockId[] {
  const found = new Set<BlockId>();
  const visit = ({ references }: Aggregate): void => {
    for (const { by, to } of references) {
      if (by !== 'object' || to === aggregate.root || found.has(to)) continue;
      found.add(to);
      const next = byRoot.get(to);
      if (next) visit(next);
    }
  };
  visit(aggregate);
  return [...found];
}

function collectionsOf(aggregate: Aggregate, blocks: ReadonlyMap<BlockId, Block>, model: Known): LoadedCollection[] {
  const inside = new Set([aggregate.root, ...aggregate.members.map((member) => member.block)]);
  return [...inside].flatMap((id) =>
    (blocks.get(id)?.fields ?? []).flatMap(({ symbol, at, type, holds }) => {
      const held = holds.find(({ block, as }) => as !== 'value' && isLoaded(block, aggregate, blocks));
      if (!held) return [];
      const bound = boundOf(symbol, type, aggregate, model);
      return [{ symbol, of: held.block, at, ...(bound ? { bound } : {}) }];
    }),
  );
}

function isLoaded(id: BlockId, aggregate: Aggregate, blocks: ReadonlyMap<BlockId, Block>): boolean {
  const kind = blocks.get(id)?.kind;
  return aggregate.members.some((member) => member.block === id) || kind === 'aggregate-root' || kind === 'entity';
}

/** An invariant that limits the number, or a type whose keys are listed. */
function boundOf(
  symbol: StateSymbol,
  type: string,
  aggregate: Aggregate,
  { invariants, collections }: Pick<Known, 'invariants' | 'collections'>,
): LoadedCollection['bound'] {
  const limit = invariants.find((invariant) => invariant.aggregate === aggregate.root && invariant.limits?.includes(symbol));
  if (limit) {
    const how = limit.kind === 'declared' ? 'declares' : limit.refusal === 'assertion' ? 'asserts' : 'refuses';
    return { text: `${methodName(limit.in, aggregate)} ${how} ${coded(limit.text)}`, at: limit.at };
  }
  const closed = collections.some((each) => each.aggregate === aggregate.root && each.symbol === symbol && each.limited);
  return closed ? { text: `${coded(type)} has room for so many` } : undefined;
}
