import type { Fix } from './change.js';
import type { DomainModel, Span } from './model/domain-model.js';

export type { Change, Fix } from './change.js';

/** The contract between the instrument and the doctrine: a rule asks the model and yields what it finds. */
export interface Rule<Options extends RuleOptions = RuleOptions> {
  readonly id: string;
  readonly title: string;
  /** Why a team should care, in one or two sentences. */
  readonly why: string;
  /** What to do about a finding. */
  readonly remedy: string;
  /** Where the doctrine stands: author and work. */
  readonly source: string;
  readonly severity: 'error' | 'warning' | 'info';
  /** The smallest preset that switches it on. */
  readonly preset: 'recommended' | 'strict' | 'all';
  readonly fixable?: 'safe' | 'unsafe';
  readonly options?: OptionDescriptors<Options>;
  check(model: DomainModel, options: Options): Iterable<Finding>;
}

export type RuleOptions = Readonly<Record<string, boolean | number | string>>;
export type OptionDescriptors<Options extends RuleOptions> = {
  readonly [K in keyof Options]: { readonly default: Options[K]; readonly description: string };
};

export interface Finding {
  /** The name of the member, call or declaration that breaks the rule. */
  readonly at: Span;
  /** What, why it matters, what to do: one or two short sentences with the real names. */
  readonly message: string;
  /** `Order.items`, `PlaceOrderHandler.execute`, `OrderRepository`. */
  readonly symbol: string;
  /** Name of the aggregate it is about. */
  readonly aggregate?: string;
  /**
   * Names of the parties without which it would be another finding of the same symbol: the aggregates that a handler writes together,
   * the root that a field refers to. A baseline knows a finding by rule, symbol and these.
   */
  readonly involves?: readonly string[];
  readonly related?: readonly Related[];
  readonly fix?: Fix;
}

export interface Related {
  readonly at: Span;
  readonly message: string;
}

/** Keeps the literal types of a rule's options. */
export function defineRule<Options extends RuleOptions = Record<never, never>>(rule: Rule<Options>): Rule<Options> {
  return rule;
}
