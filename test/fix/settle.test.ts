import { describe, expect, it } from 'vitest';
import type { Complaint } from '../../src/fix/judge.js';
import { type Proposal, settle } from '../../src/fix/settle.js';

interface Named extends Proposal {
  readonly id: number;
}

const proposal = (id: number): Named => ({
  id,
  names: [`field${id}`],
  patch: { edits: [{ file: `/f${id}.ts`, start: 0, end: 0, text: 'x' }] },
});
const complaint = (code: string, file = '/elsewhere.ts'): Complaint => ({ file, line: 1, text: 'TS2322: no', code });

/** A judge that complains whenever one of the bad ones is in, in words that may or may not betray it. */
function run(count: number, bad: ReadonlySet<number>, words: (id: number) => string, together?: readonly [number, number]) {
  let asked = 0;
  const all = Array.from({ length: count }, (_, id) => proposal(id));
  let last: readonly Named[] = [];
  const settled = settle(all, (some) => {
    asked++;
    last = some;
    const ids = new Set(some.map(({ id }) => id));
    const clash = together?.every((id) => ids.has(id)) ? [complaint(words(together[0]))] : [];
    return [...some.filter(({ id }) => bad.has(id)).map(({ id }) => complaint(words(id))), ...clash];
  });
  return { ...settled, asked, last, ids: (some: readonly Named[]) => some.map(({ id }) => id) };
}

describe('fixes that do not compile are dropped, the others stay', () => {
  it('asks once when all is well', () => {
    const { kept, asked } = run(50, new Set(), () => '');
    expect([kept.length, asked]).toEqual([50, 1]);
  });

  it('goes by the line that the error points at', () => {
    const { kept, dropped, asked, last, ids } = run(50, new Set([7, 30]), (id) => `this.field${id} = 1`);
    expect(dropped.map(({ proposal: { id } }) => id)).toEqual([7, 30]);
    expect(kept).toHaveLength(48);
    expect(ids(last)).toEqual(ids(kept));
    expect(asked).toBeLessThan(8);
  });

  it('finds the culprit by halves when the error says nothing', () => {
    const { kept, dropped, asked } = run(64, new Set([41]), () => 'something else');
    expect(dropped.map(({ proposal: { id } }) => id)).toEqual([41]);
    expect(kept).toHaveLength(63);
    expect(asked).toBeLessThan(24);
  });

  it('is not led astray by an error that names an innocent', () => {
    const { kept, dropped } = run(16, new Set([3]), () => 'this.field9');
    expect(dropped.map(({ proposal: { id } }) => id)).toEqual([3]);
    expect(kept).toHaveLength(15);
  });

  it('drops one of two that only clash together', () => {
    const { kept, dropped } = run(8, new Set(), () => '', [2, 5]);
    expect(dropped).toHaveLength(1);
    expect(kept).toHaveLength(7);
  });

  it('leaves the judge with nothing applied when nothing stays', () => {
    const { kept, dropped, last } = run(1, new Set([0]), () => '');
    expect([kept.length, dropped.length, last.length]).toEqual([0, 1, 0]);
  });
});
