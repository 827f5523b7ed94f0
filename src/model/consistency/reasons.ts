import type { Aggregate, Invariant, Operation, Reason, StateSymbol } from '../domain-model.js';

const NAMED = 3;
const LONGEST = 48;

/** A sentence for each method that enforces something, about the concept that `own` is the state of. */
export function reasonsOf(invariants: readonly Invariant[], own: ReadonlySet<StateSymbol>, aggregate: Aggregate): Reason[] {
  const isOfOneMethod = (one: Invariant, other: Invariant): boolean => one.owner === other.owner && one.in === other.in;
  return invariants
    .filter((invariant, index) => invariants.findIndex((other) => isOfOneMethod(invariant, other)) === index)
    .map((first) => {
      const clauses = clausesOf(
        invariants.filter((other) => isOfOneMethod(first, other)),
        own,
        aggregate,
      );
      return { text: `${subjectOf(first, aggregate)} ${joined(clauses)}`, at: first.at };
    });
}

/** `status` in the root, `OrderItem.quantity` in a member. */
export function shortName(symbol: StateSymbol, { name }: Pick<Aggregate, 'name'>): string {
  return symbol.startsWith(`${name}.`) ? symbol.slice(name.length + 1) : symbol;
}

export function coded(text: string): string {
  return `\`${clipped(text)}\``;
}

/** `a`, `b` and `c`, each in code; what is too many is counted. */
export function codedSeries(words: readonly string[]): string {
  const shown = words.length <= NAMED + 1 ? words : words.slice(0, NAMED);
  const more = words.length - shown.length;
  return inSeries([...shown.map(coded), ...(more > 0 ? [`${more} more`] : [])]);
}

export function inSeries(words: readonly string[]): string {
  const last = words.at(-1) ?? '';
  return words.length < 2 ? last : `${words.slice(0, -1).join(', ')} and ${last}`;
}

/** With a comma where a clause is a series itself. */
function joined(clauses: readonly string[]): string {
  const last = clauses.at(-1) ?? '';
  const others = clauses.slice(0, -1);
  return others.some((clause) => clause.includes(' and ')) ? `${others.join(', ')}, and ${last}` : inSeries(clauses);
}

/** `addItem`, `OrderItem.changeQuantity`, `the constructor`. */
export function methodName(name: string, aggregate: Pick<Aggregate, 'name'>): string {
  const short = shortName(name, aggregate);
  return short === 'constructor' ? 'the constructor' : coded(short);
}

export function operationName({ name }: Operation, aggregate: Pick<Aggregate, 'name'>): string {
  return methodName(name, aggregate);
}

function subjectOf(invariant: Invariant, aggregate: Aggregate): string {
  return invariant.kind === 'declared' ? `${coded(shortName(invariant.in, aggregate))} declares` : methodName(invariant.in, aggregate);
}

/** What one method does: what it moves, what it guards against what, what it refuses, what it computes. */
function clausesOf(invariants: readonly Invariant[], own: ReadonlySet<StateSymbol>, aggregate: Aggregate): string[] {
  const of = (kind: Invariant['kind']): Invariant[] => invariants.filter((invariant) => invariant.kind === kind);
  const short = (symbol: StateSymbol): string => shortName(symbol, aggregate);
  const clauses = [
    ...of('transition').map(({ transition, text }) =>
      transition
        ? `moves ${coded(short(transition.field))} ${transition.from.length > 0 ? `${transition.from.join(' or ')} → ` : 'to '}${transition.to}`
        : `moves ${coded(text)}`,
    ),
    ...guardClauses(of('guard'), own, aggregate),
    ...of('derived').flatMap(({ writes, reads, text, conditional }) => {
      const computed = codedSeries(fromRoot(writes, aggregate));
      const others = reads.filter((symbol) => !writes.includes(symbol));
      if (conditional && others.length > 0) return [`sets ${computed} depending on ${codedSeries(fromRoot(others, aggregate))}`];
      if (!writes.some((symbol) => own.has(symbol))) return [`recomputes ${computed}`];
      if (others.length > 0) return [`computes ${computed} from ${codedSeries(fromRoot(others, aggregate))}`];
      return invariants.length > 1 ? [] : [`computes ${coded(text)}`];
    }),
    ...of('declared').map(({ text }) => coded(text)),
  ];
  return [...new Set(clauses)];
}

/** Of what a sentence names, the fields of the root stand for what lies below them. */
function fromRoot(symbols: readonly StateSymbol[], { name }: Aggregate): string[] {
  const ofRoot = symbols.filter((symbol) => symbol.startsWith(`${name}.`));
  return (ofRoot.length > 0 ? ofRoot : symbols).map((symbol) => shortName(symbol, { name }));
}

/** Guards of one thing against several are one clause; what only looks at itself is quoted. */
function guardClauses(guards: readonly Invariant[], own: ReadonlySet<StateSymbol>, aggregate: Aggregate): string[] {
  const against = new Map<string, Set<string>>();
  const refused: string[] = [];
  const asserted: string[] = [];
  for (const guard of guards) {
    const guarded = guard.writes.filter((symbol) => !guard.reads.includes(symbol));
    const mine = guarded.filter((symbol) => own.has(symbol));
    // A collection that a method adds to and limits in number: the limit is the point.
    const limits = guard.reads.some((symbol) => own.has(symbol) && guard.writes.includes(symbol));
    const others = guard.reads.filter((symbol) => !own.has(symbol));
    const read = mine.length > 0 && others.length > 0 ? others : guard.reads;
    if (guarded.length === 0 || read.length === 0 || (limits && others.length === 0)) {
      (guard.refusal === 'assertion' ? asserted : refused).push(guard.text);
      continue;
    }
    const subject = codedSeries(fromRoot(mine.length > 0 ? mine : guarded, aggregate));
    against.set(subject, new Set([...(against.get(subject) ?? []), ...fromRoot(read, aggregate).map((name) => asRead(name, guard.text))]));
  }
  return [
    ...[...against].map(([subject, read]) => `guards ${subject} against ${codedSeries([...read])}`),
    ...(refused.length > 0 ? [`refuses ${codedSeries([...new Set(refused)])}`] : []),
    ...(asserted.length > 0 ? [`asserts ${codedSeries([...new Set(asserted)])}`] : []),
  ];
}

/** `items.length` where the condition reads no more than the number. */
function asRead(name: string, text: string): string {
  const field = name.slice(name.lastIndexOf('.') + 1);
  const suffixes = [...text.matchAll(new RegExp(`(?<![\\w$])${field.replaceAll('$', '\\$')}((?:\\.(?:length|size)\\b)?)(?![\\w$])`, 'g'))];
  const [first] = suffixes;
  return first?.[1] && suffixes.every(([, suffix]) => suffix === first[1]) ? `${name}${first[1]}` : name;
}

function clipped(text: string): string {
  const line = text.replaceAll('`', "'").replace(/\s+/g, ' ').trim();
  return line.length <= LONGEST ? line : `${line.slice(0, LONGEST - 1).trimEnd()}…`;
}
