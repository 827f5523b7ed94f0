import type { Fix } from '../change.js';
import type { DomainModel, Span } from '../model/domain-model.js';

/** What a run has to say: one plain object that every output format reads. */
export interface Report {
  readonly version: string;
  readonly files: number;
  readonly durationMs: number;
  /** What there is to mend. */
  readonly violations: readonly Violation[];
  /** What was found and is allowed to be there: by a comment in the source, or known to the baseline. */
  readonly suppressed: readonly SuppressedViolation[];
  /** Present where a baseline was compared. */
  readonly baseline?: BaselineTally;
  /** Present where only what a change brought is reported. */
  readonly change?: ChangeTally;
  /** Every rule that was loaded, those that are off among them. */
  readonly rules: readonly RuleInfo[];
  readonly timing: Timing;
  readonly model: DomainModel;
  /** Aggregates in the whole program; the model lists those under the paths given. */
  readonly recognised: number;
  /** Where aggro itself failed; all the rest is reported. */
  readonly failures: readonly Failure[];
  /** Things the user should know that are no finding: files that did not parse, globs that match nothing. */
  readonly notices: readonly string[];
  /** Whether a file lies under the paths given; the rest of the program is context. */
  readonly inScope: (file: string) => boolean;
  /** The text of a source file as analysed, for code frames; undefined when it is gone. */
  readonly sourceOf: (file: string) => string | undefined;
  /** What was mended before this was reported. */
  readonly fixing?: Fixing;
}

/** An error of aggro's own. */
export interface Failure {
  readonly stage: 'facts' | 'rules';
  /** The file that was read, or the rule that was asked. */
  readonly subject: string;
  readonly message: string;
  readonly stack?: string | undefined;
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
  /** Names that tell it apart from another finding of the same rule and symbol. */
  readonly involves?: readonly string[];
  readonly related: readonly { readonly at: Span; readonly message: string }[];
  readonly fix?: Fix;
  /** What the fix alone comes to, where that was worked out, in files that are there or to be made; none where the compiler objects. */
  readonly edits?: readonly Edit[];
  /** Stable under moved lines: a hash of rule, file and symbol, with a counter for equals. */
  readonly fingerprint: string;
}

export interface SuppressedViolation extends Violation {
  /** In the words of SARIF. */
  readonly suppressed: { readonly kind: 'inSource' | 'external'; readonly justification: string };
}

export interface BaselineTally {
  /** As the user would name it. */
  readonly file: string;
  readonly known: number;
  readonly new: number;
  /** Entries whose finding is no longer there. */
  readonly gone: readonly KnownFinding[];
}

/** A finding as a baseline keeps it: by what it is about, never by line or message. */
export interface KnownFinding {
  readonly rule: string;
  readonly symbol: string;
  readonly involves: readonly string[];
  /** Where it was; asked only to tell apart several of the same rule and symbol. */
  readonly file: string;
}

export interface ChangeTally {
  /** What it is compared with: `main`, `HEAD`. */
  readonly since: string;
  readonly heldBack: number;
}

/** The text that takes the place of a span. */
export interface Edit {
  readonly at: Span;
  readonly text: string;
}

/** What a rule says about itself, and how loud it was in this run. */
export interface RuleInfo {
  readonly id: string;
  readonly title: string;
  readonly why: string;
  readonly remedy: string;
  readonly source: string;
  readonly severity: 'off' | 'info' | 'warning' | 'error';
}

/** In milliseconds. What a rule is the first to ask of the model is computed for it, and counts to it. */
export interface Timing {
  readonly stages: readonly { readonly name: string; readonly ms: number }[];
  readonly rules: readonly { readonly id: string; readonly ms: number; readonly findings: number }[];
  readonly work?: Work;
  /** Why the run was made anew instead of repeated. */
  readonly anew?: string;
}

/** How many files there are, and how many of them had to be read and parsed; of the others the facts were kept. */
export interface Work {
  readonly files: number;
  readonly read: number;
  readonly parsed: number;
}
