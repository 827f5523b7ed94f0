import type { Aggregate, Cluster, Handler, Invariant, Operation } from './domain-model.js';

/** The state of each aggregate, parted where no invariant ties it together. */
export function findClusters(
  _aggregates: readonly Aggregate[],
  _invariants: readonly Invariant[],
  _operations: readonly Operation[],
  _handlers: readonly Handler[],
): Cluster[] {
  return [];
}
