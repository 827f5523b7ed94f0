import type { Expression } from '../../facts/facts.js';
import { type DrawnAggregate, holdings } from '../boundaries.js';
import type { StateSymbol } from '../domain-model.js';
import type { Draft, Drafts } from '../drafts.js';
import { type Env, typeOf } from '../infer.js';
import type { Declared } from '../program.js';
import { type StateField, stateOf } from '../state.js';
import { expandAlias, structure, type Type, unionOf, withoutNull } from '../types.js';

/** The state of all aggregates: which declaration a type stands for, and what its fields are called. */
export interface Territory {
  /** Roots and members a value of this type is; property bags stand for their owner. */
  readonly blocksOf: (type: Type) => readonly Draft[];
  /** `Order.status`, where a type of that state has such a field. */
  readonly fieldOf: (type: Type, name: string) => readonly Slot[];
  readonly slotOf: (draft: Draft, name: string) => Slot | undefined;
  /** The same for `of.name`; a bag that an uninstalled base declares has no type, but its owner has. */
  readonly fieldAt: (member: Member, env: Env) => readonly Slot[];
  /** The bag itself: `props` of an Order. */
  readonly isBag: (type: Type, name: string) => boolean;
  /** Does a field hold the block that another belongs to? What is in a member lies in the field that holds it. */
  readonly holds: (container: Slot, inner: Slot) => boolean;
  readonly blocks: readonly Draft[];
  /** Names of state and of what is declared on it: receivers are typed only for these. */
  readonly names: ReadonlySet<string>;
}

type Member = Extract<Expression, { e: 'member' }>;

/** One piece of state of one block. */
export interface Slot {
  readonly symbol: StateSymbol;
  readonly draft: Draft;
  readonly field: StateField;
}

export function territoryOf(aggregates: readonly DrawnAggregate[], drafts: Drafts): Territory {
  const blocks = new Set(aggregates.flatMap((a) => [a.root, ...a.members.map((m) => m.draft)]));
  const owners = new Map<Declared, Set<Draft>>();
  const slots = new Map<Draft, ReadonlyMap<string, Slot>>();
  const bags = new Map<Draft, ReadonlySet<string>>();
  const names = new Set<string>();
  const own = (symbol: Declared, draft: Draft): void => {
    const known = owners.get(symbol);
    if (known) known.add(draft);
    else owners.set(symbol, new Set([draft]));
  };
  for (const draft of blocks) {
    own(draft.symbol, draft);
    for (const a of draft.lineage) if (a.symbol && a.via === 'extends' && drafts.of(a.symbol)?.kind === draft.kind) own(a.symbol, draft);
    const state = stateOf(draft.symbol);
    const bagNames = new Set(state.flatMap((f) => (f.bag ? [f.bag.name] : [])));
    bags.set(draft, bagNames);
    const byField = new Map<string, Slot>();
    for (const field of state) {
      if (bagNames.has(field.name) && !field.bag) continue;
      const before = byField.get(field.name);
      // The states of a union each have the field: `status: 'open'` here, `status: 'closed'` there.
      const merged = before ? { ...before.field, type: unionOf([before.field.type, field.type]) } : field;
      byField.set(field.name, { symbol: `${draft.name}.${field.name}`, draft, field: merged });
    }
    slots.set(draft, byField);
    for (const field of state) {
      names.add(field.name);
      if (field.bag && field.declaredIn) own(field.declaredIn, draft);
      if (bagNames.has(field.name) && !field.bag) {
        for (const symbol of namedParts(field.type)) own(symbol, draft);
      }
    }
    for (const symbol of [draft.symbol, ...draft.lineage.flatMap((a) => a.symbol ?? [])])
      if (symbol.declaration.kind === 'class') for (const m of symbol.declaration.members) names.add(m.name);
  }
  const blocksOf = (type: Type, depth = 0): readonly Draft[] => {
    if (depth > 6) return [];
    const inner = withoutNull(type);
    switch (inner.k) {
      case 'named': {
        const found = owners.get(inner.symbol) ?? ownersOf(drafts.of(inner.symbol)?.symbol, owners);
        if (found) return [...found];
        const { kind } = inner.symbol.declaration;
        return kind === 'alias' ? blocksOf(expandAlias(inner), depth + 1) : [];
      }
      case 'union':
      case 'intersection':
        return [...new Set(inner.of.flatMap((part) => blocksOf(part, depth + 1)))];
      case 'external':
        return WRAPPERS.test(inner.name) && inner.args[0] ? blocksOf(inner.args[0], depth + 1) : [];
      case 'parameter':
        return inner.constraint ? blocksOf(inner.constraint, depth + 1) : [];
      case 'object':
      case 'function':
      case 'literal-object':
      case 'array':
        return [];
      default: {
        const shape = structure(inner);
        return shape === inner ? [] : blocksOf(shape, depth + 1);
      }
    }
  };
  const isBag = (type: Type, name: string): boolean => blocksOf(type).some((draft) => bags.get(draft)?.has(name) ?? false);
  const slotOf = (draft: Draft, name: string): Slot | undefined => slots.get(draft)?.get(name);
  const fieldOf = (type: Type, name: string): readonly Slot[] =>
    names.has(name) ? blocksOf(type).flatMap((draft) => slotOf(draft, name) ?? []) : [];
  return {
    blocksOf,
    slotOf,
    fieldOf,
    fieldAt: ({ of, name }, env) => {
      if (!names.has(name)) return [];
      const type = typeOf(of, env);
      const direct = fieldOf(type, name);
      if (direct.length > 0 || type.k !== 'unknown' || of.e !== 'member') return direct;
      const owner = typeOf(of.of, env);
      return isBag(owner, of.name) ? fieldOf(owner, name) : [];
    },
    isBag,
    holds: (container, inner) =>
      container.draft !== inner.draft &&
      holdings(container.draft, drafts).some((h) => h.field.name === container.field.name && drafts.of(h.held.symbol) === inner.draft),
    blocks: [...blocks],
    names,
  };
}

const WRAPPERS =
  /^(?:Readonly|Partial|Required|Pick|Omit|DeepReadonly|Immutable|Draft|WritableDraft|Loaded|Ref|HydratedDocument|NonNullable)$/;

function ownersOf(symbol: Declared | undefined, owners: ReadonlyMap<Declared, Set<Draft>>): Set<Draft> | undefined {
  return symbol && owners.get(symbol);
}

/** Declarations a bag's type is written with: `OrderProps`, both of `OrderProps & Audited`. */
function namedParts(type: Type, depth = 0): Declared[] {
  if (depth > 6) return [];
  switch (type.k) {
    case 'named':
      return [type.symbol, ...(type.symbol.declaration.kind === 'alias' ? namedParts(expandAlias(type), depth + 1) : [])];
    case 'union':
    case 'intersection':
      return type.of.flatMap((part) => namedParts(part, depth + 1));
    case 'external':
      return type.args[0] && type.module === undefined ? namedParts(type.args[0], depth + 1) : [];
    default:
      return [];
  }
}
