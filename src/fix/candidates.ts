import type { Fix } from '../change.js';
import type { LintOptions } from '../lint.js';
import { givenTsconfig } from '../project/governing.js';
import { absolute } from '../project/paths.js';
import { configDirectory } from '../project/targets.js';
import type { Violation } from '../report/report.js';
import type { Complaint } from './judge.js';
import { filesOf, isRefusal, type Patch, type Refusal, refuse } from './patch.js';
import { workOut } from './verbs/verbs.js';
import { openWorkspace, type Workspace } from './workspace.js';

/** A finding and one way to mend it. */
export interface Candidate {
  readonly violation: Violation;
  readonly fix: Fix;
}

/** What may be mended, and how. */
export interface Choice {
  /** Also what changes an API or a behaviour. */
  readonly unsafe: boolean;
  /** Which violations to mend; all by default. Asked once for each way to mend one. */
  readonly wants?: ((violation: Violation, fix: Fix) => boolean) | undefined;
}

/** The best way that is allowed, wanted, and was not found wanting before. */
export function candidateOf(violation: Violation, { unsafe, wants }: Choice, skipped: ReadonlyMap<string, unknown>): Candidate | undefined {
  for (let way = violation.fix; way !== undefined; way = way.otherwise) {
    if (way.kind === 'unsafe' && !unsafe) continue;
    if (skipped.has(keyOf({ violation, fix: way })) || wants?.(violation, way) === false) continue;
    return { violation, fix: way };
  }
  return undefined;
}

export function keyOf({ violation, fix: way }: Candidate): string {
  return `${violation.fingerprint} ${way.title}`;
}

/** What a way to mend does to texts as they are now. */
export function patchFor({ fix: way }: Candidate, workspace: Workspace): Patch | Refusal {
  const patch = workOut(way.changes, workspace);
  if (isRefusal(patch)) return patch;
  const files = filesOf(patch);
  const outside = [...files].find((file) => !workspace.isOwn(file));
  if (outside !== undefined) return refuse(`${workspace.relative(outside)} lies outside the project`);
  return files.size === 0 ? refuse('nothing is left to change') : patch;
}

/** Most codebases have one tsconfig or few; the workspace has to reach every file that any of the fixes is about. */
export async function workspaceFor(
  violations: readonly Violation[],
  { cwd, config }: Pick<LintOptions, 'cwd' | 'config'>,
  overlay: ReadonlyMap<string, string>,
): Promise<Workspace> {
  const targets = [...new Set(violations.flatMap(({ at, fix: way }) => (way ? [at.file, ...filesNamed(way)] : [])))].map((file) =>
    absolute(cwd, file),
  );
  const root = absolute(cwd, '.');
  const givenTsconfigs = config.tsconfig.map((each) => givenTsconfig(configDirectory(root, config), each));
  return openWorkspace({ cwd, givenTsconfigs, targets, overlay });
}

/** The files of all places that a fix names. */
function filesNamed(way: unknown): readonly string[] {
  if (typeof way !== 'object' || way === null) return [];
  const own = 'file' in way && typeof way.file === 'string' ? [way.file] : [];
  return [...own, ...Object.values(way).flatMap(filesNamed)];
}

/** The end of the sentence "not applied: …". */
export function inWords(complaints: readonly Complaint[], workspace: Workspace): string {
  const [first] = complaints;
  if (!first) return 'it would not compile';
  const places = complaints.length === 1 ? 'a use' : `${complaints.length} uses`;
  return `${places} would no longer compile (${workspace.relative(first.file)}:${first.line}: ${first.text})`;
}

/** Modules that are not installed: their types are unknown to the judgement. */
export function unresolvedIn(workspace: Workspace | undefined): readonly string[] {
  return [...new Set(workspace?.compilations.flatMap((each) => each.unresolved()))].sort();
}
