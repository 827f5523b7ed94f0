import type { Expression, FunctionFacts, Pattern } from '../../facts/facts.js';
import { type AtHand, type CallTarget, targetsOf } from '../callees.js';
import { callbackParameterTypes, type Env, lookup, typeOf, type Variable } from '../infer.js';
import { original } from '../instances.js';
import { findMembers, resolveType, type Type, withoutNull } from '../types.js';
import { type Bindings, givenTo } from './given.js';
import { callbackEnv, childrenOf, stepsOf } from './paths.js';
import { type FollowedCall, insideOf } from './refusals.js';
import type { Slot, Territory } from './territory.js';

/** What an expression depends on. */
export interface Footprint {
  readonly slots: ReadonlySet<Slot>;
  /** Parameters of the function asked about, by their paths: `amount`, `props.total`. */
  readonly parameters: ReadonlySet<string>;
  /** Helpers followed, in the order they were met. */
  readonly through: readonly string[];
}

export interface Lens {
  readonly territory: Territory;
  readonly walk: AtHand;
}

export const UNBOUND: Bindings = new Map();

export function boundBy(calls: readonly FollowedCall[], before: Bindings = UNBOUND): Bindings {
  if (calls.length === 0) return before;
  const bindings = new Map(before);
  for (const { call, env, target } of calls) if (!bindings.has(target.fn)) bindings.set(target.fn, { args: call.args, env });
  return bindings;
}

/** What these expressions depend on, through locals, getters, predicates, helpers and specifications. `fn` is whose parameters count as such. */
export function footprint(
  expressions: readonly { readonly of: Expression; readonly env: Env }[],
  fn: FunctionFacts,
  bindings: Bindings,
  lens: Lens,
): Footprint {
  const reader: Reader = { lens, fn, slots: new Set(), parameters: new Set(), through: new Set(), seen: new Set(), depth: 0 };
  for (const { of, env } of expressions) read(of, env, bindings, reader);
  return { slots: withoutInner(reader.slots, lens.territory), parameters: reader.parameters, through: [...reader.through] };
}

/** A value's own fields are read through the field that holds it. */
export function withoutInner(slots: ReadonlySet<Slot>, territory: Territory): ReadonlySet<Slot> {
  const values = [...slots].filter((s) => s.draft.kind === 'value-object');
  if (values.length === 0 || values.length === slots.size) return slots;
  const inner = new Set(values.filter((v) => [...slots].some((s) => territory.holds(s, v))));
  return inner.size > 0 ? new Set([...slots].filter((s) => !inner.has(s))) : slots;
}

interface Reader {
  readonly lens: Lens;
  readonly fn: FunctionFacts;
  readonly slots: Set<Slot>;
  readonly parameters: Set<string>;
  readonly through: Set<string>;
  readonly seen: Set<Variable>;
  depth: number;
}

const MAX_FOLLOWED = 6;

function read(e: Expression, env: Env, bindings: Bindings, reader: Reader): void {
  switch (e.e) {
    case 'name':
      readName(e.name, env, bindings, reader);
      return;
    case 'member':
      readMember(e, env, bindings, reader);
      return;
    case 'call':
      readCall(e, env, bindings, reader);
      return;
    case 'function':
      readBody(e.fn, callbackEnv(e.fn, env), bindings, reader);
      return;
    case 'object':
      for (const entry of e.entries) {
        if (entry.o === 'property' || entry.o === 'computed') read(entry.value, env, bindings, reader);
        else if (entry.o === 'spread') read(entry.of, env, bindings, reader);
      }
      return;
    case 'new':
      for (const arg of e.args) read(arg, env, bindings, reader);
      return;
    default:
      for (const part of childrenOf(e)) read(part, env, bindings, reader);
  }
}

// ── members ───────────────────────────────────────────────────────────────────────────────────────────────────────

type Member = Extract<Expression, { e: 'member' }>;

function readMember(e: Member, env: Env, bindings: Bindings, reader: Reader): void {
  const given = givenTo(e, env, bindings);
  if (given) {
    if (given !== 'nothing') read(given.value, given.env, bindings, reader);
    return;
  }
  const { territory } = reader.lens;
  const path = parameterPath(e, env, bindings, reader);
  if (path !== undefined) reader.parameters.add(path);
  if (!territory.names.has(e.name)) {
    if (path === undefined || e.of.e !== 'name') read(e.of, env, bindings, reader);
    return;
  }
  const owner = typeOf(e.of, env);
  const slots = territory.fieldAt(e, env);
  const before = reader.slots.size;
  // `order.getProps().status`: of a copy of everything, one field.
  if (
    slots.length === 0 &&
    e.of.e === 'call' &&
    e.of.callee.e === 'member' &&
    e.of.args.length === 0 &&
    territory.blocksOf(owner).length === 0
  ) {
    const copied = territory.fieldOf(typeOf(e.of.callee.of, env), e.name);
    if (copied.length > 0) {
      for (const slot of copied) reader.slots.add(slot);
      if (!isSelf(e.of.callee.of, env, bindings)) read(e.of.callee.of, env, bindings, reader);
      return;
    }
  }
  if ((path === undefined || e.of.e !== 'name') && !isSelf(e.of, env, bindings)) read(e.of, env, bindings, reader);
  const contained = reader.slots.size > before;
  // A value's own fields are read through the field that holds it.
  for (const slot of slots) if (!(contained && slot.draft.kind === 'value-object')) reader.slots.add(slot);
  if (slots.length === 0 && territory.blocksOf(owner).length > 0 && !territory.isBag(owner, e.name))
    followGetter(owner, e.name, contained, bindings, reader);
}

/** `this`, or a name for it: what it is is no state that is read. */
function isSelf(e: Expression, env: Env, bindings: Bindings): boolean {
  if (e.e === 'this' || e.e === 'super') return true;
  if (e.e === 'member') return isSelf(e.of, env, bindings) && /^[_#]?(?:props|properties|state|attributes|data)$/.test(e.name);
  return false;
}

/** `amount`, `props.total`: what a parameter of the asked function is told about, also where a helper was handed it. */
function parameterPath(e: Expression, env: Env, bindings: Bindings, reader: Reader, depth = 0): string | undefined {
  if (depth > 8) return undefined;
  if (e.e === 'member') {
    const path = parameterPath(e.of, env, bindings, reader, depth + 1);
    return path === undefined || path.includes('.') ? path : `${path}.${e.name}`;
  }
  const variable = e.e === 'name' ? original(lookup(env, e.name)) : undefined;
  if (!variable?.parameter) return undefined;
  const { fn, index } = variable.parameter;
  const binding = bindings.get(fn);
  const key = keyOf(variable.pattern, variable.name);
  if (binding) {
    const arg = binding.args[index];
    const path = arg && parameterPath(arg, binding.env, without(bindings, fn), reader, depth + 1);
    return path === undefined || key === undefined || path.includes('.') ? path : `${path}.${key}`;
  }
  if (fn !== reader.fn || isState(variable, reader)) return undefined;
  return variable.pattern.p === 'name' ? variable.name : `*.${key ?? variable.name}`;
}

function without(bindings: Bindings, fn: FunctionFacts): Bindings {
  const rest = new Map(bindings);
  rest.delete(fn);
  return rest;
}

function followGetter(owner: Type, name: string, contained: boolean, bindings: Bindings, reader: Reader): void {
  for (const member of findMembers(withoutNull(owner), name)) {
    const { is } = member;
    if (!('kind' in is) || is.kind !== 'get' || !is.fn.body) continue;
    const target = { fn: is.fn, context: member.context, name: member.owner ? `${member.owner.name}.${name}` : name };
    if (contained && onlyValues(owner, reader)) continue;
    follow(target, undefined, bindings, reader);
  }
}

/** What a value says of itself is read where the value is. */
function onlyValues(owner: Type, reader: Reader): boolean {
  return reader.lens.territory.blocksOf(owner).every((draft) => draft.kind === 'value-object');
}

// ── names ─────────────────────────────────────────────────────────────────────────────────────────────────────────

function readName(name: string, env: Env, bindings: Bindings, reader: Reader): void {
  const variable = original(lookup(env, name));
  if (!variable) return;
  if (variable.parameter) {
    readParameter(variable, bindings, reader);
    return;
  }
  if (reader.seen.has(variable) || variable.symbol) return;
  reader.seen.add(variable);
  const outer = variable.env.parent ?? variable.env;
  if (variable.each) read(variable.each.of, outer, bindings, reader);
  if (variable.init) {
    for (const part of destructured(variable.init, variable)) read(part, variable.env, bindings, reader);
  }
  // Given a value later: `let sum = 0; for (…) sum += line.price;`
  if (variable.assignedIn) {
    const around = functionEnvOf(variable.env);
    if (around?.fn)
      for (const step of stepsOf(around.fn, around)) {
        const { of } = step;
        if (of?.e !== 'assign' || of.target.e !== 'name' || of.target.name !== name) continue;
        if (original(lookup(step.env, name)) !== variable) continue;
        read(of.value, step.env, bindings, reader);
        for (const c of step.conditions) if (!c.implied) read(c.test, c.env, bindings, reader);
      }
  }
}

function functionEnvOf(env: Env): Env | undefined {
  return env.fn ? env : env.parent && functionEnvOf(env.parent);
}

/** `const { status } = this.props`: what the name stands for, as if it were written out. */
function destructured(init: Expression, variable: Variable): Expression[] {
  const key = keyOf(variable.pattern, variable.name);
  return [key === undefined ? init : { e: 'member', of: init, name: key, nameAt: init.at, at: init.at }];
}

function keyOf(pattern: Pattern, name: string): string | undefined {
  if (pattern.p !== 'object') return undefined;
  const entry = pattern.entries.find((e) => binds(e.value, name));
  return entry?.key;
}

function binds(pattern: Pattern, name: string): boolean {
  if (pattern.p === 'name') return pattern.name === name;
  if (pattern.p === 'object')
    return pattern.entries.some((e) => binds(e.value, name)) || (pattern.rest ? binds(pattern.rest, name) : false);
  return pattern.elements.some((e) => e && binds(e.value, name)) || (pattern.rest ? binds(pattern.rest, name) : false);
}

function readParameter(variable: Variable, bindings: Bindings, reader: Reader): void {
  const { parameter } = variable;
  if (!parameter) return;
  const key = keyOf(variable.pattern, variable.name);
  if (key !== undefined && variable.type) {
    // `({ status }: Order) => …`
    for (const slot of reader.lens.territory.fieldOf(resolveType(variable.type, variable.env.context), key)) reader.slots.add(slot);
  }
  const binding = bindings.get(parameter.fn);
  const arg = binding?.args[parameter.index];
  if (binding && arg) {
    const given: Expression = key === undefined ? arg : { e: 'member', of: arg, name: key, nameAt: arg.at, at: arg.at };
    read(given, binding.env, without(bindings, parameter.fn), reader);
  } else if (parameter.fn === reader.fn && !isState(variable, reader))
    reader.parameters.add(key === undefined ? variable.name : `*.${key}`);
}

/** `order` in `place(order: Order)` is the state itself. */
function isState(variable: Variable, reader: Reader): boolean {
  if (!variable.type) return false;
  const type = withoutNull(resolveType(variable.type, variable.env.context));
  return type.k === 'named' && reader.lens.territory.blocksOf(type).some((d) => d.symbol === type.symbol && d.kind !== 'value-object');
}

// ── calls ─────────────────────────────────────────────────────────────────────────────────────────────────────────

type Call = Extract<Expression, { e: 'call' }>;

function readCall(call: Call, env: Env, bindings: Bindings, reader: Reader): void {
  const { callee } = call;
  // What it is changed into is told by the changes: nothing of it is read yet.
  if (callee.e === 'member' && callee.of.e === 'this' && isNextSelf(call, env)) return;
  const before = reader.slots.size;
  if (callee.e === 'member') read(callee.of, env, bindings, reader);
  const contained = reader.slots.size > before;
  for (const [i, arg] of call.args.entries())
    if (arg.e === 'function')
      readBody(
        arg.fn,
        callbackEnv(arg.fn, env, () => callbackParameterTypes(call, i, env)),
        bindings,
        reader,
      );
  const targets = mayFollow(call, env, reader) ? targetsOf(call, env, reader.lens.walk) : [];
  const followed = targets.filter((target) => {
    if (contained && callee.e === 'member' && onlyValues(typeOf(callee.of, env), reader)) return false;
    return follow(target, { args: call.args, env }, bindings, reader);
  });
  if (followed.length === 0) for (const arg of call.args) if (arg.e !== 'function') read(arg, env, bindings, reader);
}

/** `this.with({ status })`: the root anew. */
function isNextSelf(call: Call, env: Env): boolean {
  const { self } = env.context;
  if (self?.k !== 'named') return false;
  const type = typeOf(call, env);
  return type.k === 'named' && type.symbol === self.symbol;
}

/** Receivers are typed where the method may be one of the state's own, or of something that judges it. */
function mayFollow(call: Call, env: Env, reader: Reader): boolean {
  const { callee } = call;
  if (reader.depth >= MAX_FOLLOWED) return false;
  if ((callee.e === 'name' || callee.e === 'member') && OUTCOMES.test(callee.name)) return false;
  if (callee.e === 'name') return true;
  if (callee.e !== 'member') return false;
  if (callee.of.e === 'this' || callee.of.e === 'super' || reader.lens.territory.names.has(callee.name)) return true;
  if (callee.of.e === 'name' && /^[A-Z]/.test(callee.of.name)) return true;
  // `specification.isSatisfiedBy(this)`, `policy.allows(order)`.
  return (
    call.args.some((a) => a.e === 'this' || (a.e === 'name' && reader.lens.territory.blocksOf(typeOf(a, env)).length > 0)) ||
    callee.of.e === 'new'
  );
}

/** Wrapping an outcome says nothing about it. */
const OUTCOMES = /^(?:ok|okAsync|fail|failure|err|errAsync|left|right|success|succeed|of|some|none|makeLeft|makeRight|combine)$/i;

function follow(
  target: CallTarget,
  given: { readonly args: readonly Expression[]; readonly env: Env } | undefined,
  bindings: Bindings,
  reader: Reader,
): boolean {
  if (!target.fn.body || bindings.has(target.fn) || reader.depth >= MAX_FOLLOWED || target.fn === reader.fn) return false;
  const inner = new Map(bindings);
  inner.set(target.fn, given ?? { args: [], env: insideOf(target) });
  if (given || !isBare(target.fn)) reader.through.add(target.name);
  reader.depth++;
  readBody(target.fn, insideOf(target), inner, reader);
  reader.depth--;
  return true;
}

/** `return this.status`: nothing worth naming on the way. */
function isBare(fn: FunctionFacts): boolean {
  const [only, more] = fn.body ?? [];
  return more === undefined && only?.s === 'return' && only.of?.e === 'member';
}

/** What a function's result depends on: what it returns and the tests on the way there. */
function readBody(fn: FunctionFacts, env: Env, bindings: Bindings, reader: Reader): void {
  for (const step of stepsOf(fn, env)) {
    if (step.kind !== 'return') continue;
    if (step.of) read(step.of, step.env, bindings, reader);
    for (const c of step.conditions) read(c.test, c.env, bindings, reader);
  }
  // A loop that pushes, a callback that assigns: what is written on the way to nothing returned.
  if (fn.body && !fn.body.some((s) => s.s === 'return' || s.s === 'if' || s.s === 'switch'))
    for (const step of stepsOf(fn, env)) if (step.of?.e === 'assign') read(step.of.value, step.env, bindings, reader);
}
