import type { DrawnAggregate } from '../boundaries.js';
import type { Invariant, OpenConstruction, Operation } from '../domain-model.js';
import type { Draft, Drafts } from '../drafts.js';
import { spanOf } from '../program.js';
import { held, stateOf } from '../state.js';

/** Roots whose factory guards what their constructor lets anyone skip. */
export function findOpenConstructions(
  aggregates: readonly DrawnAggregate[],
  drafts: Drafts,
  invariants: readonly Invariant[],
  operations: readonly Operation[],
): OpenConstruction[] {
  return aggregates.flatMap(({ root }): OpenConstruction[] => {
    const { declaration } = root.symbol;
    if (declaration.kind !== 'class' || declaration.abstract) return [];
    const own = declaration.members.find((m) => m.kind === 'constructor');
    const found = own ?? inheritedConstructor(root);
    if (found === 'unknown' || (found && found.visibility !== 'public')) return [];
    const factories = new Set(operations.flatMap((o) => (o.owner === root.id && o.kind === 'factory' ? [o.name] : [])));
    const guards = invariants.filter((i) => i.aggregate === root.id && i.owner === root.id && i.kind === 'guard');
    // What the constructor checks itself, or a hook that its base calls, nobody can skip.
    const kept = new Set(
      guards.filter((i) => !factories.has(i.in) && (i.in === `${root.name}.constructor` || isHook(i.in))).flatMap((i) => i.reads),
    );
    const skips = guards.filter(
      (i) =>
        factories.has(i.in) && i.reads.some((symbol) => !kept.has(symbol) && !isValue(root, symbol.slice(root.name.length + 1), drafts)),
    );
    if (skips.length === 0) return [];
    return [{ root: root.id, at: spanOf(root.symbol.file.facts, own ? own.at : declaration.at), inherited: own === undefined, skips }];
  });
}

/** A base outside the project does not show whether its constructor is open. */
function inheritedConstructor(root: Draft): { readonly visibility: string } | 'unknown' | undefined {
  for (const { symbol, via } of root.lineage) {
    if (via !== 'extends') continue;
    if (symbol?.declaration.kind !== 'class') return 'unknown';
    const found = symbol.declaration.members.find((m) => m.kind === 'constructor');
    if (found) return found;
  }
  return undefined;
}

function isHook(name: string): boolean {
  return /\.(?:_?validate\w*|check\w*|ensure\w*|assert\w*)$/.test(name);
}

/** A value that checks itself when it is made cannot be handed in wrong. */
function isValue(root: Draft, name: string, drafts: Drafts): boolean {
  const field = stateOf(root.symbol).find((f) => f.name === name);
  return (
    field !== undefined &&
    held(field.type, (symbol) => drafts.of(symbol)?.kind !== undefined).some((h) => {
      const kind = drafts.of(h.symbol)?.kind;
      return (kind === 'value-object' || kind === 'identifier') && h.as === 'value';
    })
  );
}
