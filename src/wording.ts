/** `a, b and c`; beyond `most` names the first `shown` and how many more. */
export function listed(
  names: readonly string[],
  { most = 4, shown = 3, more = 'more' }: { readonly most?: number; readonly shown?: number; readonly more?: string } = {},
): string {
  if (names.length > most) return `${names.slice(0, shown).join(', ')} and ${names.length - shown} ${more}`;
  return names.length < 2 ? names.join('') : `${names.slice(0, -1).join(', ')} and ${names.at(-1)}`;
}
