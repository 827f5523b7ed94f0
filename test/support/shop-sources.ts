const BASE = 'export abstract class AggregateRoot { protected readonly version: number = 0; }\n';

/** A root that hands out each of these lists. */
const root = (name: string, ...lists: readonly string[]): string =>
  `import { AggregateRoot } from './base';\n\nexport class ${name} extends AggregateRoot {\n${lists.map((list) => `  readonly ${list}: string[] = [];\n`).join('')}}\n`;

/** Nothing to find. */
export const SOUND = { 'src/base.ts': BASE, 'src/order.ts': root('Order') };

/** What a commit may add: `Parcel.stamps` is an error. */
export const BAD = { 'src/parcel.ts': root('Parcel', 'stamps') };
export const GOOD = { 'src/parcel.ts': root('Parcel') };

/** What was there before. */
export const OLD = { 'src/stock.ts': root('Stock', 'shelves') };
