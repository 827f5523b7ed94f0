import type { DrawnAggregate } from '../boundaries.js';
import type { Draft, Drafts } from '../drafts.js';
import { once } from '../memo.js';
import { conceptName } from '../roles.js';

/**
 * Interfaces and type aliases that look like entities and are the shape of one: a contract beside the class of its name, the
 * rows and messages of class-based roots. Where the roots are types themselves, they and what they contain are the domain.
 */
export function shapesAmong(aggregates: readonly DrawnAggregate[], drafts: Drafts): (draft: Draft) => boolean {
  const shapes = once(known, drafts, () => findShapes(aggregates, drafts));
  return (draft) => shapes.has(draft);
}

const known = new WeakMap<Drafts, ReadonlySet<Draft>>();

function findShapes(aggregates: readonly DrawnAggregate[], drafts: Drafts): ReadonlySet<Draft> {
  const types = drafts.all.filter((d) => (d.kind === 'aggregate-root' || d.kind === 'entity') && d.symbol.declaration.kind !== 'class');
  if (types.length === 0) return new Set();
  const classes = new Set(
    drafts.all.flatMap((d) =>
      d.symbol.declaration.kind === 'class' && (d.kind === 'aggregate-root' || d.kind === 'entity' || d.kind === 'persistence-record')
        ? [conceptName(d.name)]
        : [],
    ),
  );
  const hasTwin = (draft: Draft): boolean => classes.has(conceptName(draft.name));
  const real = new Set<Draft>();
  const ofClasses = new Set<Draft>();
  for (const { root, members } of aggregates) {
    const isType = root.symbol.declaration.kind !== 'class' && !hasTwin(root);
    if (isType) real.add(root);
    for (const { draft } of members) (isType ? real : ofClasses).add(draft);
  }
  return new Set(types.filter((d) => !isNamed(d) && (!real.has(d) || ofClasses.has(d) || hasTwin(d))));
}

/** Somebody said so: an annotation or the configuration. */
function isNamed(draft: Draft): boolean {
  return draft.evidence.some((e) => e.role === draft.kind && (e.kind === 'annotation' || e.kind === 'configuration'));
}
