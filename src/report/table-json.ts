import type { Span } from '../model/domain-model.js';
import type { BoundaryRow } from './boundary-table.js';
import { SCHEMA_VERSION } from './json.js';

/** The boundary table as data. */
export function tableJson(rows: readonly BoundaryRow[]): string {
  return `${JSON.stringify({ schemaVersion: SCHEMA_VERSION, aggregates: rows.map(rowEntry) }, null, 2)}\n`;
}

function rowEntry({ root, at, evidence, members, byIdentity, byObject, repositories, writtenBy, raises, verdict }: BoundaryRow) {
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
    verdict: { ...counts, facts, violations: violations.map(({ fingerprint }) => fingerprint) },
  };
}

function placed(at: Span | undefined): { readonly file?: string; readonly line?: number } {
  return at === undefined ? {} : { file: at.file, line: at.line };
}
