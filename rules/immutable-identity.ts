import type { Assignment, Block, BlockId, Mutator, StateAccess } from '../src/model/domain-model.js';
import { defineRule, type Finding } from '../src/rule.js';

export default defineRule({
  id: 'immutable-identity',
  title: 'Never change an identity',
  why: 'An entity is what its identity says. If that changes, every reference, key and event that was made with the old one points at nothing.',
  remedy: 'Give the identity in the constructor and make the field readonly.',
  source: 'Evans, Domain-Driven Design, ch. 5: an entity is defined by a thread of identity that does not change',
  severity: 'error',
  fixable: 'safe',
  preset: 'recommended',
  needs: ['aggregates'],
  *check(model) {
    const blocks = new Map(model.blocks.map((b) => [b.id, b]));
    for (const state of model.stateAccess) {
      if (!state.identity || state.of === 'value-object' || state.literal || state.frozen) continue;
      const setters = model.mutators.filter((m) => isOpenSetter(m, state));
      const again = state.assignments.filter((a) => a.how === 'method' || (a.how === 'setter' && setters.every((m) => m.symbol !== a.by)));
      const message = whatIsWrong(state, setters, again);
      if (!message) continue;
      const related = [
        ...setters.map((m) => ({ at: m.at, message: `${m.symbol} assigns it` })),
        ...again.map((a) => ({ at: a.at, message: 'assigned again here' })),
        ...(state.via === 'type' ? state.assignments.slice(0, 3).map((a) => ({ at: a.at, message: 'assigned here' })) : []),
      ];
      yield {
        at: state.at,
        symbol: state.symbol,
        message,
        ...aggregateOf(state, blocks),
        ...(related.length > 0 ? { related } : {}),
        ...fixOf(state, setters, again),
      };
    }
  },
});

function whatIsWrong(state: StateAccess, setters: readonly Mutator[], again: readonly Assignment[]): string | undefined {
  const [setter] = setters;
  const [first] = again;
  const whose = state.inheritedBy.length > 0 ? ` of ${listed(state.inheritedBy)}` : '';
  if (first)
    return `${first.by} assigns ${state.symbol} again: an identity${whose} that changes leaves every reference to the old one behind. Assign it in the constructor only, and make it readonly.`;
  if (setter)
    return `${setter.symbol} lets callers change ${state.symbol}: an identity${whose} that changes leaves every reference to the old one behind. Take it in the constructor, remove ${setter.symbol}, and make the field readonly.`;
  if (state.via === 'type')
    return `${state.symbol} is writable, and code assigns it: an identity that changes leaves every reference to the old one behind. Make it readonly.`;
  if (state.via === 'property-bag' || state.visibility !== 'public' || state.readonly || state.local || isGivenByTheOrm(state))
    return undefined;
  return `${state.symbol} is public and writable: any code can change the identity${whose}, and every reference to the old one is lost. Make it readonly.`;
}

/** Not offered where it is known that something still assigns the identity. */
function fixOf(state: StateAccess, setters: readonly Mutator[], again: readonly Assignment[]): Pick<Finding, 'fix'> {
  if (again.length > 0 || state.via === 'type') return {};
  const readonly = `make ${state.symbol} readonly`;
  if (setters.length === 0) {
    if (!state.settled) return {};
    return { fix: { kind: 'safe', title: capitalised(readonly), changes: [{ do: 'add-readonly', at: state.at }] } };
  }
  const removed = setters.map((m) => m.at);
  const others = state.assignments.filter((a) => setters.every((m) => m.symbol !== a.by));
  const construction = `${state.symbol.split('.')[0]}.constructor`;
  const staysWritable = state.readonly || others.some((a) => state.via === 'property-bag' || a.by !== construction);
  if (setters.some((m) => m.usedBy !== 'nobody')) return {};
  return {
    fix: {
      kind: setters.some((m) => m.via !== 'setter' || m.decorated) ? 'unsafe' : 'safe',
      title: `Remove ${listed(setters.map((m) => m.symbol))}${staysWritable ? '' : ` and ${readonly}`}`,
      changes: [
        ...removed.map((at) => ({ do: 'remove-unused', at }) as const),
        ...(staysWritable ? [] : [{ do: 'add-readonly', at: state.at, without: removed } as const]),
      ],
    },
  };
}

function capitalised(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

/** Assigned once, when the row is inserted. */
function isGivenByTheOrm(state: StateAccess): boolean {
  return state.generated;
}

function isOpenSetter(mutator: Mutator, state: StateAccess): boolean {
  return (
    mutator.identity &&
    mutator.visibility === 'public' &&
    mutator.via !== 'method' &&
    !mutator.replays &&
    state.assignments.some((a) => a.by === mutator.symbol && a.how === 'setter')
  );
}

function listed(names: readonly string[]): string {
  return names.length > 4 ? `${names.slice(0, 4).join(', ')} and ${names.length - 4} more` : names.join(', ');
}

function aggregateOf({ owner }: StateAccess, blocks: ReadonlyMap<BlockId, Block>): { aggregate?: string } {
  const root = blocks.get(owner)?.aggregate;
  const name = root && blocks.get(root)?.name;
  return name ? { aggregate: name } : {};
}
