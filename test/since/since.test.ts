import { mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { aggro, commit, found, git, project, reported, repository, summary, write } from '../support/projects.js';
import { scratch } from '../support/scratch.js';

const BASE = 'export abstract class AggregateRoot { protected readonly version: number = 0; }\n';
const root = (name: string, ...fields: readonly string[]): string =>
  `import { AggregateRoot } from '@/base';\nexport class ${name} extends AggregateRoot {\n${fields.map((field) => `  readonly ${field}: string[] = [];\n`).join('')}}\n`;
const store = (name: string): string =>
  `import type { ${name} } from '@/${name.toLowerCase()}';\nexport interface ${name}Repository { find(id: string): Promise<${name}>; save(it: ${name}): Promise<void>; }\n`;
const handler = (body: string): string =>
  `import type { OrderRepository } from '@/orders';\nimport type { StockRepository } from '@/stocks';\nimport { keep } from '@/keep';\nexport class PlaceOrderHandler {\n  constructor(private readonly orders: OrderRepository, private readonly stocks: StockRepository) {}\n  async execute(id: string): Promise<void> {\n    await this.orders.save(await this.orders.find(id));\n    ${body}\n  }\n}\n`;
const keep = (body: string): string =>
  `import type { StockRepository } from '@/stocks';\nexport async function keep(stocks: StockRepository, id: string): Promise<void> {\n  ${body}\n}\n`;
const SHOP = {
  'tsconfig.json': '{ "compilerOptions": { "paths": { "@/*": ["./src/*"] } } }',
  'src/base.ts': BASE,
  'src/order.ts': root('Order', 'lines'),
  'src/stock.ts': root('Stock', 'shelves'),
  'src/orders.ts': store('Order'),
  'src/stocks.ts': store('Stock'),
  'src/keep.ts': keep('await stocks.find(id);'),
  'src/place-order.ts': handler('await keep(this.stocks, id);'),
};
const RULE = 'no-exposed-mutable-collections';

describe('--new-from', () => {
  it('reports what is new, wherever the change is that made it', async () => {
    const shop = repository(SHOP);
    expect(await found(shop)).toEqual([`${RULE} Order.lines`, `${RULE} Stock.shelves`]);
    git(shop, 'checkout', '--quiet', '-b', 'feature');
    write(shop, {
      'src/keep.ts': keep('await stocks.save(await stocks.find(id));'),
      'src/order.ts': `// moved\n\n${root('Order', 'notes', 'lines')}`,
    });
    const expected = [`${RULE} Order.notes`, 'no-multi-aggregate-handlers PlaceOrderHandler.execute'];
    expect(await found(shop, '--new-from', 'main')).toEqual(expected);
    commit(shop, 'feature');
    expect(await found(shop, '--new-from', 'main')).toEqual(expected);
    expect(await summary(shop, '--new-from', 'main')).toMatch(
      /^2 errors in 1 of 2 aggregates .* · 2 held back \(not from the change since main\)$/,
    );
  });

  it('compares with where the branch left the other', async () => {
    const shop = repository(SHOP);
    git(shop, 'checkout', '--quiet', '-b', 'feature');
    commit(shop, 'nothing yet');
    git(shop, 'checkout', '--quiet', 'main');
    write(shop, { 'src/order.ts': root('Order') });
    commit(shop, 'main mends what the branch still has');
    git(shop, 'checkout', '--quiet', 'feature');
    expect(await found(shop, '--new-from', 'main')).toEqual([]);
  });

  it('follows renames, of files and of a whole package with its aliases', async () => {
    const shop = repository(Object.fromEntries(Object.entries(SHOP).map(([file, text]) => [`packages/shop/${file}`, text])));
    git(shop, 'mv', 'packages/shop', 'packages/store');
    git(shop, 'mv', 'packages/store/src/order.ts', 'packages/store/src/purchase.ts');
    write(shop, { 'packages/store/src/orders.ts': store('Order').replace('@/order', '@/purchase') });
    expect(await found(shop, '--new-from', 'HEAD')).toEqual([]);
    expect(await found(path.join(shop, 'packages/store'), '--new-from', 'HEAD')).toEqual([]);
    expect(await found(path.join(shop, 'packages/store'), 'src/purchase.ts', 'src/stock.ts', '--new-from', 'HEAD')).toEqual([]);
  });

  it('takes nothing for moved that stands where it was', async () => {
    const shop = repository({ ...SHOP, 'src/old/order.ts': root('Order', 'lines'), 'src/order.ts': root('Order') });
    write(shop, { 'src/old/order.ts': root('Order'), 'src/order.ts': root('Order', 'lines') });
    expect(await found(shop, '--new-from', 'HEAD')).toEqual([`${RULE} Order.lines`]);
  });

  it('reports what a deleted comment suppressed, and takes the configuration of today for both', async () => {
    const commented = root('Order', 'lines').replace('  readonly', `  // aggro-disable-next-line ${RULE} -- legacy\n  readonly`);
    const shop = repository({ ...SHOP, 'src/order.ts': commented });
    write(shop, {
      'src/order.ts': root('Order', 'lines'),
      'aggro.config.json': '{ "include": ["src"], "rules": { "small-aggregates": "error" } }',
    });
    expect(await found(shop, '--new-from', 'HEAD')).toEqual([`${RULE} Order.lines`]);
  });

  it('goes by configurations below, wherever their package was', async () => {
    const shop = repository({
      'aggro.config.json': '{ "overrides": [{ "files": ["**/stock.ts"], "rules": { "no-exposed-mutable-collections": "off" } }] }',
      ...Object.fromEntries(Object.entries(SHOP).map(([file, text]) => [`packages/shop/${file}`, text])),
    });
    git(shop, 'mv', 'packages/shop', 'packages/store');
    write(shop, { 'packages/store/.aggrorc': '{ "rules": { "no-exposed-mutable-collections": "warn" } }' });
    expect(await found(shop, '--no-baseline')).toEqual([`${RULE} Order.lines`]);
    expect(await found(shop, '--new-from', 'HEAD')).toEqual([]);
    write(shop, { 'packages/store/src/parcel.ts': root('Parcel', 'stamps') });
    const { violations } = await reported(shop, '--new-from', 'HEAD');
    expect(violations.map(({ severity, symbol }) => `${severity} ${symbol}`)).toEqual(['warning Parcel.stamps']);
    git(shop, 'add', '--all');
    expect((await reported(shop, '--staged')).violations.map(({ severity, symbol }) => `${severity} ${symbol}`)).toEqual([
      'warning Parcel.stamps',
    ]);
  });

  it('leaves nothing behind', async () => {
    const shop = repository(SHOP);
    // Other tests put snapshots aside at the same time.
    const [place, shared] = [scratch(), process.env.TMPDIR];
    process.env.TMPDIR = place;
    try {
      aggro(shop, '--new-from', 'HEAD');
      aggro(shop, '--staged');
    } finally {
      if (shared === undefined) delete process.env.TMPDIR;
      else process.env.TMPDIR = shared;
    }
    expect(git(shop, 'status', '--porcelain')).toBe('');
    expect(readdirSync(place)).toEqual([]);
  });
});

describe('--changed', () => {
  it('adds what stands in a changed file', async () => {
    const shop = repository(SHOP);
    expect(await found(shop, '--changed')).toEqual([]);
    write(shop, { 'src/order.ts': `// touched\n${root('Order', 'lines')}`, 'src/parcel.ts': root('Parcel', 'stamps') });
    expect(await found(shop, '--changed')).toEqual([`${RULE} Order.lines`, `${RULE} Parcel.stamps`]);
    commit(shop, 'touched');
    expect(await found(shop, '--changed')).toEqual([]);
    expect(await found(shop, '--changed', 'HEAD~1')).toEqual([`${RULE} Order.lines`, `${RULE} Parcel.stamps`]);
  });

  it('takes a file for unchanged that was only moved, with git or without', async () => {
    const shop = repository(SHOP);
    renameSync(path.join(shop, 'src/stock.ts'), path.join(shop, 'src/warehouse.ts'));
    mkdirSync(path.join(shop, 'src/selling'));
    git(shop, 'mv', 'src/order.ts', 'src/selling/order.ts');
    expect(await summary(shop, '--changed')).toMatch(/^No new violations: .* · 2 held back/);
  });

  it('adds what says something else than before', async () => {
    const writing = (text: string) => ({
      ...SHOP,
      'src/keep.ts': keep('await stocks.save(await stocks.find(id));'),
      'src/place-order.ts': text,
    });
    const shop = repository(writing(handler('await keep(this.stocks, id);')));
    expect(await found(shop, '--changed')).toEqual([]);
    write(shop, { 'src/keep.ts': `// touched\n${keep('await stocks.save(await stocks.find(id));')}` });
    expect(await found(shop, '--changed')).toEqual([]);
  });
});

describe('--staged', () => {
  it('judges the index, not the working tree', async () => {
    const shop = repository(SHOP);
    expect(await found(shop, '--staged')).toEqual([]);
    write(shop, { 'src/order.ts': root('Order', 'lines', 'notes'), 'src/parcel.ts': root('Parcel', 'stamps') });
    expect(await found(shop, '--staged')).toEqual([]);
    git(shop, 'add', 'src/order.ts');
    write(shop, { 'src/order.ts': root('Order', 'drafts') });
    const { stdout, status } = aggro(shop, '--staged', '--no-table');
    expect(status).toBe(1);
    expect(stdout).toContain('readonly notes: string[]');
    expect(stdout).not.toContain('drafts');
    expect(stdout).toContain('1 held back (not from the change since HEAD)');
    expect(await found(shop, '--staged')).toEqual([`${RULE} Order.lines`, `${RULE} Order.notes`]);
  });

  it('goes by the baseline in the index', async () => {
    const shop = repository(SHOP);
    aggro(shop, 'baseline', 'create');
    write(shop, { 'src/order.ts': `// touched\n${root('Order', 'lines')}` });
    git(shop, 'add', 'src/order.ts');
    expect(await found(shop, '--staged')).toEqual([`${RULE} Order.lines`]);
    git(shop, 'add', '--all');
    expect(await found(shop, '--staged')).toEqual([]);
    expect(await summary(shop, '--staged')).toContain('2 known, 0 new, 0 gone · 0 held back');
  });

  it('works before the first commit', async () => {
    const shop = project(SHOP);
    git(shop, 'init', '--quiet');
    git(shop, 'add', '--all');
    expect(await found(shop, '--staged')).toEqual([`${RULE} Order.lines`, `${RULE} Stock.shelves`]);
    expect(await found(shop, '--changed')).toEqual([`${RULE} Order.lines`, `${RULE} Stock.shelves`]);
  });

  it('is a hook that stops a bad commit and lets a good one through', async () => {
    const shop = repository(SHOP);
    const command = `"${process.execPath}" "${path.join(import.meta.dirname, '../../dist/bin/aggro.js')}" lint --staged --no-table`;
    writeFileSync(path.join(shop, '.git/hooks/pre-commit'), `#!/bin/sh\n${command}\n`, { mode: 0o755 });
    write(shop, { 'src/parcel.ts': root('Parcel', 'stamps') });
    expect(() => commit(shop, 'bad')).toThrow(/git commit/);
    write(shop, { 'src/parcel.ts': root('Parcel') });
    commit(shop, 'good');
    expect(git(shop, 'log', '--format=%s')).toBe('good\nall');
    write(shop, { 'src/parcel.ts': `// more\n${root('Parcel')}` });
    git(shop, 'commit', '--quiet', '--all', '--message', 'better');
    expect(git(shop, 'log', '--format=%s')).toBe('better\ngood\nall');
  });
});

describe('what git cannot answer', () => {
  const complaint = (cwd: string, ...args: readonly string[]): string => {
    const { status, stdout, stderr } = aggro(cwd, ...args);
    expect({ status, stdout }).toEqual({ status: 2, stdout: '' });
    return stderr;
  };

  it('is said with a way out', async () => {
    const shop = repository(SHOP);
    expect(complaint(shop, '--new-from', 'mian')).toContain('mian names no commit in');
    expect(complaint(shop, '--new-from', '--output=x')).toContain('--output=x names no commit in');
    expect(complaint(shop, '--changed', 'src')).toContain('src names no commit in');
    expect(complaint(project(SHOP), '--changed')).toContain('is not in a git repository');
    expect(complaint(shop, '--changed', '--staged')).toContain('cannot be used with');
  });

  it('in a shallow clone that says to fetch more', async () => {
    const origin = repository(SHOP);
    git(origin, 'checkout', '--quiet', '-b', 'feature');
    write(origin, { 'src/order.ts': root('Order', 'notes') });
    commit(origin, 'feature');
    const clone = project({});
    git(clone, 'clone', '--quiet', '--depth', '1', '--branch', 'feature', `file://${origin}`, 'shop');
    const shop = path.join(clone, 'shop');
    expect(complaint(shop, '--new-from', 'main')).toMatch(/main names no commit in this shallow clone\. .*fetch-depth: 0/);
    git(shop, 'fetch', '--quiet', '--depth', '1', 'origin', 'main:main');
    expect(complaint(shop, '--new-from', 'main')).toMatch(/have no common commit in this shallow clone\. .*--unshallow/);
    git(shop, 'fetch', '--quiet', '--unshallow');
    git(shop, 'fetch', '--quiet', 'origin', 'main:main');
    expect(await found(shop, '--new-from', 'main')).toEqual([`${RULE} Order.notes`]);
  });

  it('names the branch of the remote that was meant', async () => {
    const origin = repository(SHOP);
    const clone = project({});
    git(clone, 'clone', '--quiet', `file://${origin}`, 'shop');
    const shop = path.join(clone, 'shop');
    git(shop, 'checkout', '--quiet', '-b', 'feature');
    git(shop, 'branch', '--quiet', '-D', 'main');
    expect(complaint(shop, '--new-from', 'main')).toContain('There is origin/main.');
    rmSync(path.join(shop, 'src/order.ts'));
    expect(readFileSync(path.join(shop, 'src/stock.ts'), 'utf8')).toContain('Stock');
    expect(await found(shop, '--new-from', 'origin/main')).toEqual([]);
  });
});
