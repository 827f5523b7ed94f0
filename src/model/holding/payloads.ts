import type { FunctionFacts, Range, TypeNode } from '../../facts/facts.js';
import { type DrawnAggregate, holdings } from '../boundaries.js';
import type { Payload } from '../domain-model.js';
import type { Draft, Drafts } from '../drafts.js';
import { type Declared, type ProgramFile, type Scope, spanOf } from '../program.js';
import { describe, type Held, held, properties, type StateField, stateOf } from '../state.js';
import { lastPart, typeText } from '../text.js';
import { programOf, resolveType, type Type } from '../types.js';
import { isOrm, roleOfBase } from '../vocabulary.js';
import { shapesAmong } from './shapes.js';

/** The roots and entities that domain events and commands store: in fields, in generic envelopes, in what factories make. */
export function findPayloads(aggregates: readonly DrawnAggregate[], drafts: Drafts): Payload[] {
  const asked: Asked = { drafts, isShape: shapesAmong(aggregates, drafts) };
  const found = drafts.all.flatMap((draft) =>
    isMessage(draft) ? [...fieldPayloads(draft, asked), ...basePayloads(draft, asked)] : factoryPayloads(draft, asked),
  );
  return byPlace(found);
}

interface Asked {
  readonly drafts: Drafts;
  readonly isShape: (draft: Draft) => boolean;
}

function isMessage(draft: Draft): draft is Draft & { readonly kind: Payload['of'] } {
  // A mapped one is a row of messages.
  return (
    (draft.kind === 'domain-event' || draft.kind === 'command') &&
    !draft.base &&
    !draft.mapped &&
    !draft.evidence.some((e) => e.role === 'entity' && e.kind === 'heritage')
  );
}

function fieldPayloads(draft: Draft & { readonly kind: Payload['of'] }, asked: Asked): Payload[] {
  return holdings(draft, asked.drafts).flatMap(({ field, held: h }) => {
    if (onlyListed(h.symbol, field.type, asked.drafts)) return [];
    const carries = carriedBlock(h.symbol, field.type, draft.kind === 'domain-event' && field.via !== 'property-bag', asked);
    if (!carries) return [];
    const common = { message: draft.name, of: draft.kind, carries: carries.id, collection: h.as !== 'value' };
    if (!isWrittenThere(field, draft, carries, asked.drafts)) return [{ ...common, ...atName(draft, 'envelope', describe(field.type)) }];
    const inherited = field.via !== 'property-bag' && field.declaredIn !== undefined && field.declaredIn !== draft.symbol;
    return [
      {
        ...common,
        symbol: `${inherited ? field.declaredIn?.name : draft.name}.${field.name}`,
        at: spanOf(field.file.facts, field.at),
        via: 'field',
        type: field.text,
        inheritedBy: inherited ? [draft.name] : [],
      } satisfies Payload,
    ];
  });
}

/** A base of an uninstalled library says what it carries by its type argument. A class shows in its fields what an interface asks of it. */
function basePayloads(draft: Draft & { readonly kind: Payload['of'] }, asked: Asked): Payload[] {
  return draft.lineage.flatMap(({ type, via, name, module }) => {
    if (type.k !== 'external' || type.value || via !== 'extends' || !isMessageBase(name, module)) return [];
    return type.args.flatMap((arg) =>
      isPlain(arg, asked.drafts)
        ? entryPayloads(draft, arg, asked)
        : held(arg, (symbol) => asked.drafts.of(symbol)?.kind !== undefined).flatMap((h) => {
            const carries = carriedBlock(h.symbol, arg, true, asked);
            return carries
              ? [
                  {
                    message: draft.name,
                    of: draft.kind,
                    carries: carries.id,
                    collection: h.as !== 'value',
                    ...atName(draft, 'envelope', describe(type)),
                  },
                ]
              : [];
          }),
    );
  });
}

/** The entries of an object type are state of the message itself: a class's bag shows them among its fields. */
function entryPayloads(draft: Draft & { readonly kind: Payload['of'] }, data: Type, asked: Asked): Payload[] {
  if (draft.symbol.declaration.kind === 'class') return [];
  return properties(data).flatMap((entry) =>
    onlyIn(entry.type, asked.drafts).flatMap((h) => {
      const carries = carriedBlock(h.symbol, entry.type, false, asked);
      return carries
        ? [
            {
              message: draft.name,
              of: draft.kind,
              carries: carries.id,
              symbol: `${draft.name}.${entry.name}`,
              at: spanOf(entry.file.facts, entry.at),
              via: 'field',
              type: entry.node ? typeText(entry.node) : describe(entry.type),
              collection: h.as !== 'value',
              inheritedBy: [],
            } satisfies Payload,
          ]
        : [];
    }),
  );
}

function onlyIn(type: Type, drafts: Drafts): readonly Held[] {
  return held(type, (symbol) => drafts.of(symbol)?.kind !== undefined).filter((h) => !onlyListed(h.symbol, type, drafts));
}

function isPlain(type: Type, drafts: Drafts): boolean {
  if (type.k === 'named') return type.symbol.declaration.kind !== 'class' && drafts.of(type.symbol)?.kind === undefined;
  return type.k === 'object' || type.k === 'literal-object';
}

/** `const orderPlaced = (order: Order): Event<Order> => ({ … })`: the event has no declaration of its own. */
function factoryPayloads(draft: Draft, asked: Asked): Payload[] {
  const { declaration, scope, file } = draft.symbol;
  const functions: { readonly fn: FunctionFacts; readonly name: string; readonly at: Range }[] = [];
  if (declaration.kind === 'function') functions.push({ fn: declaration.fn, name: draft.name, at: declaration.at });
  else if (declaration.kind === 'variable' && declaration.init?.e === 'function')
    functions.push({ fn: declaration.init.fn, name: draft.name, at: declaration.at });
  else if (declaration.kind === 'class')
    for (const m of declaration.members)
      if (m.kind === 'method' && m.static) functions.push({ fn: m.fn, name: `${draft.name}.${m.name}`, at: m.at });
  return functions.flatMap(({ fn, name, at }) => {
    const returns = envelope(fn.returns);
    if (!returns) return [];
    const type = resolveType(returns, { program: programOf(scope), scope });
    return stored(type, asked.drafts).flatMap((h) => {
      const carries = carriedBlock(h.symbol, type, true, asked);
      if (!carries) return [];
      return [
        {
          message: name,
          of: roleOfBase(lastPart(returns.name), undefined) === 'command' ? 'command' : 'domain-event',
          carries: carries.id,
          symbol: name,
          at: spanOf(file.facts, at),
          via: 'factory',
          type: typeText(returns),
          collection: h.as !== 'value',
          inheritedBy: [],
        } satisfies Payload,
      ];
    });
  });
}

/** A return type that is a generic message: asked of every function, so by its name before anything is resolved. */
function envelope(node: TypeNode | undefined): Extract<TypeNode, { t: 'ref' }> | undefined {
  if (node?.t !== 'ref' || node.args.length === 0) return undefined;
  return isMessageBase(lastPart(node.name), undefined) ? node : undefined;
}

/** What a value of a generic message type keeps: by its properties where its declaration is known, else by its arguments. */
function stored(type: Type, drafts: Drafts): readonly Held[] {
  const isBlock = (symbol: Declared): boolean => drafts.of(symbol)?.kind !== undefined;
  if (type.k === 'external') return type.args.flatMap((arg) => held(arg, isBlock));
  if (type.k !== 'named') return [];
  if (type.symbol.declaration.kind !== 'class') return properties(type).flatMap((p) => held(p.type, isBlock));
  const generic = new Set(type.symbol.declaration.typeParameters.map((p) => p.name));
  const keeps = stateOf(type.symbol).some((f) => f.type.k === 'parameter' && generic.has(f.type.name));
  return keeps ? type.args.flatMap((arg) => held(arg, isBlock)) : [];
}

function isMessageBase(name: string, module: string | undefined): boolean {
  const role = roleOfBase(name, module);
  return role === 'domain-event' || role === 'command' || (role === undefined && /(?:Event|Message|Envelope)(?:Detail)?$/.test(name));
}

/**
 * The contract of an entity counts where an event's field is typed by it: in a command, or deep in a payload type, it is the
 * plain data of one.
 */
function carriedBlock(symbol: Declared, type: Type, byContract: boolean, { drafts, isShape }: Asked): Draft | undefined {
  const draft = drafts.of(symbol);
  if (!draft || (draft.kind !== 'aggregate-root' && draft.kind !== 'entity') || isShape(draft)) return undefined;
  // `DomainEvent<T extends AggregateRoot>`: what a message carries is said where it is made concrete.
  if (draft.base && roleOfBase(draft.name, undefined) !== undefined) return undefined;
  const isContract = draft.symbol !== symbol && symbol.declaration.kind === 'interface';
  return isContract && !(byContract && names(type, symbol)) ? undefined : draft;
}

/** The type itself, or what it is a list or wrapper of. */
function names(type: Type, symbol: Declared): boolean {
  switch (type.k) {
    case 'named':
      return type.symbol === symbol || type.args.some((t) => names(t, symbol));
    case 'external':
      return type.args.some((t) => names(t, symbol));
    case 'array':
      return names(type.of, symbol);
    case 'union':
    case 'tuple':
      return type.of.some((t) => names(t, symbol));
    default:
      return false;
  }
}

/** `Partial<Order>`, `Omit<Order, 'lines'>` and an ORM's `FindOptionsWhere<Order>` list properties of an order, and are none. */
function onlyListed(symbol: Declared, type: Type, drafts: Drafts): boolean {
  const parts = type.k === 'union' ? type.of : [type];
  const listing = parts.filter(listsProperties);
  return (
    listing.length > 0 &&
    !parts.some((t) => !listing.includes(t) && held(t, (s) => drafts.of(s)?.kind !== undefined).some((h) => h.symbol === symbol))
  );
}

function listsProperties(type: Type): boolean {
  switch (type.k) {
    case 'array':
      return listsProperties(type.of);
    case 'external':
      return type.module === undefined
        ? /^(?:Partial|Omit|Pick|DeepPartial)$/.test(type.name)
        : isOrm(type.module) &&
            !/^(?:Ref|Loaded|Collection|Reference|IdentifiedReference|Rel|Relation|HydratedDocument|Document)$/.test(type.name);
    default:
      return false;
  }
}

/** False where the field only has a type parameter, and the block came with the argument. */
function isWrittenThere(field: StateField, message: Draft, carries: Draft, drafts: Drafts): boolean {
  const { symbol } = message;
  const [start, end] = symbol.declaration.span;
  if (field.file === symbol.file && field.at[0] >= start && field.at[1] <= end) return true;
  if (!field.node) return true;
  const scope = scopeAround(field, field.declaredIn);
  return held(resolveType(field.node, { program: programOf(scope), scope }), (s) => drafts.of(s)?.kind !== undefined).some(
    (h) => drafts.of(h.symbol) === carries,
  );
}

function scopeAround(field: StateField, declaredIn: Declared | undefined): Scope {
  if (declaredIn) return declaredIn.scope;
  const inner = innermost(field.file, field.at);
  return inner ?? field.file.scope;
}

/** The scope of the namespace that a place lies in. */
function innermost(file: ProgramFile, at: Range): Scope | undefined {
  let found: Scope | undefined;
  for (let scope: Scope | undefined = file.scope; scope; ) {
    const outer: Declared | undefined = [...scope.names.values()]
      .flat()
      .find((s) => s.inner && s.declaration.span[0] <= at[0] && at[1] <= s.declaration.span[1]);
    scope = outer?.inner;
    found = scope ?? found;
  }
  return found;
}

function atName(draft: Draft, via: Payload['via'], type: string): Pick<Payload, 'symbol' | 'at' | 'via' | 'type' | 'inheritedBy'> {
  return { symbol: draft.name, at: spanOf(draft.symbol.file.facts, draft.symbol.declaration.at), via, type, inheritedBy: [] };
}

/** A field of a base, or an entry of a payload type that several messages share, is one fault; so is an envelope with two blocks in it. */
function byPlace(payloads: readonly Payload[]): Payload[] {
  const places = new Map<string, Payload>();
  for (const payload of payloads) {
    const key = `${payload.at.file}:${payload.at.line}:${payload.at.column}`;
    const known = places.get(key);
    const heirs = [...new Set([...(known?.inheritedBy ?? []), ...payload.inheritedBy])];
    places.set(key, { ...(known ?? payload), inheritedBy: heirs });
  }
  return [...places.values()];
}
