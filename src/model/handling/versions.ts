import type { Decorator, Expression, Range, Statement } from '../../facts/facts.js';
import { type DrawnAggregate, holdings } from '../boundaries.js';
import type { Span, Table, Version } from '../domain-model.js';
import type { Draft, Drafts } from '../drafts.js';
import { bodiesOf, changedBy, eachExpression } from '../mutation.js';
import { allSymbols, bind, type Declared, type Program, type ProgramFile, spanOf } from '../program.js';
import type { FoundRepository } from '../repositories.js';
import { type StateField, stateOf } from '../state.js';
import { lastPart } from '../text.js';
import { findMembers, namedType, programOf } from '../types.js';

/** The tables in which a root's own row is kept, its own mapping first. */
export type TablesOf = (root: Draft) => readonly VersionedTable[];

interface VersionedTable extends Table {
  /** The library compares the version on an update. */
  readonly checksVersion?: boolean;
}

/** Roots that carry a version, and what compares it when they are saved. */
export function findVersions(
  drafts: Drafts,
  aggregates: readonly DrawnAggregate[],
  repositories: readonly FoundRepository[],
  tablesOf: TablesOf,
): readonly Version[] {
  const comparisons = comparisonsIn(drafts.program);
  return aggregates.flatMap((aggregate) => {
    const { root } = aggregate;
    const tables = tablesOf(root);
    const carriedBy = carrierOf(root, tables) ?? columnOf(tables);
    // A root without a version of its own may still be a stream that has one.
    const fitting = carriedBy ? comparisons : comparisons.filter((c) => c.stream);
    const compared = comparedFor(root, fitting, aggregates, drafts, repositories);
    if (!carriedBy) return compared ? [{ aggregate: root.id, by: 'event-stream', checked: true, at: compared.at }] : [];
    const { checks, at, ...version } = carriedBy;
    const checkedAt = checks ? at : compared?.at;
    const skipped = version.by === 'orm' && checks ? partsAlone(aggregate, drafts, version.field) : undefined;
    return [
      {
        ...version,
        aggregate: root.id,
        at,
        checked: checkedAt !== undefined,
        ...(checkedAt ? { checkedAt } : {}),
        ...(skipped ? { skipped } : {}),
      },
    ];
  });
}

// ── what carries a version ────────────────────────────────────────────────────────────────────────────────────────

interface Carrier {
  readonly by: Version['by'];
  readonly field?: string;
  readonly declaredIn?: string;
  readonly at: Span;
  /** The library compares it by itself. */
  readonly checks: boolean;
}

const VERSION_NAME =
  /^[_#]*(?:version|v|revision|(?:aggregate|row|lock|entity|stream|record|optimistic|concurrency|current|original|loaded|persisted|base)(?:Version|Revision)|concurrency(?:Token|Stamp)|optimisticLock|etag)$/i;
/** Bases of libraries that append with an expected revision. */
const STREAM_BASES = /^(?:EventSourced\w*|\w*EventSourced(?:Aggregate(?:Root)?|Entity)?|Decider|EventSourcing\w*)$/;

/** Libraries whose aggregates carry a version that their stores compare. */
const VERSIONED =
  /^(?:@ocoda\/event-sourcing(?:-.*)?|@node-ts\/ddd(?:-.*)?|@boostercloud\/.*|@castore\/.*|@event-driven-io\/.*|@resolve-js\/.*|@eventicle\/.*|eventicle)$/;

/** A column of the root's own row, where the root itself does not know it. */
function columnOf(tables: readonly VersionedTable[]): Carrier | undefined {
  for (const { columns, checksVersion } of tables) {
    const column = columns.find((c) => c.version);
    if (column) return { by: 'orm', at: column.at, checks: checksVersion === true };
  }
  return undefined;
}

function carrierOf(root: Draft, tables: readonly VersionedTable[]): Carrier | undefined {
  const { symbol } = root;
  const { declaration } = symbol;
  const field = stateOf(symbol).find(isVersion);
  const whole = declaration.kind === 'class' ? declaration.decorators.find(comparesByOption) : undefined;
  if (field) {
    const column = field.decorators.find(isVersionColumn);
    return {
      by: column ? 'orm' : field.declaredIn && field.declaredIn !== symbol ? 'base' : 'field',
      field: `${root.name}.${field.name}`,
      ...(field.declaredIn && field.declaredIn !== symbol ? { declaredIn: field.declaredIn.name } : {}),
      at: spanOf(field.file.facts, field.at),
      checks:
        whole !== undefined ||
        (column !== undefined && !/^VersionColumn$/.test(lastPart(column.name))) ||
        tables.some((t) => t.checksVersion === true && t.columns.some((c) => c.version)),
    };
  }
  if (whole) return { by: 'orm', at: spanOf(symbol.file.facts, whole.at), checks: true };
  const stream =
    root.lineage.some(
      (a) => a.via === 'extends' && a.symbol === undefined && (STREAM_BASES.test(a.name) || VERSIONED.test(a.module ?? '')),
    ) ||
    (declaration.kind === 'class' && declaration.decorators.some((d) => VERSIONED.test(moduleOf(d, symbol) ?? '')));
  return stream ? { by: 'event-stream', at: spanOf(symbol.file.facts, declaration.at), checks: true } : tellsVersion(root);
}

/** `get version()`, `getVersion()`: by whatever field it counts. */
function tellsVersion({ symbol, name }: Draft): Carrier | undefined {
  for (const told of ['version', 'getVersion', 'revision', 'getRevision', 'aggregateVersion']) {
    for (const { is, owner, context } of findMembers(namedType(symbol), told)) {
      if (!owner || !('kind' in is) || (is.kind !== 'get' && is.kind !== 'method') || !('fn' in is) || !is.fn.body) continue;
      const declaredIn = owner === symbol ? {} : { declaredIn: owner.name };
      const at = spanOf(context.scope.file.facts, is.at);
      return { by: owner === symbol ? 'field' : 'base', field: `${name}.${told}`, ...declaredIn, at, checks: false };
    }
  }
  return undefined;
}

function moduleOf({ name }: Decorator, { scope }: Declared): string | undefined {
  const target = bind(programOf(scope), scope, name, 'value');
  return target.k === 'external' ? target.module : undefined;
}

/** A number that counts, or a token: `version: string` says which edition it is. */
function isVersion(field: StateField): boolean {
  if (field.decorators.some(isVersionColumn)) return true;
  if (!VERSION_NAME.test(field.name)) return false;
  const isText = field.type.k === 'primitive' && field.type.name === 'string';
  return !isText || /etag|token|stamp/i.test(field.name);
}

/** `@VersionColumn()`, `@Version()`, `@Property({ version: true })`. */
function isVersionColumn(decorator: Decorator): boolean {
  const name = lastPart(decorator.name);
  if (/^(?:VersionColumn|Version|VersionKey|OptimisticLock)$/.test(name)) return true;
  return /^(?:Property|Column|Prop|prop)$/.test(name) && (decorator.args ?? []).some((a) => sets(a, /^(?:version|concurrencyCheck)$/));
}

/** `@Schema({ optimisticConcurrency: true })`, `@Table({ version: true })`. */
function comparesByOption(decorator: Decorator): boolean {
  const option = lastPart(decorator.name) === 'Table' ? /^version$/ : /^optimisticConcurrency$/;
  return (decorator.args ?? []).some((a) => sets(a, option));
}

function sets(e: Expression, option: RegExp): boolean {
  if (e.e !== 'object') return false;
  return e.entries.some(
    (entry) =>
      entry.o === 'property' &&
      ((option.test(entry.name) && !(entry.value.e === 'literal' && entry.value.value === false)) || sets(entry.value, option)),
  );
}

// ── what leaves it as it was ──────────────────────────────────────────────────────────────────────────────────────

/** A public method that changes rows of parts alone: the mapper counts changes of the root's own row. */
function partsAlone({ root, members }: DrawnAggregate, drafts: Drafts, version: string | undefined): Version['skipped'] {
  const { declaration, file } = root.symbol;
  if (declaration.kind !== 'class') return undefined;
  const entities = new Set(members.flatMap((m) => (m.draft.kind === 'entity' && m.draft.mapped ? [m.draft] : [])));
  const parts = new Set(
    holdings(root, drafts).flatMap(({ field, held }) => {
      const member = drafts.of(held.symbol);
      return member && entities.has(member) && !field.decorators.some((d) => lastPart(d.name) === 'Embedded') ? [field.name] : [];
    }),
  );
  if (parts.size === 0) return undefined;
  const own = version?.slice(version.lastIndexOf('.') + 1);
  for (const member of declaration.members) {
    if (member.kind !== 'method' || member.static || member.visibility !== 'public') continue;
    const changed = changedBy(root.symbol, member.name);
    if (changed.size === 0 || (own !== undefined && changed.has(own))) continue;
    if ([...changed].some((f) => parts.has(f)) && [...changed].every((f) => f === '*' || parts.has(f)))
      return { symbol: `${root.name}.${member.name}`, at: spanOf(file.facts, member.at) };
  }
  return undefined;
}

// ── what compares it ──────────────────────────────────────────────────────────────────────────────────────────────

interface Comparison {
  readonly file: ProgramFile;
  readonly at: Span;
  /** An event stream's expected revision, not a row's version. */
  readonly stream: boolean;
}

function comparisonsIn(program: Program): Comparison[] {
  return allSymbols(program).flatMap(({ declaration, file }) => bodiesOf(declaration).flatMap((body) => comparisonIn(body, file) ?? []));
}

/** In a file that knows the root or its repository; or in one that knows no root at all, and so serves them all. */
function comparedFor(
  root: Draft,
  comparisons: readonly Comparison[],
  aggregates: readonly DrawnAggregate[],
  drafts: Drafts,
  repositories: readonly FoundRepository[],
): Comparison | undefined {
  if (comparisons.length === 0) return undefined;
  const keepers = repositories.filter((r) => r.keeps.some((s) => drafts.of(s) === root));
  const own = new Set([root.symbol.file, ...keepers.map((r) => r.draft.symbol.file)]);
  const all = new Set([
    ...aggregates.map((a) => a.root.symbol.file),
    ...repositories.flatMap((r) => (r.keeps.some((s) => drafts.of(s)?.base === false) ? [r.draft.symbol.file] : [])),
  ]);
  const inOwn = comparisons.find((c) => own.has(c.file) || importedFiles(c.file, drafts.program).some((f) => own.has(f)));
  if (inOwn) return inOwn;
  return comparisons.find((c) => !all.has(c.file) && !importedFiles(c.file, drafts.program).some((f) => all.has(f)));
}

function importedFiles({ facts }: ProgramFile, program: Program): ProgramFile[] {
  return [...new Set(facts.imports.map((i) => i.from))].flatMap((from) => {
    const path = program.resolveModule(facts.file, from);
    const file = path === undefined ? undefined : program.files.get(path);
    return file ? [file] : [];
  });
}

function comparisonIn(body: readonly Statement[], file: ProgramFile): Comparison | undefined {
  let found: Comparison | undefined;
  let expected = false;
  let appended: Range | undefined;
  const say = (at: Range, stream: boolean): void => {
    found ??= { file, at: spanOf(file.facts, at), stream };
  };
  eachExpression(body, (e) => {
    if (found) return;
    expected ||= (e.e === 'member' || e.e === 'name') && EXPECTED.test(e.name);
    if (e.e === 'call' && appendsToStream(e)) appended ??= e.at;
    if (e.e === 'binary') {
      if (
        /^[!=]==?$|^[<>]=?$/.test(e.op) &&
        (isVersionValue(e.left) || isVersionValue(e.right)) &&
        !isConstant(e.left) &&
        !isConstant(e.right)
      )
        say(e.at, false);
    } else if (e.e === 'literal') {
      if (typeof e.value === 'string' && SQL_CONDITION.test(e.value)) say(e.at, false);
    } else if (e.e === 'template') {
      if (e.parts.some(isVersionValue)) say(e.at, false);
    } else if (e.e === 'call') {
      if (appendsExpecting(e)) say(e.at, true);
      else if (comparesInFilter(e)) say(e.at, false);
    }
  });
  // The revision goes along in options that were made or given elsewhere.
  if (!found && expected && appended) say(appended, true);
  return found;
}

const SQL_CONDITION = /\bversion\b\W{0,3}=\s*[:$?@]|\bwhere\b[\s\S]*\b(?:version|revision)\b/i;
const EXPECTED = /^_?expected\w*(?:Version|Revision|Position|State)$|^lockVersion$|^optimistic(?:Lock|Version)?$/i;

/** `order.version`, `expectedVersion`, `props.version`. */
function isVersionValue(e: Expression): boolean {
  if (e.e === 'as' || e.e === 'await') return isVersionValue(e.of);
  if (e.e === 'member') return VERSION_NAME.test(e.name) || EXPECTED.test(e.name) || (e.name === 'value' && isVersionValue(e.of));
  if (e.e === 'name') return (VERSION_NAME.test(e.name) && e.name !== 'v') || EXPECTED.test(e.name);
  return e.e === 'call' && e.callee.e === 'member' && /^get\w*(?:Version|Revision)$/.test(e.callee.name);
}

/** A version compared to nothing, or to a number, tells new from old. */
function isConstant(e: Expression): boolean {
  return e.e === 'literal' || (e.e === 'name' && e.name === 'undefined') || (e.e === 'unary' && e.of.e === 'literal');
}

/** `updateOne({ _id, version }, …)`, `update({ where: { id, version } })`, `.where('version', '=', …)`, `eq(orders.version, …)`. */
function comparesInFilter(call: Extract<Expression, { e: 'call' }>): boolean {
  const { callee, args } = call;
  const name = callee.e === 'member' || callee.e === 'name' ? callee.name : '';
  const [first] = args;
  if (args.some((a) => inWhere(a))) return true;
  if (args.some((a) => sets(a, EXPECTED)) || args.some((a) => mentions(a, /^OPTIMISTIC/))) return true;
  if (/^(?:where|andWhere|eq|equals|match|filter)$/.test(name) && first)
    return (first.e === 'literal' && VERSION_NAME.test(lastPart(String(first.value)))) || args.some(isVersionValue) || hasVersion(first);
  const filters =
    /^(?:update(?:One|Many)|replaceOne|findOneAnd(?:Update|Replace)|delete(?:One|Many))$/.test(name) ||
    (/^(?:update|nativeUpdate|delete)$/.test(name) && args.length > 1);
  return filters && first !== undefined && hasVersion(first);
}

function inWhere(e: Expression): boolean {
  if (e.e !== 'object') return false;
  return e.entries.some(
    (entry) => entry.o === 'property' && (/^(?:where|filter|lock)$/.test(entry.name) ? hasVersion(entry.value) : inWhere(entry.value)),
  );
}

function hasVersion(e: Expression): boolean {
  if (e.e === 'array') return e.elements.some((x) => x !== undefined && hasVersion(x));
  return (
    e.e === 'object' &&
    e.entries.some(
      (entry) => entry.o === 'property' && (VERSION_NAME.test(entry.name) || EXPECTED.test(entry.name) || hasVersion(entry.value)),
    )
  );
}

function mentions(e: Expression, name: RegExp): boolean {
  if (e.e === 'member') return name.test(e.name);
  return e.e === 'object' && e.entries.some((entry) => entry.o === 'property' && mentions(entry.value, name));
}

/** `store.append(id, events, order.version)`, `appendToStream(id, events, { expectedRevision })`. */
function appendsExpecting(call: Extract<Expression, { e: 'call' }>): boolean {
  return appendsToStream(call) && call.args.slice(1).some((a) => isVersionValue(a) || hasVersion(a));
}

function appendsToStream({ callee }: Extract<Expression, { e: 'call' }>): boolean {
  if (callee.e !== 'member' || !/^(?:append|save|commit|write|publish|push|store|persist|add)/.test(callee.name)) return false;
  const owner = callee.of.e === 'member' || callee.of.e === 'name' ? callee.of.name : '';
  return /event|stream|journal/i.test(`${owner} ${callee.name}`);
}
