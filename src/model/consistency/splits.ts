import type { Aggregate, Cluster, DomainModel, Operation, Reason, Split, SplitPart, StateSymbol, Table } from '../domain-model.js';
import { coded } from './reasons.js';

type Known = Pick<DomainModel, 'blocks' | 'aggregates' | 'operations' | 'clusters' | 'handlers' | 'tables' | 'columnWrites'>;

/** The aggregates that fall apart, and into what: two or more clusters of weight that no invariant connects. */
export function proposeSplits(model: Known): Split[] {
  const blocks = new Map(model.blocks.map((block) => [block.id, block]));
  return model.aggregates.flatMap((aggregate) => {
    const fields = blocks.get(aggregate.root)?.fields ?? [];
    const typeOf = (symbol: StateSymbol): string | undefined => fields.find((field) => field.symbol === symbol)?.type;
    const clusters = model.clusters.filter((cluster) => cluster.aggregate === aggregate.root && hasWeight(cluster, typeOf));
    return clusters.length < 2 ? [] : [split(aggregate, clusters, model)];
  });
}

function split(aggregate: Aggregate, clusters: readonly Cluster[], model: Known): Split {
  const changing = model.operations.filter(
    (operation) => operation.aggregate === aggregate.root && !creates(operation) && operation.kind !== 'query',
  );
  const touched = (operation: Operation): Cluster[] => clusters.filter((cluster) => touches(operation, cluster));
  const clustersOf = (handler: string): Cluster[] => [
    ...new Set(changing.filter(({ calledBy }) => calledBy.includes(handler)).flatMap(touched)),
  ];
  const reaching = [...new Set(changing.flatMap(({ calledBy }) => calledBy))];
  const past = aggregate.writtenBy.filter((handler) => !reaching.includes(handler));
  const mapping = mappingOf(aggregate, clusters, model);
  const parts = clusters.map((cluster) => {
    const columns = mapping?.columnsOf(cluster) ?? [];
    const byColumns = past.filter(
      (handler) => columns.length > 0 && columnsWrittenBy(handler, aggregate, model)?.every((c) => columns.includes(c)),
    );
    const own = reaching.filter((handler) => clustersOf(handler).length === 1 && clustersOf(handler).includes(cluster));
    return { ...part(cluster, aggregate.name, touched), handlers: [...own, ...byColumns], columns };
  });
  const storage = mapping && sharedRows(mapping.table, parts);
  return {
    aggregate: aggregate.root,
    parts,
    divided: changing.filter((operation) => touched(operation).length > 1),
    dividedHandlers: reaching.filter((handler) => clustersOf(handler).length > 1),
    otherHandlers: past.filter((handler) => !parts.some(({ handlers }) => handlers.includes(handler))),
    ...(storage ? { storage } : {}),
  };
}

// ── columns ───────────────────────────────────────────────────────────────────────────────────────────────────────

interface Mapping {
  readonly table: Table;
  readonly columnsOf: (cluster: Cluster) => string[];
}

/** The table that has columns for most of the root's fields, of those that it is mapped to or that its code writes. */
function mappingOf(aggregate: Aggregate, clusters: readonly Cluster[], { tables, columnWrites }: Known): Mapping | undefined {
  const written = new Set(columnWrites.filter((write) => write.aggregate === aggregate.root).map((write) => write.table));
  const mappings = tables
    .filter((table) => table.mappedBy === aggregate.root || written.has(table.name))
    .map((table) => ({
      table,
      columnsOf: ({ fields }: Cluster) => fields.flatMap((field) => table.columns.find((column) => isColumnOf(column, field))?.name ?? []),
    }));
  const known = ({ columnsOf }: Mapping): number => clusters.flatMap(columnsOf).length;
  const [best] = mappings.sort((one, other) => known(other) - known(one));
  return best && known(best) > 0 ? best : undefined;
}

function isColumnOf({ name, field }: Table['columns'][number], symbol: StateSymbol): boolean {
  const own = plainName(symbol.slice(symbol.lastIndexOf('.') + 1));
  return plainName(field ?? name) === own || plainName(name) === own;
}

function plainName(name: string): string {
  return name.replaceAll(/[_#]/g, '').toLowerCase();
}

/** What the repository's methods that a handler calls write, where all of them write columns one by one. */
function columnsWrittenBy(handler: string, aggregate: Aggregate, { handlers, columnWrites }: Known): string[] | undefined {
  const writes = handlers.find(({ id }) => id === handler)?.writes.filter((write) => write.aggregate === aggregate.root) ?? [];
  const columns: string[] = [];
  for (const { call } of writes) {
    const method = /([\w$]+)\s*\(/.exec(call)?.[1];
    const made = columnWrites.filter((write) => write.aggregate === aggregate.root && write.symbol.endsWith(`.${method}`));
    if (made.length === 0) return undefined;
    for (const write of made) {
      if (write.columns === 'whole-row') return undefined;
      columns.push(...write.columns);
    }
  }
  return columns.length > 0 ? columns : undefined;
}

function sharedRows({ name, at }: Table, parts: readonly Pick<SplitPart, 'columns'>[]): Reason | undefined {
  const columns = parts.flatMap((each) => each.columns);
  if (parts.some((each) => each.columns.length === 0) || new Set(columns).size < columns.length) return undefined;
  return { text: `the parts may share the rows of ${coded(name)}, each writing its own columns alone`, at };
}

// ── parts ─────────────────────────────────────────────────────────────────────────────────────────────────────────

/**
 * Invariants over the state as it is, over two fields or more, or over a status in two methods or more. Checks of what is given
 * have no weight, nor has a change that is made or left out, nor a flag that guards only itself.
 */
function hasWeight(cluster: Cluster, typeOf: (symbol: StateSymbol) => string | undefined): boolean {
  const own = new Set(cluster.fields);
  const enforced = cluster.invariants.filter(
    (each) => each.owner === cluster.aggregate && !each.ofInput && !each.conditional && each.kind !== 'declared',
  );
  const commands = new Set(cluster.operations.filter(({ kind }) => kind === 'command').map(({ name }) => name));
  const moves = enforced.filter((each) => commands.has(each.in));
  if (moves.length === 0) return false;
  const tells = (symbol: StateSymbol): boolean => own.has(symbol) && !/^Date\b/.test(typeOf(symbol) ?? '');
  if (enforced.some((each) => new Set([...each.reads, ...each.writes].filter(tells)).size > 1)) return true;
  const plain = cluster.fields.every((symbol) => isPlain(symbol, typeOf(symbol)));
  return !plain && moves.some(({ kind }) => kind === 'transition') && new Set(moves.map((each) => each.in)).size > 1;
}

/** A flag, a date, or the life of the whole: no concern of its own. */
function isPlain(symbol: StateSymbol, type = ''): boolean {
  const name = symbol.slice(symbol.lastIndexOf('.') + 1).replace(/^[_#]/, '');
  return LIFECYCLE.test(name) || /^(?:boolean|Date(?: \| (?:null|undefined))*)$/.test(type);
}

const LIFECYCLE = /^(?:status|state|stage|phase|lifecycle|active|enabled|archived|deleted)$/i;

function part(
  cluster: Cluster,
  root: string,
  touched: (operation: Operation) => readonly Cluster[],
): Omit<SplitPart, 'handlers' | 'columns'> {
  const word = cluster.name.replace(/(?:^|[\s_-]+)(\w)/g, (_, letter: string) => letter.toUpperCase());
  const name = word.startsWith(root) ? word : `${root}${word}`;
  return {
    name,
    repository: `${name}Repository`,
    cluster,
    operations: cluster.operations.filter((operation) => touched(operation).length === 1 && !creates(operation)),
  };
}

function touches({ reads, writes }: Operation, { fields }: Cluster): boolean {
  return fields.some((field) => reads.includes(field) || writes.includes(field));
}

function creates({ kind }: Operation): boolean {
  return kind === 'constructor' || kind === 'factory';
}
