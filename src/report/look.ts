import type { BoundaryDiff } from './boundary-diff.js';
import type { Links } from './links.js';

/** What the user asked for beside the format. */
export interface Look {
  readonly color: boolean;
  readonly width: number;
  readonly links?: Links;
  readonly table: boolean;
  /** What changed since a git ref; it takes the place of the table. */
  readonly diff?: BoundaryDiff;
  readonly group: 'aggregate' | 'file';
  readonly quiet: boolean;
  /** Counts for each rule in place of the findings, where a format has room for them. */
  readonly statistics: boolean;
  /** How long stages and rules took, where a format has room for it. */
  readonly timing: boolean;
  /** The path as the repository has it, which is where platforms look for it. */
  readonly inRepository: (file: string) => string;
}
