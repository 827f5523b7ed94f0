import type { Expression } from '../facts/facts.js';
import type { BlockKind, Evidence } from './domain-model.js';
import { addEvidence, type Draft, type Drafts, strongest } from './drafts.js';
import type { FunctionPort } from './function-ports.js';
import { bodiesOf, changedBy, eachExpression } from './mutation.js';
import type { Declared } from './program.js';
import { type FoundRepository, isTestDouble } from './repositories.js';
import { collectionClass, held, isBrandedSchema, schemaOf, stateOf } from './state.js';
import { namedType, programOf, resolveType, structure, type Type } from './types.js';
import { isRepositoryName, roleOfBase } from './vocabulary.js';

/** Weighs the evidence: every draft that is a building block gets its kind. Repositories and handlers follow later. */
export function assignRoles(
  drafts: Drafts,
  repositories: readonly FoundRepository[],
  ports: readonly FunctionPort[],
  ormKept: ReadonlyMap<Declared, string>,
): void {
  for (const draft of drafts.all) schemaEvidence(draft);
  const hasRootBase = drafts.all.some(
    (d) => !d.base && d.evidence.some((e) => e.role === 'aggregate-root' && e.kind !== 'repository' && e.kind !== 'convention'),
  );
  for (const draft of drafts.all) deciderEvidence(draft, drafts);
  markRecords(drafts, repositories);
  keptEvidence(drafts, repositories, ormKept);
  for (const port of ports) {
    for (const symbol of port.keeps) {
      const draft = drafts.of(symbol);
      if (draft)
        addEvidence(
          draft,
          'repository',
          'aggregate-root',
          `${port.writes ? 'kept' : 'loaded'} by ${port.draft.name}`,
          port.draft.symbol.file,
          port.draft.symbol.declaration.at,
        );
    }
  }
  for (const draft of drafts.all) draft.kind = provisional(draft);
  const holders = holdersOf(drafts);
  settleRoots(drafts, holders, hasRootBase, repositories);
  contained(drafts);
  for (const draft of drafts.all) standsForValues(draft, drafts);
  settleIdentifiers(drafts);
}

export function isDomainKind(kind: BlockKind | undefined): boolean {
  return kind === 'aggregate-root' || kind === 'entity' || kind === 'value-object';
}

// ── persistence records ───────────────────────────────────────────────────────────────────────────────────────────

/** A mapped class is a record when the same concept has a domain class of its own. */
function markRecords(drafts: Drafts, repositories: readonly FoundRepository[]): void {
  const mapped = drafts.all.filter((d) => d.mapped);
  if (mapped.length === 0) return;
  const domain = new Map<string, Draft[]>();
  const keptByRepository = new Set(repositories.flatMap((r) => r.keeps));
  for (const draft of drafts.all) {
    if (draft.mapped) continue;
    const role = strongest(draft)?.role;
    const isDomain =
      role === 'aggregate-root' ||
      role === 'entity' ||
      role === 'value-object' ||
      (keptByRepository.has(draft.symbol) && draft.symbol.declaration.kind === 'class');
    if (!isDomain) continue;
    const key = conceptName(draft.name);
    domain.set(key, [...(domain.get(key) ?? []), draft]);
  }
  for (const draft of drafts.all) {
    if (
      draft.mapped ||
      draft.base ||
      draft.symbol.declaration.kind !== 'class' ||
      !/(?:^|\/)domain\//i.test(draft.symbol.file.facts.file) ||
      isMessageLike(draft) ||
      isServiceLike(draft)
    )
      continue;
    const key = conceptName(draft.name);
    if (!domain.has(key)) domain.set(key, [draft]);
  }
  const unmappedRoots = [...domain.values()].flat().filter((d) => !d.base).length;
  for (const record of mapped) {
    const twin = domain.get(conceptName(record.name))?.find((d) => d !== record);
    const inInfrastructure =
      /(?:^|\/)(?:infra|infrastructure|persistence|database|db|dal|orm|typeorm|mikro-orm|mongo|mongoose|sequelize|prisma|adapters?|data-access|repository|repositories)\//i.test(
        record.symbol.file.facts.file,
      );
    const saysSo =
      /(?:Orm|ORM|Db|DB|Typeorm|TypeOrm|Mongo|Sql)(?:Entity|Model|Schema)?$|(?:Record|Schema|Document|DbModel|PersistenceModel|Row|DAO|Dao)$|^(?:TypeOrm|Typeorm|MikroOrm|Mongo|Orm)[A-Z]/.test(
        record.name,
      );
    if (/Outbox|Inbox|EventStore|StoredEvent|EventLog|Idempoten/.test(record.name))
      addEvidence(record, 'annotation', 'persistence-record', 'a table of messages');
    else if (twin) addEvidence(record, 'annotation', 'persistence-record', `mapped by the ORM beside the domain's ${twin.name}`);
    else if (unmappedRoots > 0 && (inInfrastructure || saysSo))
      addEvidence(record, 'annotation', 'persistence-record', 'mapped by the ORM outside the domain');
    else if (saysSo && /(?:Orm|Record|Schema|Document|DbModel|Row)/.test(record.name))
      addEvidence(record, 'convention', 'persistence-record', `named ${record.name}`);
  }
}

/** `OrderOrmEntity`, `TypeOrmOrder`, `order` … all speak of `Order`. */
export function conceptName(name: string): string {
  let core = name.replace(/^(?:TypeOrm|Typeorm|MikroOrm|Mongo(?:ose|DB|Db)?|Prisma|Sequelize|Orm|Db|I(?=[A-Z][a-z]))/, '');
  for (let previous = ''; previous !== core; ) {
    previous = core;
    core =
      core.replace(
        /(?:AggregateRoot|Aggregate|DomainModel|DomainEntity|OrmEntity|ORMEntity|DbEntity|DbModel|DataModel|PersistenceEntity|PersistenceModel|Entity|Model|Schema|Document|Record|Root|Table|Orm|ORM|Db|Dao|DAO|Row|Type|Impl|Implement|Implementation)$/,
        '',
      ) || previous;
  }
  return core.toLowerCase();
}

// ── roots, entities, value objects ────────────────────────────────────────────────────────────────────────────────

function keptEvidence(drafts: Drafts, repositories: readonly FoundRepository[], ormKept: ReadonlyMap<Declared, string>): void {
  for (const repository of repositories) {
    if (isTestDouble(repository.draft.name) && repository.implements.length > 0) continue;
    for (const symbol of repository.keeps) {
      const draft = drafts.of(symbol);
      if (!draft || strongest(draft)?.role === 'persistence-record') continue;
      if (draft.base)
        for (const heir of heirsOf(draft, drafts))
          addEvidence(
            heir,
            'repository',
            'aggregate-root',
            `kept as ${draft.name} by ${repository.draft.name}`,
            repository.draft.symbol.file,
            repository.draft.symbol.declaration.at,
          );
      addEvidence(
        draft,
        'repository',
        'aggregate-root',
        `loaded and kept by ${repository.draft.name}`,
        repository.draft.symbol.file,
        repository.draft.symbol.declaration.at,
      );
    }
  }
  for (const [symbol, detail] of ormKept) {
    const draft = drafts.of(symbol);
    if (!draft || strongest(draft)?.role === 'persistence-record') continue;
    addEvidence(draft, 'repository', 'aggregate-root', detail);
  }
}

function heirsOf(base: Draft, drafts: Drafts): Draft[] {
  return drafts.all.filter((d) => !d.base && d.lineage.some((a) => a.symbol === base.symbol && a.via === 'extends'));
}

function provisional(draft: Draft): BlockKind | undefined {
  const { declaration } = draft.symbol;
  const best = strongest(draft);
  if (!best) return draft.mapped ? 'entity' : undefined;
  if (draft.evidence.some((e) => e.role === 'persistence-record' && e.kind === 'annotation')) return 'persistence-record';
  if (declaration.kind === 'interface' || declaration.kind === 'alias') {
    // An interface that a class of a role implements is that class's alias, not a block of its own.
    if (best.kind === 'convention' && best.role !== 'value-object') return undefined;
    if (
      best.kind === 'heritage' &&
      (best.role === 'application-service' ||
        best.role === 'command-handler' ||
        best.role === 'event-handler' ||
        best.role === 'query-handler')
    )
      return undefined;
  }
  if (best.role === 'value-object' && best.kind !== 'configuration' && best.kind !== 'annotation' && isCriteria(draft)) return undefined;
  // A suffix alone makes no root of something that has neither identity nor behaviour.
  if (best.role === 'aggregate-root' && best.kind === 'convention' && !hasIdentityOrBehaviour(draft)) return undefined;
  if (best.role === 'value-object' && /(?:View|Details|ReadModel)$/.test(draft.name)) return 'read-model';
  return best.role;
}

function hasIdentityOrBehaviour(draft: Draft): boolean {
  const { declaration } = draft.symbol;
  if (declaration.kind !== 'class') return true;
  return (
    stateOf(draft.symbol).some((f) => identityName(f.name) || /Id$/.test(f.name)) ||
    declaration.members.some((m) => m.kind === 'method' && changedBy(draft.symbol, m.name).size > 0)
  );
}

function isSearchParameter(draft: Draft): boolean {
  return (
    /(?:Search|SearchParams|SearchResult|Params|Page|Pagination|Paginated|Criteria|Filter|Filters|Result|Sort|OrderBy|OrderType)$/.test(
      draft.name,
    ) && draft.lineage.every((a) => a.name !== draft.name)
  );
}

interface Holder {
  readonly by: Draft;
  readonly field: string;
  readonly collection: boolean;
}

/** Who holds whom by object, among everything that may be a domain block. */
function holdersOf(drafts: Drafts): Map<Draft, Holder[]> {
  const holders = new Map<Draft, Holder[]>();
  const isBlock = (symbol: Declared): boolean => {
    const kind = drafts.of(symbol)?.kind;
    return kind !== undefined && (isDomainKind(kind) || kind === 'identifier');
  };
  for (const draft of drafts.all) {
    if (draft.base || !isDomainKind(draft.kind)) continue;
    for (const field of stateOf(draft.symbol)) {
      if (field.via !== 'property-bag' && stateOf(draft.symbol).some((f) => f.bag?.name === field.name)) continue;
      for (const h of held(field.type, isBlock)) {
        const target = drafts.of(h.symbol);
        if (!target || target === draft) continue;
        const list = holders.get(target) ?? [];
        list.push({ by: draft, field: field.name, collection: h.as !== 'value' });
        holders.set(target, list);
      }
    }
  }
  return holders;
}

function settleRoots(
  drafts: Drafts,
  holders: ReadonlyMap<Draft, readonly Holder[]>,
  hasRootBase: boolean,
  repositories: readonly FoundRepository[],
): void {
  for (const draft of drafts.all) {
    const isEntity = draft.kind === 'entity';
    if (isEntity && isSaid(draft)) continue;
    const kept = draft.evidence.find((e) => e.role === 'aggregate-root' && e.kind === 'repository');
    const heldBy = (holders.get(draft) ?? []).filter((h) => h.by.kind !== 'value-object');
    if (isEntity && kept && !draft.base) {
      if (draft.mapped && !draft.evidence.some((e) => e.kind === 'heritage'))
        draft.kind = !ownRepository(draft, repositories) && ownedByMapping(draft, heldBy) ? 'entity' : 'aggregate-root';
      else if (heldBy.length === 0 || !hasRootBase) draft.kind = 'aggregate-root';
      continue;
    }
    // Structure alone: a repository keeps it, and nothing stronger speaks for another role.
    if (draft.kind === 'aggregate-root' && strongest(draft)?.kind === 'repository') {
      const holdingRoots = new Set(
        heldBy.filter((h) => h.by.evidence.some((e) => e.role === 'aggregate-root' && e.kind !== 'repository')).map((h) => h.by),
      );
      if (hasRootBase && holdingRoots.size === 1 && !draft.mapped) draft.kind = 'entity';
      else if (draft.mapped && !ownRepository(draft, repositories) && ownedByMapping(draft, heldBy)) draft.kind = 'entity';
    }
  }
}

/** Its author says so: whatever else speaks for another role is for `why` to show. */
function isSaid(draft: Draft): boolean {
  const kind = strongest(draft)?.kind;
  return kind === 'configuration' || kind === 'annotation';
}

/** A repository that the project declares decides; an ORM's generic one is as often a way to read. */
function ownRepository(draft: Draft, repositories: readonly FoundRepository[]): boolean {
  return repositories.some((r) => r.keeps.includes(draft.symbol));
}

/** `@OneToMany(… orphanRemoval / cascade)` in exactly one other class: owned by it. */
function ownedByMapping(draft: Draft, heldBy: readonly Holder[]): boolean {
  const owners = new Set<Draft>();
  for (const holder of heldBy) {
    const field = stateOf(holder.by.symbol).find((f) => f.name === holder.field);
    for (const decorator of field?.decorators ?? []) {
      if (!/^(?:OneToMany|OneToOne)$/.test(decorator.name.split('.').at(-1) ?? '')) continue;
      if (decorator.args?.some((a) => optionSet(a, /^(?:orphanRemoval|cascade|orphanedRowAction)$/))) owners.add(holder.by);
    }
  }
  return owners.size === 1 && !owners.has(draft);
}

function optionSet(expression: Expression, name: RegExp): boolean {
  return (
    expression.e === 'object' &&
    expression.entries.some((e) => e.o === 'property' && name.test(e.name) && !(e.value.e === 'literal' && e.value.value === false))
  );
}

// ── containment gives the rest their roles ────────────────────────────────────────────────────────────────────────

/** What a root or entity holds and nothing else explains is an entity if it has identity or changes, else a value object. */
function contained(drafts: Drafts): void {
  const queue = drafts.all.filter((d) => !d.base && isDomainKind(d.kind));
  const seen = new Set<Draft>(queue);
  for (let draft = queue.shift(); draft; draft = queue.shift()) {
    const functional = draft.symbol.declaration.kind !== 'class';
    const candidate = (symbol: Declared): boolean => {
      const target = drafts.of(symbol);
      if (!target || target.kind || (target.base && !isAbstractMember(target)) || target === draft)
        return target !== undefined && (target.kind !== undefined || roleOfBase(target.name, undefined) !== undefined);
      return structuralRole(target, functional, draft) !== undefined;
    };
    for (const field of stateOf(draft.symbol)) {
      if (stateOf(draft.symbol).some((f) => f.bag?.name === field.name)) continue;
      for (const h of held(field.type, candidate)) {
        const target = drafts.of(h.symbol);
        if (!target || target.kind || seen.has(target) || (target.base && !isAbstractMember(target))) continue;
        const role = structuralRole(target, functional, draft);
        if (!role) continue;
        const why = role === 'entity' ? 'has identity or changes' : 'without identity';
        addEvidence(target, 'structure', role, `held by ${draft.name}.${field.name}, ${why}`, field.file, field.at);
        target.kind = role;
        seen.add(target);
        queue.push(target);
        // A field typed by an abstract base holds its subclasses.
        for (const heir of target.base ? heirsOf(target, drafts) : []) {
          if (heir.kind !== undefined || seen.has(heir)) continue;
          addEvidence(heir, 'structure', role, `held by ${draft.name}.${field.name} as ${target.name}`, field.file, field.at);
          heir.kind = role;
          seen.add(heir);
          queue.push(heir);
        }
      }
    }
  }
}

/** An abstract class of the domain with subclasses and an identity: `abstract class Booking { id; … }`. */
function isAbstractMember(draft: Draft): boolean {
  const { declaration } = draft.symbol;
  return (
    declaration.kind === 'class' &&
    declaration.abstract &&
    draft.extended &&
    declaration.typeParameters.length === 0 &&
    roleOfBase(draft.name, undefined) === undefined &&
    stateOf(draft.symbol).some((f) => identityName(f.name))
  );
}

function structuralRole(draft: Draft, byFunctional: boolean, holder?: Draft): 'entity' | 'value-object' | undefined {
  const { declaration, file } = draft.symbol;
  if (file.facts.declarationFile && declaration.ambient && declaration.kind === 'class') return undefined;
  if (declaration.kind === 'class') {
    if ((declaration.abstract && !(draft.extended && holder && !byFunctional)) || collectionClass(draft.symbol)) return undefined;
    if (isServiceLike(draft) || isMessageLike(draft) || isCriteria(draft)) return undefined;
    if (draft.mapped) return 'entity';
    const state = stateOf(draft.symbol);
    if (state.length === 0) return undefined;
    if (
      state.length > 1 &&
      state.some(
        (f) =>
          f.name === 'id' ||
          f.name === '_id' ||
          conceptName(f.name.replace(/^_/, '').replace(/(?:Id|ID|Uuid)$/, '')) === conceptName(draft.name),
      )
    )
      return 'entity';
    if (/(?:^|\/)domain\/(?:.*\/)?entit(?:y|ies)\//i.test(file.facts.file)) return 'entity';
    const open = state.filter((f) => f.via === 'field' && !f.readonly && f.visibility === 'public' && f.declaredIn === undefined);
    return state.length > 1 && open.some((f) => holder !== undefined && isAssignedIn(holder, f.name)) ? 'entity' : 'value-object';
  }
  if (declaration.kind === 'alias') {
    const schema = schemaOf(draft.symbol);
    if (schema)
      return isBrandedSchema(schema) || stateOf(draft.symbol).length > 0
        ? stateOf(draft.symbol).some((f) => f.name === 'id')
          ? 'entity'
          : 'value-object'
        : undefined;
    if (isBranded(namedType(draft.symbol))) return 'value-object';
  }
  if (declaration.kind !== 'alias' && declaration.kind !== 'interface') return undefined;
  if (NOT_A_CONCEPT.test(draft.name) || declaration.typeParameters.length > 0) return undefined;
  const state = stateOf(draft.symbol);
  if (state.length === 0) return undefined;
  const shape = structure(namedType(draft.symbol));
  if (shape.k !== 'object' && shape.k !== 'intersection' && !(shape.k === 'named' && shape.symbol.declaration.kind === 'interface'))
    return undefined;
  const identity = state.some((f) => f.name === 'id' || f.name === `${draft.name.charAt(0).toLowerCase()}${draft.name.slice(1)}Id`);
  // Beside classes, a plain type with an id is as often a row or a message.
  if (identity) return byFunctional ? 'entity' : undefined;
  return 'value-object';
}

/** `todo.done = true` somewhere in the class that holds it: it changes while it stays the same thing. */
function isAssignedIn(holder: Draft, field: string): boolean {
  let found = false;
  for (const body of bodiesOf(holder.symbol.declaration)) {
    eachExpression(body, (e) => {
      if (e.e === 'assign' && e.target.e === 'member' && e.target.of.e !== 'this' && e.target.name === field) found = true;
    });
  }
  return found;
}

/** Requests, responses, rows and bags, by their names or where they lie. */
function isMessageLike(draft: Draft): boolean {
  if (
    /(?:Props|Properties|Primitives|Attributes|Params|Options|Dto|DTO|Input|Output|Request|Response|Payload|Args|Row|Record|Raw|JSON|Json|Query|Command|Event|Error|Exception|Policies|Store|ReadModel|ViewModel)$/.test(
      draft.name,
    )
  )
    return true;
  return /(?:^|\/)(?:dtos?|presenters?|responses?|requests?|view-?models?)\//i.test(draft.symbol.file.facts.file);
}

/** Search criteria extend value-object bases and are none of the domain's. */
function isCriteria(draft: Draft): boolean {
  return (
    /(?:^|\/)criteria\//i.test(draft.symbol.file.facts.file) ||
    /^(?:Criteria|Filters?|Filter(?:Field|Operator|Value|Type|Operators)|Order(?:By|Type|Types))$/.test(draft.name) ||
    isSearchParameter(draft)
  );
}

/** A class of the domain that only groups value objects, and changes by making a new one of itself. */
function standsForValues(draft: Draft, drafts: Drafts): void {
  const { declaration, file } = draft.symbol;
  if (draft.kind || draft.base || declaration.kind !== 'class' || declaration.abstract || !/(?:^|\/)domain\//i.test(file.facts.file))
    return;
  if (
    isServiceLike(draft) ||
    isMessageLike(draft) ||
    isCriteria(draft) ||
    NOT_A_CONCEPT.test(draft.name) ||
    !declaration.members.some((m) => m.kind === 'method')
  )
    return;
  const state = stateOf(draft.symbol);
  if (state.length === 0 || state.length > 6) return;
  const isValue = (symbol: Declared): boolean => drafts.of(symbol)?.kind === 'value-object' || drafts.of(symbol)?.kind === 'identifier';
  const holdsValues = state.every((f) => (f.readonly || f.visibility === 'private') && held(f.type, isValue).length > 0);
  if (!holdsValues || state.some((f) => identityName(f.name))) return;
  addEvidence(draft, 'structure', 'value-object', 'groups value objects and never changes');
  draft.kind = 'value-object';
}

function identityName(name: string): boolean {
  return /^[_#]?id$/i.test(name);
}

/** Shapes of rows, messages and property bags. */
const NOT_A_CONCEPT =
  /(?:Props|Properties|Primitives|Attributes|Attrs|Params|Options|Dto|DTO|Input|Output|Request|Response|Payload|Args|Config|Model|Schema|Row|Record|Document|View|Raw|JSON|Json|Query|Command|Event|Error|Callback|Type|Interface|State|Policies|Policy|Populated)$/;

/** `string & { readonly __brand: 'Email' }`. */
export function isBranded(type: Type): boolean {
  const shape = structure(type);
  if (shape.k === 'intersection') return shape.of.some((t) => t.k === 'primitive') && shape.of.length > 1;
  return shape.k === 'external' && /^(?:Brand|Branded|Opaque|Tagged|Nominal|Newtype)$/.test(shape.name);
}

/** Loggers, clients, repositories: constructor-injected helpers hold no state of the domain. */
function isServiceLike(draft: Draft): boolean {
  if (isRepositoryName(draft.name)) return true;
  if (
    /(?:Service|Services|Client|Logger|Manager|Factory|Mapper|Gateway|Adapter|Handler|Bus|Publisher|Dispatcher|Connection|Queue|Cache|Provider|Controller|Module|Strategy|Policy|Generator|Validator|Error|Exception|Dto|DTO|UseCase|Interactor|Registry|Emitter|Clock|Calculator|Specification|Rule|Rules|Checker|Guard|Recorder|Tracker|Collector|Observer|Subject|Stream|Builder)$/.test(
      draft.name,
    )
  )
    return true;
  const { declaration } = draft.symbol;
  return (
    declaration.kind === 'class' &&
    declaration.decorators.some((d) => /^(?:Injectable|Controller|Module|injectable|singleton|Service|Resolver|Component)$/.test(d.name))
  );
}

// ── identifiers ───────────────────────────────────────────────────────────────────────────────────────────────────

const IDENTIFIER_NAME =
  /(?:[a-z0-9](?:Id|ID|Uuid|UUID|Identifier|Identity)|^(?:Id|ID|UUID|Uuid|ULID|Ulid|Guid|GUID|UniqueEntityID|UniqueEntityId|EntityId))(?:VO|Vo|ValueObject|v4)?$/;

/** Identifier wins over value object: `OrderId extends ValueObject` identifies. */
function settleIdentifiers(drafts: Drafts): void {
  // An `Id` suffix alone proves nothing: there must be something of that name to identify.
  const concepts = new Set(
    drafts.all.flatMap((d) =>
      IDENTIFIER_NAME.test(d.name) || d.symbol.declaration.kind === 'variable' || d.symbol.declaration.kind === 'function'
        ? []
        : [conceptName(d.name)],
    ),
  );
  concepts.add('');
  const identityTypes = identityTyped(drafts, concepts);
  const identifying = typesOfId(drafts);
  for (const draft of drafts.all) {
    const { declaration } = draft.symbol;
    if (draft.kind === 'identifier') {
      if (
        draft.evidence.every((e) => e.kind !== 'configuration' && e.kind !== 'annotation') &&
        !IDENTIFIER_NAME.test(draft.name) &&
        !identifying.has(draft.symbol)
      )
        draft.kind = /Id|ID|Uuid|UUID|Guid/.test(draft.name) ? 'identifier' : 'value-object';
      continue;
    }
    if (!IDENTIFIER_NAME.test(draft.name) && identifying.has(draft.symbol) && isBrandedText(draft)) {
      becomes(draft, 'types an identity');
      continue;
    }
    if (!IDENTIFIER_NAME.test(draft.name) || (draft.kind !== undefined && draft.kind !== 'value-object' && draft.kind !== 'entity'))
      continue;
    if (draft.base && declaration.kind !== 'class') continue;
    if (draft.kind === undefined && isServiceLike(draft)) continue;
    if (draft.kind === 'entity' && draft.evidence.some((e) => e.role === 'aggregate-root')) continue;
    if (!concepts.has(identifiedConcept(draft.name)) && declaration.kind === 'class' && !typesIdentities(draft, identityTypes)) continue;
    if (declaration.kind === 'class' && (!draft.base || !declaration.abstract)) {
      if (draft.kind !== undefined || stateOf(draft.symbol).length === 1)
        becomes(
          draft,
          declaration.extends ? 'extends a value type and is named as an identity' : 'wraps one value and is named as an identity',
        );
    } else if (declaration.kind === 'alias') {
      const shape = structure(namedType(draft.symbol));
      const schema = schemaOf(draft.symbol);
      if (
        schema ||
        isBranded(namedType(draft.symbol)) ||
        (shape.k === 'primitive' && shape.name !== 'boolean') ||
        (shape.k === 'external' && shape.args.length <= 2) ||
        shape.k === 'object'
      )
        becomes(draft, 'named as an identity');
    }
  }
  for (const draft of drafts.all) {
    if (
      draft.base &&
      draft.symbol.declaration.kind === 'class' &&
      !draft.symbol.declaration.abstract &&
      IDENTIFIER_NAME.test(draft.name) &&
      /(?:UniqueEntityI[Dd]|UU[Ii][Dd]|Uuid|ULID|Ulid|Guid|GUID)/.test(draft.name)
    ) {
      draft.base = false;
      draft.kind = 'identifier';
      if (draft.evidence.length === 0) addEvidence(draft, 'convention', 'identifier', `named ${draft.name}`);
    }
  }
}

/** Classes that type fields named `id` or `…Id` of domain blocks: generic identifiers of the project. */
function identityTyped(drafts: Drafts, concepts: ReadonlySet<string>): ReadonlySet<Declared> {
  const found = new Set<Declared>();
  for (const draft of drafts.all) {
    if (!isDomainKind(draft.kind) && !draft.base) continue;
    for (const field of stateOf(draft.symbol)) {
      const [, concept] = /^[_#]?(.*?)(?:Ids?|id)$/.exec(field.name) ?? [];
      if (concept === undefined || !concepts.has(conceptName(concept))) continue;
      for (const h of held(field.type, () => true)) found.add(h.symbol);
    }
  }
  return found;
}

/** What the `id` of an entity or root is made of, whatever it is called: a `Sku` identifies an `Inventory`. */
function typesOfId(drafts: Drafts): ReadonlySet<Declared> {
  const entities = drafts.all.filter(({ kind, base }) => !base && (kind === 'aggregate-root' || kind === 'entity'));
  const ids = entities.flatMap((draft) => stateOf(draft.symbol).filter(({ name }) => /^[_#]?id$/.test(name)));
  return new Set(ids.flatMap(({ type }) => held(type, () => true).map(({ symbol }) => symbol)));
}

function isBrandedText(draft: Draft): boolean {
  return draft.symbol.declaration.kind === 'alias' && draft.kind !== 'identifier' && isBranded(namedType(draft.symbol));
}

function typesIdentities(draft: Draft, identityTypes: ReadonlySet<Declared>): boolean {
  return (
    stateOf(draft.symbol).length <= 1 &&
    (identityTypes.has(draft.symbol) || draft.lineage.some((a) => a.symbol !== undefined && identityTypes.has(a.symbol)))
  );
}

function identifiedConcept(name: string): string {
  const core = name.replace(/(?:VO|Vo|ValueObject|v4)$/, '').replace(/(?:Identifier|Identity|UUID|Uuid|ULID|Ulid|Guid|GUID|ID|Id)$/, '');
  return /^(?:Unique|UniqueEntity|Entity|Aggregate|)$/.test(core) ? '' : conceptName(core);
}

function becomes(draft: Draft, detail: string): void {
  draft.kind = 'identifier';
  addEvidence(draft, 'convention', 'identifier', detail);
}

function schemaEvidence(draft: Draft): void {
  const schema = schemaOf(draft.symbol);
  if (!schema || !isBrandedSchema(schema) || IDENTIFIER_NAME.test(draft.name)) return;
  if (draft.evidence.length === 0) addEvidence(draft, 'structure', 'value-object', 'a branded schema');
}

/** `const order: Decider<OrderState, …>`: the state is what the decider keeps consistent. */
function deciderEvidence(draft: Draft, drafts: Drafts): void {
  const { declaration } = draft.symbol;
  if (declaration.kind !== 'variable' || declaration.type?.t !== 'ref' || !/(?:^|\.)I?Decider$/.test(declaration.type.name)) return;
  const [state] = declaration.type.args;
  const type = state && resolveType(state, { program: programOf(draft.symbol.scope), scope: draft.symbol.scope });
  const target = type?.k === 'named' ? drafts.of(type.symbol) : undefined;
  if (target) addEvidence(target, 'heritage', 'aggregate-root', `state of the decider ${draft.name}`, draft.symbol.file, declaration.at);
}

export function decidedBy(draft: Draft): readonly Evidence[] {
  return [...draft.evidence].sort((a, b) => Number(b.role === draft.kind) - Number(a.role === draft.kind));
}
