import { cancel, isCancel, multiselect, select } from '@clack/prompts';
import { UsageError } from '../../src/errors.js';
import type { Surroundings } from '../../src/init/inspect.js';
import type { Understood } from '../../src/lint.js';
import type { Answers, StepName } from './init.js';

/** Only what the code doesn't show. */
export async function ask({ model }: Understood, { hookTool, onGitHub, manifest }: Surroundings): Promise<Answers> {
  const { nearMisses } = model.coverage;
  const roots =
    nearMisses.length === 0
      ? []
      : await answered(
          multiselect({
            message: 'Which of these are aggregate roots?',
            options: nearMisses.map(({ name, why, at }) => ({ value: name, label: name, hint: `${why} (${at.file})` })),
            required: false,
          }),
        );
  const format = await answered(
    select<'json' | 'ts'>({
      message: 'How shall the configuration be written?',
      options: [
        { value: 'json', label: 'aggro.config.json', hint: 'checked by its JSON Schema in the editor' },
        { value: 'ts', label: 'aggro.config.ts', hint: 'typed; wants aggro installed' },
      ],
    }),
  );
  const offers: readonly { value: StepName; label: string; hint?: string }[] = [
    ...(manifest === undefined ? [] : [{ value: 'script' as const, label: 'a script in package.json' }]),
    { value: 'baseline', label: 'a baseline', hint: 'what is found today is known; aggro reports what is new' },
    { value: 'workflow', label: 'a GitHub workflow' },
    ...(hookTool === undefined ? [] : [{ value: 'hook' as const, label: `a commit hook of ${hookTool}` }]),
  ];
  const steps = await answered(
    multiselect<StepName>({
      message: 'What else?',
      options: [...offers],
      initialValues: offers.map(({ value }) => value).filter((value) => value !== 'workflow' || onGitHub),
      required: false,
    }),
  );
  return { roots, format, steps: ['config', ...steps] };
}

async function answered<Value>(question: Promise<Value>): Promise<Exclude<Value, symbol>> {
  const answer = await question;
  if (!isCancel(answer)) return answer as Exclude<Value, symbol>;
  cancel('Nothing was written.');
  throw new UsageError('aggro init was cancelled.');
}
