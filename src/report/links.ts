import type { Span } from '../model/domain-model.js';

/** Where a click leads; undefined where nothing is to be linked. */
export interface Links {
  readonly rule: (id: string) => string | undefined;
  readonly place: (at: Span) => string | undefined;
}

/** The text as a link, for terminals that know OSC 8. Addresses are percent-encoded: nothing in one ends the sequence. */
export function linked(text: string, address: string | undefined): string {
  return address === undefined ? text : `\u001b]8;;${address}\u001b\\${text}\u001b]8;;\u001b\\`;
}
