import type { DomainModel } from '../model/domain-model.js';
import type { KnownFinding, Violation } from '../report/report.js';

export interface Matched<Entry extends KnownFinding> {
  readonly known: ReadonlyMap<Violation, Entry>;
  readonly fresh: readonly Violation[];
  readonly gone: readonly Entry[];
}

/** Whether the finding of an entry may have turned up in that file: its declaration was moved there. */
export type MayHaveMoved = (entry: KnownFinding, file: string) => boolean;

/**
 * Tells known findings from new ones by rule, symbol and parties. The file decides only between several of those; what
 * is left over is the same finding in a moved file, unless the declaration still stands where it was.
 */
export function matchKnown<Entry extends KnownFinding>(
  entries: readonly Entry[],
  violations: readonly Violation[],
  mayHaveMoved: MayHaveMoved,
): Matched<Entry> {
  const known = new Map<Violation, Entry>();
  const open = new Map<string, Entry[]>();
  for (const entry of entries) open.set(keyOf(entry), [...(open.get(keyOf(entry)) ?? []), entry]);
  function take(violation: Violation, fits: (entry: Entry) => boolean): boolean {
    const key = keyOf(knownFinding(violation));
    const candidates = open.get(key) ?? [];
    const entry = candidates.find(fits);
    if (!entry) return false;
    open.set(
      key,
      candidates.filter((each) => each !== entry),
    );
    known.set(violation, entry);
    return true;
  }
  const elsewhere = violations.filter((violation) => !take(violation, ({ file }) => file === violation.at.file));
  const fresh = elsewhere.filter((violation) => !take(violation, (entry) => mayHaveMoved(entry, violation.at.file)));
  return { known, fresh, gone: [...open.values()].flat() };
}

export function knownFinding({ ruleId, symbol, involves = [], at }: Violation): KnownFinding {
  return { rule: ruleId, symbol, involves: [...new Set(involves)].sort(), file: at.file };
}

function keyOf({ rule, symbol, involves }: KnownFinding): string {
  return JSON.stringify([rule, symbol, involves]);
}

/** Whether the file declares what a symbol begins with, `Order` of `Order.items`; nothing is known of a name that the model does not have. */
export function declares({ blocks, handlers }: DomainModel, file: string, symbol: string): boolean {
  const [head = symbol] = symbol.split('.');
  return (
    blocks.some(({ name, at }) => name === head && at.file === file) || handlers.some(({ name, at }) => name === symbol && at.file === file)
  );
}
