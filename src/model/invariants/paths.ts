import type { Expression, FunctionFacts, ObjectEntry, Range, Statement } from '../../facts/facts.js';
import { blockEnv, callbackParameterTypes, type Env, eachEnv, functionEnv, narrowed } from '../infer.js';
import { once } from '../memo.js';

/** A test on the way to a place, and whether it holds there. */
export interface Condition {
  readonly test: Expression;
  readonly holds: boolean;
  readonly env: Env;
  /** The statement or expression that branches, and which way: two places under one branch with different arms exclude each other. */
  readonly branch: object;
  readonly arm: unknown;
  /** Not around the place: an earlier exit rules the rest out. */
  readonly implied: boolean;
}

/** A place in a body that does something, with the tests that lead there, outermost first. */
export interface Step {
  readonly kind: 'expression' | 'throw' | 'return';
  /** The call, the assignment, …; what is thrown or returned. */
  readonly of: Expression | undefined;
  readonly at: Range;
  readonly env: Env;
  readonly conditions: readonly Condition[];
  /** The function it stands in: the body's own, or a callback in it. */
  readonly fn: FunctionFacts;
  /** Inside a `catch`: what happens when something else went wrong. */
  readonly rescued: boolean;
  /** A statement of its own: nobody looks at what it gives. */
  readonly dropped: boolean;
}

const known = new WeakMap<FunctionFacts, WeakMap<Env, readonly Step[]>>();

/** Calls, constructions, assignments, exits of a function, callbacks included, in the order they are written. `env` is the function's own. */
export function stepsOf(fn: FunctionFacts, env: Env): readonly Step[] {
  return once(
    once(known, fn, () => new WeakMap<Env, readonly Step[]>()),
    env,
    () => collect(fn, env),
  );
}

function collect(fn: FunctionFacts, env: Env): Step[] {
  const steps: Step[] = [];
  run(fn.body ?? [], env, { steps, fn, conditions: [], rescued: false });
  return steps;
}

interface Place {
  readonly steps: Step[];
  readonly fn: FunctionFacts;
  readonly conditions: readonly Condition[];
  readonly rescued: boolean;
  readonly dropped?: Expression;
}

function under(place: Place, env: Env, branch: object, test: Expression, holds: boolean, implied = false): Place {
  return { ...place, conditions: [...place.conditions, { test, holds, env, branch, arm: holds, implied }] };
}

function push(kind: Step['kind'], of: Expression | undefined, at: Range, env: Env, place: Place): void {
  place.steps.push({
    kind,
    of,
    at,
    env,
    conditions: place.conditions,
    fn: place.fn,
    rescued: place.rescued,
    dropped: place.dropped === of,
  });
}

// ── statements ────────────────────────────────────────────────────────────────────────────────────────────────────

function run(statements: readonly Statement[], parent: Env, outer: Place): void {
  const env = bodyEnv(statements, parent);
  let place = outer;
  for (const statement of statements) {
    step(statement, env, place);
    if (statement.s !== 'if') continue;
    const yes = leaves(statement.yes);
    const no = statement.no !== undefined && leaves(statement.no);
    if (yes !== no) place = under(place, env, statement, statement.test, no, true);
  }
}

function step(statement: Statement, env: Env, place: Place): void {
  switch (statement.s) {
    case 'expression':
      look(statement.of, env, { ...place, dropped: statement.of.e === 'await' ? statement.of.of : statement.of });
      return;
    case 'variables':
      for (const d of statement.declarations) look(d.init, env, place);
      return;
    case 'return':
    case 'throw':
      look(statement.of, env, place);
      push(statement.s, statement.of, statement.at, env, place);
      return;
    case 'if':
      look(statement.test, env, place);
      run(statement.yes, branchEnv(env, statement.test, true), under(place, env, statement, statement.test, true));
      if (statement.no) run(statement.no, branchEnv(env, statement.test, false), under(place, env, statement, statement.test, false));
      return;
    case 'loop': {
      const { init } = statement;
      const inner = init ? bodyEnv([init], env, init) : env;
      if (init) step(init, inner, place);
      look(statement.test, inner, place);
      run(statement.body, inner, place);
      look(statement.update, inner, place);
      return;
    }
    case 'each':
      look(statement.of, env, place);
      run(
        statement.body,
        sameEnv(statement, env, () => eachEnv(statement, env)),
        place,
      );
      return;
    case 'try':
      run(statement.body, env, place);
      run(statement.catch ?? [], env, { ...place, rescued: true });
      run(statement.finally ?? [], env, place);
      return;
    case 'switch':
      look(statement.of, env, place);
      cases(statement, env, place);
      return;
    case 'block':
      run(statement.body, env, place);
      return;
    default:
  }
}

type Switch = Extract<Statement, { s: 'switch' }>;

/** Each arm under what its labels say; labels that fall through share an arm. */
function cases(statement: Switch, env: Env, place: Place): void {
  let labels: (Expression | undefined)[] = [];
  for (const arm of statement.cases) {
    labels.push(arm.test);
    if (arm.body.length === 0) continue;
    const isDefault = labels.includes(undefined);
    const tests = isDefault ? statement.cases.map((c) => c.test) : labels;
    const [first, ...rest] = tests.flatMap((test) => (test ? [equals(statement.of, test)] : []));
    labels = [];
    const test = rest.reduce<Expression | undefined>((left, right) => left && either(left, right), first);
    const condition = test && { test, holds: !isDefault, env, branch: statement, arm, implied: false };
    const within: Place = condition ? { ...place, conditions: [...place.conditions, condition] } : place;
    run(arm.body, env, within);
  }
}

function equals(left: Expression, right: Expression): Expression {
  if (left.e === 'literal' && left.value === true) return right;
  return { e: 'binary', op: '===', left, right, at: right.at };
}

function either(left: Expression, right: Expression): Expression {
  return { e: 'binary', op: '||', left, right, at: [left.at[0], right.at[1]] };
}

export function leaves(statements: readonly Statement[]): boolean {
  const last = statements.at(-1);
  if (!last) return false;
  if (last.s === 'block') return leaves(last.body);
  if (last.s === 'if') return last.no !== undefined && leaves(last.yes) && leaves(last.no);
  return last.s === 'return' || last.s === 'throw' || last.s === 'continue' || last.s === 'break';
}

// ── expressions ───────────────────────────────────────────────────────────────────────────────────────────────────

function look(e: Expression | undefined, env: Env, place: Place): void {
  if (!e) return;
  switch (e.e) {
    case 'function':
      walkCallback(e.fn, env, undefined, place);
      return;
    case 'call':
      look(e.callee, env, place);
      for (const [i, arg] of e.args.entries()) {
        if (arg.e === 'function') walkCallback(arg.fn, env, () => callbackParameterTypes(e, i, env), place);
        else look(arg, env, place);
      }
      push('expression', e, e.at, env, place);
      return;
    case 'conditional':
      look(e.test, env, place);
      look(e.yes, branchEnv(env, e.test, true), under(place, env, e, e.test, true));
      look(e.no, branchEnv(env, e.test, false), under(place, env, e, e.test, false));
      return;
    case 'binary':
      look(e.left, env, place);
      if (e.op === '&&') look(e.right, branchEnv(env, e.left, true), under(place, env, e, e.left, true));
      else if (e.op === '||' || e.op === '??') look(e.right, env, under(place, env, e, e.left, false));
      else look(e.right, env, place);
      return;
    case 'object':
      for (const entry of e.entries) lookEntry(entry, env, place);
      push('expression', e, e.at, env, place);
      return;
    case 'new':
    case 'assign':
    case 'update':
    case 'unary':
      for (const part of childrenOf(e)) look(part, env, place);
      if (e.e !== 'unary' || e.op === 'delete') push('expression', e, e.at, env, place);
      return;
    default:
      for (const part of childrenOf(e)) look(part, env, place);
  }
}

function lookEntry(entry: ObjectEntry, env: Env, place: Place): void {
  if (entry.o === 'property' || entry.o === 'computed') look(entry.value, env, place);
  else if (entry.o === 'spread') look(entry.of, env, place);
  else walkCallback(entry.fn, env, undefined, place);
}

function walkCallback(
  fn: FunctionFacts,
  env: Env,
  types: (() => ReturnType<typeof callbackParameterTypes>) | undefined,
  place: Place,
): void {
  run(fn.body ?? [], callbackEnv(fn, env, types), { ...place, fn });
}

/** The parts of an expression that are expressions themselves; callbacks and object entries aside. */
export function childrenOf(e: Expression): readonly Expression[] {
  switch (e.e) {
    case 'member':
    case 'await':
    case 'spread':
    case 'as':
    case 'unary':
    case 'update':
      return [e.of];
    case 'yield':
      return e.of ? [e.of] : [];
    case 'index':
      return [e.of, e.by];
    case 'call':
    case 'new':
      return [e.callee, ...e.args];
    case 'array':
      return e.elements.flatMap((x) => x ?? []);
    case 'binary':
      return [e.left, e.right];
    case 'assign':
      return [e.value, e.target];
    case 'conditional':
      return [e.test, e.yes, e.no];
    case 'template':
    case 'other':
      return e.parts;
    default:
      return [];
  }
}

// ── environments, the same for every walk ─────────────────────────────────────────────────────────────────────────

const envs = new WeakMap<object, WeakMap<Env, Env>>();

function sameEnv(of: object, parent: Env, make: () => Env): Env {
  return once(
    once(envs, of, () => new WeakMap<Env, Env>()),
    parent,
    make,
  );
}

export function bodyEnv(statements: readonly Statement[], parent: Env, key: object = statements): Env {
  return sameEnv(key, parent, () => blockEnv(statements, parent));
}

export function callbackEnv(fn: FunctionFacts, env: Env, types?: () => ReturnType<typeof callbackParameterTypes>): Env {
  return sameEnv(fn, env, () => functionEnv(fn, env.context, env, types?.()));
}

const held = new WeakMap<Expression, WeakMap<Env, Env>>();
const failed = new WeakMap<Expression, WeakMap<Env, Env>>();

function branchEnv(env: Env, test: Expression, holds: boolean): Env {
  return once(
    once(holds ? held : failed, test, () => new WeakMap<Env, Env>()),
    env,
    () => narrowed(env, test, holds),
  );
}
