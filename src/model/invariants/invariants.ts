import type { Expression, FunctionFacts } from '../../facts/facts.js';
import { type DrawnAggregate, identityField } from '../boundaries.js';
import type { Handler, Invariant, Operation, StateSymbol } from '../domain-model.js';
import type { Draft, Drafts } from '../drafts.js';
import type { Env } from '../infer.js';
import { onDemand } from '../lazy.js';
import { spanOf } from '../program.js';
import { stateOf } from '../state.js';
import { type Analysed, analyse, conflict, excludes, type Found, isTimestamp, readBy, saidByMember, symbolsOf } from './analysed.js';
import { callersOf } from './callers.js';
import { declaredOn } from './declared.js';
import { derived } from './derived.js';
import { footprint, type Lens, UNBOUND } from './footprint.js';
import { guards } from './guards.js';
import { functionsOver, isEventBuffer } from './operations.js';
import { stepsOf } from './paths.js';
import { type Slot, territoryOf } from './territory.js';
import { transitionOf } from './transitions.js';

export interface Enforced {
  readonly invariants: readonly Invariant[];
  readonly operations: readonly Operation[];
  /** State that ties nothing together: identities, versions, timestamps, buffers of events. */
  readonly apart: ReadonlySet<StateSymbol>;
}

/** What the code of each aggregate enforces, and which operation reads and writes what. */
export function findInvariants(drafts: Drafts, aggregates: readonly DrawnAggregate[], handlers: readonly Handler[]): Enforced {
  const walk = { model: { drafts } };
  const territory = territoryOf(aggregates, drafts);
  const lens: Lens = { territory, walk };
  const functions = functionsOver(drafts, lens);
  const byBlock = new Map<Draft, { readonly analysed: readonly Analysed[]; readonly found: readonly Found[] }>();
  for (const draft of territory.blocks) {
    const analysed = analyse(draft, functions, drafts, lens);
    const followed = new Set(analysed.flatMap((a) => a.refusals.flatMap((r) => r.calls.map((c) => c.target.fn))));
    byBlock.set(draft, {
      analysed,
      found: [...analysed.flatMap((a) => enforcedBy(a, followed, lens, drafts)), ...declaredOn(draft, lens)],
    });
  }
  const callers = onDemand(() =>
    callersOf(
      [...byBlock.values()].flatMap(({ analysed }) => analysed.map((a) => a.work)),
      handlers,
      drafts,
      lens,
    ),
  );
  const invariants: Invariant[] = [];
  const operations: Operation[] = [];
  for (const { root, members } of aggregates) {
    const inside = [root, ...members.map((m) => m.draft)];
    const own = new Set(inside);
    const symbols = (slots: Iterable<Slot>): StateSymbol[] => [...new Set([...slots].filter((s) => own.has(s.draft)).map((s) => s.symbol))];
    for (const draft of inside) {
      const { analysed = [], found = [] } = byBlock.get(draft) ?? {};
      for (const invariant of found) {
        const belongs = (symbol: StateSymbol): boolean => inside.some((d) => symbol.startsWith(`${d.name}.`));
        invariants.push({
          ...invariant,
          aggregate: root.id,
          reads: invariant.reads.filter(belongs),
          writes: invariant.writes.filter(belongs),
        });
      }
      for (const one of analysed) operations.push(operation(one, root, symbols, () => callers()(one.work), lens));
    }
  }
  const apart = territory.blocks.flatMap((draft) => {
    const identity = identityField(draft);
    return stateOf(draft.symbol).flatMap((field) => {
      const slot = territory.slotOf(draft, field.name);
      if (!slot) return [];
      const ties = field !== identity && !isTimestamp(slot) && !VERSION.test(field.name) && !isEventBuffer(slot, drafts);
      return ties ? [] : [slot.symbol];
    });
  });
  return { invariants, operations, apart: new Set(apart) };
}

function operation(
  one: Analysed,
  root: Draft,
  symbols: (slots: Iterable<Slot>) => StateSymbol[],
  calledBy: () => readonly string[],
  lens: Lens,
): Operation {
  const { work, kind, effects, raises } = one;
  const reads = onDemand(() => symbols(readsOf(one, lens)));
  return {
    aggregate: root.id,
    owner: work.draft.id,
    name: work.name,
    at: spanOf(work.file.facts, work.at),
    kind,
    get reads() {
      return reads();
    },
    writes: symbols(effects.map((e) => e.slot)),
    adds: symbols(effects.filter((e) => e.how === 'add').map((e) => e.slot)),
    raises: [...new Set(raises.flatMap((r) => r.block ?? []))],
    get calledBy() {
      return calledBy();
    },
  };
}

const VERSION = /^[_#]{0,2}(?:version|v|revision|sequence|etag|rowVersion|aggregateVersion|optimisticVersion)$/i;

function readsOf({ work, effects, refusals }: Analysed, lens: Lens): ReadonlySet<Slot> {
  const at = (of: Expression, env: Env): { of: Expression; env: Env } => ({ of, env });
  const expressions = stepsOf(work.fn, work.env).flatMap((step) => [
    ...(step.of && step.of.e !== 'assign' ? [at(step.of, step.env)] : []),
    ...step.conditions.map((c) => at(c.test, c.env)),
  ]);
  const slots = new Set(footprint(expressions, work.fn, UNBOUND, lens).slots);
  for (const e of effects) if (e.value) for (const s of footprint([at(e.value, e.env)], work.fn, e.bindings, lens).slots) slots.add(s);
  for (const r of refusals) for (const s of readBy(r.conditions, work, r, lens).slots) slots.add(s);
  return slots;
}

// ── what one operation enforces ───────────────────────────────────────────────────────────────────────────────────

function enforcedBy(one: Analysed, followed: ReadonlySet<FunctionFacts>, lens: Lens, drafts: Drafts): Found[] {
  // A check that others call is said where it guards something.
  const checks = one.kind === 'query' && followed.has(one.work.fn);
  return [...(checks ? [] : guards(one, lens)), ...derived(one, lens, drafts), ...transitions(one, lens)];
}

/** Statuses that move, each from what the way there lets it come from. */
function transitions({ work, kind, effects, refusals }: Analysed, lens: Lens): Found[] {
  if (kind === 'constructor' || kind === 'factory' || kind === 'applier') return [];
  const seen = new Set<string>();
  return effects.flatMap((e) => {
    if (saidByMember(e, work)) return [];
    const moved = transitionOf(
      e,
      refusals.filter((r) => !excludes(r, e)),
      lens,
    );
    if (!moved) return [];
    const from = moved.from.filter((v) => v !== moved.to || moved.from.length === 1);
    const text = `${e.slot.field.name}: ${from.length > 0 ? from.join(' | ') : 'any'} → ${moved.to}`;
    if (seen.has(text)) return [];
    seen.add(text);
    const together = effects.filter((other) => !conflict(e.conditions, other.conditions)).map((other) => other.slot);
    return [
      {
        kind: 'transition' as const,
        owner: work.draft.id,
        in: work.name,
        at: spanOf(e.file.facts, e.at),
        text,
        reads: [e.slot.symbol],
        writes: symbolsOf(new Set([e.slot, ...together])),
        parameters: [],
        through: e.through,
        transition: { field: e.slot.symbol, from, to: moved.to },
      },
    ];
  });
}
