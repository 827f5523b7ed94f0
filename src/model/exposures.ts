import type { ClassMember, Expression, Statement } from '../facts/facts.js';
import { codeOf, constructingMembers } from './access/own-changes.js';
import { isInverse } from './changes.js';
import type { Exposure, HeldCollection } from './domain-model.js';
import type { Draft, Drafts } from './drafts.js';
import { blockEnv, type Env, functionEnv, lookup, typeOf } from './infer.js';
import { bodiesOf, changedBy, eachExpression } from './mutation.js';
import { type Declared, spanOf } from './program.js';
import { collectionClass, collectionInterface, describe, held, type StateField, stateOf } from './state.js';
import { typeText } from './text.js';
import { declarationContext, expandAlias, namedType, resolveType, type Type, withoutNull } from './types.js';
import { isOrm } from './vocabulary.js';

/** Public ways to live mutable collections of roots, entities and value objects; each once, where it is declared. */
export function findExposures(drafts: Drafts, rootsOf: (draft: Draft) => readonly Draft[]): Exposure[] {
  const found: Exposure[] = [];
  let mutated: ReadonlySet<string> | undefined;
  const mutatedOutside = (): ReadonlySet<string> => {
    mutated ??= changedFromOutside(drafts);
    return mutated;
  };
  const isBlock = (symbol: Declared): boolean => {
    const draft = drafts.of(symbol);
    return draft !== undefined && draft.kind !== undefined && !draft.base;
  };
  // Members of the same aggregate: what the root answers for.
  const holdsMembers = (draft: Draft, field: string): boolean => {
    const [root] = rootsOf(draft);
    const of = stateOf(draft.symbol).find((f) => f.name === field);
    return (
      root !== undefined &&
      of !== undefined &&
      held(of.type, (s) => drafts.of(s)?.kind === 'entity').some((h) => rootsOf(drafts.of(h.symbol) ?? draft).includes(root))
    );
  };
  for (const draft of drafts.all) {
    if (draft.symbol.declaration.kind !== 'class' || !concerns(draft)) continue;
    const heirs = draft.base || draft.extended ? heirsOf(draft, drafts) : [];
    if (draft.base && heirs.length === 0) continue;
    const bare = !draft.base && isBareData(draft);
    const inheritedBy = heirs.map((d) => d.name);
    const exposures = [...exposuresOf(draft, heirs, isBlock, mutatedOutside, holdsMembers), ...publicBag(draft, heirs, isBlock)];
    const fieldOf = (exposure: Found): string => exposure.symbol.slice(exposure.symbol.lastIndexOf('.') + 1);
    // Bare data guards nothing that a caller could get past, unless callers do change it: then the others lie open as well.
    const changed = bare && exposures.some((e) => mutatedOutside().has(fieldOf(e)));
    for (const exposure of exposures) {
      const field = fieldOf(exposure);
      if (bare && !changed && !(draft.mapped && holdsMembers(draft, field))) continue;
      if (bare && !mutatedOutside().has(field) && !holdsMembers(draft, field)) continue;
      found.push({ ...exposure, inheritedBy });
    }
  }
  return found;
}

function concerns(draft: Draft): boolean {
  return draft.base || draft.kind === 'aggregate-root' || draft.kind === 'entity' || draft.kind === 'value-object';
}

/** Fields, and what an ORM or serialiser calls: no behaviour of its own or of its project bases. */
function isBareData(draft: Draft): boolean {
  const { declaration } = draft.symbol;
  if (declaration.kind !== 'class') return false;
  if (draft.evidence.some((e) => e.kind === 'heritage' && e.role === 'aggregate-root')) return false;
  const classes = [
    declaration,
    ...draft.lineage.flatMap((a) => (a.via === 'extends' && a.symbol?.declaration.kind === 'class' ? [a.symbol.declaration] : [])),
  ];
  return classes.every((c) => c.members.every((m) => m.static || isPassive(m)));
}

/** A method of the class changes the collection: then the class guards it. */
function changesItself(draft: Draft, field: string): boolean {
  const { declaration } = draft.symbol;
  return declaration.kind === 'class' && declaration.members.some((m) => m.kind === 'method' && changedBy(draft.symbol, m.name).has(field));
}

function isPassive(member: ClassMember): boolean {
  switch (member.kind) {
    case 'property':
      return member.init?.e !== 'function';
    case 'index':
      return true;
    // Copies what it is given into the fields.
    case 'constructor':
      return member.fn.parameters.length <= 1 && !refuses(member.fn.body ?? []);
    case 'method':
      return /^(?:toJSON|toString)$/.test(member.name) || member.decorators.some((d) => /^(?:Before|After|On)[A-Z]/.test(d.name));
    default:
      return false;
  }
}

function refuses(statements: readonly Statement[]): boolean {
  return statements.some((s) => {
    if (s.s === 'throw') return true;
    if (s.s === 'if') return refuses(s.yes) || refuses(s.no ?? []);
    return (s.s === 'block' || s.s === 'each' || s.s === 'loop' || s.s === 'try') && refuses(s.body);
  });
}

/** Names of fields whose collections code changes through somebody else's hands: `order.items.push(item)`. */
function changedFromOutside(drafts: Drafts): ReadonlySet<string> {
  const names = new Set<string>();
  for (const draft of drafts.all) {
    for (const body of bodiesOf(draft.symbol.declaration)) {
      eachExpression(body, (e) => {
        if (
          e.e !== 'call' ||
          e.callee.e !== 'member' ||
          e.callee.of.e !== 'member' ||
          !/^(?:push|pop|shift|unshift|splice|set|add|delete|clear|remove|removeAll)$/.test(e.callee.name)
        )
          return;
        if (e.callee.of.of.e !== 'this') names.add(e.callee.of.name);
      });
    }
  }
  return names;
}

/** Blocks of a role that inherit from a base. */
export function heirsOf(base: Draft, drafts: Drafts): Draft[] {
  return drafts.all.filter(
    (d) =>
      !d.base &&
      (d.kind === 'aggregate-root' || d.kind === 'entity' || d.kind === 'value-object') &&
      d.lineage.some((a) => a.symbol === base.symbol && a.via === 'extends'),
  );
}

type IsBlock = (symbol: Declared) => boolean;
type Found = Omit<Exposure, 'inheritedBy'>;

function exposuresOf(
  draft: Draft,
  heirs: readonly Draft[],
  isBlock: IsBlock,
  mutatedOutside: () => ReadonlySet<string>,
  holdsMembers: (draft: Draft, field: string) => boolean,
): Found[] {
  const { symbol } = draft;
  if (symbol.declaration.kind !== 'class') return [];
  const found: Found[] = [];
  const state = stateOf(symbol);
  const bags = new Set(state.flatMap((f) => (f.bag ? [f.bag.name] : [])));
  for (const field of state) {
    if (field.visibility !== 'public' || (field.declaredIn !== undefined && field.via !== 'property-bag')) continue;
    if (field.via === 'property-bag') {
      // A bag that a base makes public is the base's fault, reported there.
      if (field.bag?.declaredIn !== undefined) continue;
    } else if (bags.has(field.name)) continue;
    const collection = mutableCollection(field.type, field.node?.t === 'readonly', isBlock);
    if (!collection || frozenInitially(field)) continue;
    // The side of a relation that the ORM does not write, and that nobody pushes to.
    if (
      collection.collection === 'array' &&
      isInverse(field.decorators) &&
      !mutatedOutside().has(field.name) &&
      !changesItself(draft, field.name) &&
      !holdsMembers(draft, field.name)
    )
      continue;
    found.push({
      owner: draft.id,
      symbol: `${draft.name}.${field.name}`,
      at: spanOf(field.file.facts, field.at),
      via: field.via === 'property-bag' ? 'property-bag' : 'field',
      type: field.text,
      ...collection,
      held: heldCollection(field, draft, heirs),
    });
  }
  for (const member of symbol.declaration.members) found.push(...memberExposure(draft, member, isBlock));
  return found;
}

/** A base that makes the whole bag public hands out every collection that its heirs keep there. */
function publicBag(draft: Draft, heirs: readonly Draft[], isBlock: IsBlock): Found[] {
  return stateOf(draft.symbol).flatMap((field): Found[] => {
    if (field.visibility !== 'public' || field.declaredIn || field.via === 'property-bag') return [];
    for (const heir of heirs) {
      for (const entry of stateOf(heir.symbol)) {
        if (entry.bag?.name !== field.name || entry.bag.declaredIn !== draft.symbol) continue;
        const collection = mutableCollection(entry.type, entry.node?.t === 'readonly', isBlock);
        if (collection)
          return [
            {
              owner: draft.id,
              symbol: `${draft.name}.${field.name}`,
              at: spanOf(field.file.facts, field.at),
              via: 'field',
              type: entry.text,
              entry: `${heir.name}.${entry.name}`,
              ...collection,
              held: {
                ...heldCollection(entry, heir, []),
                bag: { symbol: `${draft.name}.${field.name}`, at: spanOf(field.file.facts, field.at) },
              },
            },
          ];
      }
    }
    return [];
  });
}

function heldCollection(field: StateField, draft: Draft, heirs: readonly Draft[]): HeldCollection {
  const path = field.bag ? [field.bag.name, field.name] : [field.name];
  const bag = field.bag && stateOf(draft.symbol).find((f) => f.name === field.bag?.name && f.via !== 'property-bag');
  const later = [draft, ...heirs].flatMap(({ symbol }) => {
    const constructing = constructingMembers(symbol, []);
    return codeOf(symbol).flatMap(({ member, changes }) => changes.map((change) => ({ change, constructing: constructing.has(member) })));
  });
  const its = later.filter(({ change }) => change.path.join('.') === path.join('.'));
  return {
    at: spanOf(field.file.facts, field.at),
    ...(bag ? { bag: { symbol: `${draft.name}.${bag.name}`, at: spanOf(bag.file.facts, bag.at) } } : {}),
    readonly: field.readonly,
    changedInPlace: its.some(({ change }) => change.inPlace),
    replaced: its.some(({ change, constructing }) => !change.inPlace && !constructing),
  };
}

function memberExposure(draft: Draft, member: ClassMember, isBlock: IsBlock): Found[] {
  if (member.static || member.visibility !== 'public' || member.computed) return [];
  const { symbol } = draft;
  const type = namedType(symbol) as Extract<Type, { k: 'named' }>;
  const fn =
    member.kind === 'get' || member.kind === 'method'
      ? member.fn
      : member.kind === 'property' && member.init?.e === 'function'
        ? member.init.fn
        : undefined;
  if (!fn?.body) return [];
  const context = declarationContext(type);
  const declared = fn.returns ? resolveType(fn.returns, context) : undefined;
  const env = functionEnv(fn, context);
  const replaced = reassigned(fn.body);
  for (const returned of returnedExpressions(fn.body, env)) {
    const live = liveCollection(returned.expression, returned.env, symbol, replaced, isBlock);
    if (!live) continue;
    const collection = declared
      ? mutableCollection(declared, fn.returns?.t === 'readonly', isBlock)
      : mutableCollection(live, false, isBlock);
    if (!collection) continue;
    const handsOut = nameOfLive(returned.expression, returned.env);
    return [
      {
        owner: draft.id,
        symbol: `${draft.name}.${member.name}`,
        ...(handsOut === undefined ? {} : { handsOut }),
        at: spanOf(symbol.file.facts, member.at),
        via: member.kind === 'get' ? 'accessor' : 'method',
        type: fn.returns ? typeText(fn.returns) : describe(live),
        ...collection,
      },
    ];
  }
  return [];
}

type CollectionFact = Pick<Exposure, 'collection'> & Partial<Pick<Exposure, 'collectionClass' | 'mutator'>>;

/** Arrays, maps, sets, an ORM's collections and the project's own; undefined for what cannot be changed through the type. */
export function mutableCollection(
  type: Type,
  isReadonly: boolean,
  isBlock: (symbol: Declared) => boolean,
  depth = 0,
): CollectionFact | undefined {
  if (isReadonly || depth > 8) return undefined;
  const inner = withoutNull(type);
  switch (inner.k) {
    case 'array':
      return inner.readonly ? undefined : { collection: 'array' };
    case 'union':
      for (const part of inner.of) {
        const found = mutableCollection(part, false, isBlock, depth + 1);
        if (found) return found;
      }
      return undefined;
    case 'external':
      if (inner.value) return undefined;
      if (inner.module === undefined && (inner.name === 'Map' || inner.name === 'WeakMap')) return { collection: 'map' };
      if (inner.module === undefined && (inner.name === 'Set' || inner.name === 'WeakSet')) return { collection: 'set' };
      if (inner.name === 'Collection' && inner.module !== undefined && isOrm(inner.module))
        return { collection: 'collection', collectionClass: 'Collection', mutator: 'add' };
      if (inner.name === 'Promise' && inner.args[0]) return mutableCollection(inner.args[0], false, isBlock, depth + 1);
      return undefined;
    case 'named': {
      if (inner.symbol.declaration.kind === 'alias') return mutableCollection(expandAlias(inner), false, isBlock, depth + 1);
      const own = isBlock(inner.symbol)
        ? undefined
        : inner.symbol.declaration.kind === 'class'
          ? collectionClass(inner.symbol)
          : collectionInterface(inner.symbol);
      return own ? { collection: 'collection', collectionClass: inner.symbol.name, mutator: own.mutator } : undefined;
    }
    default:
      return undefined;
  }
}

function frozenInitially(field: StateField): boolean {
  return field.readonly && field.init?.e === 'call' && field.init.callee.e === 'member' && field.init.callee.name === 'freeze';
}

export interface Returned {
  readonly expression: Expression;
  readonly env: Env;
}

export function returnedExpressions(statements: readonly Statement[], parent: Env): Returned[] {
  const env = blockEnv(statements, parent);
  return statements.flatMap((statement): Returned[] => {
    switch (statement.s) {
      case 'return':
        return statement.of ? [{ expression: statement.of, env }] : [];
      case 'if':
        return [...returnedExpressions(statement.yes, env), ...(statement.no ? returnedExpressions(statement.no, env) : [])];
      case 'block':
      case 'loop':
      case 'each':
        return returnedExpressions(statement.body, env);
      case 'try':
        return [...returnedExpressions(statement.body, env), ...(statement.catch ? returnedExpressions(statement.catch, env) : [])];
      case 'switch':
        return statement.cases.flatMap((c) => returnedExpressions(c.body, env));
      default:
        return [];
    }
  });
}

/** In place, and then returning the same array. */
const IN_PLACE = new Set(['sort', 'reverse', 'fill', 'copyWithin']);

/** The type of the internal collection that an expression hands out, or undefined when it is a copy or something else. */
function liveCollection(
  expression: Expression,
  env: Env,
  block: Declared,
  replaced: ReadonlySet<string>,
  isBlock: IsBlock,
  depth = 0,
): Type | undefined {
  if (depth > 8) return undefined;
  const inner = (e: Expression): Type | undefined => liveCollection(e, env, block, replaced, isBlock, depth + 1);
  switch (expression.e) {
    case 'member': {
      const path = thisPath(expression);
      if (!path || (path.length > 1 && !isOwnBag(path[0] ?? '', block)) || path.length > 2) return undefined;
      if (replaced.has(path.join('.'))) return undefined;
      const type = typeOf(expression, env);
      return mutableCollection(type, false, isBlock) ? type : undefined;
    }
    case 'as':
      return inner(expression.of);
    case 'binary':
      return expression.op === '??' || expression.op === '||' ? (inner(expression.left) ?? inner(expression.right)) : undefined;
    case 'conditional':
      return inner(expression.yes) ?? inner(expression.no);
    case 'name': {
      const variable = lookup(env, expression.name);
      return variable?.init && variable.pattern.p === 'name'
        ? liveCollection(variable.init, variable.env, block, replaced, isBlock, depth + 1)
        : undefined;
    }
    case 'call': {
      const { callee } = expression;
      if (callee.e !== 'member') return undefined;
      if (IN_PLACE.has(callee.name)) return inner(callee.of);
      // this.get('items') of a library base hands out an entry of the bag.
      return undefined;
    }
    default:
      return undefined;
  }
}

/** The field or entry that such an expression hands out. */
function nameOfLive(expression: Expression, env: Env, depth = 0): string | undefined {
  if (depth > 8) return undefined;
  const inner = (e: Expression, within = env): string | undefined => nameOfLive(e, within, depth + 1);
  switch (expression.e) {
    case 'member':
      return thisPath(expression)?.at(-1);
    case 'as':
      return inner(expression.of);
    case 'binary':
      return inner(expression.left) ?? inner(expression.right);
    case 'conditional':
      return inner(expression.yes) ?? inner(expression.no);
    case 'call':
      return expression.callee.e === 'member' ? inner(expression.callee.of) : undefined;
    case 'name': {
      const variable = lookup(env, expression.name);
      return variable?.init && inner(variable.init, variable.env);
    }
    default:
      return undefined;
  }
}

function thisPath(expression: Expression): string[] | undefined {
  if (expression.e !== 'member') return undefined;
  if (expression.of.e === 'this') return [expression.name];
  if (expression.of.e === 'as' || expression.of.e === 'member') {
    const of = expression.of.e === 'as' ? expression.of.of : expression.of;
    const path = thisPath(of);
    return path && [...path, expression.name];
  }
  return undefined;
}

function isOwnBag(name: string, block: Declared): boolean {
  const state = stateOf(block);
  return state.some((f) => f.bag?.name === name) || !state.some((f) => f.name === name);
}

/** Fields that the method replaces: what it then returns is no longer the live collection. */
function reassigned(statements: readonly Statement[]): ReadonlySet<string> {
  const found = new Set<string>();
  for (const statement of statements) {
    if (statement.s !== 'expression') continue;
    const { of } = statement;
    if (of.e === 'assign' && of.op === '=') {
      const path = thisPath(of.target);
      if (path) found.add(path.join('.'));
    }
  }
  return found;
}
