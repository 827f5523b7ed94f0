import type { Expression, Pattern, Range } from '../facts/facts.js';
import { blocksIn, unique } from './blocks-in.js';
import { targetsOf } from './callees.js';
import type { Draft } from './drafts.js';
import { type Env, typeOf } from './infer.js';
import { instanceOfArgument, isCreation } from './instances.js';
import { changedBy, eachExpression } from './mutation.js';
import { spanOf } from './program.js';
import { stateOf } from './state.js';
import { expressionText } from './text.js';
import type { Type } from './types.js';
import { isMikroOrm } from './vocabulary.js';
import { type Call, emit, type Flow, type RawWrite, type Walk } from './write-flow.js';

// Changes that a unit of work will write when it is flushed, and those of roots that are never saved by name.

export function flush(receiver: Type, name: string, flow: Flow, walk: Walk): RawWrite[] {
  if (flow.pending.size === 0 || !/^(?:flush|commit|persistAndFlush|removeAndFlush|saveChanges|complete)$/.test(name)) return [];
  const parts = receiver.k === 'union' ? receiver.of : [receiver];
  if (!parts.some((p) => p.k === 'external' && (isMikroOrm(p.module) || /EntityManager$/.test(p.name)))) return [];
  const writes = [...flow.pending.values()].map((w) => (walk.transaction ? { ...w, transaction: walk.transaction } : w));
  flow.pending.clear();
  return writes;
}

export function notePersist(arg: Expression, at: Range, env: Env, flow: Flow, walk: Walk): void {
  for (const draft of unique(blocksIn(typeOf(arg, env), walk))) notePending(draft, arg, at, expressionText(arg), env, flow, walk);
}

function notePending(draft: Draft, key: Expression, at: Range, text: string, env: Env, flow: Flow, walk: Walk): void {
  for (const aggregate of walk.model.rootsOf(draft).slice(0, 1)) {
    const instance = instanceOfArgument(key, env);
    flow.pending.set(instance ?? `${draft.id}:${text}`, {
      aggregate,
      ...(aggregate === draft ? {} : { member: draft }),
      at: spanOf(walk.file.facts, at),
      call: text,
      how: 'change',
      through: [],
      ...(instance ? { instance } : {}),
      inLoop: walk.loops > 0,
    });
  }
}

/** `order.status = …`: a change of a managed or collection-style root. */
export function noteChange(target: Expression, at: Range, env: Env, flow: Flow, walk: Walk): void {
  if (target.e !== 'member' && target.e !== 'index') return;
  const owner = target.of;
  if (owner.e === 'this') return;
  const [draft] = blocksIn(typeOf(owner, env), walk, false);
  if (draft && (draft.mapped || draft.kind === 'aggregate-root')) changed(draft, owner, at, expressionText(target), env, flow, walk);
}

export function noteCallChange(call: Call, env: Env, flow: Flow, walk: Walk): void {
  const { callee } = call;
  if (callee.e === 'name' && call.args[0] && /^(?:wrap|assign)$/.test(callee.name)) return;
  if (callee.e !== 'member') return;
  // wrap(order).assign(dto), em.assign(order, dto)
  if (callee.name === 'assign') {
    const subject =
      callee.of.e === 'call' && callee.of.callee.e === 'name' && callee.of.callee.name === 'wrap' ? callee.of.args[0] : call.args[0];
    const [draft] = subject ? blocksIn(typeOf(subject, env), walk, false) : [];
    if (draft && subject) changed(draft, subject, call.at, expressionText(call), env, flow, walk);
    return;
  }
  if (callee.of.e === 'this') return;
  const [direct] = blocksIn(typeOf(callee.of, env), walk, false);
  if (direct) {
    const fields = [...changedBy(direct.symbol, callee.name)];
    const owned = fields.filter((name) => !inverseOnly(direct, name, walk));
    if (owned.length > 0) changed(direct, callee.of, call.at, expressionText(call), env, flow, walk);
    return;
  }
  // order.items.add(item): the collection of a root or member.
  if (callee.of.e !== 'member' || !/^(?:add|remove|push|set|delete|removeAll|clear|splice|pop|shift|unshift|fill)$/.test(callee.name))
    return;
  const owner = callee.of.of;
  const [holder] = blocksIn(typeOf(owner, env), walk, false);
  if (!holder || owner.e === 'this') return;
  const collection = callee.of.name;
  const field = stateOf(holder.symbol).find((f) => f.name === collection);
  if (!field) return;
  const element = call.args.flatMap((a) => blocksIn(typeOf(a, env), walk)).at(0);
  const inside = element !== undefined && walk.model.rootsOf(element)[0] === walk.model.rootsOf(holder)[0];
  if (!inside && isInverse(field.decorators)) return;
  changed(holder, owner, call.at, expressionText(call), env, flow, walk);
}

/** A function of the project that is given a root and changes it: `transfer(from, to, amount)`, `transfer({ from, to })`. */
export function noteChangesByCallee(call: Call, env: Env, flow: Flow, walk: Walk): void {
  const passed = call.args.flatMap((arg, index) =>
    handedOver(arg).flatMap(({ subject, key }) => {
      const [draft] = blocksIn(typeOf(subject, env), walk, false);
      return draft ? [{ subject, key, index, draft }] : [];
    }),
  );
  if (passed.length === 0) return;
  for (const target of targetsOf(call, env, walk)) {
    for (const { subject, key, index, draft } of passed) {
      const isReceived = receiverIn(target.fn.parameters[index]?.pattern, key);
      let changes = false;
      eachExpression(target.fn.body ?? [], (e) => {
        if (e.e === 'call' && e.callee.e === 'member' && isReceived(e.callee.of) && changedBy(draft.symbol, e.callee.name).size > 0)
          changes = true;
        if (e.e === 'assign' && e.target.e === 'member' && isReceived(e.target.of)) changes = true;
      });
      if (changes) notePending(draft, subject, call.at, expressionText(call), env, flow, walk);
    }
  }
}

/** Only a call that is given two instances can make a pair of them. */
export function mayHandOverTwo(call: Call): boolean {
  return call.args.length > 1 || call.args.some((arg) => arg.e === 'object' && arg.entries.length > 1);
}

/** Variables handed over as an argument, or under a key of one. */
function handedOver(arg: Expression): { readonly subject: Expression; readonly key?: string }[] {
  if (arg.e === 'name') return [{ subject: arg }];
  if (arg.e !== 'object') return [];
  return arg.entries.flatMap((entry) =>
    entry.o === 'property' && entry.value.e === 'name' ? [{ subject: entry.value, key: entry.name }] : [],
  );
}

/** Does an expression of the callee mean what the caller handed over: `account`, `options.account`? */
function receiverIn(pattern: Pattern | undefined, key: string | undefined): (of: Expression) => boolean {
  if (pattern?.p === 'name' && key === undefined) return (of) => of.e === 'name' && of.name === pattern.name;
  if (pattern?.p === 'name') return (of) => of.e === 'member' && of.name === key && of.of.e === 'name' && of.of.name === pattern.name;
  const bound = pattern?.p === 'object' ? pattern.entries.find((entry) => entry.key === key)?.value : undefined;
  return bound?.p === 'name' ? (of) => of.e === 'name' && of.name === bound.name : () => false;
}

/** A relation to another aggregate that the other side writes. */
function inverseOnly(draft: Draft, name: string, walk: Walk): boolean {
  const field = stateOf(draft.symbol).find((f) => f.name === name);
  if (!field || !isInverse(field.decorators)) return false;
  return !blocksIn(field.type, walk).some((d) => walk.model.rootsOf(d)[0] === walk.model.rootsOf(draft)[0]);
}

export function changed(draft: Draft, subject: Expression, at: Range, text: string, env: Env, flow: Flow, walk: Walk): void {
  const [root] = walk.model.rootsOf(draft);
  if (!root) return;
  notePending(draft, subject, at, text, env, flow, walk);
  if (!walk.model.collectionStyle(root)) return;
  const instance = instanceOfArgument(subject, env);
  const known = [...flow.before].some((w) => w.aggregate === root && (w.instance === instance || !instance));
  const fresh = instance?.init && isCreation(instance.init);
  if (!known && !fresh) {
    emit(
      {
        aggregate: root,
        ...(root === draft ? {} : { member: draft }),
        at: spanOf(walk.file.facts, at),
        call: text,
        how: 'change',
        through: [],
        ...(instance ? { instance } : {}),
        ...(walk.transaction ? { transaction: walk.transaction } : {}),
        inLoop: walk.loops > 0,
      },
      flow,
      walk,
    );
  }
}

/** The side of a relation that the ORM does not write. */
export function isInverse(decorators: readonly { readonly name: string; readonly args?: readonly Expression[] }[]): boolean {
  return decorators.some((d) => {
    const name = d.name.split('.').at(-1);
    if (name === 'OneToMany' || name === 'HasMany')
      return !(d.args ?? []).some(
        (a) => a.e === 'object' && a.entries.some((e) => e.o === 'property' && /^(?:cascade|orphanRemoval)$/.test(e.name)),
      );
    return (
      name === 'ManyToMany' &&
      (d.args ?? []).some((a) => (a.e === 'object' ? a.entries.some((e) => e.o === 'property' && e.name === 'mappedBy') : false))
    );
  });
}
