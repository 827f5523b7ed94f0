import type { Expression } from '../../facts/facts.js';
import { type Env, typeOf } from '../infer.js';
import { eachExpression } from '../mutation.js';
import type { Declared, Scope } from '../program.js';
import { expandAlias, superTypes, type Type, withoutNull } from '../types.js';
import { isOrm } from '../vocabulary.js';
import { entryOf, isOff, namedBy, textOf } from './literals.js';
import { sqlWrite } from './sql.js';

type Call = Extract<Expression, { e: 'call' }>;

/** What a statement names its table by. */
export type TableUse =
  | { readonly by: 'symbol'; readonly symbol: Declared }
  /** By the type of its rows, where no mapping may be in reach: `Collection<OrderDocument>`. */
  | { readonly by: 'rows'; readonly symbol: Declared }
  | { readonly by: 'name'; readonly name: string }
  /** `prisma.order`: the client's word for a model. */
  | { readonly by: 'delegate'; readonly delegate: string };

/** One statement that writes columns of rows that may be there already. */
export interface WriteStatement {
  readonly table: TableUse;
  /** What is written, or the columns themselves where the text lists them. */
  readonly payload: readonly Expression[] | { readonly columns: readonly string[] };
  /** The condition, or the columns that its text compares. */
  readonly where: readonly Expression[];
  readonly whereColumns: readonly string[];
  /** Given back as it was read or mapped: `save(entity)`, `replaceOne(row)`. */
  readonly row: boolean;
  /** The statement's call or text, to point at. */
  readonly at: Expression;
}

interface Link {
  readonly name: string;
  readonly args: readonly Expression[];
  readonly call: Call;
}

/** `db.updateTable('orders').set({…}).where(…)` as its calls, innermost first. */
function linksOf(e: Call): { readonly links: readonly Link[]; readonly root: Expression } {
  const links: Link[] = [];
  let at: Expression = e;
  for (;;) {
    if (at.e === 'call' && at.callee.e === 'member') {
      links.unshift({ name: at.callee.name, args: at.args, call: at });
      at = at.callee.of;
    } else if (at.e === 'await' || at.e === 'as') at = at.of;
    else return { links, root: at };
  }
}

const WRITING =
  /^(?:save|update|upsert|set|values|insert|merge|nativeUpdate|updateOne|updateMany|replaceOne|replace|findOneAnd(?:Update|Replace)|findByIdAndUpdate|doUpdateSet|onConflictDoUpdate|onDuplicateKeyUpdate|updateOrFail)$/;

/** By its names alone: whether an expression may be a statement that writes. */
export function mayWrite(e: Expression): boolean {
  if (e.e !== 'call') return sqlText(e) !== undefined;
  if (e.args.some((a) => sqlText(a) !== undefined)) return true;
  if (e.callee.e !== 'member') return false;
  if (WRITING.test(e.callee.name)) return true;
  return ENDING.test(e.callee.name) && linksOf(e).links.some((l) => WRITING.test(l.name));
}

/** What may stand behind the part of a chain that writes. */
const ENDING = /^(?:execute\w*|run|returning\w*|where\w*|andWhere|eq|match|toPromise|then|catch|exec|lean|transacting|from)$/;

function sqlText(e: Expression): string | undefined {
  const text = e.e === 'literal' ? e.value : e.e === 'template' ? e.text : undefined;
  return typeof text === 'string' && text.length > 12 && /^\s*(?:insert|update|replace|merge|with)\s/i.test(text) ? text : undefined;
}

/** The statement that an expression is; `seen` are the calls of chains and the texts that were read already. */
export function statementOf(e: Expression, env: Env, seen: Set<Expression>): WriteStatement | undefined {
  if (seen.has(e)) return undefined;
  if (e.e !== 'call') return ofText(e, e, []);
  const text = e.args.find((a) => sqlText(a) !== undefined);
  if (text) {
    seen.add(text);
    return ofText(text, e, e.args);
  }
  if (e.callee.e !== 'member') return undefined;
  const { links, root } = linksOf(e);
  for (const link of links) seen.add(link.call);
  return builder(links, env) ?? keyed(links, root, env) ?? prisma(e, env) ?? document(links, root, env) ?? mapper(links, env);
}

function ofText(e: Expression, at: Expression, args: readonly Expression[]): WriteStatement | undefined {
  const text = sqlText(e);
  const write = text === undefined ? undefined : sqlWrite(text);
  if (!write || write.columns.length === 0 || write.table.includes('?')) return undefined;
  const values = args.flatMap((a) => (a.e === 'array' ? a.elements.filter((x) => x !== undefined) : []));
  return {
    table: { by: 'name', name: write.table },
    payload: { columns: write.columns },
    where: e.e === 'template' ? [...e.parts, ...values] : values,
    whereColumns: write.where,
    row: false,
    at,
  };
}

// ── query builders ────────────────────────────────────────────────────────────────────────────────────────────────

/** `update(T).set(…)` of Drizzle and TypeORM, `updateTable('t').set(…)` of Kysely, upserts of both. */
function builder(links: readonly Link[], env: Env): WriteStatement | undefined {
  const { scope } = env.context;
  const where = links.filter((l) => /^(?:where|andWhere|whereRef)$/.test(l.name)).flatMap((l) => l.args);
  const set = links.find((l) => l.name === 'set');
  const update = links.find((l) => /^(?:update|updateTable)$/.test(l.name));
  if (set && update && links.indexOf(update) < links.indexOf(set)) {
    const table = tableOf(update.args[0], scope) ?? (update.args.length === 0 ? repositoryTable(links, env) : undefined);
    const [first, second] = set.args;
    if (!table || !first) return undefined;
    const column = second ? textOf(first, scope) : undefined;
    return {
      table,
      payload: column === undefined ? [first] : { columns: [column] },
      where,
      whereColumns: [],
      row: false,
      at: set.call,
    };
  }
  const insert = links.find((l) => /^(?:insert|insertInto|into)$/.test(l.name));
  const values = links.find((l) => l.name === 'values');
  if (!insert || !values) return undefined;
  const into = links.find((l) => l.name === 'into') ?? insert;
  const table = tableOf(into.args[0], scope);
  const conflict = links.find((l) => /^(?:onConflict|onConflictDoUpdate|onDuplicateKeyUpdate|orUpdate)$/.test(l.name));
  if (!table || !conflict) return undefined;
  const sets = conflictSets(conflict, scope);
  return sets && { table, payload: sets, where: values.args, whereColumns: [], row: false, at: conflict.call };
}

function conflictSets({ name, args }: Link, scope: Scope): WriteStatement['payload'] | undefined {
  const [first] = args;
  if (!first) return undefined;
  if (name === 'onConflictDoUpdate' || (name === 'onDuplicateKeyUpdate' && entryOf(first, 'set'))) {
    const set = entryOf(first, 'set');
    return set ? [set] : undefined;
  }
  if (name === 'orUpdate') {
    const columns = first.e === 'array' ? first.elements.map((x) => textOf(x, scope)) : [];
    return columns.length > 0 && columns.every((c) => c !== undefined) ? { columns } : undefined;
  }
  if (first.e !== 'function') return name === 'onDuplicateKeyUpdate' ? [first] : undefined;
  const sets: Expression[] = [];
  eachExpression(first.fn.body ?? [], (e) => {
    if (e.e === 'call' && e.callee.e === 'member' && e.callee.name === 'doUpdateSet' && e.args[0]) sets.push(e.args[0]);
  });
  return sets.length > 0 ? sets : undefined;
}

/** `this.knex('orders')`: called itself. */
function isKnex({ name, args, call }: Link, env: Env): boolean {
  if (args.length !== 1 || call.callee.e !== 'member') return false;
  if (/knex|^(?:db|trx|tx|qb|database)$/i.test(name)) return true;
  return externalsOf(withoutNull(typeOf(call.callee, env))).some((t) => t.k === 'external' && t.name === 'Knex');
}

/** `knex('orders').where(…).update({…})`, `from('orders').update({…})`, `knex('orders').insert(row).onConflict('id').merge()`. */
function keyed(links: readonly Link[], root: Expression, env: Env): WriteStatement | undefined {
  const { scope } = env.context;
  const source = links.find((l) => /^(?:from|table|into|collection)$/.test(l.name)) ?? links.slice(0, 1).find((l) => isKnex(l, env));
  const name = source
    ? textOf(source.args[0], scope)
    : root.e === 'call' && root.args.length === 1
      ? textOf(root.args[0], scope)
      : undefined;
  if (name === undefined || !/^[\w."]+$/.test(name)) return undefined;
  const table: TableUse = { by: 'name', name };
  const where = links.filter((l) => /^(?:where|andWhere|eq|match|filter)$/.test(l.name)).flatMap((l) => l.args);
  const update = links.find((l) => l.name === 'update');
  const [first, second] = update?.args ?? [];
  if (update && first) {
    const column = second && second.e !== 'array' && second.e !== 'object' ? textOf(first, scope) : undefined;
    return { table, payload: column === undefined ? [first] : { columns: [column] }, where, whereColumns: [], row: false, at: update.call };
  }
  const insert = links.find((l) => l.name === 'insert' || l.name === 'upsert');
  const merge = links.find((l) => l.name === 'merge');
  if (!insert?.args[0] || (!merge && insert.name !== 'upsert')) return undefined;
  const only = merge?.args[0];
  if (only?.e === 'array') {
    const columns = only.elements.map((x) => textOf(x, scope));
    return columns.every((c) => c !== undefined)
      ? { table, payload: { columns }, where: insert.args, whereColumns: [], row: false, at: (merge ?? insert).call }
      : undefined;
  }
  return { table, payload: [only ?? insert.args[0]], where: insert.args, whereColumns: [], row: false, at: (merge ?? insert).call };
}

// ── clients and mappers ───────────────────────────────────────────────────────────────────────────────────────────

/** `prisma.order.update({ where, data })`, `tx.order.upsert({ where, create, update })`. */
function prisma(e: Call, env: Env): WriteStatement | undefined {
  if (e.callee.e !== 'member' || !/^(?:update|updateMany|upsert|updateManyAndReturn)$/.test(e.callee.name)) return undefined;
  const { of } = e.callee;
  const [options] = e.args;
  if (of.e !== 'member' || options?.e !== 'object') return undefined;
  const data = e.callee.name === 'upsert' ? entryOf(options, 'update') : entryOf(options, 'data');
  const where = entryOf(options, 'where');
  if (!data || !isPrismaClient(of.of, env)) return undefined;
  return {
    table: { by: 'delegate', delegate: of.name },
    payload: [data],
    where: where ? [where] : [],
    whereColumns: [],
    row: false,
    at: e,
  };
}

function isPrismaClient(e: Expression, env: Env): boolean {
  const name = e.e === 'member' || e.e === 'name' ? e.name : '';
  if (/prisma/i.test(name)) return true;
  const type = withoutNull(typeOf(e, env));
  if (externalsOf(type).some((t) => t.k === 'external' && /^(?:PrismaClient|TransactionClient)$/.test(t.name))) return true;
  return type.k === 'unknown' && /^(?:tx|trx|transaction|client|db)$/.test(name);
}

/** `Orders.updateOne(filter, { $set: … })` of Mongoose models and of the driver's collections. */
function document(links: readonly Link[], root: Expression, env: Env): WriteStatement | undefined {
  const index = links.findIndex((l) => /^(?:updateOne|updateMany|replaceOne|findOneAnd(?:Update|Replace)|findByIdAndUpdate)$/.test(l.name));
  const link = links[index];
  const [filter, update] = link?.args ?? [];
  if (!link || !filter || !update) return undefined;
  const owner = link.call.callee.e === 'member' ? link.call.callee.of : root;
  const collection = links.slice(0, index).find((l) => l.name === 'collection');
  const name = collection && textOf(collection.args[0], env.context.scope);
  const table: TableUse | undefined = name === undefined ? ownerTable(owner, env) : { by: 'name', name };
  return table && { table, payload: [update], where: [filter], whereColumns: [], row: /replace/i.test(link.name), at: link.call };
}

const REPOSITORIES =
  /^(?:Repository|MongoRepository|TreeRepository|EntityRepository|SqlEntityRepository|Model|ReturnModelType|ModelType|ModelStatic|ModelCtor|PaginateModel)$/;
const MANAGERS = /^(?:\w*EntityManager|DataSource|Connection)$/;

/** `orders.save(record)`, `manager.update(Order, { id }, {…})`, `em.nativeUpdate(Order, { id }, {…})`, `OrderModel.update({…}, { where })`. */
function mapper(links: readonly Link[], env: Env): WriteStatement | undefined {
  const link = links.at(-1);
  if (link?.call.callee.e !== 'member' || !/^(?:save|update|upsert|nativeUpdate)$/.test(link.name)) return undefined;
  const { of } = link.call.callee;
  const receiver = withoutNull(typeOf(of, env));
  const [first, second, third] = link.args;
  if (!first) return undefined;
  const externals = externalsOf(receiver);
  const manager = externals.some((t) => t.k === 'external' && MANAGERS.test(t.name) && (t.module === undefined || isOrm(t.module)));
  const statement = (
    table: TableUse | undefined,
    payload: Expression | undefined,
    where: Expression | undefined,
    row: boolean,
  ): WriteStatement | undefined =>
    table && payload && { table, payload: [payload], where: where ? [where] : [], whereColumns: [], row, at: link.call };
  if (manager) {
    const named = namedBy(first, env.context.scope);
    if (link.name === 'save')
      return second && named ? statement(use(named), second, undefined, true) : statement(typed(first, env), first, undefined, true);
    if (link.name === 'upsert') return statement(named && use(named), second, undefined, false);
    return statement(named && use(named), third, second, false);
  }
  const table = ownerTable(of, env);
  if (!table) return undefined;
  if (link.name === 'save') return statement(table, first, undefined, true);
  if (link.name === 'upsert') return isOff(second, 'returning') ? undefined : statement(table, first, undefined, false);
  // Sequelize names what is written first, the others the condition.
  const where = entryOf(second, 'where');
  return where ? statement(table, first, where, false) : statement(table, second, first, false);
}

function use(symbol: Declared): TableUse {
  return { by: 'symbol', symbol };
}

/** The class that a value is typed by: `manager.save(record)`. */
function typed(e: Expression, env: Env): TableUse | undefined {
  const type = withoutNull(typeOf(e, env));
  return type.k === 'named' && type.symbol.declaration.kind === 'class' ? use(type.symbol) : undefined;
}

/** Whose rows a repository, a model or a collection keeps. */
function ownerTable(owner: Expression, env: Env): TableUse | undefined {
  const type = withoutNull(typeOf(owner, env));
  for (const t of externalsOf(type)) {
    if (t.k !== 'external' || !keepsRows(t.name, t.module)) continue;
    const [row] = t.args.map((a) => rowClass(a)).filter((s) => s !== undefined);
    if (row) return { by: 'rows', symbol: row };
  }
  const named = type.k === 'value' ? type.symbol : namedBy(owner, env.context.scope);
  return named && (named.declaration.kind === 'class' || named.declaration.kind === 'variable') ? use(named) : undefined;
}

function keepsRows(name: string, module: string | undefined): boolean {
  if (name === 'Collection') return module === 'mongodb';
  return REPOSITORIES.test(name) && (module === undefined || isOrm(module));
}

/** The repository that a query builder was asked for: `this.orders.createQueryBuilder().update().set(…)`. */
function repositoryTable(links: readonly Link[], env: Env): TableUse | undefined {
  const start = links.find((l) => l.name === 'createQueryBuilder');
  if (start?.call.callee.e !== 'member') return undefined;
  return tableOf(start.args[0], env.context.scope, true) ?? ownerTable(start.call.callee.of, env);
}

/** The class or type behind `HydratedDocument<Order>`, `Omit<OrderRow, 'lines'> & { … }`. */
function rowClass(type: Type): Declared | undefined {
  if (type.k === 'named' || type.k === 'value') return type.symbol;
  if (type.k === 'intersection') return type.of.map(rowClass).find((s) => s !== undefined);
  return type.k === 'external' && /^(?:HydratedDocument|Document|InstanceType|Omit|Pick|Required|Readonly|WithId)$/.test(type.name)
    ? type.args.map(rowClass).find((s) => s !== undefined)
    : undefined;
}

function tableOf(e: Expression | undefined, scope: Scope, symbolOnly = false): TableUse | undefined {
  const symbol = namedBy(e, scope);
  const text = textOf(e, scope);
  if (symbol && text === undefined) return use(symbol);
  return text === undefined || symbolOnly || !/^[\w."]+$/.test(text) ? undefined : { by: 'name', name: text.split(/\s+as\s+/i)[0] ?? text };
}

/** A library's type, or that which a class of the project extends. */
function externalsOf(type: Type, depth = 0): Type[] {
  if (type.k === 'union' || type.k === 'intersection') return type.of.flatMap((part) => externalsOf(part, depth + 1));
  if (type.k === 'external') return [type];
  if (type.k === 'named' && type.symbol.declaration.kind === 'alias') return externalsOf(expandAlias(type), depth + 1);
  if (type.k !== 'named' || type.symbol.declaration.kind !== 'class' || depth > 5) return [];
  return superTypes(type).flatMap((base) => externalsOf(base, depth + 1));
}
