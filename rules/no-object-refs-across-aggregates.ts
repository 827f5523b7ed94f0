import type { Block, BlockId, DomainModel, Identity, Reference, Span } from '../src/model/domain-model.js';
import { defineRule, type Finding, type Fix } from '../src/rule.js';

export default defineRule({
  id: 'no-object-refs-across-aggregates',
  title: 'Refer to other aggregates by identity',
  why: 'An object reference pulls another aggregate into this one: it is loaded, locked and saved along with it, and whoever holds it can change it past its own root.',
  remedy:
    'Store the identity of the other root. Where its data is needed, take it from the command, keep a snapshot as a value object, or read it from a read model.',
  source: 'Vernon, Effective Aggregate Design, Part II: reference other aggregates by identity; Evans, Domain-Driven Design, ch. 6',
  severity: 'error',
  preset: 'recommended',
  fixable: 'unsafe',
  needs: ['aggregates'],
  *check(model) {
    const blocks = new Map(model.blocks.map((b) => [b.id, b]));
    for (const references of byPlace(model).values()) {
      const fix = byIdentity(references, blocks, model.identities);
      yield { ...finding(references, blocks), ...(fix ? { fix } : {}) };
    }
  },
});

/** A field declared in a base is one fault, whoever inherits it. Entities that several roots share, or that lie in value objects, have rules of their own. */
function byPlace(model: DomainModel): Map<string, Reference[]> {
  const places = new Map<string, Reference[]>();
  const shared = new Set(model.sharedMembers.map((s) => s.member));
  const inValues = new Set(model.entitiesInValues.map((e) => placeOf(e.at)));
  for (const aggregate of model.aggregates) {
    for (const reference of aggregate.references) {
      const key = placeOf(reference.at);
      if (reference.by !== 'object' || shared.has(reference.target) || inValues.has(key)) continue;
      places.set(key, [...(places.get(key) ?? []), reference]);
    }
  }
  return places;
}

function placeOf({ file, line, column }: Span): string {
  return `${file}:${line}:${column}`;
}

/** Not for what should be asked of its root, may be a member, is mapped as a relation, or is one of several. */
function byIdentity(
  references: readonly Reference[],
  blocks: ReadonlyMap<BlockId, Block>,
  identities: readonly Identity[],
): Fix | undefined {
  const [first] = references;
  const target = first && blocks.get(first.target);
  const accessors = identities.find((each) => each.block === first?.target)?.accessors;
  if (!first || !target || !accessors || references.some((r) => r.target !== first.target)) return undefined;
  if (first.target !== first.to || first.maybeMember || first.decorated || !isWritten(target, first.type)) return undefined;
  return {
    kind: 'unsafe',
    title: `Refer to ${target.name} by identity instead of ${first.symbol}`,
    changes: [{ do: 'refer-by-identity', at: first.at, target: target.at, accessors }],
  };
}

function finding(references: readonly Reference[], blocks: ReadonlyMap<BlockId, Block>): Finding {
  const [first] = references;
  if (!first) throw new Error('a place without a reference');
  const name = (id: BlockId): string => blocks.get(id)?.name ?? id;
  const to = name(first.to);
  const target = name(first.target);
  const own = first.symbol.slice(0, first.symbol.indexOf('.'));
  const declared = blocks.get(first.target);
  return {
    at: first.at,
    symbol: first.symbol,
    aggregate: name(blocks.get(first.from)?.aggregate ?? first.from),
    involves: [target],
    message: message({
      symbol: first.symbol,
      own,
      to,
      target,
      collection: first.collection,
      maybeMember: first.maybeMember === true,
      self: first.from === first.to,
    }),
    related: declared ? [{ at: declared.at, message: `${target} is declared here` }] : [],
  };
}

interface Case {
  readonly symbol: string;
  readonly own: string;
  readonly to: string;
  readonly target: string;
  readonly collection: boolean;
  readonly maybeMember: boolean;
  readonly self: boolean;
}

function message({ symbol, own, to, target, collection, maybeMember, self }: Case): string {
  const identity = collection ? `the identities (${lower(to)}Ids)` : `its identity (${lower(to)}Id)`;
  if (self) return `${symbol} holds other ${to} aggregates as objects: loading one loads them all. Keep ${identity} instead.`;
  if (target !== to)
    return `${symbol} holds ${target}, which belongs inside the aggregate ${to}, so ${to} can be changed past its root. Refer to ${to} by identity (${lower(to)}Id) and let it change its own ${target}.`;
  const remedy = `Keep ${identity} instead`;
  return `${symbol} holds the aggregate root ${to} as an object: ${own} and ${to} are loaded, locked and saved together. ${remedy}${maybeMember ? `, or, if ${to} lives and dies with ${own}, make it an entity of that aggregate` : ''}.`;
}

function lower(name: string): string {
  const core = name.replace(/^I(?=[A-Z][a-z])/, '').replace(/(?:Entity|Aggregate|AggregateRoot|Model)$/, '') || name;
  return core.charAt(0).toLowerCase() + core.slice(1);
}

/** In the type of the field itself, not in what that names. */
function isWritten({ name, aliases }: Block, type: string): boolean {
  return type.split(/[^\w$]+/).some((word) => word === name || aliases.includes(word));
}
