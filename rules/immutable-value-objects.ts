import type { Block, BlockId, Mutator, StateAccess } from '../src/model/domain-model.js';
import { defineRule, type Finding, type Fix } from '../src/rule.js';

export default defineRule({
  id: 'immutable-value-objects',
  title: 'Never change a value object',
  why: 'Values are shared freely because they cannot change. One that can changes for everybody who holds it, unchecked and unnoticed.',
  remedy: 'Make its fields readonly, and let methods return a new value.',
  source: 'Evans, Domain-Driven Design, ch. 5: treat the value object as immutable',
  severity: 'error',
  fixable: 'safe',
  preset: 'recommended',
  needs: ['value objects'],
  *check(model) {
    const blocks = new Map(model.blocks.map((b) => [b.id, b]));
    for (const state of model.stateAccess) {
      if (state.of !== 'value-object' || state.literal || state.frozen || state.exposed || state.local) continue;
      const message = ofState(state);
      if (message)
        yield { at: state.at, symbol: state.symbol, message, ...aggregateOf(state, blocks), ...related(state), ...ofStateFix(state) };
    }
    for (const mutator of model.mutators) {
      if (mutator.of !== 'value-object' || mutator.memoizes || mutator.changes.length === 0) continue;
      yield {
        at: mutator.at,
        symbol: mutator.symbol,
        message: ofMutator(mutator),
        ...aggregateOf(mutator, blocks),
        ...ofMutatorFix(mutator),
      };
    }
  },
});

function ofState(state: StateAccess): string | undefined {
  if (state.via === 'type')
    return `${state.symbol} is writable, and code assigns it: the value changes for everybody who holds it. Make it readonly, and build a new value instead.`;
  if (state.visibility !== 'public') return undefined;
  if (!state.readonly)
    return `${state.symbol} is public and writable${heirs(state)}: any code can change the value for everybody who holds it. Make it readonly.`;
  if (state.openEntry)
    return `${state.symbol} is public, and its entries are writable${heirs(state)}: any code can assign ${state.openEntry} for everybody who holds the value. Make the entries readonly, or the bag private.`;
  return undefined;
}

function ofMutator(mutator: Mutator): string {
  const fields = listed(mutator.changes);
  return mutator.via === 'setter'
    ? `The setter ${mutator.symbol} changes the value${heirs(mutator)} for everybody who holds it. Remove it, and return a new value from a method that names the change.`
    : `${mutator.symbol}() assigns ${fields}${heirs(mutator)}: the value changes for everybody who holds it. Return a new value instead.`;
}

function ofStateFix(state: StateAccess): Pick<Finding, 'fix'> {
  if (state.via === 'type') return {};
  if (!state.readonly)
    return state.settled
      ? { fix: { kind: 'safe', title: `Make ${state.symbol} readonly`, changes: [{ do: 'add-readonly', at: state.at }] } }
      : {};
  const entries = state.writableEntries ?? [];
  const hidden: Fix = {
    kind: 'unsafe',
    title: `Make ${state.symbol} protected`,
    changes: [{ do: 'restrict', at: state.at, to: 'protected' }],
  };
  if (!entries.every(({ settled }) => settled)) return { fix: hidden };
  const changes = entries.map(({ at }) => ({ do: 'add-readonly', at }) as const);
  return { fix: { kind: 'safe', title: `Make the entries of ${state.symbol} readonly`, changes, otherwise: hidden } };
}

/** A private method is called by its own class, on `this`: nothing there could take the new value over. */
function ofMutatorFix(mutator: Mutator): Pick<Finding, 'fix'> {
  const { symbol, at, via, usedBy, decorated } = mutator;
  if (via !== 'method' && usedBy === 'nobody') {
    const kind = via === 'setter' && !decorated ? 'safe' : 'unsafe';
    return { fix: { kind, title: `Remove ${symbol}`, changes: [{ do: 'remove-unused', at }] } };
  }
  if (via === 'setter' || mutator.visibility === 'private' || mutator.inheritedBy.length > 0) return {};
  return { fix: { kind: 'unsafe', title: `Let ${symbol}() return a new value`, changes: [{ do: 'return-new', at }] } };
}

function related(state: StateAccess): Pick<Finding, 'related'> {
  return state.via === 'type' ? { related: state.assignments.slice(0, 3).map((a) => ({ at: a.at, message: 'assigned here' })) } : {};
}

function heirs({ inheritedBy }: StateAccess | Mutator): string {
  return inheritedBy.length > 0 ? ` (inherited by ${listed(inheritedBy)})` : '';
}

function listed(names: readonly string[]): string {
  return names.length > 4 ? `${names.slice(0, 4).join(', ')} and ${names.length - 4} more` : names.join(', ');
}

function aggregateOf({ owner }: StateAccess | Mutator, blocks: ReadonlyMap<BlockId, Block>): { aggregate?: string } {
  const root = blocks.get(owner)?.aggregate;
  const name = root && blocks.get(root)?.name;
  return name ? { aggregate: name } : {};
}
