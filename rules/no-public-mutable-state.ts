import type { Block, BlockId, DomainModel, Mutator, StateAccess } from '../src/model/domain-model.js';
import { defineRule, type Finding, type Fix, type Related } from '../src/rule.js';

export default defineRule({
  id: 'no-public-mutable-state',
  title: 'Let nobody assign the state of an aggregate from outside',
  why: 'A field or setter that anyone can assign is a way past every rule that the aggregate enforces, and tells nothing about what happened.',
  remedy: 'Make the state private or readonly, and offer methods that name the change and guard it.',
  source:
    'Evans, Domain-Driven Design, ch. 6: invariants hold for the whole aggregate; Vernon, Implementing Domain-Driven Design, ch. 10: Tell, Don’t Ask',
  severity: 'error',
  fixable: 'safe',
  preset: 'recommended',
  needs: ['aggregates'],
  *check(model) {
    const blocks = new Map(model.blocks.map((b) => [b.id, b]));
    for (const state of model.stateAccess) {
      if (state.of === 'value-object' || state.mapped || state.literal || state.local || state.exposed) continue;
      const say = (message: string, at = state.at, symbol = state.symbol): Finding => ({
        at,
        symbol,
        message,
        ...aggregateOf(state, blocks),
      });
      if (state.identity) continue;
      if (state.via === 'type') yield { ...say(ofType(state)), ...writers(state) };
      else if (state.openEntry && !state.frozen)
        yield { ...say(ofBag(state, state.openEntry), state.handedOutBy?.at, state.handedOutBy?.symbol), ...bagFix(state, model) };
      else if (isOpenField(state)) yield { ...say(ofField(state, blocks)), ...writers(state), ...fieldFix(state) };
    }
    for (const mutator of model.mutators) {
      if (mutator.of === 'value-object' || mutator.visibility !== 'public' || mutator.identity || mutator.mapped || mutator.guarded)
        continue;
      if (mutator.changes.length === 0 || mutator.derives) continue;
      if (mutator.via === 'setter' || (mutator.via === 'set-method' && mutator.onlyAssigns))
        yield {
          at: mutator.at,
          symbol: mutator.symbol,
          message: ofSetter(mutator, blocks),
          ...aggregateOf(mutator, blocks),
          ...setterFix(mutator),
        };
    }
  },
});

function isOpenField({ via, visibility, readonly }: StateAccess): boolean {
  return via !== 'property-bag' && visibility === 'public' && !readonly;
}

function ofField(state: StateAccess, blocks: ReadonlyMap<BlockId, Block>): string {
  const outside = state.assignments.some((a) => a.how === 'outside');
  const what = outside ? 'and code outside the class assigns it' : 'so any code can assign it';
  const remedy = remedyFor(state);
  return `${state.symbol} is public and writable${heirs(state)}, ${what} past the rules of ${guardian(state, blocks)}. ${remedy}.`;
}

/** That nobody was seen to assign it does not mean that nobody does. */
function remedyFor({ settled, assignments, via }: StateAccess): string {
  if (!settled) return 'Make it private with a getter, and let a method that names the change assign it';
  return assignments.length > 0 || via === 'parameter-property'
    ? 'Make it readonly: nothing assigns it after construction'
    : 'Make it readonly, or private behind a method that names the change';
}

function ofBag(state: StateAccess, entry: string): string {
  const way = state.handedOutBy
    ? `${state.handedOutBy.symbol} hands out the live property bag`
    : `${state.symbol} is public, and its entries are writable`;
  return `${way}${heirs(state)}: any code can assign ${entry} past its rules. ${
    state.handedOutBy ? 'Return it as Readonly<…>, or a copy' : 'Make the bag protected, or its entries readonly'
  }.`;
}

function ofType(state: StateAccess): string {
  return `${state.symbol} is writable, and code assigns it: whoever has the object can change it past its rules. Make it readonly, and return a changed copy from the function that names the change.`;
}

function ofSetter(mutator: Mutator, blocks: ReadonlyMap<BlockId, Block>): string {
  const what =
    mutator.via === 'setter'
      ? `The setter ${mutator.symbol} checks nothing`
      : `${mutator.symbol}() only assigns, a public field by another name`;
  return `${what}${heirs(mutator)}: any code can change ${guardian(mutator, blocks)} through it, and nobody learns why. Replace it by a method that names the change and guards it.`;
}

function fieldFix({ symbol, at, settled }: StateAccess): Pick<Finding, 'fix'> {
  return settled ? { fix: { kind: 'safe', title: `Make ${symbol} readonly`, changes: [{ do: 'add-readonly', at }] } } : {};
}

/** A bag that a getter hands out is private already; one that code outside fills can be neither. */
function bagFix({ symbol, at, handedOutBy, writableEntries = [] }: StateAccess, { outsideChanges }: DomainModel): Pick<Finding, 'fix'> {
  if (
    outsideChanges.some((change) => writableEntries.some(({ symbols }) => change.symbol !== undefined && symbols.includes(change.symbol)))
  )
    return {};
  const hidden: Fix | undefined = handedOutBy
    ? undefined
    : { kind: 'unsafe', title: `Make ${symbol} protected`, changes: [{ do: 'restrict', at, to: 'protected' }] };
  if (!writableEntries.every(({ settled }) => settled)) return hidden ? { fix: hidden } : {};
  const changes = writableEntries.map((entry) => ({ do: 'add-readonly', at: entry.at }) as const);
  const title = `Make the entries of ${symbol} readonly`;
  return { fix: { kind: 'safe', title, changes, ...(hidden ? { otherwise: hidden } : {}) } };
}

function setterFix({ symbol, at, usedBy }: Mutator): Pick<Finding, 'fix'> {
  switch (usedBy) {
    case 'nobody':
      return { fix: { kind: 'unsafe', title: `Remove ${symbol}`, changes: [{ do: 'remove-unused', at }] } };
    case 'its class':
      return { fix: { kind: 'unsafe', title: `Make ${symbol} private`, changes: [{ do: 'restrict', at, to: 'private' }] } };
    case 'others':
      return {};
  }
}

/** Who answers for the rules: the root, for a member too. */
function guardian({ owner, of }: StateAccess | Mutator, blocks: ReadonlyMap<BlockId, Block>): string {
  const block = blocks.get(owner);
  const root = of === 'entity' && block?.aggregate ? blocks.get(block.aggregate) : undefined;
  const name = block?.name ?? 'the aggregate';
  return root && root.id !== owner ? `${name} and its root ${root.name}` : name;
}

function heirs({ inheritedBy }: StateAccess | Mutator): string {
  if (inheritedBy.length === 0) return '';
  const more = inheritedBy.length > 4 ? ` and ${inheritedBy.length - 4} more` : '';
  return ` (inherited by ${inheritedBy.slice(0, 4).join(', ')}${more})`;
}

function writers(state: StateAccess): { related?: readonly Related[] } {
  const outside = state.assignments.filter((a) => a.how === 'outside').slice(0, 3);
  return outside.length > 0 ? { related: outside.map((a) => ({ at: a.at, message: 'assigned here' })) } : {};
}

function aggregateOf({ owner }: StateAccess | Mutator, blocks: ReadonlyMap<BlockId, Block>): { aggregate?: string } {
  const root = blocks.get(owner)?.aggregate;
  const name = root && blocks.get(root)?.name;
  return name ? { aggregate: name } : {};
}
