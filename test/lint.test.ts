import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';

const ROOT = path.join(import.meta.dirname, '..');
const folders: string[] = [];
afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
});

function project(files: Readonly<Record<string, string>>): string {
  const folder = mkdtempSync(path.join(tmpdir(), 'aggro-lint-'));
  folders.push(folder);
  for (const [file, text] of Object.entries(files)) {
    mkdirSync(path.dirname(path.join(folder, file)), { recursive: true });
    writeFileSync(path.join(folder, file), text);
  }
  return folder;
}

function aggro(cwd: string, ...args: readonly string[]) {
  const { status, stdout, stderr } = spawnSync(process.execPath, [path.join(ROOT, 'dist/bin/aggro.js'), ...args], {
    cwd,
    encoding: 'utf8',
    env: { ...process.env, NO_COLOR: '1', COLUMNS: '100' },
  });
  return { status, stdout, stderr };
}

const found = (cwd: string, ...args: readonly string[]): string[] =>
  JSON.parse(aggro(cwd, ...args, '--format', 'json', '--allow-empty').stdout).violations.map(
    (v: { ruleId: string; symbol: string; severity: string }) => `${v.severity} ${v.ruleId} ${v.symbol}`,
  );

const SEEDWORK = 'export abstract class AggregateRoot { protected readonly version: number = 0; }\n';
const ORDER = `import { AggregateRoot } from '../shared/aggregate-root';
export class Order extends AggregateRoot {
  private lines: string[] = [];
  getLines(): string[] { return this.lines; }
}
`;
const CUSTOMER = `import { AggregateRoot } from '../shared/aggregate-root';
import type { Order } from '../ordering/order';
export class Customer extends AggregateRoot {
  constructor(private readonly lastOrder: Order) { super(); }
}
`;
const SHOP = { 'src/shared/aggregate-root.ts': SEEDWORK, 'src/ordering/order.ts': ORDER, 'src/customers/customer.ts': CUSTOMER };

describe('what is reported', () => {
  it('lies under the paths given, understood with the rest of the program', () => {
    const shop = project({ ...SHOP, 'tsconfig.json': '{ "include": ["src"] }' });
    expect(found(shop)).toEqual([
      'error no-object-refs-across-aggregates Customer.lastOrder',
      'error no-exposed-mutable-collections Order.getLines',
    ]);
    expect(found(shop, 'src/customers')).toEqual(['error no-object-refs-across-aggregates Customer.lastOrder']);
    expect(found(shop, 'src/ordering/order.ts')).toEqual(['error no-exposed-mutable-collections Order.getLines']);
    const { status, stdout, stderr } = aggro(shop, 'src/shared/aggregate-root.ts');
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    expect(stdout).toMatch(/^No violations in 1 file \(.*\): no aggregate lies there, 2 elsewhere$/m);
  });

  it('follows the configuration, and the command line over it', () => {
    const shop = project({
      ...SHOP,
      'aggro.config.json': '{ "rules": { "no-exposed-mutable-collections": "warn", "no-object-refs-across-aggregates": "off" } }',
    });
    expect(found(shop)).toEqual(['warning no-exposed-mutable-collections Order.getLines']);
    expect(found(shop, '--rule', 'no-object-refs-across-aggregates:info')).toContain(
      'info no-object-refs-across-aggregates Customer.lastOrder',
    );
  });

  it('has fingerprints that moved lines do not change', () => {
    const prints = (cwd: string): string[] =>
      JSON.parse(aggro(cwd, '--format', 'json').stdout).violations.map((v: { fingerprint: string }) => v.fingerprint);
    const moved = { ...SHOP, 'src/ordering/order.ts': `// moved\n\n\n${ORDER}` };
    expect(prints(project(moved))).toEqual(prints(project(SHOP)));
  });
});

describe('a rule has options', () => {
  it('allowLoops: false reports a loop over instances of one type', () => {
    const sweep = {
      ...SHOP,
      'src/ordering/orders.ts':
        "import type { Order } from './order';\nexport interface OrderRepository { findDue(): Promise<Order[]>; save(order: Order): Promise<void>; }\n",
      'src/ordering/sweep.ts':
        "import type { OrderRepository } from './orders';\nexport class SweepHandler { constructor(private readonly orders: OrderRepository) {}\n  async execute(): Promise<void> { for (const order of await this.orders.findDue()) await this.orders.save(order); } }\n",
    };
    const strict = { 'aggro.config.json': '{ "rules": { "no-multi-aggregate-handlers": ["error", { "allowLoops": false }] } }' };
    const finding = 'error no-multi-aggregate-handlers SweepHandler.execute';
    expect(found(project(sweep))).not.toContain(finding);
    expect(found(project({ ...sweep, ...strict }))).toContain(finding);
  });
});

describe('exit codes', () => {
  it('0 for a clean run, 1 for errors or too many warnings', () => {
    const shop = project(SHOP);
    const calm = ['--rule', 'no-object-refs-across-aggregates:off', '--rule', 'no-exposed-mutable-collections:warning'];
    expect(aggro(shop).status).toBe(1);
    expect(aggro(shop, ...calm).status).toBe(0);
    expect(aggro(shop, ...calm, '--max-warnings', '0').status).toBe(1);
  });

  it('2 with a way out when nothing is recognised, unless that is allowed', () => {
    const empty = project({ 'src/index.ts': 'export const answer = 42;\n' });
    const { status, stdout, stderr } = aggro(empty);
    expect(status).toBe(2);
    expect(stdout).toBe('');
    expect(stderr).toMatch(/No aggregates recognised in 1 file/);
    expect(stderr).toMatch(/@aggregateRoot/);
    expect(aggro(empty, '--allow-empty').status).toBe(0);
  });

  it('2 for no files, a rule that does not exist, an option that it does not have', () => {
    expect(aggro(project({ 'readme.md': '' })).stderr).toMatch(/No TypeScript files/);
    const unknown = aggro(project({ ...SHOP, 'aggro.config.json': '{ "rules": { "one-repo-per-rot": "off" } }' }));
    expect(unknown).toMatchObject({ status: 2, stdout: '' });
    expect(unknown.stderr).toMatch(/aggro\.config\.json:\d+:\d+: there is no rule "one-repo-per-rot"; did you mean "one-repo-per-root"\?/);
    const option = aggro(
      project({ ...SHOP, 'aggro.config.json': '{ "rules": { "no-multi-aggregate-handlers": ["error", { "allowLoop": false }] } }' }),
    );
    expect(option.stderr).toMatch(/no option "allowLoop"; did you mean "allowLoops"\?/);
  });
});

describe('a model can be told', () => {
  const plain = {
    'src/order.ts': 'export class Order { constructor(readonly lines: string[]) {} total(): number { return this.lines.length; } }\n',
  };

  it('by an annotation', () => {
    expect(found(project({ 'src/order.ts': `/** @aggregateRoot */\n${plain['src/order.ts']}` }))).toEqual([
      'error no-exposed-mutable-collections Order.lines',
    ]);
  });

  it('by configuration: names, suffixes, files', () => {
    for (const model of [
      '{ "aggregateRoots": ["Order"] }',
      '{ "aggregateRoots": ["Ord*"] }',
      '{ "aggregateRoots": ["src/*.ts"] }',
      '{ "aggregateRoots": { "suffixes": ["rder"] } }',
    ]) {
      expect(found(project({ ...plain, '.aggrorc.json': `{ "model": ${model} }` }))).toEqual([
        'error no-exposed-mutable-collections Order.lines',
      ]);
    }
  });
});

/** Every output of the shipped example, as a user sees it; `-u` writes them anew, and then they are read. */
describe('the shop', () => {
  const settled = (text: string): string =>
    text
      .replaceAll(/\d+(?:\.\d+)? s\b/g, 'N s')
      .replaceAll(/"durationMs": [\d.]+/g, '"durationMs": 0')
      .replaceAll(/time="[\d.]+"/g, 'time="N"');
  it.each([
    ['text.txt', ['lint', 'fixtures/shop']],
    ['compact.txt', ['lint', 'fixtures/shop', '--format', 'compact']],
    ['markdown.md', ['lint', 'fixtures/shop', '--format', 'markdown']],
    ['report.json', ['lint', 'fixtures/shop', '--format', 'json']],
    ['violations.jsonl', ['lint', 'fixtures/shop', '--format', 'jsonl']],
    ['aggro.sarif', ['lint', 'fixtures/shop', '--format', 'sarif']],
    ['github.log', ['lint', 'fixtures/shop', '--format', 'github']],
    ['gitlab.json', ['lint', 'fixtures/shop', '--format', 'gitlab']],
    ['junit.xml', ['lint', 'fixtures/shop', '--format', 'junit']],
    ['checkstyle.xml', ['lint', 'fixtures/shop', '--format', 'checkstyle']],
    ['agent.txt', ['lint', 'fixtures/shop', '--format', 'agent']],
    ['rd.json', ['lint', 'fixtures/shop', '--format', 'rdjson']],
    ['statistics.txt', ['lint', 'fixtures/shop', '--statistics', '--no-table']],
    ['table.txt', ['table', '--in', 'fixtures/shop']],
    ['table-order.txt', ['table', 'Order', '--in', 'fixtures/shop']],
    ['table-order.md', ['table', 'Order', '--in', 'fixtures/shop', '--format', 'markdown']],
    ['table-order.json', ['table', 'Order', '--in', 'fixtures/shop', '--format', 'json']],
    ['why-feed.txt', ['why', 'Feed', '--in', 'fixtures/shop']],
    ['why-order-status.txt', ['why', 'Order.status', '--in', 'fixtures/shop']],
    ['why-order-place.txt', ['why', 'Order.place', '--in', 'fixtures/shop']],
    ['clean.txt', ['lint', 'fixtures/clean-shop', '--no-table']],
  ])('%s', async (golden, args) => {
    await expect(settled(aggro(ROOT, ...args).stdout)).toMatchFileSnapshot(`golden/${golden}`);
  });

  it('says the same in every run', () => {
    const first = settled(aggro(ROOT, 'lint', 'fixtures/shop', '--format', 'json').stdout);
    expect(settled(aggro(ROOT, 'lint', 'fixtures/shop', '--format', 'json').stdout)).toBe(first);
  });
});
