import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import stringWidth from 'string-width';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const ROOT = path.join(import.meta.dirname, '..');
let folder = '';

/** Booking and cleaning know nothing of one another; a guest is held by identity, an address as it was. */
const STAY = `import { AggregateRoot } from './aggregate-root';
import type { GuestId } from './guest';

export type StayId = string & { readonly brand: 'StayId' };

export class Night {
  constructor(readonly id: string, readonly price: number) {}
}

export class Address {
  constructor(readonly street: string, readonly city: string) {}
}

export class Stay extends AggregateRoot<StayId> {
  private nights: readonly Night[] = [];
  private total = 0;
  private discount = 0;
  private cleaning: 'dirty' | 'assigned' | 'clean' = 'dirty';
  private cleaner: string | null = null;

  constructor(id: StayId, private readonly guestId: GuestId, private readonly billTo: Address) {
    super(id);
  }

  book(night: Night): void {
    if (this.nights.length >= 30) throw new Error('thirty nights at most');
    this.nights = [...this.nights, night];
    this.total = this.nights.reduce((sum, each) => sum + each.price, 0) - this.discount;
  }

  grant(discount: number): void {
    if (discount > this.total) throw new Error('more than there is to pay');
    this.discount = discount;
  }

  assign(cleaner: string): void {
    if (this.cleaning !== 'dirty') throw new Error('somebody is at it');
    this.cleaner = cleaner;
    this.cleaning = 'assigned';
  }

  finish(): void {
    if (this.cleaning !== 'assigned' || this.cleaner === null) throw new Error('nobody is at it');
    this.cleaning = 'clean';
  }
}

export interface StayRepository {
  findById(id: StayId): Promise<Stay>;
  save(stay: Stay): Promise<void>;
}
`;
const FILES: Readonly<Record<string, string>> = {
  'src/aggregate-root.ts': 'export abstract class AggregateRoot<Id> { constructor(readonly id: Id) {} }\n',
  'src/guest.ts': `import { AggregateRoot } from './aggregate-root';
export type GuestId = string & { readonly brand: 'GuestId' };
export class Guest extends AggregateRoot<GuestId> {}
export interface GuestRepository { findById(id: GuestId): Promise<Guest>; save(guest: Guest): Promise<void>; }
`,
  'src/stay.ts': STAY,
  'src/book-night.ts': `import type { Night, StayId, StayRepository } from './stay';
export class BookNightHandler {
  constructor(private readonly stays: StayRepository) {}
  async execute(id: StayId, night: Night): Promise<void> {
    const stay = await this.stays.findById(id);
    stay.book(night);
    await this.stays.save(stay);
  }
}
`,
  'src/assign-cleaner.ts': `import type { StayId, StayRepository } from './stay';
export class AssignCleanerHandler {
  constructor(private readonly stays: StayRepository) {}
  async execute(id: StayId, cleaner: string): Promise<void> {
    const stay = await this.stays.findById(id);
    stay.assign(cleaner);
    await this.stays.save(stay);
  }
}
`,
};

beforeAll(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'aggro-stay-'));
  for (const [file, text] of Object.entries(FILES)) {
    mkdirSync(path.dirname(path.join(folder, file)), { recursive: true });
    writeFileSync(path.join(folder, file), text);
  }
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function aggro(cwd: string, ...args: readonly string[]): string {
  const { stdout, stderr } = spawnSync(process.execPath, [path.join(ROOT, 'dist/bin/aggro.js'), ...args], {
    cwd,
    encoding: 'utf8',
    env: { ...process.env, NO_COLOR: '1', COLUMNS: '100' },
  });
  expect(stderr).toBe('');
  return stdout;
}

describe('aggro table, from code', () => {
  it('asks of every concept whether it belongs, and shows how the root falls apart', () => {
    const table = aggro(folder, 'table', 'Stay');
    expect(table.slice(table.indexOf('  Must it'))).toMatchInlineSnapshot(`
      "  Must it be consistent with Stay in the same transaction? Does it belong in Stay?

        Night              yes, within  \`book\` refuses \`nights.length >= 30\` and recomputes     stay.ts:26
                           nights         \`total\`
        total, discount    yes, within  \`book\` guards \`total\` against \`nights.length\` and       stay.ts:26
                           nights         computes \`total\` from \`nights\` and \`discount\`
                                        \`grant\` refuses \`discount > total\`                      stay.ts:32
        cleaning, cleaner  yes, within  \`assign\` moves \`cleaning\` dirty → assigned and refuses  stay.ts:39
                           cleaning       \`cleaning !== "dirty"\`
                                        \`finish\` moves \`cleaning\` assigned → clean and refuses  stay.ts:44
                                          \`cleaning !== "assigned" || cleaner === null\`
        Address            as a value   snapshot, never changed                                 stay.ts:21
                           object
        Guest              no           held by identity                                        stay.ts:21

        What invariants tie together in Stay: 2 clusters, and no invariant between them

        nights
          fields        nights · total · discount
          invariants    book: refuses nights.length >= 30                                       stay.ts:26
                        book: total = nights.reduce(() => …, 0) - discount                      stay.ts:28
                        grant: refuses discount > total                                         stay.ts:32
          shared        none
          methods       book · grant
          handlers      BookNightHandler.execute

        cleaning
          fields        cleaning · cleaner
          invariants    assign: refuses cleaning !== "dirty"                                    stay.ts:37
                        assign: cleaning: dirty → assigned                                      stay.ts:39
                        finish: refuses cleaning !== "assigned" || cleaner === null             stay.ts:43
                        finish: cleaning: assigned → clean                                      stay.ts:44
          shared        none
          methods       assign · finish
          handlers      AssignCleanerHandler.execute

        Proposed split: no invariant ties nights and cleaning together

        StayNights
          fields        nights · total · discount
          methods       book · grant
          repository    StayNightsRepository
          handlers      BookNightHandler.execute

        StayCleaning
          fields        cleaning · cleaner
          methods       assign · finish
          repository    StayCleaningRepository
          handlers      AssignCleanerHandler.execute

        in common       the identity of Stay; each repository loads and saves the fields of its own part
      "
    `);
  });

  it('is data', () => {
    const [stay] = JSON.parse(aggro(folder, 'table', 'Stay', '--format', 'json')).aggregates;
    expect(
      stay.concepts.map(({ symbols, answer }: { symbols: string[]; answer: string }) => [symbols.join(), answer]),
    ).toMatchInlineSnapshot(`
      [
        [
          "Stay.nights",
          "yes",
        ],
        [
          "Stay.total,Stay.discount",
          "yes",
        ],
        [
          "Stay.cleaning,Stay.cleaner",
          "yes",
        ],
        [
          "Stay.billTo",
          "as a value object",
        ],
        [
          "Stay.guestId",
          "no",
        ],
      ]
    `);
  });
});

describe('aggro why, from code', () => {
  it('names what a status takes part in', () => {
    expect(aggro(folder, 'why', 'Stay.cleaning')).toMatchInlineSnapshot(`
      "Stay.cleaning  field of aggregate root Stay                                           src/stay.ts:18
        type            private "dirty" | "assigned" | "clean"
        invariants      Stay.assign: refuses cleaning !== "dirty", guards Stay.cleaner      src/stay.ts:37
                        Stay.finish: refuses cleaning !== "assigned" || cleaner === null    src/stay.ts:43
        transitions     dirty → assigned in Stay.assign                                     src/stay.ts:39
                        assigned → clean in Stay.finish                                     src/stay.ts:44
        changed by      Stay.assign · Stay.finish
        boundary        its own, with Night, Address inside
      "
    `);
  });

  it('shows an operation', () => {
    expect(aggro(folder, 'why', 'Stay.assign')).toMatchInlineSnapshot(`
      "Stay.assign  command of aggregate root Stay                                           src/stay.ts:36
        reads           Stay.cleaning
        writes          Stay.cleaner · Stay.cleaning
        invariants      refuses cleaning !== "dirty", guards Stay.cleaner                   src/stay.ts:37
                        cleaning: dirty → assigned                                          src/stay.ts:39
        called by       AssignCleanerHandler.execute                               src/assign-cleaner.ts:4
      "
    `);
  });
});

describe('aggro model', () => {
  it('has invariants, operations, clusters, the consistency test and splits, with names that resolve', () => {
    const model = JSON.parse(aggro(folder, 'model'));
    const known = new Set([...model.blocks, ...model.handlers].map(({ id }: { id: string }) => id));
    const fields = new Set(model.blocks.flatMap((block: { fields: { symbol: string }[] }) => block.fields.map(({ symbol }) => symbol)));
    const mentioned = ['invariants', 'operations', 'clusters', 'consistency', 'extents', 'splits'].flatMap((name) => idsIn(model[name]));
    expect(mentioned.length).toBeGreaterThan(50);
    expect(mentioned.filter((id) => !known.has(id))).toEqual([]);
    const symbols = model.consistency.flatMap((concept: { symbols: string[] }) => concept.symbols);
    expect(symbols.filter((symbol: string) => !fields.has(symbol))).toEqual([]);
  });
});

describe('every aggregate of the examples', () => {
  it.each(['fixtures/shop', 'fixtures/clean-shop'])('%s is readable at 100 columns', (shop) => {
    const roots: string[] = JSON.parse(aggro(ROOT, 'table', '--in', shop, '--format', 'json')).aggregates.map(
      ({ root }: { root: string }) => root,
    );
    for (const root of roots.slice(0, 3)) {
      const lines = aggro(ROOT, 'table', root, '--in', shop).split('\n');
      expect(lines.filter((line) => stringWidth(line) > 100)).toEqual([]);
    }
  });
});

/** `src/order.ts#Order`, wherever it stands. */
function idsIn(value: unknown): string[] {
  if (typeof value === 'string') return /^[\w./-]+\.ts#[\w.$]+$/.test(value) ? [value] : [];
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(idsIn) : [];
}
