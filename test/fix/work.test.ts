import { describe, expect, it } from 'vitest';
import { DEFAULT_CONFIG } from '../../src/config.js';
import { fix } from '../../src/fix/fix.js';
import { scratch } from '../support/scratch.js';

const TSCONFIG = JSON.stringify({ compilerOptions: { strict: true, target: 'ES2022', types: [] } });
const shelf = (modifiers: string) =>
  `/** @aggregateRoot */\nexport class Shelf {\n  constructor(${modifiers} id: string) {}\n\n  name(): string {\n    return this.id;\n  }\n}\n`;
const around = {
  'tsconfig.json': TSCONFIG,
  'hall.ts': "import { Shelf } from './shelf';\n\nexport const hall = [new Shelf('1')];\n",
  'house.ts': "import { hall } from './hall';\n\nexport const house = { hall };\n",
  'garden.ts': 'export const garden = 1;\n',
};

const mended = (files: Readonly<Record<string, string>>) => fix({ cwd: scratch(files), paths: [], config: DEFAULT_CONFIG, unsafe: true });

describe('the compiler is asked', () => {
  it('nothing where there is nothing to mend', async () => {
    const { rounds, checked, applied } = await mended({ ...around, 'shelf.ts': shelf('readonly') });
    expect({ rounds, checked, applied: applied.length }).toEqual({ rounds: 0, checked: 0, applied: 0 });
  });

  it('about the changed file and what imports it, once', async () => {
    const { rounds, checked, applied } = await mended({ ...around, 'shelf.ts': shelf('public') });
    expect({ rounds, checked, applied: applied.length }).toEqual({ rounds: 1, checked: 3, applied: 1 });
  });
});
