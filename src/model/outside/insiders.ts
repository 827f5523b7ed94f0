import type { DrawnAggregate } from '../boundaries.js';
import type { Draft, Drafts } from '../drafts.js';
import type { Declared } from '../program.js';
import { isTestDouble } from '../repositories.js';
import { stateOf } from '../state.js';
import { type Type, withoutNull } from '../types.js';
import { isOrm } from '../vocabulary.js';
import type { Body } from './sightings.js';

/** Classes that belong to an aggregate's own code: its members, the collections and strategies that they keep. */
export function ownCode(aggregates: readonly DrawnAggregate[], drafts: Drafts): ReadonlyMap<Declared, ReadonlySet<Draft>> {
  const own = new Map<Declared, Set<Draft>>();
  const add = (symbol: Declared, root: Draft): void => {
    const roots = own.get(symbol);
    if (roots) roots.add(root);
    else own.set(symbol, new Set([root]));
  };
  const helpers = new Map<Declared, Set<Draft>>();
  for (const { root, members } of aggregates) {
    for (const draft of [root, ...members.map((m) => m.draft)]) {
      for (const symbol of withBases(draft)) add(symbol, root);
      for (const field of stateOf(draft.symbol)) {
        for (const part of parts(field.type)) {
          if (drafts.of(part)?.kind !== undefined) continue;
          const roots = helpers.get(part) ?? new Set();
          helpers.set(part, roots.add(root));
        }
      }
    }
  }
  if (helpers.size === 0) return own;
  for (const draft of drafts.all) {
    if (draft.symbol.declaration.kind !== 'class') continue;
    for (const symbol of [draft.symbol, ...draft.lineage.flatMap((a) => a.symbol ?? [])])
      for (const root of helpers.get(symbol) ?? []) add(draft.symbol, root);
  }
  return own;
}

function parts(type: Type): Declared[] {
  const inner = withoutNull(type);
  if (inner.k === 'named') return inner.symbol.declaration.kind === 'alias' ? [] : [inner.symbol];
  return inner.k === 'union' ? inner.of.flatMap(parts) : [];
}

const SCREENS = /^(?:@angular\/core|react(?:-dom)?|preact|vue|svelte|solid-js|lit|@ngrx\/.*|mobx|zustand|@reduxjs\/toolkit)$/;
const NOT_OUTSIDE: ReadonlySet<string> = new Set([
  'domain-event',
  'repository',
  'repository-implementation',
  'persistence-record',
  'read-model',
  'factory',
]);

/** Persistence mapping, builders, tests and what fills a database. */
export function isSpared({ draft, file }: Body): boolean {
  if (
    /(?:^|[/._-])(?:seeds?|seeders?|seeding|fixtures?|mocks?|test-?data|testing|test-?utils?|builders?|factories|mothers?|migrations?)(?:[/._-]|$)/i.test(
      file.facts.file,
    )
  )
    return true;
  // A screen works on what it was sent.
  if (file.facts.imports.some((i) => SCREENS.test(i.from))) return true;
  if (!draft) return false;
  if (draft.kind !== undefined && NOT_OUTSIDE.has(draft.kind)) return true;
  if (isTestDouble(draft.name)) return true;
  if (
    /(?:Mapper|Mapping|Map|Converter|Assembler|Hydrator|Transformer|Serializer|Builder|Factory|Mother|Fixtures?|Seeder|Seeds?|Migration|EntitySubscriber|EntityListener|Persistence|(?:Event|State|Snapshot)Store|Dao|DAO)$/.test(
      draft.name,
    )
  )
    return true;
  const { declaration } = draft.symbol;
  return (
    (declaration.kind === 'class' && declaration.decorators.some((d) => d.name === 'EventSubscriber')) ||
    draft.lineage.some((a) => a.module !== undefined && isOrm(a.module))
  );
}

export function folder(draft: Draft): string {
  const { file } = draft.symbol.file.facts;
  return file.slice(0, file.lastIndexOf('/') + 1);
}

/** A class and the classes it extends. */
export function withBases(draft: Draft): Declared[] {
  return [draft.symbol, ...draft.lineage.flatMap((a) => (a.via === 'extends' && a.symbol ? [a.symbol] : []))];
}
