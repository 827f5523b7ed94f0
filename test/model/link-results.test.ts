import { describe, expect, it } from 'vitest';
import { type HandlerParts, writes } from './linked.js';

/** `find` returns the shop's order in the wrapper at hand. */
const port = (type: string, beside: string): HandlerParts => ({
  given: 'private readonly own: Own',
  beside: `${beside}\nexport interface Own { find(id: string): ${type}; add(order: Order): void }`,
});

const confirms = (title: string, parts: HandlerParts, bodies: readonly string[]): void => {
  describe(title, () => {
    it.each(bodies)('%s', (body) => {
      expect(writes(body, parts)).toEqual(['Order']);
    });
  });
};

confirms(
  'a Result class of the project',
  port(
    'Promise<Result<Order>>',
    `class Result<T> {
      private constructor(readonly isSuccess: boolean, private readonly error?: string, private readonly value?: T) {}
      static ok<U>(value?: U): Result<U> { return new Result<U>(true, undefined, value); }
      static fail<U>(error: string): Result<U> { return new Result<U>(false, error); }
      static combine<U>(all: Result<U>[]): Result<U[]> { return Result.ok(all.map((r) => r.getValue())); }
      getValue(): T { return this.value!; }
      get unwrapped(): T { return this.value!; }
      map<U>(f: (value: T) => U): Result<U> { return Result.ok(f(this.getValue())); }
      flatMap<U>(f: (value: T) => Result<U>): Result<U> { return f(this.getValue()); }
      match<A, B>(ok: (value: T) => A, fail: (error: string) => B): A | B { return ok(this.getValue()); }
      tap(f: (value: T) => void): this { f(this.getValue()); return this; }
    }
    const wrapped = async <T,>(loading: Promise<T>) => Result.ok(await loading);`,
  ),
  [
    `const result = await this.own.find('1'); result.getValue().complete();`,
    `const result = await this.own.find('1'); if (!result.isSuccess) return; const order = result.getValue(); order.complete();`,
    `(await this.own.find('1')).unwrapped.complete();`,
    `(await this.own.find('1')).map((order) => order.complete());`,
    `(await this.own.find('1')).map((order) => order).map((o) => ({ o })).getValue().o.complete();`,
    `(await this.own.find('1')).flatMap((order) => Result.ok(order)).getValue().complete();`,
    `(await this.own.find('1')).match((order) => order.complete(), () => {});`,
    `(await this.own.find('1')).match((order) => order, () => null)!.complete();`,
    `(await this.own.find('1')).tap((o) => o).tap((order) => { order.complete(); });`,
    `Result.ok<Order>(new Order('1', '2')).getValue().complete();`,
    `Result.ok(new Order('1', '2')).getValue().complete();`,
    `Result.combine([await this.own.find('1'), await this.own.find('2')]).getValue()[0]!.complete();`,
    `(await wrapped(this.orders.findById('1'))).getValue()!.complete();`,
  ],
);

confirms(
  'an Either of two classes of the project',
  port(
    'Promise<Either<NotFound, Order>>',
    `class NotFound extends Error {}
    type Either<L, R> = Left<L, R> | Right<L, R>;
    class Left<L, R> { constructor(readonly value: L) {} isLeft(): this is Left<L, R> { return true; } isRight(): this is Right<L, R> { return false; } }
    class Right<L, R> { constructor(readonly value: R) {} isLeft(): this is Left<L, R> { return false; } isRight(): this is Right<L, R> { return true; } }
    const left = <L, R>(l: L): Either<L, R> => new Left<L, R>(l);
    const right = <L, R>(r: R): Either<L, R> => new Right<L, R>(r);`,
  ),
  [
    `const found = await this.own.find('1'); if (found.isLeft()) return; found.value.complete();`,
    `const found = await this.own.find('1'); if (found.isRight()) { const order = found.value; order.complete(); }`,
    `const found = await this.own.find('1'); if (found.isLeft()) throw found.value; const { value: order } = found; order.complete();`,
    `const found = right<NotFound, Order>(new Order('1', '2')); if (found.isRight()) found.value.complete();`,
    `const found = right(new Order('1', '2')); if (found.isRight()) found.value.complete();`,
  ],
);

confirms(
  'a discriminated union of the project',
  port(
    'Promise<Outcome<Order, Error>>',
    `type Outcome<T, E> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly error: E };
    const ok = <T,>(value: T): Outcome<T, never> => ({ ok: true, value });
    const isOk = <T, E>(o: Outcome<T, E>): o is { ok: true; value: T } => o.ok;
    const unwrap = <T, E>(o: Outcome<T, E>): T => { if (!o.ok) throw o.error; return o.value; };`,
  ),
  [
    `const found = await this.own.find('1'); if (!found.ok) return; found.value.complete();`,
    `const found = await this.own.find('1'); if (found.ok) found.value.complete();`,
    `const found = await this.own.find('1'); if (isOk(found)) found.value.complete();`,
    `unwrap(await this.own.find('1')).complete();`,
    `const found = ok(new Order('1', '2')); if (found.ok) found.value.complete();`,
    `const found = await this.own.find('1'); switch (found.ok) { case true: found.value.complete(); }`,
  ],
);

confirms(
  'an Option of the project',
  port(
    'Promise<Option<Order>>',
    `abstract class Option<T> {
      static of<U>(value: U | null): Option<U> { throw value; }
      abstract map<U>(f: (value: T) => U): Option<U>;
      abstract getOrElse(other: T): T;
      abstract orElseThrow(error: () => Error): T;
      abstract ifPresent(f: (value: T) => void): void;
    }
    class Some<T> extends Option<T> { constructor(readonly value: T) { super(); } map<U>(f: (value: T) => U) { return new Some(f(this.value)); } getOrElse() { return this.value; } orElseThrow() { return this.value; } ifPresent(f: (value: T) => void) { f(this.value); } }`,
  ),
  [
    `(await this.own.find('1')).ifPresent((order) => order.complete());`,
    `(await this.own.find('1')).orElseThrow(() => new Error()).complete();`,
    `(await this.own.find('1')).getOrElse(new Order('1', '2')).complete();`,
    `(await this.own.find('1')).map((order) => order.complete());`,
    `Option.of(await this.orders.findById('1')).orElseThrow(() => new Error()).complete();`,
    `new Some(new Order('1', '2')).map((o) => o).value.complete();`,
  ],
);

confirms('neverthrow, not installed', port('ResultAsync<Order, Error>', `import { ok, err, Result, ResultAsync } from 'neverthrow';`), [
  `const result = await this.own.find('1'); if (result.isErr()) return; result.value.complete();`,
  `const result = await this.own.find('1'); if (result.isOk()) { const order = result.value; order.complete(); }`,
  `(await this.own.find('1'))._unsafeUnwrap().complete();`,
  `(await this.own.find('1')).unwrapOr(new Order('1', '2')).complete();`,
  `await this.own.find('1').map((order) => { order.complete(); });`,
  `await this.own.find('1').map((order) => order).andThen((order) => { order.complete(); return ok(order); });`,
  `await this.own.find('1').andThen((order) => ok(order)).map((order) => order.complete());`,
  `await this.own.find('1').match((order) => order.complete(), (error) => error.message);`,
  `const { value: order } = (await this.own.find('1')) as any as Result<Order, Error>; order.complete();`,
  `const result = ok(new Order('1', '2')); result.value.complete();`,
  `await ResultAsync.fromPromise(this.orders.findById('1'), () => new Error()).map((order) => order!.complete());`,
  `(await this.own.find('1')).andTee((order) => order.complete());`,
]);

confirms('a promise of a neverthrow result', port('Promise<Result<Order, Error>>', `import { ok, Result } from 'neverthrow';`), [
  `const result = await this.own.find('1'); if (result.isErr()) return; result.value.complete();`,
  `(await this.own.find('1')).map((order) => order.complete());`,
  `(await this.own.find('1')).match((order) => order.complete(), () => undefined);`,
]);

confirms('oxide, not installed', port('Promise<Option<Order>>', `import { Option, Result, Some, None, Ok, Err, match } from 'oxide.ts';`), [
  `(await this.own.find('1')).unwrap().complete();`,
  `(await this.own.find('1')).expect('an order').complete();`,
  `const found = await this.own.find('1'); if (found.isNone()) return; const order = found.unwrap(); order.complete();`,
  `const found = await this.own.find('1'); if (found.isSome()) found.unwrap().complete();`,
  `Some(new Order('1', '2')).unwrap().complete();`,
]);

confirms(
  'fp-ts, not installed',
  port(
    'TE.TaskEither<Error, Order>',
    `import * as TE from 'fp-ts/TaskEither';\nimport * as E from 'fp-ts/Either';\nimport { pipe } from 'fp-ts/function';`,
  ),
  [
    `await pipe(this.own.find('1'), TE.map((order) => order.complete()))();`,
    `await pipe(this.own.find('1'), TE.chain((order) => { order.complete(); return TE.right(order); }))();`,
    `await pipe(this.own.find('1'), TE.map((order) => order), TE.tap((order) => { order.complete(); return TE.of(1); }))();`,
    `await pipe('1', (id) => this.own.find(id), TE.map((order) => order.complete()))();`,
    `await pipe(this.own.find('1'), TE.match(() => null, (order) => order.complete()))();`,
    `const found = await this.own.find('1')(); if (E.isLeft(found)) return; found.right.complete();`,
    `pipe(new Order('1', '2'), (order) => order.complete());`,
  ],
);

confirms('purify, not installed', port('Promise<Maybe<Order>>', `import { Maybe, Just, Either, EitherAsync } from 'purify-ts';`), [
  `(await this.own.find('1')).map((order) => order.complete());`,
  `(await this.own.find('1')).ifJust((order) => order.complete());`,
  `(await this.own.find('1')).chain((order) => { order.complete(); return Just(order); });`,
  `const order = (await this.own.find('1')).extract(); order?.complete();`,
  `(await this.own.find('1')).orDefault(new Order('1', '2')).complete();`,
]);

confirms(
  'effect, not installed',
  port('Effect.Effect<Order, NotFound>', `import { Effect, pipe } from 'effect';\nclass NotFound extends Error {}`),
  [
    `const order = await Effect.runPromise(this.own.find('1')); order.complete();`,
    `Effect.runSync(this.own.find('1')).complete();`,
    `await Effect.runPromise(Effect.map(this.own.find('1'), (order) => order.complete()));`,
    `await Effect.runPromise(this.own.find('1').pipe(Effect.map((order) => order.complete())));`,
    `await Effect.runPromise(pipe(this.own.find('1'), Effect.flatMap((order) => Effect.sync(() => order.complete()))));`,
    `const own = this.own; await Effect.runPromise(Effect.gen(function* () { const order = yield* own.find('1'); order.complete(); }));`,
  ],
);

describe('what carries something else', () => {
  it.each<[body: string, parts: HandlerParts]>([
    [`(await this.own.find('1')).error.complete();`, port('Promise<Result<Order, Customer>>', `import { Result } from 'neverthrow';`)],
    [
      `(await this.own.find('1')).map((order) => order.id).map((id) => id.complete());`,
      port('Promise<Result<Order>>', 'class Result<T> { value!: T; map<U>(f: (v: T) => U): Result<U> { throw f; } }'),
    ],
    [
      `(await this.own.find('1')).map((order) => order.id).map((id) => id.complete());`,
      port('Promise<Result<Order, Error>>', `import { Result } from 'neverthrow';`),
    ],
    [
      `(await this.own.find('1')).match((order) => order.id, () => '').complete();`,
      port('Promise<Result<Order, Error>>', `import { Result } from 'neverthrow';`),
    ],
  ])('%s', (body, parts) => {
    expect(writes(body, parts)).not.toContain('Order');
  });
});
