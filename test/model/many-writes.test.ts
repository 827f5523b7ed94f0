import { describe, expect, it } from 'vitest';
import { loadConfig } from '../../src/config.js';
import { lint } from '../../src/lint.js';
import { scratch } from '../support/scratch.js';

/** Both handlers note something at the same place; the inner one then writes so many times, each at a place of its own. */
function harbour(writes: number): string {
  return `/** @aggregateRoot */
export class Ship { constructor(readonly id: string) {} }
/** @aggregateRoot */
export class Entry { constructor(readonly id: string) {} }
export interface ShipRepository { findById(id: string): Promise<Ship>; save(ship: Ship): Promise<void> }
export interface EntryRepository { findById(id: string): Promise<Entry>; save(entry: Entry): Promise<void> }

export class Logbook {
  constructor(private readonly entries: EntryRepository) {}

  async note(entry: Entry): Promise<void> {
    await this.entries.save(entry);
  }
}

export class MoorShipHandler {
  constructor(private readonly logbook: Logbook, private readonly ships: ShipRepository) {}

  async execute(command: { readonly ship: Ship; readonly entry: Entry }): Promise<void> {
    await this.logbook.note(command.entry);
${'    await this.ships.save(command.ship);\n'.repeat(writes)}  }
}

export class LandShipHandler {
  constructor(private readonly logbook: Logbook, private readonly mooring: MoorShipHandler) {}

  async execute(command: { readonly ship: Ship; readonly entry: Entry }): Promise<void> {
    await this.logbook.note(command.entry);
    await this.mooring.execute(command);
  }
}
`;
}

describe('a handler that calls another', () => {
  // From a thousand pairs on, those that are known are not brought up again: the same two places within another handler are no such pair.
  it.each([2, 60])('is found for what it wrote before, with %i writes in the other', async (writes) => {
    const cwd = scratch({ 'harbour.ts': harbour(writes) });
    const { violations } = await lint({ cwd, paths: [], config: await loadConfig({ cwd }) });
    const found = violations
      .filter(({ ruleId }) => ruleId === 'no-multi-aggregate-handlers')
      .map(({ message }) => message.split(' on one ')[0]);
    expect(found).toEqual(['MoorShipHandler.execute writes Entry and Ship', 'LandShipHandler.execute writes Entry and Ship']);
  });
});
