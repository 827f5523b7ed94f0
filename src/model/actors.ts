import type { ClassDeclaration, ClassMember, Expression, FunctionFacts, Parameter } from '../facts/facts.js';
import { addEvidence, type Draft, type Drafts, moduleOfDecorator } from './drafts.js';
import type { FunctionPort } from './function-ports.js';
import { callable, callbackParameterTypes, type Env, moduleEnv } from './infer.js';
import { bodiesOf, eachExpression } from './mutation.js';
import { bind, type Declared } from './program.js';
import { carried, type FoundRepository } from './repositories.js';
import { isDomainKind } from './roles.js';
import { describe, properties, schemaOf } from './state.js';
import {
  declarationContext,
  memberType,
  namedType,
  programOf,
  resolveType,
  structure,
  type Type,
  type TypeContext,
  UNKNOWN,
} from './types.js';
import { isListener, isOrm, isRepositoryName, roleOfBase } from './vocabulary.js';

/** Gives the actors around the aggregates their roles: repositories, events, handlers, services, use cases. */
export function assignActors(drafts: Drafts, repositories: readonly FoundRepository[], ports: readonly FunctionPort[]): void {
  const portNames = new Set(ports.map((p) => p.draft));
  const repositoryOf = new Map(repositories.map((r) => [r.draft, r]));
  for (const repository of repositories) settleRepository(repository, drafts);
  for (const draft of drafts.all) {
    const { declaration } = draft.symbol;
    if (declaration.kind === 'alias' || declaration.kind === 'interface') {
      eventType(draft);
      eventUnion(draft, drafts);
    }
    if (declaration.kind !== 'class') continue;
    messageByName(draft, drafts);
    listeners(draft, drafts);
    queryUseCase(draft, drafts);
  }
  for (const draft of drafts.all) raisedEvents(draft, drafts);
  for (const draft of drafts.all) handledEvents(draft, drafts);
  // Twice: a service that only uses other services is one as well.
  for (let round = 0; round < 2; round++) for (const draft of drafts.all) serviceByUse(draft, drafts, repositoryOf);
  for (const draft of drafts.all) closureByUse(draft, drafts, repositoryOf, portNames);
}

function settleRepository(repository: FoundRepository, drafts: Drafts): void {
  const { draft } = repository;
  const kept = repository.keeps.map((s) => drafts.of(s)).filter((d) => d !== undefined);
  const domain = kept.filter((d) => isDomainKind(d.kind));
  if (domain.length === 0) {
    if (draft.kind === 'repository') draft.kind = undefined;
    return;
  }
  if (
    draft.base &&
    repository.draft.extended &&
    draft.symbol.declaration.kind === 'class' &&
    draft.symbol.declaration.typeParameters.length > 0
  )
    return;
  const names = domain.map((d) => d.name).join(', ');
  if (repository.implements.length > 0) {
    draft.kind = 'repository-implementation';
    addEvidence(draft, 'structure', 'repository-implementation', `implements ${repository.implements.map((d) => d.name).join(', ')}`);
  } else {
    draft.kind = 'repository';
    draft.base = false;
    addEvidence(draft, 'structure', 'repository', `loads and keeps ${names}`);
  }
}

/** Messages by their names, where the class is plain data. */
function messageByName(draft: Draft, drafts: Drafts): void {
  if (draft.kind !== undefined || draft.base) return;
  const declaration = draft.symbol.declaration as ClassDeclaration;
  if (declaration.members.filter((m) => m.kind === 'method' && !m.static).length > 3) return;
  const role = /[a-z0-9](?:Event)$/.test(draft.name)
    ? 'domain-event'
    : /[a-z0-9]Command$/.test(draft.name)
      ? 'command'
      : /[a-z0-9]Query$/.test(draft.name)
        ? 'query'
        : undefined;
  if (!role || isProcess(declaration)) return;
  // What extends something that is no message is something else with the word in its name.
  if (
    draft.lineage.some(
      (a) =>
        a.via === 'extends' &&
        a.distance === 1 &&
        a.symbol &&
        !/Event|Message|Command|Query|Request/.test(a.name) &&
        drafts.of(a.symbol)?.kind !== role,
    )
  )
    return;
  addEvidence(draft, 'convention', role, `named ${draft.name}`);
  draft.kind = role;
}

/** `type OrderPlacedEvent = { … }` or its schema, in a file of events. */
function eventType(draft: Draft): void {
  const { symbol } = draft;
  if (draft.kind !== undefined || draft.base || !/[a-z0-9](?:Event)$/.test(draft.name)) return;
  if (!/(?:\/domain\/|\/events?\/|[.-]event\.[cm]?ts$)/i.test(symbol.file.facts.file)) return;
  if (properties(namedType(symbol)).length === 0 && !schemaOf(symbol)) return;
  addEvidence(draft, 'convention', 'domain-event', `named ${draft.name} in a file of events`);
  draft.kind = 'domain-event';
}

const RAISING =
  /^(?:apply|applyChange|applyEvent|raise|raiseEvent|when|record|recordEvent|recordThat|addDomainEvent|addEvent|emit|registerEvent|pushEvent|appendEvent|causes|publishEvent|enqueue)$/;

/** What a root raises is an event, whatever it is called: `this.raise(new MailboxOpened(…))`. */
function raisedEvents(draft: Draft, drafts: Drafts): void {
  if (!isDomainKind(draft.kind) || draft.symbol.declaration.kind !== 'class') return;
  for (const body of bodiesOf(draft.symbol.declaration)) {
    eachExpression(body, (e) => {
      if (e.e !== 'call' || e.callee.e !== 'member' || !RAISING.test(e.callee.name)) return;
      for (const arg of e.args) {
        if (arg.e !== 'new' || arg.callee.e !== 'name') continue;
        const target = bind(drafts.program, draft.symbol.scope, arg.callee.name, 'value');
        const event = target.k === 'symbol' ? drafts.of(target.symbol) : undefined;
        if (!event || event.kind !== undefined || event.base) continue;
        addEvidence(event, 'structure', 'domain-event', `raised by ${draft.name}`, draft.symbol.file, arg.at);
        event.kind = 'domain-event';
      }
    });
  }
}

/** What an event handler is declared to handle is an event, whatever it is called: `implements EventHandler<MailboxOpened>`. */
function handledEvents(draft: Draft, drafts: Drafts): void {
  if (draft.kind !== 'event-handler' || draft.base) return;
  for (const ancestor of draft.lineage) {
    if (ancestor.distance > 1 || roleOfBase(ancestor.name, ancestor.module) !== 'event-handler') continue;
    if (ancestor.type.k !== 'named' && ancestor.type.k !== 'external') continue;
    for (const part of ancestor.type.args.flatMap((arg) => (arg.k === 'union' ? arg.of : [arg]))) {
      const event = part.k === 'named' && part.symbol.declaration.kind === 'class' ? drafts.of(part.symbol) : undefined;
      if (!event || event.kind !== undefined || event.base) continue;
      addEvidence(event, 'structure', 'domain-event', `handled by ${draft.name}`, draft.symbol.file, ancestor.at);
      event.kind = 'domain-event';
    }
  }
}

/** `type OrderEvent = OrderPlaced | OrderCancelled`, told apart by a tag: the parts are events. */
function eventUnion(draft: Draft, drafts: Drafts): void {
  const { declaration } = draft.symbol;
  if (declaration.kind !== 'alias' || declaration.type.t !== 'union' || !/Events?(?:Type|Types|Union)?$/.test(draft.name)) return;
  const shape = structure(namedType(draft.symbol));
  if (shape.k !== 'union') return;
  const parts: Draft[] = [];
  for (const part of shape.of) {
    const target = part.k === 'named' ? drafts.of(part.symbol) : undefined;
    const tagged = properties(part).some((p) => /^(?:type|kind|name|eventName|eventType|_tag|tag)$/.test(p.name) && p.type.k === 'literal');
    if (!target || !tagged) return;
    parts.push(target);
  }
  for (const part of parts) {
    if (part.kind !== undefined) continue;
    addEvidence(part, 'structure', 'domain-event', `one of ${draft.name}`);
    part.kind = 'domain-event';
  }
}

/** A template method's step: declared abstract in a base, written here. */
export function isTemplateStep(name: string, draft: Draft): boolean {
  return draft.lineage.some(
    (a) => a.symbol?.declaration.kind === 'class' && a.symbol.declaration.members.some((m) => m.name === name && m.abstract),
  );
}

/** A `FindOrdersQuery` that holds a connection and executes is no message. */
function isProcess(declaration: ClassDeclaration): boolean {
  return (
    declaration.decorators.some((d) => d.name === 'Injectable') ||
    declaration.members.some((m) => m.kind === 'method' && /^(?:execute|handle|run|perform)$/.test(m.name))
  );
}

function listeners(draft: Draft, drafts: Drafts): void {
  const declaration = draft.symbol.declaration as ClassDeclaration;
  if (isDomainKind(draft.kind)) return;
  // Something that hands events on, or a map of handlers, handles none.
  if (draft.kind === 'event-handler' || draft.kind === 'command-handler') {
    const isBus = declaration.members.some(
      (m) => m.kind === 'method' && /^(?:publish|emit|dispatch|subscribe|once|registerHandlers?|addSubscribers?)$/.test(m.name),
    );
    const isMap = draft.lineage.some(
      (a) => a.via === 'extends' && a.module === undefined && !a.symbol && /^(?:Map|Array|Set)$/.test(a.name),
    );
    if ((isBus || isMap) && !draft.evidence.some((e) => e.kind === 'configuration' || e.kind === 'annotation')) draft.kind = undefined;
  }
  for (const member of declaration.members) {
    if (member.kind !== 'method') continue;
    const decorator = member.decorators.find((d) => isListener(d.name) && !isOrm(moduleOfDecorator(draft.symbol, d.name) ?? ''));
    if (!decorator || forwards(member.fn) || handsToHandler(draft, member.fn, drafts)) continue;
    addEvidence(draft, 'annotation', 'event-handler', `@${decorator.name} ${draft.name}.${member.name}`, draft.symbol.file, decorator.at);
    if (draft.kind === undefined || draft.kind === 'application-service') draft.kind = 'event-handler';
    return;
  }
}

/** Sends on what it was given, and does nothing else: a relay. */
function forwards(fn: FunctionFacts): boolean {
  const call = onlyCall(fn);
  const parameter = fn.parameters[0]?.pattern;
  return (
    call?.callee.e === 'member' &&
    /^(?:publish|emit|send|dispatch|forward|produce)$/.test(call.callee.name) &&
    /bus|publisher|broker|producer|emitter|dispatcher|queue|stream|topic|client|kafka|rabbit|sns|sqs|gateway|relay/i.test(
      call.callee.of.e === 'member' || call.callee.of.e === 'name' ? call.callee.of.name : '',
    ) &&
    parameter?.p === 'name' &&
    call.args.some((a) => a.e === 'name' && a.name === parameter.name)
  );
}

type Call = Extract<Expression, { e: 'call' }>;

/** The one call that a body consists of, variables aside. */
function onlyCall(fn: FunctionFacts): Call | undefined {
  const effects = (fn.body ?? []).filter((s) => s.s !== 'variables');
  const [only] = effects;
  if (effects.length !== 1 || !only || (only.s !== 'expression' && only.s !== 'return') || !only.of) return undefined;
  const call = only.of.e === 'await' ? only.of.of : only.of;
  return call.e === 'call' ? call : undefined;
}

/** Gives the message as it came to a class that is an event handler of its own: that one handles it. */
function handsToHandler(draft: Draft, fn: FunctionFacts, drafts: Drafts): boolean {
  const call = onlyCall(fn);
  const parameter = fn.parameters[0]?.pattern;
  if (call?.callee.e !== 'member' || call.callee.of.e !== 'member' || call.callee.of.of.e !== 'this') return false;
  const [argument] = call.args;
  if (call.args.length !== 1 || parameter?.p !== 'name' || argument?.e !== 'name' || argument.name !== parameter.name) return false;
  const type = memberType(namedType(draft.symbol), call.callee.of.name);
  return type?.k === 'named' && type.symbol !== draft.symbol && drafts.of(type.symbol)?.kind === 'event-handler';
}

/** A use case whose message is a query answers; one whose message is a command or event handles it. */
function queryUseCase(draft: Draft, drafts: Drafts): void {
  if (draft.kind !== 'application-service' || draft.base) return;
  const message = draft.lineage.find(
    (a) => a.type.k !== 'unknown' && (a.type.k === 'external' || a.type.k === 'named') && a.type.args.length > 0,
  )?.type;
  const first = message && (message.k === 'external' || message.k === 'named') ? message.args[0] : undefined;
  const target = first?.k === 'named' ? drafts.of(first.symbol) : undefined;
  if (target?.kind === 'query') draft.kind = 'query-handler';
  else if (target?.kind === 'command' && /Handler$/.test(draft.name)) draft.kind = 'command-handler';
}

/** What a class is given to work with: constructor parameters and injected fields. */
export function dependencies(symbol: Declared): Type[] {
  const { declaration } = symbol;
  if (declaration.kind !== 'class') return [];
  const context = declarationContext(namedType(symbol) as Extract<Type, { k: 'named' }>);
  const made = declaration.members.find((m) => m.kind === 'constructor');
  const parameters = made?.kind === 'constructor' ? made.fn.parameters : [];
  const injected = declaration.members.flatMap((m) =>
    m.kind === 'property' && !m.static && (m.decorators.length > 0 || m.init?.e === 'new' || m.init?.e === 'call')
      ? [memberType(namedType(symbol), m.name) ?? UNKNOWN]
      : [],
  );
  return [...parameters.map((p) => resolveType(p.type, context)), ...injected];
}

const STEREOTYPES = /^(?:Injectable|injectable|Service|singleton|provide|UseCase)$/;
/** Words that name things of a domain as often as they name machinery: among use cases, the thing is meant. */
const DOMAIN_NOUN =
  /(?:Task|Job|Store|Plugin|Data|Route|Routes|Client|Provider|Application|Command|Module|Transaction|Strategy|Worker|Config|Filter|Proxy|Server|Adapter)$/;
const NOT_SERVICE =
  /(?:Controller|Resolver|Gateway|Module|Middleware|Guard|Interceptor|Pipe|Filter|Strategy|Mapper|Factory|Seeder|Seed|Migration|Router|Route|Routes|Presenter|Validator|Constraint|Command|Plugin|Config|Logger|Consumer|Cron|Job|Task|Worker|Relay|Publisher|Dispatcher|Bus|Store|Client|Adapter|Wrapper|Decorator|Proxy|Provider|Server|App|Application|Bootstrap|Container|Loader|Dao|DAO|Serializer|Projector|Projection|Stub|Fake|Mock|UnitOfWork|Uow|UoW|Transaction|Data|Dto|DTO)$/;

function serviceByUse(draft: Draft, drafts: Drafts, repositoryOf: ReadonlyMap<Draft, FoundRepository>): void {
  const { declaration, file } = draft.symbol;
  if (declaration.kind !== 'class' || draft.base || declaration.abstract) return;
  if (draft.kind !== undefined && draft.kind !== 'application-service') return;
  const inUseCases = /(?:^|\/)(?:use[-_]?cases?|usecases|interactors?)\//i.test(file.facts.file);
  if (
    draft.kind === 'application-service' ||
    isRepositoryName(draft.name) ||
    (NOT_SERVICE.test(draft.name) &&
      !(inUseCases && DOMAIN_NOUN.test(draft.name)) &&
      !(/Application$/.test(draft.name) && /(?:^|\/)application\//i.test(file.facts.file)))
  )
    return;
  const enters = (m: ClassMember): boolean =>
    m.kind === 'method' && !m.static && (m.visibility === 'public' || (m.visibility === 'protected' && isTemplateStep(m.name, draft)));
  if (!declaration.members.some(enters)) return;
  const path = file.facts.file;
  const used = dependencies(draft.symbol)
    .flatMap((t) => keptBy(t, drafts, repositoryOf, draft))
    .at(0);
  const given = dependencies(draft.symbol);
  const isApplication =
    /(?:^|\/)application\//i.test(path) &&
    given.some((t) => isService(t, drafts)) &&
    !/(?:Data|Dto|DTO|Response|Result|View|Model|Error|Exception)$/.test(draft.name);
  const usesService =
    used ??
    given
      .flatMap((t) => carried(t))
      .map((s) => drafts.of(s))
      .find((d) => d?.kind === 'application-service' || d?.kind === 'domain-service')?.name ??
    (isApplication ||
    (inUseCases &&
      given.length > 0 &&
      declaration.members.some((m) => m.kind === 'method' && /^(?:execute|handle|run|invoke|call)$/.test(m.name)))
      ? describe(given[0] ?? UNKNOWN)
      : undefined);
  if (!usesService) return;
  const inDomain =
    /(?:^|\/)domain\//i.test(path) && !/(?:^|\/)(?:application|app(?!\/src\/)|use-?cases?|usecases?|interactors?)\//i.test(path);
  const inApplication =
    /(?:^|\/)(?:application|app|use[-_]?cases?|usecases|interactors?|services?|handlers?|core)\//i.test(path) ||
    /\.service\.[cm]?tsx?$/.test(path);
  const stereotype = declaration.decorators.find((d) => STEREOTYPES.test(d.name));
  if (
    /(?:^|\/)_*(?:infra|infrastructure|adapters?|persistence|repository|repositories|dal)_*\//i.test(path) &&
    !/(?:^|\/)(?:application|use-?cases?)\//i.test(path)
  )
    return;
  const message = messageOf(declaration, draft, drafts) ?? (answers(declaration, path) ? 'query-handler' : undefined);
  // What opens the transaction is the handler, wherever it lies.
  const transactional = declaration.members.some((m) => m.kind === 'method' && m.decorators.some((d) => /transaction/i.test(d.name)));
  const role =
    message ?? (inDomain && !transactional ? 'domain-service' : used || inApplication || stereotype ? 'application-service' : undefined);
  if (!role) return;
  if (!used && role === 'application-service' && !inApplication) return;
  if (!used && declaration.members.some((m) => m.kind === 'method' && m.decorators.some((d) => isListener(d.name)) && forwards(m.fn)))
    return;
  addEvidence(draft, 'structure', role, `works with ${usesService}`);
  draft.kind = role;
}

/** Lies among queries, and its one method asks. */
function answers(declaration: ClassDeclaration, path: string): boolean {
  if (!/(?:^|\/)quer(?:y|ies)\//i.test(path)) return false;
  const entered = declaration.members.filter((m) => m.kind === 'method' && !m.static && m.visibility === 'public');
  return (
    entered.length === 1 &&
    entered.every((m) => m.name === 'query' || /^(?:Find|Get|List|Search|Fetch|Count)[A-Z]|Query$/.test(declaration.name ?? ''))
  );
}

/** An interface or class that is no domain object and no plain data. */
function isService(type: Type, drafts: Drafts): boolean {
  if (type.k === 'external') return !type.value && /(?:Bus|Publisher|Repository|Service|Client|Emitter)$/.test(type.name);
  if (type.k !== 'named') return false;
  const { declaration } = type.symbol;
  const kind = drafts.of(type.symbol)?.kind;
  if (
    kind !== undefined &&
    (isDomainKind(kind) || kind === 'identifier' || kind === 'command' || kind === 'query' || kind === 'domain-event')
  )
    return false;
  if (declaration.kind === 'class') return declaration.members.some((m) => m.kind === 'method' && !m.static && m.visibility === 'public');
  return declaration.kind === 'interface' && declaration.members.some((m) => m.kind === 'method');
}

/** A class with one method that takes an event handles it; a `…Handler` handles what its method takes: an event, a query or, mostly, a command. */
function messageOf(
  declaration: ClassDeclaration,
  draft: Draft,
  drafts: Drafts,
): 'command-handler' | 'event-handler' | 'query-handler' | undefined {
  const isHandler = /Handlers?$/.test(draft.name);
  const isOneReaction =
    !/Service$/.test(draft.name) &&
    declaration.members.filter((m) => m.kind === 'method' && m.visibility === 'public' && !m.static).length === 1;
  const context = declarationContext(namedType(draft.symbol) as Extract<Type, { k: 'named' }>);
  for (const member of declaration.members) {
    if (member.kind !== 'method' || member.static) continue;
    if (member.visibility !== 'public' && !(member.visibility === 'protected' && isTemplateStep(member.name, draft))) continue;
    const [first] = member.fn.parameters;
    const type = first?.type ? resolveType(first.type, context) : undefined;
    for (const part of type?.k === 'union' ? type.of : type ? [type] : []) {
      if (part.k !== 'named') continue;
      const kind = drafts.of(part.symbol)?.kind;
      if (kind === 'domain-event' && (isHandler || isOneReaction)) return 'event-handler';
      if (isHandler && /[a-z]Event$/.test(part.symbol.name)) return 'event-handler';
      if (isHandler && (kind === 'query' || /[a-z]Query$/.test(part.symbol.name))) return 'query-handler';
    }
  }
  return isHandler ? 'command-handler' : undefined;
}

/** Names of the roots behind a dependency that is a repository or an ORM's. */
function keptBy(type: Type, drafts: Drafts, repositoryOf: ReadonlyMap<Draft, FoundRepository>, user?: Draft): string[] {
  const names: string[] = [];
  for (const symbol of carried(type, 'everything')) {
    const draft = drafts.of(symbol);
    if (!draft) continue;
    const repository = repositoryOf.get(draft);
    if (repository && (draft.kind === 'repository' || draft.kind === 'repository-implementation')) names.push(draft.name);
    // A segregated port: the class that implements it is a repository.
    else if (draft.symbol.declaration.kind !== 'alias' && implementedByRepository(draft, drafts, repositoryOf)) names.push(draft.name);
    else if (
      isDomainKind(draft.kind) &&
      type.k === 'named' &&
      type.symbol !== symbol &&
      /EventStore|Repository|Repo$/.test(type.symbol.name)
    )
      names.push(`${type.symbol.name}<${draft.name}>`);
    else if (isDomainKind(draft.kind) && type.k === 'external' && /Repository$|^Model$|ModelType$/.test(type.name))
      names.push(`the repository of ${draft.name}`);
  }
  if (
    (type.k === 'named' || type.k === 'external') &&
    user &&
    /Handler$/.test(user.name) &&
    /EventStore|EventJournal/.test(type.k === 'named' ? type.symbol.name : type.name)
  )
    names.push(type.k === 'named' ? type.symbol.name : type.name);
  if (type.k === 'external' && /^(?:.*EntityManager|DataSource)$/.test(type.name) && user && mentionsDomain(user, drafts))
    names.push(type.name);
  return names;
}

/** A manager is a repository only where domain classes go through it. */
function mentionsDomain(draft: Draft, drafts: Drafts): boolean {
  let found = false;
  for (const body of bodiesOf(draft.symbol.declaration)) {
    eachExpression(body, (e) => {
      if (found || e.e !== 'name' || !/^[A-Z]/.test(e.name)) return;
      const target = bind(drafts.program, draft.symbol.scope, e.name, 'value');
      if (target.k === 'symbol' && isDomainKind(drafts.of(target.symbol)?.kind)) found = true;
    });
  }
  return found;
}

const implementers = new WeakMap<Drafts, Map<Declared, Draft[]>>();

export function implementationsOf(symbol: Declared, drafts: Drafts): readonly Draft[] {
  let known = implementers.get(drafts);
  if (!known) {
    known = new Map();
    for (const draft of drafts.all) {
      if (draft.symbol.declaration.kind !== 'class' || draft.symbol.declaration.abstract) continue;
      for (const ancestor of draft.lineage) {
        if (!ancestor.symbol) continue;
        const list = known.get(ancestor.symbol);
        if (list) list.push(draft);
        else known.set(ancestor.symbol, [draft]);
      }
    }
    implementers.set(drafts, known);
  }
  return known.get(symbol) ?? [];
}

function implementedByRepository(draft: Draft, drafts: Drafts, repositoryOf: ReadonlyMap<Draft, FoundRepository>): boolean {
  return implementationsOf(draft.symbol, drafts).some(
    (d) => repositoryOf.has(d) && (d.kind === 'repository' || d.kind === 'repository-implementation'),
  );
}

// ── closures ──────────────────────────────────────────────────────────────────────────────────────────────────────

/** The functions a top-level constant or function consists of: itself, and what it is wrapped around or returns. */
export interface Closure {
  readonly fn: FunctionFacts;
  readonly env: Env;
  readonly parameterTypes?: readonly (Type | undefined)[];
}

export function closuresOf(symbol: Declared): Closure[] {
  const { declaration, scope } = symbol;
  const context: TypeContext = { program: programOf(scope), scope };
  const env = moduleEnv(context);
  if (declaration.kind === 'function') return [{ fn: declaration.fn, env }];
  if (declaration.kind !== 'variable' || !declaration.init) return [];
  const declared = declaration.type && callable(resolveType(declaration.type, context));
  const parameterTypes = declared?.fn.parameters.map((p) => resolveType(p.type, declared.context));
  return functionsIn(declaration.init, env).map((closure) =>
    parameterTypes && !closure.parameterTypes ? { ...closure, parameterTypes } : closure,
  );
}

function functionsIn(expression: Expression, env: Env): Closure[] {
  if (expression.e === 'function') return [{ fn: expression.fn, env }];
  if (expression.e === 'as') return functionsIn(expression.of, env);
  if (expression.e !== 'call') return [];
  return expression.args.flatMap((arg, i) =>
    arg.e === 'function' ? [{ fn: arg.fn, env, parameterTypes: callbackParameterTypes(expression, i, env) }] : [],
  );
}

/** A closure over repositories is a use case; named for events, a listener. */
function closureByUse(draft: Draft, drafts: Drafts, repositoryOf: ReadonlyMap<Draft, FoundRepository>, ports: ReadonlySet<Draft>): void {
  const { declaration } = draft.symbol;
  if (draft.kind !== undefined || (declaration.kind !== 'variable' && declaration.kind !== 'function')) return;
  if (/(?:test-?data|mock|fixture|testing|seeds?)\b/i.test(draft.symbol.file.facts.file)) return;
  if (/(?:Module|Controller|Router|Routes|Server|Container|Provider|Mapper|Repository|Repo|Component|Page)s?$/i.test(draft.name)) return;
  const closures = closuresOf(draft.symbol);
  if (
    /[a-z](?:EventHandler|EventListener|Listener|Subscriber|EventConsumer)$/.test(draft.name) &&
    closures.length > 0 &&
    mentionsEvent(draft, closures, drafts)
  ) {
    addEvidence(draft, 'convention', 'event-handler', `named ${draft.name}`);
    draft.kind = 'event-handler';
    return;
  }
  for (const closure of closures) {
    if (onlyAssembles(closure.fn)) continue;
    const repository =
      closure.fn.parameters.flatMap((p, i) => keptBy(parameterType(p, closure, i), drafts, repositoryOf)).at(0) ??
      portAmong(closure, drafts, ports);
    if (!repository) continue;
    // `decide`-like functions and mappers are given an aggregate, not its repository.
    addEvidence(draft, 'structure', 'application-service', `a function over ${repository}`);
    draft.kind = 'application-service';
    return;
  }
}

/** Makes objects of what it is given and hands them out: it wires use cases, and is none. */
function onlyAssembles(fn: FunctionFacts): boolean {
  let makes = false;
  let acts = false;
  eachExpression(fn.body ?? [], (e) => {
    if (e.e === 'new') makes = true;
    else if (e.e === 'call' || e.e === 'await' || e.e === 'function' || e.e === 'assign') acts = true;
  });
  return makes && !acts;
}

function portAmong(closure: Closure, drafts: Drafts, ports: ReadonlySet<Draft>): string | undefined {
  if (ports.size === 0) return undefined;
  for (const [i, parameter] of closure.fn.parameters.entries()) {
    const port = carried(parameterType(parameter, closure, i), 'everything')
      .map((s) => drafts.of(s))
      .find((d) => d && ports.has(d));
    if (port) return port.name;
  }
  return undefined;
}

/** A wrapper for listeners in general names no event. */
function mentionsEvent(draft: Draft, closures: readonly Closure[], drafts: Drafts): boolean {
  const { declaration, scope } = draft.symbol;
  const init = declaration.kind === 'variable' ? declaration.init : undefined;
  const named =
    init?.e === 'call'
      ? init.args.flatMap((a) => (a.e === 'name' ? [a.name] : a.e === 'member' && a.of.e === 'name' ? [a.of.name] : []))
      : [];
  if (named.some((n) => /[a-z]Event$/.test(n) || drafts.byName.get(n)?.some((d) => d.kind === 'domain-event' && d.symbol.scope !== scope)))
    return true;
  return closures.some((c) =>
    c.fn.parameters.some((p) => p.type && carried(resolveType(p.type, c.env.context)).some((s) => drafts.of(s)?.kind === 'domain-event')),
  );
}

function parameterType(parameter: Parameter, closure: Closure, index: number): Type {
  return parameter.type ? resolveType(parameter.type, closure.env.context) : (closure.parameterTypes?.[index] ?? UNKNOWN);
}
