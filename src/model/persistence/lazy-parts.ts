import type { Decorator, Expression } from '../../facts/facts.js';
import { type DrawnAggregate, holdings } from '../boundaries.js';
import type { LazyPart, Span, TableRelation } from '../domain-model.js';
import type { Draft, Drafts } from '../drafts.js';
import { typeOf } from '../infer.js';
import type { Watcher } from '../outside/sightings.js';
import { spanOf } from '../program.js';
import type { StateField } from '../state.js';
import { expressionText } from '../text.js';
import { structure, type Type, withoutNull } from '../types.js';
import { isOrm } from '../vocabulary.js';
import { relationDecorator } from './decorated-classes.js';

/** Relations whose mapping lies in another file: `Device.feeds` with what its schema says. */
export type MappedElsewhere = (owner: Draft, field: string) => Pick<TableRelation, 'lazy' | 'eager' | 'at'> | undefined;

interface Relation {
  readonly aggregate: Draft;
  readonly owner: Draft;
  readonly member: Draft;
  readonly field: StateField;
  readonly collection: boolean;
  readonly container: Container | undefined;
  /** Where a schema maps it. */
  readonly schemaAt?: Span;
}

/** Looks for parts of an aggregate that are not there when its root is. */
export function lazyParts(
  drafts: Drafts,
  aggregates: readonly DrawnAggregate[],
  mapped: MappedElsewhere,
): { readonly watcher: Watcher; readonly found: LazyPart[] } {
  const found: LazyPart[] = [];
  const waiting: Relation[] = [];
  const seen = new Set<string>();
  for (const held of aggregates.flatMap((a) => relationsOf(a, drafts))) {
    const { owner, field, member, container } = held;
    const place = `${field.file.facts.file}:${field.at[0]}`;
    if (seen.has(place)) continue;
    const schema = mapped(owner, field.name);
    if (schema?.eager || option(field.decorators, 'eager') || option(field.decorators, 'lazy') === false) continue;
    const relation = schema && field.decorators.length === 0 ? { ...held, schemaAt: schema.at } : held;
    const declared = lazyByDeclaration(container, schema?.lazy === true || option(field.decorators, 'lazy') === true);
    if (declared) {
      seen.add(place);
      found.push(part(relation, declared));
    } else if (container || member.mapped) waiting.push(relation);
  }
  return { watcher: onDemand(waiting, drafts, found), found };
}

type How = Pick<LazyPart, 'how' | 'container' | 'loadedAt'>;

function lazyByDeclaration(container: Container | undefined, lazy: boolean): How | undefined {
  if (container?.how === 'promise' || container?.how === 'lazy-reference') return { how: container.how, container: container.name };
  return lazy ? { how: 'option', container: 'lazy: true' } : undefined;
}

function part({ aggregate, owner, member, field, collection, schemaAt }: Relation, how: How): LazyPart {
  const decorator = relationDecorator(field);
  const mapping = decorator ? spanOf(field.file.facts, decorator.at) : schemaAt;
  return {
    aggregate: aggregate.id,
    owner: owner.id,
    member: member.id,
    symbol: `${owner.name}.${field.name}`,
    at: spanOf(field.file.facts, field.at),
    collection,
    ...how,
    ...(mapping ? { mapping } : {}),
  };
}

/** Fields that lead from the root inwards; one that leads back is no part. */
function relationsOf({ root, members }: DrawnAggregate, drafts: Drafts): Relation[] {
  const depths = new Map<Draft, number>([[root, 0], ...members.map((m): [Draft, number] => [m.draft, m.depth])]);
  return [...depths].flatMap(([owner, depth]) =>
    holdings(owner, drafts).flatMap(({ field, held }): Relation[] => {
      const member = drafts.of(held.symbol);
      const inner = member && depths.get(member);
      if (!member || inner === undefined || inner <= depth) return [];
      return [{ aggregate: root, owner, member, field, collection: held.as !== 'value', container: containerOf(field.type) }];
    }),
  );
}

interface Container {
  readonly how: 'promise' | 'lazy-reference' | 'handle';
  readonly name: string;
}

/** What stands between the field and its part: a promise, or a handle of an ORM that may be empty still. */
function containerOf(type: Type, depth = 0): Container | undefined {
  const shape = structure(withoutNull(type));
  if (shape.k === 'union') return shape.of.map((part) => containerOf(part, depth + 1)).find((c) => c !== undefined);
  if (shape.k !== 'external' || shape.value || depth > 4) return undefined;
  if (shape.module === undefined) return shape.name === 'Promise' ? { how: 'promise', name: 'Promise' } : undefined;
  if (!isOrm(shape.module)) return undefined;
  if (/^Lazy(?:Ref|Reference)$/.test(shape.name)) return { how: 'lazy-reference', name: shape.name };
  return /^(?:Collection|LoadedCollection|Ref|Reference|IdentifiedReference)$/.test(shape.name)
    ? { how: 'handle', name: shape.name }
    : undefined;
}

/** The value of a flag in a decorator's options. */
function option(decorators: readonly Decorator[], name: string): boolean | undefined {
  for (const { args } of decorators) {
    for (const arg of args ?? []) {
      const entry = arg.e === 'object' ? arg.entries.find((e) => e.o === 'property' && e.name === name) : undefined;
      if (entry?.o === 'property' && entry.value.e === 'literal' && typeof entry.value.value === 'boolean') return entry.value.value;
    }
  }
  return undefined;
}

const LOADING = /^(?:init|load|loadItems|loadOrFail|\$get)$/;

/** `order.items.init()` in code that has the root already; where the repository does it, the root comes whole. */
function onDemand(relations: readonly Relation[], drafts: Drafts, found: LazyPart[]): Watcher {
  const names = new Set(relations.map((r) => r.field.name));
  const reported = new Set<Relation>();
  return {
    wanted: (e) => loaded(e, names) !== undefined,
    see: (e, env, { draft, file }) => {
      if (draft?.kind === 'repository' || draft?.kind === 'repository-implementation' || draft?.kind === 'persistence-record') return;
      const target = loaded(e, names);
      const type = target && withoutNull(typeOf(target.owner, env));
      const owner = type?.k === 'named' ? drafts.of(type.symbol) : undefined;
      const relation = relations.find((r) => r.owner === owner && r.field.name === target?.field);
      if (!relation || reported.has(relation) || (target?.handle && !relation.container)) return;
      reported.add(relation);
      found.push(part(relation, { how: 'on-demand', container: expressionText(e), loadedAt: spanOf(file.facts, e.at) }));
    },
  };
}

/** `order.items.init()`, `order.invoice.load()`, `order.$get('items')`: whose part is asked for. */
function loaded(
  e: Expression,
  names: ReadonlySet<string>,
): { readonly owner: Expression; readonly field: string; readonly handle: boolean } | undefined {
  if (e.e !== 'call' || e.callee.e !== 'member' || !LOADING.test(e.callee.name)) return undefined;
  const { of, name } = e.callee;
  if (name === '$get') {
    const [field] = e.args;
    return field?.e === 'literal' && typeof field.value === 'string' && names.has(field.value)
      ? { owner: of, field: field.value, handle: false }
      : undefined;
  }
  return of.e === 'member' && names.has(of.name) ? { owner: of.of, field: of.name, handle: true } : undefined;
}
