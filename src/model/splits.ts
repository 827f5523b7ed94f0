import type { Cluster, DomainModel, Operation, Split, SplitPart, StateSymbol } from './domain-model.js';

type Known = Pick<DomainModel, 'blocks' | 'aggregates' | 'operations' | 'clusters'>;

/** The aggregates that fall apart, and into what: two or more clusters of weight that no invariant connects. */
export function proposeSplits(model: Known): Split[] {
  const blocks = new Map(model.blocks.map((block) => [block.id, block]));
  return model.aggregates.flatMap((aggregate) => {
    const typeOf = (symbol: StateSymbol): string | undefined =>
      blocks.get(aggregate.root)?.fields.find((field) => field.symbol === symbol)?.type;
    const clusters = model.clusters.filter((cluster) => cluster.aggregate === aggregate.root && hasWeight(cluster, typeOf));
    if (clusters.length < 2) return [];
    const operations = model.operations.filter((operation) => operation.aggregate === aggregate.root);
    const changing = operations.filter((operation) => !creates(operation) && operation.kind !== 'query');
    const touched = (operation: Operation): Cluster[] => clusters.filter((cluster) => touches(operation, cluster));
    const reaching = (handler: string): Operation[] => changing.filter(({ calledBy }) => calledBy.includes(handler));
    const isDivided = (handler: string): boolean => new Set(reaching(handler).flatMap(touched)).size > 1;
    const handlers = [...new Set(changing.flatMap(({ calledBy }) => calledBy))];
    return [
      {
        aggregate: aggregate.root,
        parts: clusters.map((cluster) => part(cluster, aggregate.name, touched)),
        divided: changing.filter((operation) => touched(operation).length > 1),
        dividedHandlers: handlers.filter(isDivided),
        otherHandlers: aggregate.writtenBy.filter((handler) => reaching(handler).length === 0),
      },
    ];
  });
}

/**
 * Invariants over the state as it is, over two fields or more, or over a status in two methods or more.
 * Checks of what is given have no weight, nor has a change that is made or left out, nor a flag that guards only itself.
 */
function hasWeight(cluster: Cluster, typeOf: (symbol: StateSymbol) => string | undefined): boolean {
  const own = new Set(cluster.fields);
  const enforced = cluster.invariants.filter(
    (each) => each.owner === cluster.aggregate && !each.ofInput && !each.conditional && each.kind !== 'declared',
  );
  const commands = new Set(cluster.operations.filter(({ kind }) => kind === 'command').map(({ name }) => name));
  const moves = enforced.filter((each) => commands.has(each.in));
  if (moves.length === 0) return false;
  if (enforced.some((each) => new Set([...each.reads, ...each.writes].filter((symbol) => own.has(symbol))).size > 1)) return true;
  const flags = cluster.fields.every((symbol) => /^(?:boolean|Date(?: \| (?:null|undefined))*)$/.test(typeOf(symbol) ?? ''));
  return !flags && moves.some(({ kind }) => kind === 'transition') && new Set(moves.map((each) => each.in)).size > 1;
}

function part(cluster: Cluster, root: string, touched: (operation: Operation) => readonly Cluster[]): SplitPart {
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
