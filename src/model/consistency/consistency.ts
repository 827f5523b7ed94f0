import type { Aggregate, BlockId, Concept, Invariant, Reason, SplitPart, StateSymbol } from '../domain-model.js';
import { codedSeries, inSeries, methodName, reasonsOf, shortName } from './reasons.js';
import {
  connectsToRest,
  fieldsAbove,
  holdersOf,
  invariantsOf,
  isCreation,
  isOnWhole,
  type Known,
  type OwnedField,
  type Subject,
  stateBelow,
  subjectOf,
  symbolsOf,
  type Tie,
  tiesOn,
} from './ties.js';

/** The consistency-boundary test: of everything that an aggregate holds or refers to, whether the code ties it to the rest. */
export function testConsistency(model: Known, apart: ReadonlySet<StateSymbol> = new Set()): Concept[] {
  const blocks = new Map(model.blocks.map((block) => [block.id, block]));
  return model.aggregates.flatMap((aggregate) => {
    const subject = subjectOf(aggregate, blocks, model, apart);
    const values = valueConcepts(subject);
    const tied = values.filter(({ answer }) => answer === 'yes');
    const free = values.filter(({ answer }) => answer !== 'yes');
    return [...entityConcepts(subject), ...tied, ...stateConcepts(subject), ...free, ...referenceConcepts(subject)].map((concept) => {
      const part = concept.answer === 'yes' ? partOf(concept.symbols, subject) : undefined;
      return { ...concept, aggregate: aggregate.root, ...(part ? { within: part.cluster.name } : {}) };
    });
  });
}

type Answered = Omit<Concept, 'aggregate' | 'within'>;

const BY_ITSELF = 'by itself';

// ── entities ──────────────────────────────────────────────────────────────────────────────────────────────────────

function entityConcepts(subject: Subject): Answered[] {
  const { aggregate } = subject;
  const entities = aggregate.members.filter((member) => member.kind === 'entity');
  const ids = [...new Set([...entities].sort((one, other) => one.depth - other.depth).map((member) => member.block))];
  return ids.map((id) => {
    const holders = holdersOf(id, subject);
    const own = new Set([...holders.map((field) => field.symbol), ...stateBelow(id, subject)]);
    const tying = subject.ties.filter((tie) => connectsToRest(tie, own) || isOnWhole(tie, holders));
    const name = subject.blocks.get(id)?.name ?? nameIn(id);
    const keeper = keeperOf(id, subject);
    const base = { name, symbols: symbolsOf(holders), what: 'entity' } as const;
    if (tying.length > 0) {
      const yet = keeper ? [{ text: `yet ${keeper.name} loads and saves it past ${aggregate.name}`, at: keeper.at }] : [];
      return { ...base, answer: 'yes', because: [...reasonsOf(invariantsOf(tying), own, aggregate), ...yet] };
    }
    const apart = keeper ? [{ text: `${keeper.name} loads and saves it by itself`, at: keeper.at }] : [];
    return {
      ...base,
      answer: keeper ? 'no' : 'no evidence',
      because: [untied(), ...apart, ...ownInvariants(id, subject), ...changedAlong(own, subject)],
    };
  });
}

function keeperOf(id: BlockId, { model }: Subject) {
  return model.repositories.find(
    (repository) => repository.abstraction && repository.keeps.some((kept) => kept.block === id && kept.member),
  );
}

// ── state of the root ─────────────────────────────────────────────────────────────────────────────────────────────

/**
 * Fields of the root under the same invariants are one concept, and so are those of one part where the aggregate falls apart;
 * those that are only checked each by itself are another.
 */
function stateConcepts(subject: Subject): Answered[] {
  const { aggregate } = subject;
  const held = new Set([...concernOthers(subject)]);
  const state = subject.fields.filter(
    ({ owner, symbol }) => owner === aggregate.root && !held.has(symbol) && !subject.apart.has(symbol) && !isBag(symbol, subject),
  );
  const groups = new Map<string, OwnedField[]>();
  const free: OwnedField[] = [];
  for (const field of state) {
    const ties = tiesOn(field.symbol, subject);
    if (ties.length === 0) {
      if (field.at.file === aggregate.at.file) free.push(field);
      continue;
    }
    const tied = ties.some(({ invariant, connects }) => connects.size > 1 || invariant.kind === 'transition');
    const key = tied ? (partOf([field.symbol], subject)?.cluster.name ?? ties.map((tie) => subject.ties.indexOf(tie)).join()) : BY_ITSELF;
    groups.set(key, [...(groups.get(key) ?? []), field]);
  }
  const concepts = [...groups].map(([key, fields]) => stateConcept(fields, key === BY_ITSELF, subject));
  concepts.sort((one, other) => Number(one.answer === 'no evidence') - Number(other.answer === 'no evidence'));
  return free.length === 0 ? concepts : [...concepts, freeConcept(free)];
}

/** State that no invariant reads or protects; what a base in another file keeps is its own affair. */
function freeConcept(fields: readonly OwnedField[]): Answered {
  const name = namesOf(fields);
  const text = `no invariant reads or protects ${fields.length > 1 ? 'them' : 'it'}`;
  return { name, symbols: symbolsOf(fields), what: 'state', answer: 'no evidence', because: [{ text }] };
}

/** States of one functional aggregate have fields of one name. */
function namesOf(fields: readonly OwnedField[]): string {
  return [...new Set(fields.map((field) => field.name))].join(', ');
}

/** A bag is seen through its entries. */
function isBag(symbol: StateSymbol, { fields }: Subject): boolean {
  return (
    fields.some((field) => field.symbol === symbol && field.via !== 'property-bag') &&
    /\.[_#]?(?:props|properties|state)$/.test(symbol) &&
    fields.some((field) => field.via === 'property-bag')
  );
}

function stateConcept(fields: readonly OwnedField[], byThemselves: boolean, subject: Subject): Answered {
  const symbols = symbolsOf(fields);
  const own = new Set(symbols);
  const invariants = invariantsOf(subject.ties.filter(({ connects }) => symbols.some((symbol) => connects.has(symbol))));
  const reasons = reasonsOf(transitionsFirst(invariants), own, subject.aggregate);
  const base = { name: namesOf(fields), symbols, what: 'state' } as const;
  if (!byThemselves) return { ...base, answer: 'yes', because: reasons };
  const alone =
    symbols.length > 1
      ? 'each checked by itself: nothing in the code ties them to the rest'
      : 'checked by itself: nothing in the code ties it to the rest';
  return { ...base, answer: 'no evidence', because: [{ text: alone }, ...reasons] };
}

/** Fields of the root that are concepts of their own: members and references. */
function concernOthers({ aggregate, fields }: Subject): StateSymbol[] {
  const members = new Set(aggregate.members.map((member) => member.block));
  return [
    ...fields.filter((field) => field.holds.some(({ block }) => members.has(block))).map((field) => field.symbol),
    ...aggregate.references.map((reference) => reference.symbol),
  ];
}

function transitionsFirst(invariants: readonly Invariant[]): Invariant[] {
  return [...invariants].sort((one, other) => Number(other.kind === 'transition') - Number(one.kind === 'transition'));
}

// ── value objects ─────────────────────────────────────────────────────────────────────────────────────────────────

/** A field of the root that is tied to others answers for itself; the other fields of the type are values. */
function valueConcepts(subject: Subject): Answered[] {
  const { aggregate } = subject;
  const ids = [...new Set(aggregate.members.filter((member) => member.kind === 'value-object').map((member) => member.block))];
  return ids.flatMap((id) => {
    const holders = holdersOf(id, subject);
    const isTied = (field: OwnedField): boolean => field.owner === aggregate.root && tyingOf(field, id, subject).length > 0;
    const tied = holders.filter(isTied).map((field): Answered => {
      const own = new Set([field.symbol, ...stateBelow(id, subject)]);
      const reasons = reasonsOf(invariantsOf(tyingOf(field, id, subject)), own, aggregate);
      return { name: field.name, symbols: [field.symbol], what: 'value-object', answer: 'yes', because: reasons };
    });
    const free = holders.filter((field) => !isTied(field));
    return free.length === 0 && tied.length > 0 ? tied : [...tied, valueConcept(id, free, subject)];
  });
}

function tyingOf(field: OwnedField, id: BlockId, subject: Subject): Tie[] {
  const collection = field.holds.some(({ block, as }) => block === id && as !== 'value');
  const own = new Set([field.symbol, ...stateBelow(id, subject)]);
  return subject.ties.filter(
    (tie) =>
      tie.connects.has(field.symbol) &&
      (tie.invariant.kind === 'transition' || connectsToRest(tie, own) || (collection && isOnWhole(tie, [field]))),
  );
}

function valueConcept(id: BlockId, holders: readonly OwnedField[], subject: Subject): Answered {
  const { aggregate, blocks } = subject;
  const inRoot = holders.filter((field) => field.owner === aggregate.root);
  const changers = inRoot.length > 0 ? changersOf(inRoot, subject) : [];
  const owners = [...new Set(holders.map(({ owner }) => blocks.get(owner)?.name ?? nameIn(owner)))];
  const copied = aggregate.references.filter(({ from, by }) => from === id && by === 'identity').map(({ to }) => nameOf(to, subject));
  const what = copied.length > 0 ? `snapshot of ${inSeries([...new Set(copied)])}` : 'snapshot';
  const text =
    inRoot.length === 0 && holders.length > 0
      ? `part of ${inSeries(owners)}`
      : changers.length > 0
        ? `a value, replaced as a whole by ${inSeries(changers)}`
        : `${what}, never changed`;
  const own = new Set(symbolsOf(holders));
  return {
    name: blocks.get(id)?.name ?? nameIn(id),
    symbols: [...own],
    what: 'value-object',
    answer: 'as a value object',
    because: [{ text, ...placeOf(inRoot[0] ?? holders[0]) }],
  };
}

function changersOf(fields: readonly OwnedField[], { operations, aggregate }: Subject): string[] {
  const symbols = symbolsOf(fields);
  const changing = operations.filter(
    ({ kind, writes }) => (kind === 'command' || kind === 'applier') && writes.some((symbol) => symbols.includes(symbol)),
  );
  return [...new Set(changing.map(({ name }) => methodName(name, aggregate)))];
}

// ── references ────────────────────────────────────────────────────────────────────────────────────────────────────

function referenceConcepts(subject: Subject): Answered[] {
  const { references } = subject.aggregate;
  const ways = ['object', 'identity'] as const;
  return ways.flatMap((by) => {
    const of = references.filter((reference) => reference.by === by);
    const targets = [...new Set(of.map(({ to, target }) => (by === 'identity' ? to : target)))];
    return targets.map((target) => {
      const fields = of.filter((reference) => (by === 'identity' ? reference.to : reference.target) === target);
      return by === 'identity' ? byIdentity(target, fields, subject) : byObject(target, fields, subject);
    });
  });
}

type References = Aggregate['references'];

/** A guard may look at an identity: that needs the identity and nothing of whom it names. */
function byIdentity(target: BlockId, references: References, subject: Subject): Answered {
  const symbols = [...new Set(references.map(({ symbol }) => symbol))];
  const own = new Set(symbols);
  const reading = subject.ties.filter(
    ({ invariant, connects }) => symbols.some((symbol) => connects.has(symbol)) && !isCreation(invariant, subject.operations),
  );
  const reasons = reasonsOf(invariantsOf(reading), own, subject.aggregate);
  const enough = reading.length > 0 ? ', which is all that the invariants read' : '';
  return {
    name: nameOf(target, subject),
    symbols,
    what: 'reference-by-identity',
    answer: 'no',
    because: [{ text: `held by identity${enough}`, ...placeOf(references[0]) }, ...reasons],
  };
}

function byObject(target: BlockId, references: References, subject: Subject): Answered {
  const { aggregate, blocks } = subject;
  const name = nameOf(target, subject);
  const symbols = [...new Set(references.map(({ symbol }) => symbol))];
  const foreign = new Set([...symbols, ...(blocks.get(target)?.fields ?? []).map((field) => field.symbol)]);
  const reading = subject.ties.filter(({ connects }) => [...foreign].some((symbol) => connects.has(symbol)));
  const reasons = reasonsOf(invariantsOf(reading), foreign, aggregate);
  const base = { name, symbols, what: 'reference-by-object' } as const;
  const at = placeOf(references[0]);
  if (references.some((reference) => reference.maybeMember) && reading.length > 0) {
    const text = `${name} is held here alone, and invariants tie it to ${aggregate.name}: make it an entity of ${aggregate.name}`;
    return { ...base, answer: 'yes', because: [{ text, ...at }, ...reasons] };
  }
  if (reading.length === 0) {
    const orMember = references.some((reference) => reference.maybeMember)
      ? `, or make it an entity if it lives and dies with ${aggregate.name}`
      : '';
    return {
      ...base,
      answer: 'no',
      because: [{ text: `an object that no invariant reads: refer to it by identity${orMember}`, ...at }],
    };
  }
  const remedy = readsMore(reading, references)
    ? ', and hand in what the invariant needs as a value'
    : ', which is all that the invariants read';
  const text = `an aggregate of its own: refer to it by identity${remedy}`;
  return { ...base, answer: 'no', because: [{ text, ...at }, ...reasons] };
}

/** `customer.suspended`, rather than `devices.length` or the field itself. */
function readsMore(ties: readonly Tie[], references: References): boolean {
  const names = references.map(({ symbol }) => symbol.slice(symbol.lastIndexOf('.') + 1).replaceAll('$', '\\$'));
  const further = new RegExp(`(?<![\\w$])(?:${names.join('|')})[!?]?\\.(?!(?:length|size|has|includes|push|id|equals)\\b)`);
  return ties.some(({ invariant }) => further.test(invariant.text));
}

// ── what they share ───────────────────────────────────────────────────────────────────────────────────────────────

function untied(): Reason {
  return { text: 'nothing in the code ties it to the rest' };
}

/** What it enforces by itself once it is there. */
function ownInvariants(id: BlockId, { ties, aggregate, fields, operations }: Subject): Reason[] {
  const own = new Set(fields.filter((field) => field.owner === id).map((field) => field.symbol));
  const inner = ties.filter(
    ({ invariant, connects }) =>
      !isCreation(invariant, operations) && connects.size > 0 && [...connects].every((symbol) => own.has(symbol)),
  );
  return reasonsOf(invariantsOf(inner), own, aggregate);
}

/** To be written together in one method is no invariant, but worth a look. */
function changedAlong(own: ReadonlySet<StateSymbol>, { operations, aggregate, apart }: Subject): Reason[] {
  for (const { kind, name, writes, at } of operations) {
    if (kind !== 'command' && kind !== 'applier') continue;
    const others = writes.filter((symbol) => !own.has(symbol) && !apart.has(symbol));
    if (others.length === 0 || !writes.some((symbol) => own.has(symbol))) continue;
    const along = codedSeries(others.map((symbol) => shortName(symbol, aggregate)));
    return [{ text: `${methodName(name, aggregate)} changes it along with ${along}, without an invariant between them`, at }];
  }
  return [];
}

/** Of the parts that the aggregate falls into, the one that the fields lie in. */
function partOf(symbols: readonly StateSymbol[], subject: Subject): SplitPart | undefined {
  const fields = symbols.flatMap((symbol) => fieldsAbove(symbol, subject));
  return subject.split?.parts.find(({ cluster }) => fields.some((field) => cluster.fields.includes(field)));
}

function placeOf(place: { readonly at: Reason['at'] } | undefined): { readonly at?: NonNullable<Reason['at']> } {
  return place?.at ? { at: place.at } : {};
}

function nameOf(id: BlockId, { blocks }: Subject): string {
  return blocks.get(id)?.name ?? nameIn(id);
}

function nameIn(id: BlockId): string {
  return id.slice(id.indexOf('#') + 1);
}
