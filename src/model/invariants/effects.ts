import type { Expression, FunctionFacts, ObjectEntry, Range } from '../../facts/facts.js';
import { type CallTarget, targetsOf } from '../callees.js';
import type { Draft } from '../drafts.js';
import { type Env, lookup, typeOf } from '../infer.js';
import { original } from '../instances.js';
import { once } from '../memo.js';
import { changedBy } from '../mutation.js';
import type { Declared, ProgramFile } from '../program.js';
import { declarationContext, findMembers, parameterProperties, structure, type Type, withoutNull } from '../types.js';
import { type Lens, UNBOUND } from './footprint.js';
import { type Bindings, literalBehind, settled } from './given.js';
import { type Condition, type Step, stepsOf } from './paths.js';
import { insideOf } from './refusals.js';
import type { Slot } from './territory.js';

/** One change of state on the way of a function. */
export interface Effect {
  readonly slot: Slot;
  readonly how: 'set' | 'add' | 'change';
  /** What it is set to, or what is added. */
  readonly value: Expression | undefined;
  readonly env: Env;
  readonly bindings: Bindings;
  readonly conditions: readonly Condition[];
  readonly at: Range;
  readonly file: ProgramFile;
  /** Helpers between the function asked about and the change, outermost first. */
  readonly through: readonly string[];
}

const MAX_FOLLOWED = 5;

/** What a function of a block changes, helpers, members' methods and setters followed. `env` is the function's own. */
export function effectsOf(fn: FunctionFacts, env: Env, subject: Draft, lens: Lens): readonly Effect[] {
  const bySubject = once(
    once(known, lens, () => new WeakMap<Env, Map<Draft, readonly Effect[]>>()),
    env,
    () => new Map<Draft, readonly Effect[]>(),
  );
  let effects = bySubject.get(subject);
  if (!effects) bySubject.set(subject, (effects = allEffects(fn, env, subject, lens)));
  return effects;
}

/** An environment is one function's. */
const known = new WeakMap<Lens, WeakMap<Env, Map<Draft, readonly Effect[]>>>();

function allEffects(fn: FunctionFacts, env: Env, subject: Draft, lens: Lens): readonly Effect[] {
  return collect(fn, env, { lens, subject, bindings: UNBOUND, around: [], through: [], active: new Set([fn]) });
}

/** `constructor(private readonly items: Item[])`: the fields that parameters become without a word. */
export function promotedBy(fn: FunctionFacts, env: Env, subject: Draft, { territory }: Lens): readonly Effect[] {
  const { declaration } = subject.symbol;
  if (declaration.kind !== 'class') return [];
  const properties = new Set(parameterProperties(declaration));
  return fn.parameters.flatMap((parameter): Effect[] => {
    const { pattern } = parameter;
    const slot = properties.has(parameter) && pattern.p === 'name' ? territory.slotOf(subject, pattern.name) : undefined;
    if (!slot || pattern.p !== 'name') return [];
    const value: Expression = { e: 'name', name: pattern.name, at: pattern.at };
    const { file } = env.context.scope;
    return [{ slot, how: 'set', value, env, bindings: UNBOUND, conditions: [], at: pattern.at, file, through: [] }];
  });
}

interface Course {
  readonly lens: Lens;
  /** The block that the function asked about belongs to. */
  readonly subject: Draft;
  readonly bindings: Bindings;
  readonly around: readonly Condition[];
  readonly through: readonly string[];
  readonly active: ReadonlySet<FunctionFacts>;
}

function collect(fn: FunctionFacts, env: Env, course: Course): Effect[] {
  return stepsOf(fn, env).flatMap((step) => (step.rescued ? [] : effects(step, course)));
}

function effects(step: Step, course: Course): Effect[] {
  const { of } = step;
  switch (of?.e) {
    case 'assign':
      return assigned(of.target, of.value, of.op, step, course);
    case 'update':
      return placed(of.of, step.env, course).map((slot) => effect(slot, 'change', undefined, of.at, step, course));
    case 'unary':
      return placed(of.of, step.env, course).map((slot) => effect(slot, 'change', undefined, of.at, step, course));
    case 'call':
      return called(of, step, course);
    case 'new':
      return step.kind === 'expression' ? made(of, step, course) : [];
    case 'object':
      return step.kind === 'expression' ? copied(of.entries, step, course) : [];
    default:
      return [];
  }
}

function effect(slot: Slot, how: Effect['how'], value: Expression | undefined, at: Range, step: Step, course: Course): Effect {
  return {
    slot,
    how,
    value,
    env: step.env,
    bindings: course.bindings,
    conditions: [...course.around, ...step.conditions],
    at,
    file: step.env.context.scope.file,
    through: course.through,
  };
}

// ── assignments ───────────────────────────────────────────────────────────────────────────────────────────────────

function assigned(target: Expression, value: Expression, op: string, step: Step, course: Course): Effect[] {
  const { env } = step;
  const { territory } = course.lens;
  if (target.e === 'member') {
    const owner = typeOf(target.of, env);
    const direct = territory.fieldAt(target, env);
    if (direct.length > 0) {
      const how = op === '=' ? (addsTo(value, target) ? 'add' : 'set') : 'change';
      const outer = isSelf(target.of) ? [] : placed(target.of, env, course);
      return [
        ...direct.map((slot) => effect(slot, how, value, target.at, step, course)),
        ...outer.map((slot) => effect(slot, 'change', undefined, target.at, step, course)),
      ];
    }
    // The whole bag: `this.props = { ...this.props, status }`.
    if (territory.isBag(owner, target.name))
      return value.e === 'object' ? entered(value.entries, territory.blocksOf(owner), step, course) : [];
    const setter = setterOf(owner, target.name);
    if (setter) return within(setter, [value], target.name, step, course);
  }
  return placed(target, env, course).map((slot) =>
    effect(slot, target.e === 'index' && op === '=' ? 'add' : 'change', value, target.at, step, course),
  );
}

function setterOf(owner: Type, name: string): CallTarget | undefined {
  const type = withoutNull(owner);
  const [found] = findMembers(type, name);
  const declaration = found?.owner?.declaration;
  if (!found || declaration?.kind !== 'class') return undefined;
  const setter = declaration.members.find((m) => m.kind === 'set' && m.name === name && !m.static);
  return setter?.kind === 'set'
    ? { fn: setter.fn, context: found.context, name: `${found.owner?.name ?? ''}.${name}`, ...(found.owner ? { owner: found.owner } : {}) }
    : undefined;
}

/** `this.items = [...this.items, item]`, `this.items = this.items.concat(item)`. */
function addsTo(value: Expression, target: Expression): boolean {
  if (value.e === 'array')
    return (
      value.elements.some((x) => x?.e === 'spread' && sameText(x.of, target)) &&
      value.elements.some((x) => x !== undefined && x.e !== 'spread')
    );
  return (
    value.e === 'call' &&
    value.callee.e === 'member' &&
    /^(?:concat|push|append|add|set)$/.test(value.callee.name) &&
    sameText(value.callee.of, target)
  );
}

function sameText(a: Expression, b: Expression): boolean {
  if (a.e === 'member' && b.e === 'member') return a.name === b.name && sameText(a.of, b.of);
  if (a.e === 'name' && b.e === 'name') return a.name === b.name;
  return a.e === b.e && a.e === 'this';
}

function isSelf(e: Expression): boolean {
  return e.e === 'this' || (e.e === 'member' && isSelf(e.of) && /^[_#]?(?:props|properties|state|attributes|data)$/.test(e.name));
}

/** The state that an expression lies in: `this.items[0].price` in `items`, what `this.items.find(…)` gives as well. */
export function placed(e: Expression, env: Env, course: { readonly lens: Lens }, depth = 0): readonly Slot[] {
  if (depth > 8) return [];
  switch (e.e) {
    case 'member': {
      const direct = course.lens.territory.fieldAt(e, env);
      const outer = isSelf(e.of) ? [] : placed(e.of, env, course, depth + 1);
      const own = direct.filter((slot) => outer.length === 0 || slot.draft.kind !== 'value-object');
      return [...new Set([...own, ...outer])];
    }
    case 'index':
    case 'as':
    case 'await':
      return placed(e.of, env, course, depth + 1);
    case 'call':
      return e.callee.e === 'member' && LOOKING_UP.test(e.callee.name) ? placed(e.callee.of, env, course, depth + 1) : [];
    case 'binary':
      return e.op === '??' || e.op === '||' ? placed(e.left, env, course, depth + 1) : [];
    case 'name': {
      const variable = original(lookup(env, e.name));
      if (!variable || variable.parameter || variable.pattern.p !== 'name') return [];
      if (variable.each) return placed(variable.each.of, variable.env.parent ?? variable.env, course, depth + 1);
      return variable.init ? placed(variable.init, variable.env, course, depth + 1) : [];
    }
    default:
      return [];
  }
}

const LOOKING_UP = /^(?:find|findLast|get|at|first|last|values|getItems|currentItems|filter|slice|items|toArray|entries)/;

// ── calls ─────────────────────────────────────────────────────────────────────────────────────────────────────────

type Call = Extract<Expression, { e: 'call' }>;

const ADDING = /^(?:push|unshift|add|addAll|set|append|insert|enqueue|hydrate)$/;
const CHANGING = /^(?:pop|shift|splice|sort|reverse|delete|clear|remove|removeAll|fill|copyWithin|replace|update)$/;

function called(call: Call, step: Step, course: Course): Effect[] {
  const { callee } = call;
  if (callee.e !== 'member') return callee.e === 'name' || callee.e === 'super' ? followed(call, step, course) : [];
  const { env } = step;
  const { name } = callee;
  if (name === 'assign' && callee.of.e === 'name' && callee.of.name === 'Object') return merged(call, step, course);
  if (callee.of.e === 'this' || callee.of.e === 'super') return followed(call, step, course);
  const { territory } = course.lens;
  const adds = ADDING.test(name);
  if (adds || CHANGING.test(name)) {
    const slots = placed(callee.of, env, course);
    if (slots.length > 0 && isInPlace(typeOf(callee.of, env), name, step, course))
      return slots.map((slot) => effect(slot, adds ? 'add' : 'change', call.args.at(-1), call.at, step, course));
  }
  if (territory.names.has(name) && territory.blocksOf(typeOf(callee.of, env)).length > 0) {
    const inner = followed(call, step, course);
    if (inner.length === 0) return [];
    // A member that changes is a change where it is held.
    return [...inner, ...placed(callee.of, env, course).map((slot) => effect(slot, 'change', undefined, call.at, step, course))];
  }
  if (call.args.some((a) => a.e === 'this' || (a.e === 'name' && territory.blocksOf(typeOf(a, env)).length > 0)))
    return followed(call, step, course);
  return [];
}

/** A list, a map, a collection class that changes: not a value's `add`, which gives another value. */
function isInPlace(receiver: Type, name: string, step: Step, course: Course): boolean {
  const type = structure(receiver);
  if (type.k === 'array' || type.k === 'tuple') return true;
  if (type.k === 'external')
    return !/^(?:Immutable|Record|OrderedMap|List|Money|Big|Decimal|Dinero|Date|DateTime|Moment)/.test(type.name) || step.dropped;
  if (type.k === 'named' && type.symbol.declaration.kind === 'class')
    return course.lens.territory.blocksOf(type).length > 0 ? false : changedBy(type.symbol, name).size > 0;
  return step.dropped;
}

function followed(call: Call, step: Step, course: Course): Effect[] {
  const name = call.callee.e === 'member' || call.callee.e === 'name' ? call.callee.name : '';
  if (call.args.length > 0 && handsInEvent(name)) return [];
  const targets = call.callee.e === 'super' ? [] : targetsOf(call, step.env, course.lens.walk);
  return targets.flatMap((target) => within(target, call.args, target.name, step, course));
}

const HANDING_IN =
  /^[_#]?(?:apply|applyChange|applyEvent|raise|raiseEvent|record|recordEvent|recordThat|addDomainEvent|addEvent|emit|causes|enqueue|registerEvent|publishEvent|mutate|when)$/;

/** Handing an event to the machinery of the base class: what it changes is told by the applier. */
export function handsInEvent(name: string): boolean {
  return HANDING_IN.test(name);
}

function within(target: CallTarget, args: readonly Expression[], name: string, step: Step, course: Course): Effect[] {
  if (!target.fn.body || course.active.has(target.fn) || course.active.size > MAX_FOLLOWED) return [];
  const bindings = new Map(course.bindings);
  bindings.set(target.fn, { args, env: step.env });
  return collect(target.fn, insideOf(target), {
    ...course,
    bindings,
    around: [...course.around, ...step.conditions],
    through: [...course.through, name],
    active: new Set([...course.active, target.fn]),
  });
}

/** `Object.assign(this, { status })`. */
function merged(call: Call, step: Step, course: Course): Effect[] {
  const [target, ...sources] = call.args;
  if (!target) return [];
  const drafts = course.lens.territory.blocksOf(typeOf(target, step.env));
  return sources.flatMap((source) => (source.e === 'object' ? entered(source.entries, drafts, step, course) : []));
}

// ── copies ────────────────────────────────────────────────────────────────────────────────────────────────────────

/** `{ ...order, status: 'placed' }`: the next state out of the last. */
function copied(entries: readonly ObjectEntry[], step: Step, course: Course): Effect[] {
  const drafts = entries.flatMap((e) => (e.o === 'spread' ? statesSpread(e.of, step.env, course) : []));
  return drafts.length > 0 ? entered(entries, [...new Set(drafts)], step, course) : [];
}

function statesSpread(e: Expression, env: Env, course: Course): readonly Draft[] {
  // The bag's type says whose it is, and so does the state's.
  return course.lens.territory.blocksOf(typeOf(e, env));
}

function entered(
  entries: readonly ObjectEntry[],
  drafts: readonly Draft[],
  step: Step,
  course: Course,
  renamed: ReadonlyMap<string, string> = new Map(),
): Effect[] {
  return entries.flatMap((entry) => {
    // `{ ...this.props, ...changes }`, as the caller wrote them.
    const literal = entry.o === 'spread' ? literalBehind(entry.of, step.env, course.bindings) : undefined;
    if (literal && entry.o === 'spread' && entry.of.e !== 'object')
      return entered(literal.entries, drafts, { ...step, env: literal.env }, course, renamed);
    if (entry.o !== 'property') return [];
    return drafts.flatMap((draft) => {
      const slot = course.lens.territory.slotOf(draft, renamed.get(entry.name) ?? entry.name);
      return slot ? became(slot, entry.value, entry.nameAt, step, course) : [];
    });
  });
}

/** What a field is in the next state, unless it is what it was. */
function became(slot: Slot, written: Expression, at: Range, step: Step, course: Course): Effect[] {
  const given = settled(written, step.env, course.bindings);
  if (given === 'nothing' || isSameField(given.value, slot.field.name)) return [];
  const how = spreadsItself(spelledOut(given.value, given.env), slot.field.name) ? 'add' : 'set';
  const there = given.value === written ? at : given.value.at;
  return [effect(slot, how, given.value, there, { ...step, env: given.env }, course)];
}

/** `items: order.items` hands a field on as it is. */
function isSameField(value: Expression, name: string): boolean {
  return (
    value.e === 'member' &&
    value.name === name &&
    value.of.e !== 'call' &&
    (value.of.e === 'this' || value.of.e === 'name' || isSelf(value.of))
  );
}

/** `const items = [...this.items, item]`, and then `items`. */
function spelledOut(value: Expression, env: Env): Expression {
  const variable = value.e === 'name' ? original(lookup(env, value.name)) : undefined;
  return variable?.init && variable.pattern.p === 'name' && !variable.parameter && !variable.assignedIn ? variable.init : value;
}

function spreadsItself(value: Expression, name: string): boolean {
  // `new Map([...this.feeds, [id, feed]])`.
  const [elements] = value.e === 'new' && value.callee.e === 'name' && /^(?:Map|Set)$/.test(value.callee.name) ? value.args : [];
  if (elements) return spreadsItself(elements, name);
  return (
    value.e === 'array' &&
    value.elements.some((x) => x?.e === 'spread' && x.of.e === 'member' && x.of.name === name) &&
    value.elements.some((x) => x !== undefined && x.e !== 'spread')
  );
}

type Construction = Extract<Expression, { e: 'new' }>;

/** `new Order(this.id, items, 'placed')`: the fields that the constructor's parameters become. */
function made(construction: Construction, step: Step, course: Course): Effect[] {
  const draft = course.subject;
  const type = typeOf(construction, step.env);
  // Making a member is no change of one.
  if (type.k !== 'named' || type.symbol !== draft.symbol) return [];
  const parameters = fieldsByParameter(draft.symbol);
  return construction.args.flatMap((arg, index) => {
    const parameter = parameters[index];
    const slot = parameter?.whole === undefined ? undefined : course.lens.territory.slotOf(draft, parameter.whole);
    if (slot) return became(slot, arg, arg.at, step, course);
    return arg.e === 'object' ? entered(arg.entries, [draft], step, course, parameter?.entries) : [];
  });
}

/** What a parameter of a constructor becomes: a field as it is, or one for each of its entries. */
interface Becoming {
  readonly whole: string | undefined;
  readonly entries: ReadonlyMap<string, string>;
}

const becomings = new WeakMap<Declared, readonly Becoming[]>();

function fieldsByParameter(symbol: Declared): readonly Becoming[] {
  const known = becomings.get(symbol);
  if (known) return known;
  const { declaration } = symbol;
  const creation = declaration.kind === 'class' ? declaration.members.find((m) => m.kind === 'constructor') : undefined;
  if (declaration.kind !== 'class' || creation?.kind !== 'constructor') {
    becomings.set(symbol, []);
    return [];
  }
  const properties = new Set(parameterProperties(declaration));
  const env = insideOf({ fn: creation.fn, context: declarationContext({ k: 'named', symbol, args: [] }) });
  const assigned = new Map<string, string>();
  for (const { of } of stepsOf(creation.fn, env))
    if (of?.e === 'assign' && of.target.e === 'member' && isSelf(of.target.of)) {
      const name = carried(of.value);
      if (name !== undefined) assigned.set(name, of.target.name);
    }
  const found = creation.fn.parameters.map((parameter): Becoming => {
    const { pattern } = parameter;
    const entries = new Map<string, string>();
    if (pattern.p === 'object')
      for (const { key, value } of pattern.entries) {
        const field = value.p === 'name' ? assigned.get(value.name) : undefined;
        if (field !== undefined) entries.set(key, field);
      }
    if (pattern.p !== 'name') return { whole: undefined, entries };
    for (const [path, field] of assigned) if (path.startsWith(`${pattern.name}.`)) entries.set(path.slice(pattern.name.length + 1), field);
    return { whole: properties.has(parameter) ? pattern.name : assigned.get(pattern.name), entries };
  });
  becomings.set(symbol, found);
  return found;
}

/** The one name that a value is made of and still is: `items`, `items ?? []`, `[...items]`, `new Email(email)`. */
export function carried(e: Expression): string | undefined {
  switch (e.e) {
    case 'name':
      return e.name;
    case 'member':
      return carried(e.of) === undefined ? undefined : `${carried(e.of)}.${e.name}`;
    case 'as':
    case 'await':
    case 'spread':
      return carried(e.of);
    case 'binary':
      return e.op === '??' || e.op === '||' ? carried(e.left) : undefined;
    case 'array':
      return e.elements.length === 1 && e.elements[0] ? carried(e.elements[0]) : undefined;
    case 'new':
      return e.args.length === 1 && e.args[0] ? carried(e.args[0]) : undefined;
    case 'call': {
      const [first, more] = e.args;
      if (e.callee.e === 'member' && e.args.length === 0 && /^(?:trim|toLowerCase|toUpperCase|slice|clone|copy)$/.test(e.callee.name))
        return carried(e.callee.of);
      return first && !more && e.callee.e === 'member' && e.callee.of.e === 'name' && /^[A-Z]/.test(e.callee.of.name)
        ? carried(first)
        : undefined;
    }
    default:
      return undefined;
  }
}
