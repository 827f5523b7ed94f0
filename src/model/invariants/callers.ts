import type { FunctionFacts, Statement } from '../../facts/facts.js';
import { closuresOf } from '../actors.js';
import { targetsOf } from '../callees.js';
import type { Handler } from '../domain-model.js';
import type { Draft, Drafts } from '../drafts.js';
import { type Env, typeOf } from '../infer.js';
import { eachExpression } from '../mutation.js';
import { declarationContext, findMembers, namedType, type Type } from '../types.js';
import type { Lens } from './footprint.js';
import type { Work } from './operations.js';
import { stepsOf } from './paths.js';
import { insideOf } from './refusals.js';

/** Identifiers of the handlers that reach a method or function, by the calls on the way. */
export function callersOf(
  works: readonly Work[],
  handlers: readonly Handler[],
  drafts: Drafts,
  lens: Lens,
): (work: Work) => readonly string[] {
  const found = new Map<FunctionFacts, Set<string>>();
  const own = new Map(works.map((w) => [w.fn, w]));
  const names = new Set(works.map((w) => w.name.slice(w.name.lastIndexOf('.') + 1)));
  const constructors = new Map(works.flatMap((w) => (w.form === 'constructor' ? [[w.draft.symbol, w] as const] : [])));
  const leads = leading(drafts, names);
  const byId = new Map(drafts.all.map((d) => [d.id, d]));
  for (const handler of handlers) {
    const draft = handler.block === undefined ? undefined : byId.get(handler.block);
    const entry = draft && entryOf(handler, draft);
    if (!entry) continue;
    const seen = new Set<FunctionFacts>();
    const visit = (fn: FunctionFacts, env: Env, depth: number): void => {
      if (seen.has(fn) || depth > 8) return;
      seen.add(fn);
      const work = own.get(fn);
      if (work) {
        const known = found.get(fn);
        if (known) known.add(handler.id);
        else found.set(fn, new Set([handler.id]));
        return;
      }
      for (const { of, env: at } of stepsOf(fn, env)) {
        if (of?.e === 'new') {
          const made = typeOf(of, at);
          const creation = made.k === 'named' && constructors.get(made.symbol);
          if (creation) visit(creation.fn, creation.env, depth + 1);
          continue;
        }
        if (of?.e !== 'call') continue;
        const name = of.callee.e === 'member' || of.callee.e === 'name' ? of.callee.name : '';
        if (!leads(name)) continue;
        for (const target of targetsOf(of, at, lens.walk)) if (target.fn.body) visit(target.fn, insideOf(target), depth + 1);
      }
    };
    visit(entry.fn, entry.env, 0);
  }
  return (work) => [...(found.get(work.fn) ?? [])];
}

function entryOf(handler: Handler, draft: Draft): { readonly fn: FunctionFacts; readonly env: Env } | undefined {
  if (draft.symbol.declaration.kind !== 'class') {
    const [closure] = closuresOf(draft.symbol);
    return closure && { fn: closure.fn, env: insideOf({ fn: closure.fn, context: closure.env.context, env: closure.env }) };
  }
  const name = handler.name.slice(handler.name.lastIndexOf('.') + 1);
  const self = namedType(draft.symbol) as Extract<Type, { k: 'named' }>;
  for (const { is, context } of [...findMembers(self, name), ...findMembers({ k: 'value', symbol: draft.symbol }, name)]) {
    if (!('kind' in is)) continue;
    if (is.kind === 'method' && is.fn.body) return { fn: is.fn, env: insideOf({ fn: is.fn, context }) };
    if (is.kind === 'property' && 'init' in is && is.init?.e === 'function')
      return { fn: is.init.fn, env: insideOf({ fn: is.init.fn, context: declarationContext(self) }) };
  }
  return undefined;
}

/** Can a call of this name lead to one of those? Told by names alone, so that receivers are typed only on the way there. */
function leading(drafts: Drafts, wanted: ReadonlySet<string>): (name: string) => boolean {
  const bodies = new Map<string, (readonly Statement[])[]>();
  const note = (name: string, fn: FunctionFacts | undefined): void => {
    if (!fn?.body) return;
    const list = bodies.get(name);
    if (list) list.push(fn.body);
    else bodies.set(name, [fn.body]);
  };
  for (const { symbol } of drafts.all) {
    const { declaration } = symbol;
    if (declaration.kind === 'class') {
      for (const m of declaration.members) {
        if (m.kind === 'method' || m.kind === 'get') note(m.name, m.fn);
        else if (m.kind === 'property' && m.init?.e === 'function') note(m.name, m.init.fn);
      }
    } else if (declaration.kind === 'function' || declaration.kind === 'variable')
      for (const c of closuresOf(symbol)) note(symbol.name, c.fn);
  }
  const calls = new Map<string, ReadonlySet<string>>();
  const callsOf = (name: string): ReadonlySet<string> => {
    const before = calls.get(name);
    if (before) return before;
    const called = new Set<string>();
    calls.set(name, called);
    for (const body of bodies.get(name) ?? [])
      eachExpression(body, (e) => {
        if (e.e === 'call' && (e.callee.e === 'member' || e.callee.e === 'name')) called.add(e.callee.name);
      });
    return called;
  };
  const known = new Map<string, boolean>();
  return (name) => {
    const before = known.get(name);
    if (before !== undefined) return before;
    const reached = new Set([name]);
    for (const next of reached) {
      if (wanted.has(next) || known.get(next)) {
        known.set(name, true);
        return true;
      }
      for (const called of callsOf(next)) reached.add(called);
    }
    for (const next of reached) known.set(next, false);
    return false;
  };
}
