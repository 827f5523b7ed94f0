import type { Expression, Range } from '../../facts/facts.js';
import type { ServiceHeld } from '../domain-model.js';
import type { Draft, Drafts } from '../drafts.js';
import { heirsOf } from '../exposures.js';
import { type Env, eachExpressionIn, foundMemberType, lookup, typeOf } from '../infer.js';
import { eachExpression } from '../mutation.js';
import { type ProgramFile, spanOf } from '../program.js';
import { describe, stateOf } from '../state.js';
import { expressionText } from '../text.js';
import { declarationContext, findMembers, namedType, parameterProperties, resolveType, type Type, withoutNull } from '../types.js';
import { isOrm, isRepositoryName } from '../vocabulary.js';
import { type Body, bodiesOfDraft } from './sightings.js';

type Sort = ServiceHeld['sort'];

/** Infrastructure that roots, entities and value objects keep hold of, or import and call. */
export function findServicesHeld(drafts: Drafts): ServiceHeld[] {
  const found: ServiceHeld[] = [];
  for (const draft of drafts.all) {
    const heirs = draft.base ? heirsOf(draft, drafts) : [];
    if (draft.base ? heirs.length === 0 : !isDomain(draft)) continue;
    const inheritedBy = heirs.map((d) => d.name);
    for (const fact of [...stored(draft, drafts), ...called(draft, drafts)]) found.push({ ...fact, inheritedBy });
  }
  return found;
}

function isDomain({ kind }: Draft): boolean {
  return kind === 'aggregate-root' || kind === 'entity' || kind === 'value-object';
}

type Fact = Omit<ServiceHeld, 'inheritedBy'>;

// ── stored ────────────────────────────────────────────────────────────────────────────────────────────────────────

interface Slot {
  readonly name: string;
  readonly at: Range;
  readonly file: ProgramFile;
  readonly type: Type;
}

function stored(draft: Draft, drafts: Drafts): Fact[] {
  return slotsOf(draft).flatMap(({ name, at, file, type }) => {
    const service = serviceIn(type, drafts);
    return service
      ? [{ owner: draft.id, symbol: `${draft.name}.${name}`, at: spanOf(file.facts, at), how: 'stored' as const, ...service }]
      : [];
  });
}

/** Fields of the class itself, statics included, and the entries of its bag. */
function slotsOf(draft: Draft): Slot[] {
  const { symbol } = draft;
  const { declaration, file } = symbol;
  const entries = stateOf(symbol).filter((f) => (declaration.kind === 'class' ? f.bag && !f.bag.declaredIn : true));
  if (declaration.kind !== 'class') return entries;
  const self = namedType(symbol) as Extract<Type, { k: 'named' }>;
  const context = declarationContext(self);
  const fields = declaration.members.flatMap((m): Slot[] => {
    // A symbol-keyed property is a mark for the ORM's types.
    if (m.kind !== 'property' || m.computed || m.declare || m.type?.t === 'function' || m.init?.e === 'function') return [];
    const [member] = findMembers(m.static ? { k: 'value', symbol } : self, m.name);
    return member ? [{ name: m.name, at: m.at, file, type: foundMemberType(member) }] : [];
  });
  const parameters = parameterProperties(declaration).flatMap((p): Slot[] =>
    p.pattern.p === 'name' ? [{ name: p.pattern.name, at: p.pattern.at, file, type: resolveType(p.type, context) }] : [],
  );
  return [...fields, ...parameters, ...entries];
}

// ── called ────────────────────────────────────────────────────────────────────────────────────────────────────────

function called(draft: Draft, drafts: Drafts): Fact[] {
  if (draft.symbol.declaration.kind !== 'class') return [];
  return bodiesOfDraft(draft).flatMap((body) => {
    let calls = false;
    eachExpression(body.statements, (e) => {
      calls ||= isCandidate(e);
    });
    if (!calls) return [];
    const found = new Map<string, Fact>();
    eachExpressionIn(body.statements, body.env, isCandidate, (e, env) => {
      const service = e.e === 'call' ? serviceCalled(e, env, body, drafts) : undefined;
      if (!service || e.e !== 'call' || found.has(service.service)) return;
      const at = e.callee.e === 'member' ? e.callee.nameAt : e.callee.at;
      found.set(service.service, {
        owner: draft.id,
        symbol: body.name,
        at: spanOf(body.file.facts, at),
        how: 'called',
        text: expressionText(e),
        ...service,
      });
    });
    return [...found.values()];
  });
}

function isCandidate(e: Expression): boolean {
  return e.e === 'call' && baseOf(e.callee) !== undefined;
}

/** The name that a chain of members and calls starts with. */
function baseOf(e: Expression): string | undefined {
  switch (e.e) {
    case 'name':
      return e.name;
    case 'member':
    case 'await':
    case 'as':
    case 'index':
      return baseOf(e.of);
    case 'call':
      return baseOf(e.callee);
    default:
      return undefined;
  }
}

function serviceCalled(call: Extract<Expression, { e: 'call' }>, env: Env, body: Body, drafts: Drafts): Service | undefined {
  const base = baseOf(call.callee) ?? '';
  // What the class itself keeps is told at the field.
  if (base === body.draft?.symbol.name) return undefined;
  const variable = lookup(env, base);
  if (variable?.parameter) {
    if (variable.parameter.fn !== body.fn || call.callee.e !== 'member' || call.callee.of.e !== 'name') return undefined;
    // Passed in through an interface of the domain it is welcome, as a library's own type it is not.
    const type = withoutNull(typeOf(call.callee.of, env));
    const service = type.k === 'external' ? serviceIn(type, drafts) : undefined;
    return service && service.sort !== 'bus' ? service : undefined;
  }
  if (call.callee.e === 'name') return calledByName(call.callee.name, typeOf(call.callee, env), variable !== undefined);
  if (call.callee.e !== 'member') return undefined;
  if (variable && !variable.init) return undefined;
  if (variable?.init && baseOf(variable.init) === undefined && variable.init.e !== 'new' && variable.init.e !== 'await') return undefined;
  const type = withoutNull(typeOf(call.callee.of, env));
  if (type.k === 'external' && type.value)
    return type.module !== undefined && HTTP_MODULES.test(type.module) && !/^(?:is|create$)/.test(call.callee.name)
      ? { sort: 'http-client', service: type.name }
      : undefined;
  if (type.k === 'value') {
    const owner = drafts.of(type.symbol);
    return owner && (owner.kind === 'repository' || owner.kind === 'repository-implementation')
      ? { sort: 'repository', service: owner.name }
      : undefined;
  }
  return serviceIn(type, drafts);
}

function calledByName(name: string, type: Type, local: boolean): Service | undefined {
  if (local || type.k !== 'external') return undefined;
  if (type.module === undefined) return name === 'fetch' ? { sort: 'http-client', service: 'fetch' } : undefined;
  if (HTTP_MODULES.test(type.module)) return /^(?:is|create)/.test(type.name) ? undefined : { sort: 'http-client', service: type.name };
  return isOrm(type.module) && /^get(?:\w*Repository|\w*Manager|Connection|DataSource)$/.test(type.name)
    ? { sort: 'orm-manager', service: type.name }
    : undefined;
}

// ── what is a service ─────────────────────────────────────────────────────────────────────────────────────────────

interface Service {
  readonly sort: Sort;
  /** Its type, as one would write it. */
  readonly service: string;
}

const HTTP_MODULES =
  /^(?:axios|got|ky|undici|node-fetch|cross-fetch|isomorphic-fetch|superagent|needle|request|request-promise|ofetch|@nestjs\/axios|@angular\/common\/http|(?:node:)?https?)$/;
const HTTP_CLIENTS = /^(?:Axios(?:Instance|Static)?|HttpService|HttpClient|Got|KyInstance|SuperAgentStatic|\$Fetch)$/;
const BUS_MODULES =
  /^(?:@nestjs\/(?:cqrs|event-emitter|microservices|bull|bullmq)|eventemitter2|amqplib|amqp-connection-manager|kafkajs|bull|bullmq|nats|@golevelup\/.*|@aws-sdk\/client-(?:sns|sqs|eventbridge)|@google-cloud\/pubsub)$/;
const BUSES =
  /^(?:CommandBus|QueryBus|EventBus|EventPublisher|EventEmitter2|Client(?:Proxy|Kafka|RMQ|Redis|TCP|Nats)|AmqpConnection|Channel|ChannelWrapper|Producer|Kafka|Queue|NatsConnection|(?:SNS|SQS|EventBridge)Client|PubSub)$/;
const STORE_MODULES = /^(?:mongodb|pg|mysql2?(?:\/promise)?|better-sqlite3|redis|ioredis|@databases\/.*|slonik|postgres)$/;
const MANAGERS =
  /^(?:\w*EntityManager|\w*Repository|DataSource|Connection|QueryRunner|MikroORM|PrismaClient|Sequelize|Knex|Kysely|Model|Pool|PoolClient|MongoClient|Db|Redis)$/;

function serviceIn(type: Type, drafts: Drafts): Service | undefined {
  const inner = withoutNull(type);
  switch (inner.k) {
    case 'union':
    case 'intersection':
      for (const part of inner.of) {
        const service = serviceIn(part, drafts);
        if (service) return service;
      }
      return undefined;
    case 'array':
      return serviceIn(inner.of, drafts);
    case 'external': {
      const sort = inner.value ? undefined : sortOf(inner.name, inner.module);
      return sort && { sort, service: describe(inner) };
    }
    case 'named': {
      const { symbol } = inner;
      const draft = drafts.of(symbol);
      const sort = draft && projectSort(draft);
      return sort && { sort, service: symbol.name };
    }
    default:
      return undefined;
  }
}

function sortOf(name: string, module: string | undefined): Sort | undefined {
  if (module === undefined) return undefined;
  if ((isOrm(module) || STORE_MODULES.test(module)) && MANAGERS.test(name))
    return /Repository$|^Model$/.test(name) ? 'repository' : 'orm-manager';
  if (HTTP_MODULES.test(module) && HTTP_CLIENTS.test(name)) return 'http-client';
  return BUS_MODULES.test(module) && BUSES.test(name) ? 'bus' : undefined;
}

/** The project's own: publishers and registries of domain events are not among them. */
function projectSort(draft: Draft): Sort | undefined {
  if (draft.kind === 'repository' || draft.kind === 'repository-implementation') return 'repository';
  if (isDomain(draft) || draft.kind === 'domain-event') return undefined;
  const { name, symbol } = draft;
  if (symbol.declaration.kind !== 'class' && symbol.declaration.kind !== 'interface') return undefined;
  if (isRepositoryName(name)) return 'repository';
  if (/(?:UnitOfWork|UoW|Uow)(?:Port|Interface)?$/.test(name)) return 'unit-of-work';
  if (/(?:^I?|[a-z])(?:Command|Query|Message|Integration(?:Event)?)Bus(?:Port|Interface)?$|^I?Mediator$/.test(name)) return 'bus';
  if (/Http(?:Client|Service)(?:Port|Interface)?$/i.test(name)) return 'http-client';
  for (const ancestor of draft.lineage) {
    const sort = ancestor.via === 'extends' && !ancestor.symbol ? sortOf(ancestor.name, ancestor.module) : undefined;
    if (sort) return sort;
  }
  return undefined;
}
