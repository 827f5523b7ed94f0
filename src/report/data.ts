import { visibleLines } from './inert.js';

/** JSON in which everything that a terminal would obey stands escaped: `cat` shows it, and a parser reads what was there. */
export function inertJson(value: unknown, indent?: number): string {
  // Outside its strings, the only control characters of JSON are the line breaks of an indented one.
  return visibleLines(JSON.stringify(value, null, indent));
}
