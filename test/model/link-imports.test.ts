import { describe, expect, it } from 'vitest';
import { type Tree, tree } from '../project/tree.js';
import { modelAt, modelOf, objectReferences, SHOP, type Sources, writtenBy } from './linked.js';

/** A service over the shop's repositories that confirms an order; `type` is what it calls them. */
const service = (imports: string, type = 'OrderRepository'): string => `
${imports}
export class ConfirmService {
  constructor(private readonly orders: ${type}) {}
  async confirm(id: string): Promise<void> {
    const order = await this.orders.findById(id);
    order?.complete();
  }
}`;

const written = (files: Sources): string[] => writtenBy(modelOf({ 'src/shop.ts': SHOP, ...files }), 'ConfirmService.confirm');
const writtenThrough = (imports: string, files: Sources = {}, type?: string): string[] =>
  written({ 'src/application/confirm.service.ts': service(imports, type), ...files });

describe('a name is followed through', () => {
  it.each<[what: string, imports: string, files?: Sources, type?: string]>([
    ['a named import', `import { OrderRepository } from '../shop.js';`],
    ['a named import without extension', `import { OrderRepository } from '../shop';`],
    ['a renamed import', `import { OrderRepository as Orders } from '../shop.js';`, {}, 'Orders'],
    ['a type-only import', `import type { OrderRepository } from '../shop.js';`],
    ['an inline type-only import', `import { type OrderRepository } from '../shop.js';`],
    ['a namespace import', `import * as shop from '../shop.js';`, {}, 'shop.OrderRepository'],
    ['a type-only namespace import', `import type * as shop from '../shop.js';`, {}, 'shop.OrderRepository'],
    ['import = require', `import shop = require('../shop.js');`, {}, 'shop.OrderRepository'],
    ['an import type', '', {}, `import('../shop.js').OrderRepository`],
    ['export *', `import { OrderRepository } from '../domain/index.js';`, { 'src/domain/index.ts': `export * from '../shop.js';` }],
    ['a barrel directory', `import { OrderRepository } from '../domain';`, { 'src/domain/index.ts': `export * from '../shop';` }],
    [
      'a named re-export',
      `import { OrderRepository } from '../domain';`,
      { 'src/domain/index.ts': `export { Order, OrderRepository } from '../shop';` },
    ],
    [
      'a renamed re-export',
      `import { Orders } from '../domain';`,
      { 'src/domain/index.ts': `export { OrderRepository as Orders } from '../shop';` },
      'Orders',
    ],
    [
      'a type-only re-export',
      `import { OrderRepository } from '../domain';`,
      { 'src/domain/index.ts': `export type { OrderRepository } from '../shop';` },
    ],
    ['a type-only export *', `import { OrderRepository } from '../domain';`, { 'src/domain/index.ts': `export type * from '../shop';` }],
    [
      'an import that is exported again',
      `import { OrderRepository } from '../domain';`,
      { 'src/domain/index.ts': `import { OrderRepository } from '../shop';\nexport { OrderRepository };` },
    ],
    [
      'an import that is exported under another name',
      `import { Orders } from '../domain';`,
      { 'src/domain/index.ts': `import { OrderRepository as Own } from '../shop';\nexport { Own as Orders };` },
      'Orders',
    ],
    [
      'nested barrels',
      `import { OrderRepository } from '../domain';`,
      {
        'src/domain/index.ts': `export * from './ordering';`,
        'src/domain/ordering/index.ts': `export * from './ports';`,
        'src/domain/ordering/ports.ts': `export { OrderRepository } from '../../shop';`,
      },
    ],
    [
      'a cycle of barrels',
      `import { OrderRepository } from '../a';`,
      { 'src/a.ts': `export * from './b';\nexport * from './shop';`, 'src/b.ts': `export * from './a';` },
    ],
    [
      'a cycle of barrels, entered from the far side',
      `import { OrderRepository } from '../b';`,
      { 'src/a.ts': `export * from './b';\nexport * from './shop';`, 'src/b.ts': `export * from './a';` },
    ],
    [
      'export * as',
      `import { orders } from '../domain';`,
      { 'src/domain/index.ts': `export * as orders from '../shop';` },
      'orders.OrderRepository',
    ],
    [
      'a namespace import that is exported again',
      `import { orders } from '../domain';`,
      { 'src/domain/index.ts': `import * as orders from '../shop';\nexport { orders };` },
      'orders.OrderRepository',
    ],
    [
      'namespaces in namespaces',
      `import * as domain from '../domain';`,
      { 'src/domain/index.ts': `export * as ordering from './ordering';`, 'src/domain/ordering.ts': `export * as ports from '../shop';` },
      'domain.ordering.ports.OrderRepository',
    ],
    [
      'a default export',
      `import Orders from '../orders';`,
      {
        'src/orders.ts': `import { Order } from './shop';\nexport default interface Orders { findById(id: string): Promise<Order>; add(order: Order): void }`,
      },
      'Orders',
    ],
    [
      'a default export by name',
      `import Orders from '../orders';`,
      { 'src/orders.ts': `import { OrderRepository } from './shop';\nexport default OrderRepository;` },
      'Orders',
    ],
    [
      'default as a name',
      `import Orders from '../orders';`,
      { 'src/orders.ts': `export { OrderRepository as default } from './shop';` },
      'Orders',
    ],
    [
      'a default export named in a barrel',
      `import { Orders } from '../domain';`,
      {
        'src/domain/index.ts': `export { default as Orders } from './orders';`,
        'src/domain/orders.ts': `export { OrderRepository as default } from '../shop';`,
      },
      'Orders',
    ],
    [
      'export =',
      `import Orders = require('../orders');`,
      { 'src/orders.ts': `import { OrderRepository } from './shop';\nexport = OrderRepository;` },
      'Orders',
    ],
    [
      'a default import of export =',
      `import Orders from '../orders';`,
      { 'src/orders.ts': `import { OrderRepository } from './shop';\nexport = OrderRepository;` },
      'Orders',
    ],
    ['an import alias of a namespace', `import * as shop from '../shop.js';\nimport Orders = shop.OrderRepository;`, {}, 'Orders'],
  ])('%s', (_what, imports, files, type) => {
    expect(writtenThrough(imports, files, type)).toEqual(['Order']);
  });

  it('an export of its own before the one of a star', () => {
    const barrel = `export * from '../shop';\nexport { CustomerRepository as OrderRepository } from '../shop';`;
    expect(writtenThrough(`import { OrderRepository } from '../domain';`, { 'src/domain/index.ts': barrel })).toEqual(['Customer']);
  });

  it('a value in a namespace import', () => {
    const files = {
      'src/place.ts': `import { OrderRepository } from './shop';\nexport const confirmOrder = async (orders: OrderRepository, id: string) => { (await orders.findById(id))?.complete(); };`,
    };
    const body = service(`import * as steps from '../place';\nimport { OrderRepository } from '../shop';`).replace(
      'order?.complete()',
      'await steps.confirmOrder(this.orders, id)',
    );
    expect(written({ ...files, 'src/application/confirm.service.ts': body })).toEqual(['Order']);
  });

  it('no name that is not exported', () => {
    const hidden = SHOP.replace('export abstract class OrderRepository', 'abstract class OrderRepository');
    expect(writtenThrough(`import { OrderRepository } from '../shop.js';`, { 'src/shop.ts': hidden })).toEqual([]);
  });

  it('a barrel in a circle that exports nothing of that name ends', () => {
    const files = { 'src/a.ts': `export * from './b';`, 'src/b.ts': `export * from './a';\nexport { Nobody } from './a';` };
    expect(writtenThrough(`import { Nobody } from '../a';`, files, 'Nobody')).toEqual([]);
  });

  it('the nearer of two declarations of one name', () => {
    const other = SHOP.replaceAll('Order', 'Parcel');
    const files = { 'src/other.ts': `${other}\nexport { ParcelRepository as OrderRepository };` };
    expect(writtenThrough(`import { OrderRepository } from '../other.js';`, files)).toEqual(['Parcel']);
  });
});

describe('a declaration file of the project', () => {
  it('declares globals', () => {
    const files = {
      'src/globals.d.ts': `interface OrderStore { findById(id: string): Promise<import('./shop').Order>; add(order: import('./shop').Order): void }`,
    };
    expect(writtenThrough('', files, 'OrderStore')).toEqual(['Order']);
  });

  it('is a module like any other', () => {
    const files = {
      'src/ports.d.ts': `import { Order } from './shop';\nexport interface OrderRepository { findById(id: string): Promise<Order>; add(order: Order): void }`,
    };
    expect(writtenThrough(`import { OrderRepository } from '../ports';`, files)).toEqual(['Order']);
  });
});

describe('a specifier is resolved as the project says', () => {
  const repository = (files: Tree): string => tree({ 'package.json': { name: 'shop' }, ...files });
  const at = async (files: Tree): Promise<string[]> => writtenBy(await modelAt(repository(files)), 'ConfirmService.confirm');

  it('path aliases', async () => {
    expect(
      await at({
        'tsconfig.json': { compilerOptions: { paths: { '@domain/*': ['./src/domain/*'] } }, include: ['src'] },
        'src/domain/shop.ts': SHOP,
        'src/application/confirm.service.ts': service(`import { OrderRepository } from '@domain/shop';`),
      }),
    ).toEqual(['Order']);
  });

  it('an alias of one file, in a tsconfig that extends', async () => {
    expect(
      await at({
        'tsconfig.base.json': { compilerOptions: { baseUrl: '.', paths: { domain: ['src/domain/index.ts'] } } },
        'tsconfig.json': { extends: './tsconfig.base.json', include: ['src'] },
        'src/domain/index.ts': `export * from './shop';`,
        'src/domain/shop.ts': SHOP,
        'src/application/confirm.service.ts': service(`import { OrderRepository } from 'domain';`),
      }),
    ).toEqual(['Order']);
  });

  it('baseUrl', async () => {
    expect(
      await at({
        'tsconfig.json': { compilerOptions: { baseUrl: './src' }, include: ['src'] },
        'src/domain/shop.ts': SHOP,
        'src/application/confirm.service.ts': service(`import { OrderRepository } from 'domain/shop';`),
      }),
    ).toEqual(['Order']);
  });

  it('exports of a workspace package', async () => {
    expect(
      await at({
        'package.json': { name: 'root', workspaces: ['packages/*'] },
        'packages/domain/package.json': {
          name: '@shop/domain',
          exports: { '.': { types: './dist/index.d.ts', default: './dist/index.js' }, './ports': './src/ports/index.ts' },
        },
        'packages/domain/tsconfig.json': { compilerOptions: { rootDir: 'src', outDir: 'dist' }, include: ['src'] },
        'packages/domain/src/index.ts': SHOP,
        'packages/domain/src/ports/index.ts': `export { OrderRepository } from '../index';`,
        'packages/api/package.json': { name: '@shop/api' },
        'packages/api/tsconfig.json': { include: ['src'] },
        'packages/api/src/confirm.service.ts': service(`import { OrderRepository } from '@shop/domain/ports';`),
      }),
    ).toEqual(['Order']);
  });

  it('the main entry of a workspace package that is not built', async () => {
    expect(
      await at({
        'package.json': { name: 'root' },
        'pnpm-workspace.yaml': 'packages:\n  - packages/*\n',
        'packages/domain/package.json': { name: '@shop/domain', main: './dist/index.js', types: './dist/index.d.ts' },
        'packages/domain/tsconfig.json': { compilerOptions: { rootDir: 'src', outDir: 'dist' }, include: ['src'] },
        'packages/domain/src/index.ts': SHOP,
        'packages/api/package.json': { name: '@shop/api' },
        'packages/api/tsconfig.json': { include: ['src'] },
        'packages/api/src/confirm.service.ts': service(`import { OrderRepository } from '@shop/domain';`),
      }),
    ).toEqual(['Order']);
  });

  it('references of a solution-style tsconfig', async () => {
    expect(
      await at({
        'tsconfig.json': { files: [], references: [{ path: './domain' }, { path: './api' }] },
        'domain/tsconfig.json': { compilerOptions: { composite: true }, include: ['src'] },
        'domain/src/shop.ts': SHOP,
        'api/tsconfig.json': {
          references: [{ path: '../domain' }],
          compilerOptions: { paths: { '#domain': ['../domain/src/shop.ts'] } },
          include: ['src'],
        },
        'api/src/confirm.service.ts': service(`import { OrderRepository } from '#domain';`),
      }),
    ).toEqual(['Order']);
  });
});

describe('symbols, never names', () => {
  it('a token that shares the interface’s name', () => {
    const ports = `
import { Order } from './shop.js';
export interface Orders { findById(id: string): Promise<Order | undefined>; add(order: Order): void }
export const Orders = Symbol('Orders');`;
    const handler = service(`import { Inject } from '@nestjs/common';\nimport { Orders } from '../orders.js';`, 'Orders').replace(
      'private readonly',
      '@Inject(Orders) private readonly',
    );
    expect(written({ 'src/orders.ts': ports, 'src/application/confirm.service.ts': handler })).toEqual(['Order']);
  });

  it('two contexts with an Order each', () => {
    const billing = `
import { AggregateRoot } from '@nestjs/cqrs';
export class Order extends AggregateRoot { constructor(readonly id: string) { super(); } }
export class Invoice extends AggregateRoot { private order!: Order; constructor(readonly id: string) { super(); } }
export abstract class OrderRepository { abstract findById(id: string): Promise<Order>; abstract save(order: Order): Promise<void> }`;
    const model = modelOf({ 'src/ordering/shop.ts': SHOP, 'src/billing/invoice.ts': billing });
    expect(objectReferences(model)).toEqual(['Invoice.order → Order']);
    expect(model.aggregates.flatMap(({ references }) => references.map(({ to }) => to))).toContain('src/billing/invoice.ts#Order');
  });

  it('a local name before an import of the same name', () => {
    const beside = `import { OrderRepository } from '../shop.js';\nimport { CustomerRepository } from '../shop.js';`;
    const body = service(beside)
      .replace(
        'const order = await this.orders.findById(id);',
        'const find = async (orders: CustomerRepository) => orders.findById(id);\n const order = await find(this.customers);',
      )
      .replace('{}\n', '{}\n  private readonly customers!: CustomerRepository;\n');
    expect(written({ 'src/application/confirm.service.ts': body })).toEqual(['Customer']);
  });
});
