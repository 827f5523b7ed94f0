import type { Expression, FunctionFacts, Statement } from '../../facts/facts.js';
import type { Draft, Drafts } from '../drafts.js';
import type { Declared } from '../program.js';
import { stateOf } from '../state.js';

/** Whether a root does more than hold its state: a method, setter or constructor that decides or computes something. */
export function hasBehaviour(root: Draft, drafts: Drafts): boolean {
  const { declaration } = root.symbol;
  // What acts on a type stands beside it, in functions.
  if (declaration.kind !== 'class') return true;
  const bases = root.lineage.flatMap((a) => (a.symbol && a.via === 'extends' && holdsStateOfItsOwn(a.symbol, drafts) ? [a.symbol] : []));
  return [root.symbol, ...bases].some(acts);
}

/** A base of some roots, not of all: `BaseEntity` has an identity, dates and events. */
function holdsStateOfItsOwn(base: Declared, drafts: Drafts): boolean {
  if (drafts.of(base)?.kind === undefined) return false;
  return stateOf(base).some(
    (f) => f.declaredIn === undefined && !/^_?(?:id|uuid|props|events?|domainEvents|(?:created|updated|deleted)_?(?:at|on))$/i.test(f.name),
  );
}

const PLUMBING =
  /^(?:toJSON|toString|toPrimitives?|toDto|toDTO|toObject|toSnapshot|toPlain|serialize|equals|clone|copy|hashCode|valueOf|validate|inspect|from\w*|create|new|of|build|restore|reconstitute|rehydrate)$/;

function acts({ declaration }: Declared): boolean {
  if (declaration.kind !== 'class') return false;
  return declaration.members.some((m) => {
    switch (m.kind) {
      case 'method':
        if (m.static) return decides(m.fn);
        return m.fn.body !== undefined && (decides(m.fn) || (!PLUMBING.test(m.name) && !isBare(m.fn)));
      case 'get':
        return false;
      case 'set':
        return !isBare(m.fn);
      case 'constructor':
        return decides(m.fn) || computes(m.fn);
      case 'property':
        return m.init?.e === 'function' && !isBare(m.init.fn);
      default:
        return false;
    }
  });
}

/** Takes decisions: a branch or an exit. */
function decides(fn: FunctionFacts): boolean {
  return (fn.body ?? []).some((s) => s.s === 'if' || s.s === 'throw' || s.s === 'switch' || s.s === 'each' || s.s === 'loop');
}

/** `this.password = hash(password)` in a constructor; what is made or generated there is no more than a start. */
function computes(fn: FunctionFacts): boolean {
  const parameters = new Set(fn.parameters.flatMap((p) => (p.pattern.p === 'name' ? [p.pattern.name] : [])));
  return (fn.body ?? []).some(
    (s) => s.s === 'expression' && s.of.e === 'assign' && s.of.value.e === 'call' && takes(s.of.value, parameters),
  );
}

function takes(call: Extract<Expression, { e: 'call' }>, parameters: ReadonlySet<string>): boolean {
  return (
    call.args.some((a) => a.e === 'name' && parameters.has(a.name)) ||
    (call.callee.e === 'member' && call.callee.of.e === 'call' && takes(call.callee.of, parameters))
  );
}

/** Gives a field back, or assigns what it was given and nothing else. */
function isBare(fn: FunctionFacts): boolean {
  const body = fn.body ?? [];
  return body.every((s) => isBareStatement(s));
}

function isBareStatement(s: Statement): boolean {
  if (s.s === 'return') return !s.of || isPlain(s.of) || s.of.e === 'this';
  if (s.s !== 'expression') return false;
  const { of } = s;
  if (of.e === 'call') return of.callee.e === 'super';
  return of.e === 'assign' && of.op === '=' && (isGiven(of.value) || isTimestamp(of.target));
}

/** A parameter or an entry of one. */
function isGiven(e: Expression): boolean {
  return (
    e.e === 'name' ||
    (e.e === 'member' && isGiven(e.of)) ||
    (e.e === 'as' && isGiven(e.of)) ||
    (e.e === 'binary' && e.op === '??' && isGiven(e.left))
  );
}

function isTimestamp(target: Expression): boolean {
  return target.e === 'member' && /(?:updated|modified)_?(?:at|on)$/i.test(target.name);
}

function isPlain(e: Expression): boolean {
  if (e.e === 'this' || e.e === 'name' || e.e === 'literal') return true;
  return (e.e === 'member' || e.e === 'as' || e.e === 'spread') && isPlain(e.of);
}
