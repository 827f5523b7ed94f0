import type { DrawnAggregate } from './boundaries.js';
import type { Handler, Invariant, Operation } from './domain-model.js';
import type { Drafts } from './drafts.js';

/** What the code of each aggregate enforces, and which operation reads and writes what. */
export function findInvariants(
  _drafts: Drafts,
  _aggregates: readonly DrawnAggregate[],
  _handlers: readonly Handler[],
): { readonly invariants: readonly Invariant[]; readonly operations: readonly Operation[] } {
  return { invariants: [], operations: [] };
}
