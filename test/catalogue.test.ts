import path from 'node:path';
import { expect, it } from 'vitest';
import { renderCatalogue } from '../src/catalogue.js';
import { exampleOf } from '../src/example.js';
import { loadRules } from '../src/load-rules.js';

const FIXTURES = path.join(import.meta.dirname, '../fixtures');

it('rules/README.md is what the rules and their fixtures say', async () => {
  await expect(renderCatalogue(await loadRules(), FIXTURES)).toMatchFileSnapshot('../rules/README.md');
});

it('every rule shows a failing and a passing example', async () => {
  for (const { id } of await loadRules()) {
    expect(exampleOf(id, 'bad', FIXTURES), `${id}: bad`).toBeDefined();
    expect(exampleOf(id, 'good', FIXTURES), `${id}: good`).toBeDefined();
  }
});
