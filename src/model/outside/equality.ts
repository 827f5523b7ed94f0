import type { ClassMember, Expression, FunctionFacts } from '../../facts/facts.js';
import { identityField } from '../boundaries.js';
import type { EqualityFault } from '../domain-model.js';
import type { Draft, Drafts } from '../drafts.js';
import { heirsOf, returnedExpressions } from '../exposures.js';
import { type Env, eachExpressionIn, functionEnv, typeOf } from '../infer.js';
import { eachExpression } from '../mutation.js';
import { type Declared, spanOf } from '../program.js';
import { stateOf } from '../state.js';
import { expressionText, lastName } from '../text.js';
import { declarationContext, elementOf, findMembers, namedType, structure, type Type, withoutNull } from '../types.js';
import type { Body, Watcher } from './sightings.js';

/** What a method that compares by value is called, the most usual first. */
export const EQUALS_NAMES: readonly string[] = ['equals', 'isEqual', 'isEqualTo', 'equalTo', 'equalsTo', 'isEquals', 'equal'];
const EQUALS = new RegExp(`^(?:${EQUALS_NAMES.join('|')})$`);

type Binary = Extract<Expression, { e: 'binary' }>;

// ── equals methods ────────────────────────────────────────────────────────────────────────────────────────────────

/** `equals` of entities that asks for more, or for something else, than the identity, and of values that asks for the reference. */
export function equalsFaults(drafts: Drafts): EqualityFault[] {
  return drafts.all.flatMap((draft) => {
    const { declaration } = draft.symbol;
    if (declaration.kind !== 'class') return [];
    const method = declaration.members.find(
      (m) => m.kind === 'method' && !m.static && EQUALS.test(m.name) && m.fn.parameters.length === 1 && m.fn.body,
    );
    if (method?.kind !== 'method') return [];
    const blocks = draft.base ? heirsOf(draft, drafts) : [draft];
    const [sample] = blocks;
    if (!sample) return [];
    const of = blocks.some((b) => b.kind === 'entity' || b.kind === 'aggregate-root')
      ? 'entity'
      : sample.kind === 'value-object'
        ? 'value-object'
        : undefined;
    if (!of) return [];
    const fault = (of === 'entity' ? attributesIn(draft, method.fn) : undefined) ?? referenceIn(draft, method.fn, drafts);
    if (!fault) return [];
    const identity = of === 'entity' ? identityField(draft) : undefined;
    return [
      {
        owner: draft.id,
        of,
        symbol: `${draft.name}.${method.name}`,
        at: spanOf(draft.symbol.file.facts, method.at),
        ...fault,
        ...(identity ? { identity: identity.name } : {}),
      } satisfies EqualityFault,
    ];
  });
}

type Fault = Pick<EqualityFault, 'how' | 'compared' | 'comparableAt'>;

/** Which fields the comparison asks for beside the identity. */
function attributesIn(draft: Draft, fn: FunctionFacts): Fault | undefined {
  const identity = identityField(draft);
  if (!identity) return undefined;
  const isIdentity = (name: string): boolean => name === identity.name || /^[_#]?(?:id|uuid|guid|identity)$/i.test(name);
  const read = fieldsRead(fn, draft.symbol);
  const attributes = [...read].filter((name) => !isIdentity(name) && !tellsTheClass(name, draft.symbol));
  // Identities of others alone may be what identifies it: a line of an order, a vote of a member.
  return attributes.some((name) => !/[a-z](?:Id|ID|Uuid|UUID)$/.test(name)) ? { how: 'attributes', compared: attributes } : undefined;
}

/** `readonly _type = 'Order'`: what never changes says which class it is, as `instanceof` does. */
function tellsTheClass(name: string, symbol: Declared): boolean {
  return (
    /^[_#]*(?:\w+_)?(?:type|kind|tag|brand|discriminator|className)$/i.test(name) &&
    stateOf(symbol).some((f) => f.name === name && f.readonly && f.via === 'field')
  );
}

/** Fields of `this` that a method reads, accessors looked through; a bag by its entries. */
function fieldsRead(fn: FunctionFacts, symbol: Declared, depth = 0): Set<string> {
  const found = new Set<string>();
  const bags = new Set(stateOf(symbol).flatMap((f) => (f.bag ? [f.bag.name] : [])));
  const entered = new Set<Expression>();
  eachExpression(fn.body ?? [], (e) => {
    if (e.e !== 'member') return;
    if (e.of.e === 'member' && e.of.of.e === 'this' && (bags.has(e.of.name) || e.of.name === 'props')) {
      entered.add(e.of);
      found.add(e.name);
      return;
    }
    if (e.of.e !== 'this' || entered.has(e) || e.name === 'constructor') return;
    const members = findMembers(namedType(symbol), e.name);
    const asked = members.flatMap((m) => ('kind' in m.is && (m.is.kind === 'method' || m.is.kind === 'get') ? [m.is.fn] : []));
    if (asked.length === 0) {
      if (members.length > 0) found.add(e.name);
    } else if (depth < 3) for (const inner of asked) for (const name of handedOut(inner, symbol, depth + 1)) found.add(name);
  });
  return found;
}

/** What `getName()` or `get name()` gives away; a predicate or comparer gives away nothing. */
function handedOut(fn: FunctionFacts, symbol: Declared, depth: number): Set<string> {
  const only = fn.parameters.length === 0 && fn.body?.length === 1 && fn.body[0]?.s === 'return';
  return only ? fieldsRead(fn, symbol, depth) : new Set();
}

/** Identifiers or values told apart by reference, or nothing asked but whether both are the same object. */
function referenceIn(draft: Draft, fn: FunctionFacts, drafts: Drafts): Fault | undefined {
  const context = declarationContext(namedType(draft.symbol) as Extract<Type, { k: 'named' }>);
  const env = functionEnv(fn, context);
  const results = returnedExpressions(fn.body ?? [], env);
  const [only] = results;
  if (results.length === 1 && only && fn.body?.length === 1 && isComparison(only.expression) && isSelf(only.expression))
    return { how: 'reference', compared: [expressionText(only.expression)] };
  const compared: Binary[] = [];
  let comparable = true;
  const shortcuts = new Set<Expression>();
  const wanted = (e: Expression): boolean => {
    if (e.e === 'binary' && e.op === '||' && asksEquals(e.right)) shortcuts.add(e.left);
    return isComparison(e) && !shortcuts.has(e) && !isSelf(e);
  };
  eachExpressionIn(fn.body ?? [], env, wanted, (e, inner) => {
    if (e.e !== 'binary') return;
    const left = typeOf(e.left, inner);
    const right = typeOf(e.right, inner);
    if (!byReference(left, drafts, true) || !byReference(right, drafts, true)) return;
    compared.push(e);
    comparable &&= mayHaveEquals(left, drafts) || mayHaveEquals(right, drafts);
  });
  if (compared.length === 0) return undefined;
  return {
    how: 'reference',
    compared: compared.map(expressionText),
    ...(comparable ? { comparableAt: compared.map((e) => spanOf(draft.symbol.file.facts, e.at)) } : {}),
  };
}

function isComparison(e: Expression): e is Binary {
  return e.e === 'binary' && /^[!=]==?$/.test(e.op) && isThing(e.left) && isThing(e.right);
}

function isThing(e: Expression): boolean {
  return (
    (e.e === 'name' && e.name !== 'undefined') || e.e === 'member' || e.e === 'call' || e.e === 'this' || e.e === 'index' || e.e === 'new'
  );
}

/** `this === other` is a short cut where more is asked. */
function isSelf(e: Binary): boolean {
  return e.left.e === 'this' || e.right.e === 'this';
}

function asksEquals(e: Expression): boolean {
  return e.e === 'call' && e.callee.e === 'member' && EQUALS.test(e.callee.name);
}

// ── look-ups ──────────────────────────────────────────────────────────────────────────────────────────────────────

/** Finds code that looks an identifier or value object up by reference: it never matches. */
export function referenceLookups(drafts: Drafts): { readonly watcher: Watcher; readonly found: EqualityFault[] } {
  const found: EqualityFault[] = [];
  const names = namesOfValues(drafts);
  const shortcuts = new Set<Expression>();
  const report = (type: Type, e: Expression, at: readonly [number, number], { name, file }: Body): void => {
    const block = blockNamed(type, drafts);
    found.push({
      ...(block ? { owner: block.id } : {}),
      of: 'lookup',
      how: 'reference',
      symbol: name,
      at: spanOf(file.facts, at),
      compared: [expressionText(e)],
      ...(!isByKey(e) && mayHaveEquals(type, drafts) ? { comparableAt: [spanOf(file.facts, e.at)] } : {}),
      ...(block ? { value: block.name } : {}),
    });
  };
  const watcher: Watcher = {
    wanted: (e) => {
      if (names.size === 0) return false;
      if (e.e === 'binary') {
        if (e.op === '||' && asksEquals(e.right)) shortcuts.add(e.left);
        return isComparison(e) && !shortcuts.has(e) && !isSelf(e) && (isNamed(e.left, names) || isNamed(e.right, names));
      }
      if (e.e !== 'call' || e.callee.e !== 'member' || !LOOKUPS.test(e.callee.name)) return false;
      const [first] = e.args;
      return first !== undefined && isThing(first) && isNamed(first, names);
    },
    see: (e, env, body) => {
      if (isEqualsOf(body, drafts)) return;
      if (e.e === 'binary') {
        if (isConstant(e.left, env) || isConstant(e.right, env)) return;
        const left = typeOf(e.left, env);
        if (byReference(left, drafts) && byReference(typeOf(e.right, env), drafts))
          report(left, e, lastName(e.left.e === 'name' ? e.right : e.left), body);
      } else if (e.e === 'call' && e.callee.e === 'member') {
        const [first] = e.args;
        if (!first || isConstant(first, env)) return;
        const type = typeOf(first, env);
        if (byReference(type, drafts) && isKeyed(typeOf(e.callee.of, env), e.callee.name, drafts)) report(type, e, e.callee.nameAt, body);
      }
    },
  };
  return { watcher, found };
}

const LOOKUPS = /^(?:includes|indexOf|lastIndexOf|has|get|delete)$/;

/** A Map or Set finds its keys by reference, whatever they could say. */
function isByKey(e: Expression): boolean {
  return e.e === 'call' && e.callee.e === 'member' && /^(?:has|get|delete)$/.test(e.callee.name);
}

function isKeyed(receiver: Type, name: string, drafts: Drafts): boolean {
  const shape = structure(withoutNull(receiver));
  if (shape.k === 'array' || shape.k === 'tuple') {
    const element = elementOf(shape);
    return /^(?:includes|indexOf|lastIndexOf)$/.test(name) && element !== undefined && byReference(element, drafts);
  }
  return (
    shape.k === 'external' &&
    shape.module === undefined &&
    /^(?:Readonly)?(?:Map|Set)$/.test(shape.name) &&
    /^(?:has|get|delete)$/.test(name)
  );
}

/** Names under which identifiers and values that are objects go, so that only little is typed. */
function namesOfValues(drafts: Drafts): ReadonlySet<string> {
  const names = new Set<string>();
  for (const draft of drafts.all) {
    const { kind, symbol } = draft;
    if ((kind === 'identifier' || kind === 'value-object') && byReference(namedType(symbol), drafts)) {
      names.add(draft.name);
      const words = draft.name.split(/(?=[A-Z])/);
      for (let i = 0; i < words.length; i++) {
        const tail = words.slice(i).join('');
        names.add(tail.charAt(0).toLowerCase() + tail.slice(1));
      }
    }
    if (kind !== 'aggregate-root' && kind !== 'entity' && kind !== 'value-object') continue;
    for (const field of stateOf(symbol)) {
      const type = withoutNull(field.type);
      if (!byReference(type, drafts)) continue;
      names.add(field.name);
      const plain = field.name.replace(/^[_#]+/, '');
      names.add(plain);
      names.add(`get${plain.charAt(0).toUpperCase()}${plain.slice(1)}`);
    }
  }
  return names;
}

function isNamed(e: Expression, names: ReadonlySet<string>): boolean {
  if (e.e === 'name' || e.e === 'member') return names.has(e.name);
  if (e.e === 'call' || e.e === 'new') return isNamed(e.callee, names);
  return e.e === 'index' && isNamed(e.of, names);
}

/** `Status.ACTIVE`: there is but one of it. */
function isConstant(e: Expression, env: Env): boolean {
  return e.e === 'member' && e.of.e === 'name' && /^[A-Z]/.test(e.of.name) && typeOf(e.of, env).k === 'value';
}

function isEqualsOf({ name, draft }: Body, drafts: Drafts): boolean {
  if (!draft || !EQUALS.test(name.slice(name.lastIndexOf('.') + 1))) return false;
  const { kind, base } = draft;
  return (
    kind === 'entity' ||
    kind === 'aggregate-root' ||
    kind === 'value-object' ||
    kind === 'identifier' ||
    (base && heirsOf(draft, drafts).length > 0)
  );
}

// ── objects that stand for a value ────────────────────────────────────────────────────────────────────────────────

/** An identifier or value object that is an object: two equal ones are two. `any` counts dates and lists as well. */
function byReference(type: Type, drafts: Drafts, any = false): boolean {
  const inner = withoutNull(type);
  if (inner.k === 'union') return inner.of.length > 0 && inner.of.every((t) => byReference(t, drafts, any));
  if (inner.k === 'external') return OBJECT_IDS.test(inner.name) || (any && inner.module === undefined && inner.name === 'Date');
  if (any && inner.k === 'array') return true;
  if (inner.k !== 'named') return false;
  const { symbol } = inner;
  const kind = drafts.of(symbol)?.kind;
  if (kind !== 'identifier' && kind !== 'value-object') return false;
  const { declaration } = symbol;
  if (declaration.kind === 'class') return !isEnumeration(declaration.members, symbol.name);
  if (declaration.kind === 'interface') return true;
  return declaration.kind === 'alias' && structure(inner).k === 'object';
}

/** Whether a method compares it by value, as far as the project's own code can tell: a base from elsewhere may bring one. */
function mayHaveEquals(type: Type, drafts: Drafts): boolean {
  const inner = withoutNull(type);
  if (inner.k === 'union') return inner.of.every((t) => mayHaveEquals(t, drafts));
  if (inner.k === 'external') return OBJECT_IDS.test(inner.name);
  if (inner.k !== 'named') return false;
  const isForeign = drafts.of(inner.symbol)?.lineage.some((a) => a.symbol === undefined) ?? false;
  return isForeign || EQUALS_NAMES.some((name) => findMembers(inner, name).length > 0);
}

const OBJECT_IDS = /^Object(?:Id|ID)$/;

/** `static readonly ACTIVE = new Status('active')`: an instance for each value, made once. */
function isEnumeration(members: readonly ClassMember[], name: string): boolean {
  return members.some(
    (m) => m.kind === 'property' && m.static && m.init?.e === 'new' && m.init.callee.e === 'name' && m.init.callee.name === name,
  );
}

function blockNamed(type: Type, drafts: Drafts): Draft | undefined {
  const inner = withoutNull(type);
  const [part] = inner.k === 'union' ? inner.of : [inner];
  return part?.k === 'named' ? drafts.of(part.symbol) : undefined;
}
