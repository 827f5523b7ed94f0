import { describe, expect, it } from 'vitest';
import { type HandlerParts, modelOf, SHOP, writes, writtenBy } from './linked.js';

const cases = (title: string, all: readonly (readonly [body: string, parts?: HandlerParts])[]): void => {
  describe(title, () => {
    for (const [body, parts] of all) {
      it(`${body} ${Object.values(parts ?? {})
        .filter((part) => typeof part === 'string')
        .join(' ')}`, () => {
        expect(writes(body, parts)).toEqual(['Order']);
      });
    }
  });
};
const load = 'const order = await this.orders.findById(command.id);';
const beside = (text: string): HandlerParts => ({ beside: text });
const given = (text: string): HandlerParts => ({ given: text });
const members = (text: string): HandlerParts => ({ members: text });

cases('awaiting', [
  [`${load} order!.complete();`],
  [`${load} order?.complete();`],
  [`${load} if (!order) throw new Error(); order.complete();`],
  [`(await this.orders.findById(command.id))!.complete();`],
  [`const order = (await this.orders.findById(command.id)) as Order; order.complete();`],
  [`const order = <Order>await this.orders.findById(command.id); order.complete();`],
  [`const loading = this.orders.findById(command.id); const order = await loading; order.complete();`],
  [`const order = await Promise.resolve(this.orders.findById(command.id)); order.complete();`],
  [`await this.orders.findById(command.id).then((order) => order.complete());`],
  [`await this.orders.findById(command.id).then((o) => o!).then((order) => { order.complete(); });`],
  [`const order = await this.orders.findById(command.id).catch(() => null); order?.complete();`],
  [`const order = await this.orders.findById(command.id).finally(() => {}); order?.complete();`],
  [`const [order, customer] = await Promise.all([this.orders.findById('1'), this.customers.findById('2')]); order.complete();`],
  [`const all = await Promise.all([this.orders.findById('1'), this.customers.findById('2')]); all[0]!.complete();`],
  [`const [[order]] = await Promise.all([this.orders.findAll(), this.customers.findAll()]); order.complete();`],
  [`const orders = await Promise.all(['1', '2'].map((id) => this.orders.findById(id))); orders[0]!.complete();`],
  [`const orders = await Promise.all(['1', '2'].map(async (id) => this.orders.findById(id))); for (const o of orders) o?.complete();`],
  [`await Promise.all((await this.orders.findAll()).map(async (order) => { order.complete(); }));`],
  [`const first = await Promise.race([this.orders.findById('1'), this.orders.findById('2')]); first?.complete();`],
  [
    `const settled = await Promise.allSettled([this.orders.findById('1')]); for (const s of settled) if (s.status === 'fulfilled') s.value?.complete();`,
  ],
  [`const order: Awaited<ReturnType<OrderRepository['findById']>> = await this.orders.findById('1'); order!.complete();`],
]);

cases('local variables', [
  [`let order; order = await this.orders.findById(command.id); order.complete();`],
  [`let order = null; if (command.id) order = await this.orders.findById(command.id); order.complete();`],
  [`let order: Order | undefined; order = undefined; order?.complete();`],
  [`let order; try { order = await this.orders.findById(command.id); } catch { return; } order.complete();`],
  [`let order; await this.orders.findById(command.id).then((found) => { order = found; }); order.complete();`],
  [`let order = null; order ??= await this.orders.findById(command.id); order.complete();`],
  [`let order = undefined; order ||= await this.orders.findById(command.id); order.complete();`],
  [`let order; for (const id of [command.id]) { order = await this.orders.findById(id); } order.complete();`],
  [`let order; ({ order } = { order: await this.orders.findById(command.id) }); order.complete();`],
  [`let order; [order] = await this.orders.findAll(); order.complete();`],
  [`let order; if ((order = await this.orders.findById(command.id))) order.complete();`],
  [`let order; while ((order = await this.orders.findById(command.id)) !== null) order.complete();`],
  [`const order = command.id ? await this.orders.findById(command.id) : null; order?.complete();`],
  [`const order = (await this.orders.findById(command.id)) ?? new Order('1', '2'); const same = order; same.complete();`],
  [`const order = (await this.orders.findById(command.id)) || undefined; order!.complete();`],
  [`const order = command.id && (await this.orders.findById(command.id)); if (order) order.complete();`],
  [`const order = (log(), await this.orders.findById(command.id)); order!.complete();`, beside('declare function log(): void;')],
  [`var order = await this.orders.findById(command.id); { order!.complete(); }`],
  [`const order = (await this.orders.findById(command.id)) satisfies Order | null; order!.complete();`],
  [`const found = { order: await this.orders.findById(command.id) } as const; found.order!.complete();`],
  [`const found = { order: await this.orders.findById(command.id) }; found['order']!.complete();`],
  [`const found = { ...{ order: await this.orders.findById(command.id) }, at: 1 }; found.order!.complete();`],
  [`const pair = [1, await this.orders.findById(command.id)] as const; pair[1]!.complete();`],
  [`const orders = [...(await this.orders.findAll())]; orders[0]!.complete();`],
]);

cases('destructuring', [
  [`const { orders } = this; const order = await orders.findById(command.id); order!.complete();`],
  [`const { orders: own } = this; const order = await own.findById(command.id); order!.complete();`],
  [`const [order] = await this.orders.findAll(); order.complete();`],
  [`const [, order] = await this.orders.findAll(); order.complete();`],
  [`const [first, ...rest] = await this.orders.findAll(); rest[0].complete();`],
  [`const { order } = { order: await this.orders.findById(command.id) }; order!.complete();`],
  [`const { a: { b: order } } = { a: { b: await this.orders.findById(command.id) } }; order!.complete();`],
  [`const { order = new Order('1', '2') } = this.cached; order.complete();`, members('private readonly cached: { order?: Order } = {};')],
  [`const { order = await this.orders.findById('1') } = {} as any; order.complete();`],
  [
    `const { length, ...rest } = this.cached; rest.order.complete();`,
    members('private readonly cached!: { order: Order; length: number };'),
  ],
  [
    `const { order, ...rest } = await this.both(); rest.customer; order.complete();`,
    members(`private async both() { return { order: await this.orders.findById('1'), customer: await this.customers.findById('1') }; }`),
  ],
  [
    `const [order] = await this.pair(); order.complete();`,
    members(`private async pair(): Promise<[Order, Customer]> { throw new Error(); }`),
  ],
  [
    `const [order] = await this.pair(); order.complete();`,
    members(`private async pair() { return [await this.orders.findById('1'), await this.customers.findById('2')] as const; }`),
  ],
  [`(await this.orders.findAll()).forEach(({ id, ...o }) => o.complete());`],
  [`for (const { order } of this.rows) order.complete();`, members('private readonly rows: { order: Order }[] = [];')],
  [`for (const [, order] of this.byId) order.complete();`, members('private readonly byId = new Map<string, Order>();')],
  [
    `await this.work({ orders: this.orders, id: command.id });`,
    members(
      `private async work({ orders, id }: { orders: OrderRepository; id: string }): Promise<void> { (await orders.findById(id))!.complete(); }`,
    ),
  ],
  [
    `await this.work();`,
    members(`private async work({ orders } = { orders: this.orders }): Promise<void> { (await orders.findById('1'))!.complete(); }`),
  ],
  [`await this.work();`, members(`private async work(orders = this.orders): Promise<void> { (await orders.findById('1'))!.complete(); }`)],
]);

cases('collections', [
  [`for (const order of await this.orders.findAll()) order.complete();`],
  [`for await (const order of this.stream()) order.complete();`, members('private async *stream(): AsyncGenerator<Order> {}')],
  [
    `for await (const order of this.stream()) order.complete();`,
    members('private async *stream() { for (const o of await this.orders.findAll()) yield o; }'),
  ],
  [
    `for (const order of this.each()) order.complete();`,
    members('private *each() { yield* this.cached; }\nprivate readonly cached: Order[] = [];'),
  ],
  [`const orders = await this.orders.findAll(); for (const i in orders) orders[i]!.complete();`],
  [`const orders = await this.orders.findAll(); for (let i = 0; i < orders.length; i++) { const order = orders[i]!; order.complete(); }`],
  [`(await this.orders.findAll()).forEach((order) => order.complete());`],
  [`(await this.orders.findAll()).forEach(function (order) { order.complete(); });`],
  [`(await this.orders.findAll()).map((o) => o).filter(Boolean).forEach((order) => { order.complete(); });`],
  [`const order = (await this.orders.findAll()).find((o) => o.id === command.id); order!.complete();`],
  [`const order = (await this.orders.findAll()).at(-1); order?.complete();`],
  [`const order = (await this.orders.findAll()).shift(); order?.complete();`],
  [`const order = (await this.orders.findAll()).slice(1).concat([]).reverse()[0]; order.complete();`],
  [`const order = (await this.orders.findAll()).reduce((a, b) => (a.id < b.id ? a : b)); order.complete();`],
  [`(await this.orders.findAll()).reduce((n, order) => { order.complete(); return n + 1; }, 0);`],
  [`const byId = (await this.orders.findAll()).reduce((m, o) => m.set(o.id, o), new Map<string, Order>()); byId.get('1')!.complete();`],
  [`const byId = (await this.orders.findAll()).reduce<Record<string, Order>>((m, o) => ({ ...m, [o.id]: o }), {}); byId['1'].complete();`],
  [`const byId = new Map((await this.orders.findAll()).map((o) => [o.id, o])); const order = byId.get('1'); order!.complete();`],
  [`const byId = new Map((await this.orders.findAll()).map((o) => [o.id, o] as const)); for (const o of byId.values()) o.complete();`],
  [`this.byId.forEach((order) => order.complete());`, members('private readonly byId = new Map<string, Order>();')],
  [`for (const order of this.byId.values()) order.complete();`, members('private readonly byId: Map<string, Order> = new Map();')],
  [
    `for (const [id, order] of this.byId.entries()) order.complete();`,
    members('private readonly byId: ReadonlyMap<string, Order> = new Map();'),
  ],
  [`[...this.byId.values()].forEach((order) => order.complete());`, members('private readonly byId = new Map<string, Order>();')],
  [`Array.from(this.byId.values()).map((order) => order.complete());`, members('private readonly byId = new Map<string, Order>();')],
  [`Array.from(this.byId, ([, order]) => order)[0]!.complete();`, members('private readonly byId = new Map<string, Order>();')],
  [`for (const order of new Set(await this.orders.findAll())) order.complete();`],
  [`new Set<Order>().forEach((order) => order.complete());`],
  [`this.all.forEach((order) => order.complete());`, members('private readonly all: ReadonlySet<Order> = new Set();')],
  [`Object.values(this.byId).forEach((order) => order.complete());`, members('private readonly byId: Record<string, Order> = {};')],
  [`Object.entries(this.byId).forEach(([, order]) => order.complete());`, members('private readonly byId: { [id: string]: Order } = {};')],
  [`Object.values({ a: new Order('1', '1') }).forEach((order) => order.complete());`],
  [`const rows = (await this.orders.findAll()).map((order) => ({ order, at: 1 })); rows.forEach(({ order }) => order.complete());`],
  [`(await this.orders.findAll()).flatMap((o) => [o, o]).forEach((order) => order.complete());`],
  [`[this.all].flat().forEach((order) => order.complete());`, members('private readonly all: Order[] = [];')],
  [`(await this.orders.findAll()).entries().forEach(([, order]) => order.complete());`],
  [`const [order] = (await this.orders.findAll()).toSorted().values(); order.complete();`],
  [`const grouped = Object.groupBy(await this.orders.findAll(), (o) => o.id); grouped['1']!.forEach((order) => order.complete());`],
  [`(await this.orders.findAll()).some((order) => { order.complete(); return true; });`],
]);

cases('narrowing', [
  [
    `const order = await this.any(); if (order instanceof Order) order.complete();`,
    members('private async any(): Promise<unknown> { return null; }'),
  ],
  [
    `const order = await this.any(); if (!(order instanceof Order)) return; order.complete();`,
    members('private async any(): Promise<unknown> { return null; }'),
  ],
  [
    `const order = await this.any(); if (!(order instanceof Order)) { throw new Error(); } order.complete();`,
    members('private async any(): Promise<any> { return null; }'),
  ],
  [
    `const order = await this.any(); if (order instanceof Error) return; order.complete();`,
    members('private async any(): Promise<Order | Error> { throw 1; }'),
  ],
  [
    `const order = await this.any(); if (order instanceof Customer) return; order.complete();`,
    members('private async any(): Promise<Customer | Order> { throw 1; }'),
  ],
  [
    `const order = await this.any(); if (!isOrder(order)) return; order.complete();`,
    {
      members: 'private async any(): Promise<unknown> { return null; }',
      beside: 'function isOrder(o: unknown): o is Order { return o instanceof Order; }',
    },
  ],
  [
    `const order = await this.any(); assertOrder(order); order.complete();`,
    {
      members: 'private async any(): Promise<unknown> { return null; }',
      beside: 'function assertOrder(o: unknown): asserts o is Order {}',
    },
  ],
  [
    `const order = await this.any(); if (order === null) return; if (typeof order === 'string') return; order.complete();`,
    members('private async any(): Promise<Order | string | null> { throw 1; }'),
  ],
]);

cases('constructor and fields', [
  [`(await this.own.findById(command.id))!.complete();`, { members: 'private readonly own: OrderRepository;\nprivate init(): void {}' }],
  [`(await this.own.findById(command.id))!.complete();`, members('@Inject() private readonly own!: OrderRepository;')],
  [`(await this.own.findById(command.id))!.complete();`, members(`@Inject('ORDERS') private readonly own!: OrderRepository;`)],
  [
    `(await this.own.findById(command.id))!.complete();`,
    { members: 'private readonly own = inject(OrderRepository);', beside: `import { inject } from '@angular/core';` },
  ],
  [
    `(await this.own.findById(command.id))!.complete();`,
    {
      members: 'private readonly own = inject(OrderRepository);',
      beside: `declare function inject<T>(token: abstract new (...args: never[]) => T): T;`,
    },
  ],
  [
    `(await this.own.findById(command.id))!.complete();`,
    {
      members: 'private readonly own = inject(ORDERS);',
      beside: `declare class Token<T> { constructor(name: string); private readonly of: T }\ndeclare function inject<T>(token: Token<T>): T;\nconst ORDERS = new Token<OrderRepository>('orders');`,
    },
  ],
  [
    `(await this.own.findById(command.id))!.complete();`,
    { members: 'private readonly own = container.resolve(OrderRepository);', beside: `import { container } from 'tsyringe';` },
  ],
  [
    `(await this.own.findById(command.id))!.complete();`,
    { members: `private readonly own = container.get<OrderRepository>('orders');`, beside: `import { container } from './container';` },
  ],
  [`(await this.own.findById(command.id))!.complete();`, { members: 'private readonly own = this.orders;' }],
  [`(await this.#own.findById(command.id))!.complete();`, { members: 'readonly #own: OrderRepository = this.orders;' }],
  [`(await this.own.findById(command.id))!.complete();`, members('private get own() { return this.orders; }')],
  [`(await this.own.findById(command.id))!.complete();`, members('private get own(): OrderRepository { return this.orders; }')],
  [
    `(await this.uow.orders.findById(command.id))!.complete();`,
    {
      given: 'private readonly uow: UnitOfWork',
      beside: 'interface UnitOfWork { readonly orders: OrderRepository; readonly customers: CustomerRepository }',
    },
  ],
  [
    `(await this.uow.getRepository(OrderRepository).findById(command.id))!.complete();`,
    {
      given: 'private readonly uow: UnitOfWork',
      beside: 'interface UnitOfWork { getRepository<R>(type: abstract new (...args: any[]) => R): R }',
    },
  ],
  [
    `(await this.uow.orders().findById(command.id))!.complete();`,
    { given: 'private readonly uow: UnitOfWork', beside: 'abstract class UnitOfWork { abstract orders(): OrderRepository }' },
  ],
  [
    `await this.uow.run(async ({ orders }) => { (await orders.findById(command.id))!.complete(); });`,
    {
      given: 'private readonly uow: UnitOfWork',
      beside:
        'interface Repositories { orders: OrderRepository }\ninterface UnitOfWork { run<T>(work: (repositories: Repositories) => Promise<T>): Promise<T> }',
    },
  ],
  [
    `await this.uow.run(async (uow) => { (await uow.orders.findById(command.id))!.complete(); });`,
    {
      given: 'private readonly uow: UnitOfWork',
      beside: 'interface UnitOfWork { readonly orders: OrderRepository; run(work: (uow: this) => Promise<void>): Promise<void> }',
    },
  ],
  [`(await this.repos[0].findById(command.id))!.complete();`, given('private readonly repos: [OrderRepository, CustomerRepository]')],
  [`(await this.lazy().findById(command.id))!.complete();`, given('private readonly lazy: () => OrderRepository')],
  [`(await (await this.lazy).findById(command.id))!.complete();`, given('private readonly lazy: Promise<OrderRepository>')],
  [`(await this.maybe?.findById(command.id))?.complete();`, given('private readonly maybe?: OrderRepository')],
]);

describe('fields assigned in the constructor', () => {
  const service = (assigning: string, beside = ''): string => `
import { Order, OrderRepository, CustomerRepository } from '../shop.js';
${beside}
export class ConfirmService {
  private readonly own;
  ${assigning}
  async confirm(id: string): Promise<void> {
    (await this.own.findById(id))!.complete();
  }
}`;

  it.each<[assigning: string, beside?: string]>([
    ['constructor(orders: OrderRepository) { this.own = orders; }'],
    ['constructor({ orders }: { orders: OrderRepository }) { this.own = orders; }'],
    ['constructor(deps: { orders: OrderRepository }) { this.own = deps.orders; }'],
    [
      'constructor(deps: Dependencies) { const { orders } = deps; this.own = orders; }',
      'interface Dependencies { orders: OrderRepository }',
    ],
    ['constructor(orders?: OrderRepository) { if (!orders) throw new Error(); this.own = orders; }'],
    ['constructor(orders: OrderRepository) { if (orders) { this.own = orders; } }'],
    ['constructor(orders: OrderRepository) { Object.assign(this, {}); this.own = orders ?? null; }'],
    [
      'constructor({ orders }: Readonly<Cradle>) { this.own = orders; }',
      'interface Cradle { orders: OrderRepository; customers: CustomerRepository }',
    ],
  ])('%s', (assigning, beside) => {
    expect(
      writtenBy(
        modelOf({ 'src/shop.ts': SHOP, 'src/application/confirm.service.ts': service(assigning, beside) }),
        'ConfirmService.confirm',
      ),
    ).toEqual(['Order']);
  });

  it.each([
    ['class Base { protected readonly own: OrderRepository; constructor(own: OrderRepository) { this.own = own; } }', 'extends Base'],
    ['class Base<R> { constructor(protected readonly own: R) {} }', 'extends Base<OrderRepository>'],
    [
      'abstract class Base<R> { protected abstract readonly own: R; }\nabstract class Middle<R> extends Base<R> {}',
      'extends Middle<OrderRepository>',
    ],
    ['class Base { constructor(private readonly a: OrderRepository) {} protected get own() { return this.a; } }', 'extends Base'],
  ])('%s', (base, heritage) => {
    const source = service('', base)
      .replace('  private readonly own;\n', '')
      .replace('class ConfirmService', `class ConfirmService ${heritage}`)
      .replace('ConfirmService extends', 'ConfirmService extends');
    const injected = `${source}\nexport class Wiring { constructor(private readonly orders: OrderRepository) {} }`;
    expect(
      writtenBy(
        modelOf({ 'src/shop.ts': SHOP, 'src/application/confirm.use-case.ts': injected.replaceAll('ConfirmService', 'ConfirmUseCase') }),
        'ConfirmUseCase.confirm',
      ),
    ).toEqual(['Order']);
  });
});

cases('what functions of the project return', [
  [
    `(await this.find(command.id)).complete();`,
    members(
      'private async find(id: string) { const order = await this.orders.findById(id); if (!order) throw new Error(); return order; }',
    ),
  ],
  [`(await this.find(command.id)).complete();`, members('private find = async (id: string) => (await this.orders.findById(id))!;')],
  [`(await this.find(command.id)).complete();`, members('private find(id: string) { return this.orders.findById(id); }')],
  [
    `(await this.find(command.id)).complete();`,
    members('private async find(id: string) { switch (id) { case "1": return null; default: return this.orders.findById(id); } }'),
  ],
  [
    `(await this.find(command.id)).complete();`,
    members('private async find(id: string) { try { return await this.orders.findById(id); } catch { throw new Error(); } }'),
  ],
  [
    `(await find(this.orders, command.id)).complete();`,
    beside('async function find(orders: OrderRepository, id: string) { return (await orders.findById(id))!; }'),
  ],
  [
    `(await find(this.orders)(command.id)).complete();`,
    beside('const find = (orders: OrderRepository) => async (id: string) => (await orders.findById(id))!;'),
  ],
  [`const find = (id: string) => this.orders.findById(id); (await find(command.id))!.complete();`],
  [`async function find(orders: OrderRepository) { return orders.findById(command.id); } (await find(this.orders))!.complete();`],
  [
    `unwrap(await this.orders.findById(command.id)).complete();`,
    beside('function unwrap<T>(value: T | null): T { if (value === null) throw new Error(); return value; }'),
  ],
  [
    `unwrap(await this.orders.findById(command.id)).complete();`,
    beside('const unwrap = <T,>(value: T | null | undefined): NonNullable<T> => value!;'),
  ],
  [
    `unwrap(await this.orders.findById(command.id)).complete();`,
    beside('function unwrap<T>(value: T) { if (!value) throw new Error(); return value; }'),
  ],
  [
    `(await orFail(this.orders.findById(command.id))).complete();`,
    beside('async function orFail<T>(loading: Promise<T | null>): Promise<T> { return (await loading)!; }'),
  ],
  [`first(await this.orders.findAll()).complete();`, beside('function first<T>(all: readonly T[]): T { return all[0]!; }')],
  [
    `first(await this.orders.findAll())!.complete();`,
    beside('function first<A extends readonly unknown[]>(all: A): A[number] { return all[0]; }'),
  ],
  [
    `(await retry(() => this.orders.findById(command.id)))!.complete();`,
    beside('async function retry<T>(work: () => Promise<T>, times = 3): Promise<T> { return work(); }'),
  ],
  [
    `(await retry(async () => { const o = await this.orders.findById(command.id); return o; }))!.complete();`,
    beside('async function retry<T>(work: () => T | Promise<T>): Promise<T> { return work(); }'),
  ],
  [
    `(await timed('find', this.orders.findById.bind(this.orders))(command.id))!.complete();`,
    beside('function timed<A extends unknown[], R>(name: string, fn: (...args: A) => R): (...args: A) => R { return fn; }'),
  ],
  [
    `pick({ order: (await this.orders.findById(command.id))!, n: 1 }).complete();`,
    beside('function pick<T>(holder: { order: T }): T { return holder.order; }'),
  ],
  [
    `pick({ order: (await this.orders.findById(command.id))! }, 'order').complete();`,
    beside('function pick<T, K extends keyof T>(holder: T, key: K): T[K] { return holder[key]; }'),
  ],
  [`make(Order).complete();`, beside('function make<T>(type: new (...args: any[]) => T): T { return new type(); }')],
  [
    `make(Order).complete();`,
    beside('function make<C extends new (...args: any[]) => any>(type: C): InstanceType<C> { return new type(); }'),
  ],
  [`lookup<Order>('1').complete();`, beside('declare function lookup<T>(id: string): T;')],
  [`lookup('1').complete();`, beside('declare function lookup<T = Order>(id: string): T;')],
  [
    `even(await this.orders.findById(command.id), 4)!.complete();`,
    beside(
      'const even = (o: Order | null, n: number) => (n === 0 ? o : odd(o, n - 1));\nconst odd = (o: Order | null, n: number) => (n === 0 ? o : even(o, n - 1));',
    ),
  ],
  [
    `even(await this.orders.findById(command.id), 4)!.complete();`,
    beside(
      'function even(o: Order | null, n: number) { if (n === 0) return o; return odd(o, n - 1); }\nfunction odd(o: Order | null, n: number) { return even(o, n - 1); }',
    ),
  ],
  [
    `down(await this.orders.findById(command.id), 4)!.complete();`,
    beside('const down = (o: Order | null, n: number) => (n > 0 ? down(o, n - 1) : o);'),
  ],
  [
    `finder.find(this.orders)!.then((o) => o!.complete());`,
    beside('const finder = { find: (orders: OrderRepository) => orders.findById("1") };'),
  ],
  [
    `(await finder.find(this.orders))!.complete();`,
    beside('const finder = { async find(orders: OrderRepository) { return orders.findById("1"); } };'),
  ],
  [
    `(await makeFinder(this.orders).find('1'))!.complete();`,
    beside('const makeFinder = (orders: OrderRepository) => ({ find: (id: string) => orders.findById(id) });'),
  ],
  [
    `(await makeFinder(this.orders).find('1'))!.complete();`,
    beside(
      'function makeFinder(orders: OrderRepository) { async function find(id: string) { return orders.findById(id); } return { find }; }',
    ),
  ],
  [
    `(await new Finder(this.orders).find('1'))!.complete();`,
    beside(
      'class Finder { constructor(private readonly orders: OrderRepository) {} find(id: string) { return this.orders.findById(id); } }',
    ),
  ],
  [`Finder.order('1').complete();`, beside('class Finder { static order(id: string) { return new Order(id, id); } }')],
  [`Orders.open('1').complete();`, beside('namespace Orders { export const open = (id: string) => new Order(id, id); }')],
  [
    `Orders.open('1').complete();`,
    beside('class Orders {}\nnamespace Orders { export function open(id: string) { return new Order(id, id); } }'),
  ],
  [`const Local = class { make() { return new Order('1', '2'); } }; new Local().make().complete();`],
  [`class Local { make() { return new Order('1', '2'); } } new Local().make().complete();`],
  [`new (class { make() { return new Order('1', '2'); } })().make().complete();`],
  [`const order = await (async () => this.orders.findById(command.id))(); order!.complete();`],
  [
    `const { order } = await this.context(); order!.complete();`,
    members(
      'private async context() { const order = await this.orders.findById("1"); const customer = null; return { order, customer }; }',
    ),
  ],
]);

cases('fluent and static', [
  [
    `Order.open('1').complete();`,
    {
      files: {
        'src/shop.ts': SHOP.replace(
          '  complete(): void {',
          '  static open(id: string) { return new Order(id, id); }\n  complete(): void {',
        ),
      },
    },
  ],
  [
    `Order.open('1').complete();`,
    {
      files: {
        'src/shop.ts': SHOP.replace('  complete(): void {', '  static open(id: string) { return new this(id, id); }\n  complete(): void {'),
      },
    },
  ],
  [
    `Order.open('1').complete();`,
    {
      files: {
        'src/shop.ts': SHOP.replace(
          'export class Order extends AggregateRoot',
          'abstract class Base extends AggregateRoot { static open<T>(this: new (id: string, c: string) => T, id: string): T { return new this(id, id); } }\nexport class Order extends Base',
        ),
      },
    },
  ],
  [
    `Order.open('1').complete();`,
    {
      files: {
        'src/shop.ts': SHOP.replace(
          '  complete(): void {',
          '  static readonly open = (id: string): Order => new Order(id, id);\n  complete(): void {',
        ),
      },
    },
  ],
  [
    `new OrderBuilder().with('1').build().complete();`,
    beside(
      'class OrderBuilder { private id = ""; with(id: string) { this.id = id; return this; } build() { return new Order(this.id, this.id); } }',
    ),
  ],
  [
    `new OrderBuilder().with('1').build().complete();`,
    beside(
      'abstract class Builder<T> { with(id: string): this { return this; } abstract build(): T }\nclass OrderBuilder extends Builder<Order> { build() { return new Order("1", "1"); } }',
    ),
  ],
  [
    `new OrderBuilder().with('1').build().complete();`,
    beside(
      'class Builder<T> { with(id: string): this { return this; } build(): T { throw 1; } }\nclass OrderBuilder extends Builder<Order> {}',
    ),
  ],
  [
    `const order = await this.orders.findById(command.id); order!.touch().touch().complete();`,
    { files: { 'src/shop.ts': SHOP.replace('  complete(): void {', '  touch() { return this; }\n  complete(): void {') } },
  ],
  [
    `const order = await this.orders.findById(command.id); order!.touch().complete();`,
    {
      files: {
        'src/shop.ts': SHOP.replace(
          'export class Order extends AggregateRoot',
          'abstract class Base extends AggregateRoot { touch(): this { return this; } }\nexport class Order extends Base',
        ),
      },
    },
  ],
]);

cases('elements that the heir names', [
  [
    `this.rules.run('1');`,
    {
      given: 'private readonly rules: OrderRules',
      beside:
        'abstract class Rules<T extends { id: string }> { abstract load(id: string): Promise<T>; async run(id: string): Promise<void> { const it = await this.load(id); this.each([it]); } each(all: T[]): void {} }\nclass OrderRules extends Rules<Order> { constructor(private readonly orders: OrderRepository) { super(); } async load(id: string) { return (await this.orders.findById(id))!; } each(all: Order[]): void { all.forEach((o) => o.complete()); } }',
    },
  ],
  [
    `this.list.each((o) => o.complete());`,
    {
      given: 'private readonly list: Orders',
      beside:
        'class List<T> { protected items: T[] = []; each(visit: (item: T) => void): void { this.items.forEach(visit); } }\nclass Orders extends List<Order> {}',
    },
  ],
  [
    `for (const o of this.list.items) o.complete();`,
    { given: 'private readonly list: Orders', beside: 'class List<T> { items: T[] = []; }\nclass Orders extends List<Order> {}' },
  ],
  [
    `for (const o of this.list) o.complete();`,
    {
      given: 'private readonly list: Orders',
      beside:
        'class List<T> { items: T[] = []; *[Symbol.iterator](): Iterator<T> { yield* this.items; } }\nclass Orders extends List<Order> {}',
    },
  ],
  [
    `for (const o of this.list) o.complete();`,
    {
      given: 'private readonly list: Orders',
      beside: 'class Orders implements Iterable<Order> { [Symbol.iterator](): Iterator<Order> { throw 1; } }',
    },
  ],
  [
    `this.list.map((o) => o).forEach((o) => o.complete());`,
    { given: 'private readonly list: Orders', beside: 'class Orders extends Array<Order> {}' },
  ],
  [
    `this.list.confirmAll();`,
    {
      given: 'private readonly list: Orders',
      beside:
        'interface Confirmable { complete(): void }\nabstract class List<T extends Confirmable> { protected items: T[] = []; confirmAll(): void { for (const i of this.items) i.complete(); } }\nclass Orders extends List<Order> {}',
    },
  ],
  [
    `this.list.confirmAll();`,
    {
      given: 'private readonly list: List<Order>',
      beside:
        'class List<T extends { complete(): void }> { private items: T[] = []; confirmAll(): void { for (const i of this.items) i.complete(); } }',
    },
  ],
]);

describe('handlers that are no methods', () => {
  const written = (source: string, handler: string): string[] =>
    writtenBy(
      modelOf({
        'src/shop.ts': SHOP,
        'src/application/confirm.ts': `import { Order, OrderRepository, CustomerRepository } from '../shop.js';\n${source}`,
      }),
      handler,
    );

  it.each([
    ['export const confirmOrder = (orders: OrderRepository) => async (id: string) => { (await orders.findById(id))!.complete(); };'],
    ['export const confirmOrder = async (orders: OrderRepository, id: string) => { (await orders.findById(id))!.complete(); };'],
    [
      'export const confirmOrder = ({ orders }: { orders: OrderRepository }) => async (id: string) => { const order = await orders.findById(id); order?.complete(); };',
    ],
    [
      'export function confirmOrder(orders: OrderRepository) { return async (id: string): Promise<void> => { const order = await orders.findById(id); order?.complete(); }; }',
    ],
    [
      'type Deps = { orders: OrderRepository };\nexport const confirmOrder = ({ orders }: Deps) => async (id: string) => { const order = await orders.findById(id); order?.complete(); };',
    ],
    [
      'export const confirmOrder = (orders: OrderRepository) => { const load = (id: string) => orders.findById(id); return async (id: string) => { (await load(id))!.complete(); }; };',
    ],
  ])('%s', (source) => {
    expect(written(source, 'confirmOrder')).toEqual(['Order']);
  });

  it('an object of functions that is exported', () => {
    const used =
      'export class Confirm { constructor(private readonly orders: OrderRepository) {} async execute(id: string) { await orderService.store(this.orders, id); } }';
    expect(
      written(
        `const orderService = { store: async (orders: OrderRepository, id: string) => { (await orders.findById(id))!.complete(); } };\n${used}`,
        'Confirm.execute',
      ),
    ).toEqual(['Order']);
  });

  it('a function handed on by its name', () => {
    expect(
      written(
        'const complete = (order: Order) => { order.complete(); };\nexport class Confirm { constructor(private readonly orders: OrderRepository) {} async execute() { (await this.orders.findAll()).forEach(complete); } }',
        'Confirm.execute',
      ),
    ).toEqual(['Order']);
  });

  it('an object of functions that a factory returns', () => {
    const used =
      'export class Confirm { constructor(private readonly orders: OrderRepository) {} async execute(id: string) { await makeService({ orders: this.orders }).store(id); } }';
    expect(
      written(
        `const makeService = ({ orders }: { orders: OrderRepository }) => ({ async store(id: string) { (await orders.findById(id))!.complete(); } });\n${used}`,
        'Confirm.execute',
      ),
    ).toEqual(['Order']);
  });
});

describe('nothing is guessed', () => {
  it.each<[body: string, parts?: HandlerParts]>([
    ['const customer = await this.customers.findById(command.id); customer!.id.toString();'],
    ['const order = JSON.parse(command.id); order.complete();'],
    ['const order = await fetch(command.id); order.complete();'],
    ['const order = this.unknown.findById(command.id); order.complete();'],
    ['(await this.orders.findAll()).length.toFixed().complete();'],
    ['Order.complete();'],
  ])('%s', (body, parts) => {
    expect(writes(body, parts)).toEqual([]);
  });

  it.each<[body: string, parts?: HandlerParts]>([
    ['const customer = await this.customers.findById(command.id); customer!.complete();'],
    ['const [, customer] = await Promise.all([this.orders.findById("1"), this.customers.findById("2")]); customer!.complete();'],
    ['for (const c of (await this.orders.findAll()).map(() => new Customer("1"))) { const d = c; d.complete(); }'],
    ['const x = await this.orders.findById("1"); { const x = await this.customers.findById("1"); x!.complete(); }'],
    ['(await this.orders.findAll()).map((o) => this.customers.findById(o.id)).forEach(async (x) => { (await x)!.complete(); });'],
    ['const both = { order: await this.orders.findById("1"), customer: await this.customers.findById("1") }; both.customer!.complete();'],
    [
      'const x = await this.any(); if (x instanceof Order) return; x.complete();',
      members('private async any(): Promise<Customer | Order> { throw 1; }'),
    ],
    ['const { a: x } = { a: new Customer("1"), b: new Order("1", "1") }; const y = x; y.complete();'],
  ])('%s', (body, parts) => {
    expect(writes(body, parts)).toEqual(['Customer']);
  });
});

describe('following the writes', () => {
  const any = members('private async any(): Promise<Customer | Order> { throw 1; }');
  it.each<[body: string, expected: string]>([
    ['const x = await this.any(); if (x instanceof Order && x.id) x.complete();', 'Order'],
    ['const x = await this.any(); if (x instanceof Order) { return; } else { x.complete(); }', 'Customer'],
    ['const x = await this.any(); x instanceof Order && x.complete();', 'Order'],
    ['const x = await this.any(); x instanceof Order ? undefined : x.complete();', 'Customer'],
  ])('%s', (body, expected) => {
    expect(writes(body, any)).toEqual([expected]);
  });
});
