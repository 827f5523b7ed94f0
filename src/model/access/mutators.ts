import type { Mutator } from '../domain-model.js';
import type { Draft } from '../drafts.js';
import { mutableCollection } from '../exposures.js';
import { spanOf } from '../program.js';
import { type StateField, stateOf } from '../state.js';
import { isSetMethod, replays } from './assignments.js';
import { codeOf, constructingMembers, memoizes } from './own-changes.js';
import { readSetter } from './setters.js';
import { namesOf } from './state-access.js';
import { fieldKey, type MutabilityContext, type Subject } from './subjects.js';

/** What the class says of a mutator, before it is known who uses it. */
export type OwnMutator = Omit<Mutator, 'usedBy'>;

export interface FoundMutator {
  readonly mutator: OwnMutator;
  readonly name: string;
  /** The class that declares it. */
  readonly draft: Draft;
  readonly heirs: readonly Draft[];
}

/** The members of a class that change its state, what only construction runs set aside. */
export function mutatorsOf({ draft, of, heirs }: Subject, context: MutabilityContext): FoundMutator[] {
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
  return codeOf(symbol).flatMap((code): FoundMutator[] => {
    if (code.kind === 'constructor' || constructing.has(code.member)) return [];
    const changes = code.changes.filter((c) => isState(c.path) && (!c.inPlace || isCollectionAt(c.path, state)));
    if (changes.length === 0 && code.kind !== 'set') return [];
    const via = code.kind === 'set' ? 'setter' : isSetMethod(code) ? 'set-method' : 'method';
    const reading = via === 'method' ? undefined : readSetter(code.fn, symbol);
    const getter = code.kind === 'set' ? codeOf(symbol).find((c) => c.kind === 'get' && c.name === code.name) : undefined;
    const decorators = [...code.member.decorators, ...(getter?.member.decorators ?? [])];
    const mutator: OwnMutator = {
      owner: draft.id,
      of,
      symbol: `${draft.name}.${code.name}`,
      at: spanOf(symbol.file.facts, code.member.at),
      via,
      visibility: code.member.visibility,
      changes: [
        ...new Set(
          changes
            .filter((c) => c.path[0] !== '*' || changes.length === 1)
            .map((c) => c.path.slice(0, bags.has(c.path[0] ?? '') ? 2 : 1).join('.')),
        ),
      ],
      identity: changes.some((c) => state.some((f) => isAt(f, c.path) && context.identities.has(fieldKey(f)))),
      guarded: reading?.guarded ?? false,
      derives: reading?.derives ?? false,
      onlyAssigns: reading?.onlyAssigns ?? false,
      mapped: context.mapping.decorated(decorators, symbol),
      replays: replays(code, draft, context.drafts),
      memoizes: changes.length > 0 && changes.every((c) => isHidden(c.path, state)) && memoizes(code, changes),
      inheritedBy: namesOf(heirs),
      decorated: decorators.length > 0,
    };
    return [{ mutator, name: code.name, draft, heirs }];
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
