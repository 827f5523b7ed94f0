import type { DomainModel, Span } from '../model/domain-model.js';
import type { Violation } from './report.js';

export interface Step {
  readonly at: Span;
  readonly message: string;
}

/**
 * How one transaction comes to change several things: the handler, what spans its writes, and the writes in their order.
 * Empty for a violation that is not about a handler with at least two of its writes named.
 */
export function transactionSteps({ at, symbol, related }: Violation, { handlers }: DomainModel): Step[] {
  if (related.length < 2) return [];
  const handler = handlers.find((candidate) => candidate.name === symbol && same(candidate.at, at));
  if (handler === undefined) return [];
  const written = related.filter((place) => handler.writes.some((write) => same(write.at, place.at)));
  if (written.length < 2) return [];
  const spanning = handler.together.flatMap(({ transaction }) => transaction ?? []);
  const around = related.filter((place) => !written.includes(place) && spanning.some((transaction) => same(transaction.at, place.at)));
  return [{ at, message: `${symbol} begins` }, ...around, ...written];
}

function same(one: Span, other: Span): boolean {
  return one.file === other.file && one.line === other.line && one.column === other.column;
}
