import type { Decorator, Expression } from '../../facts/facts.js';
import { type DrawnAggregate, holdings } from '../boundaries.js';
import type { LazyPart, Span } from '../domain-model.js';
import type { Draft, Drafts } from '../drafts.js';
import { typeOf } from '../infer.js';
import { eachExpression } from '../mutation.js';
import { spanOf } from '../program.js';
import { bodiesWithin, eachScoped } from '../scoped.js';
import type { StateField } from '../state.js';
import { expressionText } from '../text.js';
import { structure, type Type, withoutNull } from '../types.js';
import { isOrm } from '../vocabulary.js';

/** Relations whose mapping lies in another file: `Device.feeds` with what its schema says. */
export type MappedElsewhere = (owner: Draft, field: string) => { readonly lazy: boolean; readonly eager: boolean } | undefined;

interface Relation {
  readonly aggregate: Draft;
  readonly owner: Draft;
  readonly member: Draft;
  readonly field: StateField;
  readonly collection: boolean;
  readonly container: Container | undefined;
}

/** Parts of an aggregate that are not there when its root is. */
export function findLazyParts(drafts: Drafts, aggregates: readonly DrawnAggregate[], mapped: MappedElsewhere): LazyPart[] {
  const found: LazyPart[] = [];
  const waiting: Relation[] = [];
  const seen = new Set<string>();
  for (const relation of aggregates.flatMap((a) => relationsOf(a, drafts))) {
    const { owner, field, member } = relation;
    const place = `${field.file.facts.file}:${field.at[0]}`;
    if (seen.has(place)) continue;
    const schema = mapped(owner, field.name);
    if (schema?.eager || option(field.decorators, 'eager') || option(field.decorators, 'lazy') === false) continue;
    if (relation.container?.how === 'promise' || relation.container?.how === 'lazy-reference') {
      seen.add(place);
      found.push(part(relation, { how: relation.container.how, container: relation.container.name }));
    } else if (schema?.lazy || option(field.decorators, 'lazy') === true) {
      seen.add(place);
      found.push(part(relation, { how: 'option', container: 'lazy: true' }));
    } else if (relation.container || member.mapped) waiting.push(relation);
  }
  for (const [relation, load] of loadedOnDemand(waiting, drafts)) found.push(part(relation, load));
  return found;
}

function part({ aggregate, owner, member, field, collection }: Relation, how: Pick<LazyPart, 'how' | 'container' | 'loadedAt'>): LazyPart {
  return {
    aggregate: aggregate.id,
    owner: owner.id,
    member: member.id,
    symbol: `${owner.name}.${field.name}`,
    at: spanOf(field.file.facts, field.at),
    collection,
    ...how,
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
function loadedOnDemand(relations: readonly Relation[], drafts: Drafts): [Relation, Pick<LazyPart, 'how' | 'container' | 'loadedAt'>][] {
  if (relations.length === 0) return [];
  const names = new Set(relations.map((r) => r.field.name));
  const found = new Map<Relation, Pick<LazyPart, 'how' | 'container' | 'loadedAt'>>();
  for (const draft of drafts.all) {
    if (draft.kind === 'repository' || draft.kind === 'repository-implementation' || draft.kind === 'persistence-record') continue;
    for (const body of bodiesWithin(draft)) {
      let loads = false;
      eachExpression(body.statements, (e) => {
        loads ||= loaded(e, names) !== undefined;
      });
      if (!loads) continue;
      eachScoped(body.statements, body.env(), (e, env) => {
        const target = loaded(e, names);
        if (!target) return;
        const type = withoutNull(typeOf(target.owner, env));
        const owner = type.k === 'named' ? drafts.of(type.symbol) : undefined;
        const relation = relations.find((r) => r.owner === owner && r.field.name === target.field);
        if (!relation || found.has(relation) || (target.handle && !relation.container)) return;
        const loadedAt: Span = spanOf(draft.symbol.file.facts, e.at);
        found.set(relation, { how: 'on-demand', container: expressionText(e), loadedAt });
      });
    }
  }
  return [...found];
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
