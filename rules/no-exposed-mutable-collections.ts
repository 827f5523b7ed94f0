import type { Block, BlockId, DomainModel, Exposure, HeldCollection, OutsideChange, Span } from '../src/model/domain-model.js';
import { defineRule, type Finding, type Fix } from '../src/rule.js';

export default defineRule({
  id: 'no-exposed-mutable-collections',
  title: 'Hand out no live mutable collection',
  why: 'Whoever holds the live collection can add, remove and reorder past every invariant that the aggregate guards.',
  remedy: 'Type it read-only (readonly T[], ReadonlyMap, ReadonlySet) or return a copy, and offer a method that names the change.',
  source: 'Evans, Domain-Driven Design, ch. 6: the root is the only way in; Vernon, Implementing Domain-Driven Design, ch. 10',
  severity: 'error',
  fixable: 'safe',
  preset: 'recommended',
  needs: ['aggregates'],
  *check(model) {
    const blocks = new Map(model.blocks.map((b) => [b.id, b]));
    for (const exposure of model.exposures) {
      yield {
        at: exposure.at,
        symbol: exposure.symbol,
        message: message(exposure),
        ...aggregateOf(exposure, blocks),
        ...fixOf(exposure, model),
      };
    }
  },
});

function aggregateOf(exposure: Exposure, blocks: ReadonlyMap<BlockId, Block>): { aggregate?: string } {
  const root = blocks.get(exposure.owner)?.aggregate;
  const name = root && blocks.get(root)?.name;
  return name ? { aggregate: name } : {};
}

/** The best way first. None where code outside changes the collection: no type and no copy would keep that working. */
function fixOf(exposure: Exposure, model: DomainModel): Pick<Finding, 'fix'> {
  const { held } = exposure;
  if (model.outsideChanges.some((change) => change.how === 'collection' && isOf(change, exposure))) return {};
  const [first, ...others] = !held ? ofReturned(exposure) : held.bag ? ofEntry(exposure, held, held.bag) : ofField(exposure, held, model);
  return first ? { fix: inOrder(first, others) } : {};
}

function isOf({ symbol, target }: OutsideChange, { owner, symbol: exposed, entry, handsOut, inheritedBy }: Exposure): boolean {
  const [of, name] = symbol?.split('.') ?? [];
  const field = handsOut ?? (entry ?? exposed).split('.').at(-1);
  return name === field && (target === owner || inheritedBy.some((heir) => heir === of));
}

function inOrder(first: Fix, [next, ...others]: readonly Fix[]): Fix {
  return next ? { ...first, otherwise: inOrder(next, others) } : first;
}

function ofReturned({ at, symbol, collection }: Exposure): Fix[] {
  if (collection === 'collection') return [];
  return [
    { kind: 'safe', title: `Type ${symbol} read-only`, changes: [{ do: 'type-read-only', at }] },
    { kind: 'unsafe', title: `Return a copy from ${symbol}`, changes: [{ do: 'return-copy', at }] },
  ];
}

/** A field that the class itself changes has to stay as it is, and be hidden; one that is mapped has to keep its name. */
function ofField({ at, symbol, collection }: Exposure, held: HeldCollection, model: DomainModel): Fix[] {
  if (collection === 'collection') return [];
  const access = model.stateAccess.find((state) => isSame(state.at, at));
  const mapped = access?.mapped === true;
  const assigned = access?.assignments.some(({ how }) => how === 'outside') === true;
  const hide: Fix[] = [
    {
      kind: 'unsafe',
      title: `Make ${symbol} private, behind a read-only accessor`,
      changes: [{ do: 'encapsulate', at, hands: 'view' }],
    },
    {
      kind: 'unsafe',
      title: `Make ${symbol} private, behind an accessor that returns a copy`,
      changes: [{ do: 'encapsulate', at, hands: 'copy' }],
    },
  ];
  const replaced = held.replaced || assigned;
  return [...typeReadOnly(symbol, { ...held, replaced }, mapped), ...(mapped || assigned ? [] : hide)];
}

function ofEntry({ symbol, entry, collection }: Exposure, held: HeldCollection, bag: NonNullable<HeldCollection['bag']>): Fix[] {
  const hide: Fix = {
    kind: 'unsafe',
    title: `Make ${bag.symbol} protected`,
    changes: [{ do: 'restrict', at: bag.at, to: 'protected' }],
  };
  return [...(collection === 'collection' ? [] : typeReadOnly(entry ?? symbol, held, false)), hide];
}

/** `readonly` goes with it: a writable field would be a finding of another rule at once. */
function typeReadOnly(symbol: string, held: HeldCollection, mapped: boolean): Fix[] {
  const { at, readonly, changedInPlace, replaced } = held;
  const alone = readonly || mapped;
  if (changedInPlace || (replaced && !alone)) return [];
  const changes: Fix['changes'] = [{ do: 'type-read-only', at }, ...(alone ? [] : [{ do: 'add-readonly' as const, at }])];
  return [{ kind: 'safe', title: `Type ${symbol} read-only`, changes }];
}

function isSame(a: Span, b: Span): boolean {
  return a.file === b.file && a.line === b.line && a.column === b.column;
}

const READ_ONLY = { array: 'readonly', map: 'ReadonlyMap', set: 'ReadonlySet', collection: 'a read-only view' } as const;

function message(exposure: Exposure): string {
  const { symbol, collection, collectionClass, mutator, via, inheritedBy } = exposure;
  const what = collectionClass
    ? `the live ${collectionClass}${mutator ? `, which has ${mutator}()` : ''}`
    : `the live ${collection === 'array' ? 'array' : collection === 'map' ? 'Map' : 'Set'}`;
  if (exposure.entry)
    return `${symbol} is public, and so is what it holds: ${exposure.entry} is a mutable ${collectionClass ?? collection}. Make the bag protected, or its entries readonly arrays and read-only maps.`;
  const how =
    via === 'method' || via === 'accessor'
      ? `${symbol} returns ${what}`
      : `${symbol} is public and is ${what.replace('the live', 'a mutable')}`;
  const heirs =
    inheritedBy.length > 0
      ? ` (inherited by ${inheritedBy.slice(0, 4).join(', ')}${inheritedBy.length > 4 ? ` and ${inheritedBy.length - 4} more` : ''})`
      : '';
  const remedy =
    collection === 'collection'
      ? 'Return its elements as a readonly array or a copy, and change it through methods of the aggregate'
      : `Type it ${collection === 'array' ? readonlyText(exposure.type) : READ_ONLY[collection]} or return a copy`;
  return `${how}${heirs}: callers can change it past every invariant. ${remedy}.`;
}

function readonlyText(type: string): string {
  const element = /^Array<(.+)>$/.exec(type)?.[1];
  if (element) return `readonly ${/[|&]/.test(element) ? `(${element})` : element}[]`;
  return /^[\w.<>]+\[\]$|^\(.+\)\[\]$/.test(type) ? `readonly ${type}` : 'as a readonly array';
}
