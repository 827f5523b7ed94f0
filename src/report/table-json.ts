import type { Reason, Span } from '../model/domain-model.js';
import type { BoundaryRow } from './boundary-table.js';
import { type InvariantCell, invariantCell } from './consistency-cells.js';
import { inertJson } from './data.js';
import { SCHEMA_VERSION } from './json.js';

/** The boundary table as data. */
export function tableJson(rows: readonly BoundaryRow[]): string {
  return `${inertJson({ schemaVersion: SCHEMA_VERSION, aggregates: rows.map(rowEntry) }, 2)}\n`;
}

function rowEntry(row: BoundaryRow) {
  const { root, at, evidence, members, byIdentity, byObject, repositories, writtenBy, raises, verdict } = row;
  const { violations, facts, ...counts } = verdict;
  return {
    root,
    ...placed(at),
    evidence: evidence.map(({ kind, detail, at }) => ({ kind, detail, ...placed(at) })),
    members: members.map(({ name, kind, many, depth, heldBy, at }) => ({ name, kind, many, depth, heldBy, ...placed(at) })),
    byIdentity: byIdentity.map(({ at, ...reference }) => ({ ...reference, ...placed(at) })),
    byObject: byObject.map(({ at, ...reference }) => ({ ...reference, ...placed(at) })),
    repositories: repositories.map(({ name, at }) => ({ name, ...placed(at) })),
    writtenBy: writtenBy.map(({ name, kind, at, calls }) => ({
      name,
      kind,
      ...placed(at),
      calls: calls.map(({ call, at }) => ({ call, ...placed(at) })),
    })),
    raises,
    ...enforcedEntry(row),
    verdict: { ...counts, facts, violations: violations.map(({ fingerprint }) => fingerprint) },
  };
}

function enforcedEntry({ invariants, concepts, clusters, alone, extent, split }: BoundaryRow) {
  const { collections, ...types } = extent;
  const invariant = ({ at, ...rest }: InvariantCell) => ({ ...rest, ...placed(at) });
  const reason = ({ text, at }: Reason) => ({ text, ...placed(at) });
  return {
    invariants: invariants.map((each) => invariant(invariantCell(each))),
    concepts: concepts().map(({ aggregate: _, because, ...concept }) => ({ ...concept, because: because.map(reason) })),
    clusters: clusters.map((cluster) => ({
      ...cluster,
      invariants: cluster.invariants.map(invariant),
      shared: cluster.shared.map(invariant),
    })),
    alone,
    loads: {
      ...types,
      collections: collections.map(({ at, bound, ...collection }) => ({
        ...collection,
        ...placed(at),
        bounded: bound !== undefined,
        ...(bound ? { bound: reason(bound) } : {}),
      })),
    },
    ...(split ? { split: { ...split, ...(split.storage ? { storage: reason(split.storage) } : {}) } } : {}),
  };
}

function placed(at: Span | undefined): { readonly file?: string; readonly line?: number } {
  return at === undefined ? {} : { file: at.file, line: at.line };
}
