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
export type Change = Replace | AddReadonly | SplitHandler;

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

/**
 * Moves what a method does to a second aggregate into a new handler of an event that the first one raises. Refused where the code that
 * would move needs more than data and dependencies, or nothing shows how this project raises, carries and handles events.
 */
export interface SplitHandler {
  readonly do: 'split-handler';
  /** The method's name. */
  readonly handler: Span;
  readonly first: WrittenRoot;
  readonly second: WrittenRoot;
  /** Where the project makes events that its roots raise, the best example first. */
  readonly raises: readonly Span[];
  /** Names of the methods that handle events, the best example first, and the names of the events. */
  readonly listeners: readonly ListenerToSee[];
  /** What keeps the first root. */
  readonly keepers: readonly Span[];
  /** Classes and types that no event may carry: roots, entities, commands, queries. */
  readonly uncarried: readonly Span[];
}

export interface ListenerToSee {
  readonly at: Span;
  readonly handles: readonly Span[];
  /** It writes the second aggregate itself: another handler of the same event would compete with it. */
  readonly writesSecond: boolean;
}

export interface WrittenRoot {
  readonly name: string;
  /** The name in its declaration. */
  readonly at: Span;
  /** The call that keeps or removes it. */
  readonly write: Span;
}
