import type { Expression, FunctionFacts, Statement } from '../facts/facts.js';
import { targetsOf } from './callees.js';
import { flush, mayHandOverTwo, noteCallChange, noteChange, noteChangesByCallee } from './changes.js';
import {
  blockEnv,
  callable,
  callbackParameterTypes,
  declarePattern,
  type Env,
  eachEnv,
  foundMemberType,
  functionEnv,
  narrowed,
  typeOf,
} from './infer.js';
import { calledPort, repositoryTarget, writesFor, writesOf } from './persisting.js';
import { type Declared, spanOf } from './program.js';
import { expressionText } from './text.js';
import { findMembers, type Type, type TypeContext, withoutNull } from './types.js';
import { isWriteName, TRANSACTIONS } from './vocabulary.js';
import {
  type BySelf,
  type Call,
  type CutShort,
  emit,
  type Flow,
  fork,
  join,
  type Known,
  newFlow,
  nothingKnown,
  type RawPair,
  type RawWrite,
  type Summary,
  type Walk,
  type WriteModel,
} from './write-flow.js';

const NOTHING: Summary = { writes: [], exit: [], pairs: [] };

const MAX_CALL_DEPTH = 10;

/** Follows a function's paths. `self` is the class it runs in: a template method sees the subclass. */
export function summarize(
  model: WriteModel,
  fn: FunctionFacts,
  context: TypeContext,
  parent?: Env,
  parameterTypes?: readonly (Type | undefined)[],
): Summary {
  if (!fn.body) return NOTHING;
  if (model.active.has(fn) || model.active.size > MAX_CALL_DEPTH) {
    model.cut.times++;
    return NOTHING;
  }
  const self = context.self?.k === 'named' ? context.self.symbol : undefined;
  const known = model.summaries.get(fn)?.get(self) ?? cutShort(model, fn, self);
  if (known) return known;
  const depth = model.active.size;
  model.active.add(fn);
  const cutBefore = model.cut.times;
  const walk: Walk = {
    model,
    file: context.scope.file,
    writes: [],
    pairs: [],
    known: { writes: nothingKnown(), pairs: nothingKnown() },
    exits: new Set(),
    fn,
    transaction: undefined,
    loops: 0,
  };
  const env = functionEnv(fn, context, parent, parameterTypes);
  const flow = newFlow();
  execute(fn.body, env, flow, walk);
  if (!flow.dead) for (const write of flow.before) walk.exits.add(write);
  model.active.delete(fn);
  const summary = { writes: walk.writes, exit: [...walk.exits], pairs: walk.pairs };
  // What a cycle or the depth limit cut short is not the whole truth about the inner function.
  if (depth === 0 || model.cut.times === cutBefore) of(model.summaries, fn).set(self, summary);
  else keepShort(model, fn, self, { depth, summary });
  if (depth === 0) {
    model.cut.summaries.clear();
    model.cut.lifted = 0;
  }
  return summary;
}

/** How often a function is followed anew that was cut short before. In real code few are followed more often, and those call each other in circles. */
const MOST_FOLLOWED = 20;

/**
 * Within one entry what was cut short serves again, unless it would now go further: otherwise mutual recursion is walked path by path.
 * What has been cut short often serves for all entries.
 */
function cutShort(model: WriteModel, fn: FunctionFacts, self: Declared | undefined): Summary | undefined {
  const known = model.cut.followed.get(fn)?.get(self);
  const often = known && known.times >= MOST_FOLLOWED ? known : undefined;
  const short = often ?? model.cut.summaries.get(fn)?.get(self);
  if (!short || (!often && short.depth > model.active.size)) return undefined;
  model.cut.times++;
  return short.summary;
}

function keepShort(model: WriteModel, fn: FunctionFacts, self: Declared | undefined, short: CutShort): void {
  of(model.cut.summaries, fn).set(self, short);
  const { times, ...furthest } = of(model.cut.followed, fn).get(self) ?? { times: 0, ...short };
  of(model.cut.followed, fn).set(self, { times: times + 1, ...(short.depth < furthest.depth ? short : furthest) });
}

function of<Value>(bySelf: BySelf<Value>, fn: FunctionFacts): Map<Declared | undefined, Value> {
  const known = bySelf.get(fn) ?? new Map<Declared | undefined, Value>();
  bySelf.set(fn, known);
  return known;
}

// ── statements ────────────────────────────────────────────────────────────────────────────────────────────────────

function execute(statements: readonly Statement[], parent: Env, flow: Flow, walk: Walk): void {
  const env = blockEnv(statements, parent);
  for (const statement of statements) {
    if (flow.dead) return;
    step(statement, env, flow, walk);
  }
}

function step(statement: Statement, env: Env, flow: Flow, walk: Walk): void {
  switch (statement.s) {
    case 'expression':
      visit(statement.of, env, flow, walk);
      return;
    case 'variables':
      for (const declaration of statement.declarations) if (declaration.init) visit(declaration.init, env, flow, walk);
      return;
    case 'return':
      // A closure's handler is the function that it returns.
      if (statement.of?.e === 'function' && walk.model.curried.has(walk.fn)) {
        walk.model.curried.add(statement.of.fn);
        runBody(statement.of.fn, env, undefined, flow, walk);
      } else if (statement.of) visit(statement.of, env, flow, walk);
      for (const write of flow.before) walk.exits.add(write);
      flow.dead = true;
      return;
    case 'throw':
      visit(statement.of, env, flow, walk);
      flow.dead = true;
      return;
    case 'if': {
      visit(statement.test, env, flow, walk);
      const yes = fork(flow);
      const no = fork(flow);
      execute(statement.yes, narrowed(env, statement.test, true), yes, walk);
      if (statement.no) execute(statement.no, narrowed(env, statement.test, false), no, walk);
      join(flow, [yes, no]);
      return;
    }
    case 'loop':
    case 'each': {
      let inner = env;
      if (statement.s === 'loop') {
        if (statement.init) {
          inner = blockEnv([statement.init], env);
          step(statement.init, inner, flow, walk);
        }
        if (statement.test) visit(statement.test, inner, flow, walk);
      } else {
        visit(statement.of, env, flow, walk);
        inner = eachEnv(statement, env);
      }
      const once = fork(flow);
      walk.loops++;
      execute(statement.body, inner, once, walk);
      if (statement.s === 'loop' && statement.update && !once.dead) visit(statement.update, inner, once, walk);
      walk.loops--;
      // A body that ends early may still not have run at all.
      join(flow, [fork(flow), once]);
      return;
    }
    case 'try': {
      const before = fork(flow);
      const body = fork(flow);
      execute(statement.body, env, body, walk);
      const ends = [body];
      if (statement.catch) {
        let inner = env;
        if (statement.parameter) {
          inner = { context: env.context, parent: env, variables: new Map() };
          declarePattern(statement.parameter, inner, { pattern: statement.parameter, env: inner });
        }
        execute(statement.catch, inner, before, walk);
        ends.push(before);
      }
      if (statement.finally) {
        const last = fork(body);
        for (const end of ends) for (const write of end.before) last.before.add(write);
        last.dead = false;
        execute(statement.finally, env, last, walk);
        const wasDead = ends.every((e) => e.dead);
        join(flow, [last]);
        flow.dead ||= wasDead;
      } else join(flow, ends);
      return;
    }
    case 'switch': {
      visit(statement.of, env, flow, walk);
      const ends: Flow[] = [];
      let falling: Flow | undefined;
      for (const branch of statement.cases) {
        const arm = fork(flow);
        if (falling && !falling.dead) for (const write of falling.before) arm.before.add(write);
        const broken = executeCase(branch.body, env, arm, walk);
        if (broken || arm.dead) {
          ends.push(arm);
          falling = undefined;
        } else falling = arm;
      }
      if (falling) ends.push(falling);
      if (!statement.cases.some((c) => c.test === undefined)) ends.push(fork(flow));
      join(flow, ends);
      return;
    }
    case 'block':
      execute(statement.body, env, flow, walk);
      return;
    default:
  }
}

function executeCase(body: readonly Statement[], env: Env, flow: Flow, walk: Walk): boolean {
  const broken = body.some((s) => s.s === 'break' || (s.s === 'block' && s.body.some((b) => b.s === 'break')));
  execute(body, env, flow, walk);
  return broken;
}

// ── expressions ───────────────────────────────────────────────────────────────────────────────────────────────────

function visit(expression: Expression, env: Env, flow: Flow, walk: Walk): void {
  switch (expression.e) {
    case 'call':
      visitCall(expression, env, flow, walk);
      return;
    case 'new':
      for (const arg of expression.args) visitArgument(arg, env, flow, walk);
      return;
    case 'member':
      visit(expression.of, env, flow, walk);
      return;
    case 'index':
      visit(expression.of, env, flow, walk);
      visit(expression.by, env, flow, walk);
      return;
    case 'await':
    case 'spread':
    case 'as':
    case 'unary':
    case 'update':
      if (expression.e === 'update') noteChange(expression.of, expression.at, env, flow, walk);
      visit(expression.of, env, flow, walk);
      return;
    case 'yield':
      if (expression.of) visit(expression.of, env, flow, walk);
      return;
    case 'binary':
      visit(expression.left, env, flow, walk);
      visit(expression.right, expression.op === '&&' ? narrowed(env, expression.left, true) : env, flow, walk);
      return;
    case 'assign':
      visit(expression.value, env, flow, walk);
      noteChange(expression.target, expression.at, env, flow, walk);
      return;
    case 'conditional': {
      visit(expression.test, env, flow, walk);
      const yes = fork(flow);
      const no = fork(flow);
      visit(expression.yes, narrowed(env, expression.test, true), yes, walk);
      visit(expression.no, narrowed(env, expression.test, false), no, walk);
      join(flow, [yes, no]);
      return;
    }
    case 'object':
      for (const entry of expression.entries) {
        if (entry.o === 'property' || entry.o === 'computed') visitArgument(entry.value, env, flow, walk);
        else if (entry.o === 'spread') visit(entry.of, env, flow, walk);
      }
      return;
    case 'array':
      for (const element of expression.elements) if (element) visitArgument(element, env, flow, walk);
      return;
    case 'template':
    case 'other':
      for (const part of expression.parts) visit(part, env, flow, walk);
      return;
    default:
  }
}

const DEFERRED_FOR_FUNCTIONS =
  /^(?:subscribe|on|once|addListener|addEventListener|prependListener|listen|consume|setTimeout|setInterval|setImmediate|queueMicrotask|schedule|register|registerHandler)$/;

function visitCall(call: Call, env: Env, flow: Flow, walk: Walk): void {
  const { callee } = call;
  const name = callee.e === 'member' ? callee.name : callee.e === 'name' ? callee.name : '';
  if (callee.e === 'member') visit(callee.of, env, flow, walk);
  else if (callee.e === 'call') visitCall(callee, env, flow, walk);

  const outer = walk.transaction;
  if (call.args.length > 0 && opensTransaction(call, name))
    walk.transaction = { name: expressionText(callee), at: spanOf(walk.file.facts, callee.at) };
  const deferred = callee.e === 'member' && DEFERRED_FOR_FUNCTIONS.test(name);
  for (const [i, arg] of call.args.entries()) {
    if (arg.e === 'function') {
      if (!deferred) inline(call, arg.fn, i, env, flow, walk);
    } else if (!deferred || !isFunctionReference(arg)) visitArgument(arg, env, flow, walk);
  }
  if (callee.e === 'member' && /^transactional$/.test(name))
    for (const write of flush(withoutNull(typeOf(callee.of, env)), 'flush', flow, walk)) emit(write, flow, walk);
  walk.transaction = outer;
  // `queryRunner.startTransaction()` … `commitTransaction()`: all in between is one transaction.
  if (callee.e === 'member' && /^(?:startTransaction|beginTransaction|begin)$/.test(name))
    walk.transaction = { name: expressionText(callee), at: spanOf(walk.file.facts, callee.at) };
  else if (callee.e === 'member' && /^(?:commitTransaction|rollbackTransaction|abortTransaction)$/.test(name)) walk.transaction = undefined;

  if (!walk.model.suspects.has(name) && callee.e !== 'call' && !((callee.e === 'name' || callee.e === 'member') && isWriteName(name))) {
    noteCallChange(call, env, flow, walk);
    if (mayHandOverTwo(call)) noteChangesByCallee(call, env, flow, walk);
    return;
  }
  if (callee.e === 'member' && typeOf(callee.of, env).k === 'unknown')
    walk.model.open.set(`${walk.file.facts.file}:${callee.of.at[0]}:${callee.of.at[1]}`, {
      file: walk.file.facts.file,
      start: callee.of.at[0],
      end: callee.of.at[1],
    });
  const writes = writesOf(call, env, walk, flow);
  // A call of a repository is decided at its boundary; how it is implemented is its own affair.
  if (writes) {
    for (const write of writes) emit(write, flow, walk);
    return;
  }
  noteCallChange(call, env, flow, walk);
  noteChangesByCallee(call, env, flow, walk);
  descend(call, env, flow, walk);
}

/** `dataSource.transaction(cb)`, `db.transaction().execute(cb)`, the project's own `runInTransaction(cb)` and `uow.execute(cb)`. */
function opensTransaction(call: Call, name: string): boolean {
  if (TRANSACTIONS.test(name)) return true;
  if (!call.args.some((a) => a.e === 'function')) return false;
  if (/transaction/i.test(name)) return true;
  const { callee } = call;
  if (callee.e !== 'member') return false;
  if (callee.of.e === 'call' && callee.of.callee.e === 'member' && /^transaction$/i.test(callee.of.callee.name)) return true;
  const owner = callee.of.e === 'member' || callee.of.e === 'name' ? callee.of.name : '';
  return (
    /^(?:execute|run|perform|do|with|start|complete)$/.test(name) && /^(?:uow|unitOfWork|transactor|tx\w*|\w*transaction\w*)$/i.test(owner)
  );
}

function isFunctionReference(expression: Expression): boolean {
  if (expression.e === 'call' && expression.callee.e === 'member' && expression.callee.name === 'bind') return true;
  return expression.e === 'member' && expression.of.e === 'this';
}

/** An argument: a repository's method handed on as a function is a write, a function of the project is called. */
function visitArgument(arg: Expression, env: Env, flow: Flow, walk: Walk): void {
  if (arg.e === 'function') {
    const inner = fork(flow);
    runBody(arg.fn, env, undefined, inner, walk);
    inner.dead = false;
    join(flow, [fork(flow), inner]);
    return;
  }
  if (arg.e === 'call' && arg.callee.e === 'member' && arg.callee.name === 'bind') {
    handOn(arg.callee.of, env, flow, walk);
    return;
  }
  if (arg.e === 'name' || arg.e === 'member') {
    const writes = calledPort(arg, env, walk) ?? [];
    for (const write of writes) emit(write, flow, walk);
    if (writes.length > 0) return;
  }
  if (arg.e === 'name' && walk.model.suspects.has(arg.name)) {
    const fn = callable(typeOf(arg, env));
    if (fn?.fn.body) compose(summarize(walk.model, fn.fn, fn.context, fn.env), arg.name, fn.fn, flow, walk);
    return;
  }
  if (arg.e === 'member') {
    visit(arg.of, env, flow, walk);
    handOn(arg, env, flow, walk);
    return;
  }
  visit(arg, env, flow, walk);
}

function handOn(reference: Expression, env: Env, flow: Flow, walk: Walk): void {
  if (reference.e !== 'member' || !walk.model.suspects.has(reference.name)) return;
  const receiver = withoutNull(typeOf(reference.of, env));
  const target = repositoryTarget(receiver, reference.name, [], env, walk);
  if (target) {
    for (const kept of target.slice(0, 1))
      for (const write of writesFor(kept, reference, expressionText(reference), reference.name, undefined, env, walk))
        emit(write, flow, walk);
    return;
  }
  for (const member of findMembers(receiver, reference.name)) {
    const fn = callable(foundMemberType(member));
    if (fn) compose(summarize(walk.model, fn.fn, fn.context, fn.env), reference.name, fn.fn, flow, walk);
  }
}

/** A callback runs on this path, perhaps not at all. */
function inline(call: Call, fn: FunctionFacts, index: number, env: Env, flow: Flow, walk: Walk): void {
  const name = call.callee.e === 'member' ? call.callee.name : '';
  const inner = fork(flow);
  const iterates = /^(?:forEach|map|flatMap|reduce|filter|some|every|each|eachSeries)$/.test(name);
  if (iterates) walk.loops++;
  runBody(fn, env, callbackParameterTypes(call, index, env), inner, walk);
  if (iterates) walk.loops--;
  inner.dead = false;
  join(flow, [fork(flow), inner]);
}

function runBody(fn: FunctionFacts, env: Env, parameterTypes: readonly (Type | undefined)[] | undefined, flow: Flow, walk: Walk): void {
  if (!fn.body || walk.loops > 12) return;
  if (walk.model.active.has(fn)) {
    walk.model.cut.times++;
    return;
  }
  walk.model.active.add(fn);
  const exits = new Set<RawWrite>();
  const inner: Walk = { ...walk, exits };
  execute(fn.body, functionEnv(fn, env.context, env, parameterTypes), flow, { ...inner, fn });
  // A `return` ends the callback, not the function around it.
  for (const write of exits) flow.before.add(write);
  flow.dead = false;
  walk.model.active.delete(fn);
}

// ── calls into the project ────────────────────────────────────────────────────────────────────────────────────────

function descend(call: Call, env: Env, flow: Flow, walk: Walk): void {
  for (const target of targetsOf(call, env, walk)) {
    const summary = summarize(walk.model, target.fn, target.context, target.env);
    compose(summary, target.name, target.fn, flow, walk);
  }
}

/** Realistic paths have a handful. Where calls fan out, the hundredth way to the same write says nothing that the first did not. */
const MANY_WRITES = 100;
const MANY_PAIRS = 1_000;
/** How many pairs one entry may bring up from what it calls: what is left then is a graph in which everything calls everything. */
const MOST_LIFTED = 50_000;

function compose(summary: Summary, name: string, fn: FunctionFacts, flow: Flow, walk: Walk): void {
  if (summary.writes.length === 0) return;
  const { cut } = walk.model;
  const renamed = new Map<RawWrite, RawWrite>();
  const lifted = (write: RawWrite): RawWrite => {
    let known = renamed.get(write);
    if (!known) {
      known = { ...write, place: placeOf(write, cut), through: [name, ...write.through], inLoop: write.inLoop || walk.loops > 0 };
      if (walk.transaction && !known.transaction) known = { ...known, transaction: walk.transaction };
      renamed.set(write, known);
    }
    return known;
  };
  const within = walk.model.isHandler(fn) ? fn : undefined;
  const isNewWrite = (write: RawWrite): boolean => isNews(write, walk.writes, MANY_WRITES, walk.known.writes, (each) => placeOf(each, cut));
  const placesOf = ({ first, second, within: inner }: RawPair): number =>
    (handlerOf(inner, cut) * MOST_PLACES + placeOf(first, cut)) * MOST_PLACES + placeOf(second, cut);
  const isNewPair = (pair: RawPair): boolean => isNews(pair, walk.pairs, MANY_PAIRS, walk.known.pairs, placesOf);
  for (const pair of summary.pairs) {
    if (++cut.lifted > MOST_LIFTED) break;
    const inner = pair.within ?? within;
    const up = inner && !pair.within ? { ...pair, within: inner } : pair;
    if (isNewPair(up)) walk.pairs.push({ ...up, first: lifted(pair.first), second: lifted(pair.second) });
  }
  const added = new Set<RawWrite>();
  for (const write of summary.writes) {
    if (!isNewWrite(write)) continue;
    added.add(write);
    const up = lifted(write);
    const pairs = cut.lifted > MOST_LIFTED ? [] : [...flow.before].map((first) => ({ first, second: up }));
    for (const pair of pairs) if (isNewPair(pair)) walk.pairs.push(pair);
    cut.lifted += flow.before.size;
    walk.writes.push(up);
  }
  for (const write of summary.exit) if (added.has(write)) flow.before.add(lifted(write));
}

/** Everything is new as long as there is little of it; then what has a key of its own. */
function isNews<Item>(item: Item, there: readonly Item[], many: number, known: Known, keyOf: (item: Item) => number): boolean {
  if (there.length < many) return true;
  for (const each of there.slice(known.upTo)) known.keys.add(keyOf(each));
  known.upTo = there.length;
  return !known.keys.has(keyOf(item));
}

/** Two of them and one of a thousand handlers make one exact number. */
const MOST_PLACES = 2 ** 21;

/** The number of the handler that a pair lies within; 0 for the one that is being followed. */
function handlerOf(within: FunctionFacts | undefined, { handlers }: WriteModel['cut']): number {
  if (!within) return 0;
  const known = handlers.get(within) ?? handlers.size + 1;
  handlers.set(within, known);
  return known;
}

/** A number for what is written, how and where. */
function placeOf({ place, aggregate, at, how }: RawWrite, { places }: WriteModel['cut']): number {
  if (place !== undefined) return place;
  const key = `${aggregate.symbol.id} ${how} ${at.file}:${at.line}:${at.column}`;
  const known = places.get(key) ?? places.size;
  places.set(key, known);
  return known;
}
