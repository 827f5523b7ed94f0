import path from 'node:path';
import { withSuppressions } from '../src/allow/write-suppressions.js';
import { UsageError } from '../src/errors.js';
import { writeSource } from '../src/project/write-source.js';
import { counted, lineOf } from '../src/report/layout.js';
import { adopted } from './adoption.js';
import { directoryOf, type RuleChoices } from './analysis.js';
import type { LintOptions } from './options.js';
import { unknownRule } from './severities.js';

/** `--suppress RULE --reason "…"`: writes the comments into the source; what is suppressed or known already is left alone. */
export async function writeSuppressions(
  paths: readonly string[],
  options: LintOptions,
  choices: RuleChoices,
  ids: readonly string[],
): Promise<void> {
  const cwd = directoryOf(options);
  const reason = reasonIn(options, ids);
  const { violations, sourceOf } = await adopted(paths, options, choices, ids);
  const wanted = violations.filter(({ ruleId }) => options.suppress.includes(ruleId));
  const left: string[] = [];
  let written = 0;
  for (const file of new Set(wanted.map(({ at }) => at.file))) {
    const text = sourceOf(file);
    if (text === undefined) continue;
    const result = withSuppressions(
      file,
      text,
      wanted.filter(({ at }) => at.file === file),
      reason,
    );
    if (result.suppressed.length > 0) writeSource(path.resolve(cwd, file), text, result.text);
    written += result.suppressed.length;
    left.push(...result.left.map(({ at }) => lineOf(at)));
  }
  process.stderr.write(`aggro: ${counted(written, 'finding')} of ${options.suppress.join(', ')} suppressed.\n`);
  for (const place of left) process.stderr.write(`aggro: ${place} has no place for a comment; write it by hand.\n`);
}

function reasonIn({ suppress, reason, staged }: LintOptions, ids: readonly string[]): string {
  const text = (reason ?? '').replaceAll(/\s+/g, ' ').trim();
  if (suppress.length === 0) throw new UsageError('--reason belongs to --suppress RULE.');
  if (text === '') throw new UsageError(`--suppress ${suppress[0]} needs a reason: --reason "why it may stay".`);
  if (text.includes('*/')) throw new UsageError('A reason cannot hold */, which would end the comment.');
  if (staged) throw new UsageError('--suppress writes the working tree, and --staged judges the index. Use one of them.');
  for (const id of suppress) if (!ids.includes(id)) throw unknownRule(id, ids);
  return text;
}
