import type { Aggregate, Block, BlockId, DomainModel, Handler } from '../model/domain-model.js';
import type { Violation } from './report.js';

/** Looks blocks and handlers up by their identifiers; an identifier nobody knows shows its own name part. */
export interface Names {
  block(id: BlockId): Block | undefined;
  handler(id: string): Handler | undefined;
  nameOf(id: string): string;
}

export function namesIn(model: DomainModel): Names {
  const blocks = new Map(model.blocks.map((block) => [block.id, block]));
  const handlers = new Map(model.handlers.map((handler) => [handler.id, handler]));
  return {
    block: (id) => blocks.get(id),
    handler: (id) => handlers.get(id),
    nameOf: (id) => blocks.get(id)?.name ?? handlers.get(id)?.name ?? id.slice(id.indexOf('#') + 1),
  };
}

/** `aggregate-root` → `aggregate root`. */
export function kindInWords(kind: string): string {
  return kind.replaceAll('-', ' ');
}

export function unique<Item>(items: readonly Item[]): Item[] {
  return [...new Set(items)];
}

/** A violation names its aggregate; of several with that name it is the one whose file lies nearest. */
export function aggregateOf(violation: Violation, aggregates: readonly Aggregate[]): Aggregate | undefined {
  const candidates = aggregates.filter((aggregate) => aggregate.name === violation.aggregate);
  const closeness = (aggregate: Aggregate): number => sharedFolders(aggregate.at.file, violation.at.file);
  return candidates.reduce<Aggregate | undefined>(
    (best, next) => (best === undefined || closeness(next) > closeness(best) ? next : best),
    undefined,
  );
}

function sharedFolders(one: string, other: string): number {
  const theirs = other.split('/');
  const parts = one.split('/');
  const differing = parts.findIndex((part, index) => part !== theirs[index]);
  return differing === -1 ? parts.length : differing;
}
