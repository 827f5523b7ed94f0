import { describe, expect, it } from 'vitest';
import { extractFacts } from '../../src/facts/extract.js';
import { draftBlocks } from '../../src/model/drafts.js';
import { insideOf, refusalFinder } from '../../src/model/invariants/refusals.js';
import { allSymbols, linkProgram } from '../../src/model/program.js';
import { expressionText } from '../../src/model/text.js';
import { adoptScopes, declarationContext, namedType, type Type } from '../../src/model/types.js';

/** `throw: a && !b` for every refusal in the method `act` of `Order`, helpers followed. */
function refusals(body: string, beside = '', members = ''): string[] {
  const text = `${beside}
    export class Order {
      status = 'open'; total = 0; items: number[] = []; limit = 3;
      ${members}
      act(given: string, amount: number) { ${body} }
    }`;
  const program = linkProgram([extractFacts('src/order.ts', text)], () => undefined);
  adoptScopes(program);
  const drafts = draftBlocks(program, [], () => false);
  const order = allSymbols(program).find((s) => s.name === 'Order');
  const act = order?.declaration.kind === 'class' ? order.declaration.members.find((m) => m.name === 'act') : undefined;
  if (!order || act?.kind !== 'method') throw new Error('no Order.act');
  const context = declarationContext(namedType(order) as Extract<Type, { k: 'named' }>);
  return refusalFinder({ model: { drafts } })(act.fn, insideOf({ fn: act.fn, context })).map(({ how, conditions, calls }) => {
    const tests = conditions.map(({ test, holds }) => (holds ? expressionText(test) : `!(${expressionText(test)})`)).join(' && ');
    return `${how}: ${tests}${calls.map((c) => ` < ${c.target.name}`).join('')}`;
  });
}

describe('what refuses in a body', () => {
  it.each([
    [`if (this.total < 0) throw new Error();`, ['throw: this.total < 0']],
    [`if (this.total < 0) { log(); throw new Error(); }`, ['throw: this.total < 0']],
    [`if (this.total >= 0) { this.total = 1; } else { throw new Error(); }`, ['throw: !(this.total >= 0)']],
    [`if (given) { if (this.total < 0) throw new Error(); }`, ['throw: given && this.total < 0']],
    [`if (this.total >= 0) return; throw new Error();`, ['throw: !(this.total >= 0)']],
    [`for (const item of this.items) { if (item < 0) throw new Error(); }`, ['throw: item < 0']],
    [`this.items.forEach((item) => { if (item < 0) throw new Error(); });`, ['throw: item < 0']],
    [`if (this.total < 0) return Result.fail('no'); return Result.ok();`, ['failure: this.total < 0']],
    [`if (this.total < 0) return err(new Negative());`, ['failure: this.total < 0']],
    [`if (this.total < 0) return left('negative');`, ['failure: this.total < 0']],
    [`if (this.total < 0) return { ok: false, error: 'negative' }; return { ok: true };`, ['failure: this.total < 0']],
    [`return this.total < 0 ? E.left('negative') : E.right(this);`, ['failure: this.total < 0']],
    [`if (this.total < 0) return new NegativeTotalError();`, ['failure: this.total < 0']],
    [`switch (this.status) { case 'open': this.total = 1; break; default: throw new Error(); }`, [`throw: !(this.status === "open")`]],
    [
      `switch (this.status) { case 'shipped': case 'lost': throw new Error(); }`,
      [`throw: this.status === "shipped" || this.status === "lost"`],
    ],
    [`assert(this.total > 0, 'positive');`, ['assertion: !(this.total > 0)']],
    [`Guard.againstNegative(amount, 'amount');`, ['assertion: !(amount)']],
    [`const guarded = Guard.check(amount); if (guarded.isFailure) return Result.fail(guarded.error);`, ['failure: guarded.isFailure']],
    [`const guarded = Guard.check(amount); if (!guarded.ok) return guarded;`, ['failure: !guarded.ok']],
    [`const open = this.status ?? raise(); function raise(): never { throw new Error(); }`, ['throw: !(this.status)']],
  ] as const)('%s', (body, expected) => {
    expect(refusals(body)).toEqual(expected);
  });

  it('follows helpers that throw', () => {
    expect(refusals(`this.assertOpen();`, '', `private assertOpen() { if (this.status !== 'open') throw new Error(); }`)).toEqual([
      `assertion: this.status !== "open" < Order.assertOpen`,
    ]);
    expect(refusals(`Checks.positive(amount);`, `class Checks { static positive(n: number) { if (n <= 0) throw new Error(); } }`)).toEqual([
      'throw: n <= 0 < Checks.positive',
    ]);
    expect(
      refusals(`if (this.total < 0) fail('negative');`, `function fail(message: string): never { throw new Error(message); }`),
    ).toEqual(['throw: this.total < 0']);
    expect(refusals(`check(this.total >= 0);`, `function check(ok: boolean): asserts ok { if (!ok) throw new Error(); }`)).toEqual([
      'assertion: !ok < check',
    ]);
  });

  it('follows helpers that return a failure', () => {
    const helper = `private open() { if (this.status !== 'open') return Result.fail('not open'); return Result.ok(); }`;
    expect(refusals(`const open = this.open(); if (open.isFailure) return open; this.total = 1;`, '', helper)).toEqual([
      `failure: this.status !== "open" < Order.open`,
    ]);
    expect(refusals(`return this.open();`, '', helper)).toEqual([`failure: this.status !== "open" < Order.open`]);
    expect(refusals(`this.open();`, '', helper)).toEqual([]);
  });

  it.each([
    `if (this.total < 0) return; this.total = 1;`,
    `throw new Error('not implemented');`,
    `try { this.total = 1; } catch (e) { if (given) throw e; }`,
    `switch (this.status) { case 'open': break; default: { const never: never = this.status; throw new Error(never); } }`,
    `switch (this.status) { case 'open': break; default: assertNever(this.status); }`,
    `this.total = this.total < 0 ? 0 : this.total;`,
  ])('refuses nothing: %s', (body) => {
    expect(refusals(body)).toEqual([]);
  });
});
