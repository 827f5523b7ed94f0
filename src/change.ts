import type { Span } from './model/domain-model.js';

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
export type Change = AddReadonly | Encapsulate | Replace | Restrict | ReturnCopy | TypeReadOnly;

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

/** Gives a collection a read-only type, where it is declared and in what it is handed on to: `readonly T[]`, `ReadonlyMap`, `ReadonlySet`. */
export interface TypeReadOnly {
  readonly do: 'type-read-only';
  /** The name of the field, entry, accessor or method. */
  readonly at: Span;
}

/** Lets an accessor or method return a copy of the collection. Refused where somebody changes what it returns. */
export interface ReturnCopy {
  readonly do: 'return-copy';
  /** The name of the accessor or method. */
  readonly at: Span;
}

/** Turns a public field into a private one behind an accessor of the old name. Refused where anything outside the class assigns it. */
export interface Encapsulate {
  readonly do: 'encapsulate';
  /** The name of the field or parameter property. */
  readonly at: Span;
  /** What the accessor returns: the field under a read-only type, or a copy under its own. */
  readonly hands: 'view' | 'copy';
}

/** Narrows who sees a field or parameter property. */
export interface Restrict {
  readonly do: 'restrict';
  /** The member's name. */
  readonly at: Span;
  readonly to: 'protected' | 'private';
}
