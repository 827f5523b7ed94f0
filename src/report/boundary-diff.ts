import { type BoundaryRow, boundaryRows, fieldInWords } from './boundary-table.js';
import { kindInWords, unique } from './names.js';
import type { Report } from './report.js';

/** What changed in the boundary table between two states of the code, by name: moved lines and files change nothing. */
export interface BoundaryDiff {
  /** The older state, as the user called it. */
  readonly since: string;
  readonly aggregates: readonly AggregateDiff[];
}

export interface AggregateDiff {
  readonly root: string;
  readonly file: string;
  readonly change: 'appeared' | 'went' | 'changed';
  readonly members: Changes;
  readonly byIdentity: Changes;
  readonly byObject: Changes;
  readonly writers: Changes;
}

export interface Changes {
  readonly appeared: readonly string[];
  readonly went: readonly string[];
}

type Row = Pick<BoundaryRow, 'root' | 'at' | 'members' | 'byIdentity' | 'byObject' | 'writtenBy'>;

export function boundaryDiff(since: string, before: Report | undefined, after: Report, named?: string): BoundaryDiff {
  const rowsOf = (report: Report | undefined): Row[] =>
    (report === undefined ? [] : boundaryRows(report)).filter(({ root }) => named === undefined || root === named);
  const past = new Set(rowsOf(before));
  const present = rowsOf(after);
  const partners = new Map<Row, Row>();
  // Two contexts may both have an Order: the one in the same file is the same one, and what is left is told apart by its order.
  for (const close of [(one: Row, other: Row) => one.at.file === other.at.file, () => true]) {
    for (const row of present) {
      if (partners.has(row)) continue;
      const partner = [...past].find((candidate) => candidate.root === row.root && close(candidate, row));
      if (partner === undefined) continue;
      partners.set(row, partner);
      past.delete(partner);
    }
  }
  return {
    since,
    aggregates: [
      ...present.flatMap((row) => {
        const partner = partners.get(row);
        const diff = between(row, partner, row, partner === undefined ? 'appeared' : 'changed');
        return diff.change === 'appeared' || touched(diff) ? [diff] : [];
      }),
      ...[...past].map((row) => between(row, row, undefined, 'went')),
    ],
  };
}

function between({ root, at }: Row, before: Row | undefined, after: Row | undefined, change: AggregateDiff['change']): AggregateDiff {
  const changes = (namesOf: (row: Row) => readonly string[]): Changes => {
    const old = before === undefined ? [] : unique(namesOf(before));
    const now = after === undefined ? [] : unique(namesOf(after));
    return { appeared: now.filter((name) => !old.includes(name)), went: old.filter((name) => !now.includes(name)) };
  };
  return {
    root,
    file: at.file,
    change,
    members: changes(({ members }) => members.map(({ name, kind, many }) => `${name} (${kindInWords(kind)}${many ? ', many' : ''})`)),
    byIdentity: changes(({ byIdentity }) => byIdentity.map((cell) => `${cell.to} (${fieldInWords(cell)})`)),
    byObject: changes(({ byObject }) =>
      byObject.map((cell) => `${cell.part === undefined ? '' : `${cell.part} of `}${cell.to} (${fieldInWords(cell)})`),
    ),
    writers: changes(({ writtenBy }) => writtenBy.map(({ name }) => name)),
  };
}

function touched({ members, byIdentity, byObject, writers }: AggregateDiff): boolean {
  return [members, byIdentity, byObject, writers].some(({ appeared, went }) => appeared.length + went.length > 0);
}

export function diffIsEmpty({ aggregates }: BoundaryDiff): boolean {
  return aggregates.length === 0;
}

/** `Since main: 1 aggregate appeared, 2 changed`. */
export function diffInWords({ since, aggregates }: BoundaryDiff): string {
  const counts = (['appeared', 'went', 'changed'] as const).map((change) => ({
    change,
    count: aggregates.filter((aggregate) => aggregate.change === change).length,
  }));
  const parts = counts.filter(({ count }) => count > 0).map(({ change, count }) => `${count} ${change}`);
  return parts.length === 0 ? `No boundary changed since ${since}` : `Boundaries since ${since}: ${parts.join(', ')}`;
}

/** Each kind of change under the name that the boundary table gives it. */
export function labelledChanges({ members, byIdentity, byObject, writers }: AggregateDiff): (readonly [label: string, Changes])[] {
  const all = [
    ['contains', members],
    ['by identity', byIdentity],
    ['by object', byObject],
    ['written by', writers],
  ] as const;
  return all.filter(([, { appeared, went }]) => appeared.length + went.length > 0);
}
