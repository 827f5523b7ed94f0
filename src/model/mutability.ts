import type { ClassDeclaration, ClassMember, Expression } from '../facts/facts.js';
import { identifierConcept, identityField } from './boundaries.js';
import type { Assignment, Exposure, Mutator, Span, StateAccess } from './domain-model.js';
import type { Draft, Drafts } from './drafts.js';
import { mutableCollection } from './exposures.js';
import { type Mapping, mappingOf } from './orm-mapping.js';
import { codeOf, constructingMembers, type MemberCode, memoizes, type OwnChange } from './own-changes.js';
import { type Declared, spanOf } from './program.js';
import { conceptName, isDomainKind } from './roles.js';
import { readSetter } from './setters.js';
import { type StateField, stateOf } from './state.js';
import { type TypeProperty, writesTo } from './type-writes.js';
import { declarationContext, namedType, resolveType, type Type, withoutNull } from './types.js';

type Role = StateAccess['of'];

interface Mutability {
  readonly state: readonly StateAccess[];
  readonly mutators: readonly Mutator[];
}

/** A class with state of the domain: a block, or a base with blocks among its heirs. */
interface Subject {
  readonly draft: Draft;
  readonly of: Role;
  readonly heirs: readonly Draft[];
}

interface Context {
  readonly drafts: Drafts;
  readonly mapping: Mapping;
  /** Where the identity of a root or entity is declared: `file:offset`. */
  readonly identities: ReadonlySet<string>;
  readonly exposed: ReadonlyMap<string, Exposure>;
}

/** Who may change which state: of every root, member and value object, each told once, where it is declared. */
export function findMutability(drafts: Drafts, exposures: readonly Exposure[]): Mutability {
  const context: Context = {
    drafts,
    mapping: mappingOf(drafts),
    identities: identitiesIn(drafts),
    exposed: new Map(exposures.map((e) => [spanKey(e.at), e])),
  };
  const state: StateAccess[] = [];
  const mutators: Mutator[] = [];
  for (const subject of subjects(drafts)) {
    state.push(...classState(subject, context));
    mutators.push(...classMutators(subject, context));
  }
  state.push(...typeState(context));
  return { state, mutators };
}

function subjects(drafts: Drafts): Subject[] {
  const heirs = new Map<Declared, Draft[]>();
  for (const draft of drafts.all) {
    if (draft.symbol.declaration.kind !== 'class' || draft.base) continue;
    if (!isDomainKind(draft.kind) && draft.kind !== 'identifier') continue;
    for (const ancestor of draft.lineage)
      if (ancestor.via === 'extends' && ancestor.symbol) heirs.set(ancestor.symbol, [...(heirs.get(ancestor.symbol) ?? []), draft]);
  }
  return drafts.all.flatMap((draft): Subject[] => {
    const { declaration, file } = draft.symbol;
    if (declaration.kind !== 'class' || (declaration.ambient && file.facts.declarationFile)) return [];
    const inheriting = heirs.get(draft.symbol) ?? [];
    if (!draft.base && isRole(draft.kind)) return [{ draft, of: draft.kind, heirs: inheriting }];
    if (draft.kind !== undefined && !draft.base) return [];
    const kinds = inheriting.map((h) => h.kind);
    const of = (['aggregate-root', 'entity', 'value-object'] as const).find((kind) => kinds.includes(kind));
    return of ? [{ draft, of, heirs: inheriting.filter((h) => (of !== 'value-object' ? h.kind !== 'value-object' : true)) }] : [];
  });
}

function isRole(kind: Draft['kind']): kind is Role {
  return isDomainKind(kind);
}

// ── identity ──────────────────────────────────────────────────────────────────────────────────────────────────────

function identitiesIn(drafts: Drafts): ReadonlySet<string> {
  const found = new Set<string>();
  for (const draft of drafts.all) {
    if (draft.base || (draft.kind !== 'aggregate-root' && draft.kind !== 'entity')) continue;
    const field = ownIdentity(draft, drafts);
    if (field) found.add(fieldKey(field));
  }
  return found;
}

/** What is typed by the block's own identifier comes before what is merely named like one. */
function ownIdentity(draft: Draft, drafts: Drafts): StateField | undefined {
  const own = conceptName(draft.name);
  const typed = stateOf(draft.symbol).find((f) => {
    const type = withoutNull(f.type);
    const identifier = type.k === 'named' ? drafts.of(type.symbol) : undefined;
    return identifier?.kind === 'identifier' && identifierConcept(identifier.name) === own;
  });
  return typed ?? identityField(draft);
}

function fieldKey({ file, at }: StateField): string {
  return `${file.facts.file}:${at[0]}`;
}

function spanKey({ file, line, column }: Span): string {
  return `${file}:${line}:${column}`;
}

// ── fields of classes ─────────────────────────────────────────────────────────────────────────────────────────────

function classState(subject: Subject, context: Context): StateAccess[] {
  const { draft, of, heirs } = subject;
  const { symbol } = draft;
  const { file } = symbol;
  const declaration = symbol.declaration as ClassDeclaration;
  const state = stateOf(symbol);
  const frozenSelf = freezes(symbol, (path) => path.length === 0);
  return state.flatMap((field): StateAccess[] => {
    const identity = of !== 'value-object' && context.identities.has(fieldKey(field));
    if (field.via === 'property-bag' ? !identity || isInherited(field) : field.declaredIn !== undefined) return [];
    if (/^__|^(?:_brand|_tag|_type)$/.test(field.name)) return [];
    const at = spanOf(field.file.facts, field.at);
    const open = field.via === 'property-bag' ? undefined : openBag(field, subject, context);
    const handed = open && field.visibility !== 'public' ? handsOut(field, symbol) : undefined;
    return [
      {
        owner: draft.id,
        of,
        symbol: `${draft.name}.${field.name}`,
        at,
        via: field.via,
        visibility: field.visibility,
        readonly: field.readonly,
        identity,
        ...(open && field.visibility === 'public' ? { openEntry: open.entry } : {}),
        ...(open && handed
          ? { openEntry: open.entry, handedOutBy: { symbol: `${draft.name}.${handed.name}`, at: spanOf(file.facts, handed.at) } }
          : {}),
        mapped: context.mapping.mapped(field, symbol, draft),
        generated: context.mapping.generated(field, symbol, draft),
        literal: isLiteral(field),
        exposed: context.exposed.has(spanKey(at)) && !open?.beyondCollections,
        local: !declaration.exported && !isExported(symbol),
        frozen: frozenSelf || freezes(symbol, (path) => path.join('.') === field.name),
        inheritedBy: heirs.map((h) => h.name),
        assignments: assignmentsTo(field, subject, context),
      },
    ];
  });
}

/** An entry whose bag an ancestor declares is told there, or belongs to a library. */
function isInherited(field: StateField): boolean {
  return field.bag?.declaredIn !== undefined;
}

function isExported({ name, file }: Declared): boolean {
  return file.facts.exports.some((e) => e.kind === 'local' && e.local === name);
}

function isLiteral({ type, node, init }: StateField): boolean {
  if (type.k === 'literal' || node?.t === 'literal') return true;
  return init?.e === 'as' && init.type.t === 'ref' && init.type.name === 'const';
}

interface OpenBag {
  readonly entry: string;
  /** Some writable entry is no collection, which an exposure would name. */
  readonly beyondCollections: boolean;
}

/** The entries that a caller who has the bag can assign: its own, or for a generic bag those of the heirs. */
function openBag(field: StateField, { draft, heirs }: Subject, { drafts }: Context): OpenBag | undefined {
  if (isReadOnlyType(field)) return undefined;
  const isBlock = (symbol: Declared): boolean => drafts.of(symbol)?.kind !== undefined && drafts.of(symbol)?.base === false;
  const entries = [draft, ...heirs].flatMap((d) =>
    stateOf(d.symbol).flatMap((f) =>
      f.via === 'property-bag' && !f.readonly && f.bag?.name === field.name && (f.bag.declaredIn ?? d.symbol) === draft.symbol
        ? [{ name: `${d.name}.${f.name}`, collection: mutableCollection(f.type, f.node?.t === 'readonly', isBlock) !== undefined }]
        : [],
    ),
  );
  const [first] = [...entries.filter((e) => !e.collection), ...entries];
  return first && { entry: first.name, beyondCollections: entries.some((e) => !e.collection) };
}

function isReadOnlyType({ node }: StateField): boolean {
  return node?.t === 'ref' && /^(?:Readonly|DeepReadonly|Immutable|Frozen)$/.test(node.name);
}

/** `get props(): OrderProps { return this._props; }`. */
function handsOut(field: StateField, symbol: Declared): { readonly name: string; readonly at: ClassMember['at'] } | undefined {
  for (const { member, kind, fn } of codeOf(symbol)) {
    if (member.visibility !== 'public' || (kind !== 'get' && kind !== 'method') || fn.parameters.length > 0) continue;
    if (fn.returns && isReadOnlyNode(fn.returns)) continue;
    const [only, ...more] = fn.body ?? [];
    if (more.length === 0 && only?.s === 'return' && only.of && isFieldOfThis(only.of, field.name))
      return { name: member.name, at: member.at };
  }
  return undefined;
}

function isReadOnlyNode(node: NonNullable<MemberCode['fn']['returns']>): boolean {
  return node.t === 'ref' && /^(?:Readonly|DeepReadonly|Immutable|Frozen)/.test(node.name);
}

function isFieldOfThis(e: Expression, name: string): boolean {
  return e.e === 'member' && e.of.e === 'this' && e.name === name;
}

/** `Object.freeze(this)`, `this.props = Object.freeze(props)` in the constructor. */
function freezes(symbol: Declared, matches: (path: readonly string[]) => boolean): boolean {
  return codeOf(symbol).some(
    ({ kind, fn, changes }) =>
      kind === 'constructor' &&
      (changes.some((c) => c.path.length > 0 && matches(c.path) && c.value !== undefined && isFreeze(c.value)) ||
        (fn.body ?? []).some((s) => {
          const [arg] = s.s === 'expression' && s.of.e === 'call' && isFreeze(s.of) ? s.of.args : [];
          return arg !== undefined && (arg.e === 'this' ? matches([]) : arg.e === 'member' && arg.of.e === 'this' && matches([arg.name]));
        })),
  );
}

function isFreeze(e: Expression): boolean {
  const call = e.e === 'as' ? e.of : e;
  if (call.e !== 'call') return false;
  const name = call.callee.e === 'member' || call.callee.e === 'name' ? call.callee.name : '';
  return /^(?:deep)?freeze$/i.test(name);
}

// ── where it is assigned ──────────────────────────────────────────────────────────────────────────────────────────

function assignmentsTo(field: StateField, { draft, heirs }: Subject, context: Context): Assignment[] {
  const bag = field.via === 'property-bag' ? field.bag?.name : undefined;
  const hits = ({ path }: OwnChange): boolean => (bag === undefined ? path[0] === field.name : path[0] === bag && path[1] === field.name);
  const classes = [draft, ...heirs];
  const heirsOf = (d: Draft): readonly Declared[] => (d === draft ? heirs.map((h) => h.symbol) : []);
  const initialised =
    field.init !== undefined ||
    field.via === 'parameter-property' ||
    field.via === 'property-bag' ||
    classes.some((d) => codeOf(d.symbol).some((c) => c.kind === 'constructor' && c.changes.some(hits)));
  return classes.flatMap((d) => {
    const constructing = constructingMembers(d.symbol, heirsOf(d));
    return codeOf(d.symbol).flatMap((code) =>
      code.changes.filter(hits).map((change): Assignment => {
        const how = constructing.has(code.member)
          ? 'construction'
          : replays(code, d, context.drafts)
            ? 'replay'
            : code.kind === 'set' || isSetMethod(code)
              ? 'setter'
              : !initialised || keepsFirst(code, change)
                ? 'once'
                : 'method';
        return { by: `${d.name}.${code.name}`, at: spanOf(d.symbol.file.facts, change.at), how };
      }),
    );
  });
}

/** `this.id ??= id`, `if (!this.id) this.id = …`, `if (this.id) throw …`. */
function keepsFirst(code: MemberCode, change: OwnChange): boolean {
  if (change.op === '??=' || change.op === '||=') return true;
  const [field] = change.path;
  return (
    (change.conditional || (code.fn.body ?? []).some((s) => s.s === 'if')) &&
    (code.fn.body ?? []).some((s) => s.s === 'if' && mentionsField(s.test, field ?? ''))
  );
}

function mentionsField(e: Expression, name: string): boolean {
  switch (e.e) {
    case 'member':
      return (e.of.e === 'this' && e.name === name) || mentionsField(e.of, name);
    case 'unary':
      return mentionsField(e.of, name);
    case 'binary':
      return mentionsField(e.left, name) || mentionsField(e.right, name);
    default:
      return false;
  }
}

const REPLAYING =
  /^_?(?:apply|on|when|handle|mutate|evolve|replay|reduce|project|load|hydrate|rehydrate|restore|reconstitute|rebuild|from|init(?:ialize|ialise)?)(?=[A-Z_]|$)/;

/** Applies an event, or restores what was stored. */
function replays({ name, fn, member }: MemberCode, draft: Draft, drafts: Drafts): boolean {
  if (REPLAYING.test(name) || member.decorators.some((d) => /Event|Apply|Reducer|When/.test(d.name))) return true;
  const context = declarationContext(namedType(draft.symbol) as Extract<Type, { k: 'named' }>);
  return fn.parameters.some((p) => {
    const type = p.type && resolveType(p.type, context);
    return type?.k === 'named' && drafts.of(type.symbol)?.kind === 'domain-event';
  });
}

// ── what changes it ───────────────────────────────────────────────────────────────────────────────────────────────

function isSetMethod({ kind, name, fn }: MemberCode): boolean {
  return kind === 'method' && /^set[A-Z]/.test(name) && fn.parameters.length > 0;
}

function classMutators({ draft, of, heirs }: Subject, context: Context): Mutator[] {
  const { symbol } = draft;
  const constructing = constructingMembers(
    symbol,
    heirs.map((h) => h.symbol),
  );
  const state = stateOf(symbol);
  const fields = new Map(state.filter((f) => f.via !== 'property-bag').map((f) => [f.name, f]));
  const bags = new Set(state.flatMap((f) => (f.bag ? [f.bag.name] : [])));
  const isState = ([head = '', entry]: readonly string[]): boolean =>
    head === '*' || fields.has(head) || (bags.has(head) && entry !== undefined);
  return codeOf(symbol).flatMap((code): Mutator[] => {
    if (code.kind === 'constructor' || constructing.has(code.member)) return [];
    const changes = code.changes.filter((c) => isState(c.path) && (!c.inPlace || isCollectionAt(c.path, state)));
    if (changes.length === 0 && code.kind !== 'set') return [];
    const via = code.kind === 'set' ? 'setter' : isSetMethod(code) ? 'set-method' : 'method';
    const reading = via === 'method' ? undefined : readSetter(code.fn, symbol);
    const getter = code.kind === 'set' ? codeOf(symbol).find((c) => c.kind === 'get' && c.name === code.name) : undefined;
    const decorators = [...code.member.decorators, ...(getter?.member.decorators ?? [])];
    return [
      {
        owner: draft.id,
        of,
        symbol: `${draft.name}.${code.name}`,
        at: spanOf(symbol.file.facts, code.member.at),
        via,
        visibility: code.member.visibility,
        changes: [...new Set(changes.map((c) => c.path.slice(0, bags.has(c.path[0] ?? '') ? 2 : 1).join('.')))],
        identity: changes.some((c) => state.some((f) => isAt(f, c.path) && context.identities.has(fieldKey(f)))),
        guarded: reading?.guarded ?? false,
        derives: reading?.derives ?? false,
        onlyAssigns: reading?.onlyAssigns ?? false,
        mapped: context.mapping.decorated(decorators, symbol),
        replays: replays(code, draft, context.drafts),
        memoizes: changes.length > 0 && changes.every((c) => isHidden(c.path, state) && memoizes(code, c)),
        inheritedBy: heirs.map((h) => h.name),
      },
    ];
  });
}

function isAt(field: StateField, [head, entry]: readonly string[]): boolean {
  return field.via === 'property-bag' ? field.bag?.name === head && field.name === entry : field.name === head && entry === undefined;
}

function isHidden([head]: readonly string[], state: readonly StateField[]): boolean {
  return state.some((f) => f.via !== 'property-bag' && f.name === head && f.visibility !== 'public');
}

function isCollectionAt(path: readonly string[], state: readonly StateField[]): boolean {
  const field = state.find((f) => isAt(f, path));
  if (!field) return false;
  const found = mutableCollection(field.type, false, () => true);
  return found !== undefined && found.collection !== 'collection';
}

// ── plain types ───────────────────────────────────────────────────────────────────────────────────────────────────

/** Properties of interfaces and object types that are not read-only; whether that matters, the assignments tell. */
function typeState({ drafts, identities, exposed }: Context): StateAccess[] {
  const properties = new Map<string, { readonly property: TypeProperty; readonly field: StateField; readonly owners: Draft[] }>();
  for (const draft of drafts.all) {
    const { declaration } = draft.symbol;
    if ((declaration.kind !== 'interface' && declaration.kind !== 'alias') || !isRole(draft.kind)) continue;
    for (const field of stateOf(draft.symbol)) {
      if (field.readonly || field.via !== 'field') continue;
      const known = properties.get(fieldKey(field));
      if (known) known.owners.push(draft);
      else properties.set(fieldKey(field), { property: { name: field.name, file: field.file, at: field.at }, field, owners: [draft] });
    }
  }
  const all = [...properties.values()];
  const writes = writesTo(
    all.map((p) => p.property),
    drafts,
  );
  return all.flatMap(({ property, field, owners }): StateAccess[] => {
    const [draft] = owners;
    const assigned = writes.get(property) ?? [];
    if (!draft || !isRole(draft.kind) || assigned.length === 0) return [];
    const at = spanOf(field.file.facts, field.at);
    return [
      {
        owner: draft.id,
        of: draft.kind,
        symbol: `${draft.name}.${field.name}`,
        at,
        via: 'type',
        visibility: 'public',
        readonly: false,
        identity: identities.has(fieldKey(field)),
        mapped: draft.mapped,
        generated: false,
        literal: isLiteral(field),
        exposed: exposed.has(spanKey(at)),
        local: false,
        frozen: false,
        inheritedBy: owners.slice(1).map((d) => d.name),
        assignments: assigned.map((w) => ({ at: spanOf(w.file.facts, w.at), how: 'outside' })),
      },
    ];
  });
}
