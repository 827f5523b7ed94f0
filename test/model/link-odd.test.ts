import { describe, expect, it } from 'vitest';
import { modelOf, roots, SHOP, writes } from './linked.js';

const LIMIT = 2000;

describe('odd input neither hangs nor crashes', () => {
  it.each([
    ['aliases in a circle', 'type A = B;\ntype B = A;\nexport class Cart extends AggregateRoot { a!: A; b!: B[]; }'],
    ['an alias of itself', 'type A = A | null;\nexport class Cart extends AggregateRoot { a!: A; }'],
    [
      'generic aliases in a circle',
      'type A<T> = B<T[]>;\ntype B<T> = A<T | null>;\nexport class Cart extends AggregateRoot { a!: A<string>; give() { return this.a; } }',
    ],
    [
      'a class that extends itself',
      'class A extends A {}\nexport class Cart extends AggregateRoot { a!: A; give() { return this.a.b; } }\nnew A().x();',
    ],
    [
      'classes in a circle',
      'class A extends B { x = this.y; }\nclass B extends C { y = this.z; }\nclass C extends A { z = this.x; }\nexport class Cart extends AggregateRoot { a!: A; give() { return this.a.none; } }',
    ],
    [
      'generic classes in a circle',
      'class A<T> extends B<T[]> {}\nclass B<T> extends A<Map<T, T>> {}\nexport class Cart extends AggregateRoot { a!: A<Cart>; give() { return this.a.none(); } }',
    ],
    [
      'an interface that grows',
      'interface X<T> extends X<X<T>> {}\nexport class Cart extends AggregateRoot { x!: X<Cart>; give() { return this.x.none; } }',
    ],
    [
      'an interface that grows twice',
      'interface X<T> extends X<X<T>>, X<T[]> {}\nexport class Cart extends AggregateRoot { x!: X<Cart>; give() { return this.x.none; } }',
    ],
    [
      'an interface that grows by fields',
      'interface X<T> { next: X<X<T>>; other: X<T[]> }\nexport class Cart extends AggregateRoot { x!: X<Cart>; give() { return this.x.next.other.next; } }',
    ],
    [
      'a recursive conditional type',
      'type Deep<T> = T extends Promise<infer U> ? Deep<U> : T extends (infer V)[] ? Deep<V> : { [K in keyof T]: Deep<T[K]> };\nexport class Cart extends AggregateRoot { x!: Deep<Cart>; give() { return this.x; } }',
    ],
    [
      'a type that doubles',
      'type Twice<T> = [T, T] | Twice<[T, T]>;\nexport class Cart extends AggregateRoot { x!: Twice<Twice<Cart>>; give() { return this.x; } }',
    ],
    [
      'JSON',
      'type Json = string | Json[] | { [key: string]: Json };\nexport class Cart extends AggregateRoot { x!: Json; give() { return this.x; } }',
    ],
    [
      'a self-referencing constraint',
      'abstract class Entity<T extends Entity<T>> { compare(other: T): boolean { return other.compare(other as never); } }\nclass Line extends Entity<Line> {}\nexport class Cart extends AggregateRoot { lines: Line[] = []; }',
    ],
    [
      'constraints in a circle',
      'function f<A extends B, B extends C, C extends A>(a: A): B { return f(a); }\nexport class Cart extends AggregateRoot { x = f(null); }',
    ],
    [
      'a default of itself',
      'class A<T = A<T>> { x!: T }\nexport class Cart extends AggregateRoot { a!: A; give() { return this.a.x.x.x; } }',
    ],
    [
      'promises in promises',
      `export class Cart extends AggregateRoot { async x(p: ${'Promise<'.repeat(200)}Cart${'>'.repeat(200)}) { return (await p).x(p); } }`,
    ],
    ['lists in lists', `export class Cart extends AggregateRoot { x!: Cart${'[]'.repeat(300)}; give() { return this.x[0][0]; } }`],
    [
      'a long chain',
      `export class Cart extends AggregateRoot { self(): this { return this; } x() { return this${'.self()'.repeat(500)}; } }`,
    ],
    [
      'a wide union',
      `type U = ${Array.from({ length: 600 }, (_, i) => `{ kind: '${i}'; cart: Cart }`).join(' | ')};\nexport class Cart extends AggregateRoot { u!: U; give() { return this.u.cart; } }`,
    ],
    [
      'functions that call one another',
      `${Array.from({ length: 60 }, (_, i) => `const f${i} = (x: unknown) => (x ? f${(i + 1) % 60}(x) : f${(i + 7) % 60}([x]));`).join('\n')}\nexport class Cart extends AggregateRoot { give() { return f0(this); } }`,
    ],
    [
      'generic functions that call one another',
      `${Array.from({ length: 24 }, (_, i) => `const f${i} = <T,>(x: T) => { if (x) return f${(i + 1) % 24}([x]); return f${(i + 5) % 24}({ x }); };`).join('\n')}\nexport class Cart extends AggregateRoot { give() { return f0(this); } }`,
    ],
    [
      'variables in a circle',
      'const a = b;\nconst b = c.d;\nconst c = { d: a, ...a };\nexport class Cart extends AggregateRoot { x = a; give() { return a; } }',
    ],
    [
      'a getter of itself',
      'export class Cart extends AggregateRoot { get a() { return this.b; } get b() { return this.a; } give() { return this.a; } }',
    ],
    [
      'a mixin of itself',
      'const Mixed = (B: any) => class extends Mixed(B) {};\nclass M extends Mixed(M) {}\nexport class Cart extends AggregateRoot { m!: M; give() { return this.m.none; } }',
    ],
    [
      'typeof itself',
      'const a: typeof a = a;\ntype T = typeof a;\nexport class Cart extends AggregateRoot { t!: T; give() { return a.x; } }',
    ],
    ['ReturnType of itself', 'function f(): ReturnType<typeof f> { return f(); }\nexport class Cart extends AggregateRoot { t = f(); }'],
    [
      'an index into itself',
      'interface A { a: A["b"]; b: A["a"] }\nexport class Cart extends AggregateRoot { t!: A["a"]; give() { return this.t; } }',
    ],
    [
      'merged declarations',
      'interface Box { a: Box }\ninterface Box { b: Box }\nnamespace Box { export const c: Box = null!; }\nenum E { A }\nnamespace E { export const of = (e: E) => E.A; }\nexport class Cart extends AggregateRoot { t!: Box; e = E.A; f = Box.c.a.b; }',
    ],
    [
      'names of Object.prototype',
      'interface constructor { toString: __proto__ }\ntype __proto__ = hasOwnProperty;\nexport class Cart extends AggregateRoot { t!: constructor; valueOf() { return toString.hasOwnProperty; } }',
    ],
  ])(
    '%s',
    (_what, source) => {
      const started = performance.now();
      const model = modelOf({
        'src/cart.ts': `import { AggregateRoot } from '@nestjs/cqrs';\n${source}\nexport abstract class CartRepository { abstract findById(id: string): Promise<Cart>; abstract save(cart: Cart): Promise<void> }`,
      });
      expect(roots(model)).toContain('Cart');
      expect(performance.now() - started).toBeLessThan(LIMIT);
    },
    20_000,
  );

  it('files that import one another', () => {
    const files = Object.fromEntries(
      Array.from({ length: 40 }, (_, i) => [
        `src/f${i}.ts`,
        `export * from './f${(i + 1) % 40}';\nexport * from './f${(i + 13) % 40}';\nexport const x${i} = y;\nimport { y } from './f${(i + 1) % 40}';`,
      ]),
    );
    const started = performance.now();
    modelOf({ 'src/shop.ts': SHOP, ...files });
    expect(performance.now() - started).toBeLessThan(LIMIT);
  }, 20_000);

  it('a handler that goes round in circles', () => {
    const members =
      'private async a(): Promise<void> { await this.b(); }\nprivate async b(): Promise<void> { await this.a(); (await this.orders.findById("1"))!.complete(); }';
    expect(writes('await this.a(); await this.b();', { members })).toEqual(['Order']);
  });

  it('a callback in a callback in a callback', () => {
    const depth = 9;
    const body = `${'(await this.orders.findAll()).map(async (o) => { '.repeat(depth)} o.complete(); ${'});'.repeat(depth)}`;
    const started = performance.now();
    expect(writes(body)).toEqual(['Order']);
    expect(performance.now() - started).toBeLessThan(LIMIT);
  }, 20_000);
});
