import type { Block, BlockId, EqualityFault } from '../src/model/domain-model.js';
import { defineRule, type Finding } from '../src/rule.js';
import { listed } from '../src/wording.js';

export default defineRule({
  id: 'identity-equality',
  title: 'Compare entities by identity, values by value',
  why: 'An entity stays the same while its attributes change, and two loads of it are two objects. A comparison by attributes or by reference says no where the answer is yes.',
  remedy:
    'Let an entity compare its identity with equals, and a value object all its values. Look identifiers and values up with equals or by a primitive key.',
  source: 'Evans, Domain-Driven Design, ch. 5: entities are defined by their identity, value objects by their attributes',
  severity: 'warning',
  fixable: 'unsafe',
  preset: 'recommended',
  needs: ['aggregates'],
  *check(model) {
    const blocks = new Map(model.blocks.map((b) => [b.id, b]));
    for (const fault of model.equalityFaults) {
      const owner = fault.owner === undefined ? undefined : blocks.get(fault.owner);
      yield { at: fault.at, symbol: fault.symbol, message: message(fault), ...aggregateOf(owner, blocks), ...fixOf(fault) };
    }
  },
});

function message({ of, how, symbol, compared, value }: EqualityFault): string {
  const [first = ''] = compared;
  if (how === 'attributes')
    return `${symbol} also compares ${listed(compared, { more: 'more attributes' })}: the same entity would be another one once that has changed. Compare the identity alone.`;
  if (of === 'lookup')
    return `${first} compares ${value ?? 'identifier'} objects by reference: one that was loaded or made anew never matches. Compare with equals, or by the primitive inside.`;
  if (of === 'entity')
    return `${symbol} compares by reference (${first}): the same entity loaded twice is not equal to itself. Compare the value of the identity.`;
  return `${symbol} compares by reference (${first}): two equal values are not equal. Compare what they hold.`;
}

function fixOf({ of, how, symbol, at, compared, comparableAt, identity }: EqualityFault): Pick<Finding, 'fix'> {
  const alone = of === 'entity' && identity !== undefined && (how === 'attributes' || (!comparableAt && isSelf(compared)));
  if (alone) {
    const attributes = how === 'attributes' ? compared : [];
    const change = { do: 'compare-identity', at, identity, attributes } as const;
    return { fix: { kind: 'unsafe', title: `Compare ${identity} alone in ${symbol}`, changes: [change] } };
  }
  if (!comparableAt) return {};
  const changes = comparableAt.map((place) => ({ do: 'compare-with-equals', at: place }) as const);
  return { fix: { kind: 'unsafe', title: `Replace ${listed(compared)} by equals`, changes } };
}

/** Asks but whether both are the same object. */
function isSelf([first = '']: readonly string[]): boolean {
  return /^this\b *[!=]|[!=] *this$/.test(first);
}

function aggregateOf(owner: Block | undefined, blocks: ReadonlyMap<BlockId, Block>): { aggregate?: string } {
  const name = owner?.aggregate === undefined ? undefined : blocks.get(owner.aggregate)?.name;
  return name ? { aggregate: name } : {};
}
