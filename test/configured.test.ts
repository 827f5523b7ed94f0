import { spawnSync } from 'node:child_process';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { type Tree, tree } from './project/tree.js';

const ROOT = path.join(import.meta.dirname, '..');

function aggro(cwd: string, ...args: readonly string[]) {
  const { status, stdout, stderr } = spawnSync(process.execPath, [path.join(ROOT, 'dist/bin/aggro.js'), ...args], {
    cwd,
    encoding: 'utf8',
    env: { ...process.env, NO_COLOR: '1', COLUMNS: '100' },
  });
  return { status, stdout, stderr };
}

/** `severity symbol` of the findings, in the order of the files. */
const found = (cwd: string, ...args: readonly string[]): string[] => {
  const { stdout, stderr } = aggro(cwd, ...args, '--format', 'json');
  expect(stderr).toBe('');
  return JSON.parse(stdout).violations.map((v: { severity: string; symbol: string }) => `${v.severity} ${v.symbol}`);
};

const leaky = (name: string) => `import { AggregateRoot } from '../../shared/aggregate-root';
export class ${name} extends AggregateRoot {
  private lines: string[] = [];
  getLines(): string[] { return this.lines; }
}
`;
const RULE = 'no-exposed-mutable-collections';
const REPO: Tree = {
  'shared/aggregate-root.ts': 'export abstract class AggregateRoot { protected readonly version: number = 0; }\n',
  'packages/billing/invoice.ts': leaky('Invoice'),
  'packages/ordering/order.ts': leaky('Order'),
  'packages/ordering/legacy/old-order.ts': leaky('OldOrder'),
};
const set = (severity: string) => ({ rules: { [RULE]: severity } });

describe('a configuration below that of the run', () => {
  const repo = {
    ...REPO,
    'aggro.config.json': set('warn'),
    'packages/ordering/aggro.config.json': set('info'),
    'packages/ordering/legacy/.aggrorc.yaml': `root: true\npreset: recommended\n`,
  };

  it('decides for its files, wherever the run starts', () => {
    const root = tree(repo);
    expect(found(root)).toEqual(['warning Invoice.getLines', 'error OldOrder.getLines', 'info Order.getLines']);
    expect(found(root, 'packages/ordering/order.ts')).toEqual(['info Order.getLines']);
    expect(found(path.join(root, 'packages/ordering'))).toEqual(['error OldOrder.getLines', 'info Order.getLines']);
    expect(found(path.join(root, 'packages/billing'), '../ordering')).toEqual(['error OldOrder.getLines', 'info Order.getLines']);
  });

  it('is not asked where one is named, or none wanted; the command line is over all', () => {
    const root = tree(repo);
    expect(found(root, '--config', 'aggro.config.json')).toEqual([
      'warning Invoice.getLines',
      'warning OldOrder.getLines',
      'warning Order.getLines',
    ]);
    expect(found(root, '--no-config')).toEqual(['error Invoice.getLines', 'error OldOrder.getLines', 'error Order.getLines']);
    expect(found(root, '--rule', `${RULE}:warn`)).toEqual([
      'warning Invoice.getLines',
      'warning OldOrder.getLines',
      'warning Order.getLines',
    ]);
  });

  it('leaves files of its own out, and knows its own building blocks', () => {
    const root = tree({
      ...REPO,
      'packages/ordering/package.json': { name: 'ordering', aggro: { exclude: ['legacy'], model: { aggregateRoots: ['Basket'] } } },
      'packages/ordering/basket.ts': 'export class Basket {\n  lines: string[] = [];\n}\n',
      'packages/billing/basket.ts': 'export class Basket {\n  lines: string[] = [];\n}\n',
      'packages/billing/legacy/kept.ts': leaky('Kept'),
    });
    expect(found(root).filter((each) => each.startsWith('error'))).toEqual([
      'error Invoice.getLines',
      'error Kept.getLines',
      'error Basket.lines',
      'error Order.getLines',
    ]);
  });

  it('says what of it cannot count', () => {
    const root = tree({ ...REPO, 'packages/ordering/aggro.config.json': { tsconfig: 'tsconfig.json', exclude: ['!**/test/**'] } });
    expect(aggro(root, '--format', 'compact').stderr).toBe(
      [
        'aggro: packages/ordering/aggro.config.json: tsconfig counts only in a run that starts there; say it in the configuration above.',
        'aggro: packages/ordering/aggro.config.json: an exclude that takes a default back counts only in a run that starts there; say it in the configuration above.',
        '',
      ].join('\n'),
    );
  });
});

describe('overrides', () => {
  it('set rules for some files, the last that matches', () => {
    const root = tree({
      ...REPO,
      'aggro.config.json': {
        overrides: [
          { files: 'packages/ordering', excludeFiles: ['**/order.ts'], ...set('warn') },
          { files: ['old-*.ts'], ...set('off') },
          { files: 'packages/billing/**', ...set('info') },
        ],
      },
    });
    expect(found(root)).toEqual(['info Invoice.getLines', 'error Order.getLines']);
  });

  it('may set options of their own', () => {
    const handler = (name: string) => `import { Order, OrderRepository } from './order';
export class ${name} {
  constructor(private readonly orders: OrderRepository) {}
  async execute(ids: string[]): Promise<void> {
    for (const id of ids) {
      const order = await this.orders.findById(id);
      if (order) { order.close(); await this.orders.save(order); }
    }
  }
}
`;
    const root = tree({
      'src/order.ts': `export abstract class AggregateRoot { protected readonly version: number = 0; }
export class Order extends AggregateRoot { private closed = false; close(): void { this.closed = true; } }
export interface OrderRepository { findById(id: string): Promise<Order | null>; save(order: Order): Promise<void>; }
`,
      'src/close-orders-handler.ts': handler('CloseOrdersHandler'),
      'src/archive-orders-handler.ts': handler('ArchiveOrdersHandler'),
      'aggro.config.json': {
        overrides: [{ files: 'close-*.ts', rules: { 'no-multi-aggregate-handlers': ['warn', { allowLoops: false }] } }],
      },
    });
    expect(found(root)).toEqual(['warning CloseOrdersHandler.execute']);
  });
});

describe('what is refused, with its place', () => {
  it.each<[string, object, string]>([
    [
      'a rule that does not exist',
      { rules: { 'one-repo-per-rot': 'warn' } },
      '4:5: there is no rule "one-repo-per-rot"; did you mean "one-repo-per-root"?',
    ],
    [
      'one in overrides',
      { overrides: [{ files: 'a', rules: { 'one-repo-per-rot': 'warn' } }] },
      '7:9: there is no rule "one-repo-per-rot"; did you mean "one-repo-per-root"?',
    ],
    [
      'an option that does not exist',
      { rules: { 'small-aggregates': ['warn', { maxEntitys: 3 }] } },
      '7:9: small-aggregates has no option "maxEntitys"; did you mean "maxEntities"?',
    ],
    [
      'an option of another type',
      { rules: { 'small-aggregates': ['warn', { maxEntities: '3' }] } },
      '7:9: option maxEntities of small-aggregates must be a number, not "3"',
    ],
  ])('%s', (_, config, message) => {
    const text = JSON.stringify({ preset: 'recommended', ...config }, undefined, 2);
    expect(aggro(tree({ ...REPO, 'aggro.config.json': text }))).toEqual({
      status: 2,
      stdout: '',
      stderr: `aggro: aggro.config.json:${message}\n`,
    });
  });

  it('code, with --config-json-only', () => {
    const root = tree({ ...REPO, 'packages/billing/aggro.config.mjs': 'throw new Error("it ran")' });
    const { status, stderr } = aggro(root, '--config-json-only');
    expect(status).toBe(2);
    expect(stderr).toMatch(/^aggro: packages\/billing\/aggro\.config\.mjs is code, and --config-json-only runs none\./);
  });
});
