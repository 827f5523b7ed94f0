import type { Decorator, Expression } from '../../facts/facts.js';
import { type Draft, type Drafts, moduleOfDecorator } from '../drafts.js';
import { bind, type Declared } from '../program.js';
import type { StateField } from '../state.js';
import { expandAlias, programOf, resolveType, type Type } from '../types.js';
import { isMappedBase, isOrm } from '../vocabulary.js';
import { codeOf, type MemberCode } from './own-changes.js';

/** How an ORM reads and writes the fields of a class. */
export interface Mapping {
  readonly mapped: (field: StateField, declaring: Declared, draft: Draft) => boolean;
  /** The ORM or the database makes the value, not the code that uses it. */
  readonly generated: (field: StateField, declaring: Declared, draft: Draft) => boolean;
  readonly decorated: (decorators: readonly Decorator[], declaring: Declared) => boolean;
  /** A type that describes what is mapped: a mapped class implements it, or a document schema is typed by it. */
  readonly described: (symbol: Declared) => boolean;
}

export function mappingOf(drafts: Drafts): Mapping {
  const schemas = schemaEntries(drafts);
  const contracts = mappedContracts(drafts);
  const decorated = (decorators: readonly Decorator[], declaring: Declared): boolean => decorators.some((d) => maps(d, declaring));
  const entryOf = (field: StateField, declaring: Declared, draft: Draft): Expression | undefined =>
    schemas.get(declaring)?.get(field.name) ?? schemas.get(draft.symbol)?.get(field.name);
  const givers = (field: StateField, declaring: Declared): readonly MemberCode[] =>
    codeOf(declaring).filter((c) => c.changes.some((change) => change.path[0] === field.name));
  // What the ORM's hooks compute from the row is as good as mapped.
  const isFilledByHooks = (field: StateField, declaring: Declared): boolean => {
    const by = givers(field, declaring);
    return by.length > 0 && by.every((c) => decorated(c.member.decorators, declaring));
  };
  const mapped: Mapping['mapped'] = (field, declaring, draft) =>
    decorated(field.decorators, declaring) ||
    entryOf(field, declaring, draft) !== undefined ||
    contracts.has(draft.symbol) ||
    (isActiveRecord(draft) && !field.init) ||
    isFilledByHooks(field, declaring);
  const generated: Mapping['generated'] = (field, declaring, draft) => {
    const entry = entryOf(field, declaring, draft);
    if (entry) return saysGenerated(entry);
    if (field.decorators.some((d) => GENERATED.test(last(d)) || (d.args ?? []).some(saysGenerated))) return true;
    if (!mapped(field, declaring, draft)) return false;
    if (isActiveRecord(draft)) return true;
    const givenBy = givers(field, declaring);
    if (field.init || givenBy.some((c) => !decorated(c.member.decorators, declaring))) return false;
    // Given in a hook of the ORM; or by nobody, and then counted up or made by the driver.
    return givenBy.length > 0 || field.name === '_id' || field.decorators.some((d) => last(d) === 'PrimaryKey');
  };
  return { mapped, generated, decorated, described: (symbol) => contracts.has(symbol) };
}

/** What mapped classes implement, and what document schemas are typed by: `new Schema<OrderDocument>({ … })`. */
function mappedContracts(drafts: Drafts): ReadonlySet<Declared> {
  const found = new Set<Declared>();
  const visit = (type: Type, depth: number): void => {
    if (depth > 6) return;
    if (type.k === 'named') {
      if (type.symbol.declaration.kind === 'alias') visit(expandAlias(type), depth + 1);
      found.add(type.symbol);
      for (const arg of type.args) visit(arg, depth + 1);
    } else if (type.k === 'external') for (const arg of type.args) visit(arg, depth + 1);
    else if (type.k === 'intersection' || type.k === 'union') for (const part of type.of) visit(part, depth + 1);
  };
  for (const { symbol, mapped, lineage } of drafts.all) {
    const { declaration, scope } = symbol;
    if (mapped || (declaration.kind === 'class' && declaration.members.some((m) => m.decorators.some((d) => maps(d, symbol)))))
      for (const a of lineage) if (a.symbol && a.via === 'implements') found.add(a.symbol);
    if (declaration.kind !== 'variable' || declaration.init?.e !== 'new') continue;
    const { callee, typeArgs } = declaration.init;
    const name = callee.e === 'name' || callee.e === 'member' ? callee.name : '';
    if (name === 'Schema' && typeArgs?.[0]) visit(resolveType(typeArgs[0], { program: drafts.program, scope }), 0);
  }
  return found;
}

const GENERATED = /^(?:PrimaryGeneratedColumn|ObjectIdColumn|ObjectID|Generated|AutoIncrement|SerializedPrimaryKey|Default)$/;

function last(decorator: Decorator): string {
  return decorator.name.split('.').at(-1) ?? decorator.name;
}

/** Checks and shows: what validates, transforms or documents a field writes none. */
const PRESENTATION =
  /^(?:class-validator|class-transformer|class-sanitizer|@nestjs\/(?:swagger|graphql|common|core|config)|type-graphql|nestjs-zod|routing-controllers|tsoa|inversify|tsyringe|typedi|reflect-metadata|@automapper\/.*|joi.*|class-validator-.*|nestjs-i18n)$/;

function maps(decorator: Decorator, declaring: Declared): boolean {
  const module = moduleOfDecorator(declaring, decorator.name);
  if (module !== undefined) return isOrm(module) || !PRESENTATION.test(module);
  const bound = bind(programOf(declaring.scope), declaring.scope, decorator.name, 'value');
  // The project's own decorator, composed of the ORM's as a rule.
  return (
    bound.k === 'symbol' &&
    /column|propert|^prop|field|key$|relation|embedded|(?:one|many)to(?:one|many)|^(?:has|belongs)/i.test(last(decorator))
  );
}

function isActiveRecord(draft: Draft): boolean {
  return draft.lineage.some((a) => a.via === 'extends' && /^(?:Model|Document)$/.test(a.name) && isMappedBase(a.name, a.module));
}

function saysGenerated(expression: Expression): boolean {
  if (expression.e !== 'object') return false;
  return expression.entries.some(
    (e) =>
      e.o === 'property' &&
      /^(?:generated|autoincrement|autoIncrement|default|defaultRaw|onCreate)$/.test(e.name) &&
      !(e.value.e === 'literal' && (e.value.value === false || e.value.value === null)),
  );
}

/** `new EntitySchema({ target: Order, columns: { … } })`: the mapping of a class in another place. */
function schemaEntries(drafts: Drafts): ReadonlyMap<Declared, ReadonlyMap<string, Expression>> {
  const found = new Map<Declared, Map<string, Expression>>();
  for (const { symbol } of drafts.all) {
    const { declaration, scope } = symbol;
    if (declaration.kind !== 'variable' || declaration.init?.e !== 'new') continue;
    const { init } = declaration;
    if (init.callee.e !== 'name' || init.callee.name !== 'EntitySchema') continue;
    const [options] = init.args;
    if (options?.e !== 'object') continue;
    const property = (name: string): Expression | undefined =>
      options.entries.flatMap((e) => (e.o === 'property' && e.name === name ? [e.value] : []))[0];
    const named = property('target') ?? property('class');
    const typed = init.typeArgs?.[0];
    const name = named?.e === 'name' ? named.name : typed?.t === 'ref' ? typed.name : undefined;
    const target = name === undefined ? undefined : bind(drafts.program, scope, name, 'type');
    if (target?.k !== 'symbol') continue;
    const entries = found.get(target.symbol) ?? new Map<string, Expression>();
    for (const part of ['columns', 'relations', 'properties', 'embeddeds']) {
      const object = property(part);
      for (const e of object?.e === 'object' ? object.entries : []) if (e.o === 'property') entries.set(e.name, e.value);
    }
    found.set(target.symbol, entries);
  }
  return found;
}
