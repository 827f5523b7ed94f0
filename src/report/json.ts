import type { Aggregate, Block, Evidence } from '../model/domain-model.js';
import { inertJson } from './data.js';
import type { Look } from './look.js';
import { type Names, namesIn, unique } from './names.js';
import type { Edit, Fixing, Report, Violation } from './report.js';
import { statisticsOf } from './statistics.js';
import { countsOf } from './tally.js';

/** The stable contract, described by `report.schema.json`: fields may be added, never changed. */
export const SCHEMA_VERSION = 1;

export function json(report: Report, extras: Partial<Pick<Look, 'statistics' | 'timing'>> = {}): string {
  return `${inertJson(document(report, extras), 2)}\n`;
}

function document(report: Report, extras: Partial<Pick<Look, 'statistics' | 'timing'>>) {
  const { model } = report;
  const names = namesIn(model);
  const { errors, warnings } = countsOf(report.violations);
  return {
    schemaVersion: SCHEMA_VERSION,
    tool: { name: 'aggro', version: report.version },
    summary: {
      files: report.files,
      aggregates: model.aggregates.length,
      errors,
      warnings,
      durationMs: Math.round(report.durationMs),
    },
    violations: report.violations.map(violationEntry),
    suppressed: report.suppressed.map((violation) => ({ ...violationEntry(violation), suppressed: violation.suppressed })),
    ...(report.baseline === undefined ? {} : { baseline: report.baseline }),
    ...(report.change === undefined ? {} : { change: report.change }),
    ...(extras.statistics && { statistics: statisticsOf(report) }),
    ...(extras.timing && { timing: report.timing }),
    ...(report.fixing === undefined ? {} : { fixing: fixingEntry(report.fixing) }),
    model: {
      blocks: model.blocks.filter((block) => !block.base && report.inScope(block.at.file)).map((block) => blockEntry(block, names)),
      aggregates: model.aggregates.map((aggregate) => aggregateEntry(aggregate, names)),
      writes: model.handlers
        .filter((handler) => handler.writes.length > 0 && handler.kind !== 'domain-service')
        .map((handler) => ({
          handler: handler.name,
          file: handler.at.file,
          aggregates: unique(handler.writes.map((write) => names.nameOf(write.aggregate))),
        })),
    },
  };
}

function fixingEntry({ applied, skipped, left, unresolved }: Fixing) {
  const entry = ({ violation, fix }: Fixing['applied'][number]) => ({
    ruleId: violation.ruleId,
    file: violation.at.file,
    line: violation.at.line,
    symbol: violation.symbol,
    fingerprint: violation.fingerprint,
    kind: fix.kind,
    title: fix.title,
  });
  return { applied: applied.map(entry), notApplied: skipped.map((each) => ({ ...entry(each), why: each.why })), left, unresolved };
}

export function violationEntry(violation: Violation) {
  const { at, ruleId, severity, message, symbol, aggregate, involves, fix, edits = [], fingerprint } = violation;
  return {
    ruleId,
    severity,
    message,
    file: at.file,
    line: at.line,
    column: at.column,
    endLine: at.endLine,
    endColumn: at.endColumn,
    symbol,
    ...(aggregate === undefined ? {} : { aggregate }),
    ...(involves === undefined ? {} : { involves }),
    related: violation.related.map((related) => ({
      file: related.at.file,
      line: related.at.line,
      column: related.at.column,
      message: related.message,
    })),
    ...(fix === undefined ? {} : { fix: { kind: fix.kind, title: fix.title, ...(edits.length > 0 && { edits: edits.map(editEntry) }) } }),
    fingerprint,
  };
}

function editEntry({ at: { file, line, column, endLine, endColumn }, text }: Edit) {
  return { file, line, column, endLine, endColumn, text };
}

function blockEntry(block: Block, names: Names) {
  return {
    name: block.name,
    kind: block.kind,
    file: block.at.file,
    line: block.at.line,
    evidence: block.evidence.map(evidenceEntry),
    ...(block.aggregate === undefined ? {} : { aggregate: names.nameOf(block.aggregate) }),
  };
}

function evidenceEntry({ kind, detail, at }: Evidence) {
  return { kind, detail, file: at.file, line: at.line };
}

function aggregateEntry(aggregate: Aggregate, names: Names) {
  return {
    root: aggregate.name,
    file: aggregate.at.file,
    members: aggregate.members.map(({ name, kind }) => ({ name, kind })),
    references: aggregate.references.map(({ to, by, symbol }) => ({ to: names.nameOf(to), by, at: symbol })),
    repositories: aggregate.repositories.map(names.nameOf),
    writtenBy: unique(aggregate.writtenBy.map(names.nameOf)),
    raises: unique(aggregate.raises.map(names.nameOf)),
  };
}
