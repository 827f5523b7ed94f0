import type { Expression, FunctionFacts } from '../../facts/facts.js';
import { blocksIn } from '../blocks-in.js';
import { type AtHand, targetsOf } from '../callees.js';
import type { Draft } from '../drafts.js';
import { type Env, lookup, typeOf, type Variable } from '../infer.js';
import { original } from '../instances.js';
import type { Condition } from '../invariants/paths.js';
import type { FollowedCall, Refusal } from '../invariants/refusals.js';
import { mutates } from '../mutation.js';

/** A variable of a handler that holds a root, or a member of one. */
export interface RootVariable {
  readonly variable: Variable;
  readonly draft: Draft;
}

/** What a refusal's condition asks of a root. */
export interface StateRead {
  readonly of: RootVariable;
  /** From the root on: `['items', 'length']`, `['isClosed']`. */
  readonly names: readonly string[];
  readonly condition: Condition;
  /** The part of the condition that asks, where it has several: `order.paidAt` in `!order || order.paidAt`. */
  readonly part: Expression;
  /** The other side, where it is compared with something. */
  readonly compared?: { readonly op: string; readonly with: Expression };
}

/** State of roots that the conditions of a refusal read; that a root is there at all is none. */
export function stateReads(refusal: Refusal, at: AtHand): StateRead[] {
  const found: StateRead[] = [];
  // The tests around the innermost say when it matters: `if (dto.name !== user.name) { if (taken) throw … }`.
  const condition = refusal.conditions.at(-1);
  if (condition)
    look(
      condition.test,
      condition.env,
      [],
      { at, condition, part: condition.test, calls: refusal.calls, add: (read) => found.push(read) },
      0,
    );
  return found;
}

interface Reader {
  readonly at: AtHand;
  readonly condition: Condition;
  readonly part: Expression;
  readonly calls: readonly FollowedCall[];
  readonly compared?: StateRead['compared'];
  readonly add: (read: StateRead) => void;
}

const MAX_STEPS = 5;

/** `names` is what is asked of the expression: `order` with `['items', 'length']`. */
function look(e: Expression, env: Env, names: readonly string[], reader: Reader, steps: number): void {
  if (steps > MAX_STEPS) return;
  switch (e.e) {
    case 'name':
      lookName(e, env, names, reader, steps);
      return;
    case 'member':
      look(e.of, env, [e.name, ...names], reader, steps);
      return;
    case 'index':
      look(e.of, env, names.length > 0 ? names : ['[]'], reader, steps);
      look(e.by, env, [], reader, steps);
      return;
    case 'call':
      lookCall(e, env, names, reader, steps);
      return;
    case 'await':
    case 'as':
    case 'unary':
    case 'spread':
      look(e.of, env, names, reader, steps);
      return;
    case 'binary': {
      if (e.op === '||' || e.op === '&&') {
        // Parts of a whole that is only split where each refuses by itself.
        const splits = reader.part === e && (e.op === '||') === reader.condition.holds;
        for (const side of [e.left, e.right]) look(side, env, [], splits ? { ...reader, part: side } : reader, steps);
        return;
      }
      const compares = /^(?:[!=]==?|[<>]=?)$/.test(e.op);
      look(e.left, env, [], compares ? { ...reader, compared: { op: e.op, with: e.right } } : reader, steps);
      look(e.right, env, [], compares ? { ...reader, compared: { op: e.op, with: e.left } } : reader, steps);
      return;
    }
    case 'conditional':
      for (const part of [e.test, e.yes, e.no]) look(part, env, names, reader, steps);
      return;
    case 'new':
      for (const arg of e.args) look(arg, env, [], reader, steps);
      return;
    default:
  }
}

function lookName(e: Extract<Expression, { e: 'name' }>, env: Env, names: readonly string[], reader: Reader, steps: number): void {
  const variable = original(lookup(env, e.name));
  if (!variable) return;
  const passed = argumentFor(variable, reader.calls);
  if (passed) {
    look(passed.arg, passed.env, names, { ...reader, calls: passed.calls }, steps + 1);
    return;
  }
  const [draft] = blocksIn(typeOf(e, env), reader.at, false);
  const { init, each } = variable;
  const behind = variable.pattern.p === 'object' && init ? [keyOf(variable), ...names].filter((n) => n !== undefined) : names;
  // A member found in its root is the root's state.
  const isPart = draft === undefined || draft.kind === 'entity';
  if (isPart && each && steps < MAX_STEPS) look(each.of, variable.env.parent ?? variable.env, ['[]', ...names], reader, steps + 1);
  else if (isPart && init && !isLoading(init, variable.env) && !isDecided(init, names)) look(init, variable.env, behind, reader, steps + 1);
  else if (draft && names.length > 0)
    reader.add({
      of: { variable, draft },
      names,
      condition: reader.condition,
      part: reader.part,
      ...(reader.compared ? { compared: reader.compared } : {}),
    });
}

function keyOf(variable: Variable): string | undefined {
  if (variable.pattern.p !== 'object') return undefined;
  return variable.pattern.entries.find((entry) => entry.value.p === 'name' && entry.value.name === variable.name)?.key;
}

/** The argument that a followed helper was given for one of its parameters. */
function argumentFor(
  variable: Variable,
  calls: readonly FollowedCall[],
): { readonly arg: Expression; readonly env: Env; readonly calls: readonly FollowedCall[] } | undefined {
  const { parameter } = variable;
  const index = parameter ? calls.findIndex((c) => c.target.fn === parameter.fn) : -1;
  const followed = calls[index];
  const arg = parameter && followed?.call.args[parameter.index];
  return followed && arg ? { arg, env: followed.env, calls: calls.slice(0, index) } : undefined;
}

type Call = Extract<Expression, { e: 'call' }>;

function lookCall(e: Call, env: Env, names: readonly string[], reader: Reader, steps: number): void {
  const { callee } = e;
  if (callee.e === 'member') {
    // What a dependency answers is not the root's state: `this.orders.exists(order.number)`.
    if (isDependency(callee.of, env)) return;
    const receiver = blocksIn(typeOf(callee.of, env), reader.at, false)[0];
    // One root judged by another is a question of who may: `policy.canEdit(requester, user)`, `author.is(user)`.
    if (rootsAmong([callee.of, ...e.args], env, reader.at) > 1) return;
    // What a change gives back, or a check that refuses by itself.
    if (receiver && (mutates(receiver.symbol, callee.name) || SAYS_OUTCOME.test(names[0] ?? ''))) return;
    if (receiver && e.args.length > 0 && /^(?:equals|is|isSame|sameAs|eq)$/.test(callee.name)) {
      const [other] = e.args;
      look(callee.of, env, [callee.name, ...names], other ? { ...reader, compared: { op: '===', with: other } } : reader, steps);
    } else if (/^(?:equals|isEqual|isEqualTo|eq|sameValueAs)$/.test(callee.name) && e.args[0]) {
      look(callee.of, env, names, { ...reader, compared: { op: '===', with: e.args[0] } }, steps);
    } else look(callee.of, env, [callee.name, ...names], reader, steps);
  }
  // What a method of the handler makes of them is its own affair; what it answers is a predicate's.
  if (callee.e === 'member' && callee.of.e === 'this' && (names.length > 0 || !PREDICATE.test(callee.name))) return;
  for (const arg of e.args) {
    if (arg.e === 'function') continue;
    // `isPublished(article)`, `Article.isPublished(article)`
    const isPredicate = arg.e === 'name' && PREDICATE.test(calledName(e)) && isAtHome(e, arg, env, reader);
    look(arg, env, isPredicate ? [calledName(e)] : [], reader, steps);
  }
}

function rootsAmong(parts: readonly Expression[], env: Env, at: AtHand): number {
  return parts.filter((part) => part.e === 'name' && blocksIn(typeOf(part, env), at, false).length > 0).length;
}

const SAYS_OUTCOME = /^(?:is_?(?:fail(?:ure|ed)?|err(?:or)?|left|right|ok|success(?:ful)?|none|some)|errors?|failed|success|ok)$/i;
/** A predicate of the handler itself, or one beside the root; what a policy elsewhere answers is the policy's. */
function isAtHome(call: Call, arg: Expression, env: Env, { at }: Reader): boolean {
  if (call.callee.e === 'member' && call.callee.of.e === 'this') return true;
  const homes = [env.context.scope.file, ...blocksIn(typeOf(arg, env), at, false).map((d) => d.symbol.file)];
  return targetsOf(call, env, at).some((target) => homes.includes(target.context.scope.file));
}

const PREDICATE = /^(?:is|has|can|was|should|may|must|are|does|did|allows|contains|includes|matches|needs|exceeds|reached)(?![a-z])/;

function calledName({ callee }: Call): string {
  return callee.e === 'name' || callee.e === 'member' ? callee.name : '';
}

/** `this.orders`, a parameter that is a service: not what was loaded or made here. */
export function isDependency(e: Expression, env: Env): boolean {
  if (e.e === 'member') return e.of.e === 'this' || isDependency(e.of, env);
  if (e.e !== 'name') return false;
  const variable = lookup(env, e.name);
  return (
    variable !== undefined && /(?:repo|repository|repositories|service|client|gateway|store|bus|manager|checker|finder)$/i.test(e.name)
  );
}

/** Handed over by something that loads. */
function isLoading(init: Expression, env: Env): boolean {
  if (init.e === 'await' || init.e === 'as') return isLoading(init.of, env);
  return init.e === 'call' && init.callee.e === 'member' && isDependency(init.callee.of, env);
}

/** `const decision = order.decide(…)`: the root has decided; what a getter or predicate gave is still to be judged. */
function isDecided(init: Expression, names: readonly string[]): boolean {
  const call = init.e === 'await' ? init.of : init;
  return (
    names.length > 0 &&
    call.e === 'call' &&
    call.callee.e === 'member' &&
    call.args.length > 0 &&
    !/^(?:get|find|is|has|can)/.test(call.callee.name)
  );
}

/** The variable that a chain starts from, through what it is made of. */
export function baseVariable(e: Expression, env: Env): Variable | undefined {
  switch (e.e) {
    case 'name':
      return original(lookup(env, e.name));
    case 'member':
    case 'index':
    case 'await':
    case 'as':
    case 'spread':
      return baseVariable(e.of, env);
    case 'call':
      return e.callee.e === 'member' ? baseVariable(e.callee.of, env) : undefined;
    default:
      return undefined;
  }
}

/** The same object: one variable, or one that is handed from callback to callback under its name. */
export function sameInstance(a: Variable | undefined, b: Variable, own: FunctionFacts): boolean {
  if (!a) return false;
  if (a === b) return true;
  return a.name === b.name && isHandedOn(a, own) && isHandedOn(b, own);
}

function isHandedOn({ parameter }: Variable, own: FunctionFacts): boolean {
  return parameter !== undefined && parameter.fn !== own;
}
