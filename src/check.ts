import type { RuleChoice } from './allow.js';
import type { DomainModel } from './model/domain-model.js';
import { isSameRun, type Policy } from './policy.js';
import type { Finding } from './rule.js';

export interface Judged {
  readonly choice: RuleChoice;
  readonly finding: Finding;
}

/** Asks every rule that is on anywhere about the model; what it finds counts where it is on with the same options. */
export function check(model: DomainModel, { choices, choiceAt }: Policy): Judged[] {
  return choices.flatMap((asked) =>
    [...asked.rule.check(model, asked.options)].flatMap((finding) => {
      const choice = choiceAt(asked.rule, finding.at.file);
      return choice && isSameRun(choice, asked) ? [{ choice, finding }] : [];
    }),
  );
}
