import type { Expression, ObjectEntry, Statement } from '../../facts/facts.js';
import type { TableRelation } from '../domain-model.js';
import type { Draft, Drafts } from '../drafts.js';
import { bodiesOf, eachExpression } from '../mutation.js';
import { bind, type Declared, type ProgramFile, type Scope, spanOf } from '../program.js';
import { programOf } from '../types.js';
import { isMikroOrm } from '../vocabulary.js';
import { relationTarget } from './decorated-classes.js';
import { calleeOf, entryOf, isOn, namedBy, type ObjectLiteral, objectsAmong, snake, textOf } from './literals.js';
import { type ColumnSpec, type MappedTable, mappedTable } from './mapped-table.js';

type Call = Extract<Expression, { e: 'call' | 'new' }>;

/** Tables that objects describe: entity schemas, models of Sequelize and Mongoose, tables of Drizzle. */
export function describedTables(drafts: Drafts): MappedTable[] {
  const found: MappedTable[] = [];
  for (const draft of drafts.all) {
    const { declaration } = draft.symbol;
    if (declaration.kind === 'variable' && declaration.init) {
      const table = constantTable(declaration.init, draft);
      if (table) found.push(table);
    }
  }
  for (const [call, place] of initialised(drafts)) {
    const table = sequelizeModel(call, place);
    if (table) found.push(table);
  }
  return withModels(found, drafts);
}

function constantTable(init: Expression, draft: Draft): MappedTable | undefined {
  const { symbol } = draft;
  const call = innermostCall(init);
  if (!call) return undefined;
  const callee = schemaTable(call, symbol.scope) ?? calleeOf(call, symbol.scope);
  if (!callee?.module && callee?.name !== 'define') return sequelizeModel(call, symbol);
  switch (callee.name) {
    case 'EntitySchema':
      return isMikroOrm(callee.module) ? mikroSchema(call, symbol) : typeormSchema(call, symbol);
    case 'defineEntity':
      return isMikroOrm(callee.module) ? mikroSchema(call, symbol) : undefined;
    case 'Schema':
      return callee.module === 'mongoose' ? mongooseSchema(call, symbol) : undefined;
    default:
      return /^drizzle-orm(?:\/|$)/.test(callee.module ?? '') ? drizzleTable(call, symbol) : sequelizeModel(call, symbol);
  }
}

/** `pgTable(…).enableRLS()`: the call that makes the table. */
function innermostCall(e: Expression): Call | undefined {
  if (e.e === 'as' || e.e === 'await') return innermostCall(e.of);
  if (e.e === 'new') return e;
  if (e.e !== 'call') return undefined;
  return (e.callee.e === 'member' ? innermostCall(e.callee.of) : undefined) ?? e;
}

/** `sales.table('orders', …)`, where `sales = pgSchema('sales')`. */
function schemaTable(call: Call, scope: Scope): { readonly name: string; readonly module: string | undefined } | undefined {
  if (call.callee.e !== 'member' || call.callee.name !== 'table') return undefined;
  const owner = namedBy(call.callee.of, scope);
  const init = owner?.declaration.kind === 'variable' ? owner.declaration.init : undefined;
  const made = owner && init?.e === 'call' ? calleeOf(init, owner.scope) : undefined;
  return made && /^drizzle-orm\//.test(made.module ?? '') ? { name: 'table', module: made.module } : undefined;
}

// ── entity schemas ────────────────────────────────────────────────────────────────────────────────────────────────

function typeormSchema(call: Call, symbol: Declared): MappedTable | undefined {
  const [options] = objectsAmong(call.args);
  if (!options) return undefined;
  const { scope } = symbol;
  const target = namedBy(entryOf(options, 'target'), scope) ?? typeArgument(call, scope);
  const name = textOf(entryOf(options, 'tableName'), scope) ?? snake(textOf(entryOf(options, 'name'), scope) ?? symbol.name);
  const schema = textOf(entryOf(options, 'schema'), scope);
  const relations = properties(entryOf(options, 'relations'));
  return mappedTable({
    file: symbol.file,
    name: schema === undefined ? name : `${schema}.${name}`,
    named: true,
    at: symbol.declaration.at,
    mappedBy: target ?? symbol,
    symbols: target ? [symbol, target] : [symbol],
    columns: [
      ...properties(entryOf(options, 'columns')).map((p) => columnOf(p, scope, ['name'])),
      ...relations.flatMap((p) =>
        /many-to-one/.test(textOf(entryOf(p.value, 'type'), scope) ?? '') || isOn(p.value, 'joinColumn')
          ? [{ field: p.name, name: textOf(entryOf(entryOf(p.value, 'joinColumn'), 'name'), scope) ?? `${p.name}Id`, at: p.nameAt }]
          : [],
      ),
      ...properties(entryOf(options, 'embeddeds')).map((p) => ({ field: p.name, at: p.nameAt })),
    ],
    relations: relations.flatMap((p) => relationOf(p, symbol.file, scope)),
  });
}

function mikroSchema(call: Call, symbol: Declared): MappedTable | undefined {
  const [options] = objectsAmong(call.args);
  if (!options) return undefined;
  const { scope } = symbol;
  const target = namedBy(entryOf(options, 'class'), scope) ?? typeArgument(call, scope);
  const name =
    textOf(entryOf(options, 'tableName') ?? entryOf(options, 'collection'), scope) ??
    snake(target?.name ?? textOf(entryOf(options, 'name'), scope) ?? symbol.name);
  const schema = textOf(entryOf(options, 'schema'), scope);
  const given = entryOf(options, 'properties');
  const fields = properties(given?.e === 'function' ? returnedObject(given.fn.body ?? []) : given);
  const relations = fields.flatMap((p) => relationOf(p, symbol.file, scope));
  const related = new Set(relations.map((r) => r.field));
  const owning = new Set(relations.flatMap((r) => (r.kind === 'many-to-one' ? [r.field] : [])));
  return mappedTable({
    file: symbol.file,
    name: schema === undefined ? name : `${schema}.${name}`,
    named: true,
    at: symbol.declaration.at,
    mappedBy: target ?? symbol,
    symbols: target ? [symbol, target] : [symbol],
    columns: fields
      .filter((p) => !related.has(p.name) || owning.has(p.name))
      .map((p) => {
        const column = columnOf(p, scope, ['fieldName', 'name', 'joinColumn']);
        return { ...column, name: column.name ?? (owning.has(p.name) ? `${snake(p.name)}_id` : snake(p.name)) };
      }),
    relations,
    checksVersion: true,
  });
}

function typeArgument(call: Call, scope: Scope): Declared | undefined {
  const [first] = call.typeArgs ?? [];
  if (first?.t !== 'ref') return undefined;
  const target = bind(programOf(scope), scope, first.name, 'type');
  return target.k === 'symbol' ? target.symbol : undefined;
}

// ── Sequelize and Mongoose ────────────────────────────────────────────────────────────────────────────────────────

/** `sequelize.define('order', { … }, { … })`, `Order.init({ … }, { sequelize, … })`. */
function sequelizeModel(call: Call, place: Declared): MappedTable | undefined {
  const { callee, args } = call;
  if (callee.e !== 'member') return undefined;
  const [columns, options] = objectsAmong(args);
  if (!columns) return undefined;
  const { scope, file } = place;
  const own = callee.of.e === 'this' ? place : namedBy(callee.of, scope);
  const defined = callee.name === 'define' && args.length > 1 ? textOf(args[0], scope) : undefined;
  const isModel = callee.name === 'init' && own?.declaration.kind === 'class' && (entryOf(options, 'sequelize') ?? mentions(options));
  if (defined === undefined && !isModel) return undefined;
  const name = textOf(entryOf(options, 'tableName'), scope);
  const schema = textOf(entryOf(options, 'schema'), scope);
  const mapped = isModel ? own : place;
  const version = entryOf(options, 'version');
  const specs = properties(columns).map((p) => columnOf(p, scope, ['field']));
  const counted = version && isOn(options, 'version') ? (textOf(version, scope) ?? 'version') : undefined;
  return mappedTable({
    file,
    name: name === undefined ? (own?.name ?? defined ?? place.name) : schema === undefined ? name : `${schema}.${name}`,
    named: name !== undefined,
    at: isModel ? call.at : place.declaration.at,
    mappedBy: mapped,
    symbols: mapped ? [mapped] : [],
    columns: [
      ...specs.map((c) => (counted === c.field ? { ...c, version: true } : c)),
      ...(counted !== undefined && !specs.some((c) => c.field === counted) ? [{ field: counted, at: call.at, version: true }] : []),
    ],
    relations: [],
    checksVersion: counted !== undefined,
  });
}

function mentions(options: ObjectLiteral | undefined): boolean {
  return options?.entries.some((e) => e.o === 'property' && /^(?:tableName|modelName|timestamps|underscored)$/.test(e.name)) === true;
}

function mongooseSchema(call: Call, symbol: Declared): MappedTable | undefined {
  const [definition, options] = objectsAmong(call.args);
  if (!definition) return undefined;
  const { scope } = symbol;
  const collection = textOf(entryOf(options, 'collection'), scope);
  const fields = properties(definition);
  const compares = isOn(options, 'optimisticConcurrency');
  const versionKey = textOf(entryOf(options, 'versionKey'), scope) ?? '__v';
  const discriminator = textOf(entryOf(options, 'discriminatorKey'), scope);
  const { at } = symbol.declaration;
  return mappedTable({
    file: symbol.file,
    name: collection ?? symbol.name.replace(/Schema$/, ''),
    named: collection !== undefined,
    at: symbol.declaration.at,
    mappedBy: symbol,
    symbols: [symbol],
    columns: [
      ...fields.map((p) => ({ field: p.name, at: p.nameAt, key: p.name === '_id', version: p.name === versionKey })),
      ...(compares && !fields.some((p) => p.name === versionKey) ? [{ field: versionKey, at, version: true }] : []),
      ...(discriminator === undefined ? [] : [{ field: discriminator, at, discriminator: true }]),
    ],
    relations: [],
    checksVersion: compares,
  });
}

/** `export const OrderModel = model('Order', orderSchema)` stands for the schema's table. */
function withModels(tables: readonly MappedTable[], drafts: Drafts): MappedTable[] {
  const models = new Map<Declared, { readonly model: Declared; readonly collection: string | undefined }>();
  for (const { symbol } of drafts.all) {
    const init = symbol.declaration.kind === 'variable' ? symbol.declaration.init : undefined;
    const call = init && innermostCall(init);
    if (!call || calleeOf(call, symbol.scope)?.name !== 'model') continue;
    const schema = namedBy(call.args[1], symbol.scope);
    if (schema) models.set(schema, { model: symbol, collection: textOf(call.args[2], symbol.scope) });
  }
  return tables.map((table) => {
    const [own] = table.symbols;
    const known = own && models.get(own);
    if (!known) return table;
    const symbols = [...table.symbols, known.model];
    return known.collection === undefined ? { ...table, symbols } : { ...table, symbols, name: known.collection, named: true };
  });
}

/** `define` and `init` are called for what they do: at the top of a file, in a function, in a static block. */
function initialised(drafts: Drafts): [Call, Declared][] {
  const found: [Call, Declared][] = [];
  const collect = (statements: readonly Statement[], place: Declared): void =>
    eachExpression(statements, (e) => {
      if (e.e === 'call' && e.callee.e === 'member' && e.callee.name === 'init' && e.args.length > 1) found.push([e, place]);
    });
  const files = new Map<ProgramFile, Declared>();
  for (const { symbol } of drafts.all) {
    if (![...symbol.file.imports.values()].some((i) => i.from === 'sequelize')) continue;
    if (!files.has(symbol.file)) files.set(symbol.file, symbol);
    for (const body of bodiesOf(symbol.declaration)) collect(body, symbol);
  }
  for (const [file, symbol] of files) collect(file.facts.statements, symbol);
  return found;
}

// ── Drizzle ───────────────────────────────────────────────────────────────────────────────────────────────────────

function drizzleTable(call: Call, symbol: Declared): MappedTable | undefined {
  const { scope } = symbol;
  const name = textOf(call.args[0], scope);
  const given = call.args[1];
  const columns = properties(given?.e === 'function' ? returnedObject(given.fn.body ?? []) : given);
  if (name === undefined || columns.length === 0) return undefined;
  const schema = call.callee.e === 'member' ? schemaName(call.callee.of, scope) : undefined;
  return mappedTable({
    file: symbol.file,
    name: schema === undefined ? name : `${schema}.${name}`,
    named: true,
    at: symbol.declaration.at,
    mappedBy: symbol,
    symbols: [symbol],
    columns: columns.map(({ name: field, nameAt, value }) => {
      const first = firstCall(value);
      const calls = chain(value);
      return {
        field,
        name: textOf(first?.args[0], scope),
        at: nameAt,
        key: calls.has('primaryKey'),
        version: /^(?:version|row_?version|lock_?version)$/i.test(field),
      };
    }),
    relations: [],
  });
}

function schemaName(owner: Expression, scope: Scope): string | undefined {
  const symbol = namedBy(owner, scope);
  const init = symbol?.declaration.kind === 'variable' ? symbol.declaration.init : undefined;
  return symbol && init?.e === 'call' ? textOf(init.args[0], symbol.scope) : undefined;
}

function firstCall(e: Expression): Call | undefined {
  if (e.e !== 'call') return undefined;
  return e.callee.e === 'member' ? (firstCall(e.callee.of) ?? e) : e;
}

function chain(e: Expression): Set<string> {
  const names = new Set<string>();
  for (let at: Expression | undefined = e; at?.e === 'call'; at = at.callee.e === 'member' ? at.callee.of : undefined)
    if (at.callee.e === 'member' || at.callee.e === 'name') names.add(at.callee.name);
  return names;
}

// ── their properties ──────────────────────────────────────────────────────────────────────────────────────────────

type Property = Extract<ObjectEntry, { o: 'property' }>;

function properties(object: Expression | undefined): Property[] {
  return object?.e === 'object' ? object.entries.filter((e): e is Property => e.o === 'property') : [];
}

function returnedObject(statements: readonly Statement[]): Expression | undefined {
  const last = statements.at(-1);
  return last?.s === 'return' ? last.of : undefined;
}

function columnOf({ name, nameAt, value }: Property, scope: Scope, names: readonly string[]): ColumnSpec {
  const calls = chain(value);
  return {
    field: name,
    name: names.map((key) => textOf(entryOf(value, key), scope)).find((t) => t !== undefined),
    at: nameAt,
    key: isOn(value, 'primary') || isOn(value, 'primaryKey') || calls.has('primary'),
    version: isOn(value, 'version') || calls.has('version'),
  };
}

const KINDS: Readonly<Record<string, TableRelation['kind']>> = {
  'one-to-one': 'one-to-one',
  'one-to-many': 'one-to-many',
  'many-to-one': 'many-to-one',
  'many-to-many': 'many-to-many',
  '1:1': 'one-to-one',
  '1:m': 'one-to-many',
  'm:1': 'many-to-one',
  'm:n': 'many-to-many',
  ONE_TO_ONE: 'one-to-one',
  ONE_TO_MANY: 'one-to-many',
  MANY_TO_ONE: 'many-to-one',
  MANY_TO_MANY: 'many-to-many',
};

/** `{ kind: '1:m', entity: () => Item }`, `{ type: 'one-to-many', target: 'Item' }`, `p.oneToMany(Item).mappedBy('order')`. */
function relationOf({ name, nameAt, value }: Property, file: ProgramFile, scope: Scope): TableRelation[] {
  const given = entryOf(value, 'kind') ?? entryOf(value, 'reference') ?? entryOf(value, 'type');
  const word = textOf(given, scope) ?? (given?.e === 'member' ? given.name : undefined);
  const first = firstCall(value);
  const called = first?.callee.e === 'member' ? snake(first.callee.name).replaceAll('_', '-') : undefined;
  const kind = KINDS[word ?? ''] ?? KINDS[called ?? ''];
  if (!kind) return [];
  const calls = chain(value);
  const to = entryOf(value, 'entity') ?? entryOf(value, 'target') ?? first?.args[0];
  return [
    {
      field: name,
      at: spanOf(file.facts, nameAt),
      to: relationTarget(to, scope) ?? name,
      kind,
      cascade: isOn(value, 'cascade') || isOn(value, 'orphanRemoval') || calls.has('cascade') || calls.has('orphanRemoval'),
      eager: isOn(value, 'eager') || calls.has('eager'),
      lazy: isOn(value, 'lazy') || calls.has('lazy'),
    },
  ];
}
