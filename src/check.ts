import { UsageError } from './errors.js';
import { failureOf } from './failures.js';
import type { DomainModel } from './model/domain-model.js';
import { isSameRun, type Policy, type RuleChoice } from './policy.js';
import type { Failure, Timing } from './report/report.js';
import type { Finding } from './rule.js';

export interface Judged {
  readonly choice: RuleChoice;
  readonly finding: Finding;
}

export interface Answered {
  readonly judged: readonly Judged[];
  /** How long each rule took, model facts that it was the first to ask for included. */
  readonly timing: Timing['rules'];
  readonly failures: readonly Failure[];
}

/** Asks every rule that is on anywhere about the model; what it finds counts where it is on with the same options. */
export function check(model: DomainModel, { choices, choiceAt }: Policy): Answered {
  const failures: Failure[] = [];
  const answers = choices.map((asked) => {
    const started = performance.now();
    const judged = found(asked, model, failures).flatMap((finding): Judged[] => {
      const choice = choiceAt(asked.rule, finding.at.file);
      return choice && isSameRun(choice, asked) ? [{ choice, finding }] : [];
    });
    return { id: asked.rule.id, judged, ms: performance.now() - started };
  });
  return {
    judged: answers.flatMap(({ judged }) => judged),
    timing: answers.map(({ id, judged, ms }) => ({ id, ms, findings: judged.length })),
    failures,
  };
}

/** A rule that fails takes no other with it. What a rule of the user's does wrong is the user's to mend. */
function found({ rule, options }: RuleChoice, model: DomainModel, failures: Failure[]): readonly Finding[] {
  try {
    return [...rule.check(model, options)];
  } catch (error) {
    if (error instanceof UsageError) throw error;
    failures.push(failureOf('rules', rule.id, error));
    return [];
  }
}
