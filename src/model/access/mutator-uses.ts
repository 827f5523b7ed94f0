import type { Expression } from '../../facts/facts.js';
import type { Mutator } from '../domain-model.js';
import { typeOf } from '../infer.js';
import type { Watcher } from '../outside/sightings.js';
import { findMembers } from '../types.js';
import type { FoundMutator } from './mutators.js';

/** Looks for who assigns to setters and calls `set…` methods. */
export function mutatorUses(mutators: readonly FoundMutator[]): {
  readonly watcher: Watcher;
  /** Complete when the watcher has seen the program. */
  readonly complete: () => readonly Mutator[];
} {
  const named = new Map<string, FoundMutator[]>();
  for (const found of mutators) {
    if (found.mutator.via === 'method') continue;
    named.set(found.name, [...(named.get(found.name) ?? []), found]);
  }
  const seen = new Map<FoundMutator, Mutator['usedBy']>();
  const watcher: Watcher = {
    wanted: (e) => named.has(usedIn(e)?.name ?? ''),
    see: (e, env, { draft }) => {
      const use = usedIn(e);
      if (!use) return;
      const members = findMembers(typeOf(use.of, env), use.name);
      for (const found of named.get(use.name) ?? []) {
        if (!members.some(({ owner }) => owner === found.draft.symbol)) continue;
        if (draft !== found.draft && !found.heirs.some((heir) => heir === draft)) seen.set(found, 'others');
        else if (!seen.has(found)) seen.set(found, 'its class');
      }
    },
  };
  return { watcher, complete: () => mutators.map((found) => ({ ...found.mutator, usedBy: seen.get(found) ?? 'nobody' })) };
}

/** Assigned or called. */
function usedIn(e: Expression): Extract<Expression, { e: 'member' }> | undefined {
  const target = e.e === 'assign' ? e.target : e.e === 'update' ? e.of : e.e === 'call' ? e.callee : undefined;
  return target?.e === 'member' ? target : undefined;
}
