import type { DomainModel } from './model/domain-model.js';
import { isSameRun, type Policy, type RuleChoice } from './policy.js';
import type { Timing } from './report/report.js';
import type { Finding } from './rule.js';

export interface Judged {
  readonly choice: RuleChoice;
  readonly finding: Finding;
}

export interface Answered {
  readonly judged: readonly Judged[];
  /** How long each rule took, model facts that it was the first to ask for included. */
  readonly timing: Timing['rules'];
}

/** Asks every rule that is on anywhere about the model; what it finds counts where it is on with the same options. */
export function check(model: DomainModel, { choices, choiceAt }: Policy): Answered {
  const answers = choices.map((asked) => {
    const started = performance.now();
    const judged = [...asked.rule.check(model, asked.options)].flatMap((finding): Judged[] => {
      const choice = choiceAt(asked.rule, finding.at.file);
      return choice && isSameRun(choice, asked) ? [{ choice, finding }] : [];
    });
    return { id: asked.rule.id, judged, ms: performance.now() - started };
  });
  return {
    judged: answers.flatMap(({ judged }) => judged),
    timing: answers.map(({ id, judged, ms }) => ({ id, ms, findings: judged.length })),
  };
}
