import type { Column, ColumnClash } from '../domain-model.js';
import type { Draft } from '../drafts.js';
import { namesOf, type RowWrite } from './column-writes.js';
import { plain } from './mapped-table.js';

/** Two roots that write the same columns of the same rows: one finding for each table and pair. */
export function findColumnClashes(writes: readonly RowWrite[], placeOf: (file: string) => string): ColumnClash[] {
  const byTable = new Map<string, RowWrite[]>();
  for (const write of writes) {
    if (!write.aggregate || !write.ownRow || isShared(write)) continue;
    byTable.set(write.table.key, [...(byTable.get(write.table.key) ?? []), write]);
  }
  return [...byTable.values()].flatMap((all) => {
    const roots = new Set(all.map((w) => w.aggregate));
    return roots.size < 2 ? [] : clashesIn(all, placeOf);
  });
}

/** What every aggregate appends rows of its own to. */
function isShared({ table }: RowWrite): boolean {
  return /outbox|inbox|event|message|audit|history|logs?$|queue|jobs?$|saga|snapshot|notification/i.test(table.name);
}

function clashesIn(writes: readonly RowWrite[], placeOf: (file: string) => string): ColumnClash[] {
  const found = new Map<string, { readonly clash: ColumnClash; readonly rank: number }>();
  for (const [i, a] of writes.entries()) {
    for (const b of writes.slice(i + 1)) {
      const clash = clashOf(a, b, placeOf);
      if (!clash) continue;
      const key = [a.aggregate?.id, b.aggregate?.id].sort().join('|');
      const rank = clash.write.columns === 'whole-row' ? 0 : 1;
      const known = found.get(key);
      if (!known || rank < known.rank) found.set(key, { clash, rank });
    }
  }
  return [...found.values()].map(({ clash }) => clash);
}

function clashOf(a: RowWrite, b: RowWrite, placeOf: (file: string) => string): ColumnClash | undefined {
  if (!a.aggregate || !b.aggregate || a.aggregate === b.aggregate || kin(a.aggregate, b.aggregate)) return undefined;
  // What one class keeps in one table, it tells apart: states of one thing, or a repository of several roots.
  if (a.write.by !== undefined && a.write.by === b.write.by) return undefined;
  if (!sameRows(a, b, placeOf)) return undefined;
  const columns = overlap(a, b);
  if (columns && columns.length === 0) return undefined;
  const [write, other] = reportedFirst(a, b);
  return { table: write.table.name, columns: columns ?? [], write: write.write, other: other.write };
}

/** Heirs of one root share its table by design. */
function kin(a: Draft, b: Draft): boolean {
  const bases = (d: Draft): ReadonlySet<unknown> =>
    new Set(
      d.lineage.flatMap((x) =>
        x.via === 'extends' && x.symbol && x.symbol.declaration.kind === 'class' && isMappedBase(d, x.symbol) ? [x.symbol] : [],
      ),
    );
  const own = bases(a);
  return own.has(b.symbol) || bases(b).has(a.symbol) || [...bases(b)].some((s) => own.has(s));
}

/** A base with a table of its own, against one that only lends its methods. */
function isMappedBase(draft: Draft, base: unknown): boolean {
  return (
    draft.mapped &&
    draft.lineage.some((a) => a.symbol === base && a.symbol?.declaration.kind === 'class' && a.symbol.declaration.decorators.length > 0)
  );
}

function sameRows(a: RowWrite, b: RowWrite, placeOf: (file: string) => string): boolean {
  if (a.table.rows !== undefined && b.table.rows !== undefined && a.table.rows !== b.table.rows) return false;
  for (const [column, value] of a.fixed) {
    const other = b.fixed.get(column);
    if (other !== undefined && other !== value) return false;
  }
  // Two packages may each have a database with a table of that name.
  const declaredTogether = a.table.symbols.some((s) => b.table.symbols.includes(s));
  return declaredTogether || placeOf(a.file.facts.file) === placeOf(b.file.facts.file);
}

const TOUCHED =
  /^(?:updated|modified|changed|touched|created|lastupdated|lastmodified|lastchanged|dateupdated|datecreated)(?:at|on|date|time|by)?$/;

/** Undefined where both write all there is, whatever that may be. */
function overlap(a: RowWrite, b: RowWrite): string[] | undefined {
  const left = effective(a);
  const right = effective(b);
  if (!left && !right) return undefined;
  const mine = new Set([...(left ?? right ?? new Map<string, string>()).keys()]);
  const both = [...(right ?? left ?? new Map<string, string>()).entries()].filter(([key]) => mine.has(key));
  const columns = [...(a.table.mapping()?.columns ?? []), ...(b.table.mapping()?.columns ?? [])];
  const spared = new Set(
    columns.filter((c) => c.key || c.version || c.discriminator).flatMap((c: Column) => [plain(c.name), plain(c.field ?? c.name)]),
  );
  const shared = both.filter(
    ([key]) =>
      !spared.has(key) && !/^_?(?:id|uuid|version|v|revision|rowversion|lockversion|tenantid|optlock)$/.test(key) && !TOUCHED.test(key),
  );
  // Each points at a parent of its own: rows of one table that are told apart by that.
  if (left && right && pointsApart(left, right) && pointsApart(right, left)) return [];
  return shared.map(([, name]) => name);
}

/** Columns by their plain names; none where all of an undeclared table is written. */
function effective({ write, table }: RowWrite): ReadonlyMap<string, string> | undefined {
  if (write.columns !== 'whole-row') return new Map(namesOf(write.columns, table.mapping()).map((c) => [plain(c), c]));
  const columns = table.mapping()?.columns ?? [];
  return columns.length > 0 ? new Map(columns.map((c) => [plain(c.name), c.name])) : undefined;
}

function pointsApart(own: ReadonlyMap<string, string>, other: ReadonlyMap<string, string>): boolean {
  return [...own].some(([key, name]) => /[a-z](?:Id|ID|_id)$/.test(name) && !other.has(key));
}

function reportedFirst(a: RowWrite, b: RowWrite): [RowWrite, RowWrite] {
  const wholeA = a.write.columns === 'whole-row';
  const wholeB = b.write.columns === 'whole-row';
  if (wholeA !== wholeB) return wholeA ? [a, b] : [b, a];
  const at = (w: RowWrite): string => `${w.write.at.file}:${String(w.write.at.line).padStart(7, '0')}`;
  return at(a) > at(b) ? [a, b] : [b, a];
}
