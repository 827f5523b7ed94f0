import type { Aggregate, BlockId, Cluster, Handler, Invariant, Operation, StateSymbol } from './domain-model.js';

/** The state of each aggregate, parted where no invariant ties it together. `apart` says of state that it ties nothing: identity, version, timestamps. */
export function findClusters(
  aggregates: readonly Aggregate[],
  invariants: readonly Invariant[],
  operations: readonly Operation[],
  handlers: readonly Handler[],
  apart: (symbol: StateSymbol, aggregate: BlockId) => boolean = () => false,
): Cluster[] {
  const invariantsOf = grouped(invariants, (i) => i.aggregate);
  const operationsOf = grouped(operations, (o) => o.aggregate);
  const handlerById = new Map(handlers.map((h) => [h.id, h]));
  return aggregates.flatMap((aggregate) =>
    clustersOf(
      aggregate,
      (invariantsOf.get(aggregate.root) ?? []).filter((i) => i.aggregate === aggregate.root),
      operationsOf.get(aggregate.root) ?? [],
      handlerById,
      (symbol) => apart(symbol, aggregate.root),
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
    const elsewhere = new Set(parts.filter((p) => p.fields !== fields).flatMap((p) => p.touching.flatMap((o) => o.calledBy)));
    const reached = [...new Set(touching.flatMap((o) => o.calledBy))].filter((h) => !elsewhere.has(h));
    const handled = reached.flatMap((h) => handlerById.get(h)?.handles ?? []);
    return {
      aggregate: aggregate.root,
      name: nameOf(fields, touching, aggregate.name),
      fields,
      invariants: own,
      operations: touching,
      handlers: reached,
      events: [...new Set([...touching.flatMap((o) => o.raises), ...handled])],
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

/** The word that most of its fields share, else the one its operations share, else its first field. */
function nameOf(fields: readonly StateSymbol[], operations: readonly Operation[], root: string): string {
  const own = fields.map((f) => f.slice(f.indexOf('.') + 1));
  const common =
    commonWord(own, root) ??
    commonWord(
      operations.map((o) => o.name.slice(o.name.lastIndexOf('.') + 1)),
      root,
      VERBS,
    );
  return common ?? own[0]?.replace(/^[_#]/, '') ?? root;
}

const VAGUE = new Set([
  'is',
  'has',
  'id',
  'ids',
  'at',
  'on',
  'by',
  'of',
  'to',
  'and',
  'for',
  'date',
  'time',
  'count',
  'number',
  'status',
  'state',
  'type',
  'list',
  'value',
  'flag',
  'flags',
  'code',
  'name',
]);
const VERBS = new Set([
  'add',
  'remove',
  'set',
  'change',
  'update',
  'mark',
  'as',
  'can',
  'apply',
  'on',
  'when',
  'ensure',
  'assert',
  'with',
  'from',
  'create',
  'make',
  'get',
  'start',
  'cancel',
]);

function commonWord(names: readonly string[], root: string, also: ReadonlySet<string> = new Set()): string | undefined {
  const counts = new Map<string, number>();
  const own = new Set(wordsOf(root));
  for (const name of names)
    for (const word of new Set(wordsOf(name)))
      if (!VAGUE.has(word) && !also.has(word) && !own.has(word)) counts.set(word, (counts.get(word) ?? 0) + 1);
  const [best] = [...counts].sort((a, b) => b[1] - a[1]);
  return best && best[1] > 1 ? best[0] : undefined;
}

function wordsOf(name: string): string[] {
  return name
    .replace(/^[_#]+/, '')
    .split(/(?<=[a-z0-9])(?=[A-Z])|_/)
    .map((w) => w.toLowerCase())
    .filter((w) => w !== '');
}

function grouped<T>(items: readonly T[], key: (item: T) => string): ReadonlyMap<string, readonly T[]> {
  const found = new Map<string, T[]>();
  for (const item of items) {
    const list = found.get(key(item));
    if (list) list.push(item);
    else found.set(key(item), [item]);
  }
  return found;
}
