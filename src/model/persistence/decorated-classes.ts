import type { Decorator, Expression } from '../../facts/facts.js';
import type { TableRelation } from '../domain-model.js';
import type { Draft, Drafts } from '../drafts.js';
import { bind, type Declared, type Scope, spanOf } from '../program.js';
import { type StateField, stateOf } from '../state.js';
import { lastPart } from '../text.js';
import { programOf, type Type, withoutNull } from '../types.js';
import { isMapping, isMikroOrm, isOrm } from '../vocabulary.js';
import { entryOf, isOn, namedBy, objectsAmong, snake, textOf } from './literals.js';
import { type ColumnSpec, type MappedTable, mappedTable, plain } from './mapped-table.js';

/** Tables that decorators map: TypeORM, MikroORM, sequelize-typescript, Mongoose for Nest, Typegoose. */
export function decoratedTables(drafts: Drafts): MappedTable[] {
  return drafts.all.flatMap((draft) => {
    const { declaration } = draft.symbol;
    if (!draft.mapped || declaration.kind !== 'class') return [];
    const mapping = mappingOf(draft.symbol);
    return mapping && !/^(?:Embeddable|ViewEntity)$/.test(mapping.kind) ? [tableOf(draft, mapping, drafts)] : [];
  });
}

interface Mapping {
  readonly kind: string;
  readonly decorator: Decorator;
  readonly module: string;
}

function mappingOf(symbol: Declared): Mapping | undefined {
  const { declaration } = symbol;
  if (declaration.kind !== 'class') return undefined;
  for (const decorator of declaration.decorators) {
    const module = moduleOf(decorator.name, symbol.scope);
    if (module !== undefined && isMapping(decorator.name, module)) return { kind: lastPart(decorator.name), decorator, module };
  }
  return undefined;
}

function tableOf(draft: Draft, mapping: Mapping, drafts: Drafts): MappedTable {
  const { symbol } = draft;
  const parent = parentTable(draft, drafts);
  const owner = parent?.symbol ?? symbol;
  const from = parent?.mapping ?? mapping;
  const { name, named } = tableName(owner, from);
  const fields = stateOf(symbol).filter((f) => f.via === 'field');
  const discriminator = discriminatorOf(owner);
  const columns = distinct(fields.flatMap((f) => columnOf(f, symbol.scope, mapping)));
  const compares = checksOnUpdate(mapping);
  // The library keeps a version that the class does not know.
  const kept = compares && !isMikroOrm(mapping.module) && !columns.some((c) => c.version);
  return mappedTable({
    file: symbol.file,
    name,
    named,
    at: symbol.declaration.at,
    mappedBy: symbol,
    symbols: [symbol],
    columns: [
      ...columns.map((c) => (discriminator && (c.name ?? c.field) === discriminator ? { ...c, discriminator: true } : c)),
      ...(kept ? [{ field: 'version', at: mapping.decorator.at, version: true }] : []),
    ],
    relations: fields.flatMap((f) => relationOf(f, symbol.scope)),
    rows: parent ? draft.name : undefined,
    checksVersion: compares,
  });
}

/** A foreign key may be mapped twice: as a column, and by its relation. */
function distinct(columns: readonly ColumnSpec[]): ColumnSpec[] {
  const names = columns.map((c) => plain(c.name ?? c.field));
  return columns.filter((_, i) => names.indexOf(names[i] ?? '') === i);
}

/** One table for a hierarchy: `@ChildEntity()`, or MikroORM's heirs of an entity with a discriminator. */
function parentTable(draft: Draft, drafts: Drafts): { readonly symbol: Declared; readonly mapping: Mapping } | undefined {
  for (const ancestor of draft.lineage) {
    const base = ancestor.via === 'extends' && ancestor.symbol ? drafts.of(ancestor.symbol) : undefined;
    if (!base || base === draft || !base.mapped) continue;
    const mapping = mappingOf(base.symbol);
    if (mapping && discriminatorOf(base.symbol) !== undefined) return { symbol: base.symbol, mapping };
  }
  return undefined;
}

function discriminatorOf({ declaration, scope }: Declared): string | undefined {
  if (declaration.kind !== 'class') return undefined;
  for (const { name, args } of declaration.decorators) {
    for (const options of objectsAmong(args)) {
      if (lastPart(name) === 'TableInheritance') return textOf(entryOf(entryOf(options, 'column'), 'name'), scope) ?? 'type';
      const column = entryOf(options, 'discriminatorColumn') ?? entryOf(options, 'discriminatorKey');
      if (column) return textOf(column, scope) ?? 'type';
    }
  }
  return undefined;
}

function tableName(symbol: Declared, { kind, decorator, module }: Mapping): { readonly name: string; readonly named: boolean } {
  const [first] = decorator.args ?? [];
  const [options] = objectsAmong(decorator.args);
  const given = ['name', 'tableName', 'collection'].map((key) => textOf(entryOf(options, key), symbol.scope)).find((t) => t !== undefined);
  const written = (first?.e === 'object' ? undefined : textOf(first, symbol.scope)) ?? given;
  const schema = textOf(entryOf(options, 'schema'), symbol.scope);
  const prefix = schema === undefined ? '' : `${schema}.`;
  if (written !== undefined) return { name: `${prefix}${written}`, named: true };
  // Both name a table after the class, in words; Sequelize and Mongoose make a plural of it.
  const byClass = (module === 'typeorm' || isMikroOrm(module)) && kind === 'Entity' && (first === undefined || first.e === 'object');
  return byClass ? { name: `${prefix}${snake(symbol.name)}`, named: true } : { name: symbol.name, named: false };
}

const COLUMN =
  /^(?:Column|PrimaryColumn|PrimaryGeneratedColumn|ObjectIdColumn|CreateDateColumn|UpdateDateColumn|DeleteDateColumn|VersionColumn|Generated|Property|PrimaryKey|SerializedPrimaryKey|Enum|Embedded|Prop|prop|ForeignKey|CreatedAt|UpdatedAt|DeletedAt|Version|TenantId)$/;
const RELATIONS: Readonly<Record<string, TableRelation['kind']>> = {
  OneToOne: 'one-to-one',
  OneToMany: 'one-to-many',
  ManyToOne: 'many-to-one',
  ManyToMany: 'many-to-many',
  HasOne: 'one-to-one',
  HasMany: 'one-to-many',
  BelongsTo: 'many-to-one',
  BelongsToMany: 'many-to-many',
  Embedded: 'embedded',
};

function columnOf(field: StateField, scope: Scope, { module }: Mapping): ColumnSpec[] {
  const own = field.decorators.filter((d) => isOrm(moduleOf(d.name, scope) ?? moduleOf(d.name, field.file.scope) ?? ''));
  const column = own.find((d) => COLUMN.test(lastPart(d.name)));
  if (!column) return foreignKeys(field, own, module, scope);
  const options = own.flatMap((d) => objectsAmong(d.args));
  const named = options
    .map((o) => textOf(entryOf(o, 'name') ?? entryOf(o, 'fieldName') ?? entryOf(o, 'field'), scope))
    .find((t) => t !== undefined);
  const names = own.map((d) => lastPart(d.name));
  return [
    {
      field: field.name,
      name: named ?? (isMikroOrm(module) ? snake(field.name) : undefined),
      at: field.at,
      key:
        names.some((n) => /^(?:Primary\w*|ObjectIdColumn|SerializedPrimaryKey)$/.test(n)) ||
        options.some((o) => isOn(o, 'primary') || isOn(o, 'primaryKey')) ||
        field.name === '_id',
      version: names.some((n) => /^Version(?:Column)?$/.test(n)) || options.some((o) => isOn(o, 'version')),
    },
  ];
}

/** The owning side of a relation keeps a foreign key: `customer_id`. */
function foreignKeys(field: StateField, own: readonly Decorator[], module: string, scope: Scope): ColumnSpec[] {
  const relation = own.find((d) => /^(?:ManyToOne|OneToOne)$/.test(lastPart(d.name)));
  if (!relation) return [];
  const options = own.flatMap((d) => objectsAmong(d.args));
  const mappedBy = options.some((o) => entryOf(o, 'mappedBy')) || (relation.args ?? []).slice(1).some((a) => a.e === 'function');
  const owning = lastPart(relation.name) === 'ManyToOne' || own.some((d) => lastPart(d.name) === 'JoinColumn') || !mappedBy;
  if (!owning) return [];
  const join = own.find((d) => lastPart(d.name) === 'JoinColumn');
  const named = [...(join ? objectsAmong(join.args) : []), ...options]
    .map((o) => textOf(entryOf(o, 'name') ?? entryOf(o, 'joinColumn') ?? entryOf(o, 'fieldName'), scope))
    .find((t) => t !== undefined);
  return [{ field: field.name, name: named ?? (isMikroOrm(module) ? `${snake(field.name)}_id` : `${field.name}Id`), at: field.at }];
}

function relationOf(field: StateField, scope: Scope): TableRelation[] {
  const decorator = field.decorators.find((d) => Object.hasOwn(RELATIONS, lastPart(d.name)));
  if (!decorator) return [];
  const options = objectsAmong(decorator.args);
  const [first] = decorator.args ?? [];
  const type = withoutNull(field.type);
  const to = relationTarget(first, scope) ?? relationTarget(entryOf(options[0], 'entity'), scope) ?? heldName(type) ?? field.text;
  const promised = type.k === 'external' && (type.name === 'Promise' || /^Lazy(?:Ref|Reference)$/.test(type.name));
  return [
    {
      field: field.name,
      at: spanOf(field.file.facts, field.at),
      to,
      kind: RELATIONS[lastPart(decorator.name)] ?? 'unknown',
      cascade: options.some((o) => isOn(o, 'cascade') || isOn(o, 'orphanRemoval')),
      eager: options.some((o) => isOn(o, 'eager')),
      lazy: promised || options.some((o) => isOn(o, 'lazy')),
    },
  ];
}

/** `LazyRef<User>` leads to User. */
function heldName(type: Type): string | undefined {
  if (type.k === 'named') return type.symbol.name;
  if (type.k === 'array') return heldName(type.of);
  return type.k === 'external' ? type.args.map(heldName).find((n) => n !== undefined) : undefined;
}

export function relationTarget(expression: Expression | undefined, scope: Scope): string | undefined {
  return namedBy(expression, scope)?.name ?? textOf(expression, scope);
}

/** TypeORM increments a version and compares it to nothing. */
function checksOnUpdate({ module, decorator }: Mapping): boolean {
  if (module === 'typeorm' || module === '@nestjs/typeorm') return false;
  return isMikroOrm(module) || objectsAmong(decorator.args).some((o) => isOn(o, 'optimisticConcurrency') || isOn(o, 'version'));
}

/** The decorator of TypeORM or MikroORM that maps a field to other rows. */
export function relationDecorator({ decorators, file }: StateField): Decorator | undefined {
  return decorators.find(({ name }) => {
    const module = moduleOf(name, file.scope);
    return Object.hasOwn(RELATIONS, lastPart(name)) && (module === 'typeorm' || isMikroOrm(module));
  });
}

function moduleOf(name: string, scope: Scope): string | undefined {
  const target = bind(programOf(scope), scope, name, 'value');
  return target.k === 'external' ? target.module : undefined;
}
