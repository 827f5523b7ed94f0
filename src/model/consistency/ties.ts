import type { Aggregate, Block, BlockId, DomainModel, Field, Invariant, Operation, Split, StateSymbol } from '../domain-model.js';

export type Known = Pick<DomainModel, 'blocks' | 'aggregates' | 'repositories' | 'invariants' | 'operations' | 'splits'>;

/** One aggregate with what the code enforces in it. */
export interface Subject {
  readonly aggregate: Aggregate;
  readonly model: Known;
  readonly root: Block | undefined;
  readonly blocks: ReadonlyMap<BlockId, Block>;
  /** The fields of the root and of all members. */
  readonly fields: readonly OwnedField[];
  readonly ties: readonly Tie[];
  readonly split: Split | undefined;
  readonly operations: readonly Operation[];
  /** State that ties nothing together: identities, versions, timestamps. */
  readonly apart: ReadonlySet<StateSymbol>;
}

export interface OwnedField extends Field {
  readonly owner: BlockId;
}

/** An invariant and the state that it connects. */
export interface Tie {
  readonly invariant: Invariant;
  readonly connects: ReadonlySet<StateSymbol>;
}

export function subjectOf(
  aggregate: Aggregate,
  blocks: ReadonlyMap<BlockId, Block>,
  model: Known,
  apart: ReadonlySet<StateSymbol>,
): Subject {
  const inside = [...new Set([aggregate.root, ...aggregate.members.map((member) => member.block)])];
  const fields = inside.flatMap((owner) => (blocks.get(owner)?.fields ?? []).map((field) => ({ ...field, owner })));
  const operations = model.operations.filter((operation) => operation.aggregate === aggregate.root);
  return {
    aggregate,
    model,
    root: blocks.get(aggregate.root),
    blocks,
    fields,
    operations,
    apart,
    split: model.splits.find((split) => split.aggregate === aggregate.root),
    ties: distinct(
      model.invariants.filter((invariant) => invariant.aggregate === aggregate.root && !isLookup(invariant) && !isOwnChange(invariant)),
    ).flatMap((invariant) => tiesOf(invariant, operations, apart)),
  };
}

/** A method that calls another enforces what that one does: once, where it stands, is enough. */
function distinct(invariants: readonly Invariant[]): Invariant[] {
  const keyOf = ({ at, text, reads, writes }: Invariant): string =>
    JSON.stringify([at.file, at.line, at.column, text, [...reads].sort(), [...writes].sort()]);
  const nearest = new Map<string, number>();
  for (const each of invariants)
    nearest.set(keyOf(each), Math.min(each.through.length, nearest.get(keyOf(each)) ?? Number.POSITIVE_INFINITY));
  return invariants.filter((each) => each.through.length === nearest.get(keyOf(each)));
}

/** What a guard protects counts too, except where an instance is made, which writes everything, and where only the input is judged. */
function tiesOf(invariant: Invariant, operations: readonly Operation[], apart: ReadonlySet<StateSymbol>): Tie[] {
  const { kind, reads, writes, ofInput } = invariant;
  const onInput = kind === 'guard' && reads.length > 0 && (ofInput || isCreation(invariant, operations));
  const connected = [...new Set(onInput ? reads : [...reads, ...writes])].filter((symbol) => !apart.has(symbol));
  const groups = onInput && asksForPresence(invariant.text) ? connected.map((symbol) => [symbol]) : [connected];
  return groups.map((symbols) => ({ invariant, connects: new Set(symbols) }));
}

/** `!name || !email`, `againstNull(name, email)`: several asked at once whether they are there, each for itself. */
function asksForPresence(text: string): boolean {
  return (
    /null|undefined|empty|blank|missing|required|present|defined/i.test(text) || /^!?[\w$.]+(?:\s*(?:\|\||&&)\s*!?[\w$.]+)*$/.test(text)
  );
}

export function isCreation({ owner, in: name }: Invariant, operations: readonly Operation[]): boolean {
  if (name.endsWith('.constructor')) return true;
  return operations.some((each) => each.owner === owner && each.name === name && (each.kind === 'constructor' || each.kind === 'factory'));
}

/** It connects what is the concept's own to something that is not. */
export function connectsToRest({ connects }: Tie, own: ReadonlySet<StateSymbol>): boolean {
  const mine = [...connects].filter((symbol) => own.has(symbol)).length;
  return mine > 0 && mine < connects.size;
}

/** An invariant of the collection itself, `items.length >= 100`, holds for all elements together. Whether one is there is none. */
export function isOnWhole({ invariant, connects }: Tie, holders: readonly OwnedField[]): boolean {
  if (invariant.kind === 'transition') return false;
  return holders.some((field) => connects.has(field.symbol));
}

/** `items = [...items, item] when items.length < 10`: the change that a guard lets through. */
function isOwnChange({ conditional, reads, writes }: Invariant): boolean {
  return conditional === true && reads.every((symbol) => writes.includes(symbol));
}

/** `!item`, `index === -1`, `!items.has(id)`: not found, rather than not allowed. `!open` over a field `open` is a guard. */
export function isLookup({ kind, text, reads }: Invariant): boolean {
  if (kind !== 'guard') return false;
  const condition = text.trim();
  const bare = /^!?([\w$.?]+)$/.exec(condition) ?? /^([\w$.?]+)\s*(?:===?\s*(?:undefined|null|-1)|<\s*0)$/.exec(condition);
  if (bare) {
    const word = bare[1]?.split(/[.?]+/).at(-1);
    return reads.length > 0 && !reads.some((symbol) => symbol.endsWith(`.${word}`));
  }
  return /^!\s*[\w$.?]+\.(?:has|includes|get|find|some)\([^&|]*\)$/.test(condition);
}

/** The fields of a block and of what it holds in turn. */
export function stateBelow(id: BlockId, { aggregate, fields }: Subject): StateSymbol[] {
  const inside = new Set(aggregate.members.map((member) => member.block));
  const below = new Set([id]);
  for (const block of below)
    for (const field of fields)
      if (field.owner === block) for (const held of field.holds) if (inside.has(held.block)) below.add(held.block);
  return fields.filter((field) => below.has(field.owner)).map((field) => field.symbol);
}

/** A field, the field that holds its owner, and so on up to the root's. */
export function fieldsAbove(symbol: StateSymbol, { aggregate, fields }: Subject): StateSymbol[] {
  const owners = new Set(fields.filter((field) => field.symbol === symbol).map(({ owner }) => owner));
  const above = new Set([symbol]);
  for (const owner of owners) {
    if (owner === aggregate.root) continue;
    for (const holder of fields.filter((field) => field.holds.some(({ block }) => block === owner))) {
      above.add(holder.symbol);
      owners.add(holder.owner);
    }
  }
  return [...above];
}

export function holdersOf(id: BlockId, { fields }: Subject): OwnedField[] {
  return fields.filter((field) => field.holds.some(({ block }) => block === id));
}

export function tiesOn(symbol: StateSymbol, { ties }: Subject): Tie[] {
  return ties.filter(({ connects }) => connects.has(symbol));
}

export function invariantsOf(ties: readonly Tie[]): Invariant[] {
  return [...new Set(ties.map(({ invariant }) => invariant))];
}

export function symbolsOf(fields: readonly Field[]): StateSymbol[] {
  return [...new Set(fields.map((field) => field.symbol))];
}
