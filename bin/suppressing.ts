import path from 'node:path';
import { withSuppressions } from '../src/allow/write-suppressions.js';
import { UsageError } from '../src/errors.js';
import { save } from '../src/fix/save.js';
import { absolute } from '../src/project/paths.js';
import { counted, lineOf } from '../src/report/layout.js';
import { adopted, type LintTask } from './adoption.js';
import { directoryOf } from './analysis.js';
import type { LintOptions } from './options.js';
import { rulesFor } from './settings.js';
import { unknownRule } from './severities.js';

/** `--suppress RULE --reason "…"`: writes the comments into the source; what is suppressed or known already is left alone. */
export async function writeSuppressions(task: LintTask): Promise<void> {
  const { options } = task;
  const cwd = directoryOf(options);
  const reason = reasonIn(
    options,
    (await rulesFor(options)).map(({ id }) => id),
  );
  const { violations, sourceOf } = await adopted(task);
  const wanted = violations.filter(({ ruleId }) => options.suppress.includes(ruleId));
  const files = [...new Set(wanted.map(({ at }) => at.file))].flatMap((file) => {
    const before = sourceOf(file);
    const own = wanted.filter(({ at }) => at.file === file);
    return before === undefined ? [] : [{ file: absolute(cwd, file), before, ...withSuppressions(file, before, own, reason) }];
  });
  const { left } = save(
    files.filter(({ before, after }) => before !== after),
    [],
    cwd,
  );
  const stays = new Map(left.map(({ file, why }) => [file, why]));
  const written = files.filter(({ file }) => !stays.has(file)).flatMap(({ suppressed }) => suppressed);
  process.stderr.write(`aggro: ${counted(written.length, 'finding')} of ${options.suppress.join(', ')} suppressed.\n`);
  for (const [file, why] of stays) process.stderr.write(`aggro: ${path.relative(cwd, file)} is left as it is: ${why}.\n`);
  for (const { at } of files.flatMap((each) => each.left))
    process.stderr.write(`aggro: ${lineOf(at)} has no place for a comment; write it by hand.\n`);
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
