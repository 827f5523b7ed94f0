import type { Fix } from '../change.js';
import type { DomainModel, Span } from '../model/domain-model.js';

/** What a run has to say: one plain object that every output format reads. */
export interface Report {
  readonly version: string;
  readonly files: number;
  readonly durationMs: number;
  readonly violations: readonly Violation[];
  readonly model: DomainModel;
  /** Things the user should know that are no finding: files that did not parse, globs that match nothing. */
  readonly notices: readonly string[];
  /** Whether a file lies under the paths given; the rest of the program is context. */
  readonly inScope: (file: string) => boolean;
  /** The text of a source file as analysed, for code frames; undefined when it is gone. */
  readonly sourceOf: (file: string) => string | undefined;
  /** What was mended before this was reported. */
  readonly fixing?: Fixing;
}

export interface Fixing {
  readonly applied: readonly { readonly violation: Violation; readonly fix: Fix }[];
  /** `why` is the end of the sentence "not applied: …". */
  readonly skipped: readonly { readonly violation: Violation; readonly fix: Fix; readonly why: string }[];
  /** Files that were not written, relative, and why: "left as it is: …". */
  readonly left: readonly { readonly file: string; readonly why: string }[];
  /** Modules whose types were unknown when the compiler judged. */
  readonly unresolved: readonly string[];
}

export interface Violation {
  readonly ruleId: string;
  readonly severity: 'error' | 'warning' | 'info';
  readonly message: string;
  readonly at: Span;
  readonly symbol: string;
  readonly aggregate?: string;
  readonly related: readonly { readonly at: Span; readonly message: string }[];
  readonly fix?: Fix;
  /** Stable under moved lines: a hash of rule, file and symbol, with a counter for equals. */
  readonly fingerprint: string;
}
