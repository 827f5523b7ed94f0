import { identifierConcept, identityField } from '../boundaries.js';
import type { Span, StateAccess } from '../domain-model.js';
import type { Draft, Drafts } from '../drafts.js';
import type { Declared } from '../program.js';
import { conceptName, isDomainKind } from '../roles.js';
import { type StateField, stateOf } from '../state.js';
import { withoutNull } from '../types.js';
import type { Mapping } from './orm-mapping.js';

export type Role = StateAccess['of'];

/** A class with state of the domain: a block, or a base with blocks among its heirs. */
export interface Subject {
  readonly draft: Draft;
  readonly of: Role;
  readonly heirs: readonly Draft[];
}

export interface MutabilityContext {
  readonly drafts: Drafts;
  readonly mapping: Mapping;
  /** Where the identity of a root or entity is declared: `file:offset`. */
  readonly identities: ReadonlySet<string>;
  /** Places that an exposure is about: `file:line:column`. */
  readonly exposed: ReadonlySet<string>;
}

export function subjectsIn(drafts: Drafts): Subject[] {
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
    return of
      ? [{ draft, of, heirs: inheriting.filter((h) => of === 'value-object' || h.kind === 'aggregate-root' || h.kind === 'entity') }]
      : [];
  });
}

export function isRole(kind: Draft['kind']): kind is Role {
  return isDomainKind(kind);
}

export function identitiesIn(drafts: Drafts): ReadonlySet<string> {
  const found = new Set<string>();
  for (const draft of drafts.all) {
    if (draft.base || (draft.kind !== 'aggregate-root' && draft.kind !== 'entity')) continue;
    const field = ownIdentity(draft, drafts);
    if (field) found.add(fieldKey(field));
  }
  return found;
}

/** What is typed by the block's own identifier comes before what is merely named like one. */
export function ownIdentity(draft: Draft, drafts: Drafts): StateField | undefined {
  const own = conceptName(draft.name);
  const typed = stateOf(draft.symbol).find((f) => {
    const type = withoutNull(f.type);
    const identifier = type.k === 'named' ? drafts.of(type.symbol) : undefined;
    return identifier?.kind === 'identifier' && identifierConcept(identifier.name) === own;
  });
  return typed ?? identityField(draft);
}

export function fieldKey({ file, at }: StateField): string {
  return `${file.facts.file}:${at[0]}`;
}

export function spanKey({ file, line, column }: Span): string {
  return `${file}:${line}:${column}`;
}
