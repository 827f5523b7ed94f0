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
  | LoadEagerly
  | ReferByIdentity
  | RemoveUnused
  | Replace
  | Restrict
  | ReturnNew;

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
