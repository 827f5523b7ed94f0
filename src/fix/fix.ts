import { factsInMemory } from '../cache/facts-store.js';
import type { Fix } from '../change.js';
import { type LintOptions, lint } from '../lint.js';
import type { Report, Violation } from '../report/report.js';
import { applied, baseOf } from './apply.js';
import { type Candidate, type Choice, candidateOf, inWords, keyOf, patchFor, unresolvedIn, workspaceFor } from './candidates.js';
import { type Complaint, createJudge } from './judge.js';
import { clash, filesOf, isRefusal, type Patch } from './patch.js';
import { settle } from './settle.js';
import type { Workspace } from './workspace.js';

export interface FixOptions extends LintOptions, Choice {
  /** Mends no fingerprint twice: where one of two findings alike is mended, the other comes by its fingerprint, and nobody chose that. */
  readonly once?: boolean;
}

/** What fixing came to, in memory: nothing is written yet. */
export interface Fixed {
  readonly before: Report;
  /** After the last round. */
  readonly after: Report;
  readonly applied: readonly AppliedFix[];
  readonly skipped: readonly SkippedFix[];
  readonly files: readonly FixedFile[];
  readonly rounds: number;
  /** Modules that are not installed: their types were unknown to the judgement. */
  readonly unresolved: readonly string[];
  /** Files that the compiler checked: counted work. */
  readonly checked: number;
  /** Errors that would have come if nothing had been dropped. */
  readonly averted: number;
}

export interface AppliedFix {
  readonly violation: Violation;
  readonly fix: Fix;
  /** Absolute paths. */
  readonly files: readonly string[];
  /** What it does by itself to the texts of its round. */
  readonly alone: () => readonly FixedFile[];
}

export interface SkippedFix {
  readonly violation: Violation;
  readonly fix: Fix;
  /** The end of the sentence "not applied: …". */
  readonly why: string;
  /** Errors that it would have caused; none where it was not tried. */
  readonly complaints: readonly Complaint[];
}

export interface FixedFile {
  /** Absolute path. */
  readonly file: string;
  /** Undefined for a file that is new. */
  readonly before: string | undefined;
  readonly after: string;
}

const MOST_ROUNDS = 10;

/** Lints, mends what may be mended and still compiles, lints again, until nothing is left to mend. */
export async function fix(options: FixOptions): Promise<Fixed> {
  const store = options.store ?? factsInMemory();
  const overlay = new Map<string, string>(options.overlay);
  const look = (): Promise<Report> => lint({ ...options, overlay, store });
  const before = await look();
  const originals = new Map<string, string | undefined>();
  const done: AppliedFix[] = [];
  const skipped = new Map<string, SkippedFix>();
  let after = before;
  let workspace: Workspace | undefined;
  let rounds = 0;
  let checked = 0;
  let averted = 0;

  for (; rounds < MOST_ROUNDS; rounds++) {
    const mended = new Set(options.once ? done.map(({ violation }) => violation.fingerprint) : []);
    const candidates = after.violations
      .filter(({ fingerprint }) => !mended.has(fingerprint))
      .flatMap((violation) => candidateOf(violation, options, skipped) ?? []);
    if (candidates.length === 0) break;
    workspace ??= await workspaceFor(after.violations, options, overlay);
    const round = play(candidates, workspace);
    checked += round.checked;
    averted += round.averted;
    for (const each of round.skipped) skipped.set(keyOf(each), each);
    for (const [file, text] of round.texts) {
      if (!originals.has(file)) originals.set(file, round.originals(file));
      overlay.set(file, text);
    }
    done.push(...round.applied);
    if (round.applied.length === 0 && round.skipped.length === 0) break;
    if (round.applied.length === 0) continue;
    // What stood in the way of one fix may be what another has just mended: a second run would find out.
    if (rounds < MOST_ROUNDS - 1) for (const [key, { complaints }] of skipped) if (complaints.length === 0) skipped.delete(key);
    after = await look();
  }
  return {
    before,
    after,
    applied: done,
    skipped: [...skipped.values()],
    files: [...originals]
      .map(([file, text]) => ({ file, before: text, after: overlay.get(file) ?? '' }))
      .filter((f) => f.before !== f.after),
    rounds,
    unresolved: unresolvedIn(workspace),
    checked,
    averted,
  };
}

interface Round {
  readonly applied: readonly AppliedFix[];
  readonly skipped: readonly SkippedFix[];
  readonly texts: ReadonlyMap<string, string>;
  readonly originals: (file: string) => string | undefined;
  readonly checked: number;
  readonly averted: number;
}

interface WorkedOut extends Candidate {
  readonly patch: Patch;
  readonly names: readonly string[];
}

/** One round: what each fix would do, those that get in each other's way put off, the rest judged together. */
function play(candidates: readonly Candidate[], workspace: Workspace): Round {
  const skipped: SkippedFix[] = [];
  const worked: WorkedOut[] = [];
  for (const candidate of candidates) {
    const patch = patchFor(candidate, workspace);
    if (isRefusal(patch)) skipped.push({ ...candidate, why: patch.refused, complaints: [] });
    else if (!worked.some((other) => clash(other.patch, patch))) worked.push({ ...candidate, patch, names: namesOf(candidate.violation) });
  }
  const base = baseOf(workspace);
  for (const { patch } of worked) for (const file of filesOf(patch)) base.textOf(file);
  const judge = createJudge(workspace);
  const textsOf = (some: readonly WorkedOut[]): Map<string, string> =>
    applied(
      some.map((w) => w.patch),
      base,
    );
  const { kept, dropped, averted } = settle(worked, (some) => judge.complaints(textsOf(some)));
  const texts = textsOf(kept);
  judge.complaints(texts);
  return {
    applied: kept.map((each) => ({
      violation: each.violation,
      fix: each.fix,
      files: [...filesOf(each.patch)],
      alone: () => [...textsOf([each])].map(([file, after]) => ({ file, before: base.textOf(file), after })),
    })),
    skipped: [
      ...skipped,
      ...dropped.map(({ proposal, because }) => ({
        violation: proposal.violation,
        fix: proposal.fix,
        why: inWords(because, workspace),
        complaints: because,
      })),
    ],
    texts,
    originals: base.textOf,
    checked: judge.checked(),
    averted,
  };
}

/** What an error that this fix causes would mention: `items` and `Order` of `Order.items`. */
function namesOf({ symbol }: Violation): readonly string[] {
  const last = symbol.split('.').at(-1);
  return last === undefined ? [] : [last];
}
