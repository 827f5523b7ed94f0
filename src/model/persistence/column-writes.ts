import type { Expression, FunctionFacts, Range } from '../../facts/facts.js';
import { concreteOf, isDomain, unique } from '../blocks-in.js';
import type { ColumnWrite, Table } from '../domain-model.js';
import type { Draft, Drafts } from '../drafts.js';
import { type Env, typeOf } from '../infer.js';
import { eachExpression } from '../mutation.js';
import type { Body, Watcher } from '../outside/sightings.js';
import { type Declared, type ProgramFile, spanOf } from '../program.js';
import { carried, type FoundRepository, isTestDouble } from '../repositories.js';
import { expressionText } from '../text.js';
import { resolveType, type Type } from '../types.js';
import { plain } from './mapped-table.js';
import { fixedText, type Payload, payloadOf, type Rows } from './payload.js';
import { mayWrite, statementOf, type WriteStatement } from './statements.js';
import { type Tables, type UsedTable, usedTable } from './tables.js';

/** A write of columns with all that tells whether another one meets it. */
export interface RowWrite {
  readonly write: ColumnWrite;
  readonly table: UsedTable;
  readonly file: ProgramFile;
  readonly aggregate: Draft | undefined;
  /** Values that every row it writes has: a type, the first words of a key. By column. */
  readonly fixed: ReadonlyMap<string, string>;
  /** Its row is the aggregate's own, not that of a part or a by-product. */
  readonly ownRow: boolean;
}

export interface Keeping {
  readonly drafts: Drafts;
  readonly repositories: readonly FoundRepository[];
  readonly rootsOf: (draft: Draft) => readonly Draft[];
}

/** Looks for statements that write columns of rows that may be there. */
export function rowWrites(keeping: Keeping, tables: () => Tables): { readonly watcher: Watcher; readonly found: RowWrite[] } {
  const keepers = new Map(keeping.repositories.map((r) => [r.draft, r]));
  const found: RowWrite[] = [];
  const seen = new Set<Expression>();
  const see = (e: Expression, env: Env, body: Body): void => {
    const { draft } = body;
    if (!draft || isDomain(draft) || draft.kind === 'value-object' || draft.kind === 'identifier' || isTestDouble(draft.name)) return;
    const statement = statementOf(e, env, seen);
    const write = statement && rowWrite(statement, env, { ...body, draft }, keepers.get(draft), keeping, tables());
    if (write) found.push(write);
  };
  return { watcher: { wanted: mayWrite, see }, found };
}

type OwnBody = Body & { readonly draft: Draft };

function rowWrite(
  statement: WriteStatement,
  env: Env,
  body: OwnBody,
  keeper: FoundRepository | undefined,
  keeping: Keeping,
  tables: Tables,
): RowWrite | undefined {
  const table = usedTable(statement.table, tables);
  if (!table) return undefined;
  const { draft } = body;
  const { file } = draft.symbol;
  const payload = written(statement, env, table);
  const columns = columnsOf(payload, statement, table);
  if (!columns) return undefined;
  const aggregate = aggregateOf(body, env, table, keeper, keeping);
  return {
    write: {
      table: table.name,
      columns,
      at: spanOf(file.facts, place(statement.at)),
      call: statement.at.e === 'call' ? shortened(expressionText(statement.at)) : `the statement on ${table.name}`,
      symbol: body.name,
      ...(draft.kind === undefined ? {} : { by: draft.id }),
      ...(aggregate ? { aggregate: aggregate.id } : {}),
    },
    table,
    file,
    aggregate,
    fixed: fixedValues(payload, statement, draft.symbol),
    ownRow: aggregate !== undefined && isOwnRow(aggregate, statement, payload, env, table, keeping),
  };
}

/** The call by its name; of a chain, the link that writes. */
function place(e: Expression): Range {
  if (e.e !== 'call') return e.at;
  const { callee } = e;
  if (callee.e !== 'member') return callee.at;
  return callee.of.e === 'call' ? callee.nameAt : [callee.at[0], callee.nameAt[1]];
}

function shortened(text: string): string {
  return text.length > 80 ? `${text.slice(0, 77)}…` : text;
}

// ── which columns ─────────────────────────────────────────────────────────────────────────────────────────────────

function written(statement: WriteStatement, env: Env, table: UsedTable): Payload {
  const { payload } = statement;
  if ('columns' in payload) return { entries: new Map(payload.columns.map((c) => [c, undefined])), whole: false, open: false };
  const rows: Rows = {
    ofType: (type) => isRowType(type, table),
    ofOrigin: (init, within) => readsFrom(init, within, table),
  };
  return payload
    .map((p) => payloadOf(p, env, rows))
    .reduce((a, b) => ({
      entries: new Map([...a.entries, ...b.entries]),
      whole: a.whole || b.whole,
      open: a.open || b.open,
    }));
}

function isRowType(type: Type, table: UsedTable): boolean {
  if (type.k === 'union') return type.of.some((part) => isRowType(part, table));
  if (type.k !== 'named') return false;
  if (table.symbols.includes(type.symbol)) return true;
  // `type OrderRow = typeof orders.$inferSelect`.
  const { declaration } = type.symbol;
  const of = declaration.kind === 'alias' && declaration.type.t === 'typeof' ? declaration.type.name : undefined;
  return table.symbols.some((s) => of === `${s.name}.$inferSelect`);
}

const READS = /^(?:find|get|select|selectFrom|query|first|one|load|fetch)/;

/** What was read from the same table a moment ago. */
function readsFrom(init: Expression, env: Env, table: UsedTable): boolean {
  let reads = false;
  let names = false;
  eachExpression([{ s: 'expression', of: init }], (e) => {
    if (e.e === 'member') {
      reads ||= READS.test(e.name);
      names ||= plain(e.name) === plain(table.name);
    } else if (e.e === 'literal') names ||= typeof e.value === 'string' && plain(e.value) === table.key;
    else if (e.e === 'name') {
      const type = table.symbols.length > 0 ? typeOf(e, env) : undefined;
      names ||= type?.k === 'value' && table.symbols.includes(type.symbol);
    }
  });
  return reads && names && init.e !== 'name';
}

function columnsOf(payload: Payload, { row }: WriteStatement, table: UsedTable): ColumnWrite['columns'] | undefined {
  if (payload.whole) return 'whole-row';
  if (payload.open) return row ? 'whole-row' : undefined;
  const columns = namesOf([...payload.entries.keys()], table.late ? undefined : table.mapping());
  return columns.length > 0 ? columns : undefined;
}

/** The columns behind fields; none for a relation, which is a table of its own. */
export function namesOf(names: readonly string[], mapping: Table | undefined): string[] {
  return names.flatMap((name) => nameOf(name, mapping) ?? []);
}

function nameOf(name: string, mapping: Table | undefined): string | undefined {
  const column = mapping?.columns.find((c) => c.field === name || c.name === name);
  if (column) return column.name;
  return mapping?.relations.some((r) => r.field === name) ? undefined : name;
}

// ── which rows ────────────────────────────────────────────────────────────────────────────────────────────────────

const TELLS_TYPES = /(?:^|_)(?:type|kind|discriminator|class|dtype|entity|model|aggregate)$|^_t$/i;
const IS_KEY = /^(?:pk|sk|_?id|uuid|key|partition_?key|sort_?key)$/i;

function fixedValues(payload: Payload, { where }: WriteStatement, at: Declared): ReadonlyMap<string, string> {
  const fixed = new Map<string, string>();
  for (const [name, value] of payload.entries) {
    if (!TELLS_TYPES.test(name) && !IS_KEY.test(name)) continue;
    const text = fixedText(value, at);
    if (text !== undefined) fixed.set(plain(name), text);
  }
  for (const [i, condition] of where.entries()) {
    for (const [name, value] of conditions(condition, where[i + 1], where[i + 2], at)) {
      const text = fixedText(value, at);
      if (text !== undefined) fixed.set(plain(name), text);
    }
  }
  return fixed;
}

/** `{ type: 'order' }`, `eq(t.type, 'order')`, `'type', '=', 'order'`. */
function conditions(e: Expression, next: Expression | undefined, last: Expression | undefined, at: Declared): [string, Expression][] {
  if (e.e === 'object')
    return e.entries.flatMap((entry): [string, Expression][] =>
      entry.o === 'property'
        ? entry.name === 'where'
          ? conditions(entry.value, undefined, undefined, at)
          : [[entry.name, entry.value]]
        : [],
    );
  if (e.e === 'call') {
    const [left, right] = e.args;
    const name = left?.e === 'member' ? left.name : undefined;
    if (name !== undefined && right && e.callee.e === 'name' && e.callee.name === 'eq') return [[name, right]];
    return e.args.flatMap((a) => (a.e === 'call' ? conditions(a, undefined, undefined, at) : []));
  }
  if (e.e !== 'literal' || typeof e.value !== 'string' || !/^[\w."]+$/.test(e.value)) return [];
  const operator = next?.e === 'literal' && next.value === '=';
  const value = operator ? last : next;
  return value && !(value.e === 'literal' && /^[<>!]?=|^in$|^like$/i.test(String(value.value)))
    ? [[e.value.split('.').at(-1) ?? e.value, value]]
    : [];
}

/** The aggregate's own row: the table bears its name, or the statement finds the row by the root's identity. */
function isOwnRow(
  root: Draft,
  statement: WriteStatement,
  payload: Payload,
  env: Env,
  table: UsedTable,
  { drafts, rootsOf }: Keeping,
): boolean {
  if (table.symbols.some((s) => rootsOf(drafts.of(s) ?? root)[0] === root && drafts.of(s) && isDomain(drafts.of(s) as Draft))) return true;
  if (bearsName(table, root)) return true;
  const keyed = table.late ? undefined : table.mapping();
  const keys = new Set(
    ['id', '_id', 'uuid', ...(keyed?.columns.flatMap((c) => (c.key ? [c.name, c.field ?? c.name] : [])) ?? [])].map(plain),
  );
  const isRoots = (e: Expression | undefined): boolean => e !== undefined && comesFrom(e, root, env, drafts);
  for (const [name, value] of payload.entries) if (keys.has(plain(name)) && isRoots(value)) return true;
  for (const [i, condition] of statement.where.entries())
    if (
      conditions(condition, statement.where[i + 1], statement.where[i + 2], root.symbol).some(
        ([name, value]) => keys.has(plain(name)) && isRoots(value),
      )
    )
      return true;
  if (statement.whereColumns.some((c) => keys.has(plain(c)))) return statement.where.length === 0 || statement.where.some(isRoots);
  return statement.where.length === 1 && isRoots(statement.where[0]);
}

/** `order.id`, `order.id.value`, `order.getId()`. */
function comesFrom(e: Expression, root: Draft, env: Env, drafts: Drafts): boolean {
  let base: Expression = e;
  for (;;) {
    if (base.e === 'member' || base.e === 'as' || base.e === 'await') base = base.of;
    else if (base.e === 'call' && base.callee.e === 'member') base = base.callee.of;
    else if (base.e === 'call' || base.e === 'new') {
      const [only] = base.args;
      if (!only) return false;
      base = only;
    } else break;
  }
  if (base.e !== 'name' && base.e !== 'this') return false;
  return carried(typeOf(base, env)).some((s) => drafts.of(s) === root);
}

/** `orders` is the table of an Order, and of a PricedOrder. */
export function bearsName(table: { readonly name: string }, root: Draft): boolean {
  const word = singular(plain(table.name.split('.').at(-1) ?? table.name));
  return word !== '' && plain(root.name).includes(word.replace(/(?:record|model|schema|entity|row|document)$/, ''));
}

function singular(name: string): string {
  return name.replace(/ies$/, 'y').replace(/(?:(?<=s|x|ch|sh)es|s)$/, '');
}

// ── for which aggregate ───────────────────────────────────────────────────────────────────────────────────────────

function aggregateOf(body: Body, env: Env, table: UsedTable, keeper: FoundRepository | undefined, keeping: Keeping): Draft | undefined {
  const { drafts, rootsOf } = keeping;
  const mapped = table.symbols.map((s) => drafts.of(s)).find((d) => d !== undefined && isDomain(d));
  if (mapped) return rootsOf(mapped)[0];
  const kept = unique((keeper?.keeps ?? []).flatMap((s) => concreteOf(s, drafts)).flatMap((d) => rootsOf(d).slice(0, 1)));
  if (kept.length === 1) return kept[0];
  const given = unique(
    parametersAround(body, env)
      .flatMap((type) => carried(type))
      .flatMap((s) => firstRoot(drafts.of(s), rootsOf)),
  );
  const fitting = kept.length > 0 ? given.filter((d) => kept.includes(d)) : given;
  return fitting.length === 1 ? fitting[0] : undefined;
}

function firstRoot(draft: Draft | undefined, rootsOf: Keeping['rootsOf']): readonly Draft[] {
  return draft ? rootsOf(draft).slice(0, 1) : [];
}

/** Types of the parameters of the functions that the statement stands in. */
function parametersAround({ fn, env: bodyEnv }: Body, env: Env): Type[] {
  const types: Type[] = [];
  const seen = new Set<FunctionFacts>();
  for (let e: Env | undefined = env; e; e = e.parent) {
    if (!e.fn || seen.has(e.fn)) continue;
    seen.add(e.fn);
    for (const p of e.fn.parameters) if (p.type) types.push(resolveType(p.type, e.context));
  }
  if (fn && !seen.has(fn)) for (const p of fn.parameters) if (p.type) types.push(resolveType(p.type, bodyEnv.context));
  return types;
}
