import type { Block, BlockId, ServiceHeld } from '../src/model/domain-model.js';
import { defineRule } from '../src/rule.js';

export default defineRule({
  id: 'no-services-in-aggregates',
  title: 'Keep infrastructure out of aggregates',
  why: 'An aggregate that reaches for a database, a client or a bus cannot be tested or reasoned about alone, and its rules can fail for reasons that are not rules.',
  remedy:
    'Let the handler load what is needed and pass the values in; where the domain needs an answer, pass an interface of the domain to the method.',
  source:
    'Evans, Domain-Driven Design, ch. 4: isolate the domain; Vernon, Implementing Domain-Driven Design, ch. 10: avoid dependency injection',
  severity: 'error',
  preset: 'recommended',
  needs: ['aggregates'],
  *check(model) {
    const blocks = new Map(model.blocks.map((b) => [b.id, b]));
    for (const held of model.servicesHeld) {
      const owner = blocks.get(held.owner);
      yield { at: held.at, symbol: held.symbol, involves: [held.service], message: message(held, owner), ...aggregateOf(owner, blocks) };
    }
  },
});

const WHAT = {
  repository: 'a repository',
  'unit-of-work': 'a unit of work',
  'orm-manager': 'a database connection',
  'http-client': 'an HTTP client',
  bus: 'a message bus',
} as const;

function message(held: ServiceHeld, owner: Block | undefined): string {
  const { symbol, how, sort, service, inheritedBy } = held;
  const heirs =
    inheritedBy.length > 0
      ? ` (inherited by ${inheritedBy.slice(0, 4).join(', ')}${inheritedBy.length > 4 ? ` and ${inheritedBy.length - 4} more` : ''})`
      : '';
  const does = how === 'stored' ? `${symbol} keeps ${WHAT[sort]}, ${service}` : `${symbol} calls ${WHAT[sort]}, ${service}`;
  return `${does}${heirs}: ${costs(owner)}. ${instead(sort, owner)}.`;
}

function costs(owner: Block | undefined): string {
  if (owner?.kind === 'value-object') return 'a value that talks to the outside world is no value any more';
  return 'its rules cannot run, or be tested, without infrastructure';
}

function instead(sort: ServiceHeld['sort'], owner: Block | undefined): string {
  switch (sort) {
    case 'bus':
      return 'Record a domain event and let whoever saves the aggregate publish it';
    case 'http-client':
      return owner?.kind === 'value-object'
        ? 'Ask outside, in a domain service, and pass the answer in as a value'
        : 'Ask in the handler or a domain service, and pass the answer in as a value';
    case 'repository':
      return 'Load in the handler and pass in what is needed, or hold the identity';
    default:
      return 'Load and save in the handler, through the repository of the aggregate';
  }
}

function aggregateOf(owner: Block | undefined, blocks: ReadonlyMap<BlockId, Block>): { aggregate?: string } {
  const name = owner?.aggregate === undefined ? undefined : blocks.get(owner.aggregate)?.name;
  return name ? { aggregate: name } : {};
}
