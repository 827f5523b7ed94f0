/** `customerId` for `customer`, `customerIds` for `customers`, `legIdsByPort` for `legsByPort`; a leading `_` or `#` stays. */
export function identityName(name: string, many: boolean): string {
  const [, mark = '', core = ''] = /^([_#]*)(.*)$/.exec(name) ?? [];
  if (!many) return mark + suffixed(core, 'Id');
  const [, listed = core, key = ''] = /^(.+?)(By[A-Z].*)?$/.exec(core) ?? [];
  if (/^by[A-Z]/.test(core)) return `${mark}ids${core.charAt(0).toUpperCase()}${core.slice(1)}`;
  return mark + suffixed(singular(listed), 'Ids') + key;
}

/** As the name itself parts its words. */
function suffixed(core: string, suffix: string): string {
  return /^[a-z\d]+(?:_[a-z\d]+)+$/.test(core) ? `${core}_${suffix.toLowerCase()}` : core + suffix;
}

function singular(name: string): string {
  const irregular = IRREGULAR.find(([many]) => name.toLowerCase().endsWith(many));
  if (irregular) return name.slice(0, -irregular[0].length) + irregular[1];
  if (/ies$/.test(name)) return `${name.slice(0, -3)}y`;
  if (/(?:ss|sh|ch|x|z)es$/.test(name)) return name.slice(0, -2);
  return /[^su]s$/.test(name) ? name.slice(0, -1) : name;
}

const IRREGULAR = [
  ['children', 'child'],
  ['people', 'person'],
] as const;
