import type { Block, Division, Handler, Raise, Repository, WritePair } from '../domain-model.js';

/**
 * Pairs of writes of which the second could move to a handler of an event: two types, written by the method of a class itself,
 * in a project that has events.
 */
export function findDivisions(
  handlers: readonly Handler[],
  blocks: readonly Block[],
  raises: readonly Raise[],
  repositories: readonly Repository[],
): Division[] {
  const listeners = handlers.filter((h) => h.kind === 'event-handler' && h.handles.length > 0 && isMethod(h));
  const places = new Map(blocks.map((b) => [b.id, b.at]));
  if (raises.length === 0 && listeners.length === 0) return [];
  return handlers.flatMap((handler) => {
    const pair = DIVISIBLE.has(handler.kind) && isMethod(handler) ? handler.together.find(isDivisible) : undefined;
    const first = pair && places.get(pair.first.aggregate);
    const second = pair && places.get(pair.second.aggregate);
    if (!pair || !first || !second) return [];
    const keepers = repositories.filter((r) => r.keeps.some((k) => k.root === pair.first.aggregate));
    return [
      {
        handler: handler.id,
        pair,
        first,
        second,
        raises: nearest(raises, first.file, ({ at }) => at.file).toSorted(
          (a, b) => Number(b.by === pair.first.aggregate) - Number(a.by === pair.first.aggregate),
        ),
        listeners: nearest(
          listeners.filter((h) => h !== handler),
          second.file,
          ({ at }) => at.file,
        ),
        keepers: [...new Set(keepers.flatMap((r) => [r.block, ...r.implementedBy]))].flatMap((id) => places.get(id) ?? []),
      },
    ];
  });
}

const DIVISIBLE: ReadonlySet<Handler['kind']> = new Set<Handler['kind']>(['command-handler', 'event-handler', 'application-service']);

function isMethod({ name }: Handler): boolean {
  return name.includes('.');
}

function isDivisible({ first, second, sameType, within }: WritePair): boolean {
  if (sameType || within !== undefined) return false;
  return [first, second].every((w) => w.through.length === 0 && w.member === undefined && !w.inLoop && w.how !== 'change');
}

/** Those with the most folders in common first. */
function nearest<T>(all: readonly T[], file: string, fileOf: (each: T) => string): readonly T[] {
  const folders = file.split('/');
  return all
    .map((each) => ({ each, near: shared(fileOf(each).split('/'), folders) }))
    .sort((a, b) => b.near - a.near)
    .map(({ each }) => each);
}

function shared(own: readonly string[], other: readonly string[]): number {
  const parting = own.findIndex((part, i) => part !== other[i]);
  return parting === -1 ? own.length : parting;
}
