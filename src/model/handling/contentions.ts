import type { Expression } from '../../facts/facts.js';
import type { BlockId, Contention, StateSymbol } from '../domain-model.js';
import type { Draft, Drafts } from '../drafts.js';
import type { Entered } from '../handlers.js';
import { lookup, type Variable } from '../infer.js';
import { changedBy, eachExpression } from '../mutation.js';
import type { RawWrite } from '../write-flow.js';
import { columnsOf } from './columns-written.js';
import { storeOf } from './stores.js';
import { raisedTogether, type Subscription, subscriptionsOf } from './subscriptions.js';

/** Handlers that one event starts side by side and that write the same aggregate. */
export function findContentions(entered: readonly Entered[], drafts: Drafts): readonly Contention[] {
  const reacting = entered.filter(({ handler }) => handler.kind === 'event-handler' && handler.writes.length > 0);
  if (reacting.length < 2) return [];
  const events = new Map(reacting.map((e) => [e, subscriptionsOf(e, drafts)]));
  const together = raisedTogether(drafts);
  const names = new Set(reacting.map((e) => e.handler.name));
  const found: Contention[] = [];
  for (const [i, second] of reacting.entries()) {
    const seen = new Set<BlockId>();
    for (const first of reacting.slice(0, i)) {
      const event = sharedEvent(events.get(first) ?? [], events.get(second) ?? [], together);
      if (!event) continue;
      for (const contention of contended(first, second, event, names, drafts)) {
        if (seen.has(contention.aggregate)) continue;
        seen.add(contention.aggregate);
        found.push(contention);
      }
    }
  }
  return found;
}

export function sharedEvent(
  first: readonly Subscription[],
  second: readonly Subscription[],
  together: ReadonlyMap<BlockId, ReadonlySet<BlockId>>,
): Contention['events'] | undefined {
  const same = second.find((s) => first.some((f) => f.key === s.key));
  if (same) return [same.name];
  for (const f of first) {
    for (const s of second) {
      if (!f.event || !s.event) continue;
      if (together.get(f.event)?.has(s.event) && together.get(s.event)?.has(f.event)) return [f.name, s.name];
    }
  }
  return undefined;
}

function contended(
  first: Entered,
  second: Entered,
  events: Contention['events'],
  handlers: ReadonlySet<string>,
  drafts: Drafts,
): Contention[] {
  if (isDelegated(first, second, handlers) || (locks(first) && locks(second))) return [];
  const aggregates = [...new Set(second.writes.map((w) => w.aggregate))].filter((a) => first.writes.some((w) => w.aggregate === a));
  return aggregates.flatMap((aggregate) => {
    for (const b of second.writes.filter((w) => w.aggregate === aggregate)) {
      for (const a of first.writes.filter((w) => w.aggregate === aggregate)) {
        if (!collide(a, b, first, second, drafts)) continue;
        const [byFirst, bySecond] = [fieldsWritten(a), fieldsWritten(b)];
        return [
          {
            aggregate: aggregate.id,
            events,
            first: first.handler.id,
            second: second.handler.id,
            firstWrite: { call: a.call, at: a.at },
            secondWrite: { call: b.call, at: b.at },
            firstFields: symbols(byFirst, aggregate),
            secondFields: symbols(bySecond, aggregate),
          },
        ];
      }
    }
    return [];
  });
}

function symbols(fields: ReadonlySet<string> | undefined, aggregate: Draft): StateSymbol[] {
  return [...(fields ?? [])].filter((f) => f !== '*').map((f) => `${aggregate.name}.${f}`);
}

/** One hands the event to the other, or both to a third handler of it: it runs as one. */
function isDelegated(first: Entered, second: Entered, handlers: ReadonlySet<string>): boolean {
  const shared = first.writes.filter((a) => second.writes.some((b) => isSamePlace(a, b)));
  return shared.some((write) => {
    const others = second.writes.filter((b) => isSamePlace(write, b)).flatMap((b) => b.through);
    return (
      write.through.includes(second.handler.name) ||
      others.includes(first.handler.name) ||
      write.through.some((name) => handlers.has(name) && others.includes(name))
    );
  });
}

function isSamePlace(a: RawWrite, b: RawWrite): boolean {
  return a.at.file === b.at.file && a.at.line === b.at.line && a.at.column === b.at.column;
}

/** Can one of these writes undo the other? */
function collide(a: RawWrite, b: RawWrite, first: Entered, second: Entered, drafts: Drafts): boolean {
  if (isCreated(a) || isCreated(b)) return false;
  if (a.how === 'append' && b.how === 'append') return false;
  if (a.how === 'remove' && b.how === 'remove') return false;
  if (differentInstances(a, b, first, second)) return false;
  const [storeA, storeB] = [storeOf(a, drafts), storeOf(b, drafts)];
  if (storeA && storeB && storeA !== storeB) return false;
  const [columnsA, columnsB] = [columnsOf(a, drafts), columnsOf(b, drafts)];
  return !columnsA || !columnsB || [...columnsA].some((c) => columnsB.has(c));
}

const REBUILDS = /^(?:from|load|rehydrate|reconstitute|reconstruct|restore|replay|rebuild|hydrate|toDomain|map|parse|find|get)/;

/** A new instance: nobody else has it yet. */
export function isCreated(write: RawWrite): boolean {
  const instance = write.instance;
  const init = instance && 'pattern' in instance ? initOf(instance) : undefined;
  const made = init ?? argumentOf(write);
  if (made?.e === 'new') return true;
  return (
    made?.e === 'call' &&
    made.callee.e === 'member' &&
    made.callee.of.e === 'name' &&
    /^[A-Z]/.test(made.callee.of.name) &&
    !REBUILDS.test(made.callee.name)
  );
}

function initOf(variable: Variable): Expression | undefined {
  let { init } = variable;
  for (let i = 0; init && i < 6; i++) {
    if (init.e === 'await' || init.e === 'as') init = init.of;
    // `const order = made.value`, `const made = Order.create(…)`.
    else if (init.e === 'member' || (init.e === 'call' && init.callee.e === 'member' && init.args.length === 0)) {
      const inner: Expression = init.e === 'member' ? init.of : init.callee.e === 'member' ? init.callee.of : init;
      if (inner.e !== 'name' || /^[A-Z]/.test(inner.name)) break;
      init = inner;
    } else if (init.e === 'name') init = lookup(variable.env, init.name)?.init;
    else break;
  }
  return init;
}

function argumentOf(write: RawWrite): Expression | undefined {
  const site = write.site;
  const inner = site?.e === 'await' || site?.e === 'as' ? site.of : site;
  return inner?.e === 'new' || inner?.e === 'call' ? inner : undefined;
}

/** Each looks its instance up by another entry of the event: `event.from`, `event.to`. */
function differentInstances(a: RawWrite, b: RawWrite, first: Entered, second: Entered): boolean {
  const [keyA, keyB] = [keyOf(a, first), keyOf(b, second)];
  return keyA !== undefined && keyB !== undefined && keyA !== keyB;
}

function keyOf(write: RawWrite, { fn }: Entered): string | undefined {
  if (write.through.length > 0 || !write.instance || !('pattern' in write.instance)) return undefined;
  const init = initOf(write.instance);
  const [given] = fn.parameters.flatMap((p) => (p.pattern.p === 'name' ? [p.pattern.name] : []));
  if (init?.e !== 'call' || given === undefined) return undefined;
  const keys = new Set<string>();
  eachExpression([{ s: 'expression', of: init }], (e) => {
    if (e.e === 'member' && rootName(e) === given && /^(?!payload$|data$|props$)/.test(e.name)) keys.add(e.name);
  });
  return keys.size === 1 ? [...keys][0] : undefined;
}

function rootName(e: Expression): string | undefined {
  if (e.e === 'name') return e.name;
  return e.e === 'member' ? rootName(e.of) : undefined;
}

function locks({ fn }: Entered): boolean {
  let locked = false;
  eachExpression(fn.body ?? [], (e) => {
    if (e.e === 'literal' && typeof e.value === 'string' && /pessimistic|for update/i.test(e.value)) locked = true;
    if (
      e.e === 'member' &&
      /^PESSIMISTIC|^(?:withLock|runExclusive|acquireLock|lock|forUpdate|findByIdForUpdate|getForUpdate)$/.test(e.name)
    )
      locked = true;
    if (e.e === 'member' && /(?:ForUpdate|WithLock|Locked)$/.test(e.name)) locked = true;
  });
  return locked;
}

/** Fields that the instance is changed in before it is written, where the code around it shows. */
function fieldsWritten(write: RawWrite): ReadonlySet<string> | undefined {
  const { instance } = write;
  if (!instance || !('pattern' in instance) || instance.pattern.p !== 'name') return undefined;
  let around = instance.env;
  while (!around.fn && around.parent) around = around.parent;
  const fields = new Set<string>();
  eachExpression(around.fn?.body ?? [], (e) => {
    if (e.e === 'call' && e.callee.e === 'member' && e.callee.of.e === 'name' && e.callee.of.name === instance.name)
      for (const field of changedBy(write.aggregate.symbol, e.callee.name)) fields.add(field);
    if (e.e === 'assign' && e.target.e === 'member' && e.target.of.e === 'name' && e.target.of.name === instance.name)
      fields.add(e.target.name);
  });
  return fields.size > 0 ? fields : undefined;
}
