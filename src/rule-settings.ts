export type SeveritySetting = 'off' | 'info' | 'warn' | 'error';

/** A severity, or a severity and the rule's options. */
export type RuleSetting<Options = Readonly<Record<string, unknown>>> = SeveritySetting | readonly [SeveritySetting, Options];

/**
 * Severity and options by rule id. The instrument knows no rule: the build writes the declarations of this file anew, with
 * the ids and options of the rules that are shipped. Any other id may be a rule of your own.
 */
export interface RuleSettings {
  readonly [id: string]: RuleSetting | undefined;
}
