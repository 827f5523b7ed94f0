import { type DrawnAggregate, holdings, pointsElsewhere } from '../boundaries.js';
import type { SharedMember } from '../domain-model.js';
import type { Draft, Drafts } from '../drafts.js';
import { spanOf } from '../program.js';
import type { FoundRepository } from '../repositories.js';
import { conceptName } from '../roles.js';
import type { StateField } from '../state.js';
import { shapesAmong } from './shapes.js';

/** Entity types that two or more roots contain, each by a field of its own. */
export function findSharedMembers(
  aggregates: readonly DrawnAggregate[],
  drafts: Drafts,
  repositories: readonly FoundRepository[],
): SharedMember[] {
  const isShape = shapesAmong(aggregates, drafts);
  const containing = new Map<Draft, DrawnAggregate[]>();
  for (const aggregate of aggregates)
    for (const { draft } of aggregate.members)
      if (draft.kind === 'entity' && !isShape(draft)) containing.set(draft, [...(containing.get(draft) ?? []), aggregate]);
  const oneRoot = statesOfOneRoot(repositories, drafts);
  return [...containing].flatMap(([member, among]) => {
    if (among.length < 2) return [];
    const fields = new Map<StateField['at'], { field: StateField; holder: Draft; root: Draft }>();
    for (const aggregate of among) {
      for (const holder of [aggregate.root, ...aggregate.members.map((m) => m.draft)])
        for (const field of fieldsHolding(member, holder, drafts))
          if (!fields.has(field.at)) fields.set(field.at, { field, holder, root: aggregate.root });
    }
    // A field that several roots inherit, or reach through another member, is one field; a class and its contract are one root.
    const roots = new Set([...fields.values()].map(({ root }) => oneRoot(root)));
    const concepts = new Set([...fields.values()].map(({ root }) => conceptName(root.name)));
    return Math.min(roots.size, concepts.size) < 2
      ? []
      : [
          {
            member: member.id,
            holders: [...fields.values()].map(({ field, holder, root }) => ({
              symbol: `${holder.name}.${field.name}`,
              at: spanOf(field.file.facts, field.at),
              aggregate: root.name,
            })),
          },
        ];
  });
}

/** By its own type: a field typed by an abstract base says nothing of which heirs it holds. */
function fieldsHolding(member: Draft, holder: Draft, drafts: Drafts): StateField[] {
  if (holder === member) return [];
  return holdings(holder, drafts).flatMap(({ field, held }) =>
    drafts.of(held.symbol) === member && !pointsElsewhere(field) ? [field] : [],
  );
}

/** Types that one parameter of a repository takes as a union are one root in several states. */
function statesOfOneRoot(repositories: readonly FoundRepository[], drafts: Drafts): (root: Draft) => unknown {
  const first = new Map<Draft, unknown>();
  for (const { states } of repositories) {
    for (const [state, one] of states) {
      const draft = drafts.of(state);
      if (draft) first.set(draft, drafts.of(one) ?? one);
    }
  }
  return (root) => first.get(root) ?? root;
}
