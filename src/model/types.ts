import type {
  ClassDeclaration,
  ClassMember,
  Expression,
  FunctionFacts,
  InterfaceDeclaration,
  ObjectEntry,
  Parameter,
  Range,
  TypeMember,
  TypeNode,
  TypeParameter,
} from '../facts/facts.js';
import type { Env } from './env.js';
import { bind, type Declared, memberTarget, type Program, type ProgramFile, type Scope, type Target } from './program.js';

/** A type as far as linking can tell: names are bound, generics substituted, the rest is unknown rather than guessed. */
export type Type =
  /** An instance of a class, interface, enum, or whatever an alias stands for. */
  | { readonly k: 'named'; readonly symbol: Declared; readonly args: readonly Type[] }
  /** A declaration used as a value: a constructor, a function, a namespace. */
  | { readonly k: 'value'; readonly symbol: Declared }
  | { readonly k: 'module'; readonly file: ProgramFile }
  /** A library's or the platform's: `Promise`, `Map`, `Repository` of an ORM. `value` for the name used as a value. */
  | {
      readonly k: 'external';
      readonly name: string;
      readonly module: string | undefined;
      readonly args: readonly Type[];
      readonly value?: boolean;
    }
  /** `parts` of a literal with elements of several types: `[id, order]`. */
  | { readonly k: 'array'; readonly of: Type; readonly readonly: boolean; readonly parts?: readonly Type[] }
  | { readonly k: 'tuple'; readonly of: readonly Type[] }
  | { readonly k: 'union'; readonly of: readonly Type[] }
  | { readonly k: 'intersection'; readonly of: readonly Type[] }
  | { readonly k: 'object'; readonly members: readonly TypeMember[]; readonly context: TypeContext }
  /** Inferred from an object literal. */
  | { readonly k: 'literal-object'; readonly entries: readonly ObjectEntry[]; readonly env: Env }
  | { readonly k: 'function'; readonly fn: FunctionFacts; readonly context: TypeContext; readonly env?: Env; readonly constructs?: boolean }
  | { readonly k: 'class-expression'; readonly declaration: ClassDeclaration; readonly env: Env; readonly instance: boolean }
  | { readonly k: 'parameter'; readonly name: string; readonly constraint?: Type }
  | { readonly k: 'primitive'; readonly name: string }
  | { readonly k: 'literal'; readonly value: string | number | boolean }
  | { readonly k: 'unknown' };

export interface TypeContext {
  readonly program: Program;
  readonly scope: Scope;
  /** Type parameters in reach; an unbound one is a `parameter`. */
  readonly params?: ReadonlyMap<string, Type>;
  /** What `this` stands for. */
  readonly self?: Type;
}

export const UNKNOWN: Type = { k: 'unknown' };

/** A member found on a type, with the context in which its types are to be read. */
export interface FoundMember {
  readonly name: string;
  /** The class or interface that declares it. */
  readonly owner: Declared | undefined;
  readonly is: ClassMember | TypeMember | Parameter | ObjectEntry;
  readonly context: TypeContext;
  readonly env?: Env;
}

const MAX_DEPTH = 24;

/** Types that lead back to themselves through values and members start anew at depth 0: this counts all the way. */
let nesting = 0;
const MAX_NESTING = 80;

export function resolveType(node: TypeNode | undefined, context: TypeContext, depth = 0): Type {
  if (!node || depth > MAX_DEPTH || nesting > MAX_NESTING) return UNKNOWN;
  nesting++;
  try {
    return resolveNode(node, context, depth);
  } finally {
    nesting--;
  }
}

function resolveNode(node: TypeNode, context: TypeContext, depth: number): Type {
  switch (node.t) {
    case 'ref':
      return resolveReference(node.name, node.args, context, depth);
    case 'keyword':
      if (node.name === 'this') return context.self ?? UNKNOWN;
      if (node.name === 'any' || node.name === 'unknown') return UNKNOWN;
      return { k: 'primitive', name: node.name };
    case 'literal':
      return { k: 'literal', value: node.value };
    case 'array':
      return { k: 'array', of: resolveType(node.of, context, depth + 1), readonly: false };
    case 'readonly': {
      const of = resolveType(node.of, context, depth + 1);
      return of.k === 'array' ? { ...of, readonly: true } : of;
    }
    case 'tuple':
      return { k: 'tuple', of: node.of.map((t) => resolveType(t, context, depth + 1)) };
    case 'union':
      return unionOf(node.of.map((t) => resolveType(t, context, depth + 1)));
    case 'intersection':
      return { k: 'intersection', of: node.of.map((t) => resolveType(t, context, depth + 1)) };
    case 'object':
      return { k: 'object', members: node.members, context };
    case 'function':
      return { k: 'function', fn: node.fn, context, ...(node.constructs ? { constructs: true } : {}) };
    case 'typeof':
      return typeofName(node.name, node.at, context);
    case 'indexed': {
      const of = resolveType(node.of, context, depth + 1);
      const by = resolveType(node.by, context, depth + 1);
      if (by.k === 'literal')
        return (
          (typeof by.value === 'number' ? positionOf(of, by.value) : undefined) ?? memberType(of, String(by.value), depth + 1) ?? UNKNOWN
        );
      return elementOf(of, depth + 1) ?? UNKNOWN;
    }
    case 'conditional':
      return conditionalType(node, context, depth);
    case 'mapped': {
      // A homomorphic map over `keyof T` that keeps `T[K]` is read as T itself.
      if (node.over.t === 'keyof') return resolveType(node.over.of, context, depth + 1);
      const to = resolveType(node.to, context, depth + 1);
      return { k: 'external', name: 'Record', module: undefined, args: [resolveType(node.over, context, depth + 1), to] };
    }
    case 'import': {
      const path = context.program.resolveModule(context.scope.file.facts.file, node.from);
      const file = path === undefined ? undefined : context.program.files.get(path);
      const args = node.args.map((t) => resolveType(t, context, depth + 1));
      if (!file) return { k: 'external', name: node.name, module: node.from, args };
      const target = memberTarget(context.program, { k: 'module', file }, node.name, 'type');
      return target?.k === 'symbol' ? { k: 'named', symbol: target.symbol, args } : UNKNOWN;
    }
    default:
      return UNKNOWN;
  }
}

/** `typeof orders` is what the constant holds, `typeof Order` the class as a value. */
function typeofName(name: string, at: Range, context: TypeContext): Type {
  const target = bind(context.program, context.scope, name, 'value');
  if (target.k !== 'symbol' || target.symbol.declaration.kind !== 'variable') return valueType(target);
  const held = expressionType({ e: 'name', name: target.symbol.name, at }, { program: context.program, scope: target.symbol.scope });
  return held.k === 'unknown' || held.k === 'literal-object' ? valueType(target) : held;
}

function positionOf(type: Type, index: number): Type | undefined {
  const shape = structure(type);
  return shape.k === 'tuple' ? shape.of[index] : elementOf(shape);
}

/** What `infer` finds where the shapes fit; else either branch, with nothing known of what would be inferred. */
function conditionalType(node: Extract<TypeNode, { t: 'conditional' }>, context: TypeContext, depth: number): Type {
  const inferred = new Map<string, Type>();
  const fits = inferParts(node.extends, resolveType(node.check, context, depth + 1), context, inferred, depth);
  const within = inferred.size > 0 ? { ...context, params: new Map([...(context.params ?? []), ...inferred]) } : context;
  const yes = resolveType(node.yes, within, depth + 1);
  if (fits && inferred.size > 0 && yes.k !== 'unknown') return yes;
  const either = unionOf([yes, resolveType(node.no, context, depth + 1)]);
  return isNullish(either) ? UNKNOWN : either;
}

function inferParts(node: TypeNode, type: Type, context: TypeContext, into: Map<string, Type>, depth: number): boolean {
  if (depth > MAX_DEPTH) return false;
  const inside = (part: TypeNode, of: Type | undefined): boolean =>
    inferParts(part, of ?? UNKNOWN, context, into, depth + 1) && of !== undefined;
  switch (node.t) {
    case 'infer':
      into.set(node.name, type);
      return type.k !== 'unknown';
    case 'array':
      return inside(node.of, elementOf(type));
    case 'readonly':
      return inside(node.of, type);
    case 'mapped':
      return node.to !== undefined && inside(node.to, undefined);
    case 'object':
      return node.members.every((m) => m.kind !== 'property' || !m.type || inside(m.type, memberType(type, m.name, depth + 1)));
    case 'function':
      return node.fn.returns === undefined || inside(node.fn.returns, callResult(type));
    case 'ref': {
      const actual = structure(type);
      const last = node.name.split('.').at(-1);
      const same = (actual.k === 'external' && actual.name === last) || (actual.k === 'named' && actual.symbol.name === last);
      const args = same && (actual.k === 'external' || actual.k === 'named') ? actual.args : [];
      return node.args.map((arg, i) => inside(arg, args[i])).every(Boolean) && (same || node.args.length === 0);
    }
    default:
      return true;
  }
}

function resolveReference(name: string, argNodes: readonly TypeNode[], context: TypeContext, depth: number): Type {
  const bound = context.params?.get(name);
  if (bound) return bound;
  const args = argNodes.map((t) => resolveType(t, context, depth + 1));
  const target = bind(context.program, context.scope, name, 'type');
  if (target.k === 'external') return externalType(target.name, target.module, args);
  if (target.k === 'module') return { k: 'module', file: target.file };
  return namedType(target.symbol, args);
}

export function namedType(symbol: Declared, args: readonly Type[] = []): Type {
  const { declaration } = symbol;
  if (declaration.kind === 'variable' || declaration.kind === 'function' || declaration.kind === 'namespace') return { k: 'value', symbol };
  return { k: 'named', symbol, args };
}

function externalType(name: string, module: string | undefined, args: readonly Type[]): Type {
  const [first = UNKNOWN] = args;
  if (module === undefined) {
    if (name === 'Array') return { k: 'array', of: first, readonly: false };
    if (name === 'ReadonlyArray') return { k: 'array', of: first, readonly: true };
    if (name === 'NonNullable' || name === 'NoInfer') return withoutNull(first);
    if (name === 'InstanceType') return instanceOf(first);
    if (name === 'ReturnType') return callResult(first);
    if (name === 'Awaited') return awaited(first);
    if (name === 'Parameters' || name === 'ConstructorParameters') return parametersOf(first) ?? UNKNOWN;
    if ((name === 'Extract' || name === 'Exclude') && args.length > 0) return first;
  }
  return { k: 'external', name, module, args };
}

function parametersOf(type: Type): Type | undefined {
  const shape = structure(type);
  const fn = shape.k === 'function' ? shape : undefined;
  if (fn) return { k: 'tuple', of: fn.fn.parameters.map((p) => resolveType(p.type, fn.context, 1)) };
  if (shape.k !== 'value') return undefined;
  const { declaration, scope } = shape.symbol;
  const context: TypeContext = { program: programOf(scope), scope };
  const creation = declaration.kind === 'class' ? declaration.members.find((m) => m.kind === 'constructor') : declaration;
  if (creation?.kind !== 'constructor' && creation?.kind !== 'function') return undefined;
  return { k: 'tuple', of: creation.fn.parameters.map((p) => resolveType(p.type, context, 1)) };
}

/** The type of a declaration used as a value. */
export function valueType(target: Target): Type {
  if (target.k === 'symbol') return { k: 'value', symbol: target.symbol };
  if (target.k === 'module') return { k: 'module', file: target.file };
  return { k: 'external', name: target.name, module: target.module, args: [], value: true };
}

/** What `new` on a value makes. */
export function instanceOf(type: Type, args: readonly Type[] = []): Type {
  if (type.k === 'value' && type.symbol.declaration.kind === 'class') return { k: 'named', symbol: type.symbol, args };
  if (type.k === 'external' && type.value) return externalType(type.name, type.module, args);
  if (type.k === 'class-expression') return { ...type, instance: true };
  if (type.k === 'function' && type.constructs) return resolveType(type.fn.returns, type.context);
  if (type.k === 'external' && (type.name === 'Type' || type.name === 'Constructor' || type.name === 'Newable'))
    return type.args[0] ?? UNKNOWN;
  return UNKNOWN;
}

export function unionOf(types: readonly Type[]): Type {
  const flat: Type[] = [];
  for (const type of types) {
    for (const part of type.k === 'union' ? type.of : [type]) {
      if (part.k === 'unknown') continue;
      if (!flat.some((known) => sameType(known, part))) flat.push(part);
    }
  }
  if (flat.length === 0) return UNKNOWN;
  return flat.length === 1 && flat[0] ? flat[0] : { k: 'union', of: flat };
}

export function sameType(a: Type, b: Type): boolean {
  if (a === b) return true;
  if (a.k === 'named' && b.k === 'named')
    return a.symbol === b.symbol && a.args.length === b.args.length && a.args.every((t, i) => sameType(t, b.args[i] ?? UNKNOWN));
  if (a.k === 'primitive' && b.k === 'primitive') return a.name === b.name;
  if (a.k === 'literal' && b.k === 'literal') return a.value === b.value;
  if (a.k === 'value' && b.k === 'value') return a.symbol === b.symbol;
  if (a.k === 'array' && b.k === 'array') return a.readonly === b.readonly && sameType(a.of, b.of);
  if (a.k === 'external' && b.k === 'external')
    return (
      a.name === b.name &&
      a.module === b.module &&
      a.args.length === b.args.length &&
      a.args.every((t, i) => sameType(t, b.args[i] ?? UNKNOWN))
    );
  return a.k === 'unknown' && b.k === 'unknown';
}

export function isNullish(type: Type): boolean {
  return type.k === 'primitive' && (type.name === 'null' || type.name === 'undefined' || type.name === 'void' || type.name === 'never');
}

export function withoutNull(type: Type): Type {
  return type.k === 'union' ? unionOf(type.of.filter((part) => !isNullish(part))) : type;
}

export function awaited(type: Type): Type {
  if (type.k === 'union') return unionOf(type.of.map(awaited));
  if (type.k === 'external' && PROMISES.has(type.name)) return awaited(type.args.at(-1) ?? UNKNOWN);
  if (type.k === 'named' && type.symbol.declaration.kind === 'alias') {
    const expanded = expandAlias(type);
    if (expanded.k === 'external' && PROMISES.has(expanded.name)) return awaited(expanded);
    if (expanded.k === 'union' && expanded.of.some((t) => t.k === 'external' && PROMISES.has(t.name))) return awaited(expanded);
  }
  return type;
}

/** `TaskEither<E, A>` is lazy, but for what flows through it the same. */
const PROMISES = new Set(['Promise', 'PromiseLike', 'Observable']);

/** One step through an alias; anything else is returned as it is. */
export function expandAlias(type: Type, depth = 0): Type {
  if (type.k !== 'named' || type.symbol.declaration.kind !== 'alias' || depth > MAX_DEPTH) return type;
  const { declaration } = type.symbol;
  // A recursive alias (`Merge<T> = … Merge<T[K]> …`) has no end, and with several branches too many beginnings.
  const level = expanding.get(type.symbol) ?? 0;
  if (level >= 2) return UNKNOWN;
  expanding.set(type.symbol, level + 1);
  try {
    return resolveType(declaration.type, declarationContext(type), depth + 1);
  } finally {
    expanding.set(type.symbol, level);
  }
}

/** Outlives the run, and must not keep it alive. */
const expanding = new WeakMap<Declared, number>();

/** Aliases and transparent wrappers (`Readonly`, `Partial`, unions with null) taken off. */
export function structure(type: Type, depth = 0): Type {
  if (depth > MAX_DEPTH) return UNKNOWN;
  if (type.k === 'named' && type.symbol.declaration.kind === 'alias') return structure(expandAlias(type, depth), depth + 1);
  if (type.k === 'external' && type.module === undefined && TRANSPARENT.has(type.name) && type.args[0])
    return structure(type.args[0], depth + 1);
  if (type.k === 'parameter' && type.constraint) return structure(type.constraint, depth + 1);
  if (type.k === 'union') {
    const rest = withoutNull(type);
    return rest.k === 'union' ? rest : structure(rest, depth + 1);
  }
  return type;
}

export const TRANSPARENT = new Set([
  'Readonly',
  'Partial',
  'Required',
  'Pick',
  'Omit',
  'DeepReadonly',
  'Immutable',
  'Frozen',
  'NonNullable',
]);

/** An ORM's marks on a type that is still the type. */
const MARKED = new Set(['Loaded', 'Rel', 'HydratedDocument']);

/** The context in which the declaration of a named type is read: its type parameters bound to the arguments. */
export function declarationContext(type: Extract<Type, { k: 'named' }>): TypeContext {
  const { declaration, scope } = type.symbol;
  const parameters = typeParametersOf(declaration);
  const base: TypeContext = { program: programOf(scope), scope, self: type };
  if (parameters.length === 0) return base;
  return { ...base, params: bindParameters(parameters, type.args, base) };
}

export function bindParameters(
  parameters: readonly TypeParameter[],
  args: readonly Type[],
  context: TypeContext,
): ReadonlyMap<string, Type> {
  const params = new Map(context.params);
  for (const [i, parameter] of parameters.entries()) {
    const inner = { ...context, params };
    const given = args[i];
    if (given && given.k !== 'unknown') params.set(parameter.name, given);
    else if (parameter.default) params.set(parameter.name, resolveType(parameter.default, inner, 1));
    else {
      params.set(parameter.name, { k: 'parameter', name: parameter.name });
      if (parameter.constraint)
        params.set(parameter.name, { k: 'parameter', name: parameter.name, constraint: resolveType(parameter.constraint, inner, 1) });
    }
  }
  return params;
}

export function typeParametersOf(declaration: Declared['declaration']): readonly TypeParameter[] {
  switch (declaration.kind) {
    case 'class':
    case 'interface':
    case 'alias':
      return declaration.typeParameters;
    case 'function':
      return declaration.fn.typeParameters;
    default:
      return [];
  }
}

const programs = new WeakMap<Scope, Program>();

/** Scopes know their program so that a type alone suffices to look further. */
export function adoptScopes(program: Program): void {
  const visit = (scope: Scope): void => {
    programs.set(scope, program);
    for (const symbols of scope.names.values()) for (const symbol of symbols) if (symbol.inner) visit(symbol.inner);
  };
  for (const file of program.files.values()) visit(file.scope);
}

export function programOf(scope: Scope): Program {
  const program = programs.get(scope);
  if (!program) throw new Error(`scope of ${scope.file.facts.file} is not linked`);
  return program;
}

// ── members ───────────────────────────────────────────────────────────────────────────────────────────────────────

/** Evaluates heritage expressions; set by `infer.ts`, which types expressions (the two need each other). */
let expressionType: (expression: Expression, context: TypeContext) => Type = () => UNKNOWN;
let memberValueType: (found: FoundMember) => Type = () => UNKNOWN;
let callResult: (fn: Type) => Type = () => UNKNOWN;
export function installInference(hooks: {
  expressionType: typeof expressionType;
  memberValueType: typeof memberValueType;
  callResult: typeof callResult;
}): void {
  callResult = hooks.callResult;
  expressionType = hooks.expressionType;
  memberValueType = hooks.memberValueType;
}

/** The instance type that a class extends; external bases included. */
export function superTypeOf(declaration: ClassDeclaration, context: TypeContext): Type | undefined {
  const heritage = declaration.extends;
  if (!heritage) return undefined;
  const args = heritage.args.map((t) => resolveType(t, context, 1));
  return instanceOf(expressionType(heritage.expression, context), args);
}

export function superTypes(type: Type): Type[] {
  if (type.k === 'class-expression') {
    const heritage = type.declaration.extends;
    if (!heritage) return [];
    const args = heritage.args.map((t) => resolveType(t, type.env.context, 1));
    const base = instanceOf(expressionTypeIn(heritage.expression, type.env), args);
    return base.k === 'class-expression' && base.declaration === type.declaration ? [] : [base];
  }
  if (type.k !== 'named') return [];
  const { declaration } = type.symbol;
  const context = declarationContext(type);
  if (declaration.kind === 'class') {
    const base = superTypeOf(declaration, context);
    return [...(base ? [base] : []), ...declaration.implements.map((t) => resolveType(t, context, 1))];
  }
  if (declaration.kind === 'interface') return declaration.extends.map((t) => resolveType(t, context, 1));
  return [];
}

/** All members of a name: one, or one per part of a union. */
export function findMembers(type: Type, name: string, depth = 0): FoundMember[] {
  if (depth > MAX_DEPTH) return [];
  switch (type.k) {
    case 'named': {
      const { declaration } = type.symbol;
      if (declaration.kind === 'alias') return findMembers(expandAlias(type), name, depth + 1);
      if (declaration.kind === 'class' || declaration.kind === 'interface') {
        const context = declarationContext(type);
        const own = declaration.kind === 'class' ? classMember(declaration, name, false) : interfaceMembers(declaration, name);
        if (own) return [{ name, owner: type.symbol, is: own, context }];
        for (const base of superTypes(type)) {
          const inherited = findMembers(base, name, depth + 1);
          if (inherited.length > 0) return inherited.map((m) => ({ ...m, context: { ...m.context, self: type } }));
        }
        // An interface merged with a class, or a second declaration of it.
        for (const merged of type.symbol.scope.names.get(type.symbol.name) ?? []) {
          if (merged !== type.symbol && merged.declaration.kind === 'interface') {
            const found = interfaceMembers(merged.declaration, name);
            if (found) return [{ name, owner: merged, is: found, context }];
          }
        }
      }
      return [];
    }
    case 'value': {
      const { declaration, scope } = type.symbol;
      if (declaration.kind === 'class') {
        const own = classMember(declaration, name, true);
        const context: TypeContext = { program: programOf(scope), scope, self: type };
        if (own) return [{ name, owner: type.symbol, is: own, context }];
        const nested = declaredIn(type, name);
        if (nested) return [nested];
        const base = declaration.extends && expressionType(declaration.extends.expression, context);
        // `this` in a static inherited from a base is the subclass.
        return base ? findMembers(base, name, depth + 1).map((m) => ({ ...m, context: { ...m.context, self: type } })) : [];
      }
      const nested = declaredIn(type, name);
      return nested ? [nested] : [];
    }
    case 'module': {
      const nested = declaredIn(type, name);
      return nested ? [nested] : [];
    }
    case 'class-expression': {
      const own = classMember(type.declaration, name, !type.instance);
      if (own) return [{ name, owner: undefined, is: own, context: type.env.context, env: type.env }];
      return superTypes(type).flatMap((base) => findMembers(base, name, depth + 1));
    }
    case 'object': {
      const member = type.members.find((m) => m.name === name);
      return member ? [{ name, owner: undefined, is: member, context: type.context }] : [];
    }
    case 'literal-object': {
      const entry = type.entries.findLast((e) => e.o !== 'spread' && e.o !== 'computed' && e.name === name);
      if (entry) return [{ name, owner: undefined, is: entry, context: type.env.context, env: type.env }];
      return type.entries.flatMap((e) => (e.o === 'spread' ? findMembers(expressionTypeIn(e.of, type.env), name, depth + 1) : []));
    }
    case 'union':
    case 'intersection':
      return type.of.flatMap((part) => findMembers(part, name, depth + 1));
    case 'parameter':
      return type.constraint ? findMembers(type.constraint, name, depth + 1) : [];
    case 'external':
      return type.args[0] && (type.module === undefined ? TRANSPARENT.has(type.name) : MARKED.has(type.name))
        ? findMembers(type.args[0], name, depth + 1)
        : [];
    default:
      return [];
  }
}

/** What a namespace or module holds under a name, as a member. */
function declaredIn(type: Extract<Type, { k: 'value' | 'module' }>, name: string): FoundMember | undefined {
  const from: Target = type.k === 'module' ? { k: 'module', file: type.file } : { k: 'symbol', symbol: type.symbol };
  const program = programOf(type.k === 'module' ? type.file.scope : type.symbol.scope);
  const target = memberTarget(program, from, name, 'value');
  if (target?.k !== 'symbol') return undefined;
  const { symbol } = target;
  const { at } = symbol.declaration;
  const context: TypeContext = { program, scope: symbol.scope };
  return {
    name,
    owner: undefined,
    is: { o: 'property', name, nameAt: at, value: { e: 'name', name: symbol.name, at } },
    context,
    env: { context, variables: new Map() },
  };
}

let expressionTypeIn: (expression: Expression, env: Env) => Type = () => UNKNOWN;
export function installEnvInference(hook: typeof expressionTypeIn): void {
  expressionTypeIn = hook;
}

export function memberType(type: Type, name: string, depth = 0): Type | undefined {
  if (depth > MAX_DEPTH) return undefined;
  const found = findMembers(type, name, depth);
  if (found.length === 0) return undefined;
  return unionOf(found.map((m) => memberValueType(m)));
}

function classMember(declaration: ClassDeclaration, name: string, isStatic: boolean): ClassMember | Parameter | undefined {
  const members = declaration.members.filter(
    (m) => m.name === name && m.static === isStatic && m.kind !== 'constructor' && m.kind !== 'index' && m.kind !== 'static-block',
  );
  const found = members.find((m) => m.kind !== 'set') ?? members[0];
  if (found || isStatic) return found;
  return parameterProperties(declaration).find((p) => p.pattern.p === 'name' && p.pattern.name === name);
}

export function parameterProperties(declaration: ClassDeclaration): Parameter[] {
  for (const member of declaration.members) {
    if (member.kind === 'constructor') return member.fn.parameters.filter((p) => p.property);
  }
  return [];
}

function interfaceMembers(declaration: InterfaceDeclaration, name: string): TypeMember | undefined {
  return declaration.members.find((m) => m.name === name);
}

/** Element type of arrays, sets, maps (their values), and of collections by their one argument. */
export function elementOf(type: Type, depth = 0): Type | undefined {
  if (depth > MAX_DEPTH) return undefined;
  const shape = structure(type);
  switch (shape.k) {
    case 'array':
      return shape.of;
    case 'tuple':
      return unionOf(shape.of);
    case 'union': {
      const elements = shape.of.flatMap((t) => elementOf(t, depth + 1) ?? []);
      return elements.length > 0 ? unionOf(elements) : undefined;
    }
    case 'external':
      if (shape.name === 'Record' || shape.name === 'Map' || shape.name === 'ReadonlyMap' || shape.name === 'WeakMap') return shape.args[1];
      return shape.args.length >= 1 && COLLECTIONS.has(shape.name) ? shape.args[0] : undefined;
    case 'object': {
      return indexedBy(shape.members, shape.context);
    }
    case 'literal-object':
      return shape.entries.length > 0
        ? unionOf(shape.entries.map((e) => (e.o === 'property' || e.o === 'computed' ? expressionTypeIn(e.value, shape.env) : UNKNOWN)))
        : undefined;
    case 'named': {
      const { declaration } = shape.symbol;
      const own = declaration.kind === 'interface' ? indexedBy(declaration.members, declarationContext(shape)) : undefined;
      if (own) return own;
      const [iterator] = findMembers(shape, '[Symbol.iterator]');
      const iterated = iterator && elementOf(callResult(memberValueType(iterator)), depth + 1);
      if (iterated) return iterated;
      for (const base of superTypes(shape)) {
        const element = elementOf(base, depth + 1);
        if (element) return element;
      }
      return undefined;
    }
    default:
      return undefined;
  }
}

/** What any key of an object leads to: `Record<string, Order>`, `{ [id: string]: Order }`. */
export function indexSignature(type: Type): Type | undefined {
  const shape = structure(type);
  if (shape.k === 'external') return shape.name === 'Record' ? shape.args[1] : undefined;
  if (shape.k === 'object') return indexedBy(shape.members, shape.context);
  return shape.k === 'named' && shape.symbol.declaration.kind === 'interface'
    ? indexedBy(shape.symbol.declaration.members, declarationContext(shape))
    : undefined;
}

function indexedBy(members: readonly TypeMember[], context: TypeContext): Type | undefined {
  const index = members.find((m) => m.kind === 'index');
  return index?.kind === 'index' ? resolveType(index.type, context) : undefined;
}

/** Generic containers by name, the platform's and well-known libraries'. */
export const COLLECTIONS = new Set([
  'Set',
  'ReadonlySet',
  'Iterable',
  'IterableIterator',
  'Iterator',
  'Generator',
  'AsyncIterable',
  'AsyncGenerator',
  'Collection',
  'List',
  'OrderedSet',
  'Stack',
  'WeakSet',
  'ArrayLike',
  'NonEmptyArray',
  'ReadonlyNonEmptyArray',
  'Seq',
  'LinkedList',
  'WatchedList',
  'IList',
]);
export const MAPS = new Set(['Map', 'ReadonlyMap', 'WeakMap', 'OrderedMap', 'Record', 'Dictionary']);
