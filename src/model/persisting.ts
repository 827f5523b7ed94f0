import type { Expression, Range } from '../facts/facts.js';
import { implementationsOf } from './actors.js';
import { blocksIn, concreteOf, isDomain, unique } from './blocks-in.js';
import { flush, notePersist } from './changes.js';
import type { Draft } from './drafts.js';
import { type Env, lookup, typeOf } from './infer.js';
import { instanceOfArgument, isMade } from './instances.js';
import { type Declared, spanOf } from './program.js';
import { carried } from './repositories.js';
import { expressionText } from './text.js';
import { findMembers, namedType, structure, type Type, withoutNull } from './types.js';
import { isMikroOrm, isOrm, isRepositoryName, isWriteName, REMOVE_VERBS, roleOfBase } from './vocabulary.js';
import type { Call, Flow, RawWrite, Walk } from './write-flow.js';

/** The writes of a call; undefined when it is no call of a repository, manager or store at all. */
export function writesOf(call: Call, env: Env, walk: Walk, flow: Flow): RawWrite[] | undefined {
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
  return [...own.map((write) => ({ ...write, source: { call, env } })), ...flushed];
}

/** `saveOrder(order)`, where `saveOrder` is typed by a function port. */
export function calledPort(callee: Expression, env: Env, walk: Walk): RawWrite[] | undefined {
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
export function repositoryTarget(receiver: Type, name: string, args: readonly Expression[], env: Env, walk: Walk): Draft[] | undefined {
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

export function writesFor(
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

/** Several instances in one call: `save(from, to)`, `save([from, to])`. */
function instancesAmong(args: readonly Expression[], target: Draft, env: Env, walk: Walk): Expression[] {
  const flat = args
    .flatMap((a): readonly (Expression | undefined)[] => (a.e === 'array' ? a.elements : [a]))
    .filter((a) => a !== undefined && a.e !== 'spread') as Expression[];
  return flat.filter((a) => blocksIn(typeOf(a, env), walk).includes(target));
}
