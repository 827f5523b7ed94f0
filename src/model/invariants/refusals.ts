import type { Expression, FunctionFacts, Range } from '../../facts/facts.js';
import { type AtHand, type CallTarget, targetsOf } from '../callees.js';
import { type Env, functionEnv, lookup, typeOf, type Variable } from '../infer.js';
import { once } from '../memo.js';
import type { Program, ProgramFile } from '../program.js';
import { declarationContext, findMembers, type TypeContext } from '../types.js';
import { type Condition, callbackEnv, type Step, stepsOf } from './paths.js';

/** A place where a function says no: it throws, returns a failure or asserts, under conditions. */
export interface Refusal {
  /** All of them hold when it refuses, outermost first; those of a followed helper are read in the helper's environment. */
  readonly conditions: readonly Condition[];
  /** The same with what earlier exits leave: the whole way there. */
  readonly path: readonly Condition[];
  readonly how: 'throw' | 'failure' | 'assertion';
  /** The innermost test. */
  readonly at: Range;
  /** What throws, returns or asserts. */
  readonly place: Range;
  readonly file: ProgramFile;
  /** The function in whose body it stands: the one asked about, or a helper. */
  readonly fn: FunctionFacts;
  /** The thrown, returned or asserting expression. */
  readonly with: Expression | undefined;
  /** Helpers followed to get there, outermost first. */
  readonly calls: readonly FollowedCall[];
}

export interface FollowedCall {
  readonly call: Call;
  /** Where the call stands. */
  readonly env: Env;
  readonly target: CallTarget;
  /** The target's own environment, in which its parameters are. */
  readonly inside: Env;
}

type Call = Extract<Expression, { e: 'call' }>;

interface Found {
  readonly refusals: readonly Refusal[];
  /** It refuses whenever it is called: `fail(message): never`. */
  readonly always: Refusal['how'] | undefined;
}

const MAX_FOLLOWED = 4;

/** What refuses in a body; `env` is the function's own. `follows` says of which callees the refusals count as the caller's. */
export function refusalFinder(
  walk: AtHand,
  follows: (target: CallTarget) => boolean = () => true,
): (fn: FunctionFacts, env: Env) => readonly Refusal[] {
  const known = new WeakMap<FunctionFacts, WeakMap<Env, Found>>();
  const active = new Set<FunctionFacts>();
  const find = (fn: FunctionFacts, env: Env, depth: number): Found => {
    if (active.has(fn) || depth > MAX_FOLLOWED) return NOTHING;
    const byEnv = once(known, fn, () => new WeakMap<Env, Found>());
    const before = byEnv.get(env);
    if (before) return before;
    active.add(fn);
    const found = search(fn, env, (call, at) => followed(call, at, walk, follows, (target, inside) => find(target.fn, inside, depth + 1)));
    active.delete(fn);
    if (depth === 0 || active.size === 0) byEnv.set(env, found);
    return found;
  };
  return (fn, env) => find(fn, env, 0).refusals;
}

const NOTHING: Found = { refusals: [], always: undefined };

// ── one body ──────────────────────────────────────────────────────────────────────────────────────────────────────

interface Followed {
  readonly call: FollowedCall;
  readonly found: Found;
}
type Follow = (call: Call, env: Env) => readonly Followed[];

function search(fn: FunctionFacts, env: Env, follow: Follow): Found {
  const refusals: Refusal[] = [];
  let always: Found['always'];
  const add = (how: Refusal['how'], step: Step, conditions: readonly Condition[], of: Expression | undefined, at: Range): void => {
    const counted = telling(conditions);
    if (counted.length === 0) {
      if (step.fn === fn) always ??= how;
      return;
    }
    refusals.push(
      ...refined(
        { how, conditions: counted, path: conditions, at: innermost(counted), place: at, file: fileOf(env), fn, with: of, calls: [] },
        follow,
      ),
    );
  };
  for (const step of stepsOf(fn, env)) {
    if (step.rescued || isExhaustive(step)) continue;
    if (step.kind === 'throw') add('throw', step, step.conditions, step.of, step.at);
    else if (step.kind === 'return') {
      for (const leaf of outcomes(step.of, step.conditions, step.env)) {
        const { of, conditions } = leaf;
        if (isFailing(of) || handsOnFailure(of, conditions)) add('failure', step, conditions, of, step.at);
        else if (of.e === 'call') for (const inner of follow(of, step.env)) refusals.push(...lifted(inner, conditions, 'failure'));
      }
    } else if (step.of?.e === 'call') {
      const call = step.of;
      const inner = worthFollowing(call) ? follow(call, step.env) : [];
      for (const one of inner) {
        refusals.push(...lifted(one, step.conditions, 'throw'), ...lifted(one, step.conditions, 'assertion'));
        if (one.found.always !== undefined && one.found.always !== 'failure') add(one.found.always, step, step.conditions, call, call.at);
      }
      if (inner.every((one) => one.found.refusals.length === 0 && one.found.always === undefined) && isAssertion(call, step))
        refusals.push(asserted(call, step, fn));
    }
  }
  if (fn.returns?.t === 'keyword' && fn.returns.name === 'never') always ??= 'throw';
  return { refusals, always };
}

/** The tests around a place; where there are none, what the exits before it leave. */
function telling(conditions: readonly Condition[]): readonly Condition[] {
  const around = conditions.filter((c) => !c.implied);
  return around.length > 0 ? around : conditions;
}

function innermost(conditions: readonly Condition[]): Range {
  return conditions.at(-1)?.test.at ?? [0, 0];
}

function fileOf(env: Env): ProgramFile {
  return env.context.scope.file;
}

/** What a return may give back, branch by branch. */
function outcomes(
  of: Expression | undefined,
  conditions: readonly Condition[],
  env: Env,
): { of: Expression; conditions: readonly Condition[] }[] {
  if (!of) return [];
  if (of.e === 'await' || of.e === 'as') return outcomes(of.of, conditions, env);
  if (of.e === 'conditional')
    return [
      ...outcomes(of.yes, [...conditions, { test: of.test, holds: true, env, branch: of, arm: true, implied: false }], env),
      ...outcomes(of.no, [...conditions, { test: of.test, holds: false, env, branch: of, arm: false, implied: false }], env),
    ];
  if (of.e === 'binary' && (of.op === '&&' || of.op === '||' || of.op === '??'))
    return [
      ...outcomes(of.left, conditions, env),
      ...outcomes(of.right, [...conditions, { test: of.left, holds: of.op === '&&', env, branch: of, arm: true, implied: false }], env),
    ];
  return [{ of, conditions }];
}

/** `default: assertNever(status)` and `const unreachable: never = status` refuse nothing that can happen. */
function isExhaustive(step: Step): boolean {
  const call = step.of?.e === 'call' ? step.of : undefined;
  const name = call ? calledName(call) : '';
  if (/never|unreachable|exhaust|absurd/i.test(name)) return true;
  return step.kind === 'throw' && [...step.env.variables.values()].some((v) => v.type?.t === 'keyword' && v.type.name === 'never');
}

// ── helpers ───────────────────────────────────────────────────────────────────────────────────────────────────────

function followed(
  call: Call,
  env: Env,
  walk: AtHand,
  follows: (target: CallTarget) => boolean,
  find: (target: CallTarget, inside: Env) => Found,
): Followed[] {
  const targets = call.callee.e === 'super' ? baseConstructor(env) : targetsOf(call, env, walk);
  return targets.flatMap((target) => {
    if (!follows(target)) return [];
    const inside = insideOf(target);
    const found = find(target, inside);
    return found.refusals.length > 0 || found.always !== undefined ? [{ call: { call, env, target, inside }, found }] : [];
  });
}

/** `super(…)` runs the constructor of the nearest base that has one. */
function baseConstructor(env: Env): CallTarget[] {
  let type = typeOf({ e: 'super', at: [0, 0] }, env);
  for (let i = 0; i < 8 && type.k === 'named' && type.symbol.declaration.kind === 'class'; i++) {
    const { declaration } = type.symbol;
    const context: TypeContext = { ...declarationContext(type), ...(env.context.self ? { self: env.context.self } : {}) };
    const creation = declaration.members.find((m) => m.kind === 'constructor');
    if (creation?.kind === 'constructor')
      return [{ fn: creation.fn, context, name: `${type.symbol.name}.constructor`, owner: type.symbol }];
    type = typeOf({ e: 'super', at: [0, 0] }, { context: { ...context, self: type }, variables: new Map() });
  }
  return [];
}

/** By program, since facts of a file that did not change serve the next one, too. */
const insides = new WeakMap<Program, WeakMap<FunctionFacts, Map<unknown, Env>>>();

/** The environment of a function: one for each type that `this` stands for in it. */
export function insideOf(target: Pick<CallTarget, 'fn' | 'context' | 'env'>): Env {
  if (target.env) return callbackEnv(target.fn, target.env);
  const { self } = target.context;
  const byFunction = once(insides, target.context.program, () => new WeakMap<FunctionFacts, Map<unknown, Env>>());
  const byPlace = once(byFunction, target.fn, () => new Map<unknown, Env>());
  const key = self?.k === 'named' || self?.k === 'value' ? self.symbol : undefined;
  let env = byPlace.get(key);
  if (!env) byPlace.set(key, (env = functionEnv(target.fn, target.context)));
  return env;
}

/** The helper's refusals as the caller's. */
function lifted({ call, found }: Followed, conditions: readonly Condition[], how: Refusal['how']): Refusal[] {
  const around = conditions.filter((c) => !c.implied);
  const asserting = isAssertionName(calledName(call.call)) || call.target.fn.predicate?.asserts === true;
  return found.refusals
    .filter((r) => r.how === how)
    .map((r) => ({
      ...r,
      how: how === 'throw' && asserting ? 'assertion' : how,
      conditions: [...around, ...r.conditions],
      path: [...conditions, ...r.path],
      calls: [call, ...r.calls],
    }));
}

/** Receivers are typed only for calls that are likely to say no: own methods, functions, statics, and what is named like a check. */
function worthFollowing(call: Call): boolean {
  const { callee } = call;
  if (callee.e === 'name' || callee.e === 'super') return true;
  if (callee.e !== 'member') return false;
  if (callee.of.e === 'this' || callee.of.e === 'super') return true;
  return (callee.of.e === 'name' && /^[A-Z]/.test(callee.of.name)) || isAssertionName(callee.name);
}

/** `if (checked.isFailure) return …`: where checked came from a helper, its refusals are what is refused. */
function refined(refusal: Refusal, follow: Follow): Refusal[] {
  if (refusal.how !== 'failure') return [refusal];
  const last = refusal.conditions.at(-1);
  const tested = last && failedVariable(last);
  const made = tested && unwrapped(tested.init);
  if (!last || !tested || made?.e !== 'call') return [refusal];
  const inner = follow(made, tested.env).flatMap((one) => lifted(one, refusal.conditions.slice(0, -1), 'failure'));
  return inner.length > 0 ? inner : [refusal];
}

function unwrapped(init: Expression | undefined): Expression | undefined {
  return init?.e === 'await' || init?.e === 'as' ? unwrapped(init.of) : init;
}

/** The variable whose failure a test speaks of: `checked.isFailure`, `checked.isErr()`, `!checked.ok`. */
function failedVariable({ test, holds, env }: Condition): Variable | undefined {
  if (test.e === 'unary' && test.op === '!')
    return failedVariable({ test: test.of, holds: !holds, env, branch: test, arm: holds, implied: false });
  if (test.e === 'call' && test.args.length === 1) {
    // isLeft(checked), E.isLeft(checked)
    const [given] = test.args;
    return given?.e === 'name' && saysFailure(calledName(test), holds) ? lookup(env, given.name) : undefined;
  }
  const member = test.e === 'call' ? test.callee : test;
  if (member.e !== 'member' || member.of.e !== 'name' || !saysFailure(member.name, holds)) return undefined;
  return lookup(env, member.of.name);
}

function saysFailure(name: string, holds: boolean): boolean {
  return (holds ? FAILED : SUCCEEDED).test(name);
}

const FAILED =
  /^(?:is_?(?:fail(?:ure|ed)?|err(?:or)?|left|invalid|none)|has_?(?:fail(?:ure|ed)?|errors?)|failed|failure|errors?|invalid)$/i;
const SUCCEEDED = /^(?:is_?(?:success(?:ful)?|ok|right|valid|some)|succeeded|success(?:ful)?|ok|valid)$/i;

/** `if (checked.isFailure) return checked`, `return err(checked.error)`. */
function handsOnFailure(of: Expression, conditions: readonly Condition[]): boolean {
  return conditions.some((c) => {
    const variable = c.implied ? undefined : failedVariable(c);
    return variable !== undefined && of.e === 'name' && of.name === variable.name;
  });
}

// ── failures ──────────────────────────────────────────────────────────────────────────────────────────────────────

const FAILURES =
  /^(?:fail|failed|failure|failWith|failsWith|err|errAsync|error|left|ko|nok|reject|rejected|invalid|asFailure|toFailure|makeLeft|withError)$/i;
const ERRORS = /(?:Error|Exception|Failure|Failed|Rejected|Rejection|Left|Err|Fail)s?$/;

/** `Result.fail(…)`, `err(…)`, `left(…)`, `new Failure(…)`, `{ ok: false, … }`. */
export function isFailing(of: Expression): boolean {
  switch (of.e) {
    case 'await':
    case 'as':
      return isFailing(of.of);
    case 'new':
      return (of.callee.e === 'name' || of.callee.e === 'member') && ERRORS.test(of.callee.name);
    case 'call': {
      const name = calledName(of);
      if (FAILURES.test(name)) return true;
      if (name === 'resolve' || name === 'succeed') return of.args.some(isFailing);
      return of.callee.e === 'member' && of.callee.of.e === 'name' && /^[A-Z]/.test(of.callee.of.name) && ERRORS.test(of.callee.of.name);
    }
    case 'object':
      return of.entries.some((entry) => {
        if (entry.o !== 'property') return false;
        const { value } = entry;
        if (value.e !== 'literal') return /^(?:errors?|failure)$/.test(entry.name);
        if (/^(?:ok|success|succeeded|isSuccess|isOk|valid|isValid)$/.test(entry.name)) return value.value === false;
        if (/^(?:isFailure|isError|isErr|failed|failure)$/.test(entry.name)) return value.value === true;
        if (/^(?:_tag|type|kind|tag|status|result)$/.test(entry.name)) return typeof value.value === 'string' && FAILURES.test(value.value);
        return /^errors?$/.test(entry.name) && typeof value.value === 'string';
      });
    default:
      return false;
  }
}

// ── assertions ────────────────────────────────────────────────────────────────────────────────────────────────────

const ASSERTIONS =
  /^(?:assert|ensure|invariant|require|must|guard|against|throwIf|throwUnless|failIf|failUnless|precondition|postcondition|verify|check|validate|enforce|reject(?:If|Unless)|refuse(?:If|Unless)|forbid)(?![a-z])/;
/** What a library's or another package's class of checks is called. */
const GUARDS = /^(?:Guards?|Asserts?|Assertions?|Preconditions?|Contract|Ensure|Check|Validate|Invariants?|assert)$/;

export function isAssertionName(name: string): boolean {
  return ASSERTIONS.test(name.replace(/^[_#]/, ''));
}

/** A check whose body is not at hand and whose outcome nobody asks for: it throws. */
function isAssertion(call: Call, step: Step): boolean {
  const { callee } = call;
  const { env } = step;
  if (call.args.length === 0 || !step.dropped) return false;
  const external = (e: Expression): boolean => {
    const type = typeOf(e, env);
    return type.k === 'external' || type.k === 'unknown';
  };
  if (callee.e === 'name') return /^(?:assert|invariant|ensure|precondition|tinyInvariant)$/.test(callee.name) && external(callee);
  return (
    callee.e === 'member' &&
    callee.of.e === 'name' &&
    GUARDS.test(callee.of.name) &&
    findMembers(typeOf(callee.of, env), callee.name).length === 0
  );
}

function asserted(call: Call, step: Step, fn: FunctionFacts): Refusal {
  const around = step.conditions.filter((c) => !c.implied);
  // `assert(condition, message)` names what has to hold; `Guard.againstNull(value, name)` what it looks at.
  const conditions = call.args.slice(0, call.callee.e === 'name' ? 1 : undefined).flatMap((test): Condition[] => {
    if (test.e === 'literal' || test.e === 'template' || test.e === 'function' || test.e === 'new') return [];
    return [{ test, holds: false, env: step.env, branch: call, arm: test, implied: false }];
  });
  return {
    conditions: [...around, ...conditions],
    path: [...step.conditions, ...conditions],
    how: 'assertion',
    at: call.at,
    place: call.at,
    file: fileOf(step.env),
    fn,
    with: call,
    calls: [],
  };
}

function calledName(call: Call): string {
  const { callee } = call;
  return callee.e === 'name' || callee.e === 'member' ? callee.name : '';
}
