import type { ClassDeclaration, ClassMember, Expression, Statement } from '../../facts/facts.js';
import type { BlockId } from '../domain-model.js';
import type { Draft, Drafts } from '../drafts.js';
import type { Entered } from '../handlers.js';
import { bodiesOf, eachExpression } from '../mutation.js';
import { bind } from '../program.js';
import { isListener } from '../vocabulary.js';

/** An event as a handler is registered for it: its class, or the topic it is published under. */
export interface Subscription {
  /** The same for the same event. */
  readonly key: string;
  readonly name: string;
  readonly event?: BlockId;
}

/** The registration beats the declared type: decorator, `subscribe` call, `subscribedTo()`, then what the handler says it handles. */
export function subscriptionsOf({ handler, draft, member }: Entered, drafts: Drafts): readonly Subscription[] {
  const { declaration } = draft.symbol;
  if (declaration.kind === 'class' && member) {
    const registered = decorated(declaration, member, draft, drafts);
    if (registered.length > 0) return unique(registered);
    const handedOn = registeredByCall(declaration, member, draft, drafts);
    if (handedOn.length > 0) return unique(handedOn);
    const declared = declaredBeside(declaration, draft, drafts);
    if (declared.length > 0) return unique(declared);
  }
  return handler.handles.map((id) => ({ key: id, name: id.slice(id.indexOf('#') + 1), event: id }));
}

function decorated(declaration: ClassDeclaration, member: ClassMember, draft: Draft, drafts: Drafts): Subscription[] {
  const own = member.decorators.filter((d) => isListener(d.name));
  const whole = declaration.decorators.filter((d) => /Events?(?:Handler|Listener|Subscriber|Consumer)?$/.test(d.name));
  return (own.length > 0 ? own : whole).flatMap((d) => (d.args ?? []).flatMap((a) => eventsNamed(a, draft, drafts)));
}

/** `register(this.onPlaced.bind(this), OrderPlaced.name)`, `bus.subscribe(OrderPlaced, (event) => this.onPlaced(event))`. */
function registeredByCall(declaration: ClassDeclaration, member: ClassMember, draft: Draft, drafts: Drafts): Subscription[] {
  const found: Subscription[] = [];
  for (const body of bodiesOf(declaration)) {
    eachExpression(body, (e) => {
      if (e.e !== 'call' || !e.args.some((a) => refersTo(a, member.name))) return;
      for (const arg of e.args) if (!refersTo(arg, member.name)) found.push(...eventsNamed(arg, draft, drafts));
    });
  }
  return found;
}

function refersTo(arg: Expression, method: string): boolean {
  if (arg.e === 'member') return arg.of.e === 'this' && arg.name === method;
  if (arg.e === 'call') return arg.callee.e === 'member' && arg.callee.name === 'bind' && refersTo(arg.callee.of, method);
  if (arg.e !== 'function') return false;
  let refers = false;
  eachExpression(arg.fn.body ?? [], (e) => {
    if (e.e === 'call' && refersTo(e.callee, method)) refers = true;
  });
  return refers;
}

const SAYS_WHAT =
  /^(?:subscribedTo|subscribesTo|getSubscribedEvents|subscribedEvents|listensTo|handledEvents?|supportedEvents?|getEventName|getEventType|eventName|eventType|event|events|topic)$/;

/** `subscribedTo() { return [OrderPlaced] }`, `static readonly event = OrderPlaced`. */
function declaredBeside(declaration: ClassDeclaration, draft: Draft, drafts: Drafts): Subscription[] {
  return declaration.members.flatMap((m) => {
    if (!SAYS_WHAT.test(m.name)) return [];
    if (m.kind === 'property') return m.init ? eventsNamed(m.init, draft, drafts) : [];
    if (m.kind !== 'method' && m.kind !== 'get') return [];
    return (m.fn.body ?? []).flatMap((s) => (s.s === 'return' && s.of ? eventsNamed(s.of, draft, drafts) : []));
  });
}

/** `OrderPlaced`, `OrderPlaced.name`, `[A, B]`, `'order.placed'`, `Topics.ORDER_PLACED`, `{ routingKey: 'order.placed' }`. */
function eventsNamed(e: Expression, draft: Draft, drafts: Drafts): Subscription[] {
  switch (e.e) {
    case 'literal':
      return typeof e.value === 'string' ? [{ key: `topic:${e.value}`, name: `'${e.value}'` }] : [];
    case 'array':
      return e.elements.flatMap((x) => (x ? eventsNamed(x, draft, drafts) : []));
    case 'as':
      return eventsNamed(e.of, draft, drafts);
    case 'object':
      return e.entries.flatMap((entry) =>
        entry.o === 'property' && /^(?:routingKey|topic|event|eventName|pattern)$/.test(entry.name)
          ? eventsNamed(entry.value, draft, drafts)
          : [],
      );
    case 'name':
    case 'member': {
      const [head, ...path] = dotted(e);
      if (head === undefined) return [];
      const target = bind(drafts.program, draft.symbol.scope, head, 'value');
      if (target.k !== 'symbol') return [];
      const { symbol } = target;
      const last = path.at(-1);
      const kind = drafts.of(symbol)?.kind;
      // What is registered for is an event, whatever else is known of it; the handler itself is none.
      const isMessage = symbol.declaration.kind === 'class' && (kind === undefined || kind === 'command' || kind === 'value-object');
      if (kind === 'domain-event' || (isMessage && (last === undefined || last === 'name')))
        return [{ key: symbol.id, name: symbol.name, event: symbol.id }];
      if (symbol.declaration.kind === 'class' && last === undefined) return [];
      const value = symbol.declaration.kind === 'variable' && last === undefined ? symbol.declaration.init : undefined;
      if (value?.e === 'literal' && typeof value.value === 'string') return eventsNamed(value, draft, drafts);
      return last === undefined ? [] : [{ key: `${symbol.id}.${path.join('.')}`, name: [head, ...path].join('.') }];
    }
    default:
      return [];
  }
}

function dotted(e: Expression): string[] {
  if (e.e === 'name') return [e.name];
  if (e.e !== 'member') return [];
  const owner = dotted(e.of);
  return owner.length > 0 ? [...owner, e.name] : [];
}

function unique(found: readonly Subscription[]): Subscription[] {
  return [...new Map(found.map((s) => [s.key, s])).values()];
}

// ── events that are always raised together ────────────────────────────────────────────────────────────────────────

/** For each event those that the same block of code always raises beside it. */
export function raisedTogether(drafts: Drafts): ReadonlyMap<BlockId, ReadonlySet<BlockId>> {
  const beside = new Map<BlockId, Set<BlockId>>();
  for (const draft of drafts.all) {
    if (draft.base || (draft.kind !== 'aggregate-root' && draft.kind !== 'entity')) continue;
    for (const body of bodiesOf(draft.symbol.declaration)) {
      for (const block of blocksOf(body)) {
        const raised = new Set(block.flatMap((s) => (s.s === 'expression' ? raisedBy(s.of, draft, drafts) : [])));
        for (const event of raised) {
          const known = beside.get(event);
          beside.set(event, known ? new Set([...known].filter((other) => raised.has(other))) : raised);
        }
      }
    }
  }
  return beside;
}

function blocksOf(body: readonly Statement[]): (readonly Statement[])[] {
  const inner = body.flatMap((s) => {
    switch (s.s) {
      case 'if':
        return [s.yes, s.no ?? []];
      case 'loop':
      case 'each':
      case 'block':
        return [s.body];
      case 'try':
        return [s.body, s.catch ?? [], s.finally ?? []];
      case 'switch':
        return s.cases.map((c) => c.body);
      default:
        return [];
    }
  });
  return [body, ...inner.flatMap(blocksOf)];
}

/** `this.raise(new OrderPlaced(…))`, `this.events.push(OrderPlaced.of(…))`. */
function raisedBy(e: Expression, draft: Draft, drafts: Drafts): BlockId[] {
  if (e.e !== 'call') return [];
  return e.args.flatMap((arg) => {
    const made =
      arg.e === 'new' && arg.callee.e === 'name'
        ? arg.callee.name
        : arg.e === 'call' && arg.callee.e === 'member' && arg.callee.of.e === 'name'
          ? arg.callee.of.name
          : undefined;
    const target = made === undefined ? undefined : bind(drafts.program, draft.symbol.scope, made, 'value');
    return target?.k === 'symbol' && drafts.of(target.symbol)?.kind === 'domain-event' ? [target.symbol.id] : [];
  });
}
