import type { Fix } from './change.js';
import type { DomainModel, Span } from './model/domain-model.js';

export type { Change, Fix } from './change.js';

/** The contract between the instrument and the doctrine: a rule asks the model and yields what it finds. */
export interface Rule<Options extends object = RuleOptions> {
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
  /** What a codebase must have for the rule to find anything; `aggro doctor` says where that is missing. */
  readonly needs?: readonly Need[];
  readonly fixable?: 'safe' | 'unsafe';
  readonly options?: OptionDescriptors<Options>;
  check(model: DomainModel, options: Options): Iterable<Finding>;
}

export const NEEDS = [
  'aggregates',
  'several aggregates',
  'entities',
  'members',
  'value objects',
  'repositories',
  'handlers',
  'writes',
  'invariants',
  'tables',
] as const;
export type Need = (typeof NEEDS)[number];

export type RuleOptions = Readonly<Record<string, boolean | number | string>>;
export type OptionDescriptors<Options extends object> = {
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

/** Gives a rule its type; what `check` takes follows from the options that it declares. */
export function defineRule<Options extends object = Record<never, never>>(rule: Rule<Options>): Rule<Options> {
  return rule;
}
