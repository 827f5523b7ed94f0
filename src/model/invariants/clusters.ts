import type { Aggregate, Cluster, Handler, Invariant, Operation, StateSymbol } from '../domain-model.js';
import { grouped } from '../grouped.js';
import { onDemand } from '../lazy.js';

/** The state of each aggregate, parted where no invariant ties it together. State kept `apart` ties nothing. */
export function findClusters(
  aggregates: readonly Aggregate[],
  invariants: readonly Invariant[],
  operations: readonly Operation[],
  handlers: readonly Handler[],
  apart: ReadonlySet<StateSymbol>,
): Cluster[] {
  const invariantsOf = grouped(invariants, (i) => [i.aggregate]);
  const operationsOf = grouped(operations, (o) => [o.aggregate]);
  const handlerById = new Map(handlers.map((h) => [h.id, h]));
  return aggregates.flatMap((aggregate) =>
    clustersOf(aggregate, invariantsOf.get(aggregate.root) ?? [], operationsOf.get(aggregate.root) ?? [], handlerById, (symbol) =>
      apart.has(symbol),
    ),
  );
}

function clustersOf(
  aggregate: Aggregate,
  invariants: readonly Invariant[],
  operations: readonly Operation[],
  handlerById: ReadonlyMap<string, Handler>,
  apart: (symbol: StateSymbol) => boolean,
): Cluster[] {
  const holder = holders(aggregate);
  const seat = (symbol: StateSymbol): StateSymbol => holder.get(symbol.slice(0, symbol.indexOf('.'))) ?? symbol;
  const seats = (symbols: readonly StateSymbol[]): StateSymbol[] => [
    ...new Set(
      symbols
        .filter((s) => !apart(s))
        .map(seat)
        .filter((s) => !apart(s)),
    ),
  ];
  const ties = new Ties();
  for (const i of invariants) ties.join(seats([...i.reads, ...i.writes]));
  // What one command writes together falls apart nowhere: splitting it would take two transactions.
  for (const o of operations) if (o.kind === 'command' || o.kind === 'applier') ties.join(seats(o.writes).filter((s) => ties.has(s)));
  const parts = ties.parts().map((fields) => {
    const inside = new Set(fields);
    const touches = (symbols: readonly StateSymbol[]): boolean => seats(symbols).some((s) => inside.has(s));
    const own = invariants.filter((i) => touches([...i.reads, ...i.writes]));
    const changing = operations.filter((o) => o.kind === 'command' || o.kind === 'applier');
    const touching = changing.filter((o) => touches(o.writes) || own.some((i) => i.in === o.name));
    return { fields, own, touching };
  });
  return parts.map(({ fields, own, touching }) => {
    // Who calls is asked only of what is shown.
    const reached = onDemand(() => {
      const elsewhere = new Set(parts.filter((p) => p.fields !== fields).flatMap((p) => p.touching.flatMap((o) => o.calledBy)));
      return [...new Set(touching.flatMap((o) => o.calledBy))].filter((h) => !elsewhere.has(h));
    });
    return {
      aggregate: aggregate.root,
      name: nameOf(fields, own, touching, aggregate.name),
      fields,
      invariants: own,
      operations: touching,
      get handlers() {
        return reached();
      },
      get events() {
        return [...new Set([...touching.flatMap((o) => o.raises), ...reached().flatMap((h) => handlerById.get(h)?.handles ?? [])])];
      },
    };
  });
}

/** The field of the root through which each member's state is reached. */
function holders(aggregate: Aggregate): ReadonlyMap<string, StateSymbol> {
  const found = new Map<string, StateSymbol>();
  for (const member of [...aggregate.members].sort((a, b) => a.depth - b.depth)) {
    const owner = member.heldBy.slice(0, member.heldBy.indexOf('.'));
    if (!found.has(member.name)) found.set(member.name, found.get(owner) ?? member.heldBy);
  }
  return found;
}

/** Sets of state that belong together. */
class Ties {
  readonly #parent = new Map<StateSymbol, StateSymbol>();

  has(symbol: StateSymbol): boolean {
    return this.#parent.has(symbol);
  }

  join(symbols: readonly StateSymbol[]): void {
    const [first, ...rest] = symbols;
    if (first === undefined) return;
    const root = this.#find(first);
    for (const symbol of rest) this.#parent.set(this.#find(symbol), root);
  }

  parts(): StateSymbol[][] {
    const found = new Map<StateSymbol, StateSymbol[]>();
    for (const symbol of this.#parent.keys()) {
      const root = this.#find(symbol);
      found.set(root, [...(found.get(root) ?? []), symbol]);
    }
    return [...found.values()];
  }

  #find(symbol: StateSymbol): StateSymbol {
    let at = symbol;
    for (let up = this.#parent.get(at); up !== undefined && up !== at; up = this.#parent.get(at)) at = up;
    this.#parent.set(at, at);
    if (symbol !== at) this.#parent.set(symbol, at);
    return at;
  }
}

// ── names ─────────────────────────────────────────────────────────────────────────────────────────────────────────

/** The word that its invariants speak of most: of its computed fields, its statuses, its other fields, its operations. */
function nameOf(fields: readonly StateSymbol[], invariants: readonly Invariant[], operations: readonly Operation[], root: string): string {
  const weights = new Map<string, number>();
  const own = new Set(wordsOf(root));
  const weigh = (name: string, weight: number): void => {
    for (const word of new Set(wordsOf(name))) if (!VAGUE.has(word) && !own.has(word)) weights.set(word, (weights.get(word) ?? 0) + weight);
  };
  const inside = new Set(fields);
  for (const field of fields) weigh(field.slice(field.indexOf('.') + 1), 1);
  for (const i of distinct(invariants)) {
    for (const symbol of new Set([...i.reads, ...i.writes])) if (inside.has(symbol)) weigh(symbol.slice(symbol.indexOf('.') + 1), 1);
    const target = i.kind === 'derived' ? i.writes[0] : i.transition?.field;
    if (target !== undefined && inside.has(target)) weigh(target.slice(target.indexOf('.') + 1), 1);
  }
  for (const o of operations) weigh(o.name.slice(o.name.lastIndexOf('.') + 1), 0.5);
  const [best] = [...weights].sort((a, b) => b[1] - a[1]);
  const [first] = fields;
  return best?.[0] ?? first?.slice(first.indexOf('.') + 1).replace(/^[_#]+/, '') ?? root;
}

/** One rule in several operations counts once. */
function distinct(invariants: readonly Invariant[]): Invariant[] {
  return [...new Map(invariants.map((i) => [`${i.kind}|${i.at.file}:${i.at.line}:${i.at.column}`, i])).values()];
}

const VAGUE = new Set(
  (
    'is has id ids at on by of to and or for in with from as no date time count number status state type list value flag flags code name items ' +
    'cents net gross add remove set change update mark can apply when ensure assert create make get start new current max min total'
  ).split(' '),
);

function wordsOf(name: string): string[] {
  return name
    .replace(/^[_#]+/, '')
    .split(/(?<=[a-z0-9])(?=[A-Z])|_/)
    .map((w) => w.toLowerCase())
    .filter((w) => w !== '');
}
