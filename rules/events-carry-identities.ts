import type { Block, DomainModel, Payload } from '../src/model/domain-model.js';
import { defineRule, type Finding, type Fix } from '../src/rule.js';

export default defineRule({
  id: 'events-carry-identities',
  title: 'Let events and commands carry identities',
  why: 'A message that stores an aggregate hands every consumer the live object: it is changed past its root, is out of date when it is read, and cannot be serialised.',
  remedy: 'Carry the identity, and as plain values what consumers need to know; who needs more loads the aggregate by its identity.',
  source: 'Vernon, Implementing Domain-Driven Design, ch. 8 (Domain Events); Evans, Domain-Driven Design, ch. 6',
  severity: 'error',
  preset: 'recommended',
  fixable: 'unsafe',
  needs: ['aggregates'],
  *check(model) {
    const blocks = new Map(model.blocks.map((b) => [b.id, b]));
    for (const payload of model.payloads) {
      const carried = blocks.get(payload.carries);
      if (!carried) continue;
      const root = blocks.get(carried.aggregate ?? carried.id) ?? carried;
      const fix = byIdentity(payload, carried, root, model);
      yield { ...finding(payload, carried, root.name), ...(fix ? { fix } : {}) };
    }
  },
});

/**
 * The identity of an entity says something beside that of its root alone. An envelope has no field of its own to rename, and what the
 * database counts up is not there yet when the event is raised.
 */
function byIdentity(payload: Payload, carried: Block, root: Block, { identities, blocks }: DomainModel): Fix | undefined {
  const identity = identities.find((each) => each.block === carried.id);
  if (!identity || payload.via !== 'field' || identity.generated || !isWritten(carried, payload.type)) return undefined;
  const fields = blocks.filter((b) => b.name === payload.message && b.kind === payload.of).flatMap((b) => b.fields);
  const names = (name: string): boolean => name.toLowerCase() === `${lower(root.name)}id`.toLowerCase();
  if (carried !== root && !fields.some((f) => names(f.name) || f.holds.some((h) => h.block === root.id))) return undefined;
  return {
    kind: 'unsafe',
    title: `Carry the identity of ${carried.name} instead of ${payload.symbol}`,
    changes: [{ do: 'refer-by-identity', at: payload.at, target: carried.at, accessors: identity.accessors }],
  };
}

function finding(payload: Payload, carried: Block, aggregate: string): Finding {
  return {
    at: payload.at,
    symbol: payload.symbol,
    aggregate,
    involves: [carried.name],
    message: `${what(payload, carried)}: ${cost(payload, carried)}. ${remedy(payload, carried)}.`,
    related: [{ at: carried.at, message: `${carried.name} is declared here` }],
  };
}

function what({ symbol, via, type, collection, inheritedBy }: Payload, { name, kind }: Block): string {
  const block = kind === 'entity' ? `the entity ${name}` : `the aggregate root ${name}`;
  const stored = collection ? `a collection of ${block.replace('the ', 'the ')}` : block;
  if (via === 'factory') return `${symbol} makes ${article(type)} ${type}, which carries ${stored} itself`;
  if (via === 'envelope') return `${symbol} is an envelope around ${stored}`;
  const heirs =
    inheritedBy.length > 0
      ? ` (inherited by ${inheritedBy.slice(0, 4).join(', ')}${inheritedBy.length > 4 ? ` and ${inheritedBy.length - 4} more` : ''})`
      : '';
  return `${symbol} carries ${stored} as an object${heirs}`;
}

function cost({ of }: Payload, { name }: Block): string {
  return of === 'command'
    ? `whoever sends the command has loaded ${name} already, and the handler saves a state that may be out of date`
    : `its handlers get a live ${name} that they can change, and that is out of date when they run later`;
}

function remedy({ collection }: Payload, { name, kind }: Block): string {
  const identity = `${lower(name)}Id${collection ? 's' : ''}`;
  const root = kind === 'entity' ? `the identity of its root, and ${identity} if it matters` : identity;
  return `Carry ${root}, with the values that matter`;
}

function article(word: string): string {
  return /^[aeiou]/i.test(word) ? 'an' : 'a';
}

function lower(name: string): string {
  const core = name.replace(/^I(?=[A-Z][a-z])/, '').replace(/(?:Entity|Aggregate|AggregateRoot|Model)$/, '') || name;
  return core.charAt(0).toLowerCase() + core.slice(1);
}

/** In the type of the field itself, not in what that names. */
function isWritten({ name, aliases }: Block, type: string): boolean {
  return type.split(/[^\w$]+/).some((word) => word === name || aliases.includes(word));
}
