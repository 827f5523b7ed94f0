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
export type Change =
  | AddReadonly
  | CompareIdentity
  | CompareWithEquals
  | Encapsulate
  | LoadEagerly
  | ReferByIdentity
  | RemoveUnused
  | Replace
  | Restrict
  | ReturnCopy
  | ReturnNew
  | SplitHandler
  | TypeReadOnly;

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
  /** Names of members that the same fix removes: what they assign does not count. */
  readonly without?: readonly Span[];
}

/** Removes a setter or method. Refused where anything uses it. */
export interface RemoveUnused {
  readonly do: 'remove-unused';
  /** The member's name. */
  readonly at: Span;
}

/** Takes a member out of the public: `private` becomes `protected` where heirs use it. Refused where others do. */
export interface Restrict {
  readonly do: 'restrict';
  /** The member's name. */
  readonly at: Span;
  readonly to: 'private' | 'protected';
}

/** Makes a method of a value object return a new one in place of changing its own; who calls it takes the new one over. */
export interface ReturnNew {
  readonly do: 'return-new';
  /** The method's name. */
  readonly at: Span;
}

/** Turns a comparison or look-up by reference into one by the `equals` of what is compared: `a.id === b.id`, `ids.includes(id)`. */
export interface CompareWithEquals {
  readonly do: 'compare-with-equals';
  /** The comparison, or the call of the look-up. */
  readonly at: Span;
}

/** Makes an entity's `equals` ask for the identity alone. */
export interface CompareIdentity {
  readonly do: 'compare-identity';
  /** The method's name. */
  readonly at: Span;
  /** Name of the field that identifies the entity. */
  readonly identity: string;
  /** Fields that it is not to compare any more. */
  readonly attributes: readonly string[];
}

/** Loads a part together with its owner: the relation made eager, the field typed as what it holds, the awaiting taken out of its uses. */
export interface LoadEagerly {
  readonly do: 'load-eagerly';
  /** The field's name. */
  readonly at: Span;
  /** The decorator that maps it, or its name in a schema. */
  readonly mapping: Span;
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
