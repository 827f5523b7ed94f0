import type { RuleChoice } from './allow/choose.js';
import type { DomainModel } from './model/domain-model.js';
import type { Finding } from './rule.js';

export interface Judged {
  readonly choice: RuleChoice;
  readonly finding: Finding;
}

/** Asks every chosen rule about the model. */
export function check(model: DomainModel, choices: readonly RuleChoice[]): Judged[] {
  return choices.flatMap((choice) => [...choice.rule.check(model, choice.options)].map((finding) => ({ choice, finding })));
}
