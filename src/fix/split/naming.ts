/** `ChangeDeliveryAddress`, `changeDeliveryAddress` and `change-delivery-address` alike. */
export function wordsOf(name: string): string[] {
  return (name.match(/[A-Z]+(?![a-z])|[A-Z]?[a-z\d]+|\d+/g) ?? []).map((word) => word.toLowerCase());
}

export function pascal(words: readonly string[]): string {
  return words.map((word) => word.charAt(0).toUpperCase() + word.slice(1)).join('');
}

export function camel(words: readonly string[]): string {
  const whole = pascal(words);
  return whole.charAt(0).toLowerCase() + whole.slice(1);
}

/** What happened to the subject when the method is through: `place` → `placed`, `addItem` → `item added`, `markAsPaid` → `marked as paid`. */
export function happened(method: string): readonly string[] {
  const [verb = '', ...rest] = wordsOf(method);
  const [next] = rest;
  return next === undefined || PREPOSITIONS.has(next) ? [participle(verb), ...rest] : [...rest, participle(verb)];
}

const PREPOSITIONS = new Set(['as', 'at', 'by', 'for', 'from', 'in', 'into', 'of', 'off', 'on', 'out', 'over', 'to', 'up', 'with']);

/** The past participle of a regular verb, or of one of the irregular ones that domains are made of. */
export function participle(verb: string): string {
  const irregular = IRREGULAR[verb];
  if (irregular !== undefined) return irregular;
  if (verb.endsWith('e')) return `${verb}d`;
  if (/[^aeiou]y$/.test(verb)) return `${verb.slice(0, -1)}ied`;
  if (DOUBLING.has(verb) || /^[^aeiou]*[aeiou][bdgklmnprt]$/.test(verb)) return `${verb}${verb.at(-1)}ed`;
  return `${verb}ed`;
}

/** Of more than one syllable, and the last one stressed, or spelled so by custom. */
const DOUBLING = new Set([
  'admit',
  'cancel',
  'commit',
  'defer',
  'label',
  'level',
  'omit',
  'permit',
  'refer',
  'submit',
  'transfer',
  'unship',
]);

const IRREGULAR: Readonly<Record<string, string>> = {
  be: 'been',
  become: 'become',
  begin: 'begun',
  bid: 'bid',
  bind: 'bound',
  bring: 'brought',
  build: 'built',
  buy: 'bought',
  catch: 'caught',
  choose: 'chosen',
  cut: 'cut',
  do: 'done',
  draw: 'drawn',
  drive: 'driven',
  feed: 'fed',
  find: 'found',
  freeze: 'frozen',
  get: 'got',
  give: 'given',
  go: 'gone',
  grow: 'grown',
  hold: 'held',
  keep: 'kept',
  know: 'known',
  lay: 'laid',
  lead: 'led',
  leave: 'left',
  lend: 'lent',
  let: 'let',
  lose: 'lost',
  make: 'made',
  meet: 'met',
  pay: 'paid',
  put: 'put',
  read: 'read',
  ride: 'ridden',
  run: 'run',
  sell: 'sold',
  send: 'sent',
  set: 'set',
  shut: 'shut',
  speak: 'spoken',
  spend: 'spent',
  split: 'split',
  spread: 'spread',
  steal: 'stolen',
  take: 'taken',
  teach: 'taught',
  tell: 'told',
  undo: 'undone',
  win: 'won',
  withdraw: 'withdrawn',
  write: 'written',
};

/** Words that give way to others in every spelling: `OrderCancelled`, `orderCancelled`, `order-cancelled`, `order.cancelled`, `ORDER_CANCELLED`. */
export function reworded(text: string, from: readonly string[], to: readonly string[]): string {
  const upper = (words: readonly string[]): string => words.join('_').toUpperCase();
  const spellings: (readonly [RegExp, string])[] = [
    [new RegExp(`${pascal(from)}(?![a-z])`, 'g'), pascal(to)],
    [new RegExp(`(?<![A-Z])${upper(from)}(?![A-Z])`, 'g'), upper(to)],
  ];
  if (from.length === 1) spellings.push([new RegExp(`(?<![A-Za-z])${from.join('')}(?![a-z])`, 'g'), to.join(separatorIn(text))]);
  else {
    spellings.push([new RegExp(`(?<![A-Za-z])${camel(from)}(?![a-z])`, 'g'), camel(to)]);
    for (const separator of SEPARATORS) {
      const spelled = from.join(separator).replaceAll('.', '\\.');
      spellings.push([new RegExp(`(?<![A-Za-z])${spelled}(?![a-z])`, 'g'), to.join(separator)]);
    }
  }
  return spellings.reduce((done, [pattern, by]) => done.replace(pattern, by), text);
}

const SEPARATORS = ['-', '_', '.', ':', '/', ' '];

function separatorIn(text: string): string {
  return /[a-z\d]([-_.:/])[a-z\d]/i.exec(text)?.[1] ?? '-';
}

/** A file name for a class, written as the example writes that of its own; undefined where the file is not named after the class. */
export function fileNameLike(example: { readonly base: string; readonly name: string }, name: string): string | undefined {
  const suffix = /\.[cm]?tsx?$/.exec(example.base)?.[0] ?? '.ts';
  const stem = example.base.slice(0, -suffix.length);
  const dotted = stem.split('.');
  const own = wordsOf(example.name);
  for (let parts = 1; parts <= dotted.length; parts++) {
    const head = dotted.slice(0, parts).join('.');
    const tail = dotted.slice(parts);
    const said = wordsOf(head);
    // `order-placed.event.ts` of `OrderPlacedEvent`, or of `OrderPlaced`.
    const left = own.slice(said.length);
    if (said.join('') !== own.slice(0, said.length).join('') || said.length === 0) continue;
    const dropped = left.join('');
    const tailWords = tail.flatMap(wordsOf).join('');
    const all = wordsOf(name);
    if (dropped !== '' && !(tailWords.endsWith(dropped) && all.slice(-left.length).join('') === dropped)) continue;
    const kept = dropped === '' ? all : all.slice(0, -left.length);
    return [styled(kept, head), ...tail].join('.') + suffix;
  }
  return undefined;
}

function styled(words: readonly string[], like: string): string {
  if (like.includes('-')) return words.join('-');
  if (like.includes('_')) return words.join('_');
  if (like.includes('.')) return words.join('.');
  if (/^[A-Z]/.test(like)) return pascal(words);
  if (/[A-Z]/.test(like)) return camel(words);
  return words.join('-');
}
