import type { Decorator, Range } from '../facts/facts.js';
import { type BlockKind, EVIDENCE_KINDS, type Evidence, type EvidenceKind } from './domain-model.js';
import { allSymbols, bind, type Declared, type Program, type ProgramFile, spanOf } from './program.js';
import { declarationContext, namedType, programOf, resolveType, superTypes, type Type } from './types.js';
import {
  BOOSTER,
  isAggregateBaseName,
  isMappedBase,
  isMapping,
  isOrm,
  roleOfBase,
  roleOfDecorator,
  roleOfFile,
  roleOfName,
  roleOfTag,
} from './vocabulary.js';

/** Names, globs, bases and the like per role, as the project's configuration lists them. */
export interface Recognizer {
  readonly names: readonly string[];
  readonly files: readonly string[];
  readonly bases: readonly string[];
  readonly decorators: readonly string[];
  readonly tags: readonly string[];
  readonly suffixes: readonly string[];
}
export type Recognizers = Readonly<Partial<Record<BlockKind, Recognizer>>>;
/** Recognizers that count in one folder and below, or everywhere. */
export interface ScopedRecognizers {
  /** Posix path relative to the working directory. */
  readonly within?: string;
  readonly recognizers: Recognizers;
}

/** A declaration on its way to a role: evidence is gathered first and weighed once, at the end. */
export interface Draft {
  readonly symbol: Declared;
  readonly id: string;
  readonly name: string;
  readonly evidence: Evidence[];
  /** From the class itself outwards. */
  readonly lineage: readonly Ancestor[];
  /** Mapped to a table or document by an ORM. */
  readonly mapped: boolean;
  /** Another class of the project extends it. */
  extended: boolean;
  base: boolean;
  kind: BlockKind | undefined;
}

export interface Ancestor {
  readonly name: string;
  readonly module: string | undefined;
  readonly symbol: Declared | undefined;
  readonly type: Type;
  readonly via: 'extends' | 'implements';
  readonly distance: number;
  readonly at: Range;
}

export interface Drafts {
  readonly program: Program;
  readonly all: readonly Draft[];
  readonly of: (symbol: Declared) => Draft | undefined;
  readonly byName: ReadonlyMap<string, readonly Draft[]>;
}

export function draftBlocks(
  program: Program,
  recognizers: readonly ScopedRecognizers[],
  matches: (glob: string, text: string) => boolean,
): Drafts {
  const all: Draft[] = [];
  const bySymbol = new Map<Declared, Draft>();
  for (const symbol of allSymbols(program)) {
    if (symbol.declaration.kind === 'namespace' || symbol.declaration.kind === 'enum' || renames(program, symbol)) continue;
    const draft = draftOf(symbol);
    all.push(draft);
    bySymbol.set(symbol, draft);
    configured(draft, recognizers, matches);
  }
  for (const draft of all) {
    for (const ancestor of draft.lineage) {
      const base = ancestor.symbol && bySymbol.get(ancestor.symbol);
      if (base && ancestor.via === 'extends' && draft.symbol.declaration.kind === 'class') base.extended = true;
    }
  }
  for (const draft of all) draft.base = isBase(draft);
  for (const symbol of allSymbols(program)) {
    const target = bySymbol.has(symbol) ? undefined : renames(program, symbol);
    const draft = target && bySymbol.get(target);
    if (draft) bySymbol.set(symbol, draft);
  }
  joinContracts(all, bySymbol);
  const byName = new Map<string, Draft[]>();
  for (const draft of all) {
    const list = byName.get(draft.name);
    if (list) list.push(draft);
    else byName.set(draft.name, [draft]);
  }
  return { program, all, of: (symbol) => bySymbol.get(symbol), byName };
}

/** `type Buyer = Customer` is a second name, no second thing; `type BuyerId = Uuid` says more than its type. */
function renames(program: Program, symbol: Declared): Declared | undefined {
  const { declaration } = symbol;
  if (
    declaration.kind !== 'alias' ||
    declaration.type.t !== 'ref' ||
    declaration.type.args.length > 0 ||
    declaration.typeParameters.length > 0
  )
    return undefined;
  if (declaration.tags.length > 0 || /(?:Id|ID|Uuid|UUID)$/.test(symbol.name)) return undefined;
  const target = bind(program, symbol.scope, declaration.type.name, 'type');
  if (target.k !== 'symbol' || target.symbol === symbol) return undefined;
  const { kind } = target.symbol.declaration;
  return kind === 'class' || kind === 'interface' || kind === 'alias' ? target.symbol : undefined;
}

/** `class Order implements IOrder` is one concept: the class stands for both. */
function joinContracts(all: Draft[], bySymbol: Map<Declared, Draft>): void {
  const claims = new Map<Draft, Draft[]>();
  for (const draft of all) {
    if (draft.symbol.declaration.kind !== 'class' || draft.base) continue;
    for (const ancestor of draft.lineage) {
      const contract =
        ancestor.distance === 1 && ancestor.via === 'implements' && ancestor.symbol ? bySymbol.get(ancestor.symbol) : undefined;
      if (contract && isContractOf(contract, draft)) claims.set(contract, [...(claims.get(contract) ?? []), draft]);
    }
  }
  for (const [contract, [draft, other]] of claims) {
    if (!draft || other) continue;
    bySymbol.set(contract.symbol, draft);
    draft.evidence.push(...contract.evidence.filter((e) => e.kind === 'configuration' || e.kind === 'annotation'));
    all.splice(all.indexOf(contract), 1);
  }
}

function isContractOf(contract: Draft, draft: Draft): boolean {
  const { declaration } = contract.symbol;
  if (declaration.kind !== 'interface' || declaration.typeParameters.length > 0) return false;
  const plain = (name: string): string =>
    name.replace(/^I(?=[A-Z])/, '').replace(/(?:Interface|Entity|Model|Contract|Aggregate|Impl|Implement|Implementation)$/, '');
  if (plain(contract.name) !== plain(draft.name)) return false;
  // Behaviour alone may be a port's; of a class that is a domain object by its base it is the object's.
  return declaration.members.some((m) => m.kind === 'property' && m.type?.t !== 'function') || draft.evidence.some(isOfDomainObject);
}

function isOfDomainObject({ kind, role }: Evidence): boolean {
  return (kind === 'heritage' || kind === 'annotation') && (role === 'aggregate-root' || role === 'entity' || role === 'value-object');
}

export function addEvidence(
  draft: Draft,
  kind: EvidenceKind,
  role: BlockKind,
  detail: string,
  file: ProgramFile = draft.symbol.file,
  at: Range = draft.symbol.declaration.at,
): void {
  draft.evidence.push({ kind, role, detail, at: spanOf(file.facts, at) });
}

/** The strongest evidence first; among equals the first found. */
export function strongest(draft: Draft, except?: (evidence: Evidence) => boolean): Evidence | undefined {
  let best: Evidence | undefined;
  for (const evidence of draft.evidence) {
    if (except?.(evidence)) continue;
    if (!best || EVIDENCE_KINDS.indexOf(evidence.kind) < EVIDENCE_KINDS.indexOf(best.kind)) best = evidence;
  }
  return best;
}

function draftOf(symbol: Declared): Draft {
  const { declaration } = symbol;
  const lineage = lineageOf(symbol);
  const decorators: readonly Decorator[] = declaration.kind === 'class' ? declaration.decorators : [];
  const modules = decorators.map((d) => moduleOfDecorator(symbol, d.name));
  const mapped =
    decorators.some((d, i) => isMapping(d.name, modules[i])) || lineage.some((a) => a.via === 'extends' && isMappedBase(a.name, a.module));
  const draft: Draft = {
    symbol,
    id: symbol.id,
    name: conceptIn(symbol),
    evidence: [],
    lineage,
    mapped,
    extended: false,
    base: false,
    kind: undefined,
  };
  for (const [i, decorator] of decorators.entries()) {
    const role = isMapping(decorator.name, modules[i]) ? undefined : roleOfDecorator(decorator.name, modules[i]);
    if (role) addEvidence(draft, 'annotation', role, `@${decorator.name}`, symbol.file, decorator.at);
  }
  for (const tag of declaration.tags) {
    const role = roleOfTag(tag.name);
    if (role) addEvidence(draft, 'annotation', role, `@${tag.name}`, symbol.file, tag.at);
  }
  heritageEvidence(draft);
  if (declaration.kind === 'class' || declaration.kind === 'interface' || declaration.kind === 'alias') {
    const byFile = roleOfFile(symbol.file.facts.file);
    if (byFile && fits(byFile, symbol)) addEvidence(draft, 'convention', byFile, `in ${lastSegments(symbol.file.facts.file)}`);
    const byName = declaration.kind === 'class' && !isLooseAggregate(symbol) ? roleOfName(symbol.name) : undefined;
    if (byName) addEvidence(draft, 'convention', byName, `named ${symbol.name}`);
  }
  return draft;
}

/** `…Aggregate` alone speaks for a class of its own; what extends something, or is generic, is told by that. */
function isLooseAggregate({ name, declaration }: Declared): boolean {
  return (
    declaration.kind === 'class' &&
    /Aggregate$/.test(name) &&
    (declaration.typeParameters.length > 0 || declaration.extends !== undefined || /^(?:Event)?Sourced|^Persistent|^Base/.test(name))
  );
}

/** `Order.Type` is the Order, `Order.Id` its identity. */
function conceptIn(symbol: Declared): string {
  const { outer, name } = symbol;
  if (!outer) return name;
  if (/^(?:Type|T|State|Entity|Aggregate)$/.test(name)) return outer.name;
  return /^(?:Id|ID|Props|Event|Command|Query|Repository|Dto)$/.test(name) ? `${outer.name}${name}` : name;
}

/** A file's suffix speaks for the classes in it, helpers set aside. */
function fits(role: BlockKind, symbol: Declared): boolean {
  if (symbol.declaration.kind !== 'class') return false;
  if (
    role === 'command-handler' &&
    (/(?:Command|Query|Event)$/.test(symbol.name) || !symbol.declaration.members.some((m) => m.kind === 'method'))
  )
    return false;
  if (role === 'domain-event' && /(?:Handler|Listener|Subscriber|Publisher|Bus|Dispatcher|Service)$/.test(symbol.name)) return false;
  return !/(?:Error|Exception|Props|Dto|DTO|Module|Factory|Mapper)$/.test(symbol.name);
}

function heritageEvidence(draft: Draft): void {
  const { symbol, lineage } = draft;
  if (symbol.declaration.kind === 'interface' && roleOfBase(symbol.name, undefined)) return;
  for (const ancestor of lineage) {
    const role =
      roleOfBase(ancestor.name, ancestor.module) ??
      (ancestor.symbol && ancestor.via === 'extends' && isAggregateBaseName(ancestor.name) ? 'aggregate-root' : undefined);
    if (!role) continue;
    // An ORM's mapping of a value is no value, a mapped row no value either.
    if (
      (role === 'value-object' || role === 'identifier') &&
      (draft.mapped || lineage.some((a) => a.module !== undefined && isOrm(a.module)))
    )
      continue;
    if (role === 'entity' && MESSAGE_NAME.test(symbol.name)) continue;
    if (role === 'command' && isRunnable(symbol)) continue;
    // A concrete class of the project that happens to be called Event or Command is no base.
    if (ancestor.symbol && isConcreteConcept(ancestor.symbol)) continue;
    if (role === 'repository' && symbol.declaration.kind === 'alias' && ancestor.distance > 1) continue;
    const via =
      ancestor.distance === 1 ? ancestor.via : `${ancestor.via}, through ${lineage.find((a) => a.distance === 1)?.name ?? 'a base'},`;
    addEvidence(draft, 'heritage', role, `${via} ${ancestor.name}`, symbol.file, ancestor.at);
  }
}

/** Shapes that travel: no entity, whatever they extend. */
const MESSAGE_NAME = /(?:Dto|DTO|Input|Output|Request|Response|Query|Command|Props|Params|Payload|Args)$/;

/** A command of a command-line tool runs itself. */
function isRunnable(symbol: Declared): boolean {
  return (
    symbol.declaration.kind === 'class' &&
    symbol.declaration.members.some((m) => m.kind === 'method' && !m.static && /^(?:run|execute)$/.test(m.name))
  );
}

function isConcreteConcept(symbol: Declared): boolean {
  const { declaration } = symbol;
  if (declaration.kind !== 'class' || declaration.abstract) return false;
  return (
    /^(?:Event|Command|Query|Saga|Value|View|Projection|Entity)$/.test(symbol.name) &&
    declaration.typeParameters.length === 0 &&
    !/(?:shared|core|lib|libs|common|base|ddd|seedwork|building|framework|kernel|infra|cqrs|messag|event)/i.test(symbol.file.facts.file)
  );
}

function lineageOf(symbol: Declared): Ancestor[] {
  const { declaration } = symbol;
  if (declaration.kind !== 'class' && declaration.kind !== 'interface' && declaration.kind !== 'alias') return [];
  const found: Ancestor[] = [];
  const seen = new Set<Declared>([symbol]);
  const at: Range = declaration.kind === 'class' && declaration.extends ? declaration.extends.at : declaration.at;
  const visit = (type: Type, via: Ancestor['via'], distance: number, place: Range): void => {
    if (type.k === 'external' && !type.value)
      found.push({ name: type.name, module: type.module, symbol: undefined, type, via, distance, at: place });
    if (type.k === 'intersection') for (const part of type.of) visit(part, via, distance, place);
    if (type.k === 'class-expression') for (const base of superTypes(type)) visit(base, via, distance, place);
    if (type.k !== 'named' || seen.has(type.symbol) || distance > 8) return;
    seen.add(type.symbol);
    found.push({ name: type.symbol.name, module: undefined, symbol: type.symbol, type, via, distance, at: place });
    climb(type, via, distance + 1, place);
  };
  const climb = (type: Extract<Type, { k: 'named' }>, via: Ancestor['via'] | undefined, distance: number, place: Range): void => {
    const d = type.symbol.declaration;
    const own = superTypes(type);
    if (d.kind === 'class') {
      const bases = d.extends ? own.slice(0, own.length - d.implements.length) : [];
      for (const base of bases) visit(base, via ?? 'extends', distance, via ? place : at);
      for (const [i, implemented] of own.slice(bases.length).entries())
        visit(implemented, 'implements', distance, via ? place : (d.implements[i]?.at ?? place));
    } else if (d.kind === 'interface') {
      for (const [i, base] of own.entries()) visit(base, via ?? 'extends', distance, via ? place : (d.extends[i]?.at ?? place));
    } else if (d.kind === 'alias' && d.type.t !== 'union' && d.type.t !== 'object') {
      const parts = d.type.t === 'intersection' ? d.type.of : [d.type];
      for (const part of parts)
        if (part.t === 'ref') visit(resolveType(part, declarationContext(type), 1), via ?? 'extends', distance, via ? place : part.at);
    }
  };
  climb(namedType(symbol) as Extract<Type, { k: 'named' }>, undefined, 1, at);
  return found.sort((a, b) => a.distance - b.distance || (a.via === b.via ? 0 : a.via === 'extends' ? -1 : 1));
}

/** Base classes are those only ever extended. Whether a concrete one is also kept or held is seen later. */
function isBase(draft: Draft): boolean {
  const { declaration } = draft.symbol;
  if (declaration.kind === 'class') {
    if (declaration.abstract) return true;
    if (!draft.extended) return roleOfBase(draft.name, undefined) !== undefined && declaration.typeParameters.length > 0;
    return declaration.typeParameters.length > 0 || roleOfBase(draft.name, undefined) !== undefined || isAggregateBaseName(draft.name);
  }
  return (
    (declaration.kind === 'interface' || declaration.kind === 'alias') &&
    (declaration.typeParameters.length > 0 || roleOfBase(draft.name, undefined) !== undefined)
  );
}

export function moduleOfDecorator(symbol: Declared, name: string): string | undefined {
  const target = bind(programOf(symbol.scope), symbol.scope, name, 'value');
  if (target.k === 'external') return target.module;
  // A known library that lies in the same repository is still that library.
  const from = symbol.file.imports.get(name.split('.')[0] ?? name)?.from;
  return from !== undefined && (isOrm(from) || from === BOOSTER) ? from : undefined;
}

function configured(draft: Draft, scoped: readonly ScopedRecognizers[], matches: (glob: string, text: string) => boolean): void {
  const { symbol } = draft;
  const { declaration } = symbol;
  const here = scoped.filter(({ within }) => within === undefined || symbol.file.facts.file.startsWith(`${within}/`));
  for (const [role, r] of here.flatMap(({ recognizers }) => Object.entries(recognizers)) as [BlockKind, Recognizer][]) {
    const say = (detail: string): void => addEvidence(draft, 'configuration', role, detail);
    const name = r.names.find((n) => n === draft.name || matches(n, draft.name));
    if (name) say(`configured: ${name}`);
    const suffix = r.suffixes.find((s) => draft.name.endsWith(s) && draft.name !== s);
    if (suffix) say(`configured suffix ${suffix}`);
    if (declaration.kind !== 'variable' && declaration.kind !== 'function') {
      const glob = r.files.find((g) => matches(g, symbol.file.facts.file));
      if (glob) say(`configured files ${glob}`);
    }
    const base = r.bases.find((b) => draft.lineage.some((a) => a.name === b));
    if (base) say(`configured base ${base}`);
    if (declaration.kind === 'class') {
      const decorator = r.decorators.find((d) => declaration.decorators.some((own) => own.name === d));
      if (decorator) say(`configured decorator @${decorator}`);
    }
    const tag = r.tags.find((t) => declaration.tags.some((own) => own.name === t));
    if (tag) say(`configured tag @${tag}`);
  }
}

function lastSegments(file: string): string {
  return file.split('/').slice(-2).join('/');
}
