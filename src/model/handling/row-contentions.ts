import type { ColumnWrite, Contention, Handler } from '../domain-model.js';
import type { Drafts } from '../drafts.js';
import type { Entered } from '../handlers.js';
import { isCreated, sharedEvent } from './contentions.js';
import { raisedTogether, subscriptionsOf } from './subscriptions.js';

/**
 * Handlers of one event of which one writes columns of an aggregate's row itself, past its repository, and the other saves the aggregate:
 * what it loaded before comes back over those columns.
 */
export function findRowContentions(
  entered: readonly Entered[],
  writes: () => readonly ColumnWrite[],
  drafts: Drafts,
): readonly Contention[] {
  const reacting = entered.filter(({ handler }) => handler.kind === 'event-handler');
  const saving = reacting.filter(({ handler }) => handler.writes.length > 0);
  const bare = reacting.filter(({ handler }) => handler.writes.length === 0);
  if (saving.length === 0 || bare.length === 0) return [];
  const together = raisedTogether(drafts);
  return bare.flatMap((one) =>
    saving.flatMap((other) => {
      const events = sharedEvent(subscriptionsOf(one, drafts), subscriptionsOf(other, drafts), together);
      return events ? contended(one.handler, other, events, writes()) : [];
    }),
  );
}

function contended(
  bare: Handler,
  { handler, writes: saves }: Entered,
  events: Contention['events'],
  writes: readonly ColumnWrite[],
): Contention[] {
  const own = writes.filter((w) => w.symbol === bare.name && !ADDS_ROWS.test(w.call));
  return own.flatMap((narrow) => {
    const save = saves.find(
      (s) => !isCreated(s) && writes.some((w) => w.aggregate === s.aggregate.id && isCalled(w, s.call) && overlap(narrow, w)),
    );
    if (!save) return [];
    const inOrder = isBefore(bare, handler);
    const [first, second] = inOrder ? [bare, handler] : [handler, bare];
    const [firstWrite, secondWrite] = inOrder ? [narrow, save] : [save, narrow];
    return [
      {
        aggregate: save.aggregate.id,
        events,
        first: first.id,
        second: second.id,
        firstWrite: { call: firstWrite.call, at: firstWrite.at },
        secondWrite: { call: secondWrite.call, at: secondWrite.at },
        firstFields: [],
        secondFields: [],
      },
    ];
  });
}

/** A row that was not there cannot have been loaded. */
const ADDS_ROWS = /insert|create|\.values\(/i;

/** `OrderStore.save` is what `this.orders.save(order)` calls. */
function isCalled({ symbol }: ColumnWrite, call: string): boolean {
  return call.includes(`.${symbol.slice(symbol.lastIndexOf('.') + 1)}(`);
}

function overlap(a: ColumnWrite, b: ColumnWrite): boolean {
  if (a.table !== b.table) return false;
  if (a.columns === 'whole-row' || b.columns === 'whole-row') return true;
  const columns = new Set(b.columns);
  return a.columns.some((c) => columns.has(c));
}

function isBefore({ at: a }: Handler, { at: b }: Handler): boolean {
  return a.file === b.file ? a.line < b.line : a.file < b.file;
}
