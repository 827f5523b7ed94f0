import type { ClassMember, Expression, FunctionFacts, Range } from '../../facts/facts.js';
import { closuresOf } from '../actors.js';
import { targetsOf } from '../callees.js';
import type { BlockId } from '../domain-model.js';
import type { Draft, Drafts } from '../drafts.js';
import { type Env, moduleEnv } from '../infer.js';
import { bind, type Declared, type ProgramFile } from '../program.js';
import { declarationContext, findMembers, namedType, programOf, resolveType, type Type, type TypeContext } from '../types.js';
import { roleOfBase } from '../vocabulary.js';
import { type Effect, effectsOf } from './effects.js';
import type { Lens } from './footprint.js';
import { type Condition, stepsOf } from './paths.js';
import { insideOf } from './refusals.js';
import type { Slot } from './territory.js';

/** A method or function that works on the state of one block. */
export interface Work {
  readonly draft: Draft;
  /** `Order.place`; for a function its name. */
  readonly name: string;
  readonly at: Range;
  readonly file: ProgramFile;
  readonly form: 'constructor' | 'static' | 'method' | 'get' | 'set' | 'function';
  readonly fn: FunctionFacts;
  readonly env: Env;
  readonly hidden: boolean;
  readonly member?: ClassMember;
}

/** Everything that works on a block's state: its class with the project's own bases, or the functions over its type. */
export function worksOn(draft: Draft, functions: readonly Work[]): Work[] {
  return draft.symbol.declaration.kind === 'class' ? methodsOf(draft) : functions.filter((w) => w.draft === draft);
}

function methodsOf(draft: Draft): Work[] {
  const works: Work[] = [];
  const seen = new Set<string>();
  const self = namedType(draft.symbol) as Extract<Type, { k: 'named' }>;
  const own: readonly Declared[] = [
    draft.symbol,
    ...draft.lineage.flatMap((a) => (a.via === 'extends' && a.symbol && speaksOfDomain(a.symbol) ? [a.symbol] : [])),
  ];
  for (const symbol of own) {
    const { declaration } = symbol;
    if (declaration.kind !== 'class') continue;
    for (const member of declaration.members) {
      const fn = functionOf(member);
      if (!fn?.body || member.abstract) continue;
      const form =
        member.kind === 'constructor'
          ? 'constructor'
          : member.static
            ? 'static'
            : member.kind === 'get' || member.kind === 'set'
              ? member.kind
              : 'method';
      const key = `${form === 'set' || form === 'static' ? form : ''}:${member.name}`;
      if (seen.has(key) || (form === 'static' && symbol !== draft.symbol)) continue;
      seen.add(key);
      const env = insideOf({ fn, context: contextOf(symbol, member, self) });
      works.push({
        draft,
        name: `${draft.name}.${member.kind === 'constructor' ? 'constructor' : member.name}`,
        at: member.at,
        file: symbol.file,
        form,
        fn,
        env,
        hidden: member.visibility !== 'public' && member.kind !== 'constructor' && !isHook(member.name, draft),
        member,
      });
    }
  }
  return works;
}

/** A step that a base calls: `protected validate()`. */
function isHook(name: string, draft: Draft): boolean {
  return draft.lineage.some((a) => a.symbol?.declaration.kind === 'class' && a.symbol.declaration.members.some((m) => m.name === name));
}

/** A base of the project that says something of its own, not a library-like `AggregateRoot`. */
export function speaksOfDomain(symbol: Declared): boolean {
  return (
    symbol.declaration.kind === 'class' &&
    roleOfBase(symbol.name, undefined) === undefined &&
    symbol.declaration.typeParameters.length === 0
  );
}

function functionOf(member: ClassMember): FunctionFacts | undefined {
  if (member.kind === 'method' || member.kind === 'get' || member.kind === 'set' || member.kind === 'constructor') return member.fn;
  return member.kind === 'property' && member.init?.e === 'function' ? member.init.fn : undefined;
}

function contextOf(declaring: Declared, member: ClassMember, self: Extract<Type, { k: 'named' }>): TypeContext {
  if (member.static) return { ...declarationContext(self), self: { k: 'value', symbol: self.symbol } };
  if (declaring === self.symbol) return declarationContext(self);
  const [found] = findMembers(self, member.name);
  return found?.context ?? { ...declarationContext(namedType(declaring) as Extract<Type, { k: 'named' }>), self };
}

// ── functions over a state type ───────────────────────────────────────────────────────────────────────────────────

/** `decide`, `evolve`, `addItem(order, item)`: functions that take the state of a functional aggregate, or give it. */
export function functionsOver(drafts: Drafts, lens: Lens): Work[] {
  const states = lens.territory.blocks.filter((d) => d.symbol.declaration.kind !== 'class');
  if (states.length === 0) return [];
  const names = new Set(states.flatMap((d) => [d.symbol.name, d.name]));
  const works: Work[] = [];
  for (const draft of drafts.all) {
    const { symbol } = draft;
    const { declaration } = symbol;
    if (draft.kind !== undefined || (declaration.kind !== 'function' && declaration.kind !== 'variable')) continue;
    for (const { fn, env, name, types } of functionsIn(symbol, (fn) => curried(fn).some((f) => speaksOf(f, names)), names)) {
      if (!fn.body) continue;
      const chain = curried(fn);
      const inside = insideOf({ fn, context: env.context });
      const isState = (d: Draft): boolean => states.includes(d);
      const blocksIn = (type: Type): Draft[] => partsOf(type).flatMap((t) => lens.territory.blocksOf(t).filter(isState));
      const given = chain.flatMap((f, depth) =>
        f.parameters.flatMap((p, i) =>
          lens.territory
            .blocksOf(p.type ? resolveType(p.type, inside.context) : ((depth === 0 ? types?.[i] : undefined) ?? { k: 'unknown' }))
            .filter(isState),
        ),
      );
      const returns = chain.at(-1)?.returns;
      const returned = returns ? blocksIn(resolveType(returns, inside.context)) : [];
      const [state] = [...given, ...returned];
      if (!state) continue;
      works.push({
        draft: state,
        name: symbol.outer ? `${symbol.outer.name}.${name}` : name,
        at: declaration.at,
        file: symbol.file,
        form: given.length > 0 ? 'function' : 'static',
        fn,
        env: inside,
        hidden: false,
      });
    }
  }
  return works;
}

/** `(item) => (order) => …`: a function and those it gives. */
function curried(fn: FunctionFacts): FunctionFacts[] {
  const [only, more] = fn.body ?? [];
  const given = only?.s === 'return' && !more && only.of?.e === 'function' ? only.of.fn : undefined;
  return given ? [fn, ...curried(given)] : [fn];
}

interface Written {
  readonly fn: FunctionFacts;
  readonly env: Env;
  readonly name: string;
  readonly types?: readonly (Type | undefined)[];
}

/** Told by what is written: types are asked only where the function's own say that they speak of the state. */
function functionsIn(symbol: Declared, speaks: (fn: FunctionFacts) => boolean, names: ReadonlySet<string>): Written[] {
  const { declaration } = symbol;
  const env = (): Env => moduleEnv({ program: programOf(symbol.scope), scope: symbol.scope });
  if (declaration.kind === 'function') return speaks(declaration.fn) ? [{ fn: declaration.fn, env: env(), name: symbol.name }] : [];
  if (declaration.kind !== 'variable' || !declaration.init) return [];
  const init = declaration.init.e === 'as' ? declaration.init.of : declaration.init;
  // `const decide: Decide<Order> = (command, order) => …`
  if (declaration.type && mentions(declaration.type, names))
    return closuresOf(symbol).map((c) => ({
      fn: c.fn,
      env: c.env,
      name: symbol.name,
      ...(c.parameterTypes ? { types: c.parameterTypes } : {}),
    }));
  if (init.e === 'function') return speaks(init.fn) ? [{ fn: init.fn, env: env(), name: symbol.name }] : [];
  if (init.e === 'call')
    return init.args.flatMap((a) => (a.e === 'function' && speaks(a.fn) ? [{ fn: a.fn, env: env(), name: symbol.name }] : []));
  if (init.e !== 'object') return [];
  // `export const orders = { place(order) {…}, ship: (order) => … }`
  return init.entries.flatMap((entry): Written[] => {
    const fn = entry.o === 'method' ? entry.fn : entry.o === 'property' && entry.value.e === 'function' ? entry.value.fn : undefined;
    return fn && 'name' in entry && speaks(fn) ? [{ fn, env: env(), name: `${symbol.name}.${entry.name}` }] : [];
  });
}

function speaksOf(fn: FunctionFacts, names: ReadonlySet<string>): boolean {
  return (
    (fn.returns !== undefined && mentions(fn.returns, names)) || fn.parameters.some((p) => p.type !== undefined && mentions(p.type, names))
  );
}

function partsOf(type: Type): Type[] {
  if (type.k === 'external' || type.k === 'named') return [type, ...type.args];
  return type.k === 'union' ? type.of.flatMap(partsOf) : [type];
}

function mentions(node: NonNullable<FunctionFacts['returns']>, names: ReadonlySet<string>): boolean {
  switch (node.t) {
    case 'ref':
      return (
        names.has(node.name) ||
        names.has(node.name.split('.').at(-1) ?? '') ||
        names.has(node.name.split('.')[0] ?? '') ||
        node.args.some((a) => mentions(a, names))
      );
    case 'array':
    case 'readonly':
      return mentions(node.of, names);
    case 'union':
    case 'intersection':
    case 'tuple':
      return node.of.some((a) => mentions(a, names));
    case 'function':
      return node.fn.parameters.some((p) => p.type !== undefined && mentions(p.type, names));
    default:
      return false;
  }
}

// ── events ────────────────────────────────────────────────────────────────────────────────────────────────────────

export interface Raised {
  /** The event as it is told apart, in lower case without the word event: `orderplaced`. */
  readonly key: string;
  readonly block: BlockId | undefined;
  readonly conditions: readonly Condition[];
}

/** Events made on the way of a function, own helpers followed. */
export function raisedIn(
  fn: FunctionFacts,
  env: Env,
  drafts: Drafts,
  lens: Lens,
  active: ReadonlySet<FunctionFacts> = new Set(),
): Raised[] {
  if (active.has(fn) || active.size > 4) return [];
  const inner = new Set([...active, fn]);
  return stepsOf(fn, env).flatMap((step): Raised[] => {
    const { of, conditions } = step;
    if (step.kind !== 'expression' || !of) return [];
    if (of.e === 'object') {
      const tag = of.entries.find((e) => e.o === 'property' && /^(?:type|kind|_tag|tag|name|eventName|eventType)$/.test(e.name));
      const value = tag?.o === 'property' ? tag.value : undefined;
      const text = value?.e === 'as' ? value.of : value;
      return text?.e === 'literal' && typeof text.value === 'string' && of.entries.length > 1
        ? [{ key: keyOf(text.value), block: undefined, conditions }]
        : [];
    }
    const made = of.e === 'new' ? of.callee : of.e === 'call' ? (of.callee.e === 'member' ? of.callee.of : of.callee) : undefined;
    if (made?.e === 'name' && (/^[A-Z]/.test(made.name) || (of.e === 'call' && made === of.callee))) {
      const target = bind(env.context.program, env.context.scope, made.name, 'value');
      const event = target.k === 'symbol' ? drafts.of(target.symbol) : undefined;
      if (event?.kind === 'domain-event') return [{ key: keyOf(made.name), block: event.id, conditions }];
      // `orderPlaced({ … })` makes the event of that name.
      if (of.e === 'call' && made === of.callee && EVENT_MAKER.test(made.name))
        return [{ key: keyOf(made.name), block: undefined, conditions }];
    }
    if (of.e === 'call' && of.callee.e === 'member' && (of.callee.of.e === 'this' || of.callee.of.e === 'super'))
      return targetsOf(of, step.env, lens.walk)
        .filter((t) => t.fn.body !== undefined)
        .flatMap((t) =>
          raisedIn(t.fn, insideOf(t), drafts, lens, inner).map((r) => ({ ...r, conditions: [...conditions, ...r.conditions] })),
        );
    return [];
  });
}

const EVENT_MAKER = /(?:Event|[a-z](?:ed|Created|Made|Sent|Paid))$/;

function keyOf(name: string): string {
  return name
    .replace(/Event$/i, '')
    .replaceAll(/[^A-Za-z0-9]/g, '')
    .toLowerCase();
}

const APPLIERS = /^[_#]?(?:apply|on|when|handle|mutate|evolve|reduce|process)(?:[A-Z_].*)?$/;

/** A method that changes state for an event that was decided on elsewhere. */
export function isApplier(work: Work, drafts: Drafts): boolean {
  if (work.form !== 'method' && work.form !== 'function') return false;
  if (
    work.member?.kind === 'method' &&
    work.member.decorators.some((d) => /^(?:EventHandler|Apply|Handle|On|When|EventSourcingHandler|AggregateEventHandler)$/.test(d.name))
  )
    return true;
  const name = work.name.slice(work.name.lastIndexOf('.') + 1);
  if (!APPLIERS.test(name)) return false;
  return work.fn.parameters.some((p) => {
    if (p.pattern.p === 'name' && /event|^e$|^evt$/i.test(p.pattern.name)) return true;
    const type = p.type ? resolveType(p.type, work.env.context) : undefined;
    return (
      type !== undefined &&
      partsOf(type).some((t) => t.k === 'named' && (drafts.of(t.symbol)?.kind === 'domain-event' || /Events?$/.test(t.symbol.name)))
    );
  });
}

/** What the appliers change for an event. */
export function appliedFor(key: string, appliers: readonly Work[], lens: Lens): Effect[] {
  return appliers.flatMap((work) => {
    const own = keyOf(work.name.slice(work.name.lastIndexOf('.') + 1)).endsWith(key) || decorates(work, key) || takes(work, key);
    return effectsOf(work.fn, work.env, work.draft, lens)
      .filter((effect) => own || effect.conditions.some((c) => c.holds && mentionsKey(c.test, key)))
      .map((effect) => ({ ...effect, through: [work.name, ...effect.through] }));
  });
}

function decorates(work: Work, key: string): boolean {
  return work.member?.kind === 'method' && work.member.decorators.some((d) => (d.args ?? []).some((a) => mentionsKey(a, key)));
}

function takes(work: Work, key: string): boolean {
  return work.fn.parameters.some((p) => p.type?.t === 'ref' && keyOf(p.type.name.split('.').at(-1) ?? '') === key);
}

/** `event instanceof OrderPlaced`, `event.type === 'order-placed'`, `isOrderPlaced(event)`. */
function mentionsKey(e: Expression, key: string): boolean {
  switch (e.e) {
    case 'name':
      return keyOf(e.name).endsWith(key);
    case 'literal':
      return typeof e.value === 'string' && keyOf(e.value).endsWith(key);
    case 'member':
      return keyOf(e.name) === key || mentionsKey(e.of, key);
    case 'binary':
      return mentionsKey(e.left, key) || mentionsKey(e.right, key);
    case 'call':
      return mentionsKey(e.callee, key) || e.args.some((a) => mentionsKey(a, key));
    case 'as':
    case 'unary':
      return e.e === 'unary' && e.op === '!' ? false : mentionsKey(e.of, key);
    default:
      return false;
  }
}

/** Buffers of events, whatever they are called, are no state of the business. */
export function isEventBuffer({ field }: Slot, drafts: Drafts): boolean {
  if (/^[_#]?(?:domain|uncommitted|pending|recorded|raised|new|integration)?_?(?:events?|changes)$/i.test(field.name)) return true;
  const element = field.type.k === 'array' ? field.type.of : field.type;
  return element.k === 'named' && drafts.of(element.symbol)?.kind === 'domain-event';
}
