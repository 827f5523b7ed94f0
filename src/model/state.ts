import type { Decorator, Expression, Range, TypeMember, TypeNode, Visibility } from '../facts/facts.js';
import { typeOf } from './infer.js';
import { mutates } from './mutation.js';
import type { Declared, ProgramFile } from './program.js';
import { typeText } from './text.js';
import {
  COLLECTIONS,
  declarationContext,
  expandAlias,
  MAPS,
  memberType,
  namedType,
  parameterProperties,
  programOf,
  resolveType,
  structure,
  superTypes,
  TRANSPARENT,
  type Type,
  type TypeContext,
  UNKNOWN,
} from './types.js';

/** One piece of state, in place: where it is declared and what it holds. */
export interface StateField {
  readonly name: string;
  readonly file: ProgramFile;
  readonly at: Range;
  readonly via: 'field' | 'parameter-property' | 'property-bag';
  readonly type: Type;
  readonly node?: TypeNode;
  readonly text: string;
  readonly visibility: Visibility;
  readonly readonly: boolean;
  readonly decorators: readonly Decorator[];
  readonly init?: Expression;
  /** The class or interface that declares it, where that is not the block itself. */
  readonly declaredIn: Declared | undefined;
  /** For an entry: the field that is the bag, by name. */
  readonly bag?: { readonly name: string; readonly visibility: Visibility; readonly declaredIn: Declared | undefined };
}

const states = new WeakMap<Declared, readonly StateField[]>();

/** Instance state with what project bases declare, property bags opened. */
export function stateOf(symbol: Declared): readonly StateField[] {
  let known = states.get(symbol);
  if (!known) states.set(symbol, (known = collectState(symbol)));
  return known;
}

function collectState(symbol: Declared): readonly StateField[] {
  const { declaration } = symbol;
  if (declaration.kind === 'class') return classState(namedType(symbol), symbol, new Set());
  if (declaration.kind === 'interface' || declaration.kind === 'alias') {
    return properties(namedType(symbol)).map((p) => entryField(p, undefined));
  }
  if (declaration.kind === 'variable' && declaration.init) return schemaEntries(symbol).map((p) => p);
  return [];
}

function classState(type: Type, block: Declared, seen: Set<Declared>): StateField[] {
  if (type.k === 'external') return externalBag(type);
  if (type.k !== 'named' || type.symbol.declaration.kind !== 'class' || seen.has(type.symbol)) return [];
  seen.add(type.symbol);
  const { symbol } = type;
  const { declaration } = type.symbol;
  const context = declarationContext(type);
  const declaredIn = symbol === block ? undefined : symbol;
  const fields: StateField[] = [];
  const add = (field: StateField): void => {
    fields.push(field);
    if (isBag(field)) fields.push(...bagEntries(field));
  };
  for (const member of declaration.members) {
    if (member.kind !== 'property' || member.static || member.computed) continue;
    if (member.type?.t === 'function' || member.init?.e === 'function') continue;
    const valueType = memberType(type, member.name) ?? UNKNOWN;
    add({
      name: member.name,
      file: symbol.file,
      at: member.at,
      via: 'field',
      type: valueType,
      ...(member.type ? { node: member.type } : {}),
      text: member.type ? typeText(member.type) : describe(valueType),
      visibility: member.visibility,
      readonly: member.readonly,
      decorators: member.decorators,
      ...(member.init ? { init: member.init } : {}),
      declaredIn,
    });
  }
  for (const parameter of parameterProperties(declaration)) {
    if (parameter.pattern.p !== 'name' || !parameter.property) continue;
    add({
      name: parameter.pattern.name,
      file: symbol.file,
      at: parameter.pattern.at,
      via: 'parameter-property',
      type: resolveType(parameter.type, context),
      ...(parameter.type ? { node: parameter.type } : {}),
      text: typeText(parameter.type),
      visibility: parameter.property.visibility,
      readonly: parameter.property.readonly,
      decorators: parameter.decorators,
      declaredIn,
    });
  }
  const own = new Set(fields.map((f) => f.name));
  for (const base of superTypes(type)) {
    if (base.k === 'named' && base.symbol.declaration.kind !== 'class') continue;
    for (const inherited of classState(base, block, seen)) if (!own.has(inherited.name)) fields.push(inherited);
    break;
  }
  return fields;
}

/** `extends Aggregate<OrderProps>` of a library: the argument that is a plain object type is the bag. */
function externalBag(base: Extract<Type, { k: 'external' }>): StateField[] {
  return base.args.flatMap((arg) => {
    const shape = structure(arg);
    const plain =
      shape.k === 'object' ||
      (shape.k === 'named' && (shape.symbol.declaration.kind === 'interface' || isBagClass(shape.symbol))) ||
      shape.k === 'intersection';
    return plain ? properties(arg).map((p) => entryField(p, { name: 'props', visibility: 'protected', declaredIn: undefined })) : [];
  });
}

const BAG_NAMES = /^[_#]?(?:props|properties|state|attributes|data|fields|payload|params|values?)$/i;
const BAG_TYPES = /(?:Props|Properties|State|Attributes|Attrs|Params|Fields|Payload|Data)$/;

function isBag(field: StateField): boolean {
  let type = field.type;
  for (let i = 0; i < 4 && type.k === 'external' && TRANSPARENT.has(type.name) && type.args[0]; i++) type = type.args[0];
  const shape = structure(type);
  const plain =
    shape.k === 'object' ||
    shape.k === 'intersection' ||
    (shape.k === 'named' && (shape.symbol.declaration.kind === 'interface' || isBagClass(shape.symbol)));
  if (!plain) return false;
  if (shape.k === 'object' && shape.members.some((m) => m.kind === 'index')) return false;
  return (
    BAG_NAMES.test(field.name) || (type.k === 'named' && BAG_TYPES.test(type.symbol.name) && /props|state|attr/i.test(type.symbol.name))
  );
}

function bagEntries(bag: StateField): StateField[] {
  return properties(bag.type).map((p) => entryField(p, { name: bag.name, visibility: bag.visibility, declaredIn: bag.declaredIn }));
}

function entryField(property: Property, bag: StateField['bag']): StateField {
  return {
    name: property.name,
    file: property.file,
    at: property.at,
    via: bag ? 'property-bag' : 'field',
    type: property.type,
    ...(property.node ? { node: property.node } : {}),
    text: property.node ? typeText(property.node) : describe(property.type),
    visibility: bag?.visibility ?? 'public',
    readonly: property.readonly,
    decorators: [],
    declaredIn: property.declaredIn,
    ...(bag ? { bag } : {}),
  };
}

interface Property {
  readonly name: string;
  readonly file: ProgramFile;
  readonly at: Range;
  readonly type: Type;
  readonly node?: TypeNode;
  readonly readonly: boolean;
  readonly declaredIn: Declared | undefined;
}

/** `class OrderProps` with fields only is a property bag written as a class. */
function isBagClass(symbol: Declared): boolean {
  const { declaration } = symbol;
  return (
    declaration.kind === 'class' &&
    /(?:Props|Properties|Attributes)$/.test(symbol.name) &&
    declaration.members.every((m) => m.kind !== 'method' && m.kind !== 'get')
  );
}

/** Data properties of an object type: interfaces with what they extend, intersections, aliases, schema types. */
export function properties(type: Type, depth = 0): Property[] {
  if (depth > 8) return [];
  switch (type.k) {
    case 'named': {
      const { declaration } = type.symbol;
      if (declaration.kind === 'alias') {
        const schema = schemaOf(type.symbol);
        return schema ? schemaEntries(schema).map((f) => ({ ...f, declaredIn: undefined })) : properties(expandAlias(type), depth + 1);
      }
      if (isBagClass(type.symbol)) return stateOf(type.symbol).map((f) => ({ ...f, declaredIn: type.symbol }));
      if (declaration.kind !== 'interface') return [];
      const context = declarationContext(type);
      const own = declaration.members.flatMap((m) => property(m, context, type.symbol));
      const names = new Set(own.map((p) => p.name));
      return [...own, ...superTypes(type).flatMap((base) => properties(base, depth + 1).filter((p) => !names.has(p.name)))];
    }
    case 'object':
      return type.members.flatMap((m) => property(m, type.context, undefined));
    case 'intersection':
      return type.of.flatMap((part) => properties(part, depth + 1));
    case 'union':
      return type.of.flatMap((part) => properties(part, depth + 1));
    case 'external':
      if (!type.args[0] || type.module !== undefined || !TRANSPARENT.has(type.name)) return [];
      return READ_ONLY.test(type.name)
        ? properties(type.args[0], depth + 1).map((p) => ({ ...p, readonly: true }))
        : properties(type.args[0], depth + 1);
    case 'parameter':
      return type.constraint ? properties(type.constraint, depth + 1) : [];
    default:
      return [];
  }
}

const READ_ONLY = /^(?:Readonly|DeepReadonly|Immutable|Frozen)$/;

function property(member: TypeMember, context: TypeContext, declaredIn: Declared | undefined): Property[] {
  if (member.kind !== 'property' || member.computed || member.type?.t === 'function') return [];
  return [
    {
      name: member.name,
      file: context.scope.file,
      at: member.at,
      type: resolveType(member.type, context),
      ...(member.type ? { node: member.type } : {}),
      readonly: member.readonly,
      declaredIn,
    },
  ];
}

// ── schema and type pairs ─────────────────────────────────────────────────────────────────────────────────────────

const SCHEMA_TYPES = new Set([
  'Static',
  'infer',
  'input',
  'output',
  'TypeOf',
  'OutputOf',
  'InferOutput',
  'InferInput',
  'Infer',
  'InferType',
  'Type',
  'Encoded',
  'To',
  'From',
  'StaticDecode',
  'inferOutput',
]);

/** The schema constant behind `type Email = Static<typeof Email>`, `z.infer<typeof Email>`, `typeof Email.Type`. */
export function schemaOf(alias: Declared): Declared | undefined {
  const { declaration } = alias;
  if (declaration.kind !== 'alias') return undefined;
  const type =
    declaration.type.t === 'ref' && TRANSPARENT.has(declaration.type.name) && declaration.type.args[0]
      ? declaration.type.args[0]
      : declaration.type;
  const schemaName =
    type.t === 'ref' && SCHEMA_TYPES.has(type.name.split('.').at(-1) ?? '') && type.args[0]?.t === 'typeof'
      ? type.args[0].name
      : type.t === 'typeof' && /\.(?:Type|infer|_type|_output|static)$/.test(type.name)
        ? type.name.slice(0, type.name.lastIndexOf('.'))
        : type.t === 'indexed' && type.of.t === 'typeof'
          ? type.of.name
          : undefined;
  if (schemaName === undefined) return undefined;
  return alias.scope.names.get(schemaName)?.find((s) => s.declaration.kind === 'variable');
}

/** `String.withBrand('Email')`, `z.string().brand<'Email'>()`: a branded primitive. */
export function isBrandedSchema(schema: Declared): boolean {
  const { declaration } = schema;
  return (
    declaration.kind === 'variable' &&
    declaration.init !== undefined &&
    chainNames(declaration.init).some((n) => /brand/i.test(n) || n === 'refinement' || n === 'withConstraint')
  );
}

function chainNames(expression: Expression): string[] {
  if (expression.e === 'call')
    return [...chainNames(expression.callee), ...expression.args.flatMap((a) => (a.e === 'call' || a.e === 'member' ? chainNames(a) : []))];
  if (expression.e === 'member') return [...chainNames(expression.of), expression.name];
  return expression.e === 'name' ? [expression.name] : [];
}

/** Entries of `Record({…})`, `z.object({…})`, `S.Struct({…})`: each typed by the schema it names. */
function schemaEntries(schema: Declared): StateField[] {
  const { declaration } = schema;
  if (declaration.kind !== 'variable' || !declaration.init) return [];
  const shape = objectArgument(declaration.init);
  if (!shape) return [];
  return shape.entries.flatMap((entry) => {
    if (entry.o !== 'property') return [];
    const type = schemaType(entry.value, schema);
    return [
      {
        name: entry.name,
        file: schema.file,
        at: entry.nameAt,
        via: 'field' as const,
        type,
        text: describe(type),
        visibility: 'public' as const,
        readonly: true,
        decorators: [],
        declaredIn: undefined,
      },
    ];
  });
}

function objectArgument(expression: Expression): Extract<Expression, { e: 'object' }> | undefined {
  if (expression.e !== 'call') return undefined;
  const own = expression.args.find((a) => a.e === 'object');
  if (own?.e === 'object' && own.entries.length > 0) return own;
  if (expression.callee.e === 'member') return objectArgument(expression.callee.of);
  return expression.args.map(objectArgument).find((found) => found !== undefined);
}

/** `OrderId`, `z.array(OrderItem)`, `OrderItem.optional()`: the type named like the schema. */
function schemaType(expression: Expression, schema: Declared): Type {
  if (expression.e === 'name') {
    const context: TypeContext = { program: programOf(schema.scope), scope: schema.scope };
    const type = resolveType({ t: 'ref', name: expression.name, args: [], at: expression.at }, context);
    return type.k === 'named' ? type : UNKNOWN;
  }
  if (expression.e === 'call') {
    const context: TypeContext = { program: programOf(schema.scope), scope: schema.scope };
    if (expression.typeArgs?.[0] && expression.args.length === 0) return resolveType(expression.typeArgs[0], context);
    const name = expression.callee.e === 'member' ? expression.callee.name : expression.callee.e === 'name' ? expression.callee.name : '';
    const [first] = expression.args;
    if (first && /^(?:array|Array|set|Set|readonlyArray|ReadonlyArray|nonEmptyArray|map|record|Dictionary)$/.test(name)) {
      return { k: 'array', of: schemaType(expression.args.at(-1) ?? first, schema), readonly: false };
    }
    if (first && /^(?:optional|Optional|nullable|nullish|union|Union|lazy)$/.test(name)) return schemaType(first, schema);
    if (expression.callee.e === 'member') return schemaType(expression.callee.of, schema);
  }
  if (expression.e === 'member') return schemaType(expression.of, schema);
  return UNKNOWN;
}

// ── what a type holds ─────────────────────────────────────────────────────────────────────────────────────────────

export interface Held {
  readonly symbol: Declared;
  readonly as: 'value' | 'collection' | 'map';
  /** A container whose loading is left to the code: `Promise`, `Ref`, `LazyRef`. */
  readonly lazy: boolean;
}

/** Wrappers that carry a type argument as identity only. */
const PHANTOMS =
  /^(?:.*Id|Id|ID|Identifier|Identity|Key|Brand|Branded|Opaque|Tagged|Nominal|Phantom|Newtype|Type|Constructor|Class|EntityName|EntityProperty|Keyof|FilterQuery|OptionalProps|PrimaryProperty)$/;
const LAZY = new Set(['Promise', 'Ref', 'LazyRef', 'LazyReference', 'IdentifiedReference', 'Reference', 'Loaded', 'Rel', 'Relation']);

/**
 * The declarations a value of this type keeps hold of: arrays, maps, wrappers, plain object types and list classes are
 * looked through, functions are not. `isBlock` says where to stop.
 */
export function held(type: Type, isBlock: (symbol: Declared) => boolean): Held[] {
  const found: Held[] = [];
  const seen = new Set<unknown>();
  const visit = (t: Type, as: Held['as'], lazy: boolean, depth: number): void => {
    if (depth > 10) return;
    switch (t.k) {
      case 'array':
        visit(t.of, as === 'map' ? as : 'collection', lazy, depth + 1);
        break;
      case 'tuple':
        for (const part of t.of) visit(part, 'collection', lazy, depth + 1);
        break;
      case 'union':
      case 'intersection':
        for (const part of t.of) visit(part, as, lazy, depth + 1);
        break;
      case 'external': {
        if (t.value || PHANTOMS.test(t.name)) break;
        // A few picked properties are a snapshot; they may hold something themselves.
        if (t.name === 'Pick' && t.module === undefined) {
          const [of, keys] = t.args;
          for (const key of keys?.k === 'union' ? keys.of : keys ? [keys] : [])
            if (of && key.k === 'literal') visit(memberType(of, String(key.value)) ?? UNKNOWN, as, lazy, depth + 1);
          break;
        }
        const inner: Held['as'] = MAPS.has(t.name) ? 'map' : COLLECTIONS.has(t.name) ? 'collection' : as;
        for (const arg of t.args) visit(arg, inner, lazy || LAZY.has(t.name), depth + 1);
        break;
      }
      case 'object': {
        if (seen.has(t.members)) break;
        seen.add(t.members);
        for (const member of t.members) {
          if (member.kind === 'index') visit(resolveType(member.type, t.context), 'map', lazy, depth + 1);
          else if (member.kind === 'property' && !member.computed) visit(resolveType(member.type, t.context), as, lazy, depth + 1);
        }
        break;
      }
      case 'literal-object':
        for (const entry of t.entries) if (entry.o === 'property') visit(typeOf(entry.value, t.env), as, lazy, depth + 1);
        break;
      case 'named': {
        const { symbol } = t;
        const key = `${symbol.id}:${as}`;
        if (isBlock(symbol)) {
          if (!seen.has(key)) found.push({ symbol, as, lazy });
          seen.add(key);
          break;
        }
        if (seen.has(key) || PHANTOMS.test(symbol.name)) break;
        seen.add(key);
        const { declaration } = symbol;
        if (declaration.kind === 'alias') {
          if (schemaOf(symbol)) for (const p of properties(t)) visit(p.type, as, lazy, depth + 1);
          else visit(expandAlias(t), as, lazy, depth + 1);
        } else if (declaration.kind === 'interface' && collectionInterface(symbol)) {
          for (const arg of t.args) visit(arg, 'collection', lazy, depth + 1);
        } else if (declaration.kind === 'interface') {
          for (const p of properties(t)) visit(p.type, as, lazy, depth + 1);
        } else if (declaration.kind === 'class' && depth < 5) {
          // A list class of the project: what it keeps, it holds for its owner.
          for (const f of stateOf(symbol))
            visit(substituted(t, f), f.type.k === 'array' || as === 'collection' ? 'collection' : as, lazy, depth + 1);
        }
        break;
      }
    }
  };
  visit(type, 'value', false, 0);
  return found;
}

/** A generic class's field, read with this instance's arguments. */
function substituted(type: Extract<Type, { k: 'named' }>, field: StateField): Type {
  if (type.args.length === 0 && field.via !== 'property-bag') return field.type;
  return memberType(type, field.name) ?? field.type;
}

/** `interface ICollection<T> { add(item: T): void; … }`: elements go in and come out. */
export function collectionInterface(symbol: Declared): { readonly mutator: string } | undefined {
  const { declaration } = symbol;
  if (
    declaration.kind !== 'interface' ||
    declaration.typeParameters.length === 0 ||
    /Repository|Repo$|Store|Service|Dao|Gateway|Mapper|Handler|Factory|Client|Port$/.test(symbol.name)
  )
    return undefined;
  const [first] = declaration.typeParameters;
  const takes = (type: TypeNode | undefined): boolean => type?.t === 'ref' && type.name === first?.name;
  const mutator = declaration.members.find(
    (m) =>
      m.kind === 'method' &&
      /^(?:add|remove|push|set|delete|insert|append|replace)/.test(m.name) &&
      m.fn.parameters.some((p) => takes(p.type)),
  );
  const gives = declaration.members.some(
    (m) =>
      m.kind === 'method' && (m.name.includes('iterator') || /^(?:find|get|at|map|forEach|some|every|filter|toArray|values)/.test(m.name)),
  );
  return mutator && gives ? { mutator: mutator.name } : undefined;
}

/** A class of the project that is a mutable collection: it keeps elements and has a method that changes which. */
export function collectionClass(symbol: Declared): { readonly mutator: string } | undefined {
  const type = namedType(symbol);
  for (let current: Type | undefined = type, i = 0; current && i < 6; i++) {
    if (current.k !== 'named' || current.symbol.declaration.kind !== 'class') break;
    const { declaration } = current.symbol;
    const lists = new Set(
      declaration.members.flatMap((m) =>
        m.kind === 'property' && !m.static && isListType(memberType(namedType(symbol), m.name) ?? UNKNOWN) ? [m.name] : [],
      ),
    );
    for (const p of parameterProperties(declaration))
      if (p.pattern.p === 'name' && p.type && isListType(resolveType(p.type, declarationContext(current)))) lists.add(p.pattern.name);
    const mutator =
      lists.size > 0 &&
      declaration.members.find(
        (m) =>
          m.kind === 'method' &&
          !m.static &&
          m.visibility === 'public' &&
          /^(?:add|remove|push|set|delete|update|insert|clear|append|replace|put|pop)/.test(m.name) &&
          mutates(symbol, m.name),
      );
    if (mutator) return { mutator: mutator.name };
    current = superTypes(current)[0];
  }
  return undefined;
}

function isListType(type: Type): boolean {
  const shape = structure(type);
  return shape.k === 'array' || (shape.k === 'external' && /^(?:Map|Set)$/.test(shape.name));
}

export function describe(type: Type): string {
  switch (type.k) {
    case 'named':
      return type.args.length > 0 ? `${type.symbol.name}<${type.args.map(describe).join(', ')}>` : type.symbol.name;
    case 'external':
      return type.args.length > 0 ? `${type.name}<${type.args.map(describe).join(', ')}>` : type.name;
    case 'array':
      return `${type.readonly ? 'readonly ' : ''}${describe(type.of)}[]`;
    case 'union':
      return type.of.map(describe).join(' | ');
    case 'intersection':
      return type.of.map(describe).join(' & ');
    case 'tuple':
      return `[${type.of.map(describe).join(', ')}]`;
    case 'primitive':
    case 'parameter':
      return type.name;
    case 'literal':
      return JSON.stringify(type.value);
    case 'value':
      return `typeof ${type.symbol.name}`;
    case 'object':
    case 'literal-object':
      return '{ … }';
    case 'function':
      return '() => …';
    default:
      return 'unknown';
  }
}
