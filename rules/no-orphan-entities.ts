import type { Block, Orphan } from '../src/model/domain-model.js';
import { defineRule, type Finding } from '../src/rule.js';

export default defineRule({
  id: 'no-orphan-entities',
  title: 'Give every entity a root',
  why: 'An entity that no root contains and no repository keeps has nobody who guards its rules, and no way to be loaded or saved as part of a whole.',
  remedy: 'Let a root contain it, make it a root with a repository of its own, or, if it is only read, a read model.',
  source: 'Evans, Domain-Driven Design, ch. 6 (Aggregates)',
  severity: 'warning',
  preset: 'recommended',
  needs: ['entities'],
  *check(model) {
    const blocks = new Map(model.blocks.map((b) => [b.id, b]));
    for (const orphan of model.orphans) {
      const entity = blocks.get(orphan.entity);
      if (entity) yield finding(orphan, entity);
    }
  },
});

function finding({ heldBy }: Orphan, { at, name }: Block): Finding {
  const [holder] = heldBy;
  const held = holder ? ` (${holder.symbol} holds it, and lies in no aggregate either)` : '';
  return {
    at,
    symbol: name,
    message: `No root contains the entity ${name}${held}, and no repository keeps it: nobody guards its rules. Put it into the aggregate it belongs to, make it a root with a repository, or, if it is only read, a read model.`,
    related: heldBy.map((h) => ({ at: h.at, message: `${h.symbol} holds ${name}` })),
  };
}
