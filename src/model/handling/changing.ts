import type { Expression, Range } from '../../facts/facts.js';
import { blocksIn } from '../blocks-in.js';
import { type AtHand, targetsOf } from '../callees.js';
import type { Draft } from '../drafts.js';
import type { Entered } from '../handlers.js';
import { type Env, lookup, typeOf } from '../infer.js';
import { original } from '../instances.js';
import type { Condition, Step } from '../invariants/paths.js';
import { changedBy, eachExpression } from '../mutation.js';
import type { Declared } from '../program.js';
import { expressionText } from '../text.js';
import { findMembers, namedType } from '../types.js';
import type { Call } from '../write-flow.js';
import { baseVariable, isDependency, type RootVariable, sameInstance } from './guard-reads.js';

/** A place where a handler changes, saves or removes a root that it holds. */
export interface Change {
  readonly of: Expression;
  readonly at: Range;
  readonly conditions: readonly Condition[];
  /** Names that the changing method itself asks about before it changes anything. */
  readonly guards: readonly string[];
}

export function changesOf(steps: readonly Step[], of: RootVariable, root: Draft, at: AtHand, entered: Entered): Change[] {
  return steps.flatMap(({ kind, of: e, env, conditions, rescued }) => {
    if (kind !== 'expression' || !e || rescued) return [];
    const guards = changes(e, env, of, root, at, entered);
    return guards ? [{ of: e, at: e.at, conditions, guards }] : [];
  });
}

const IN_PLACE = /^(?:push|pop|shift|unshift|splice|sort|reverse|set|add|delete|clear|remove|removeAll|fill)$/;

function changes(e: Expression, env: Env, of: RootVariable, root: Draft, at: AtHand, entered: Entered): readonly string[] | undefined {
  const isIt = (x: Expression): boolean => sameInstance(baseVariable(x, env), of.variable, entered.fn);
  if (e.e === 'assign' || e.e === 'update' || e.e === 'unary') {
    const target = e.e === 'assign' ? e.target : e.of;
    return (target.e === 'member' || target.e === 'index') && isIt(target) ? [] : undefined;
  }
  if (e.e !== 'call') return undefined;
  const { callee } = e;
  if (callee.e === 'member' && isIt(callee.of)) {
    const [owner] = blocksIn(typeOf(callee.of, env), at, false);
    if (owner) {
      if (changedBy(owner.symbol, callee.name).size > 0) return askedIn(e, env, at);
      // A method of a base that is not at hand.
      if (findMembers(typeOf(callee.of, env), callee.name).length === 0 && /^(?:set|change|update|apply|assign)/.test(callee.name))
        return [];
    } else if (callee.of.e === 'member' && IN_PLACE.test(callee.name)) return [];
  }
  const given = e.args.findIndex((a) => a.e === 'name' && isIt(a));
  if (writes(e, given >= 0 || e.args.some((a) => derives(a, env, of)), of, root, entered)) return [];
  if (given < 0) return undefined;
  // `publish(article)`, `Article.publish(article)`: what comes back is the article changed.
  const isOwn = callee.e !== 'member' || !isDependency(callee.of, env);
  if (isOwn && callee.e !== 'super' && blocksIn(typeOf(e, env), at).includes(root)) return askedIn(e, env, at);
  return targetsOf(e, env, at).some((target) => {
    if (entered.writes.some((w) => w.aggregate === root && w.through[0] === target.name)) return true;
    const pattern = target.fn.parameters[given]?.pattern;
    return pattern?.p === 'name' && changesParameter(target.fn.body ?? [], pattern.name, of.draft);
  })
    ? []
    : undefined;
}

/** A write of the root by this call: of the instance, by its identity, or of what was looked up. */
function writes(call: Call, mentioned: boolean, of: RootVariable, root: Draft, { writes }: Entered): boolean {
  const write = writes.find(
    (w) =>
      w.aggregate === root &&
      (w.source?.call === call || (w.source === undefined && w.through.length === 0 && w.site !== undefined && call.args.includes(w.site))),
  );
  if (!write) return false;
  if (mentioned) return true;
  const looked = of.variable.init;
  const lookup = looked?.e === 'await' ? looked.of : looked;
  const [by] = call.args;
  if (lookup?.e !== 'call' || !by) return false;
  const key = expressionText(by);
  return key !== '…' && lookup.args.some((a) => expressionText(a) === key);
}

/** Made of it: `{ ...order, status }`, `published` after `const published = publish(order)`. */
function derives(e: Expression, env: Env, of: RootVariable, steps = 0): boolean {
  let found = false;
  eachExpression([{ s: 'expression', of: e }], (x) => {
    if (x.e !== 'name' || found) return;
    const variable = original(lookup(env, x.name));
    if (variable === of.variable) found = true;
    else if (variable?.init && steps < 3) found = derives(variable.init, variable.env, of, steps + 1);
  });
  return found;
}

type Body = Parameters<typeof eachExpression>[0];

function changesParameter(body: Body, name: string, draft: Draft): boolean {
  let changed = false;
  eachExpression(body, (x) => {
    if (x.e === 'call' && x.callee.e === 'member' && x.callee.of.e === 'name' && x.callee.of.name === name)
      changed ||= changedBy(draft.symbol, x.callee.name).size > 0;
    if (x.e === 'assign' && x.target.e === 'member' && x.target.of.e === 'name' && x.target.of.name === name) changed = true;
  });
  return changed;
}

/** What the method's own tests are about, checks that it calls included: `this.status` in `if (this.status !== 'draft') throw …`. */
function askedIn(call: Call, env: Env, at: AtHand): string[] {
  return targetsOf(call, env, at).flatMap(({ fn, owner }) => {
    const parameter = fn.parameters[0]?.pattern;
    const given = parameter?.p === 'name' ? parameter.name : undefined;
    return testsIn(fn.body ?? [], 0, owner).flatMap((test) => fieldsAsked([{ s: 'expression', of: test }], owner, given));
  });
}

/** Tests of a body, and what is handed to the checks that it calls. */
function testsIn(body: Body, depth: number, owner: Declared | undefined): Expression[] {
  return body.flatMap((s): Expression[] => {
    if (s.s === 'if') return [s.test, ...testsIn(s.yes, depth, owner), ...testsIn(s.no ?? [], depth, owner)];
    if (s.s === 'switch') return [s.of];
    if (s.s !== 'expression') return [];
    const call = s.of.e === 'await' ? s.of.of : s.of;
    if (call.e !== 'call') return [];
    if (call.callee.e === 'member' && call.callee.of.e === 'this' && owner && depth < 2)
      return testsIn(bodyOf(owner, call.callee.name), depth + 1, owner);
    return call.args.filter((a) => a.e !== 'function');
  });
}

/** Fields that an expression asks about, predicates and getters opened: `isEmpty()` asks about `items`. */
export function fieldsAsked(body: Body, owner: Declared | undefined, given: string | undefined, depth = 0): string[] {
  const names: string[] = [];
  eachExpression(body, (x) => {
    if (x.e !== 'member' || (x.of.e !== 'this' && !(x.of.e === 'name' && x.of.name === given))) return;
    const inner = owner && depth < 3 ? bodyOf(owner, x.name) : [];
    // `this.props.status`
    if (inner.length > 0) names.push(...fieldsAsked(inner, owner, undefined, depth + 1));
    names.push(plain(x.name));
  });
  eachExpression(body, (x) => {
    if (x.e === 'member' && x.of.e === 'member' && x.of.of.e === 'this' && /^[_#]?(?:props|state|data)$/.test(x.of.name))
      names.push(plain(x.name));
  });
  return names;
}

/** The fields behind what a handler asked of a root. */
export function fieldsBehind(names: readonly string[], owner: Declared): string[] {
  const [first] = names;
  return first === undefined ? [] : [plain(first), ...names.map(plain), ...fieldsAsked(bodyOf(owner, first), owner, undefined)];
}

function plain(name: string): string {
  return name.replace(/^[_#]+/, '');
}

function bodyOf(owner: Declared, name: string): Body {
  return findMembers(namedType(owner), name).flatMap(({ is }) =>
    'kind' in is && (is.kind === 'method' || is.kind === 'get') ? [...(is.fn.body ?? [])] : [],
  );
}
