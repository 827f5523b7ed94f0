import type { IdentityAccessor, Span } from './model/domain-model.js';

/** A way to mend a finding. `safe`: the program means the same; `unsafe`: an API or a behaviour changes. */
export interface Fix {
  readonly kind: 'safe' | 'unsafe';
  /** What it does, as an order: `Make Order.id readonly`. */
  readonly title: string;
  /** All of them or none. */
  readonly changes: readonly Change[];
  /** The next best way, where this one is not allowed or does not compile. */
  readonly otherwise?: Fix;
}

/** What is to be done, as data: `src/fix/` knows how, and the compiler has the last word. */
export type Change = Replace | AddReadonly | ReferByIdentity;

/** Puts text in the place of other text; an empty one removes it. */
export interface Replace {
  readonly do: 'replace';
  readonly at: Span;
  readonly text: string;
}

/** Adds `readonly` to a field, parameter property, property signature or bag entry. Refused where anything but the constructor assigns it. */
export interface AddReadonly {
  readonly do: 'add-readonly';
  /** The member's name. */
  readonly at: Span;
}

/** A field that holds an object holds its identity; whatever fills it, passes it on or asks it follows. Refused where more than the identity is asked for. */
export interface ReferByIdentity {
  readonly do: 'refer-by-identity';
  /** The field's name. */
  readonly at: Span;
  /** The name in the declaration of what it holds. */
  readonly target: Span;
  /** Ways to ask for the identity, the preferred one first. */
  readonly accessors: readonly IdentityAccessor[];
}
