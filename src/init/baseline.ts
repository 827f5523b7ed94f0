import { existsSync } from 'node:fs';
import path from 'node:path';
import { BASELINE, printBaseline } from '../allow/baseline-file.js';
import { knownFinding } from '../allow/known.js';
import { type LintOptions, lint } from '../lint.js';
import { counted } from '../report/layout.js';
import type { Step } from './changes.js';

/** What is found today is known, so that only what is new is reported from now on. */
export async function baseline(options: LintOptions): Promise<Step> {
  const { cwd } = options;
  const file = path.join(cwd, BASELINE);
  if (existsSync(file)) return { why: `${BASELINE} is there already; aggro baseline update writes it anew.` };
  const { violations } = await lint(options);
  if (violations.length === 0) return { why: 'Nothing is found, so that no baseline is needed.' };
  const after = printBaseline(violations.map(knownFinding), file, cwd);
  return { file: BASELINE, what: `a baseline of ${counted(violations.length, 'finding')}`, after };
}
