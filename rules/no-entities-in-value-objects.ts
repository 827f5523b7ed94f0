import type { Block, EntityInValue } from '../src/model/domain-model.js';
import { defineRule, type Finding } from '../src/rule.js';

export default defineRule({
  id: 'no-entities-in-value-objects',
  title: 'Build value objects of values alone',
  why: 'A value object is what it consists of, and never changes. With an entity in it, it changes behind the back of everyone who shares it, and two equal ones may differ tomorrow.',
  remedy: 'Keep the identity of the entity, or the values of it that matter. What has to hold the entity itself is an entity too.',
  source: 'Evans, Domain-Driven Design, ch. 5 (Value Objects); Vernon, Implementing Domain-Driven Design, ch. 6',
  severity: 'error',
  preset: 'recommended',
  needs: ['value objects'],
  *check(model) {
    const blocks = new Map(model.blocks.map((b) => [b.id, b]));
    for (const found of model.entitiesInValues) {
      const value = blocks.get(found.value);
      const entity = blocks.get(found.holds);
      if (value && entity) yield finding(found, value, entity, blocks.get(value.aggregate ?? '')?.name);
    }
  },
});

function finding(found: EntityInValue, value: Block, entity: Block, aggregate: string | undefined): Finding {
  const { symbol, collection, inheritedBy } = found;
  const owner = symbol.slice(0, symbol.indexOf('.'));
  const what = `${entity.kind === 'entity' ? 'the entity' : 'the aggregate root'} ${entity.name}`;
  const heirs = inheritedBy.length > 0 ? ` (inherited by ${inheritedBy.slice(0, 4).join(', ')})` : '';
  const identity = `${lower(entity.name)}Id${collection ? 's' : ''}`;
  const otherwise = entity.kind === 'entity' ? `, or make ${owner} an entity` : '';
  return {
    at: found.at,
    symbol,
    aggregate: aggregate ?? entity.name,
    involves: [entity.name],
    message: `${symbol} puts ${collection ? 'several of ' : ''}${what} into a value object${heirs}: when ${entity.name} changes, so does the value, and whoever shares it. Keep ${identity} or the values that matter${otherwise}.`,
    related: [
      { at: value.at, message: `${value.name} is a value object` },
      { at: entity.at, message: `${entity.name} is declared here` },
    ],
  };
}

function lower(name: string): string {
  const core = name.replace(/^I(?=[A-Z][a-z])/, '').replace(/(?:Entity|Aggregate|AggregateRoot|Model)$/, '') || name;
  return core.charAt(0).toLowerCase() + core.slice(1);
}
