import type { ClassMember, Expression } from '../../facts/facts.js';
import { mutableCollection } from '../exposures.js';
import type { Declared } from '../program.js';
import { type StateField, stateOf } from '../state.js';
import { codeOf, type MemberCode } from './own-changes.js';
import { fieldKey, type MutabilityContext, type Subject } from './subjects.js';

export interface OpenBag {
  readonly entry: string;
  /** Some writable entry is no collection, which an exposure would name. */
  readonly beyondCollections: boolean;
  readonly writable: readonly WritableEntry[];
}

interface WritableEntry {
  readonly symbols: readonly string[];
  readonly field: StateField;
}

/** By the bag: the entries that a caller who has it can assign; of a generic bag those of the heirs. */
export function openBags({ draft, heirs }: Subject, { drafts }: MutabilityContext): ReadonlyMap<string, OpenBag> {
  const isBlock = (symbol: Declared): boolean => drafts.of(symbol)?.kind !== undefined && drafts.of(symbol)?.base === false;
  const found = new Map<string, OpenBag>();
  for (const { symbol, name } of [...heirs, draft]) {
    for (const f of stateOf(symbol)) {
      if (f.via !== 'property-bag' || f.readonly || !f.bag || (f.bag.declaredIn ?? symbol) !== draft.symbol) continue;
      const known = found.get(f.bag.name);
      const isCollection = mutableCollection(f.type, f.node?.t === 'readonly', isBlock) !== undefined;
      const entry = `${name}.${f.name}`;
      const told = known && (known.beyondCollections || isCollection);
      found.set(f.bag.name, {
        entry: told ? known.entry : entry,
        beyondCollections: (known?.beyondCollections ?? false) || !isCollection,
        writable: withEntry(known?.writable ?? [], entry, f),
      });
    }
  }
  return found;
}

function withEntry(known: readonly WritableEntry[], symbol: string, field: StateField): readonly WritableEntry[] {
  const same = known.find((each) => fieldKey(each.field) === fieldKey(field));
  if (!same) return [...known, { symbols: [symbol], field }];
  return known.map((each) => (each === same ? { field, symbols: [...same.symbols, symbol] } : each));
}

export function isReadOnlyType({ node }: StateField): boolean {
  return node?.t === 'ref' && /^(?:Readonly|DeepReadonly|Immutable|Frozen)$/.test(node.name);
}

/** `get props(): OrderProps { return this._props; }`, of a bag whose entries change: one that is only replaced is as good as read-only. */
export function handsOut(
  field: StateField,
  { draft, heirs }: Subject,
): { readonly name: string; readonly at: ClassMember['at'] } | undefined {
  const { symbol } = draft;
  const changed = [draft, ...heirs].some((d) =>
    codeOf(d.symbol).some((c) => c.changes.some(({ path }) => path[0] === field.name && path.length > 1)),
  );
  if (!changed) return undefined;
  for (const { member, kind, fn } of codeOf(symbol)) {
    if (member.visibility !== 'public' || (kind !== 'get' && kind !== 'method') || fn.parameters.length > 0) continue;
    if (fn.returns && isReadOnlyNode(fn.returns)) continue;
    const [only, ...more] = fn.body ?? [];
    if (more.length === 0 && only?.s === 'return' && only.of && isFieldOfThis(only.of, field.name))
      return { name: member.name, at: member.at };
  }
  return undefined;
}

function isReadOnlyNode(node: NonNullable<MemberCode['fn']['returns']>): boolean {
  return node.t === 'ref' && /^(?:Readonly|DeepReadonly|Immutable|Frozen)/.test(node.name);
}

function isFieldOfThis(e: Expression, name: string): boolean {
  return e.e === 'member' && e.of.e === 'this' && e.name === name;
}

/** `Object.freeze(this)`, `this.props = Object.freeze(props)` in the constructor. */
export function freezes(symbol: Declared, matches: (path: readonly string[]) => boolean): boolean {
  return codeOf(symbol).some(
    ({ kind, fn, changes }) =>
      kind === 'constructor' &&
      (changes.some((c) => c.path.length > 0 && matches(c.path) && c.value !== undefined && isFreeze(c.value)) ||
        (fn.body ?? []).some((s) => {
          const [arg] = s.s === 'expression' && s.of.e === 'call' && isFreeze(s.of) ? s.of.args : [];
          return arg !== undefined && (arg.e === 'this' ? matches([]) : arg.e === 'member' && arg.of.e === 'this' && matches([arg.name]));
        })),
  );
}

function isFreeze(e: Expression): boolean {
  const call = e.e === 'as' ? e.of : e;
  if (call.e !== 'call') return false;
  const name = call.callee.e === 'member' || call.callee.e === 'name' ? call.callee.name : '';
  return /^(?:deep)?freeze$/i.test(name);
}
