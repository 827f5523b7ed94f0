import type { Block, SharedMember } from '../src/model/domain-model.js';
import { defineRule, type Finding } from '../src/rule.js';
import { listed } from '../src/wording.js';

export default defineRule({
  id: 'no-shared-members',
  title: 'Keep an entity inside one aggregate',
  why: 'An entity that several roots contain has several guards: what one root forbids the other allows, and two transactions save the same thing.',
  remedy:
    'Decide which root owns the entity, and let the others refer to that root by identity or keep a value object. Where each has its own, give each an entity type of its own; where it stands alone, make it a root.',
  source: 'Evans, Domain-Driven Design, ch. 6 (Aggregates): the root is the only way in',
  severity: 'error',
  preset: 'recommended',
  needs: ['several aggregates', 'entities'],
  *check(model) {
    const blocks = new Map(model.blocks.map((b) => [b.id, b]));
    for (const shared of model.sharedMembers) {
      const member = blocks.get(shared.member);
      if (member) yield finding(shared, member);
    }
  },
});

function finding({ holders }: SharedMember, member: Block): Finding {
  const roots = [...new Set(holders.flatMap((h) => h.aggregate ?? []))];
  const [first = member.name] = roots;
  return {
    at: member.at,
    symbol: member.name,
    aggregate: first,
    involves: roots,
    message: `${member.name} lies inside ${roots.length} aggregates, ${listed(roots)} (${listed([...new Set(holders.map((h) => h.symbol))])}): no root alone guards its rules. Leave it in the one that owns it and let ${roots.length > 2 ? 'the others' : 'the other'} refer to that root by identity, or give each an entity of its own.`,
    related: holders.map((h) => ({ at: h.at, message: `${h.symbol} holds it${h.aggregate ? ` inside ${h.aggregate}` : ''}` })),
  };
}
