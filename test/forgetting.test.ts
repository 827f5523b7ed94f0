import { join } from 'node:path';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { expect, it } from 'vitest';
import { factsInMemory } from '../src/cache/facts-store.js';
import { DEFAULT_CONFIG } from '../src/config.js';
import { understand } from '../src/lint.js';
import { FIXTURES } from './support/fixtures.js';

setFlagsFromString('--expose-gc');
const collect: () => void = runInNewContext('gc');

/** What the program of a run holds, and nobody else. */
async function programOf(store: ReturnType<typeof factsInMemory> | undefined): Promise<WeakRef<object>> {
  const { model, resolveModule } = await understand({ cwd: join(FIXTURES, 'shop'), paths: [], config: DEFAULT_CONFIG, store });
  JSON.stringify(model);
  return new WeakRef(resolveModule);
}

it.each([
  ['nothing', undefined],
  ['facts', factsInMemory()],
])('a run leaves nothing of the one before, where they share %s', async (_, store) => {
  const first = await programOf(store);
  await programOf(store);
  await new Promise((resolve) => setTimeout(resolve, 10));
  collect();
  expect(first.deref()).toBeUndefined();
});
