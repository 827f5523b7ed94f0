import type { Block, Cohesion, Handler } from '../src/model/domain-model.js';
import { defineRule, type Finding } from '../src/rule.js';
import { listed } from '../src/wording.js';

export default defineRule({
  id: 'cohesive-transactions',
  title: 'Draw a line only between what changes apart',
  why: 'Two aggregates that no handler ever writes apart are one in all but name: the line between them costs a second repository and protects nothing.',
  remedy:
    'Merge them into one aggregate, or, if they can bear to agree a moment later, let one change in a handler of an event of the other.',
  source: 'Vernon, Effective Aggregate Design, Part I: model true invariants in consistency boundaries',
  severity: 'info',
  preset: 'strict',
  needs: ['several aggregates', 'writes'],
  *check(model) {
    const blocks = new Map(model.blocks.map((b) => [b.id, b]));
    const handlers = new Map(model.handlers.map((h) => [h.id, h]));
    for (const cohesion of model.cohesions) {
      const roots = cohesion.roots.flatMap((id) => blocks.get(id) ?? []).sort((a, b) => (a.name < b.name ? -1 : 1));
      const by = writing(cohesion, handlers);
      const [first, ...others] = roots;
      if (first && others.length > 0) yield finding(first, others, by);
    }
  },
});

function writing(cohesion: Cohesion, handlers: ReadonlyMap<string, Handler>): Handler[] {
  return cohesion.handlers.flatMap((id) => handlers.get(id) ?? []);
}

function finding(first: Block, others: readonly Block[], by: readonly Handler[]): Finding {
  const names = listed([first.name, ...others.map((o) => o.name)]);
  const what =
    by.length === 1
      ? `only ${by[0]?.name ?? 'one handler'} writes them, all at once`
      : `each of the ${by.length} handlers that write one (${listed(by.map((h) => h.name))}) writes the other${others.length > 1 ? 's' : ''} too`;
  return {
    at: first.at,
    symbol: first.name,
    aggregate: first.name,
    involves: others.map((o) => o.name),
    message: `${names} are never written apart: ${what}. Merge them into one aggregate, or let ${others.length > 1 ? 'all but one' : 'one of them'} change in a handler of an event.`,
    related: [
      ...others.map((o) => ({ at: o.at, message: `${o.name} is always written with ${first.name}` })),
      ...by.map((h) => ({ at: h.at, message: `${h.name} writes ${others.length > 1 ? 'them all' : 'both'}` })),
    ],
  };
}
