import type { Expression, Statement } from '../../facts/facts.js';
import type { Handler, Lock } from '../domain-model.js';
import type { Draft, Drafts } from '../drafts.js';
import { eachExpression } from '../mutation.js';
import { bodiesOfDraft } from '../outside/sightings.js';
import { spanOf } from '../program.js';
import type { FoundRepository } from '../repositories.js';
import { lastPart } from '../text.js';

/** Handlers that keep others out while they change something: by themselves, or by how their repository loads. */
export function findLocks(drafts: Drafts, handlers: readonly Handler[], repositories: readonly FoundRepository[]): Lock[] {
  const loading = lockingMethods(repositories);
  const byId = new Map(drafts.all.map((d) => [d.id, d]));
  return handlers.flatMap((handler) => {
    const draft = handler.block === undefined || handler.writes.length === 0 ? undefined : byId.get(handler.block);
    const at = draft && lockIn(draft, lastPart(handler.name), loading);
    return draft && at ? [{ handler: handler.id, at: spanOf(draft.symbol.file.facts, at.at) }] : [];
  });
}

/** `findForUpdate` of a repository whose statement locks. */
function lockingMethods(repositories: readonly FoundRepository[]): ReadonlySet<string> {
  return new Set(
    repositories.flatMap(({ draft }) =>
      bodiesOfDraft(draft).flatMap((body) => (lockAmong(body.statements, NONE) ? [lastPart(body.name)] : [])),
    ),
  );
}

const NONE: ReadonlySet<string> = new Set();

/** In the method itself, or in one of its class that it calls. */
function lockIn(draft: Draft, method: string, loading: ReadonlySet<string>): Expression | undefined {
  const bodies = new Map(bodiesOfDraft(draft).map((b) => [lastPart(b.name), b.statements]));
  const seen = new Set<string>();
  const open = [method];
  for (let name = open.pop(); name !== undefined; name = open.pop()) {
    const body = bodies.get(name);
    if (!body || seen.has(name)) continue;
    seen.add(name);
    const lock = lockAmong(body, loading);
    if (lock) return lock;
    eachExpression(body, (e) => {
      if (e.e === 'call' && e.callee.e === 'member' && e.callee.of.e === 'this') open.push(e.callee.name);
    });
  }
  return undefined;
}

function lockAmong(statements: readonly Statement[], loading: ReadonlySet<string>): Expression | undefined {
  let found: Expression | undefined;
  eachExpression(statements, (e) => {
    if (!found && locks(e, loading)) found = e;
  });
  return found;
}

const PESSIMISTIC = /^pessimistic_|^serializable$|\bfor\s+(?:no\s+key\s+)?update\b/i;

/** `setLock('pessimistic_write')`, `LockMode.PESSIMISTIC_WRITE`, `.forUpdate()`, `… FOR UPDATE`, `mutex.runExclusive(…)`, a serializable transaction. */
function locks(e: Expression, loading: ReadonlySet<string>): boolean {
  if (e.e === 'literal') return typeof e.value === 'string' && PESSIMISTIC.test(e.value);
  if (e.e === 'template') return e.text !== undefined && PESSIMISTIC.test(e.text);
  if (e.e === 'member')
    return /^(?:PESSIMISTIC_\w*|SERIALIZABLE|Serializable)$/.test(e.name) || (e.name === 'UPDATE' && endsIn(e.of, /^LOCK$/));
  if (e.e === 'object')
    return e.entries.some((x) => x.o === 'property' && x.name === 'lock' && x.value.e === 'literal' && x.value.value === true);
  if (e.e !== 'call' || e.callee.e !== 'member') return false;
  const { name, of } = e.callee;
  if (/^(?:forUpdate|forNoKeyUpdate|runExclusive|acquireLock|withLock)$/.test(name) || loading.has(name)) return true;
  return /^(?:acquire|lock|using|obtain)$/.test(name) && endsIn(of, /lock|mutex|semaphore/i);
}

function endsIn(e: Expression, name: RegExp): boolean {
  return (e.e === 'member' || e.e === 'name') && name.test(e.name);
}
