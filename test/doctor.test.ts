import { spawnSync } from 'node:child_process';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { lacking } from '../src/doctor/needs.js';
import { loadRules } from '../src/load-rules.js';
import { type Tree, tree } from './project/tree.js';
import { SCENARIOS } from './support/fixtures.js';
import { lintFixture } from './support/lint-fixture.js';

const ROOT = path.join(import.meta.dirname, '..');

function aggro(cwd: string, ...args: readonly string[]) {
  const { status, stdout, stderr } = spawnSync(process.execPath, [path.join(ROOT, 'dist/bin/aggro.js'), ...args], {
    cwd,
    encoding: 'utf8',
    env: { ...process.env, NO_COLOR: '1', COLUMNS: '100' },
  });
  return { status, stdout, stderr };
}

const REPO: Tree = {
  'package.json': { name: 'shop', dependencies: { declared: '1' }, workspaces: ['packages/*'] },
  'tsconfig.json': { compilerOptions: { paths: { '@domain/*': ['./src/*'] } } },
  'aggro.config.json': {
    extends: './base.json',
    include: ['src', 'packages'],
    exclude: ['src/legacy', 'nowhere/*.ts'],
    rules: { 'one-repo-per-root': 'off' },
    overrides: [{ files: 'gone-*.ts', rules: { 'one-repo-per-root': 'warn' } }],
    model: { aggregateRoots: ['Basket', 'Baskett'], entities: { bases: ['Nothing'], decorators: ['Listed'] } },
  },
  'base.json': { preset: 'strict' },
  'src/aggregate-root.ts': 'export abstract class AggregateRoot {}\n',
  'src/basket.ts': [
    "import { AggregateRoot } from '@domain/aggregate-root';",
    "import { a, b } from './missing';",
    "import c from 'undeclared/deep';",
    "import d from 'declared';",
    "import fs from 'node:fs';",
    "import data from './data.json';",
    'export class Basket extends AggregateRoot { constructor(private readonly id: string) { super(); } fill(): void {} }',
    'export interface BasketRepository { findById(id: string): Promise<Basket>; save(basket: Basket): Promise<void>; }',
    'export class FillBasketHandler {',
    '  constructor(private readonly baskets: BasketRepository) {}',
    '  async execute(id: string, stores) {',
    '    const basket = await this.baskets.findById(id);',
    '    basket.fill();',
    '    await this.baskets.save(basket);',
    '    const store = stores.first();',
    '    store.save(basket);',
    '  }',
    '}',
  ].join('\n'),
  'src/data.json': {},
  'src/basket.spec.ts': '',
  'src/legacy/old.ts': '',
  'tools/script.ts': '',
  'packages/a/package.json': { name: '@shop/a', aggro: { rules: { 'small-aggregates': 'off' } } },
  'packages/a/a.ts': 'export const a = 1;',
};

describe('aggro doctor', () => {
  it('says what applies and why, and what could not be made out', () => {
    const { status, stdout, stderr } = aggro(tree(REPO), 'doctor', '--format', 'json');
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    const diagnosis = JSON.parse(stdout);
    expect(diagnosis).toMatchObject({
      versions: { aggro: '0.1.0', node: process.versions.node },
      configuration: {
        files: [
          { name: 'aggro.config.json', why: 'the nearest at or above the working directory' },
          { name: 'base.json', why: 'extended' },
          { name: 'packages/a/package.json', why: 'decides for packages/a and below' },
        ],
        searched: [],
      },
      files: {
        linted: 3,
        context: 0,
        leftOut: expect.arrayContaining([
          { why: 'exclude: src/legacy', count: 1, example: 'src/legacy/old.ts' },
          { why: 'tests, stories and generated files by their name', count: 1, example: 'src/basket.spec.ts' },
          { why: 'not among include', count: 1, example: 'tools/script.ts' },
        ]),
      },
      tsconfigs: [{ name: 'tsconfig.json', why: 'lies beside the sources' }],
      workspaces: ['@shop/a (packages/a)'],
      recognised: { aggregates: 1 },
      imports: [
        { text: './missing', count: 1, at: 'src/basket.ts:2' },
        { text: 'undeclared/deep', count: 1, at: 'src/basket.ts:3' },
      ],
      receivers: [{ text: 'store', count: 1, at: 'src/basket.ts:16' }],
      deadGlobs: [
        { setting: 'exclude', glob: 'nowhere/*.ts', source: 'aggro.config.json' },
        { setting: 'overrides.files', glob: 'gone-*.ts', source: 'aggro.config.json' },
        { setting: 'model.aggregateRoots', glob: 'Baskett', source: 'aggro.config.json' },
        { setting: 'model.entities.bases', glob: 'Nothing', source: 'aggro.config.json' },
        { setting: 'model.entities.decorators', glob: 'Listed', source: 'aggro.config.json' },
      ],
    });
    expect(diagnosis.rules.off).toEqual([{ name: 'one-repo-per-root', why: expect.stringMatching(/^off in aggro\.config\.json:1:\d+$/) }]);
    expect(diagnosis.rules.idle).toContainEqual({ name: 'no-orphan-entities', why: 'no entity is recognised' });
    expect(diagnosis.rules.on).toContain('no-object-refs-across-aggregates');
  });

  it('reads aloud', () => {
    const { stdout } = aggro(tree(REPO), 'doctor');
    for (const title of [
      'Configuration',
      'Files',
      'tsconfigs',
      'Recognised',
      'Rules',
      'Unresolved imports',
      'Patterns that match nothing',
      'Cache',
    ])
      expect(stdout).toMatch(new RegExp(`^${title}$`, 'm'));
    expect(stdout).toMatch(/^ {2}no-orphan-entities +on, and can't find anything: no entity is recognised$/m);
    expect(Math.max(...stdout.split('\n').map((line) => line.length))).toBeLessThanOrEqual(100);
  });

  it('says what came closest where nothing is recognised, and where it looked for a configuration', () => {
    const root = tree({
      'package.json': {},
      'src/domain/order.ts': 'export class Order { constructor(private readonly id: string) {} }\n',
    });
    const { status, stdout } = aggro(path.join(root, 'src'), 'doctor');
    expect(status).toBe(0);
    expect(stdout).toContain('none; looked in ., ..');
    expect(stdout).toMatch(/Order +no aggregate: a class with an identity in a domain folder/);
  });
});

describe('--print-config', () => {
  it('is what holds in the working directory', () => {
    const { stdout } = aggro(tree(REPO), 'doctor', '--print-config');
    expect(JSON.parse(stdout)).toMatchObject({
      sources: ['base.json', 'aggro.config.json'],
      preset: 'strict',
      rules: { 'one-repo-per-root': 'off', 'small-aggregates': ['warn', { maxEntities: 3 }] },
      model: { aggregateRoots: { names: ['Basket', 'Baskett'] } },
    });
  });

  it('is what holds for a file, and whether that is read', () => {
    const root = tree(REPO);
    expect(JSON.parse(aggro(root, 'lint', '--print-config', 'packages/a/a.ts').stdout)).toMatchObject({
      file: 'packages/a/a.ts',
      read: true,
      rules: { 'small-aggregates': 'off', 'one-repo-per-root': 'off' },
    });
    const why = (file: string) => {
      const shown = JSON.parse(aggro(root, 'doctor', '--print-config', file).stdout);
      return shown.read ? 'read' : shown.why;
    };
    expect(why('src/basket.spec.ts')).toBe('tests, stories and generated files by their name');
    expect(why('src/legacy/old.ts')).toBe('exclude: src/legacy');
    expect(why('src/data.json')).toBe('aggro reads .ts, .tsx, .mts and .cts');
    expect(aggro(root, 'doctor', '--print-config', 'none.ts')).toEqual({
      status: 2,
      stdout: '',
      stderr: 'aggro: none.ts does not exist.\n',
    });
  });
});

describe('what a rule needs', async () => {
  const rules = await loadRules();

  it('is said by every rule', () => {
    expect(rules.filter(({ id, needs = [] }) => needs.length === 0 && !id.includes('suppression')).map(({ id }) => id)).toEqual([]);
  });

  it('is there wherever it finds something', async () => {
    const wrong: string[] = [];
    for (const scenario of SCENARIOS.filter((each) => each.includes('/catches-'))) {
      const report = await lintFixture(scenario);
      for (const id of new Set(report.violations.map(({ ruleId }) => ruleId))) {
        const rule = rules.find((each) => each.id === id);
        const missing = rule ? lacking(rule, report.model) : ['there is none'];
        if (missing.length > 0) wrong.push(`${scenario}: ${id} finds something though ${missing.join()}`);
      }
    }
    expect(wrong).toEqual([]);
  }, 180_000);
});
