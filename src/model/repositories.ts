import type { FunctionFacts } from '../facts/facts.js';
import { type Draft, type Drafts, strongest } from './drafts.js';
import { callable, foundMemberType, returnType, symbolValueType } from './infer.js';
import type { Declared } from './program.js';
import { schemaOf } from './state.js';
import {
  awaited,
  declarationContext,
  expandAlias,
  findMembers,
  namedType,
  programOf,
  resolveType,
  structure,
  superTypes,
  type Type,
  type TypeContext,
} from './types.js';
import { isRepositoryName, isWriteName, READ_VERBS, readsOnly, roleOfBase } from './vocabulary.js';

/** Something that loads and keeps: found by its signature, or by what it calls itself. */
export interface FoundRepository {
  readonly draft: Draft;
  /** What it keeps; the one it is named for first. */
  readonly keeps: readonly Declared[];
  /** Of several object types that one parameter takes, the first: one root in several states. */
  readonly states: ReadonlyMap<Declared, Declared>;
  readonly writeMethods: readonly string[];
  readonly abstraction: boolean;
  /** The project's abstractions that it implements. */
  readonly implements: Draft[];
  readonly named: boolean;
  readonly readMethods: readonly string[];
}

export interface Signature {
  readonly name: string;
  readonly parameters: readonly Type[];
  readonly returns: Type;
}

export function findRepositories(drafts: Drafts): FoundRepository[] {
  const found = new Map<Draft, FoundRepository>();
  for (const draft of drafts.all) {
    const repository = examine(draft, drafts);
    if (repository) found.set(draft, repository);
  }
  for (const repository of found.values()) {
    for (const ancestor of repository.draft.lineage) {
      const base = ancestor.symbol && drafts.of(ancestor.symbol);
      const abstraction = base && found.get(base);
      if (abstraction?.abstraction && keepTheSame(abstraction, repository, drafts)) repository.implements.push(abstraction.draft);
    }
  }
  for (const repository of found.values())
    if (!repository.abstraction && repository.implements.length === 0)
      repository.implements.push(...structurallyImplemented(repository, [...found.values()]));
  return [...found.values()];
}

/** An interface and its class are one concept under two names. */
function keepTheSame(a: FoundRepository, b: FoundRepository, drafts: Drafts): boolean {
  return a.keeps.some((k) => b.keeps.some((other) => drafts.of(k) === drafts.of(other)));
}

/** A test double, or a class that has all the methods of an abstraction without saying `implements`. */
function structurallyImplemented(repository: FoundRepository, all: readonly FoundRepository[]): Draft[] {
  const methods = new Set([...repository.writeMethods, ...repository.readMethods]);
  return all
    .filter((other) => {
      if (!other.abstraction || !other.keeps.some((k) => repository.keeps.includes(k))) return false;
      return isTestDouble(repository.draft.name) || [...other.writeMethods, ...other.readMethods].every((m) => methods.has(m));
    })
    .map((other) => other.draft);
}

export function isTestDouble(name: string): boolean {
  return /^(?:InMemory|Fake|Stub|Mock|Dummy|Test|Spy)|(?:InMemory|Fake|Stub|Mock)(?:Repository|Repo)?$|(?:Fake|Stub|Mock|Spy)$/.test(name);
}

function examine(draft: Draft, drafts: Drafts): FoundRepository | undefined {
  const { declaration } = draft.symbol;
  if (NOT_OF_AGGREGATES.test(draft.name)) return undefined;
  const ownName = roleOfBase(draft.name, undefined);
  if (ownName !== undefined && ownName !== 'repository') return undefined;
  const role = strongest(draft)?.role;
  const listed = draft.evidence.some((e) => e.role === 'repository' && (e.kind === 'configuration' || e.kind === 'annotation'));
  if (role !== undefined && role !== 'repository' && role !== 'persistence-record' && !listed) return undefined;
  if (declaration.kind === 'variable' || declaration.kind === 'function') return closureRepository(draft, drafts);
  if (declaration.kind !== 'class' && declaration.kind !== 'interface' && declaration.kind !== 'alias') return undefined;
  if (declaration.typeParameters.length > 0 && unbound(draft)) return undefined;
  const heritage = draft.evidence.some((e) => e.role === 'repository');
  const named = heritage || isRepositoryName(draft.name);
  const abstraction =
    declaration.kind !== 'class' || declaration.abstract || declaration.ambient || implementationsNaming(draft.symbol, drafts);
  // A class that implements the project's ports, both loading and keeping.
  const adapter =
    declaration.kind === 'class' &&
    !declaration.abstract &&
    draft.lineage.some((a) => a.symbol !== undefined && a.distance === 1 && isPort(a.symbol, a.via)) &&
    !/(?:^|\/)(?:application|use-?cases?)\//i.test(draft.symbol.file.facts.file);
  if (
    !named &&
    ((!abstraction && !adapter) ||
      /(?:Service|Services|UseCase|Handler|Factory|Mapper|Interactor|Controller|Facade|Client|Api|API|Bus|Publisher|Dispatcher|Cache|Queue|Module|Presenter|InPort|Props|Dto|DTO)(?:Port|Interface)?$/.test(
        draft.name,
      ))
  )
    return undefined;
  if (declaration.kind === 'alias' && declaration.type.t === 'union') return undefined;
  if (!named && !isUnnamedPort(draft)) return undefined;
  const type = namedType(draft.symbol);
  const signatures = signaturesOf(type);
  const byHeritage = heritageKeeps(draft, drafts);
  if (signatures.length === 0 && byHeritage.length === 0) return undefined;
  return weigh(draft, signatures, byHeritage, named, abstraction, drafts);
}

/** Stores of messages and process state keep no aggregate. */
const NOT_OF_AGGREGATES =
  /Outbox|Inbox|EventStore(?:Port|Interface|Client|Db)?$|StoredEvent|EventRecord|EventLog|(?:Saga|ProcessManager)(?:State|Data|Repository|Store|Log)|Snapshots?(?:Store|Repository)?$|Idempoten|Checkpoint|Envelope|MessageSource|JobRecord|JobBuffer|QueueItem|QueueEntry|CacheItem|CacheTag|Scheduler|Projection|Projector|Materiali[sz]ed|ReadModel|ReadDb|ViewRepository|ViewModel/;

/** A port that nobody calls a repository: methods only, and what it keeps has an identity. React contexts and stores have state. */
function isUnnamedPort(draft: Draft): boolean {
  const { declaration, file } = draft.symbol;
  if (file.facts.file.endsWith('.tsx')) return false;
  if (declaration.kind === 'interface')
    return declaration.members.every((m) => m.kind === 'method' || (m.kind === 'property' && m.type?.t === 'function'));
  if (declaration.kind === 'alias')
    return (
      declaration.type.t !== 'object' ||
      declaration.type.members.every((m) => m.kind === 'method' || (m.kind === 'property' && m.type?.t === 'function'))
    );
  if (declaration.kind === 'class')
    return declaration.members.every((m) => m.kind !== 'property' || m.type?.t === 'function' || m.visibility !== 'public');
  return false;
}

const implementedClasses = new WeakMap<Drafts, ReadonlySet<Declared>>();

/** A class that others name in `implements` serves as their interface. */
function implementationsNaming(symbol: Declared, drafts: Drafts): boolean {
  let known = implementedClasses.get(drafts);
  if (!known) {
    known = new Set(
      drafts.all.flatMap((d) => d.lineage.flatMap((a) => (a.via === 'implements' && a.distance === 1 && a.symbol ? [a.symbol] : []))),
    );
    implementedClasses.set(drafts, known);
  }
  return known.has(symbol);
}

function isPort(symbol: Declared, via: 'extends' | 'implements'): boolean {
  const { declaration } = symbol;
  if (declaration.kind === 'interface') return true;
  return (
    declaration.kind === 'class' &&
    declaration.abstract &&
    (via === 'implements' || declaration.members.every((m) => m.kind !== 'method' || m.abstract))
  );
}

/** `interface IRepository<T>` itself keeps nothing in particular. */
function unbound(draft: Draft): boolean {
  const { declaration } = draft.symbol;
  return (
    (declaration.kind === 'class' || declaration.kind === 'interface' || declaration.kind === 'alias') &&
    declaration.typeParameters.some((p) => p.default === undefined)
  );
}

function weigh(
  draft: Draft,
  signatures: readonly Signature[],
  byHeritage: readonly Declared[],
  named: boolean,
  abstraction: boolean,
  drafts: Drafts,
): FoundRepository | undefined {
  const candidates = (types: readonly Type[], open: boolean): Declared[] => concepts(types, open, drafts);
  const read = new Set(signatures.flatMap((s) => (isWriteName(s.name) ? [] : candidates([s.returns], false))));
  const written = new Set<Declared>();
  const states = new Map<Declared, Declared>();
  const writeMethods = new Set<string>();
  const readMethods = new Set<string>();
  const made = new Set<Declared>();
  const identified = new Set<Declared>();
  let drops = false;
  for (const signature of signatures) {
    const returned = candidates([signature.returns], false);
    const payload =
      named && isWriteName(signature.name) ? madeFrom(keptOf(signature, read, candidates, states), returned, drafts) : undefined;
    if (payload) read.add(payload);
    const taken = payload ? [payload] : keptOf(signature, read, candidates, states);
    if (isWriteName(signature.name) || (named && isOtherWrite(signature, taken, read))) {
      writeMethods.add(signature.name);
      for (const symbol of taken) written.add(symbol);
      for (const symbol of returned) if (read.has(symbol)) made.add(symbol);
      if (taken.length === 0 && isDrop(signature)) drops = true;
    } else if (returned.length > 0) {
      readMethods.add(signature.name);
      const [first] = returned;
      if (
        first &&
        signature.parameters.length === 1 &&
        /(?:^(?:get|find|load|fetch|by|of|one)(?:One)?$)|Id(?:entity)?(?:OrFail|OrThrow)?$|Uuid$/.test(signature.name)
      )
        identified.add(first);
    }
  }
  if (keepsOneState(signatures, candidates, drafts)) return undefined;
  const isRoot = (symbol: Declared): boolean => strongest(mustDraft(drafts, symbol))?.role === 'aggregate-root';
  const isClass = (symbol: Declared): boolean => symbol.declaration.kind === 'class' || mustDraft(drafts, symbol).evidence.length > 0;
  // In this order: what it loads and keeps; what its base is typed by; what it makes of something else; what it only
  // keeps; what it loads by identity and drops by identity.
  const both = [...written].filter((s) => read.has(s));
  const heritage = readsOnly(draft.lineage[0]?.name ?? '') ? [] : byHeritage;
  const onlyKept = [...written].filter((s) => !read.has(s) && named && isClass(s));
  const rootsRead = [...read].filter(isRoot);
  const onlyMembers =
    both.length + onlyKept.length > 0 && [...both, ...onlyKept].every((s) => strongest(mustDraft(drafts, s))?.role === 'entity');
  const keeps =
    named && heritage.length === 0 && rootsRead.length === 1 && onlyMembers
      ? // It loads the root, and writes the root by its parts.
        rootsRead
      : both.length > 0 || heritage.length > 0
        ? [...heritage, ...both, ...onlyKept.filter(isRoot)]
        : named && made.size > 0
          ? [...made].slice(0, 1)
          : onlyKept.length > 0
            ? onlyKept
            : drops && named
              ? [...(identified.size > 0 ? identified : read)].slice(0, 1)
              : [];
  // A type that extends a kept one is the same, read with more around it.
  const best = [...new Set(keeps)].filter(
    (k) =>
      !mustDraft(drafts, k).lineage.some(
        (a) => a.via === 'extends' && a.symbol && a.symbol !== k && keeps.includes(a.symbol) && !mustDraft(drafts, a.symbol).base,
      ),
  );
  if (best.length === 0) return undefined;
  return { draft, keeps: best, states, writeMethods: [...writeMethods], readMethods: [...readMethods], abstraction, implements: [], named };
}

/** `get(): Promise<Bookmark>` and `set(bookmark)`: state without a key, of a process rather than of the domain. */
function keepsOneState(
  signatures: readonly Signature[],
  candidates: (types: readonly Type[], open: boolean) => Declared[],
  drafts: Drafts,
): boolean {
  const loads = signatures.filter((s) => !isWriteName(s.name) && candidates([s.returns], false).length > 0);
  return (
    loads.length > 0 &&
    loads.every(
      (s) =>
        s.parameters.length === 0 &&
        structure(awaited(s.returns)).k !== 'array' &&
        candidates([s.returns], false).every((c) => strongest(mustDraft(drafts, c)) === undefined),
    )
  );
}

/** `create(order: CreateOrderEntity): Promise<OrderEntity>`: what comes back is kept, what goes in is made of nothing yet. */
function madeFrom(taken: readonly Declared[], returned: readonly Declared[], drafts: Drafts): Declared | undefined {
  const [given] = taken;
  const [made] = returned;
  if (!given || !made || taken.length !== 1 || given === made) return undefined;
  if (mustDraft(drafts, given).evidence.length > 0 || mustDraft(drafts, made).evidence.length === 0) return undefined;
  const whole = conceptKey(given.name);
  const core = conceptKey(made.name);
  return whole !== core && whole.includes(core) ? made : undefined;
}

function conceptKey(name: string): string {
  return name.replace(/(?:Entity|Model|Aggregate|Root)$/, '').toLowerCase();
}

/** `markAsRead(id): Promise<void>`, `send(notification)`: a verb of the domain, but it keeps or drops all the same. */
function isOtherWrite(signature: Signature, taken: readonly Declared[], read: ReadonlySet<Declared>): boolean {
  if (
    (READ_VERBS.test(signature.name) && !isVoid(signature)) ||
    /^(?:begin|start|commit|rollback|run|with|transaction|on|subscribe|publish|dispatch|to|map|connect|close|clear|next|generate|unit|flush|init|aggregate|enrich|hydrate|populate)/i.test(
      signature.name,
    )
  )
    return false;
  if (taken.some((s) => read.has(s))) return true;
  return isDrop(signature) && read.size > 0;
}

function isVoid({ returns }: Signature): boolean {
  const result = structure(awaited(returns));
  return result.k === 'primitive' && /^(?:void|undefined)$/.test(result.name);
}

/** Takes something and gives nothing back. */
function isDrop({ parameters, returns }: Signature): boolean {
  if (parameters.length === 0 || parameters.some((p) => p.k === 'function')) return false;
  const result = structure(awaited(returns));
  return result.k === 'primitive' && /^(?:void|undefined|boolean|number)$/.test(result.name);
}

/** What a writing signature persists: of several candidates those it also reads, else the first parameter's. */
function keptOf(
  signature: Signature,
  read: ReadonlySet<Declared>,
  candidates: (types: readonly Type[], open: boolean) => Declared[],
  states: Map<Declared, Declared>,
): Declared[] {
  const perParameter = signature.parameters.map((p) => candidates([p], true));
  for (const [i, found] of perParameter.entries()) {
    const [first] = found;
    // Several object types in one parameter are one root in several states.
    if (first && found.length > 1 && isUnion(signature.parameters[i])) for (const symbol of found) states.set(symbol, first);
  }
  const all = [...new Set(perParameter.flat())];
  const alsoRead = all.filter((s) => read.has(s));
  if (alsoRead.length > 0) return alsoRead;
  if (/Param(?:s)?$|Seed$|Body$|Request\w*$|^New[A-Z]/.test(perParameter.find((found) => found.length > 0)?.[0]?.name ?? '')) return [];
  return perParameter.find((found) => found.length > 0) ?? [];
}

function isUnion(type: Type | undefined): boolean {
  if (!type) return false;
  const shape = structure(type);
  return shape.k === 'union' || (shape.k === 'array' && isUnion(shape.of));
}

/** Candidates as concepts: an alias stands for what it names, a property bag for its class, a row for the domain's own. */
export function concepts(types: readonly Type[], open: boolean, drafts: Drafts): Declared[] {
  const symbols = types.flatMap((t) => carried(t, open ? 'parameters' : 'nothing'));
  const found: Declared[] = [];
  for (const symbol of symbols) {
    const concept = bagOwner(symbol, drafts) ?? symbol;
    if (isKept(concept, drafts) && !found.includes(concept)) found.push(concept);
  }
  const named = found.filter((s) => {
    const behind = renamed(s);
    return !behind || !found.includes(behind);
  });
  // `IUser` beside `User`: the class, or what other evidence calls a root.
  return named.filter(
    (s) => !named.some((other) => other !== s && other.name === s.name.replace(/^I(?=[A-Z])/, '') && s.declaration.kind !== 'class'),
  );
}

/** `type NewOrder = Omit<Order, 'id'>` and `type Placed = Order` are Order. */
function renamed(symbol: Declared): Declared | undefined {
  let type = expandAlias(namedType(symbol));
  for (
    let i = 0;
    i < 4 &&
    type.k === 'external' &&
    /^(?:Omit|Partial|Readonly|Required|Insertable|Updateable|Selectable|DeepPartial|DeepReadonly)$/.test(type.name) &&
    type.args[0];
    i++
  )
    type = type.args[0];
  if (type.k === 'intersection')
    for (const part of type.of)
      if (part.k === 'external' && part.name === 'Omit' && part.args[0]?.k === 'named') return part.args[0].symbol;
  return type.k === 'named' && type.symbol !== symbol ? type.symbol : undefined;
}

const bagOwners = new WeakMap<Drafts, Map<Declared, Declared>>();

/**
 * Whoever takes an OrderProps takes an Order, where `class Order extends AggregateRoot<OrderProps>`; and so does who takes the plain
 * data that `order.toPrimitives()` returns.
 */
function bagOwner(symbol: Declared, drafts: Drafts): Declared | undefined {
  let owners = bagOwners.get(drafts);
  if (!owners) {
    owners = new Map();
    for (const draft of drafts.all) {
      if (draft.symbol.declaration.kind !== 'class' || draft.base) continue;
      for (const data of [...basedOn(draft), ...writtenOutAs(draft)]) if (!owners.has(data)) owners.set(data, draft.symbol);
    }
    bagOwners.set(drafts, owners);
  }
  return owners.get(symbol);
}

function basedOn(draft: Draft): Declared[] {
  const [base] = draft.lineage;
  if (base?.distance !== 1 || (base.type.k !== 'named' && base.type.k !== 'external')) return [];
  return base.type.args.flatMap((arg) =>
    arg.k === 'named' && arg.symbol.declaration.kind !== 'class' && /Props$|Properties$|Attributes$/.test(arg.symbol.name)
      ? [arg.symbol]
      : [],
  );
}

const WRITES_OUT = /^(?:to|as|get|serialize)?(?:Primitives|Snapshot|Plain|PlainObject|Object|JSON|Json|Persistence|Memento|Raw|State)$/i;

function writtenOutAs(draft: Draft): Declared[] {
  const { declaration } = draft.symbol;
  const role = strongest(draft)?.role;
  if (declaration.kind !== 'class' || (role !== 'aggregate-root' && role !== 'entity')) return [];
  return declaration.members.flatMap((member) => {
    if (member.kind !== 'method' || member.static || !member.fn.returns || !WRITES_OUT.test(member.name)) return [];
    const returned = resolveType(member.fn.returns, declarationContext(namedType(draft.symbol) as Extract<Type, { k: 'named' }>));
    const whole = returned.k === 'external' && returned.module === undefined && returned.args[0] ? returned.args[0] : returned;
    return whole.k === 'named' && isPlainData(whole.symbol) ? [whole.symbol] : [];
  });
}

function isPlainData({ declaration }: Declared): boolean {
  return declaration.kind !== 'class' || (!declaration.extends && declaration.members.every((m) => m.kind === 'property'));
}

function mustDraft(drafts: Drafts, symbol: Declared): Draft {
  const draft = drafts.of(symbol);
  if (!draft) throw new Error(`no draft of ${symbol.id}`);
  return draft;
}

/** `extends ICRUDWritePort<Todo, Id>`: a repository base's type argument links the port to its root. */
function heritageKeeps(draft: Draft, drafts: Drafts): Declared[] {
  const found: Declared[] = [];
  for (const ancestor of draft.lineage) {
    if (roleOfBase(ancestor.name, ancestor.module) !== 'repository' && !isRepositoryName(ancestor.name)) continue;
    if (readsOnly(ancestor.name)) continue;
    const { type } = ancestor;
    if (type.k !== 'external' && type.k !== 'named') continue;
    // A base of the project shows its methods: those say what is kept.
    if (type.k === 'named' && signaturesOf(type).length > 0) continue;
    for (const arg of type.args)
      for (const symbol of carried(arg)) if (isKept(symbol, drafts) && !found.includes(symbol)) found.push(symbol);
  }
  return found.slice(0, 1);
}

/** Could a domain object of its own be kept under this name? Enumerations, messages, identifiers and views are not. */
function isKept(symbol: Declared, drafts: Drafts): boolean {
  const draft = drafts.of(symbol);
  if (!draft) return false;
  const { declaration } = symbol;
  if (declaration.kind !== 'class' && declaration.kind !== 'interface' && declaration.kind !== 'alias') return false;
  if (declaration.ambient && declaration.kind === 'class') return false;
  if (/(?:^|\/)(?:projections?|read-?models?|views?|criteria)\//i.test(symbol.file.facts.file)) return false;
  if (draft.base && roleOfBase(draft.name, undefined)) return false;
  if (NOT_OF_AGGREGATES.test(draft.name) && strongest(draft)?.role !== 'aggregate-root') return false;
  const role = strongest(draft)?.role;
  if (role === 'aggregate-root' || role === 'entity') return true;
  if (role !== undefined && role !== 'persistence-record') return false;
  // A page or a result of anything is a container.
  if (declaration.typeParameters.length > 0) return false;
  if (draft.mapped) return true;
  if (draft.base && declaration.kind !== 'class') return false;
  if (
    /(?:Dto|DTO|View|ReadModel|Response|Request|Input|Output|Params|Options|Query|Criteria|Filter|Filters|Result|Props|Snapshot|Row|Payload|Error|Exception|Event|Command|Page|Pagination|Paginated|Details|Primitives|Config|Context|Transaction|Session|Client|Connection|Manager|Id|ID|Ids|Key|Sort|Order(?:By)|Attributes|Args|Data|Callback|Service|Fn)$/.test(
      draft.name,
    ) &&
    declaration.kind !== 'class'
  )
    return false;
  if (
    /(?:Dto|DTO|View|ReadModel|Response|Request|Input|Output|Params|Options|Query|Criteria|Filter|Result|Props|Snapshot|Payload|Error|Exception|Command|Primitives|Context|Transaction|Connection|Manager|Id|ID|Service|Repository|Mapper|Logger)$/.test(
      draft.name,
    )
  )
    return false;
  if (declaration.kind === 'alias') {
    const shape = structure(namedType(symbol));
    if (
      shape.k === 'primitive' ||
      shape.k === 'literal' ||
      shape.k === 'array' ||
      shape.k === 'function' ||
      shape.k === 'unknown' ||
      shape.k === 'value'
    )
      return schemaLike(symbol);
    if (shape.k === 'external') return schemaLike(symbol);
    if (shape.k === 'union')
      return (
        shape.of.every((t) => t.k === 'named' || t.k === 'object' || t.k === 'intersection') &&
        shape.of.some((t) => t.k !== 'named' || t.symbol.declaration.kind !== 'class')
      );
  }
  return true;
}

function schemaLike(symbol: Declared): boolean {
  return schemaOf(symbol) !== undefined;
}

/** Named types that a value of this type brings along: promises, results, lists and parameter objects opened. */
export function carried(type: Type, open: 'nothing' | 'parameters' | 'everything' = 'nothing', depth = 0): Declared[] {
  if (depth > 6) return [];
  const inner = (t: Type): Declared[] => carried(t, open, depth + 1);
  switch (type.k) {
    case 'named': {
      const { declaration } = type.symbol;
      if (declaration.kind === 'alias') {
        const expanded = expandAlias(type);
        if (expanded.k === 'external' || expanded.k === 'array' || (expanded.k === 'union' && expanded.of.some((t) => t.k !== 'literal')))
          return [type.symbol, ...inner(expanded)];
        if (expanded.k === 'named') return [type.symbol, ...inner(expanded)];
      }
      const args = type.args.flatMap(inner);
      const opens =
        open === 'everything' ||
        (open === 'parameters' &&
          /(?:Props|Params|Parameters|Input|Args|Arguments|Options|Payload|Command|Request|Data|Dto|DTO)$/.test(type.symbol.name));
      const opened =
        opens && declaration.kind !== 'class' && depth < 2 ? parameterObject(type).flatMap((t) => carried(t, 'nothing', depth + 3)) : [];
      return [type.symbol, ...args, ...opened];
    }
    case 'array':
      return inner(type.of);
    case 'union':
    case 'intersection':
    case 'tuple':
      return type.of.flatMap(inner);
    case 'external':
      // A few picked properties are a snapshot.
      if (type.value || (type.name === 'Pick' && type.module === undefined)) return [];
      return type.args.flatMap(inner);
    case 'object':
      return depth < 3 ? parameterObject(type).flatMap((t) => carried(t, 'nothing', depth + 3)) : [];
    case 'parameter':
      return type.constraint ? inner(type.constraint) : [];
    default:
      return [];
  }
}

function parameterObject(type: Type): Type[] {
  const shape = structure(type);
  if (shape.k === 'object') return shape.members.flatMap((m) => (m.kind === 'property' ? [resolveType(m.type, shape.context)] : []));
  if (shape.k === 'named' && shape.symbol.declaration.kind === 'interface') {
    const context = declarationContext(shape);
    return shape.symbol.declaration.members.flatMap((m) => (m.kind === 'property' ? [resolveType(m.type, context)] : []));
  }
  return [];
}

/** Public methods with their types: overloads, function-typed fields, what bases declare. */
export function signaturesOf(type: Type, depth = 0): Signature[] {
  if (depth > 6) return [];
  if (type.k === 'intersection') return type.of.flatMap((t) => signaturesOf(t, depth + 1));
  if (type.k === 'object') return type.members.flatMap((m) => memberSignature(type, m.name));
  if (type.k === 'literal-object')
    return type.entries.flatMap((e) => (e.o === 'property' || e.o === 'method' ? memberSignature(type, e.name) : []));
  if (type.k !== 'named') return [];
  const { declaration } = type.symbol;
  if (declaration.kind === 'alias') return signaturesOf(expandAlias(type), depth + 1);
  const own: Signature[] = [];
  const names = new Set<string>();
  const context = declarationContext(type);
  if (declaration.kind === 'class') {
    for (const member of declaration.members) {
      if (member.static || member.visibility !== 'public' || member.computed) continue;
      if (member.kind === 'method') {
        names.add(member.name);
        for (const fn of member.overloads.length > 0 ? member.overloads : [member.fn]) own.push(signature(member.name, fn, context));
      } else if (member.kind === 'property' && (member.type?.t === 'function' || member.init?.e === 'function')) {
        names.add(member.name);
        own.push(...memberSignature(type, member.name));
      }
    }
  } else if (declaration.kind === 'interface') {
    for (const member of declaration.members) {
      if (member.kind === 'method') own.push(signature(member.name, member.fn, context));
      else if (member.kind === 'property') own.push(...memberSignature(type, member.name));
      names.add(member.name);
    }
  }
  for (const base of superTypes(type)) own.push(...signaturesOf(base, depth + 1).filter((s) => !names.has(s.name)));
  return own;
}

function memberSignature(type: Type, name: string): Signature[] {
  return findMembers(type, name).flatMap((m) => {
    const fn = callable(foundMemberType(m));
    return fn ? [signature(name, fn.fn, fn.context)] : [];
  });
}

export function signature(name: string, fn: FunctionFacts, context: TypeContext): Signature {
  return {
    name,
    parameters: fn.parameters.map((p) => resolveType(p.type, context)),
    returns: fn.returns ? resolveType(fn.returns, context) : returnType({ k: 'function', fn, context }, []),
  };
}

/** `makeOrderRepository = (db): OrderRepository => ({ … })`: the closure is an implementation; without an abstraction, the repository. */
function closureRepository(draft: Draft, drafts: Drafts): FoundRepository | undefined {
  if (!/(?:Repository|Repo)$/.test(draft.name)) return undefined;
  const { declaration, scope } = draft.symbol;
  // `const orders = new OrderRepository()` is an instance of one.
  if (
    declaration.kind === 'variable' &&
    declaration.init?.e !== 'function' &&
    declaration.init?.e !== 'object' &&
    declaration.init?.e !== 'as'
  )
    return undefined;
  const context: TypeContext = { program: programOf(scope), scope };
  const value = declaration.kind === 'function' ? ({ k: 'function', fn: declaration.fn, context } as const) : symbolValueType(draft.symbol);
  const fn = callable(value);
  const made = fn ? structure(returnType(fn, [])) : structure(value);
  const symbols = carried(made);
  const abstraction = symbols.map((s) => drafts.of(s)).find((d) => d && isRepositoryName(d.name));
  const signatures = signaturesOf(abstraction ? namedType(abstraction.symbol) : made);
  if (signatures.length === 0) return undefined;
  const found = weigh(draft, signatures, [], true, false, drafts);
  if (!found) return undefined;
  return abstraction ? { ...found, implements: [abstraction] } : found;
}
