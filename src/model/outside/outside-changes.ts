import type { Expression, Range } from '../../facts/facts.js';
import { implementationsOf } from '../actors.js';
import type { DrawnAggregate } from '../boundaries.js';
import type { Handler, OutsideChange } from '../domain-model.js';
import type { Draft, Drafts } from '../drafts.js';
import { mutableCollection } from '../exposures.js';
import { type Env, eachExpressionIn, lookup, typeOf, type Variable } from '../infer.js';
import { mutates } from '../mutation.js';
import { type Declared, spanOf } from '../program.js';
import { stateOf } from '../state.js';
import { expressionText, lastName } from '../text.js';
import { findMembers, namedType, structure, type Type, withoutNull } from '../types.js';
import { folder, isSpared, ownCode } from './insiders.js';
import { originOf } from './origin.js';
import { blockOf, type Place, placeOf } from './places.js';
import type { Body, Watcher } from './sightings.js';
import { isPlaceOfState, leadsToState, stateNames } from './state-names.js';

type Call = Extract<Expression, { e: 'call' }>;

/** Looks for changes of state that do not go through the root, in code outside the aggregate. */
export function outsideChanges(
  drafts: Drafts,
  aggregates: readonly DrawnAggregate[],
  rootsOf: (draft: Draft) => readonly Draft[],
  handlers: readonly Handler[],
): { readonly watcher: Watcher; readonly found: OutsideChange[] } {
  const found: OutsideChange[] = [];
  const names = stateNames(aggregates, drafts);
  const owners = ownCode(aggregates, drafts);
  const spared = new Map<Draft | undefined, boolean>();
  const writing = new Set(handlers.flatMap((h) => (h.writes.length > 0 ? [h.id, h.block] : [])));

  const report = (place: Place, how: OutsideChange['how'], member: string | undefined, at: Range, e: Expression, body: Body): void => {
    const { draft } = place;
    const roots = rootsOf(draft);
    const [root] = roots;
    if (!root || isInside(body, draft, roots) || isIdle(body) || isCarried(place)) return;
    if (originOf(place.owner, place.env, body) === 'made' && !handedOver(place, roots, body, at)) return;
    if (draft.kind === 'value-object' && !isReached(place)) return;
    if (isReducer(place, body)) return;
    found.push({
      aggregate: root.id,
      target: draft.id,
      how,
      ...(member === undefined ? {} : { symbol: `${draft.name}.${member}` }),
      by: body.name,
      at: spanOf(body.file.facts, at),
      text: expressionText(e),
    });
  };

  const isInside = ({ draft, fn }: Body, target: Draft, roots: readonly Draft[]): boolean => {
    if (!draft) return false;
    const own = owners.get(draft.symbol);
    if (roots.some((r) => own?.has(r))) return true;
    if (target.lineage.some((a) => a.symbol === draft.symbol) || draft.lineage.some((a) => a.symbol === target.symbol)) return true;
    // Where state is a plain type, the functions beside it are its behaviour.
    return (
      target.symbol.declaration.kind !== 'class' &&
      draft.symbol.declaration.kind !== 'class' &&
      fn !== undefined &&
      folder(draft) === folder(target)
    );
  };

  /** Dresses up what it loaded for an answer: nothing of it is ever kept. */
  const isIdle = ({ draft, name, hidden, file }: Body): boolean => {
    if (!draft) return false;
    const reads = READS.test(name.slice(name.indexOf('.') + 1));
    if (writing.has(hidden && !reads ? draft.id : `${file.facts.file}#${name}`)) return false;
    return reads || (draft.kind !== undefined && APPLICATION.has(draft.kind));
  };

  /** What a message brought along belongs to the message. */
  const isCarried = ({ owner, env }: Place): boolean => {
    let at = env;
    for (let e: Expression = owner, i = 0; i < 10; i++) {
      const variable: Variable | undefined = e.e === 'name' ? lookup(at, e.name) : undefined;
      const from: Expression | undefined = variable
        ? variable.init
        : e.e === 'member' || e.e === 'index' || e.e === 'as'
          ? e.of
          : undefined;
      if (!from || from.e === 'call' || from.e === 'await') return false;
      if (variable) at = variable.env;
      e = from;
      const type = withoutNull(typeOf(e, at));
      if (type.k === 'named' && MESSAGES.has(drafts.of(type.symbol)?.kind ?? '')) return true;
    }
    return false;
  };

  /** A value object alone may be anybody's; reached through a root or member it is part of that. */
  const isReached = ({ owner, env }: Place): boolean => {
    const from =
      owner.e === 'member' || owner.e === 'index'
        ? owner.of
        : owner.e === 'call' && owner.callee.e === 'member'
          ? owner.callee.of
          : owner.e === 'name'
            ? lookup(env, owner.name)?.init
            : undefined;
    const within = owner.e === 'name' ? (lookup(env, owner.name)?.env ?? env) : env;
    const held = from && placeOf(from, within, drafts);
    return held !== undefined && (held.draft.kind !== 'value-object' || isReached(held));
  };

  /** A member made here belongs to the aggregate from when its root was given it. */
  const handedOver = ({ draft, owner, env }: Place, roots: readonly Draft[], body: Body, before: Range): boolean => {
    if (draft.kind !== 'entity' || owner.e !== 'name' || !lookup(env, owner.name)) return false;
    let handed = false;
    const hands = (e: Expression): boolean =>
      e.e === 'call' && e.callee.e === 'member' && e.at[1] <= before[0] && e.args.some((a) => a.e === 'name' && a.name === owner.name);
    eachExpressionIn(body.statements, body.env, hands, (e, at) => {
      if (e.e !== 'call' || e.callee.e !== 'member') return;
      const taker = placeOf(e.callee.of, at, drafts);
      if (!taker || taker.draft === draft || !rootsOf(taker.draft).some((r) => roots.includes(r))) return;
      if (taker.path.length === 0 && !mutates(taker.draft.symbol, e.callee.name)) return;
      if (originOf(taker.owner, taker.env, body) === 'had') handed = true;
    });
    return handed;
  };

  const isReducer = (place: Place, { fn }: Body): boolean => {
    if (!fn || place.owner.e !== 'name') return false;
    const variable = lookup(place.env, place.owner.name);
    return (
      variable?.parameter?.fn.parameters.some((p, i) => {
        if (i === variable.parameter?.index || p.pattern.p !== 'name') return false;
        const type = withoutNull(typeOf({ e: 'name', name: p.pattern.name, at: p.at }, variable.env));
        return (type.k === 'union' ? type.of : [type]).some((t) => t.k === 'named' && drafts.of(t.symbol)?.kind === 'domain-event');
      }) ?? false
    );
  };

  const assigned = (target: Expression, value: Expression | undefined, e: Expression, env: Env, body: Body): void => {
    if (target.e === 'index') {
      const place = placeOf(target.of, env, drafts);
      const [first] = place?.path ?? [];
      if (place && first !== undefined) report(place, 'collection', first, lastName(target.of), e, body);
      return;
    }
    if (target.e !== 'member' || target.of.e === 'this') return;
    const place = placeOf(target.of, env, drafts);
    if (!place) return;
    const [first] = place.path;
    if (first !== undefined) {
      const bag = stateOf(place.draft.symbol).some((f) => f.bag?.name === first && f.name === target.name);
      report(place, target.name === 'length' ? 'collection' : 'assignment', bag ? target.name : first, target.nameAt, e, body);
      return;
    }
    const members = findMembers(namedType(place.draft.symbol), target.name);
    const field = stateOf(place.draft.symbol).find((f) => f.name === target.name && f.via !== 'property-bag');
    if (members.length === 0 || members.some((m) => 'kind' in m.is && m.is.kind !== 'property') || !field || field.readonly) return;
    if (holdsEvents(field.type, drafts) || isSetter(place.draft, target.name, drafts)) return;
    // `user.password = undefined` before it is sent somewhere: the field itself knows no such value.
    if (value?.e === 'name' && value.name === 'undefined' && withoutNull(field.type) === field.type && !isOptional(members[0])) return;
    report(place, 'assignment', target.name, target.nameAt, e, body);
  };

  const called = (call: Call, env: Env, body: Body): void => {
    const { callee } = call;
    if (callee.e !== 'member') return;
    const { name, of, nameAt } = callee;
    if (name === 'assign') {
      assignedFrom(call, env, body);
      return;
    }
    if (generic(call, env, body)) return;
    const isVariable = of.e === 'name';
    if (isVariable && !names.changers.has(name) && !comesFromState(of.name, env)) return;
    const type = withoutNull(typeOf(of, env));
    const draft = blockOf(type, drafts);
    if (draft) {
      if (draft.kind === 'aggregate-root' || of.e === 'this' || !names.changers.has(name) || !isMethod(draft, name)) return;
      if (mutates(draft.symbol, name)) report({ draft, owner: of, env, path: [] }, 'call', name, nameAt, call, body);
      return;
    }
    if (!isChangedBy(type, name)) return;
    const place = placeOf(of, env, drafts);
    const [first] = place?.path ?? [];
    if (!place || first === undefined || place.owner.e === 'this') return;
    const field = stateOf(place.draft.symbol).find((f) => f.name === first);
    if (holdsEvents(field?.type ?? type, drafts) || holdsEvents(type, drafts)) return;
    const entry = place.path[1];
    const inBag = entry !== undefined && stateOf(place.draft.symbol).some((f) => f.name === entry && f.bag?.name === first);
    report(place, 'collection', inBag ? entry : first, nameAt, call, body);
  };

  const isChangedBy = (type: Type, name: string): boolean => {
    const shape = structure(type);
    if (shape.k === 'named') return mutates(shape.symbol, name);
    const element = (symbol: Declared): boolean => drafts.of(symbol)?.kind !== undefined;
    return IN_PLACE.test(name) && mutableCollection(shape, false, element) !== undefined;
  };

  /** `Object.assign(order, dto)`, `em.assign(order, dto)`, `wrap(order).assign(dto)`. */
  const assignedFrom = (call: Call, env: Env, body: Body): void => {
    if (call.callee.e !== 'member') return;
    const { of } = call.callee;
    const wrapped = of.e === 'call' && of.callee.e === 'name' && of.callee.name === 'wrap' ? of.args[0] : undefined;
    const subject = wrapped ?? (call.args.length > 1 ? call.args[0] : undefined);
    const draft = subject && subject.e !== 'this' ? blockOf(typeOf(subject, env), drafts) : undefined;
    if (subject && draft) report({ draft, owner: subject, env, path: [] }, 'generic', undefined, call.callee.nameAt, call, body);
  };

  /** A library's `order.set('status').to(…)` and `order.set('status', …)`. */
  const generic = (call: Call, env: Env, body: Body): boolean => {
    if (call.callee.e !== 'member') return false;
    const { callee } = call;
    const set =
      callee.name === 'to' && callee.of.e === 'call' ? callee.of : callee.name === 'set' && call.args.length > 1 ? call : undefined;
    const [field] = set?.args ?? [];
    if (set?.callee.e !== 'member' || set.callee.name !== 'set' || field?.e !== 'literal' || typeof field.value !== 'string') return false;
    if (!names.fields.has(field.value) || set.callee.of.e === 'this') return false;
    const draft = blockOf(typeOf(set.callee.of, env), drafts);
    if (!draft || findMembers(namedType(draft.symbol), 'set').length > 0) return false;
    report({ draft, owner: set.callee.of, env, path: [] }, 'generic', field.value, set.callee.nameAt, call, body);
    return true;
  };

  const comesFromState = (name: string, env: Env): boolean => {
    const variable = lookup(env, name);
    const init = variable?.init ?? variable?.each?.of;
    return init !== undefined && leadsToState(init, names);
  };

  const watcher: Watcher = {
    wanted: (e) => {
      if (e.e === 'assign') return isPlaceOfState(e.target, names);
      if (e.e === 'update') return isPlaceOfState(e.of, names);
      if (e.e !== 'call' || e.callee.e !== 'member') return false;
      const { name, of } = e.callee;
      if (name === 'assign') return e.args.length > 0;
      if (name === 'to' && of.e === 'call') return of.callee.e === 'member' && of.callee.name === 'set';
      if (names.changers.has(name)) return of.e !== 'this';
      if (!IN_PLACE.test(name) && !names.listChangers.has(name)) return false;
      return of.e === 'name' || leadsToState(of, names);
    },
    see: (e, env, body) => {
      let spare = spared.get(body.draft);
      if (spare === undefined) spared.set(body.draft, (spare = isSpared(body)));
      if (spare) return;
      if (e.e === 'assign') assigned(e.target, e.value, e, env, body);
      else if (e.e === 'update') assigned(e.of, undefined, e, env, body);
      else if (e.e === 'call') called(e, env, body);
    },
  };
  return { watcher, found };
}

const IN_PLACE = /^(?:push|pop|shift|unshift|splice|sort|reverse|fill|copyWithin|set|add|delete|clear|remove|removeAll)$/;
const APPLICATION: ReadonlySet<string> = new Set(['application-service', 'command-handler', 'event-handler', 'query-handler']);
const READS = /^(?:get|find|list|fetch|search|load|read|query|show|export|view)(?![a-z])/;
const MESSAGES: ReadonlySet<string> = new Set(['command', 'query', 'domain-event']);

// ── members ───────────────────────────────────────────────────────────────────────────────────────────────────────

function isMethod(draft: Draft, name: string): boolean {
  return findMembers(namedType(draft.symbol), name).some((m) => 'kind' in m.is && m.is.kind === 'method');
}

/** A contract's property may be a setter in the classes that keep it. */
function isSetter(draft: Draft, name: string, drafts: Drafts): boolean {
  return implementationsOf(draft.symbol, drafts).some((d) =>
    findMembers(namedType(d.symbol), name).some((m) => 'kind' in m.is && (m.is.kind === 'get' || m.is.kind === 'set')),
  );
}

function isOptional(member: ReturnType<typeof findMembers>[number] | undefined): boolean {
  return member !== undefined && 'optional' in member.is && member.is.optional;
}

/** What was recorded in order to be published is no state of the domain. */
function holdsEvents(type: Type, drafts: Drafts): boolean {
  const shape = structure(type);
  const of = shape.k === 'array' ? shape.of : shape.k === 'external' ? shape.args.at(-1) : undefined;
  return (of?.k === 'union' ? of.of : of ? [of] : []).some(
    (t) =>
      (t.k === 'named' && (drafts.of(t.symbol)?.kind === 'domain-event' || /Event$/.test(t.symbol.name))) ||
      (t.k === 'external' && /Event$/.test(t.name)),
  );
}
