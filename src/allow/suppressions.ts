import type { Fix } from '../change.js';
import type { Judged } from '../check.js';
import { didYouMean } from '../did-you-mean.js';
import type { FileFacts, Offset, Range, SuppressionComment, SuppressionScope } from '../facts/facts.js';
import type { Span } from '../model/domain-model.js';
import { spanOf } from '../model/program.js';
import type { Policy, RuleChoice } from '../policy.js';
import type { SuppressedViolation } from '../report/report.js';
import type { Finding } from '../rule.js';
import { listed } from '../wording.js';
import { SUPPRESSION_RULES, UNUSED, WITHOUT_REASON } from './suppression-rules.js';

export interface Suppressed {
  readonly suppressions: ReadonlyMap<Finding, SuppressedViolation['suppressed']>;
  /** What is wrong with the comments themselves. */
  readonly remarks: readonly Judged[];
}

type Suppression = SuppressedViolation['suppressed'];

/** Which findings a comment in the source suppresses, and which comments suppress nothing or give no reason. */
export function suppress(judged: readonly Judged[], facts: readonly FileFacts[], policy: Policy): Suppressed {
  const commented = facts.filter(({ suppressions }) => suppressions.length > 0);
  if (commented.length === 0) return { suppressions: new Map(), remarks: [] };
  const used = new Set<SuppressionScope>();
  const findings = suppressedAmong(judged, commented, (scope) => used.add(scope));
  const judge = createJudge(policy, used);
  const remarks = commented.flatMap((file) => file.suppressions.flatMap((comment) => judge(comment, file)));
  const ofRemarks = suppressedAmong(remarks, commented, () => {});
  return { suppressions: new Map([...findings, ...ofRemarks]), remarks };
}

/** A finding is suppressed by every comment that covers it; the first one's reason stands for all. */
function suppressedAmong(
  judged: readonly Judged[],
  commented: readonly FileFacts[],
  use: (scope: SuppressionScope) => void,
): Map<Finding, Suppression> {
  const files = new Map(commented.map((file) => [file.file, file]));
  const found = new Map<Finding, Suppression>();
  for (const { choice, finding } of judged) {
    const file = files.get(finding.at.file);
    const at = file && offsetIn(file, finding.at);
    for (const { kind, scopes, reason } of file?.suppressions ?? []) {
      const scope =
        kind === 'enable' ? undefined : scopes.find((each) => names(each, choice.rule.id) && at !== undefined && holds(each.covers, at));
      if (!scope) continue;
      use(scope);
      if (!found.has(finding)) found.set(finding, { kind: 'inSource', justification: reason });
    }
  }
  return found;
}

function offsetIn({ lines }: FileFacts, { line, column }: Span): Offset {
  return (lines[line - 1] ?? 0) + column - 1;
}

/** A comment for all rules does not reach what is said about comments. */
function names({ rule }: SuppressionScope, id: string): boolean {
  return rule === undefined ? !OWN.has(id) : rule === id;
}

const OWN = new Set(SUPPRESSION_RULES.map(({ id }) => id));

function holds(covers: Range | undefined, at: Offset): boolean {
  return covers !== undefined && covers[0] <= at && at < Math.max(covers[1], covers[0] + 1);
}

// ── the comments themselves ───────────────────────────────────────────────────────────────────────────────────────

type Judge = (comment: SuppressionComment, file: FileFacts) => Judged[];

function createJudge({ rules, choiceAt }: Policy, used: ReadonlySet<SuppressionScope>): Judge {
  const ids = rules.map(({ id }) => id);

  /** A rule that is off in the file may be on elsewhere, or tomorrow. */
  function isIdle({ rule: id, covers }: SuppressionScope, kind: SuppressionComment['kind'], { file }: FileFacts): boolean {
    if (kind === 'enable') return covers === undefined;
    const rule = rules.find((each) => each.id === id);
    return !rule || (choiceAt(rule, file) !== undefined && !OWN.has(rule.id));
  }
  function ofReason(comment: SuppressionComment, file: FileFacts): Judged[] {
    const { kind, reason, directive } = comment;
    const withoutReason = choiceAt(WITHOUT_REASON, file.file);
    if (!withoutReason || reason !== '' || kind === 'enable' || kind === 'unknown') return [];
    const where = kind === 'ignore' ? 'behind the rule' : 'behind the rule, after `--`';
    const message = `${directive} ${namesOf(comment.scopes)} says no reason: later nobody can tell whether it still holds. Write it ${where}.`;
    return [remark(withoutReason, comment, file, comment.at, message)];
  }
  function ofUse(comment: SuppressionComment, file: FileFacts): Judged[] {
    const unused = choiceAt(UNUSED, file.file);
    if (!unused) return [];
    const { kind, directive, scopes } = comment;
    if (kind === 'unknown') {
      const message = `${directive} is no directive, so nothing is suppressed${didYouMean(directive, DIRECTIVES) || `; there are ${listed(DIRECTIVES)}`}`;
      return [remark(unused, comment, file, comment.at, message)];
    }
    const idle = scopes.filter((scope) => !used.has(scope) && isIdle(scope, kind, file));
    const [first] = idle;
    if (!first) return [];
    const whole = idle.length === scopes.length;
    const unknown = idle.filter(({ rule }) => rule !== undefined && !ids.includes(rule));
    const at = unknown[0]?.at ?? (whole ? comment.at : first.at);
    // A mistyped name is not deleted: nobody can tell what it was to suppress.
    const fix = unknown.length > 0 ? undefined : whole ? removed(comment, file) : narrowed(comment, idle, file);
    return [remark(unused, comment, file, at, idleInWords(comment, idle, unknown, ids), fix)];
  }
  return (comment, file) => [...ofReason(comment, file), ...ofUse(comment, file)];
}

const DIRECTIVES = ['aggro-disable-next-line', 'aggro-disable-line', 'aggro-disable', 'aggro-enable', 'aggro-disable-file'];

function remark(
  choice: RuleChoice,
  { directive, scopes }: SuppressionComment,
  file: FileFacts,
  at: Range,
  message: string,
  fix?: Fix,
): Judged {
  const rules = scopes.flatMap(({ rule }) => rule ?? []);
  return { choice, finding: { at: spanOf(file, at), symbol: [directive, ...rules].join(' '), message, ...(fix && { fix }) } };
}

function idleInWords(
  { kind, directive }: SuppressionComment,
  idle: readonly SuppressionScope[],
  [unknown]: readonly SuppressionScope[],
  ids: readonly string[],
): string {
  if (unknown?.rule !== undefined)
    return `${directive} names the rule "${unknown.rule}", which does not exist${didYouMean(unknown.rule, ids) || '; aggro rules lists them all.'}`;
  const rules = namesOf(idle);
  if (kind === 'enable') return `${directive} enables ${rules}, which no comment above disables. Delete it.`;
  if (idle.every(({ covers }) => covers === undefined))
    return `${directive} ${rules} covers nothing: ${kind === 'ignore' ? 'it stands in no JSDoc comment right above a declaration' : 'no code follows'}. Move or delete it.`;
  return `${directive} suppresses no finding of ${rules} here. Delete it, or it will hide the next one.`;
}

function namesOf(scopes: readonly SuppressionScope[]): string {
  return listed(scopes.map(({ rule }) => rule ?? 'any rule'));
}

function removed({ removal, directive }: SuppressionComment, file: FileFacts): Fix {
  return {
    kind: 'safe',
    title: `Delete the comment ${directive}`,
    changes: removal.map((range) => ({ do: 'replace', at: spanOf(file, range), text: '' })),
  };
}

function narrowed(comment: SuppressionComment, idle: readonly SuppressionScope[], file: FileFacts): Fix {
  const kept = comment.scopes.filter((scope) => !idle.includes(scope)).flatMap(({ rule }) => rule ?? []);
  return {
    kind: 'safe',
    title: `Take ${namesOf(idle)} out of the comment ${comment.directive}`,
    changes: [{ do: 'replace', at: spanOf(file, comment.names ?? comment.at), text: kept.join(', ') }],
  };
}
