import type { RuleChoice } from './allow/choose.js';
import type { DomainModel } from './model/domain-model.js';
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

/** Asks every chosen rule about the model. */
export function check(model: DomainModel, choices: readonly RuleChoice[]): Answered {
  const answers = choices.map((choice) => {
    const started = performance.now();
    const findings = [...choice.rule.check(model, choice.options)];
    return { choice, findings, ms: performance.now() - started };
  });
  return {
    judged: answers.flatMap(({ choice, findings }) => findings.map((finding) => ({ choice, finding }))),
    timing: answers.map(({ choice, findings, ms }) => ({ id: choice.rule.id, ms, findings: findings.length })),
  };
}
