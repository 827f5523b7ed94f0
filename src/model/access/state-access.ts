import type { ClassDeclaration } from '../../facts/facts.js';
import type { Assignment, StateAccess } from '../domain-model.js';
import type { Draft } from '../drafts.js';
import type { Watcher } from '../outside/sightings.js';
import { type Declared, spanOf } from '../program.js';
import { type StateField, stateOf } from '../state.js';
import { assignmentsTo, isSettled, type Writer, writersIn } from './assignments.js';
import { freezes, handsOut, isReadOnlyType, type OpenBag, openBags } from './open-bags.js';
import { type OpenProperty, outsideWrites } from './outside-writes.js';
import { fieldKey, isRole, type MutabilityContext, type Subject, spanKey } from './subjects.js';

/** What is known of a field before it is known who else writes it. */
interface Found {
  readonly access: StateAccess;
  readonly property: OpenProperty;
}

/** Every piece of state, told once, where it is declared; complete when the watcher has seen the program. */
export function stateAccess(
  subjects: readonly Subject[],
  context: MutabilityContext,
): { readonly watcher: Watcher; readonly complete: () => readonly StateAccess[] } {
  const inClasses = subjects.flatMap((subject) => classState(subject, context));
  const inTypes = typeState(context);
  const open = [...inClasses.filter(({ access }) => isOpen(access)), ...inTypes];
  const writes = outsideWrites(open.map((f) => f.property));
  const outside = ({ property }: Found): Assignment[] =>
    (writes.found.get(property) ?? []).map((w) => ({ at: spanOf(w.file.facts, w.at), how: 'outside' }));
  const complete = (): readonly StateAccess[] =>
    [...inClasses, ...inTypes].flatMap((found) => {
      const more = outside(found);
      // A plain type that nobody assigns to is as good as read-only.
      if (found.access.via === 'type' && more.length === 0) return [];
      return [more.length > 0 ? { ...found.access, settled: false, assignments: [...found.access.assignments, ...more] } : found.access];
    });
  return { watcher: writes.watcher, complete };
}

function isOpen({ via, visibility, readonly, mapped }: StateAccess): boolean {
  return visibility === 'public' && !readonly && !mapped && via !== 'property-bag';
}

function classState(subject: Subject, context: MutabilityContext): Found[] {
  const { draft, of, heirs } = subject;
  const { symbol } = draft;
  const declaration = symbol.declaration as ClassDeclaration;
  const writers = writersIn(subject, context);
  const bags = openBags(subject, context);
  const frozenSelf = freezes(symbol, (path) => path.length === 0);
  return stateOf(symbol).flatMap((field): Found[] => {
    const identity = of !== 'value-object' && context.identities.has(fieldKey(field));
    if (field.via === 'property-bag' ? !identity || field.bag?.declaredIn !== undefined : field.declaredIn !== undefined) return [];
    if (/^__|^(?:_brand|_tag|_type)$/.test(field.name)) return [];
    const at = spanOf(field.file.facts, field.at);
    const open = field.via === 'property-bag' || isReadOnlyType(field) ? undefined : bags.get(field.name);
    const handed = open && field.visibility !== 'public' ? handsOut(field, subject) : undefined;
    const access: StateAccess = {
      owner: draft.id,
      of,
      symbol: `${draft.name}.${field.name}`,
      at,
      via: field.via,
      visibility: field.visibility,
      readonly: field.readonly,
      identity,
      ...(open && (handed || field.visibility === 'public') ? { openEntry: open.entry } : {}),
      ...(handed ? { handedOutBy: { symbol: `${draft.name}.${handed.name}`, at: spanOf(symbol.file.facts, handed.at) } } : {}),
      mapped: context.mapping.mapped(field, symbol, draft),
      generated: context.mapping.generated(field, symbol, draft),
      literal: isLiteral(field),
      exposed: context.exposed.has(spanKey(at)) && !open?.beyondCollections,
      local: !declaration.exported && !isExported(symbol),
      frozen: frozenSelf || freezes(symbol, (path) => path.join('.') === field.name),
      inheritedBy: namesOf(heirs),
      assignments: assignmentsTo(field, writers),
      settled: isSettled(field, draft, writers),
      ...(open ? { writableEntries: entriesOf(open, draft, writers) } : {}),
    };
    return [{ access, property: { name: field.name, file: field.file, at: field.at, ofType: false } }];
  });
}

function entriesOf({ writable }: OpenBag, draft: Draft, writers: readonly Writer[]): NonNullable<StateAccess['writableEntries']> {
  return writable.map(({ symbols, field }) => ({
    symbols,
    at: spanOf(field.file.facts, field.at),
    settled: isSettled(field, draft, writers),
  }));
}

export function namesOf(drafts: readonly Draft[]): string[] {
  return [...new Set(drafts.map((d) => d.name))];
}

function isExported({ name, file }: Declared): boolean {
  return file.facts.exports.some((e) => e.kind === 'local' && e.local === name);
}

function isLiteral({ type, node, init }: StateField): boolean {
  if (type.k === 'literal' || node?.t === 'literal') return true;
  return init?.e === 'as' && init.type.t === 'ref' && init.type.name === 'const';
}

/** Properties of interfaces and object types that are not read-only. */
function typeState({ drafts, identities, exposed, mapping }: MutabilityContext): Found[] {
  const owners = new Map<string, { readonly field: StateField; readonly by: Draft[] }>();
  for (const draft of drafts.all) {
    const { kind } = draft.symbol.declaration;
    if ((kind !== 'interface' && kind !== 'alias') || !isRole(draft.kind)) continue;
    for (const field of stateOf(draft.symbol)) {
      if (field.readonly || field.via !== 'field') continue;
      const known = owners.get(fieldKey(field));
      if (known) known.by.push(draft);
      else owners.set(fieldKey(field), { field, by: [draft] });
    }
  }
  return [...owners.values()].flatMap(({ field, by }): Found[] => {
    const [draft, ...others] = by;
    if (!draft || !isRole(draft.kind)) return [];
    const at = spanOf(field.file.facts, field.at);
    const declaring = field.declaredIn ?? draft.symbol;
    const isInherited = declaring !== draft.symbol;
    const access: StateAccess = {
      owner: draft.id,
      of: draft.kind,
      symbol: `${declaring.name}.${field.name}`,
      at,
      via: 'type',
      visibility: 'public',
      readonly: false,
      identity: identities.has(fieldKey(field)),
      mapped: mapping.described(declaring) || by.some((d) => d.mapped || mapping.described(d.symbol)),
      generated: false,
      literal: isLiteral(field),
      exposed: exposed.has(spanKey(at)),
      local: false,
      frozen: false,
      inheritedBy: namesOf(isInherited ? by : others),
      assignments: [],
      settled: true,
    };
    return [{ access, property: { name: field.name, file: field.file, at: field.at, ofType: true } }];
  });
}
