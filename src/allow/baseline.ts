import { counted } from '../report/layout.js';
import type { KnownFinding, Report, Violation } from '../report/report.js';
import { declares, matchKnown } from './known.js';

/** The findings that a team has decided to live with for now. */
export interface Baseline {
  /** As the user would name it. */
  readonly file: string;
  /** Files relative to the working directory. */
  readonly entries: readonly KnownFinding[];
}

/** Whether a file, there or not, is among what was to be judged. */
export type Covers = (file: string) => boolean;

export interface Comparison {
  readonly known: ReadonlyMap<Violation, KnownFinding>;
  readonly fresh: readonly Violation[];
  readonly gone: readonly KnownFinding[];
  /** Entries of which this run can say nothing. */
  readonly unjudged: readonly KnownFinding[];
}

export function compareWithBaseline(report: Report, { entries }: Baseline, covers: Covers): Comparison {
  const { known, fresh, gone } = matchKnown(entries, report.violations, ({ file, symbol }) => !declares(report.model, file, symbol));
  const judged = (entry: KnownFinding): boolean => isJudged(entry, report, covers);
  return { known, fresh, gone: gone.filter(judged), unjudged: gone.filter((entry) => !judged(entry)) };
}

/** Takes known findings out of a report, and tallies what is known, new and gone. */
export function againstBaseline(report: Report, baseline: Baseline, covers: Covers): Report {
  const { file } = baseline;
  const { known, fresh, gone } = compareWithBaseline(report, baseline, covers);
  const suppressed = { kind: 'external', justification: `known to ${file}` } as const;
  return {
    ...report,
    violations: fresh,
    suppressed: [...report.suppressed, ...[...known.keys()].map((each) => ({ ...each, suppressed }))],
    baseline: { file, known: known.size, new: fresh.length, gone },
    notices: [...report.notices, ...staleInWords(gone, file)],
  };
}

/** A rule that is off and a file that was not looked at say nothing about an entry; one of a rule that does not exist can only be gone. */
function isJudged({ rule, file }: KnownFinding, { rules }: Report, covers: Covers): boolean {
  return covers(file) && rules.find(({ id }) => id === rule)?.severity !== 'off';
}

const MOST_NAMED = 3;

function staleInWords(gone: readonly KnownFinding[], file: string): string[] {
  if (gone.length === 0) return [];
  const names = gone.slice(0, MOST_NAMED).map(inWords);
  const rest = gone.length > MOST_NAMED ? ` and ${gone.length - MOST_NAMED} more` : '';
  return [
    `${file}: ${counted(gone.length, 'finding')} no longer there (${names.join(', ')}${rest}); \`aggro baseline prune\` takes ${gone.length === 1 ? 'its entry' : 'their entries'} out.`,
  ];
}

/** `one-repo-per-root ItemRepository (Item)`. */
export function inWords({ rule, symbol, involves }: KnownFinding): string {
  return `${rule} ${symbol}${involves.length > 0 ? ` (${involves.join(', ')})` : ''}`;
}
