/** By each of their keys; one that a thing has twice counts once. */
export function grouped<Item, Key>(items: readonly Item[], keysOf: (item: Item) => readonly Key[]): ReadonlyMap<Key, readonly Item[]> {
  const groups = new Map<Key, Item[]>();
  for (const item of items)
    for (const key of new Set(keysOf(item))) {
      const group = groups.get(key);
      if (group) group.push(item);
      else groups.set(key, [item]);
    }
  return groups;
}
