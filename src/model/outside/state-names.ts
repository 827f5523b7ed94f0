import type { Expression } from '../../facts/facts.js';
import type { DrawnAggregate } from '../boundaries.js';
import type { Draft, Drafts } from '../drafts.js';
import { mutates } from '../mutation.js';
import type { Declared } from '../program.js';
import { stateOf } from '../state.js';
import { structure } from '../types.js';
import { withBases } from './insiders.js';

/** Names of what holds and changes state: by them a change is suspected before anything is typed. */
export interface StateNames {
  /** State of roots and members, and what hands it out. */
  readonly fields: ReadonlySet<string>;
  /** Methods that change a member. */
  readonly changers: ReadonlySet<string>;
  /** Methods that change a collection class of the project. */
  readonly listChangers: ReadonlySet<string>;
}

export function stateNames(aggregates: readonly DrawnAggregate[], drafts: Drafts): StateNames {
  const fields = new Set<string>();
  const changers = new Set<string>();
  const listChangers = new Set<string>();
  const seen = new Set<Draft>();
  for (const { root, members } of aggregates) {
    for (const draft of [root, ...members.map((m) => m.draft)]) {
      if (seen.has(draft)) continue;
      seen.add(draft);
      for (const field of stateOf(draft.symbol)) {
        fields.add(field.name);
        if (field.bag) fields.add(field.bag.name);
        const shape = structure(field.type);
        if (shape.k === 'named' && !drafts.of(shape.symbol)?.kind)
          for (const name of changingMethods(shape.symbol, drafts)) listChangers.add(name);
      }
      for (const symbol of withBases(draft)) {
        if (symbol.declaration.kind !== 'class') continue;
        for (const m of symbol.declaration.members) {
          if (m.static) continue;
          if (m.kind === 'get' || (m.kind === 'method' && m.fn.parameters.length === 0)) fields.add(m.name);
          if (m.kind === 'method' && draft !== root && mutates(draft.symbol, m.name)) changers.add(m.name);
        }
      }
    }
  }
  return { fields, changers, listChangers };
}

function changingMethods(symbol: Declared, drafts: Drafts): string[] {
  const draft = drafts.of(symbol);
  return (draft ? withBases(draft) : [symbol]).flatMap(({ declaration }) =>
    declaration.kind === 'class'
      ? declaration.members.flatMap((m) => (m.kind === 'method' && !m.static && mutates(symbol, m.name) ? [m.name] : []))
      : [],
  );
}

export function isPlaceOfState(target: Expression, names: StateNames): boolean {
  if (target.e === 'index') return leadsToState(target.of, names);
  if (target.e !== 'member' || target.of.e === 'this') return false;
  return names.fields.has(target.name) || leadsToState(target.of, names);
}

/** An expression that names state on its way: `order.items`, `device.getFeeds()`, `order.items[0]`. */
export function leadsToState(e: Expression, names: StateNames): boolean {
  switch (e.e) {
    case 'member':
      return e.of.e !== 'this' ? names.fields.has(e.name) || leadsToState(e.of, names) : false;
    case 'index':
    case 'as':
    case 'await':
      return leadsToState(e.of, names);
    case 'call':
      return e.callee.e === 'member' && leadsToState(e.callee, names);
    default:
      return false;
  }
}
