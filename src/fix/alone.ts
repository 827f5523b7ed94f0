import { lint } from '../lint.js';
import type { Edit, Report, Violation } from '../report/report.js';
import { applied, type Base, baseOf } from './apply.js';
import { type Candidate, candidateOf, inWords, keyOf, patchFor, unresolvedIn, workspaceFor } from './candidates.js';
import { editsBetween } from './edits.js';
import type { FixOptions, SkippedFix } from './fix.js';
import { createJudge } from './judge.js';
import { isRefusal } from './patch.js';
import type { Workspace } from './workspace.js';

/** What mending each finding by itself comes to, in memory. */
export interface FixedAlone {
  /** As it is. */
  readonly report: Report;
  readonly made: readonly FixAlone[];
  readonly skipped: readonly SkippedFix[];
  /** Modules that are not installed: their types were unknown to the judgement. */
  readonly unresolved: readonly string[];
}

export interface FixAlone extends Candidate {
  /** Of files relative to the working directory; a file that is not there is made. */
  readonly edits: readonly Edit[];
}

/** Lints, and lets the compiler judge every fix with none of the others made. */
export async function fixAlone(options: FixOptions): Promise<FixedAlone> {
  const report = await lint(options);
  const skipped = new Map<string, SkippedFix>();
  const made: FixAlone[] = [];
  const choose = (violations: readonly Violation[]): readonly Candidate[] =>
    violations.flatMap((violation) => candidateOf(violation, options, skipped) ?? []);
  let candidates = choose(report.violations);
  const workspace = candidates.length === 0 ? undefined : await workspaceFor(report.violations, options, options.overlay ?? new Map());
  while (workspace && candidates.length > 0) {
    const tried = tryEach(candidates, workspace, options.onProgress);
    made.push(...tried.made);
    for (const each of tried.skipped) skipped.set(keyOf(each), each);
    candidates = choose(tried.skipped.map(({ violation }) => violation));
  }
  return { report, made, skipped: [...skipped.values()], unresolved: unresolvedIn(workspace) };
}

/** All are worked out before the first is tried: what a fix does is told of the texts as they are. */
function tryEach(
  candidates: readonly Candidate[],
  workspace: Workspace,
  onProgress: FixOptions['onProgress'],
): Pick<FixedAlone, 'made' | 'skipped'> {
  const made: FixAlone[] = [];
  const skipped: SkippedFix[] = [];
  const trials: Trial[] = [];
  const base = baseOf(workspace);
  for (const candidate of candidates) {
    const patch = patchFor(candidate, workspace);
    if (isRefusal(patch)) skipped.push({ ...candidate, why: patch.refused, complaints: [] });
    else {
      const texts = applied([patch], base);
      trials.push({ made: { ...candidate, edits: editsIn(texts, base, workspace) }, texts });
    }
  }
  const judge = createJudge(workspace);
  for (const [i, trial] of trials.entries()) {
    onProgress?.('fixes', i, trials.length);
    const complaints = judge.complaints(trial.texts);
    const { violation, fix } = trial.made;
    if (complaints.length === 0) made.push(trial.made);
    else skipped.push({ violation, fix, why: inWords(complaints, workspace), complaints });
  }
  judge.complaints(NOTHING);
  return { made, skipped };
}

interface Trial {
  readonly made: FixAlone;
  readonly texts: ReadonlyMap<string, string>;
}

const NOTHING: ReadonlyMap<string, string> = new Map();

function editsIn(texts: ReadonlyMap<string, string>, { textOf }: Base, { relative }: Workspace): readonly Edit[] {
  return [...texts].flatMap(([file, after]) => editsBetween(relative(file), textOf(file) ?? '', after));
}
