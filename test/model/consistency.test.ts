import { describe, expect, it } from 'vitest';
import { testConsistency } from '../../src/model/consistency/consistency.js';
import { findExtents } from '../../src/model/consistency/extents.js';
import { proposeSplits } from '../../src/model/consistency/splits.js';
import type {
  Block,
  BlockKind,
  Concept,
  DomainModel,
  Field,
  Invariant,
  Member,
  Operation,
  Reference,
  Span,
} from '../../src/model/domain-model.js';

/** A device and what it holds, by hand: one aggregate, each test with its own state and invariants. */
const AT: Span = { file: 'home/device.ts', line: 1, column: 1, endLine: 1, endColumn: 2 };
const ROOT = 'home/device.ts#Device';
const FEED = 'home/feed.ts#Feed';
const ADDRESS = 'home/address.ts#Address';
const HOUSE = 'home/house.ts#House';

function field(symbol: string, holds: Field['holds'] = [], type = 'string'): Field {
  const name = symbol.slice(symbol.indexOf('.') + 1);
  return { name, symbol, at: AT, via: 'field', type, visibility: 'private', readonly: false, holds };
}

function block(id: string, kind: BlockKind, fields: readonly Field[] = []): Block {
  const name = id.slice(id.indexOf('#') + 1);
  return { id, name, kind, form: 'class', at: AT, evidence: [], contradicting: [], aliases: [], base: false, fields };
}

function invariant(kind: Invariant['kind'], method: string, text: string, reads: string[], writes: string[] = []): Invariant {
  const owner = method.startsWith('Feed.') ? FEED : ROOT;
  const base = { aggregate: ROOT, owner, kind, in: method, at: AT, text, reads, writes, parameters: [], through: [] };
  return kind === 'guard' ? { ...base, refusal: 'throw' } : base;
}

function operation(name: string, kind: Operation['kind'], writes: string[]): Operation {
  return { aggregate: ROOT, owner: ROOT, name, at: AT, kind, reads: [], writes, adds: [], raises: [], calledBy: [] };
}

interface Device {
  readonly fields?: readonly Field[];
  readonly members?: readonly Pick<Member, 'block' | 'kind'>[];
  readonly references?: readonly Pick<Reference, 'by' | 'symbol' | 'maybeMember'>[];
  readonly invariants?: readonly Invariant[];
  readonly operations?: readonly Operation[];
  readonly more?: Partial<Pick<DomainModel, 'repositories' | 'clusters' | 'collections' | 'handlers' | 'tables' | 'columnWrites'>>;
}

function model({ fields = [], members = [], references = [], invariants = [], operations = [], more = {} }: Device) {
  return {
    blocks: [
      block(ROOT, 'aggregate-root', fields),
      block(FEED, 'entity', [field('Feed.name'), field('Feed.value')]),
      block(ADDRESS, 'value-object', [field('Address.country')]),
      block(HOUSE, 'aggregate-root', [field('House.locked')]),
    ],
    aggregates: [
      {
        root: ROOT,
        name: 'Device',
        at: AT,
        members: members.map((member) => ({ ...member, name: '', heldBy: '', depth: 1, collection: true })),
        references: references.map((each) => ({ ...each, from: ROOT, to: HOUSE, target: HOUSE, at: AT, collection: false, type: '' })),
        repositories: [],
        writtenBy: [],
        raises: [],
      },
    ],
    repositories: [],
    handlers: [],
    invariants,
    operations,
    clusters: [],
    splits: [],
    collections: [],
    tables: [],
    columnWrites: [],
    ...more,
  };
}

const FEEDS = {
  fields: [field('Device.feeds', [{ block: FEED, as: 'map' }]), field('Device.status')],
  members: [{ block: FEED, kind: 'entity' }],
} as const;
const PLACED = {
  fields: [field('Device.address', [{ block: ADDRESS, as: 'value' }]), field('Device.status')],
  members: [{ block: ADDRESS, kind: 'value-object' }],
} as const;

function concept(name: string, device: Device): Pick<Concept, 'answer'> & { readonly because: readonly string[] } {
  const found = testConsistency(model(device)).find((each) => each.name === name);
  if (!found) throw new Error(`${name} is no concept`);
  return { answer: found.answer, because: found.because.map(({ text }) => text) };
}

describe('an entity', () => {
  it('must be consistent where an invariant ties it to the rest', () => {
    expect(
      concept('Feed', {
        ...FEEDS,
        invariants: [invariant('guard', 'Device.activate', 'feeds.size === 0', ['Device.feeds'], ['Device.status'])],
      }),
    ).toEqual({
      answer: 'yes',
      because: ['`activate` guards `status` against `feeds.size`'],
    });
    expect(
      concept('Feed', {
        ...FEEDS,
        invariants: [invariant('derived', 'Device.receive', 'status = of(feeds)', ['Feed.value'], ['Device.status'])],
      }),
    ).toEqual({
      answer: 'yes',
      because: ['`receive` recomputes `status`'],
    });
  });

  it('must be consistent where an invariant holds for all of them together', () => {
    const limit = invariant('guard', 'Device.addFeed', 'feeds.size >= 10', ['Device.feeds'], ['Device.feeds']);
    const unique = invariant(
      'guard',
      'Device.addFeed',
      'feeds.some((feed) => feed.name === name)',
      ['Device.feeds', 'Feed.name'],
      ['Device.feeds'],
    );
    expect(concept('Feed', { ...FEEDS, invariants: [limit, unique] })).toEqual({
      answer: 'yes',
      because: ['`addFeed` refuses `feeds.size >= 10` and `feeds.some((feed) => feed.name === name)`'],
    });
  });

  it('shows no evidence by being looked up, by its own invariants, or by being written along', () => {
    const lookup = invariant('guard', 'Device.receive', '!feed', ['Device.feeds'], ['Device.feeds', 'Device.status']);
    const own = invariant('guard', 'Feed.update', 'value > max', ['Feed.value'], ['Feed.value']);
    expect(
      concept('Feed', {
        ...FEEDS,
        invariants: [lookup, own],
        operations: [operation('Device.receive', 'command', ['Device.feeds', 'Device.status'])],
      }),
    ).toEqual({
      answer: 'no evidence',
      because: [
        'nothing in the code ties it to the rest',
        '`Feed.update` refuses `value > max`',
        '`receive` changes it along with `status`, without an invariant between them',
      ],
    });
  });

  it('does not belong where nothing ties it and a repository keeps it', () => {
    const keeps = [{ block: FEED, root: ROOT, member: true, as: FEED }];
    const repositories = [
      { block: 'r', name: 'FeedRepository', at: AT, abstraction: true, keeps, implementedBy: [], writeMethods: ['save'] },
    ];
    expect(concept('Feed', { ...FEEDS, more: { repositories } })).toEqual({
      answer: 'no',
      because: ['nothing in the code ties it to the rest', 'FeedRepository loads and saves it by itself'],
    });
  });
});

describe('state of the root', () => {
  const fields = [field('Device.status'), field('Device.name'), field('Device.opensAt'), field('Device.closesAt'), field('Device.version')];

  it('is one concept where the same invariants hold', () => {
    const invariants = [invariant('guard', 'Device.open', 'opensAt > closesAt', ['Device.opensAt', 'Device.closesAt'])];
    expect(concept('opensAt, closesAt', { fields, invariants })).toEqual({
      answer: 'yes',
      because: ['`open` refuses `opensAt > closesAt`'],
    });
  });

  it('belongs where it is moved between values', () => {
    const move = {
      ...invariant('transition', 'Device.start', 'status: off → on', ['Device.status'], ['Device.status']),
      transition: { field: 'Device.status', from: ['off'], to: 'on' },
    };
    expect(concept('status', { fields, invariants: [move] })).toEqual({ answer: 'yes', because: ['`start` moves `status` off → on'] });
  });

  it('shows no evidence where it is checked by itself', () => {
    const invariants = [
      invariant('guard', 'Device.rename', "name === ''", [], ['Device.name']),
      invariant('declared', 'Device.opensAt', '@IsISO8601()', ['Device.opensAt']),
    ];
    expect(concept('name, opensAt', { fields, invariants })).toEqual({
      answer: 'no evidence',
      because: [
        'each checked by itself: nothing in the code ties them to the rest',
        "`rename` refuses `name === ''`",
        '`opensAt` declares `@IsISO8601()`',
      ],
    });
  });

  it('is not tied by what a constructor goes on to write, nor by identity, version and timestamps', () => {
    const invariants = [
      invariant('guard', 'Device.constructor', "name === ''", ['Device.name'], ['Device.name', 'Device.status', 'Device.opensAt']),
      invariant('guard', 'Device.register', 'opensAt < now', ['Device.opensAt'], ['Device.status']),
      invariant('guard', 'Device.touch', 'version < 0', ['Device.version'], ['Device.status']),
    ];
    const operations = [operation('Device.register', 'factory', ['Device.status', 'Device.opensAt'])];
    const apart = new Set(['Device.version']);
    const names = testConsistency(model({ fields, invariants, operations }), apart).map(({ name, answer }) => `${name}: ${answer}`);
    expect(names).toEqual(['status, name, opensAt: no evidence', 'closesAt: no evidence']);
  });
});

describe('a value object', () => {
  it('is a snapshot where nothing changes it, and a value where it is replaced', () => {
    expect(concept('Address', PLACED)).toEqual({ answer: 'as a value object', because: ['snapshot, never changed'] });
    expect(concept('Address', { ...PLACED, operations: [operation('Device.move', 'command', ['Device.address'])] })).toEqual({
      answer: 'as a value object',
      because: ['a value, replaced as a whole by `move`'],
    });
  });

  it('belongs by the name of its field where an invariant ties it to other state', () => {
    const invariants = [invariant('guard', 'Device.move', "status !== 'off'", ['Device.status'], ['Device.address'])];
    expect(concept('address', { ...PLACED, invariants })).toEqual({ answer: 'yes', because: ['`move` guards `address` against `status`'] });
  });
});

describe('a reference', () => {
  const identity = {
    fields: [field('Device.houseId'), field('Device.status')],
    references: [{ by: 'identity', symbol: 'Device.houseId' }],
  } as const;
  const object = {
    fields: [field('Device.house', [{ block: HOUSE, as: 'value' }]), field('Device.status')],
    references: [{ by: 'object', symbol: 'Device.house' }],
  } as const;
  const reading = [invariant('guard', 'Device.activate', 'house.locked', ['House.locked'], ['Device.status'])];

  it('by identity is none of its own, a guard that reads it included', () => {
    expect(concept('House', identity)).toEqual({ answer: 'no', because: ['held by identity'] });
    const invariants = [invariant('guard', 'Device.activate', 'houseId === null', ['Device.houseId'], ['Device.status'])];
    expect(concept('House', { ...identity, invariants })).toEqual({
      answer: 'no',
      because: ['held by identity, which is all that the invariants read', '`activate` guards `status` against `houseId`'],
    });
  });

  it('by object should be one by identity', () => {
    expect(concept('House', object)).toEqual({ answer: 'no', because: ['an object that no invariant reads: refer to it by identity'] });
    expect(concept('House', { ...object, invariants: reading })).toEqual({
      answer: 'no',
      because: [
        'an aggregate of its own: refer to it by identity, and hand in what the invariant needs as a value',
        '`activate` guards `status` against `House.locked`',
      ],
    });
  });

  it('by object to what lives here alone, and is tied, belongs inside', () => {
    const alone = { ...object, references: [{ by: 'object', symbol: 'Device.house', maybeMember: true }] } as const;
    expect(concept('House', { ...alone, invariants: reading }).answer).toBe('yes');
    expect(concept('House', alone).because[0]).toContain('or make it an entity if it lives and dies with Device');
  });
});

describe('what loading the root hydrates', () => {
  it('is bounded by an invariant that limits the number, or by a type that does', () => {
    const limit = {
      ...invariant('guard', 'Device.addFeed', 'feeds.size >= 10', ['Device.feeds'], ['Device.feeds']),
      limits: ['Device.feeds'],
    };
    const bound = (device: Device) => findExtents(model({ ...FEEDS, ...device }))[0]?.collections[0]?.bound?.text;
    expect(bound({ invariants: [limit] })).toBe('`addFeed` refuses `feeds.size >= 10`');
    expect(bound({ invariants: [{ ...limit, limits: [] }] })).toBeUndefined();
    const growing = {
      aggregate: ROOT,
      owner: ROOT,
      symbol: 'Device.feeds',
      at: AT,
      entity: FEED,
      addedBy: ['Device.addFeed'],
      limited: true,
    };
    expect(bound({ more: { collections: [growing] } })).toContain('has room for so many');
    expect(bound({ more: { collections: [{ ...growing, limited: false }] } })).toBeUndefined();
  });

  it('has the roots that object references drag along', () => {
    const references = [{ by: 'object', symbol: 'Device.house' }] as const;
    expect(findExtents(model({ ...FEEDS, references }))[0]).toMatchObject({ entities: [FEED], valueObjects: [], roots: [HOUSE] });
  });
});

describe('the proposed split', () => {
  const opening = invariant('guard', 'Device.open', 'opensAt > closesAt', ['Device.opensAt', 'Device.closesAt']);
  const billing = invariant('derived', 'Device.bill', 'due = used * rate', ['Device.used', 'Device.rate'], ['Device.due']);
  const flag = invariant('guard', 'Device.archive', 'archived', ['Device.archived'], ['Device.archived']);
  const cluster = (name: string, fields: string[], one: Invariant) => ({
    aggregate: ROOT,
    name,
    fields,
    invariants: [one],
    operations: [operation(one.in, 'command', fields)],
    handlers: [],
    events: [],
  });
  const hours = cluster('opening hours', ['Device.opensAt', 'Device.closesAt'], opening);
  const bill = cluster('billing', ['Device.used', 'Device.rate', 'Device.due'], billing);

  it('names an aggregate for each cluster', () => {
    const [split] = proposeSplits(model({ more: { clusters: [hours, bill] } }));
    expect(split?.parts.map(({ name, repository }) => [name, repository])).toEqual([
      ['DeviceOpeningHours', 'DeviceOpeningHoursRepository'],
      ['DeviceBilling', 'DeviceBillingRepository'],
    ]);
  });

  it('lets the parts share the row where their columns are known and disjoint, and puts a narrow writer where its columns go', () => {
    const column = (name: string, field: string) => ({ name, field, at: AT, version: false, key: false, discriminator: false });
    const columns = [column('opens_at', 'opensAt'), column('closes_at', 'closesAt'), column('used', 'used'), column('due', 'due')];
    const table = { name: 'devices', at: AT, columns, relations: [] };
    const write = (symbol: string, names: string[] | 'whole-row') => ({
      table: 'devices',
      columns: names,
      at: AT,
      call: '',
      symbol,
      aggregate: ROOT,
    });
    const saved = { aggregate: ROOT, at: AT, call: 'this.devices.setDue(id, 3)', how: 'save', inLoop: false, through: [] } as const;
    const handler = { id: 'h', name: 'Bill.execute', kind: 'command-handler', at: AT, handles: [], writes: [saved], together: [] } as const;
    const mapped = (columnWrites: readonly ReturnType<typeof write>[]) => {
      const known = model({ more: { clusters: [hours, bill], tables: [table], columnWrites, handlers: [handler] } });
      return proposeSplits({ ...known, aggregates: known.aggregates.map((each) => ({ ...each, writtenBy: ['h'] })) })[0];
    };
    const narrow = mapped([write('Devices.save', 'whole-row'), write('Devices.setDue', ['due'])]);
    expect(narrow?.parts.map((part) => [part.columns, part.handlers])).toEqual([
      [['opens_at', 'closes_at'], []],
      [['used', 'due'], ['h']],
    ]);
    expect(narrow?.storage?.text).toBe('the parts may share the rows of `devices`, each writing its own columns alone');
    expect(narrow?.otherHandlers).toEqual([]);
    expect(mapped([write('Devices.setDue', 'whole-row')])?.otherHandlers).toEqual(['h']);
    expect(mapped([])?.storage).toBeUndefined();
  });

  it('is none for one cluster, and none for a flag that only guards itself', () => {
    expect(proposeSplits(model({ more: { clusters: [hours] } }))).toEqual([]);
    expect(proposeSplits(model({ more: { clusters: [hours, cluster('archived', ['Device.archived'], flag)] } }))).toEqual([]);
  });
});
