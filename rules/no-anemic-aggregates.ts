import type { Aggregate, Block, Handler, OutsideGuard } from '../src/model/domain-model.js';
import { defineRule, type Finding } from '../src/rule.js';
import { listed } from '../src/wording.js';

export default defineRule({
  id: 'no-anemic-aggregates',
  title: 'Rules live in the aggregate they protect',
  why: 'A rule about an aggregate that its caller checks holds only where every caller remembers it, and nothing keeps the next one from changing the aggregate without it.',
  remedy:
    'Move the check into the method of the root that makes the change, and let it throw or return the failure; the handler loads, calls that method and saves.',
  source: 'Fowler, AnemicDomainModel; Evans, Domain-Driven Design: aggregates enforce their invariants',
  severity: 'warning',
  preset: 'recommended',
  needs: ['handlers'],
  *check(model) {
    if (model.outsideGuards.length === 0) return;
    const handlers = new Map(model.handlers.map((h) => [h.id, h]));
    const roots = new Map(model.aggregates.map((a) => [a.root, a]));
    const blocks = new Map(model.blocks.map((b) => [b.id, b]));
    const anemic = model.outsideGuards.filter((g) => !g.behaviour);
    for (const id of new Set(anemic.map((g) => g.aggregate))) {
      const root = roots.get(id);
      const guards = anemic.filter((g) => g.aggregate === id);
      if (root) yield atRoot(root, guards, handlers);
    }
    for (const guard of model.outsideGuards) {
      const root = roots.get(guard.aggregate);
      const handler = handlers.get(guard.handler);
      if (guard.behaviour && root && handler) yield atHandler(guard, root, handler, blocks.get(root.root));
    }
  },
});

function atRoot(root: Aggregate, guards: readonly OutsideGuard[], handlers: ReadonlyMap<string, Handler>): Finding {
  const [first] = guards;
  const names = [...new Set(guards.flatMap((g) => handlers.get(g.handler)?.name ?? []))];
  return {
    at: root.at,
    symbol: root.name,
    aggregate: root.name,
    message: `${root.name} only holds its state, and its rules stand outside: ${listed(names, { most: 3, shown: 2 })} ${names.length > 1 ? 'check' : 'checks'} ${quoted(first)} before changing it. Give ${root.name} methods that check and change in one, so that no caller can leave the rule out.`,
    related: guards.map((g) => ({ at: g.at, message: `${handlers.get(g.handler)?.name ?? 'a handler'} checks ${quoted(g)}` })),
  };
}

function atHandler(guard: OutsideGuard, root: Aggregate, handler: Handler, block: Block | undefined): Finding {
  const home = block?.form === 'class' ? `the method of ${root.name}` : `the function of ${root.name}`;
  return {
    at: handler.at,
    symbol: handler.name,
    aggregate: root.name,
    involves: [root.name],
    message: `${handler.name} ${REFUSES[guard.how]} on ${quoted(guard)} and then changes that ${root.name} itself: the next caller can forget the rule. Move the check into ${home} that makes the change.`,
    related: [
      { at: guard.at, message: `the rule: ${guard.text}` },
      { at: guard.change.at, message: `the change: ${guard.change.text}` },
    ],
  };
}

const REFUSES = { throw: 'throws', failure: 'returns a failure', assertion: 'asserts' } as const;

function quoted(guard: OutsideGuard | undefined): string {
  return guard ? `\`${guard.text}\`` : 'a rule';
}
