import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { extractFacts } from '../../src/facts/extract.js';
import { extractPrisma } from '../../src/facts/prisma-schema.js';
import { buildModel } from '../../src/model/build.js';
import type { DomainModel, Table } from '../../src/model/domain-model.js';
import { sqlWrite } from '../../src/model/persistence/sql.js';

function model(files: Readonly<Record<string, string>>, prisma?: string): DomainModel {
  const facts = Object.entries(files).map(([file, text]) => extractFacts(file, text));
  const resolveModule = (from: string, specifier: string): string | undefined => {
    const file = `${path.posix.join(path.posix.dirname(from), specifier)}.ts`;
    return file in files ? file : undefined;
  };
  const prismaSchemas = () => (prisma === undefined ? [] : [extractPrisma('prisma/schema.prisma', prisma)]);
  return buildModel(facts, { resolveModule, prismaSchemas }).model;
}

/** `orders: id* total version^`, relations as `lines>OrderLine`. */
function inShort({ name, columns, relations }: Table): string {
  const marks = columns.map((c) => `${c.name}${c.key ? '*' : ''}${c.version ? '^' : ''}${c.discriminator ? '?' : ''}`);
  const ends = relations.map((r) => `${r.field}>${r.to}${r.cascade ? '+c' : ''}${r.eager ? '+e' : ''}${r.lazy ? '+l' : ''}`);
  return `${name}: ${[...marks, ...ends].join(' ')}`;
}

const tablesOf = (text: string): string[] => model({ 'order.ts': text }).tables.map(inShort);

describe('tables', () => {
  it('of TypeORM decorators', () => {
    expect(
      tablesOf(`import { Column, Entity, JoinColumn, ManyToOne, OneToMany, PrimaryColumn, VersionColumn } from 'typeorm';
        const SCHEMA = 'sales';
        @Entity({ name: 'orders', schema: SCHEMA })
        export class OrderRecord {
          @PrimaryColumn() id: string;
          @Column({ name: 'total_amount' }) total: number;
          @VersionColumn() version: number;
          @OneToMany(() => OrderLine, (line) => line.order, { cascade: true, eager: true }) lines: OrderLine[];
        }
        @Entity()
        export class OrderLine {
          @PrimaryColumn() id: string;
          @ManyToOne(() => OrderRecord, { lazy: true }) @JoinColumn({ name: 'order_ref' }) order: Promise<OrderRecord>;
        }`),
    ).toEqual(['sales.orders: id* total_amount version^ lines>OrderLine+c+e', 'order_line: id* order_ref order>OrderRecord+l']);
  });

  it('of a hierarchy in one table', () => {
    expect(
      tablesOf(`import { ChildEntity, Column, Entity, PrimaryColumn, TableInheritance } from 'typeorm';
        @Entity('documents')
        @TableInheritance({ column: { name: 'kind' } })
        export class Document { @PrimaryColumn() id: string; @Column() kind: string; }
        @ChildEntity('letter')
        export class Letter extends Document { @Column() recipient: string; }`),
    ).toEqual(['documents: id* kind?', 'documents: recipient id* kind?']);
  });

  it('of entity schemas, TypeORM and MikroORM', () => {
    expect(
      tablesOf(`import { EntitySchema } from 'typeorm';
        class Order {}
        export const OrderSchema = new EntitySchema<Order>({ name: 'order', target: Order, tableName: 'orders',
          columns: { id: { type: 'uuid', primary: true }, version: { type: Number, version: true } },
          relations: { lines: { type: 'one-to-many', target: 'OrderLine', lazy: true } } });`),
    ).toEqual(['orders: id* version^ lines>OrderLine+l']);
    expect(
      tablesOf(`import { defineEntity, EntitySchema } from '@mikro-orm/core';
        class Order {}
        export const OrderSchema = new EntitySchema({ class: Order,
          properties: { id: { primary: true, type: 'uuid' }, placedAt: { type: Date }, version: { version: true, type: 'number' } } });
        export const Article = defineEntity({ name: 'Article', tableName: 'articles',
          properties: (p) => ({ id: p.uuid().primary(), revision: p.integer().version(), comments: p.oneToMany(Comment).eager() }) });`),
    ).toEqual(['order: id* placed_at version^', 'articles: id* revision^ comments>comments+e']);
  });

  it('of Sequelize, Mongoose and Drizzle', () => {
    expect(
      tablesOf(`import { DataTypes, Model, Sequelize } from 'sequelize';
        const sequelize = new Sequelize();
        export const Customer = sequelize.define('customer', { id: { type: DataTypes.UUID, primaryKey: true }, name: { field: 'full_name' } }, { tableName: 'customers' });
        export class Order extends Model {}
        Order.init({ id: { type: DataTypes.UUID, primaryKey: true } }, { sequelize, tableName: 'orders', version: true });`),
    ).toEqual(['customers: id* full_name', 'orders: id* version^']);
    expect(
      tablesOf(`import { model, Schema } from 'mongoose';
        const orderSchema = new Schema({ _id: String, total: Number }, { optimisticConcurrency: true });
        export const Orders = model('Order', orderSchema, 'orders');`),
    ).toEqual(['orders: _id* total __v^']);
    expect(
      tablesOf(`import { integer, pgSchema, pgTable, uuid } from 'drizzle-orm/pg-core';
        export const orders = pgTable('orders', { id: uuid('id').primaryKey(), totalAmount: integer('total_amount').notNull(), version: integer() });
        export const sales = pgSchema('sales');
        export const quotes = sales.table('quotes', { id: uuid().primaryKey() });`),
    ).toEqual(['orders: id* total_amount version^', 'sales.quotes: id*']);
  });

  it('of a Prisma schema, each at its model', () => {
    const { tables } = model(
      { 'a.ts': '' },
      'model Order {\n  id    String @id @map("order_id")\n  total Int\n  version Int @default(0)\n  lines OrderLine[]\n\n  @@map("orders")\n}\n\nmodel OrderLine {\n  id String @id\n  order Order @relation(fields: [orderId], references: [id], onDelete: Cascade)\n  orderId String\n}\n',
    );
    expect(tables.map(inShort)).toEqual(['orders: order_id* total version^ lines>OrderLine', 'OrderLine: id* orderId order>Order+c']);
    expect(tables.map(({ at }) => [at.file, at.line, at.column, at.endColumn])).toEqual([
      ['prisma/schema.prisma', 1, 7, 12],
      ['prisma/schema.prisma', 10, 7, 16],
    ]);
  });

  it('none of a Prisma schema that does not parse', () => {
    expect(model({ 'a.ts': '' }, 'model {{').tables).toEqual([]);
  });
});

describe('what a statement writes', () => {
  const writes = (body: string): string[] =>
    model({
      'orders.ts': `export class Orders { constructor(private readonly knex: Knex, private readonly db: Kysely<any>, private readonly prisma: PrismaClient) {}
        async save(order: { id: string; total: number }) { ${body} } }`,
    }).columnWrites.map((w) => `${w.table}: ${w.columns === 'whole-row' ? '*' : w.columns.join(' ')}`);

  it.each([
    ["await this.knex('orders').where({ id: order.id }).update({ total: 1, status: 'new' });", ['orders: total status']],
    ["await this.knex('orders').where({ id: order.id }).update('total', 1);", ['orders: total']],
    ["await this.knex('orders').insert({ id: 1 });", []],
    ["await this.knex('orders').insert({ id: 1, total: 2 }).onConflict('id').merge(['total']);", ['orders: total']],
    ["await this.db.updateTable('orders').set({ total: 1 }).where('id', '=', order.id).execute();", ['orders: total']],
    ["await this.db.updateTable('orders').set((eb) => ({ total: eb.val(1) })).execute();", ['orders: total']],
    [
      "await this.db.insertInto('orders').values({ id: 1 }).onConflict((oc) => oc.column('id').doUpdateSet({ total: 1 })).execute();",
      ['orders: total'],
    ],
    ['await this.prisma.order.update({ where: { id: order.id }, data: { total: 1 } });', ['order: total']],
    ['const data = { total: 1 }; data.status = 2; await this.prisma.order.update({ where: {}, data });', ['order: total status']],
    ['await this.prisma.order.update({ where: { id: order.id }, data: changes() });', []],
    ["const row = await this.knex('orders').first(); await this.knex('orders').update({ ...row, total: 1 });", ['orders: *']],
    ['await this.knex(table).update({ total: 1 });', []],
  ])('%s', (body, expected) => {
    expect(writes(body)).toEqual(expected);
  });

  it.each([
    ['UPDATE orders SET total = $1, "status" = coalesce($2, status) WHERE id = $3', 'orders', ['total', 'status'], ['id']],
    ['update only sales.orders o set total = ? where o.id = ? and o.version = ?', 'sales.orders', ['total'], ['id', 'version']],
    [
      'INSERT INTO orders (id, total) VALUES ($1, $2) ON CONFLICT (id) DO UPDATE SET total = excluded.total',
      'orders',
      ['total'],
      ['id', 'total'],
    ],
    ['INSERT INTO orders (id, total) VALUES (?, ?) ON DUPLICATE KEY UPDATE total = VALUES(total)', 'orders', ['total'], ['id', 'total']],
    ['REPLACE INTO orders (id, total) VALUES (?, ?)', 'orders', ['id', 'total'], ['id', 'total']],
  ])('%s', (text, table, columns, where) => {
    expect(sqlWrite(text)).toEqual({ table, columns, where });
  });

  it('nothing of an insert, and nothing of assignments that are not written out', () => {
    expect(sqlWrite('INSERT INTO orders (id, total) VALUES ($1, $2)')).toBeUndefined();
    expect(sqlWrite('UPDATE orders SET ? WHERE id = 1')).toBeUndefined();
  });
});
