import type { Expression, FunctionFacts, OpenReceiver, Range, Statement } from '../facts/facts.js';
import { implementationsOf } from './actors.js';
import type { Span } from './domain-model.js';
import type { Draft, Drafts } from './drafts.js';
import type { FunctionPort } from './function-ports.js';
import {
  blockEnv,
  callable,
  callbackParameterTypes,
  declarePattern,
  type Env,
  eachEnv,
  foundMemberType,
  functionEnv,
  lookup,
  narrowed,
  typeOf,
  type Variable,
} from './infer.js';
import { changedBy, eachExpression } from './mutation.js';
import { type Declared, type ProgramFile, spanOf } from './program.js';
import { carried, type FoundRepository } from './repositories.js';
import { stateOf } from './state.js';
import { expressionText } from './text.js';
import { findMembers, namedType, structure, type Type, type TypeContext, withoutNull } from './types.js';
import { isMikroOrm, isOrm, isRepositoryName, isWriteName, REMOVE_VERBS, roleOfBase, TRANSACTIONS } from './vocabulary.js';

/** One write on the way of a function. Identity matters: the same object is the same write. */
export interface RawWrite {
  readonly aggregate: Draft;
  readonly member?: Draft;
  readonly at: Span;
  readonly call: string;
  readonly how: 'save' | 'remove' | 'append' | 'change';
  readonly through: readonly string[];
  /** Tells two instances of one type apart: the variable that holds it, where there is one and it was changed here. */
  readonly instance?: Variable | Expression;
  /** Whether that instance was changed or made on the way to the write. */
  readonly changed?: boolean;
  /** The argument that is written: one argument is one write. */
  readonly site?: Expression;
  readonly transaction?: Transaction;
  readonly inLoop: boolean;
}

export interface Transaction {
  readonly name: string;
  readonly at: Span;
}

export interface RawPair {
  readonly first: RawWrite;
  readonly second: RawWrite;
  /** The function in which both meet. */
  readonly within?: FunctionFacts;
}

/** What a function may write, what may have happened when it returns, and what happens on one path. */
export interface Summary {
  readonly writes: readonly RawWrite[];
  readonly exit: readonly RawWrite[];
  readonly pairs: readonly RawPair[];
}

const NOTHING: Summary = { writes: [], exit: [], pairs: [] };
const MAX_CALL_DEPTH = 10;

/** All that the analysis needs to know beside a function's body. */
export interface WriteModel {
  readonly drafts: Drafts;
  readonly repositoryOf: (symbol: Declared) => FoundRepository | undefined;
  readonly portOf: (symbol: Declared) => FunctionPort | undefined;
  /** The roots that a write of a member changes. */
  readonly rootsOf: (draft: Draft) => readonly Draft[];
  /** Roots whose repository has no save: a change is a write. */
  readonly collectionStyle: (root: Draft) => boolean;
  /** Functions that are handlers themselves. */
  readonly isHandler: (fn: FunctionFacts) => boolean;
  /** Functions whose returned function is the handler. */
  readonly curried: ReadonlySet<FunctionFacts>;
  /** Method names that can lead to a write. */
  readonly suspects: ReadonlySet<string>;
  readonly summaries: Map<FunctionFacts, Map<Declared | undefined, Summary>>;
  readonly active: Set<FunctionFacts>;
  readonly cut: { times: number };
  /** Receivers of possible writes that linking could not type. */
  readonly open: Map<string, OpenReceiver>;
}

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
  const known = model.summaries.get(fn)?.get(self);
  if (known) return known;
  model.active.add(fn);
  const cutBefore = model.cut.times;
  const walk: Walk = { model, file: context.scope.file, writes: [], pairs: [], exits: new Set(), fn, transaction: undefined, loops: 0 };
  const env = functionEnv(fn, context, parent, parameterTypes);
  const flow = newFlow();
  execute(fn.body, env, flow, walk);
  if (!flow.dead) for (const write of flow.before) walk.exits.add(write);
  model.active.delete(fn);
  const summary = { writes: walk.writes, exit: [...walk.exits], pairs: walk.pairs };
  let bySelf = model.summaries.get(fn);
  if (!bySelf) model.summaries.set(fn, (bySelf = new Map()));
  // What a cycle or the depth limit cut short is not the whole truth about the inner function.
  if (model.active.size === 0 || model.cut.times === cutBefore) bySelf.set(self, summary);
  return summary;
}

/** A value in flight along one path: what may have been written before this point. */
interface Flow {
  readonly before: Set<RawWrite>;
  /** Changes that a unit of work will write when it is flushed. */
  readonly pending: Map<unknown, RawWrite>;
  dead: boolean;
}

interface Walk {
  readonly model: WriteModel;
  readonly file: ProgramFile;
  readonly writes: RawWrite[];
  readonly pairs: RawPair[];
  readonly exits: Set<RawWrite>;
  readonly fn: FunctionFacts;
  transaction: Transaction | undefined;
  loops: number;
}

function newFlow(): Flow {
  return { before: new Set(), pending: new Map(), dead: false };
}

function fork(flow: Flow): Flow {
  return { before: new Set(flow.before), pending: new Map(flow.pending), dead: flow.dead };
}

/** Either branch may have been taken; one that ended does not come this way. */
function join(into: Flow, branches: readonly Flow[]): void {
  const alive = branches.filter((b) => !b.dead);
  into.dead = alive.length === 0;
  into.before.clear();
  into.pending.clear();
  for (const branch of alive) {
    for (const write of branch.before) into.before.add(write);
    for (const [key, write] of branch.pending) into.pending.set(key, write);
  }
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
      if (statement.of?.e === 'function' && walk.model.curried.has(walk.fn)) runBody(statement.of.fn, env, undefined, flow, walk);
      else if (statement.of) visit(statement.of, env, flow, walk);
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

type Call = Extract<Expression, { e: 'call' }>;

/** Callbacks given to these run later, for someone else: they are handlers of their own. */

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

  if (!walk.model.suspects.has(name) && callee.e !== 'call' && !(callee.e === 'name' && isWriteName(name))) {
    noteCallChange(call, env, flow, walk);
    if (call.args.length > 1) noteChangesByCallee(call, env, flow, walk);
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

function emit(write: RawWrite, flow: Flow, walk: Walk): void {
  // One argument of a union type is one write, of whichever it turns out to be.
  for (const first of flow.before)
    if (first !== write && (first.site === undefined || first.site !== write.site)) walk.pairs.push({ first, second: write });
  flow.before.add(write);
  walk.writes.push(write);
}

// ── calls into the project ────────────────────────────────────────────────────────────────────────────────────────

function descend(call: Call, env: Env, flow: Flow, walk: Walk): void {
  for (const target of targetsOf(call, env, walk)) {
    const summary = summarize(walk.model, target.fn, target.context, target.env);
    compose(summary, target.name, target.fn, flow, walk);
  }
}

interface CallTarget {
  readonly fn: FunctionFacts;
  readonly context: TypeContext;
  readonly env?: Env;
  readonly name: string;
}

function targetsOf(call: Call, env: Env, walk: Walk): CallTarget[] {
  const { callee } = call;
  if (callee.e === 'member') {
    const receiver = callee.of.e === 'super' ? typeOf(callee.of, env) : withoutNull(typeOf(callee.of, env));
    return findMembers(receiver, callee.name).flatMap((member) => {
      const fn = callable(foundMemberType(member));
      if (!fn) return [];
      const label = member.owner ? `${member.owner.name}.${callee.name}` : callee.name;
      if (fn.fn.body)
        return [
          {
            fn: fn.fn,
            context: callee.of.e === 'super' ? { ...fn.context, ...(env.context.self ? { self: env.context.self } : {}) } : fn.context,
            ...(fn.env ? { env: fn.env } : {}),
            name: label,
          },
        ];
      return implemented(member.owner, callee.name, walk);
    });
  }
  const fn = callable(typeOf(callee, env));
  if (!fn) return [];
  if (fn.fn.body) return [{ fn: fn.fn, context: fn.context, ...(fn.env ? { env: fn.env } : {}), name: expressionText(callee) }];
  return [];
}

/** The one class that implements an interface's or abstract class's method; of several, which one runs is not known. */
function implemented(owner: Declared | undefined, name: string, walk: Walk): CallTarget[] {
  if (!owner) return [];
  const classes = implementationsOf(owner, walk.model.drafts).filter(
    (d) => !/^(?:InMemory|Fake|Stub|Mock|Dummy|Test)|(?:Stub|Mock|Fake|Decorator|Wrapper|Proxy)$/.test(d.name),
  );
  const [only] = classes;
  if (classes.length !== 1 || !only) return [];
  return findMembers(namedType(only.symbol), name).flatMap((member) => {
    const fn = callable(foundMemberType(member));
    return fn?.fn.body ? [{ fn: fn.fn, context: fn.context, ...(fn.env ? { env: fn.env } : {}), name: `${only.name}.${name}` }] : [];
  });
}

function compose(summary: Summary, name: string, fn: FunctionFacts, flow: Flow, walk: Walk): void {
  if (summary.writes.length === 0) return;
  const renamed = new Map<RawWrite, RawWrite>();
  const lifted = (write: RawWrite): RawWrite => {
    let known = renamed.get(write);
    if (!known) {
      known = { ...write, through: [name, ...write.through], inLoop: write.inLoop || walk.loops > 0 };
      if (walk.transaction && !known.transaction) known = { ...known, transaction: walk.transaction };
      renamed.set(write, known);
    }
    return known;
  };
  const within = walk.model.isHandler(fn) ? fn : undefined;
  for (const pair of summary.pairs) {
    const inner = pair.within ?? within;
    walk.pairs.push({ first: lifted(pair.first), second: lifted(pair.second), ...(inner ? { within: inner } : {}) });
  }
  for (const write of summary.writes) {
    const up = lifted(write);
    for (const first of flow.before) walk.pairs.push({ first, second: up });
    walk.writes.push(up);
  }
  for (const write of summary.exit) flow.before.add(lifted(write));
}

// ── what is a write ───────────────────────────────────────────────────────────────────────────────────────────────

/** The writes of a call; undefined when it is no call of a repository, manager or store at all. */
function writesOf(call: Call, env: Env, walk: Walk, flow: Flow): RawWrite[] | undefined {
  const { callee } = call;
  const port = calledPort(callee, env, walk);
  if (port) return port;
  if (callee.e !== 'member' || callee.of.e === 'this' || callee.of.e === 'super') return undefined;
  const receiver = withoutNull(typeOf(callee.of, env));
  const { name } = callee;
  const text = expressionText(call);
  const flushed = flush(receiver, name, flow, walk);
  const targets =
    repositoryTarget(receiver, name, call.args, env, walk) ??
    ormTarget(receiver, name, call, env, walk, flow) ??
    activeRecord(receiver, name, walk) ??
    byArgument(receiver, callee.of, name, call.args, env, walk);
  if (!targets && flushed.length === 0) return undefined;
  const own = (targets ?? []).flatMap((target) => {
    const args = instancesAmong(call.args, target, env, walk);
    const each = args.length > 0 ? args : call.args.slice(0, 1);
    if (each.length === 0) return writesFor(target, callee, text, name, undefined, env, walk, flow);
    return each.flatMap((arg) => writesFor(target, callee, text, name, arg, env, walk, flow));
  });
  return [...own, ...flushed];
}

/** `saveOrder(order)`, where `saveOrder` is typed by a function port. */
function calledPort(callee: Expression, env: Env, walk: Walk): RawWrite[] | undefined {
  const type = callee.e === 'name' || callee.e === 'member' ? withoutNull(typeOf(callee, env)) : undefined;
  const port = type?.k === 'named' ? walk.model.portOf(type.symbol) : undefined;
  if (!port) return undefined;
  if (!port.writes) return [];
  const name = callee.e === 'name' || callee.e === 'member' ? callee.name : port.draft.name;
  return port.keeps
    .flatMap((s) => concreteOf(s, walk.model.drafts))
    .flatMap((target) => writesFor(target, callee, expressionText(callee), name, undefined, env, walk));
}

/** The domain blocks that a call of a project repository persists; undefined when the receiver is none. */
function repositoryTarget(receiver: Type, name: string, args: readonly Expression[], env: Env, walk: Walk): Draft[] | undefined {
  for (const part of receiver.k === 'union' || receiver.k === 'intersection' ? receiver.of : [receiver]) {
    if (part.k !== 'named') continue;
    const found = keeperOf(part, walk);
    if (!found) continue;
    if (!writesBy(name, found.writeMethods)) return [];
    // Inherited from an ORM: `create` makes an object and keeps nothing.
    if (MAKES_ONLY.test(name) && findMembers(part, name).length === 0) return [];
    const passed = args.flatMap((a) => [
      ...blocksIn(typeOf(a, env), walk),
      ...carried(withoutNull(typeOf(a, env))).flatMap((s) => (walk.model.drafts.of(s)?.base ? concreteOf(s, walk.model.drafts) : [])),
    ]);
    const persisted = unique(passed.filter((d) => found.keeps.includes(d)));
    if (persisted.length > 0) return persisted;
    const other = unique(passed.filter((d) => d.kind === 'aggregate-root'));
    if (other.length > 0 && found.keeps.length === 0) return other;
    return found.keeps.slice(0, 1);
  }
  return undefined;
}

interface Keeper {
  readonly keeps: readonly Draft[];
  readonly writeMethods: readonly string[];
}

function keeperOf(type: Extract<Type, { k: 'named' }>, walk: Walk): Keeper | undefined {
  const { model } = walk;
  const drafts = (symbols: readonly Declared[]): Draft[] => symbols.flatMap((s) => concreteOf(s, model.drafts)).filter(isDomain);
  const found = model.repositoryOf(type.symbol);
  if (found) return { keeps: drafts(found.keeps), writeMethods: found.writeMethods };
  // A segregated port, or a generic base used with its argument.
  const draft = model.drafts.of(type.symbol);
  if (!draft) return undefined;
  for (const implementation of implementationsOf(type.symbol, model.drafts)) {
    const behind = model.repositoryOf(implementation.symbol);
    if (behind && type.args.length === 0 && !draft.base) return { keeps: drafts(behind.keeps), writeMethods: behind.writeMethods };
    if (
      behind &&
      draft.symbol.declaration.kind === 'class' &&
      draft.symbol.declaration.abstract &&
      draft.symbol.declaration.typeParameters.length === 0
    )
      return { keeps: drafts(behind.keeps), writeMethods: behind.writeMethods };
  }
  if (
    isRepositoryName(type.symbol.name) ||
    /EventStore/.test(type.symbol.name) ||
    roleOfBase(type.symbol.name, undefined) === 'repository'
  ) {
    const keeps = drafts(type.args.flatMap((a) => carried(a)));
    if (keeps.length > 0 || type.args.length > 0) return { keeps, writeMethods: [] };
  }
  return undefined;
}

function writesBy(name: string, writeMethods: readonly string[]): boolean {
  return writeMethods.includes(name) || isWriteName(name);
}

/** The block itself; for an abstract root the classes that it stands for. */
export function concreteOf(symbol: Declared, drafts: Drafts): Draft[] {
  const draft = drafts.of(symbol);
  if (!draft) return [];
  return draft.base
    ? drafts.all.filter((d) => !d.base && isDomain(d) && d.lineage.some((a) => a.symbol === symbol && a.via === 'extends'))
    : [draft];
}

const MAKES_ONLY = /^(?:create|merge|preload)$/;
const ORM_REPOSITORIES =
  /^(?:Repository|EntityRepository|MongoRepository|TreeRepository|Model|ReturnModelType|SqlEntityRepository|MikroOrmRepository|PaginateModel|SoftDeleteModel|ModelCtor|ModelStatic)$/;
const MANAGERS = /^(?:\w*EntityManager|DataSource|Connection|QueryRunner|MikroORM)$/;

function ormTarget(receiver: Type, name: string, call: Call, env: Env, walk: Walk, flow: Flow): Draft[] | undefined {
  for (const part of receiver.k === 'union' ? receiver.of : [receiver]) {
    if (part.k !== 'external' || part.value) continue;
    if (ORM_REPOSITORIES.test(part.name) && part.args.length > 0) {
      const kept = part.args.slice(0, 1).flatMap((a) => blocksIn(a, walk));
      if (!isWriteName(name) || MAKES_ONLY.test(name)) {
        if (name === 'create' && /^Model|ModelType|ModelCtor|ModelStatic/.test(part.name)) return kept;
        return [];
      }
      if (isMikroOrm(part.module) && name !== 'flush' && !/AndFlush$/.test(name) && !/^native|^insert|^upsert|^update|^delete/.test(name)) {
        for (const arg of call.args) notePersist(arg, call.at, env, flow, walk);
        return [];
      }
      const passed = unique(call.args.flatMap((a) => blocksIn(typeOf(a, env), walk)));
      return passed.length > 0 ? passed : kept;
    }
    if (MANAGERS.test(part.name)) {
      if (
        !/^(?:save|persist|remove|insert|update|delete|upsert|softRemove|softDelete|persistAndFlush|removeAndFlush|nativeUpdate|nativeInsert|nativeDelete|increment|decrement|restore|recover)$/.test(
          name,
        )
      )
        return [];
      if (isMikroOrm(part.module) && (name === 'persist' || name === 'remove')) {
        for (const arg of call.args) notePersist(arg, call.at, env, flow, walk);
        return [];
      }
      const [first] = call.args;
      const firstType = first && typeOf(first, env);
      const byClass = firstType?.k === 'value' ? blocksIn(namedType(firstType.symbol), walk) : [];
      return byClass.length > 0 ? byClass : unique(call.args.flatMap((a) => blocksIn(typeOf(a, env), walk)));
    }
  }
  return undefined;
}

/** `order.save()` of an active record, `Order.create({…})` of its class. */
function activeRecord(receiver: Type, name: string, walk: Walk): Draft[] | undefined {
  if (
    !/^(?:save|remove|delete|destroy|softRemove|softDelete|create|update|insert|upsert|bulkCreate|insertMany|updateOne|updateMany|deleteOne|deleteMany|findOneAndUpdate|findByIdAndUpdate|findByIdAndDelete|reload)$/.test(
      name,
    )
  )
    return undefined;
  const symbol = receiver.k === 'named' || receiver.k === 'value' ? receiver.symbol : undefined;
  const draft = symbol && walk.model.drafts.of(symbol);
  if (!draft?.mapped || !isDomain(draft) || findMembers(receiver, name).length > 0) return undefined;
  if (
    receiver.k === 'named' &&
    name !== 'save' &&
    name !== 'remove' &&
    name !== 'destroy' &&
    name !== 'softRemove' &&
    name !== 'delete' &&
    name !== 'update'
  )
    return undefined;
  return draft.lineage.some((a) => a.module !== undefined && isOrm(a.module)) ? [draft] : undefined;
}

/** The receiver's type is out of reach, but a root is saved into something that calls itself a store. */
function byArgument(receiver: Type, of: Expression, name: string, args: readonly Expression[], env: Env, walk: Walk): Draft[] | undefined {
  if (!isWriteName(name)) return undefined;
  const label = of.e === 'member' || of.e === 'name' ? of.name : '';
  const shape = structure(receiver);
  const typeName = shape.k === 'external' || shape.k === 'named' ? (shape.k === 'external' ? shape.name : shape.symbol.name) : '';
  const store = /event[-_]?store/i.test(`${label} ${typeName}`);
  if (shape.k === 'named' && !store && !isRepositoryName(typeName)) return undefined;
  if (shape.k !== 'unknown' && shape.k !== 'external' && shape.k !== 'named' && shape.k !== 'parameter') return undefined;
  if (!store && !/(?:repo|repository|repositories|store|dao|persistence)$|^(?:uow|unitOfWork)$/i.test(label) && !isRepositoryName(typeName))
    return undefined;
  const passed = unique(args.flatMap((a) => rootsPassed(a, env, walk)));
  return passed.length > 0 ? passed : undefined;
}

function rootsPassed(arg: Expression, env: Env, walk: Walk, steps = 0): Draft[] {
  const direct = blocksIn(typeOf(arg, env), walk).filter((d) => d.kind === 'aggregate-root');
  if (direct.length > 0) return direct;
  // `store.append(id, order.uncommittedEvents)`, `const events = order.pull(); store.save([...events])`.
  if (steps > 3) return [];
  if (arg.e === 'array') return arg.elements.flatMap((e) => (e ? rootsPassed(e.e === 'spread' ? e.of : e, env, walk, steps + 1) : []));
  if (arg.e === 'name') {
    const variable = lookup(env, arg.name);
    return variable?.init && !variable.parameter ? rootsPassed(variable.init, variable.env, walk, steps + 1) : [];
  }
  const base =
    arg.e === 'member' || arg.e === 'await' || arg.e === 'as'
      ? arg.of
      : arg.e === 'call' && arg.callee.e === 'member'
        ? arg.callee.of
        : undefined;
  if (!base) return [];
  const behind = blocksIn(typeOf(base, env), walk, false).filter((d) => d.kind === 'aggregate-root');
  return behind.length > 0 ? behind : base.e === 'call' || base.e === 'member' ? rootsPassed(base, env, walk, steps + 1) : [];
}

function writesFor(
  target: Draft,
  at: Expression,
  text: string,
  name: string,
  arg: Expression | undefined,
  env: Env,
  walk: Walk,
  flow?: Flow,
): RawWrite[] {
  const place: Range = at.e === 'member' ? [at.at[0], at.nameAt[1]] : at.at;
  const how = REMOVE_VERBS.test(name) ? 'remove' : /^append/.test(name) ? 'append' : 'save';
  return walk.model
    .rootsOf(target)
    .slice(0, 1)
    .map((aggregate) => {
      const instance = arg && instanceOfArgument(arg, env);
      return {
        aggregate,
        ...(aggregate === target ? {} : { member: target }),
        at: spanOf(walk.file.facts, place),
        call: text.length > 80 ? `${text.slice(0, 77)}…` : text,
        how,
        through: [],
        ...(instance ? { instance, changed: flow?.pending.has(instance) === true || isMade(instance, env, walk) } : {}),
        site: arg ?? at,
        ...(walk.transaction ? { transaction: walk.transaction } : {}),
        inLoop: walk.loops > 0,
      };
    });
}

/** `new Order(…)`, `Order.place(…)`, or what a method of the root itself returned: `order.cancel()`. */
function isMade(variable: Variable, env: Env, walk: Walk): boolean {
  let { init } = variable;
  // `const { from, to } = transferred.value` with `const transferred = Account.transfer(…)`.
  for (let i = 0; init && i < 6; i++) {
    if (init.e === 'await' || init.e === 'as' || (init.e === 'member' && init.of.e === 'name')) init = init.of;
    else if (init.e === 'name') init = lookup(variable.env, init.name)?.init;
    else break;
  }
  if (!init) return false;
  if (isCreation(init)) return true;
  if (init.e !== 'call' || init.callee.e !== 'member') return false;
  // A method of the root, or a domain service that was given it.
  const isRoot = (e: Expression): boolean => blocksIn(typeOf(e, variable.env ?? env), walk, false).length > 0;
  return isRoot(init.callee.of) || init.args.some(isRoot);
}

/** Several instances in one call: `save(from, to)`, `save([from, to])`. */
function instancesAmong(args: readonly Expression[], target: Draft, env: Env, walk: Walk): Expression[] {
  const flat = args
    .flatMap((a): readonly (Expression | undefined)[] => (a.e === 'array' ? a.elements : [a]))
    .filter((a) => a !== undefined && a.e !== 'spread') as Expression[];
  return flat.filter((a) => blocksIn(typeOf(a, env), walk).includes(target));
}

function instanceOfArgument(arg: Expression, env: Env): Variable | undefined {
  if (arg.e === 'await' || arg.e === 'as') return instanceOfArgument(arg.of, env);
  if (arg.e === 'name') {
    const variable = original(lookup(env, arg.name));
    return (variable && original(savedAs(variable))) ?? variable;
  }
  if (arg.e === 'member' && /^(?:value|unwrap|data)$/.test(arg.name)) return instanceOfArgument(arg.of, env);
  if (arg.e === 'call' && arg.callee.e === 'member') return instanceOfArgument(arg.callee.of, env);
  return undefined;
}

/** The variable itself behind what a branch knows of it. */
function original(variable: Variable | undefined): Variable | undefined {
  let v = variable;
  while (v?.narrows) v = v.narrows;
  return v;
}

/** `const saved = await orders.save(order)`: saved is order. */
function savedAs(variable: Variable): Variable | undefined {
  let { init } = variable;
  while (init && (init.e === 'await' || init.e === 'as')) init = init.of;
  if (
    variable.pattern.p !== 'name' ||
    init?.e !== 'call' ||
    init.callee.e !== 'member' ||
    !/^(?:save|persist|insert|update|upsert|store|add|create)/.test(init.callee.name)
  )
    return undefined;
  const [first] = init.args;
  return first?.e === 'name' ? lookup(variable.env, first.name) : undefined;
}

// ── changes that a unit of work will write ────────────────────────────────────────────────────────────────────────

function flush(receiver: Type, name: string, flow: Flow, walk: Walk): RawWrite[] {
  if (flow.pending.size === 0 || !/^(?:flush|commit|persistAndFlush|removeAndFlush|saveChanges|complete)$/.test(name)) return [];
  const parts = receiver.k === 'union' ? receiver.of : [receiver];
  if (!parts.some((p) => p.k === 'external' && (isMikroOrm(p.module) || /EntityManager$/.test(p.name)))) return [];
  const writes = [...flow.pending.values()].map((w) => (walk.transaction ? { ...w, transaction: walk.transaction } : w));
  flow.pending.clear();
  return writes;
}

function notePersist(arg: Expression, at: Range, env: Env, flow: Flow, walk: Walk): void {
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
function noteChange(target: Expression, at: Range, env: Env, flow: Flow, walk: Walk): void {
  if (target.e !== 'member' && target.e !== 'index') return;
  const owner = target.of;
  if (owner.e === 'this') return;
  const [draft] = blocksIn(typeOf(owner, env), walk, false);
  if (draft && (draft.mapped || draft.kind === 'aggregate-root')) changed(draft, owner, at, expressionText(target), env, flow, walk);
}

function noteCallChange(call: Call, env: Env, flow: Flow, walk: Walk): void {
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

/** A function of the project that is given a root and changes it: `transfer(from, to, amount)`. */
function noteChangesByCallee(call: Call, env: Env, flow: Flow, walk: Walk): void {
  const passed = call.args.flatMap((arg, index) => {
    const [draft] = arg.e === 'name' ? blocksIn(typeOf(arg, env), walk, false) : [];
    return draft ? [{ arg, index, draft }] : [];
  });
  if (passed.length === 0) return;
  for (const target of targetsOf(call, env, walk)) {
    for (const { arg, index, draft } of passed) {
      const pattern = target.fn.parameters[index]?.pattern;
      if (pattern?.p !== 'name') continue;
      let changes = false;
      eachExpression(target.fn.body ?? [], (e) => {
        if (
          e.e === 'call' &&
          e.callee.e === 'member' &&
          e.callee.of.e === 'name' &&
          e.callee.of.name === pattern.name &&
          changedBy(draft.symbol, e.callee.name).size > 0
        )
          changes = true;
        if (e.e === 'assign' && e.target.e === 'member' && e.target.of.e === 'name' && e.target.of.name === pattern.name) changes = true;
      });
      if (changes) notePending(draft, arg, call.at, expressionText(call), env, flow, walk);
    }
  }
}

/** A relation to another aggregate that the other side writes. */
function inverseOnly(draft: Draft, name: string, walk: Walk): boolean {
  const field = stateOf(draft.symbol).find((f) => f.name === name);
  if (!field || !isInverse(field.decorators)) return false;
  return !blocksIn(field.type, walk).some((d) => walk.model.rootsOf(d)[0] === walk.model.rootsOf(draft)[0]);
}

function changed(draft: Draft, subject: Expression, at: Range, text: string, env: Env, flow: Flow, walk: Walk): void {
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

function isCreation(init: Expression): boolean {
  if (init.e === 'new') return true;
  return init.e === 'call' && init.callee.e === 'member' && init.callee.of.e === 'name' && /^[A-Z]/.test(init.callee.of.name);
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

// ── helpers over blocks ───────────────────────────────────────────────────────────────────────────────────────────

function isDomain(draft: Draft): boolean {
  return draft.kind === 'aggregate-root' || draft.kind === 'entity';
}

/** Roots and entities that a value of this type is or brings; lists opened unless told otherwise. */
function blocksIn(type: Type, walk: Walk, open = true): Draft[] {
  const inner = withoutNull(type);
  if (!open) {
    const shape =
      inner.k === 'named' && inner.symbol.declaration.kind === 'alias' && !walk.model.drafts.of(inner.symbol)?.kind
        ? structure(inner)
        : inner;
    const parts = shape.k === 'union' || shape.k === 'intersection' ? shape.of : [shape];
    return parts.flatMap((p) => {
      const named =
        p.k === 'external' && /^(?:Loaded|Ref|Reference|Promise|HydratedDocument|Readonly|Result)$/.test(p.name) ? p.args[0] : p;
      const draft = named?.k === 'named' ? walk.model.drafts.of(named.symbol) : undefined;
      return draft && isDomain(draft) ? [draft] : [];
    });
  }
  return carried(inner, 'everything')
    .map((s) => walk.model.drafts.of(s))
    .filter((d): d is Draft => d !== undefined && isDomain(d) && !d.base);
}

function unique<T>(items: readonly T[]): T[] {
  return [...new Set(items)];
}
