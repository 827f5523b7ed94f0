import type { ClassMember, Expression, FunctionFacts, OpenReceiver, Range, Statement } from '../facts/facts.js';
import { closuresOf, isTemplateStep } from './actors.js';
import type { BlockId, Handler, Raise, Write, WritePair } from './domain-model.js';
import type { Draft, Drafts } from './drafts.js';
import type { FunctionPort } from './function-ports.js';
import type { Env } from './infer.js';
import { changedBy, eachExpression } from './mutation.js';
import { bind, type Declared, type ProgramFile, spanOf } from './program.js';
import type { FoundRepository } from './repositories.js';
import { declarationContext, namedType, programOf, resolveType, type Type, type TypeContext } from './types.js';
import { isListener, isRepositoryName, isWriteName } from './vocabulary.js';
import type { RawPair, RawWrite, Summary, WriteModel } from './write-flow.js';
import { summarize } from './writes.js';

const KIND_OF = {
  'command-handler': 'command-handler',
  'event-handler': 'event-handler',
  'query-handler': 'query-handler',
  'application-service': 'application-service',
  'domain-service': 'domain-service',
  saga: 'saga',
} as const;

interface Entry {
  readonly draft: Draft;
  readonly member?: ClassMember;
  readonly name: string;
  readonly at: Range;
  readonly kind: Handler['kind'];
  readonly fn: FunctionFacts;
  /** The environment around the function. */
  readonly around: Around;
  readonly summary: () => Summary;
  readonly transactional: string | undefined;
  readonly handles: readonly BlockId[];
}

/** Where a handler's function stands: what its names are looked up in. */
export interface Around {
  readonly context: TypeContext;
  readonly parent?: Env;
  readonly parameterTypes?: readonly (Type | undefined)[];
}

/** A handler together with its code, for what is asked of few. */
export interface Entered {
  readonly handler: Handler;
  readonly draft: Draft;
  /** The method, where it is one of a class. */
  readonly member?: ClassMember;
  readonly fn: FunctionFacts;
  readonly around: Around;
  readonly writes: readonly RawWrite[];
}

/** Finds the handlers, follows what each writes, and who raises which event. */
export function findHandlers(
  drafts: Drafts,
  repositories: readonly FoundRepository[],
  ports: readonly FunctionPort[],
  rootsOf: (draft: Draft) => readonly Draft[],
): { handlers: Handler[]; entered: Entered[]; raises: Raise[]; open: OpenReceiver[] } {
  const byRepository = new Map<Declared, FoundRepository>();
  for (const r of repositories)
    if (r.draft.kind === 'repository' || r.draft.kind === 'repository-implementation') byRepository.set(r.draft.symbol, r);
  const portBySymbol = new Map(ports.map((p) => [p.draft.symbol, p]));
  const collected = collectionStyle(repositories, drafts);
  const statesOfOne = statesAmong(repositories, drafts);
  const handling = new Set<FunctionFacts>();
  const model: WriteModel = {
    drafts,
    repositoryOf: (symbol) => byRepository.get(symbol),
    portOf: (symbol) => portBySymbol.get(symbol),
    rootsOf,
    collectionStyle: collected,
    isHandler: (fn) => handling.has(fn),
    curried: new Set(
      drafts.all.flatMap((d) =>
        d.kind !== undefined && d.symbol.declaration.kind !== 'class' ? closuresOf(d.symbol).map((c) => c.fn) : [],
      ),
    ),
    suspects: suspectNames(drafts, repositories, collected),
    summaries: new Map(),
    active: new Set(),
    cut: { times: 0, lifted: 0, summaries: new Map(), followed: new Map(), places: new Map(), handlers: new Map() },
    open: new Map(),
  };
  const entries = drafts.all.flatMap((draft) => entriesOf(draft, drafts, model));
  for (const entry of entries) if (entry.kind !== 'domain-service') handling.add(entry.fn);
  const idOf = new Map(entries.map((e) => [e.fn, `${e.draft.symbol.file.facts.file}#${e.name}`]));
  const entered = entries.flatMap((entry): Entered[] => {
    const { draft, member, fn, around } = entry;
    const summary = entry.summary();
    if (summary.writes.length === 0 && entry.handles.length === 0 && entry.kind !== 'command-handler') return [];
    const made = handler(entry, summary, idOf, statesOfOne);
    return [{ handler: made, draft, ...(member ? { member } : {}), fn, around, writes: summary.writes }];
  });
  const handlers = withOuterTransactions(entered.map((e) => e.handler));
  return { handlers, entered, raises: findRaises(drafts), open: [...model.open.values()] };
}

/** Where a caller wraps the handler that makes both writes into a transaction, that transaction spans them. */
function withOuterTransactions(handlers: readonly Handler[]): Handler[] {
  const outer = new Map<string, WritePair['transaction']>();
  for (const h of handlers) for (const pair of h.together) if (pair.within && pair.transaction) outer.set(pair.within, pair.transaction);
  return handlers.map((h) => {
    const transaction = outer.get(h.id);
    return transaction
      ? { ...h, together: h.together.map((pair) => (pair.transaction || pair.within ? pair : { ...pair, transaction })) }
      : h;
  });
}

function entriesOf(draft: Draft, drafts: Drafts, model: WriteModel): Entry[] {
  const { kind, symbol } = draft;
  const { declaration } = symbol;
  if (kind === undefined || !(kind in KIND_OF) || draft.base) return [];
  const handlerKind = KIND_OF[kind as keyof typeof KIND_OF];
  if (declaration.kind === 'variable' || declaration.kind === 'function') {
    return closuresOf(symbol)
      .slice(0, 1)
      .map((closure) => ({
        draft,
        name: draft.name,
        at: declaration.at,
        kind: handlerKind,
        fn: closure.fn,
        around: {
          context: closure.env.context,
          parent: closure.env,
          ...(closure.parameterTypes ? { parameterTypes: closure.parameterTypes } : {}),
        },
        summary: () => closureSummary(model, closure.fn, closure.env, closure.parameterTypes),
        transactional: undefined,
        handles: [],
      }));
  }
  if (declaration.kind !== 'class') return [];
  const context = declarationContext(namedType(symbol) as Extract<Type, { k: 'named' }>);
  const referenced = methodsHandedOn(declaration.members);
  const isController = declaration.decorators.some((d) => /^(?:Controller|Resolver|RestController)$/.test(d.name));
  return declaration.members.flatMap((member) => {
    const fn =
      member.kind === 'method' ? member.fn : member.kind === 'property' && member.init?.e === 'function' ? member.init.fn : undefined;
    if (!fn?.body || member.kind === 'static-block') return [];
    const listens = member.decorators.some((d) => isListener(d.name));
    if (isController && !listens) return [];
    if (member.static && !/^(?:handle|execute|reduce)$/.test(member.name)) return [];
    // Filling a database is no use case.
    if (/^seed(?![a-z])/i.test(member.name) || /Seed(?:er)?(?:Service)?$/.test(draft.name)) return [];
    // `subscribedTo()` says what it listens to; it handles nothing.
    if (kind === 'event-handler' && !listens && fn.parameters.length === 0 && !member.decorators.length) return [];
    // A subscriber that registers its methods itself is entered through those.
    if (kind === 'event-handler' && referenced.size > 0 && !referenced.has(member.name) && !listens) return [];
    const entered =
      member.visibility === 'public' ||
      referenced.has(member.name) ||
      (member.visibility === 'protected' && isTemplateStep(member.name, draft));
    if (!entered) return [];
    const transactional =
      member.decorators.find((d) => /transaction/i.test(d.name)) ?? declaration.decorators.find((d) => /transaction/i.test(d.name));
    return [
      {
        draft,
        member,
        name: `${draft.name}.${member.name}`,
        at: member.at,
        kind: listens ? 'event-handler' : handlerKind,
        fn,
        around: { context },
        summary: () => summarize(model, fn, context),
        transactional: transactional ? `@${transactional.name}` : undefined,
        handles: handledMessages(draft, member, drafts),
      },
    ];
  });
}

/** A closure that returns the handler: what the returned function writes is the handler's. */
function closureSummary(
  model: WriteModel,
  fn: FunctionFacts,
  env: Env,
  parameterTypes: readonly (Type | undefined)[] | undefined,
): Summary {
  return summarize(model, fn, env.context, env, parameterTypes);
}

/** Private methods passed as values: `register(this.onPlaced.bind(this))`. */
function methodsHandedOn(members: readonly ClassMember[]): Set<string> {
  const found = new Set<string>();
  const called = new Set<Expression>();
  const statements: Statement[] = members.flatMap((m) => (m.kind === 'method' || m.kind === 'constructor' ? [...(m.fn.body ?? [])] : []));
  eachExpression(statements, (e) => {
    if (e.e === 'call') {
      if (e.callee.e === 'member' && e.callee.name === 'bind' && e.callee.of.e === 'member') {
        if (e.callee.of.of.e === 'this') found.add(e.callee.of.name);
      } else called.add(e.callee);
      for (const arg of e.args) if (arg.e === 'member' && arg.of.e === 'this') found.add(arg.name);
    }
  });
  return found;
}

function handledMessages(draft: Draft, member: ClassMember, drafts: Drafts): BlockId[] {
  const { symbol } = draft;
  if (symbol.declaration.kind !== 'class') return [];
  const program = programOf(symbol.scope);
  const found = new Set<BlockId>();
  const add = (target: Declared | undefined): void => {
    const kind = target && drafts.of(target)?.kind;
    if (target && (kind === 'domain-event' || kind === 'command' || kind === 'query')) found.add(target.id);
  };
  // A decorator beats a heritage type argument, and both the declared parameter.
  for (const decorator of [...member.decorators, ...symbol.declaration.decorators]) {
    for (const arg of decorator.args ?? []) {
      for (const name of names(arg)) {
        const bound = bind(program, symbol.scope, name, 'value');
        if (bound.k === 'symbol') add(bound.symbol);
      }
    }
  }
  if (found.size > 0) return [...found];
  for (const ancestor of draft.lineage) {
    if (ancestor.type.k !== 'named' && ancestor.type.k !== 'external') continue;
    for (const arg of ancestor.type.args) for (const part of arg.k === 'union' ? arg.of : [arg]) if (part.k === 'named') add(part.symbol);
  }
  if (found.size > 0) return [...found];
  if (draft.kind === 'event-handler' || draft.kind === 'command-handler') {
    const fn = member.kind === 'method' ? member.fn : undefined;
    const type = fn?.parameters[0]?.type;
    if (type) {
      const resolved = resolveType(type, declarationContext(namedType(symbol) as Extract<Type, { k: 'named' }>));
      for (const part of resolved.k === 'union' ? resolved.of : [resolved]) if (part.k === 'named') add(part.symbol);
    }
  }
  return [...found];
}

function names(expression: Expression): string[] {
  if (expression.e === 'name') return [expression.name];
  if (expression.e === 'member') return expression.of.e === 'name' ? [expression.of.name, `${expression.of.name}.${expression.name}`] : [];
  if (expression.e === 'array') return expression.elements.flatMap((e) => (e ? names(e) : []));
  if (expression.e === 'object') return expression.entries.flatMap((e) => (e.o === 'property' ? names(e.value) : []));
  return [];
}

function handler(entry: Entry, summary: Summary, idOf: ReadonlyMap<FunctionFacts, string>, statesOfOne: StatesOfOne): Handler {
  const { draft } = entry;
  const file: ProgramFile = draft.symbol.file;
  const seen = new Set<string>();
  const writes = summary.writes.map(write).filter((w) => {
    const key = `${w.aggregate}|${w.at.file}:${w.at.line}:${w.at.column}`;
    if (seen.has(key)) return false;
    seen.add(key);
    return true;
  });
  return {
    id: `${file.facts.file}#${entry.name}`,
    name: entry.name,
    kind: entry.kind,
    block: draft.id,
    at: spanOf(file.facts, entry.at),
    handles: entry.handles,
    writes,
    together: pairs(summary.pairs, entry, idOf, file, statesOfOne),
  };
}

function write(raw: RawWrite): Write {
  return {
    aggregate: raw.aggregate.id,
    ...(raw.member ? { member: raw.member.id } : {}),
    at: raw.at,
    call: raw.call,
    how: raw.how,
    inLoop: raw.inLoop,
    through: raw.through,
  };
}

type StatesOfOne = (a: Draft, b: Draft) => boolean;

/** Types that one parameter of a repository takes as a union: one root in several states. */
function statesAmong(repositories: readonly FoundRepository[], drafts: Drafts): StatesOfOne {
  const group = new Map<Draft, Declared>();
  for (const repository of repositories) {
    for (const [state, first] of repository.states) {
      const draft = drafts.of(state);
      if (draft) group.set(draft, first);
    }
  }
  return (a, b) => group.has(a) && group.get(a) === group.get(b);
}

/** One pair for each two aggregates: the first place each is written. */
function pairs(
  raw: readonly RawPair[],
  entry: Entry,
  idOf: ReadonlyMap<FunctionFacts, string>,
  file: ProgramFile,
  statesOfOne: StatesOfOne,
): WritePair[] {
  const found = new Map<string, WritePair>();
  for (const { first, second, within } of raw) {
    const sameType = first.aggregate === second.aggregate;
    if (sameType ? !separateInstances(first, second) : statesOfOne(first.aggregate, second.aggregate)) continue;
    const key = [first.aggregate.id, second.aggregate.id].sort().join('|');
    const inner = within && within !== entry.fn ? idOf.get(within) : undefined;
    const known = found.get(key);
    // A pair that this handler makes itself stands before one that it only calls.
    if (known && (known.within === undefined || inner !== undefined)) continue;
    const transaction =
      first.transaction && second.transaction && first.transaction.at === second.transaction.at
        ? first.transaction
        : entry.transactional
          ? { name: entry.transactional, at: spanOf(file.facts, entry.at) }
          : undefined;
    found.set(key, {
      first: write(first),
      second: write(second),
      sameType,
      ...(transaction ? { transaction } : {}),
      ...(inner ? { within: inner } : {}),
    });
  }
  return [...found.values()];
}

/** Two variables, each obtained on its own and changed; a loop over instances of one type is no pair. */
function separateInstances(first: RawWrite, second: RawWrite): boolean {
  if (first.member || second.member || !first.instance || !second.instance || first.instance === second.instance) return false;
  // Across a call it is not known which instance is which.
  if (first.through.join() !== second.through.join()) return false;
  if (first.inLoop || second.inLoop || first.how === 'remove' || second.how === 'remove') return false;
  if (!('pattern' in first.instance) || !('pattern' in second.instance)) return false;
  if (!first.changed || !second.changed) return false;
  return first.instance.name !== second.instance.name && isObtained(first.instance.init) && isObtained(second.instance.init);
}

function isObtained(init: Expression | undefined): boolean {
  if (!init) return false;
  if (init.e === 'await' || init.e === 'as' || init.e === 'member') return isObtained(init.of);
  if (init.e === 'name') return true;
  return init.e === 'call' || init.e === 'new' || init.e === 'binary';
}

/** A repository without a save keeps what it hands out: every change of a loaded root is a write. */
function collectionStyle(repositories: readonly FoundRepository[], drafts: Drafts): (root: Draft) => boolean {
  const styles = new Map<Draft, boolean>();
  for (const repository of repositories) {
    if (repository.draft.kind !== 'repository') continue;
    for (const symbol of repository.keeps) {
      const root = drafts.of(symbol);
      if (!root) continue;
      const saves = repository.writeMethods.some((m) =>
        /^(?:save|store|update|upsert|persist|put|replace|merge|set|write|insert|create|commit|sync|transactional)/i.test(m),
      );
      const adds = repository.writeMethods.some((m) => /^(?:add|append|register)/.test(m));
      styles.set(root, (styles.get(root) ?? true) && !saves && adds && repository.readMethods.length > 0);
    }
  }
  return (root) => styles.get(root) ?? false;
}

/**
 * Names of methods through which a write may be reached, closed over calls by name alone: receivers are typed only for
 * calls of these.
 */
function suspectNames(drafts: Drafts, repositories: readonly FoundRepository[], collected: (root: Draft) => boolean): Set<string> {
  const names = new Set<string>([
    'save',
    'persist',
    'flush',
    'persistAndFlush',
    'removeAndFlush',
    'remove',
    'delete',
    'insert',
    'update',
    'upsert',
    'append',
    'commit',
    'create',
    'store',
    'add',
    'put',
    'destroy',
    'softRemove',
    'softDelete',
    'nativeUpdate',
    'nativeInsert',
    'nativeDelete',
    'saveChanges',
    'complete',
  ]);
  for (const r of repositories) for (const m of r.writeMethods) names.add(m);
  // What changes a root that is never saved by name: a unit of work, or a repository without a save, writes it.
  for (const draft of drafts.all) {
    const { declaration } = draft.symbol;
    if ((draft.kind !== 'aggregate-root' && draft.kind !== 'entity') || declaration.kind !== 'class' || !(draft.mapped || collected(draft)))
      continue;
    for (const m of declaration.members) if (m.kind === 'method' && changedBy(draft.symbol, m.name).size > 0) names.add(m.name);
  }
  const callers: { name: string; calls: Set<string> }[] = [];
  const collect = (name: string, body: readonly Statement[] | undefined): void => {
    if (!body) return;
    const calls = new Set<string>();
    eachExpression(body, (e) => {
      if (e.e === 'member') calls.add(e.name);
      else if (e.e === 'call' && e.callee.e === 'name') calls.add(e.callee.name);
      else if (e.e === 'object') {
        for (const entry of e.entries) {
          if (entry.o === 'property' && entry.value.e === 'function') collect(entry.name, entry.value.fn.body);
          else if (entry.o === 'method') collect(entry.name, entry.fn.body);
        }
      }
      if (e.e === 'member' && isWriteName(e.name) && e.of.e === 'member' && isRepositoryName(e.of.name)) names.add(e.name);
    });
    callers.push({ name, calls });
  };
  const seenFiles = new Set<ProgramFile>();
  for (const draft of drafts.all) {
    const { declaration } = draft.symbol;
    seenFiles.add(draft.symbol.file);
    if (declaration.kind === 'class') {
      for (const m of declaration.members) {
        if (m.kind === 'method' || m.kind === 'get' || m.kind === 'constructor') collect(m.name, m.fn.body);
        else if (m.kind === 'property' && m.init) collect(m.name, [{ s: 'expression', of: m.init }]);
      }
    } else if (declaration.kind === 'function') collect(draft.name, declaration.fn.body);
    else if (declaration.kind === 'variable' && declaration.init) collect(draft.name, [{ s: 'expression', of: declaration.init }]);
  }
  for (let grew = true; grew; ) {
    grew = false;
    for (const caller of callers) {
      if (names.has(caller.name)) continue;
      for (const call of caller.calls) {
        if (!names.has(call)) continue;
        names.add(caller.name);
        grew = true;
        break;
      }
    }
  }
  return names;
}

/** `new OrderPlaced(…)` or a factory of it inside a root, a member or one of their bases. */
function findRaises(drafts: Drafts): Raise[] {
  const found: Raise[] = [];
  for (const draft of drafts.all) {
    const { declaration } = draft.symbol;
    if ((draft.kind !== 'aggregate-root' && draft.kind !== 'entity') || draft.base || declaration.kind !== 'class') continue;
    const program = programOf(draft.symbol.scope);
    const seen = new Set<BlockId>();
    for (const member of declaration.members) {
      if (member.kind !== 'method' && member.kind !== 'constructor' && member.kind !== 'set') continue;
      eachExpression(member.fn.body ?? [], (e) => {
        const made =
          e.e === 'new' && e.callee.e === 'name'
            ? e.callee.name
            : e.e === 'call' && e.callee.e === 'member' && e.callee.of.e === 'name'
              ? e.callee.of.name
              : undefined;
        if (made === undefined) return;
        const target = bind(program, draft.symbol.scope, made, 'value');
        if (target.k !== 'symbol' || drafts.of(target.symbol)?.kind !== 'domain-event' || seen.has(target.symbol.id)) return;
        seen.add(target.symbol.id);
        found.push({ event: target.symbol.id, by: draft.id, at: spanOf(draft.symbol.file.facts, e.at) });
      });
    }
  }
  return found;
}
