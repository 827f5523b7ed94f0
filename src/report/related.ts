import { lineOf, oneLine } from './layout.js';
import type { Violation } from './report.js';

/** `first write here: src/order.ts:12`, for formats without a place for places. */
export function relatedInWords({ related }: Violation): string[] {
  return related.map(({ at, message }) => `${oneLine(message)}: ${lineOf(at)}`);
}
