import type { Answer, FileFacts, OpenReceiver } from '../facts/facts.js';
import { findMutability } from './access/mutability.js';
import { assignActors, dependencies } from './actors.js';
import { concreteOf } from './blocks-in.js';
import { type DrawnAggregate, drawAggregates, drawReferences, holdings } from './boundaries.js';
import { testConsistency } from './consistency/consistency.js';
import { findExtents } from './consistency/extents.js';
import { proposeSplits } from './consistency/splits.js';
import type { Aggregate, Block, BlockId, Coverage, DomainModel, Field, Handler, Raise, Reference, Repository } from './domain-model.js';
import { type Draft, type Drafts, draftBlocks, type ScopedRecognizers, strongest } from './drafts.js';
import { findExposures } from './exposures.js';
import { findFunctionPorts } from './function-ports.js';
import { grouped } from './grouped.js';
import { findHandlers } from './handlers.js';
import { findCohesions } from './handling/cohesions.js';
import { findContentions } from './handling/contentions.js';
import { findCreations } from './handling/creations.js';
import { findDivisions } from './handling/divisions.js';
import { findOutsideGuards } from './handling/guarding.js';
import { findForeignLoads } from './handling/loads.js';
import { findLocks } from './handling/locks.js';
import { findRowContentions } from './handling/row-contentions.js';
import { findVersions } from './handling/versions.js';
import { findEntitiesInValues } from './holding/entities-in-values.js';
import { findHydrations } from './holding/hydrations.js';
import { findIdentities } from './holding/identities.js';
import { findOrphans } from './holding/orphans.js';
import { findPayloads } from './holding/payloads.js';
import { findSharedMembers } from './holding/shared-members.js';
import { adoptAnswers } from './infer.js';
import { findClusters } from './invariants/clusters.js';
import { findCollections } from './invariants/collections.js';
import { findOpenConstructions } from './invariants/construction.js';
import { findInvariants } from './invariants/invariants.js';
import { lazily, onDemand } from './lazy.js';
import { bodiesOf, eachExpression } from './mutation.js';
import { equalsFaults, referenceLookups } from './outside/equality.js';
import { outsideChanges } from './outside/outside-changes.js';
import { findServicesHeld } from './outside/services-held.js';
import { watch } from './outside/sightings.js';
import { rowWrites } from './persistence/column-writes.js';
import { lazyParts } from './persistence/lazy-parts.js';
import { persistence, type Surroundings } from './persistence/persistence.js';
import { findTables } from './persistence/tables.js';
import { bind, type Declared, linkProgram, type Program, spanOf } from './program.js';
import { carried, type FoundRepository, findRepositories } from './repositories.js';
import { assignRoles, decidedBy, isDomainKind } from './roles.js';
import { stateOf } from './state.js';
import { expressionText } from './text.js';
import { adoptScopes } from './types.js';
import { isOrm } from './vocabulary.js';

export interface BuildOptions extends Surroundings {
  /** What the type checker said of receivers that an earlier run left open. */
  readonly answers?: readonly Answer[];
  readonly resolveModule: Program['resolveModule'];
  readonly recognizers?: readonly ScopedRecognizers[];
  readonly matches?: (glob: string, text: string) => boolean;
}

/** From facts to the domain model: link, recognise, draw the boundaries, follow the writes. */
export function buildModel(
  facts: readonly FileFacts[],
  options: BuildOptions,
): { readonly model: DomainModel; readonly open: readonly OpenReceiver[] } {
  const program = linkProgram(facts, options.resolveModule);
  adoptScopes(program);
  adoptAnswers(program, options.answers ?? []);
  const drafts = draftBlocks(program, options.recognizers ?? [], options.matches ?? (() => false));
  const repositories = findRepositories(drafts);
  const ports = findFunctionPorts(drafts);
  assignRoles(drafts, repositories, ports, ormRepositories(drafts, program));
  assignActors(drafts, repositories, ports);
  const aggregates = drawAggregates(drafts);
  const references = drawReferences(aggregates, drafts);
  const rootsOf = rootIndex(aggregates);
  const { handlers, entered, raises, open } = findHandlers(drafts, repositories, ports, rootsOf);
  const blocks = drafts.all.filter((d) => d.kind !== undefined).map((d) => block(d, drafts, rootsOf));
  const holders = grouped(aggregates, ({ root, members }) => [root.id, ...members.map((m) => m.draft.id)]);
  const around: Around = {
    references: grouped(references, (r) => [r.aggregate]),
    repositories: grouped(repositories, (r) => keptRoots(r, rootsOf, drafts)),
    writers: grouped(handlers, (h) => h.writes.map((w) => w.aggregate)),
    raises: grouped(raises, (r) => (holders.get(r.by) ?? []).map(({ root }) => root)),
  };
  const drawn = {
    blocks,
    aggregates: aggregates.map((a) => aggregate(a, around)),
    repositories: repositories
      .filter((r) => r.draft.kind === 'repository' || r.draft.kind === 'repository-implementation')
      .map((r) => repository(r, repositories, rootsOf, drafts)),
    handlers,
    exposures: findExposures(drafts, rootsOf),
    raises,
    coverage: coverage(program, drafts, facts),
  };
  const enforced = onDemand(() => findInvariants(drafts, aggregates, handlers));
  const mutability = onDemand(() => findMutability(drafts, drawn.exposures));
  const keeping = { drafts, repositories, rootsOf };
  const tables = onDemand(() => findTables(drafts, options.prismaSchemas ?? (() => [])));
  const sighted = onDemand(() => {
    const changes = outsideChanges(drafts, aggregates, rootsOf, handlers);
    const lookups = referenceLookups(drafts);
    const writes = rowWrites(keeping, tables);
    const parts = lazyParts(drafts, aggregates, ({ symbol }, field) =>
      tables()
        .of(symbol)
        ?.relations.find((r) => r.field === field),
    );
    watch(drafts, [changes.watcher, lookups.watcher, writes.watcher, parts.watcher, ...mutability().watchers]);
    return {
      outsideChanges: changes.found,
      lookups: lookups.found,
      rowWrites: writes.found,
      lazyParts: parts.found,
      stateAccess: mutability().state(),
      mutators: mutability().mutators(),
    };
  });
  const kept = persistence(keeping, tables, () => sighted().rowWrites, options);
  const model: DomainModel = lazily(drawn, {
    invariants: () => enforced().invariants,
    operations: () => enforced().operations,
    stateAccess: () => sighted().stateAccess,
    mutators: () => sighted().mutators,
    payloads: () => findPayloads(aggregates, drafts),
    identities: () => findIdentities(drafts),
    sharedMembers: () => findSharedMembers(aggregates, drafts, repositories),
    entitiesInValues: () => findEntitiesInValues(aggregates, drafts),
    orphans: () => findOrphans(drafts, aggregates),
    hydrations: () => findHydrations(aggregates, drafts),
    outsideChanges: () => sighted().outsideChanges,
    servicesHeld: () => findServicesHeld(drafts),
    equalityFaults: () => [...equalsFaults(drafts), ...sighted().lookups],
    collections: () => findCollections(aggregates, drafts, enforced().invariants, enforced().operations),
    openConstructions: () => findOpenConstructions(aggregates, drafts, enforced().invariants, enforced().operations),
    clusters: () => findClusters(drawn.aggregates, enforced().invariants, enforced().operations, handlers, enforced().apart),
    contentions: () => [...findContentions(entered, drafts), ...findRowContentions(entered, kept.columnWrites, drafts)],
    foreignLoads: () => findForeignLoads(entered, drafts, rootsOf),
    outsideGuards: () => findOutsideGuards(entered, drafts, rootsOf),
    versions: () => findVersions(drafts, aggregates, repositories, kept.tablesOf),
    creations: () => findCreations(drafts, handlers),
    locks: () => findLocks(drafts, handlers, repositories),
    lazyParts: () => sighted().lazyParts,
    tables: kept.tables,
    columnWrites: kept.columnWrites,
    columnClashes: kept.columnClashes,
    cohesions: () => findCohesions(aggregates, handlers, drawn.repositories, drafts),
    divisions: () => findDivisions(handlers, blocks, raises, drawn.repositories),
    consistency: (): DomainModel['consistency'] => testConsistency(model, enforced().apart),
    extents: (): DomainModel['extents'] => findExtents(model),
    splits: (): DomainModel['splits'] => proposeSplits(model),
  });
  return { model, open };
}

function rootIndex(aggregates: readonly DrawnAggregate[]): (draft: Draft) => readonly Draft[] {
  const roots = new Map<Draft, Draft[]>();
  for (const { root, members } of aggregates) {
    roots.set(root, [root]);
    for (const { draft } of members) if (!roots.get(draft)?.includes(root)) roots.set(draft, [...(roots.get(draft) ?? []), root]);
  }
  return (draft) => roots.get(draft) ?? [];
}

function block(draft: Draft, drafts: Drafts, rootsOf: (draft: Draft) => readonly Draft[]): Block {
  const { symbol } = draft;
  const evidence = decidedBy(draft);
  const [root] = rootsOf(draft);
  const { kind } = draft;
  if (!kind) throw new Error(`${draft.id} has no role`);
  const form = symbol.declaration.kind === 'alias' ? 'type' : symbol.declaration.kind === 'enum' ? 'type' : symbol.declaration.kind;
  return {
    id: draft.id,
    name: draft.name,
    kind,
    form,
    at: spanOf(symbol.file.facts, symbol.declaration.at),
    evidence: evidence.filter((e) => e.role === kind),
    contradicting: evidence.filter((e) => e.role !== kind),
    aliases: draft.lineage
      .filter((a) => a.via === 'implements' && a.distance === 1 && a.symbol && isAliasName(a.name, draft.name))
      .map((a) => a.name),
    base: draft.base,
    ...(root ? { aggregate: root.id } : {}),
    fields: isDomainKind(kind) || kind === 'domain-event' || kind === 'command' ? fields(draft, drafts) : [],
  };
}

function isAliasName(alias: string, name: string): boolean {
  return alias === `I${name}` || alias === `${name}Interface` || alias === name;
}

function fields(draft: Draft, drafts: Drafts): Field[] {
  const held = holdings(draft, drafts);
  return stateOf(draft.symbol).map((f) => ({
    name: f.name,
    symbol: `${draft.name}.${f.name}`,
    at: spanOf(f.file.facts, f.at),
    via: f.via,
    type: f.text,
    visibility: f.visibility,
    readonly: f.readonly,
    holds: held.flatMap((h) => (h.field === f ? [{ block: drafts.of(h.held.symbol)?.id ?? h.held.symbol.id, as: h.held.as }] : [])),
  }));
}

/** What belongs to an aggregate, by its root. */
interface Around {
  readonly references: ReadonlyMap<Draft, readonly ReturnType<typeof drawReferences>[number][]>;
  readonly repositories: ReadonlyMap<Draft, readonly FoundRepository[]>;
  readonly writers: ReadonlyMap<BlockId, readonly Handler[]>;
  readonly raises: ReadonlyMap<Draft, readonly Raise[]>;
}

function aggregate({ root, members }: DrawnAggregate, around: Around): Aggregate {
  return {
    root: root.id,
    name: root.name,
    at: spanOf(root.symbol.file.facts, root.symbol.declaration.at),
    members: members.map((m) => ({
      block: m.draft.id,
      name: m.draft.name,
      kind: m.draft.kind === 'entity' ? 'entity' : 'value-object',
      heldBy: m.heldBy,
      depth: m.depth,
      collection: m.collection,
    })),
    references: (around.references.get(root) ?? []).map(reference),
    repositories: (around.repositories.get(root) ?? []).filter((r) => r.draft.kind === 'repository').map((r) => r.draft.id),
    writtenBy: (around.writers.get(root.id) ?? []).map((h) => h.id),
    raises: [...new Set((around.raises.get(root) ?? []).map((r) => r.event))],
  };
}

function reference(drawn: ReturnType<typeof drawReferences>[number]): Reference {
  const { field } = drawn;
  return {
    from: drawn.from.id,
    to: drawn.to.id,
    target: drawn.target.id,
    by: drawn.by,
    symbol: `${drawn.from.name}.${field.name}`,
    at: spanOf(field.file.facts, field.at),
    collection: drawn.collection,
    type: field.text,
    ...(drawn.maybeMember ? { maybeMember: true } : {}),
    ...(field.decorators.length > 0 ? { decorated: true } : {}),
  };
}

/** The roots of what it keeps. */
function keptRoots(found: FoundRepository, rootsOf: (draft: Draft) => readonly Draft[], drafts: Drafts): Draft[] {
  const kept = found.keeps.flatMap((s) => concreteOf(s, drafts)).filter((d) => d.kind === 'aggregate-root' || d.kind === 'entity');
  return kept.flatMap((d) => [d, ...(d.kind === 'entity' ? rootsOf(d).slice(0, 1) : [])]);
}

function repository(
  found: FoundRepository,
  all: readonly FoundRepository[],
  rootsOf: (draft: Draft) => readonly Draft[],
  drafts: Drafts,
): Repository {
  const { draft } = found;
  return {
    block: draft.id,
    name: draft.name,
    at: spanOf(draft.symbol.file.facts, draft.symbol.declaration.at),
    abstraction: draft.kind === 'repository',
    keeps: found.keeps.flatMap((symbol) => {
      const kept = concreteOf(symbol, drafts).filter((d) => d.kind === 'aggregate-root' || d.kind === 'entity');
      const state = found.states.get(symbol) ?? symbol;
      return kept.map((d) => ({
        block: d.id,
        root: (rootsOf(d)[0] ?? d).id,
        member: d.kind === 'entity' && rootsOf(d).length > 0,
        as: state.id,
      }));
    }),
    implementedBy: all.filter((r) => r.implements.includes(draft)).map((r) => r.draft.id),
    writeMethods: found.writeMethods,
  };
}

const ORM_CALLS =
  /^(?:find(?:One|OneBy|OneOrFail|OneByOrFail|OneById)?|findOneOrFail|getRepository|getEntityOrThrow|getReference|save|persist|persistAndFlush|insert|update|upsert|delete|remove|softDelete|softRemove|nativeInsert|nativeUpdate|nativeDelete|create)$/;

/** Roots that code loads and keeps through an ORM's own repositories and managers. */
function ormRepositories(drafts: Drafts, program: Program): Map<Declared, string> {
  const kept = new Map<Declared, string>();
  if (!drafts.all.some((d) => d.mapped)) return kept;
  for (const draft of drafts.all) {
    if (draft.symbol.declaration.kind !== 'class') continue;
    for (const dependency of dependencies(draft.symbol)) {
      if (dependency.k !== 'external' || !/Repository$|^Model$|^ReturnModelType$/.test(dependency.name)) continue;
      for (const symbol of carried(dependency))
        if (drafts.of(symbol)?.mapped && !kept.has(symbol))
          kept.set(symbol, `loaded and kept through ${dependency.name}<${symbol.name}> in ${draft.name}`);
    }
  }
  for (const draft of drafts.all) {
    const { scope } = draft.symbol;
    const called = (name: string): Declared | undefined => {
      const target = bind(program, scope, name, 'value');
      return target.k === 'symbol' && drafts.of(target.symbol)?.mapped ? target.symbol : undefined;
    };
    for (const body of bodiesOf(draft.symbol.declaration)) {
      eachExpression(body, (e) => {
        if (e.e !== 'call' || e.callee.e !== 'member' || !ORM_CALLS.test(e.callee.name)) return;
        const symbol = e.args
          .flatMap((a) => (a.e === 'name' ? [a.name] : a.e === 'new' && a.callee.e === 'name' ? [a.callee.name] : []))
          .map(called)
          .find((s) => s !== undefined);
        if (symbol && !kept.has(symbol)) kept.set(symbol, `loaded and kept through ${expressionText(e.callee)} in ${draft.name}`);
      });
    }
  }
  for (const draft of drafts.all) {
    if (draft.mapped && !kept.has(draft.symbol) && draft.lineage.some((a) => a.module !== undefined && isOrm(a.module)))
      kept.set(draft.symbol, 'an active record');
  }
  return kept;
}

function coverage(program: Program, drafts: Drafts, facts: readonly FileFacts[]): Coverage {
  let unresolvedImports = 0;
  for (const file of facts)
    for (const i of file.imports) if (i.from.startsWith('.') && program.resolveModule(file.file, i.from) === undefined) unresolvedImports++;
  const nearMisses = drafts.all
    .filter(
      (d) =>
        d.symbol.declaration.kind === 'class' &&
        !d.base &&
        (d.kind === 'entity' ||
          (d.kind === undefined &&
            /(?:^|\/)(?:domain|entities|models?)\//i.test(d.symbol.file.facts.file) &&
            stateOf(d.symbol).some((f) => f.name === 'id'))),
    )
    .slice(0, 5)
    .map((d) => ({
      name: d.name,
      at: spanOf(d.symbol.file.facts, d.symbol.declaration.at),
      why:
        d.kind === 'entity'
          ? `an entity (${strongest(d)?.detail ?? 'by its mapping'}) that no repository keeps and no root holds`
          : 'a class with an identity in a domain folder, but no base, annotation or repository says that it is a root',
    }));
  return {
    files: facts.length,
    unparsed: facts.flatMap((f) =>
      f.errors
        .slice(0, 1)
        .map((e) => ({ file: f.file, message: e.message, line: spanOf(f, [e.at, e.at]).line, column: spanOf(f, [e.at, e.at]).column })),
    ),
    unresolvedImports,
    nearMisses,
  };
}
