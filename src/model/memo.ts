/** What is computed once per key and then remembered for as long as the key lives. */
export function once<K extends object, V extends object>(memo: WeakMap<K, V>, key: K, make: () => V): V {
  const known = memo.get(key);
  if (known) return known;
  const made = make();
  memo.set(key, made);
  return made;
}
