import { awaited, elementOf, structure, superTypes, type Type, UNKNOWN, unionOf, withoutNull } from './types.js';

/** The arguments of a call, typed only when asked for. */
export interface Arguments {
  readonly count: number;
  readonly type: (index: number) => Type;
  /** The elements of an array literal at `index`, each by itself. */
  readonly elements: (index: number) => readonly Type[] | undefined;
  /** What the callback at `index` returns when it is given arguments of these types. */
  readonly returned: (index: number, given: readonly Type[]) => Type;
  readonly typeArgument: Type | undefined;
}

/** Calls on arrays, maps, sets, promises and functions. */
export function platformCall(receiver: Type, name: string, args: Arguments): Type | undefined {
  const shape = builtIn(receiver);
  if (!shape) return undefined;
  if (shape.k === 'function') return name === 'bind' ? shape : undefined;
  if (shape.k === 'external') {
    if (shape.value) return staticCall(shape.name, name, args);
    if (shape.name === 'Promise') return promiseCall(shape, name, args);
    if (isMap(shape)) return mapCall(shape, name);
  }
  return listCall(shape, name, args);
}

/** What the platform hands to a callback. */
export function platformCallback(receiver: Type, name: string, args: Arguments): readonly (Type | undefined)[] | undefined {
  const shape = builtIn(receiver);
  if (!shape || shape.k === 'function') return undefined;
  if (shape.k === 'external') {
    if (shape.value) return shape.name === 'Array' && name === 'from' ? [iterated(args.type(0))] : undefined;
    if (shape.name === 'Promise') return name === 'then' ? [awaited(shape)] : undefined;
    if (isMap(shape)) return name === 'forEach' ? [shape.args[1], shape.args[0]] : undefined;
  }
  const element = elementOf(shape);
  if (name === 'reduce' || name === 'reduceRight') return [args.typeArgument ?? (args.count > 1 ? args.type(1) : element), element];
  return element && [element, name === 'sort' || name === 'toSorted' ? element : undefined, receiver];
}

/** What `for … of` yields: pairs for a Map. */
export function iterated(source: Type): Type {
  const shape = structure(source);
  if (shape.k === 'external' && isMap(shape)) return { k: 'tuple', of: [...shape.args] };
  return elementOf(source) ?? UNKNOWN;
}

/** Type arguments of `new Map(pairs)` and `new Set(items)`. */
export function collectionArguments(name: string, source: Type): readonly Type[] {
  const element = iterated(source);
  if (!/Map$/.test(name)) return element.k === 'unknown' ? [] : [element];
  return [partOf(element, 0), partOf(element, 1)];
}

/** The element at a known position. */
export function partOf(type: Type, index: number): Type {
  const shape = structure(type);
  if (shape.k === 'tuple') return shape.of[index] ?? UNKNOWN;
  if (shape.k === 'array' && shape.parts) return shape.parts[index] ?? UNKNOWN;
  return elementOf(type) ?? UNKNOWN;
}

export function promiseOf(type: Type): Type {
  return { k: 'external', name: 'Promise', module: undefined, args: [type] };
}

type BuiltIn = Extract<Type, { k: 'array' | 'tuple' | 'external' | 'function' }>;

/** The platform's type behind a receiver, through classes that extend one: `class Orders extends Array<Order>`. */
function builtIn(receiver: Type, depth = 0): BuiltIn | undefined {
  const shape = structure(withoutNull(receiver));
  if (shape.k === 'array' || shape.k === 'tuple' || shape.k === 'function') return shape;
  if (shape.k === 'external') return shape.module === undefined && (shape.value || PLATFORM.has(shape.name)) ? shape : undefined;
  if (shape.k !== 'named' || shape.symbol.declaration.kind !== 'class' || depth > 6) return undefined;
  const [base] = shape.symbol.declaration.extends ? superTypes(shape) : [];
  return base && builtIn(base, depth + 1);
}

const PLATFORM = new Set([
  'Promise',
  'PromiseLike',
  'Map',
  'ReadonlyMap',
  'WeakMap',
  'Set',
  'ReadonlySet',
  'IterableIterator',
  'Iterator',
  'Generator',
  'ArrayIterator',
  'MapIterator',
]);

function isMap(type: Extract<Type, { k: 'external' }>): boolean {
  return type.name === 'Map' || type.name === 'ReadonlyMap' || type.name === 'WeakMap';
}

function promiseCall(promise: Extract<Type, { k: 'external' }>, name: string, args: Arguments): Type | undefined {
  if (name === 'then') return args.count > 0 ? promiseOf(awaited(args.returned(0, [awaited(promise)]))) : promise;
  return name === 'catch' || name === 'finally' ? promise : undefined;
}

function mapCall(map: Extract<Type, { k: 'external' }>, name: string): Type | undefined {
  const [key = UNKNOWN, value = UNKNOWN] = map.args;
  if (name === 'get') return unionOf([value, { k: 'primitive', name: 'undefined' }]);
  if (name === 'set') return map;
  if (name === 'values') return iteratorOf(value);
  if (name === 'keys') return iteratorOf(key);
  return name === 'entries' ? iteratorOf({ k: 'tuple', of: [key, value] }) : undefined;
}

function listCall(list: BuiltIn, name: string, args: Arguments): Type | undefined {
  const element = elementOf(list) ?? UNKNOWN;
  if (SAME.has(name)) return listOf(element);
  if (PICKING.has(name)) return element;
  if (name === 'map') return listOf(args.returned(0, [element]));
  if (name === 'flatMap') {
    const returned = args.returned(0, [element]);
    return listOf(elementOf(returned) ?? returned);
  }
  if (name === 'flat') return listOf(elementOf(element) ?? element);
  if (name === 'reduce' || name === 'reduceRight') return args.typeArgument ?? (args.count > 1 ? args.type(1) : element);
  if (name === 'values') return iteratorOf(element);
  if (name === 'keys') return iteratorOf({ k: 'primitive', name: 'number' });
  return name === 'entries' ? iteratorOf({ k: 'tuple', of: [{ k: 'primitive', name: 'number' }, element] }) : undefined;
}

const SAME = new Set([
  'filter',
  'slice',
  'concat',
  'sort',
  'reverse',
  'toSorted',
  'toReversed',
  'splice',
  'toSpliced',
  'with',
  'fill',
  'copyWithin',
  'toArray',
  'take',
  'drop',
]);
const PICKING = new Set(['find', 'findLast', 'at', 'pop', 'shift']);

function staticCall(owner: string, name: string, args: Arguments): Type | undefined {
  if (args.count === 0) return undefined;
  if (owner === 'Promise') return staticPromise(name, args);
  if (owner === 'Array') {
    if (name === 'of') return listOf(args.type(0));
    if (name !== 'from') return undefined;
    const element = iterated(args.type(0));
    return listOf(args.count > 1 ? args.returned(1, [element]) : element);
  }
  if (owner !== 'Object' && owner !== 'Map') return owner === 'structuredClone' ? args.type(0) : undefined;
  if (name === 'freeze' || name === 'assign' || name === 'seal') return args.type(0);
  const element = elementOf(args.type(0)) ?? UNKNOWN;
  if (name === 'values') return listOf(element);
  if (name === 'entries') return listOf({ k: 'tuple', of: [{ k: 'primitive', name: 'string' }, element] });
  if (name === 'fromEntries') return { k: 'external', name: 'Record', module: undefined, args: [partOf(element, 0), partOf(element, 1)] };
  if (name === 'groupBy')
    return {
      k: 'external',
      name: owner === 'Map' ? 'Map' : 'Record',
      module: undefined,
      args: [{ k: 'primitive', name: 'string' }, listOf(element)],
    };
  return undefined;
}

function staticPromise(name: string, args: Arguments): Type | undefined {
  if (name === 'resolve') return promiseOf(awaited(args.type(0)));
  const one = (): Type => awaited(elementOf(args.type(0)) ?? UNKNOWN);
  if (name === 'race' || name === 'any') return promiseOf(one());
  if (name !== 'all' && name !== 'allSettled') return undefined;
  const wrap = (type: Type): Type =>
    name === 'all' ? type : { k: 'external', name: 'PromiseSettledResult', module: undefined, args: [type] };
  const each = args.elements(0);
  return promiseOf(each ? { k: 'tuple', of: each.map((type) => wrap(awaited(type))) } : listOf(wrap(one())));
}

function listOf(type: Type): Type {
  return { k: 'array', of: type, readonly: false };
}

function iteratorOf(type: Type): Type {
  return { k: 'external', name: 'IterableIterator', module: undefined, args: [type] };
}
