import type { Block, BlockId, LazyPart } from '../src/model/domain-model.js';
import { defineRule, type Finding } from '../src/rule.js';

export default defineRule({
  id: 'no-lazy-loading',
  title: 'Load an aggregate whole',
  why: 'An aggregate enforces its rules over all of its parts. Parts that come later are missing when a rule reads them, and the boundary grows unnoticed because everything still seems to work.',
  remedy:
    'Load the parts together with the root. If that is too much to load, the boundary is too wide: make what is rarely needed an aggregate of its own, held by identity.',
  source: 'Evans, Domain-Driven Design, ch. 6: an aggregate is loaded and kept as a whole; Noback, DDD Entities and ORM Entities',
  severity: 'error',
  fixable: 'unsafe',
  preset: 'recommended',
  needs: ['members'],
  *check(model) {
    const blocks = new Map(model.blocks.map((b) => [b.id, b]));
    for (const part of model.lazyParts) yield finding(part, blocks);
  },
});

function finding(part: LazyPart, blocks: ReadonlyMap<BlockId, Block>): Finding {
  const name = (id: BlockId): string => blocks.get(id)?.name ?? id;
  const root = name(part.aggregate);
  return {
    at: part.at,
    symbol: part.symbol,
    aggregate: root,
    involves: [name(part.member)],
    message: `${fault(part, name(part.member))}: ${cost(part, root, name(part.owner))}. ${remedy(part, root, name(part.member))}`,
    related: part.loadedAt ? [{ at: part.loadedAt, message: `loaded on demand here: ${part.container}` }] : [],
    ...fixOf(part, name(part.owner)),
  };
}

function fixOf({ symbol, at, mapping }: LazyPart, owner: string): Pick<Finding, 'fix'> {
  if (!mapping) return {};
  return { fix: { kind: 'unsafe', title: `Load ${symbol} together with ${owner}`, changes: [{ do: 'load-eagerly', at, mapping }] } };
}

function fault({ symbol, how, container, collection }: LazyPart, member: string): string {
  const parts = collection ? `its ${member} parts` : `its ${member}`;
  switch (how) {
    case 'promise':
      return `${symbol} promises ${parts} instead of holding ${collection ? 'them' : 'it'}`;
    case 'on-demand':
      return `${symbol} is filled only when code asks for it (${container})`;
    default:
      return `${symbol} loads ${parts} lazily (${container})`;
  }
}

function cost({ collection }: LazyPart, root: string, owner: string): string {
  const whose = owner === root ? `${root}'s rules` : `the rules of ${root}`;
  return `${whose} run while ${collection ? 'they may be' : 'it may be'} missing, and awaiting a part ties the domain to the database`;
}

function remedy({ collection }: LazyPart, root: string, member: string): string {
  const them = collection ? 'them' : 'it';
  return `Load ${them} with ${root}; if that is too much, make ${member} an aggregate of its own.`;
}
