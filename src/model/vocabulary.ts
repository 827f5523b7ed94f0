import type { BlockKind } from './domain-model.js';

/**
 * What well-known names stand for: base classes and interfaces of libraries and of most projects' own `shared/domain`,
 * decorators, JSDoc tags, suffixes and folders. Names count where their declaration does not say otherwise; the name of a
 * library that is not installed still counts.
 */

type Pattern = readonly [pattern: RegExp, role: BlockKind];

const PREFIX = '(?:I|Abstract|Base|Core|Domain|My|Generic|Simple|Default)*';
const SUFFIX = '(?:Base|Abstract|Interface|Class|Port|Model|Type)?';
const named = (core: string, suffix = SUFFIX): RegExp => new RegExp(`^${PREFIX}(?:${core})${suffix}$`);

/** Bases and interfaces by their last identifier, the more telling first. */
const BASES: readonly Pattern[] = [
  [named('(?:Event(?:Sourced|Sourcing)?|Domain|Soft|Versioned|Auditable|Timestamped)?Aggregate(?:RootEntity|Root)?'), 'aggregate-root'],
  [
    named('(?:Domain|Integration|Application|Dispatched)?Events?(?:Handler|Subscriber|Listener|Consumer|Processor|Mapper)'),
    'event-handler',
  ],
  [
    /^I?(?:Base)?(?:Handles?|Handles?(?:Domain|Integration|Application)?Events?|Subscriber|EventsHandler|EventsListener|DomainEventClass)$/,
    'event-handler',
  ],
  [named('Commands?Handlers?'), 'command-handler'],
  [named('(?:Quer(?:y|ies))(?:Handlers?)'), 'query-handler'],
  [named('(?:Transactional|Command)?(?:UseCase|Usecase|Interactor|ApplicationService|AppService)'), 'application-service'],
  [named('(?:Process(?:Manager)|Saga)'), 'saga'],
  [
    named(
      '(?:UniqueEntity(?:ID|Id)|Entity(?:ID|Id)|Aggregate(?:ID|Id)|Unique(?:ID|Id)|Identifier|Identity|Typed(?:ID|Id)|(?:String|Number|Int|Uuid|UUID)?(?:ID|Id)|U[uU][iI][dD](?:v4|ValueObject|VO|Id|ID|Identifier|Identity)?|UUIDv4|ULID|Ulid|Guid|GUID)',
      '',
    ),
    'identifier',
  ],
  [named('(?:[A-Z][A-Za-z]*)?(?:ValueObjects?|ObjectValues?|VO|DomainPrimitive)', '(?:Base|Abstract|Interface|Class)?'), 'value-object'],
  [/^(?:I|Abstract|Base)?Value(?:Base)?$/, 'value-object'],
  [/^(?:I|Abstract|Base)*(?:[A-Z][A-Za-z]*)?(?:Domain|Integration|Versioned)(?:Event|Message)(?:Base|Abstract)?$/, 'domain-event'],
  [named('(?:Domain|Stored|Recorded|Application|Aggregate)?Event'), 'domain-event'],
  [named('Command'), 'command'],
  [named('Query'), 'query'],
  [
    named(
      '(?:Crud|CRUD|Read|Write|Aggregate|Domain|Entity|Orm|ORM|Sql|SQL|Mongo|Mongoose|Typeorm|TypeOrm|MikroOrm|Prisma|EventSourced|EventStore)*(?:Repository|Repo)',
    ),
    'repository',
  ],
  [/^(?:I|Abstract|Base)?(?:ICRUDWritePort|CRUDWritePort|CrudWritePort|WriteRepoPort|RepositoryPort)$/, 'repository'],
  // `AggregateEntity` is the base of what lives inside an aggregate.
  [named('(?:Domain|Soft|Auditable|Timestamped|Identifiable|Identified|Aggregate)?Entity'), 'entity'],
  [named('(?:Domain)?Factory'), 'factory'],
  [named('DomainService'), 'domain-service'],
  [named('(?:Read(?:Model)|Projection|View(?:Model)?)'), 'read-model'],
];

export function roleOfBase(name: string, module: string | undefined): BlockKind | undefined {
  if (module !== undefined && (isOrm(module) || isPlatform(module))) return name === 'EntityRepository' ? 'repository' : undefined;
  return BASES.find(([pattern]) => pattern.test(name))?.[1];
}

/** A project's own base, whatever stands before: `SourcedAggregate`, `PersistentAggregateRoot`. */
export function isAggregateBaseName(name: string): boolean {
  return /[a-z]Aggregate(?:Root)?(?:Base)?$/.test(name);
}

/** Generic ports that only read. */
export function readsOnly(name: string): boolean {
  return /Read(?:Only)?(?:Repo|Repository|Port)|Finder|Query|Projection/.test(name) && !/Write/.test(name);
}

const DECORATORS: Readonly<Record<string, BlockKind>> = {
  AggregateRoot: 'aggregate-root',
  Aggregate: 'aggregate-root',
  Entity: 'entity',
  ValueObject: 'value-object',
  Identifier: 'identifier',
  DomainEvent: 'domain-event',
  Event: 'domain-event',
  CommandHandler: 'command-handler',
  EventsHandler: 'event-handler',
  EventHandler: 'event-handler',
  EventSubscriber: 'event-handler',
  DomainEventHandler: 'event-handler',
  DomainEventSubscriber: 'event-handler',
  IntegrationEventHandler: 'event-handler',
  QueryHandler: 'query-handler',
  DomainService: 'domain-service',
  ApplicationService: 'application-service',
  UseCase: 'application-service',
  Factory: 'factory',
  ReadModel: 'read-model',
  Projection: 'read-model',
  Saga: 'saga',
  ProcessManager: 'saga',
};

/** Booster's `@Entity` reduces events and is the consistency boundary: an aggregate. */
export const BOOSTER = '@boostercloud/framework-core';

export function roleOfDecorator(name: string, module: string | undefined): BlockKind | undefined {
  const last = name.split('.').at(-1) ?? name;
  if (module === BOOSTER) return last === 'Entity' ? 'aggregate-root' : last === 'Command' ? 'command' : DECORATORS[last];
  if (module !== undefined && (isOrm(module) || isPlatform(module))) return undefined;
  // `@Command` of another library marks a message, or a command-line command: no evidence either way.
  return Object.hasOwn(DECORATORS, last) ? DECORATORS[last] : undefined;
}

const TAGS: Readonly<Record<string, BlockKind>> = {
  aggregateroot: 'aggregate-root',
  aggregate: 'aggregate-root',
  entity: 'entity',
  valueobject: 'value-object',
  identifier: 'identifier',
  domainevent: 'domain-event',
  repository: 'repository',
  command: 'command',
  query: 'query',
  commandhandler: 'command-handler',
  eventhandler: 'event-handler',
  queryhandler: 'query-handler',
  applicationservice: 'application-service',
  usecase: 'application-service',
  domainservice: 'domain-service',
  factory: 'factory',
  saga: 'saga',
  processmanager: 'saga',
  readmodel: 'read-model',
  persistencerecord: 'persistence-record',
};

export function roleOfTag(tag: string): BlockKind | undefined {
  const key = tag.toLowerCase().replaceAll(/[-_]/g, '');
  return Object.hasOwn(TAGS, key) ? TAGS[key] : undefined;
}

/** File suffixes and folders: `order.aggregate.ts`, `domain/value-objects/money.ts`. */
const FILES: readonly Pattern[] = [
  [/\.aggregate(?:[-.]root)?\.[cm]?tsx?$/, 'aggregate-root'],
  [/\.(?:value[-.]?object|object[-.]value|vo)\.[cm]?tsx?$/, 'value-object'],
  [/\.(?:domain[-.])?event\.[cm]?tsx?$/, 'domain-event'],
  [/\/(?:value[-_]?objects?|object[-_]values?|vos?)\/[^/]+$/i, 'value-object'],
  [/\.command[-.]handler\.[cm]?tsx?$/, 'command-handler'],
  [/\.(?:use[-.]?case|interactor)\.[cm]?tsx?$/, 'application-service'],
  [/\.(?:read[-.]model)\.[cm]?tsx?$/, 'read-model'],
  [/\.(?:orm|db|typeorm|mongo)[-.](?:entity|model|schema)\.[cm]?tsx?$/, 'persistence-record'],
];

export function roleOfFile(file: string): BlockKind | undefined {
  return FILES.find(([pattern]) => pattern.test(file))?.[1];
}

/** Suffixes that say a role by themselves. */
const NAMES: readonly Pattern[] = [
  [/(?:QueryHandler)$/, 'query-handler'],
  [/(?:CommandHandler)$/, 'command-handler'],
  [/[A-Z]\w*(?:CommandHandlers)$/, 'command-handler'],
  [/(?:[a-z](?:Domain|Integration)?Event(?:s)?(?:Handler|Subscriber|Listener|Consumer))$/, 'event-handler'],
  [/(?:[a-z](?:UseCase|Usecase|Interactor))$/, 'application-service'],
  [/(?:[a-z](?:Saga|ProcessManager))$/, 'saga'],
  [/(?:[a-z](?:ReadModel|ViewModel))$/, 'read-model'],
  [/(?:[a-z](?:DomainEvent))$/, 'domain-event'],
  [/(?:[a-z](?:Aggregate(?:Root)?))$/, 'aggregate-root'],
];

export function roleOfName(name: string): BlockKind | undefined {
  return NAMES.find(([pattern]) => pattern.test(name))?.[1];
}

const ORMS =
  /^(?:typeorm|@nestjs\/typeorm|@mikro-orm\/.*|mikro-orm|sequelize(?:-typescript)?|@nestjs\/sequelize|mongoose|@nestjs\/mongoose|@typegoose\/.*|objection|drizzle-orm(?:\/.*)?|@prisma\/client|kysely|knex|bookshelf|waterline|dynamoose|@hicommander\/.*|type-dynamo|nestjs-dynamoose)$/;

export function isOrm(module: string): boolean {
  return ORMS.test(module);
}

export function isMikroOrm(module: string | undefined): boolean {
  return module !== undefined && /^(?:@mikro-orm\/|mikro-orm$)/.test(module);
}

const PLATFORMS =
  /^(?:node:.*|events|@nestjs\/(?:common|swagger|graphql|config|core|platform.*|microservices|event-emitter)|type-graphql|routing-controllers|express|fastify|inversify|tsyringe|typedi|class-validator|class-transformer|rxjs.*|react.*|@angular\/.*|@oclif\/.*|commander|nest-commander|cmd-ts|yargs|discord\.js)$/;

function isPlatform(module: string): boolean {
  return PLATFORMS.test(module);
}

/** Decorators that map a class to a table or document. */
const MAPPING = new Set([
  'Entity',
  'ViewEntity',
  'ChildEntity',
  'Table',
  'Schema',
  'Embeddable',
  'modelOptions',
  'ModelOptions',
  'Document',
  'MikroEntity',
]);

export function isMapping(name: string, module: string | undefined): boolean {
  return module !== undefined && isOrm(module) && MAPPING.has(name.split('.').at(-1) ?? name);
}

/** ORM bases whose subclasses are mapped. */
export function isMappedBase(name: string, module: string | undefined): boolean {
  if (module === undefined) return false;
  return isOrm(module) && /^(?:BaseEntity|Model|Document|WrappedEntity|TimeStamps)$/.test(name);
}

/** Method decorators that register the method for events. */
const LISTENERS = new Set([
  'OnEvent',
  'EventPattern',
  'RabbitSubscribe',
  'RabbitHandler',
  'Subscribe',
  'EventSubscribe',
  'OnDomainEvent',
  'OnQueueEvent',
  'KafkaListener',
  'SqsMessageHandler',
  'SubscribeTo',
  'EventHandler',
  'On',
  'OnEvents',
  'HandleEvent',
  'Handles',
  'EventListener',
]);

export function isListener(name: string): boolean {
  return LISTENERS.has(name.split('.').at(-1) ?? name);
}

const WRITE_VERBS =
  /^(?:save|add|insert|create|store|update|upsert|persist|put|remove|delete|destroy|append|register|replace|set|write|merge|bulk|batch(?:Save|Write|Put)|soft|hard|restore|archive|sync|patch|increment|decrement|transactionalSave|drop|commit(?!ted)|record|keep|modify|edit|cancel|native(?:Update|Insert|Delete))(?![a-z])/;
/** Writes that start like a read. */
const FIND_AND_WRITE = /^find(?:One|ById)And(?:Replace|Update|Delete|Remove)/;
/** Makes a query, a cursor, a session: nothing is kept. */
const MAKES_NO_WRITE =
  /^(?:create\w*(?:Query(?:Builder|Runner)?|Cursor|Stream|Session|Connection|Indexe?s?)|setLock|addSelect|addOrderBy)$/;

/** `deleteById`, `updateByUser`: what stands before the `By` tells. */
const BY_SOMETHING =
  /^(?:save|delete|remove|destroy|update|upsert|insert|persist|replace|drop|archive|soft(?:Delete|Remove)|hard(?:Delete|Remove))(?:All|Many|One)?By[A-Z]/;

export function isWriteName(name: string): boolean {
  if (FIND_AND_WRITE.test(name) || BY_SOMETHING.test(name)) return true;
  return WRITE_VERBS.test(name) && !READ_VERBS.test(name) && !MAKES_NO_WRITE.test(name);
}

export const REMOVE_VERBS =
  /^(?:remove|delete|destroy|soft(?:Delete|Remove)|hard(?:Delete|Remove)|drop|native[dD]elete|findOneAndDelete|findByIdAndDelete|discard)/;
/** Verbs that take a thing and give it back changed, which a repository method never only reads with. */
export const READ_VERBS =
  /^(?:find|get|load|fetch|by|of|with|all|list|search|query|read|lookup|retrieve|one|select|match|exists?|has|count|is|paginate|scroll|stream|next|[a-z]+(?:Of|Named|By|With|For)(?:[A-Z]|$)|byId|findBy)/;

/** Classes whose name speaks of storage. */
export function isRepositoryName(name: string): boolean {
  return (
    /(?:Repositor(?:y|ies)|Repo|Repos)(?:Port|Interface|Adapter|Impl|Base|Gateway|Stub|Fake|Mock|InMemory|[A-Z][a-zA-Z]*)?$/.test(name) &&
    !/(?:Module|Provider|Token|Error|Exception|Options|Factory|Config|Decorator|Mapper|Type|Result|Params|Service|Controller|Handler|UseCase|Resolver|Command|Query|Event|Job|Dto|DTO)$/.test(
      name,
    )
  );
}

export const TRANSACTIONS =
  /^\$?(?:transaction(?:al)?|runInTransaction|inTransaction|withTransaction|executeInTransaction|doInTransaction|executeTransaction|startTransaction|transact)$/i;
