import type { AtHand } from './callees.js';
import type { Draft, Drafts } from './drafts.js';
import type { Declared } from './program.js';
import { carried } from './repositories.js';
import { structure, type Type, withoutNull } from './types.js';

export function isDomain(draft: Draft): boolean {
  return draft.kind === 'aggregate-root' || draft.kind === 'entity';
}

/** Roots and entities that a value of this type is or brings; lists opened unless told otherwise. */
export function blocksIn(type: Type, walk: AtHand, open = true): Draft[] {
  const inner = withoutNull(type);
  if (!open) {
    const shape =
      inner.k === 'named' && inner.symbol.declaration.kind === 'alias' && !walk.model.drafts.of(inner.symbol)?.kind
        ? structure(inner)
        : inner;
    const parts = shape.k === 'union' || shape.k === 'intersection' ? shape.of : [shape];
    return parts.flatMap((p) => {
      const named =
        p.k === 'external' && /^(?:Loaded|Ref|Reference|Promise|HydratedDocument|Readonly|Result)$/.test(p.name) ? p.args[0] : p;
      const draft = named?.k === 'named' ? walk.model.drafts.of(named.symbol) : undefined;
      return draft && isDomain(draft) ? [draft] : [];
    });
  }
  return carried(inner, 'everything')
    .map((s) => walk.model.drafts.of(s))
    .filter((d): d is Draft => d !== undefined && isDomain(d) && !d.base);
}

/** The block itself; for an abstract root the classes that it stands for. */
export function concreteOf(symbol: Declared, drafts: Drafts): Draft[] {
  const draft = drafts.of(symbol);
  if (!draft) return [];
  return draft.base
    ? drafts.all.filter((d) => !d.base && isDomain(d) && d.lineage.some((a) => a.symbol === symbol && a.via === 'extends'))
    : [draft];
}

export function unique<T>(items: readonly T[]): T[] {
  return [...new Set(items)];
}
