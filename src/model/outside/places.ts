import type { Expression, FunctionFacts } from '../../facts/facts.js';
import type { Draft, Drafts } from '../drafts.js';
import { returnedExpressions } from '../exposures.js';
import { type Env, functionEnv, lookup, typeOf } from '../infer.js';
import { original } from '../instances.js';
import { expandAlias, type FoundMember, findMembers, type Type, withoutNull } from '../types.js';

/** A place in the live state of a root or member: `order.props.items` lies in Order, by the way of `props` and `items`. */
export interface Place {
  readonly draft: Draft;
  /** The root or member itself: `order`. */
  readonly owner: Expression;
  readonly env: Env;
  readonly path: readonly string[];
}

/** The root, entity or value object that a value of this type is. */
export function blockOf(type: Type, drafts: Drafts): Draft | undefined {
  const shape = withoutNull(named(withoutNull(type), drafts));
  for (const part of shape.k === 'union' || shape.k === 'intersection' ? shape.of : [shape]) {
    const inner = part.k === 'external' && WRAPPERS.test(part.name) ? part.args[0] : part;
    const draft = inner?.k === 'named' ? drafts.of(inner.symbol) : undefined;
    if (draft && !draft.base && (draft.kind === 'aggregate-root' || draft.kind === 'entity' || draft.kind === 'value-object')) return draft;
  }
  return undefined;
}

/** What an alias stands for. `Partial<Order>` is no order, but a message about one. */
function named(type: Type, drafts: Drafts, depth = 0): Type {
  return type.k === 'named' && type.symbol.declaration.kind === 'alias' && !drafts.of(type.symbol)?.kind && depth < 4
    ? named(withoutNull(expandAlias(type)), drafts, depth + 1)
    : type;
}

const WRAPPERS = /^(?:Loaded|Ref|Reference|LazyRef|Rel|Relation|HydratedDocument|Readonly)$/;

/** Follows an expression back to the root or member in whose state it lies; copies end the way. */
export function placeOf(e: Expression, env: Env, drafts: Drafts, depth = 0): Place | undefined {
  if (depth > 10) return undefined;
  const draft = blockOf(typeOf(e, env), drafts);
  if (draft) return { draft, owner: e, env, path: [] };
  const inner = (of: Expression, at: Env = env): Place | undefined => placeOf(of, at, drafts, depth + 1);
  switch (e.e) {
    case 'await':
    case 'as':
    case 'index':
      return inner(e.of);
    case 'member':
      return step(inner(e.of), e.name, false);
    case 'call': {
      if (e.callee.e !== 'member') return undefined;
      const of = inner(e.callee.of);
      return of && of.path.length > 0 ? (ELEMENT.test(e.callee.name) ? of : undefined) : step(of, e.callee.name, true);
    }
    case 'name': {
      const variable = original(lookup(env, e.name));
      if (!variable) return undefined;
      if (variable.each) return inner(variable.each.of, variable.env.parent ?? variable.env);
      if (!variable.init || variable.parameter) return undefined;
      if (variable.pattern.p === 'name') return inner(variable.init, variable.env);
      const entry =
        variable.pattern.p === 'object' ? variable.pattern.entries.find((x) => x.value.p === 'name' && x.value.name === e.name) : undefined;
      return entry && step(inner(variable.init, variable.env), entry.key, false);
    }
    default:
      return undefined;
  }
}

const ELEMENT = /^(?:find|findLast|at|get)$/;

function step(from: Place | undefined, name: string, called: boolean): Place | undefined {
  if (!from) return undefined;
  if (from.path.length === 0 && !findMembers({ k: 'named', symbol: from.draft.symbol, args: [] }, name).every((m) => isLive(m, called)))
    return undefined;
  return { ...from, path: [...from.path, name] };
}

/** A field, or what hands out the field itself; an accessor that returns a copy does not. */
function isLive(member: FoundMember, called: boolean): boolean {
  const { is } = member;
  if ('pattern' in is || 'o' in is) return !called;
  if (is.kind === 'property') return !called || (!('init' in is) ? false : is.init?.e === 'function' && handsOut(is.init.fn, member));
  if (is.kind === 'get') return !called && handsOut(is.fn, member);
  if (is.kind === 'method') return called && handsOut(is.fn, member);
  return false;
}

function handsOut(fn: FunctionFacts, { context }: FoundMember): boolean {
  return returnedExpressions(fn.body ?? [], functionEnv(fn, context)).some((r) => isOwn(r.expression));
}

function isOwn(e: Expression): boolean {
  if (e.e === 'as') return isOwn(e.of);
  if (e.e === 'binary' && (e.op === '??' || e.op === '||')) return isOwn(e.left);
  return e.e === 'member' && (e.of.e === 'this' || isOwn(e.of));
}
