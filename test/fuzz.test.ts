import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { DEFAULT_CONFIG } from '../src/config.js';
import { lint } from '../src/lint.js';
import { absolute } from '../src/project/paths.js';
import { FIXTURES, PROJECTS, read, sourcesIn } from './support/fixtures.js';
import { scratch } from './support/scratch.js';

/** `npm run torture` asks for more, and for another seed. */
const RUNS = Number(process.env.AGGRO_FUZZ ?? 40);
const SEED = Number(process.env.AGGRO_SEED ?? 20_261_130);
/** Far beyond what any of it takes: a hang shows, a busy machine does not. */
const LONGEST_MS = 10_000;

const cwd = absolute(scratch({ 'package.json': '{}' }), '.');
const PIECES = [
  ...[
    'class A extends A {}',
    'interface B extends B {}',
    'type C = C | C[];',
    'export * from "./a";',
    'import { x as x } from "./x";',
    'enum {',
  ],
  ...[
    '{',
    '}',
    '(',
    ')',
    '<',
    '>',
    '[',
    ']',
    '=>',
    '`${',
    '`',
    '@',
    '...',
    '??=',
    '/*',
    '*/',
    '//',
    '\u0000',
    '\uFEFF',
    '\u2028',
    '𝕏',
    "'",
    '"',
    '/',
  ],
  ...[
    'extends',
    'implements',
    'async',
    'await',
    'yield',
    'static',
    'private',
    'readonly',
    'this',
    'super',
    'new',
    'return',
    'throw',
    'satisfies',
  ],
  ...['constructor', 'AggregateRoot', 'Repository', 'save', 'findById', 'props', 'id', '/** @aggregateRoot */'],
];

type Mutation = (text: string) => string;

/** Grammar-aware where it is easy: whole tokens and lines go, come twice, or change places with others. */
const mutation: fc.Arbitrary<Mutation> = fc
  .record({
    kind: fc.constantFrom('cut', 'flip', 'insert', 'drop-line', 'repeat-line', 'swap-tokens', 'rename', 'drop-token'),
    at: fc.double({ min: 0, max: 1, noNaN: true, maxExcluded: true }),
    to: fc.double({ min: 0, max: 1, noNaN: true, maxExcluded: true }),
    piece: fc.constantFrom(...PIECES),
    byte: fc.integer({ min: 0, max: 0xffff }),
  })
  .map(({ kind, at, to, piece, byte }) => (text: string): string => {
    const place = Math.floor(at * text.length);
    const lines = text.split('\n');
    const line = Math.floor(at * lines.length);
    const tokens = text.split(/(\b)/);
    const [one, other] = [Math.floor(at * tokens.length), Math.floor(to * tokens.length)];
    const names = [...new Set(text.match(/[A-Za-z_$][\w$]*/g) ?? ['x'])];
    switch (kind) {
      case 'cut':
        return text.slice(0, place);
      case 'flip':
        return text.slice(0, place) + String.fromCharCode(byte) + text.slice(place + 1);
      case 'insert':
        return `${text.slice(0, place)} ${piece} ${text.slice(place)}`;
      case 'drop-line':
        return lines.toSpliced(line, 1).join('\n');
      case 'repeat-line':
        return lines.toSpliced(line, 0, lines[line] ?? '').join('\n');
      case 'swap-tokens':
        return tokens.map((token, i) => (i === one ? (tokens[other] ?? '') : i === other ? (tokens[one] ?? '') : token)).join('');
      case 'drop-token':
        return tokens.toSpliced(one, 1).join('');
      default:
        return text.replaceAll(names[Math.floor(at * names.length)] ?? 'x', names[Math.floor(to * names.length)] ?? 'y');
    }
  });

/** One of the shipped projects, with some of its files spoilt. */
const spoilt = fc
  .record({
    project: fc.constantFrom(...PROJECTS),
    mutations: fc.array(fc.tuple(fc.nat(), mutation), { minLength: 1, maxLength: 8 }),
  })
  .map(({ project, mutations }) => {
    const directory = join(FIXTURES, project);
    const files = sourcesIn(directory);
    const texts = new Map(files.map((file) => [file, read(directory, file)]));
    for (const [which, mutate] of mutations) {
      const file = files[which % files.length] ?? '';
      texts.set(file, mutate(texts.get(file) ?? ''));
    }
    return { project, texts };
  });

async function lintedTexts(texts: ReadonlyMap<string, string>) {
  const overlay = new Map([...texts].map(([file, text]) => [join(cwd, file), text]));
  const { violations, failures, notices, model } = await lint({ cwd, paths: [], config: DEFAULT_CONFIG, preset: 'all', overlay });
  return { violations, failures, notices, aggregates: model.aggregates.map(({ name }) => name) };
}

async function holds(texts: ReadonlyMap<string, string>): Promise<void> {
  const started = performance.now();
  const report = await lintedTexts(texts);
  const took = performance.now() - started;
  expect(report.failures).toEqual([]);
  expect(took).toBeLessThan(LONGEST_MS * Math.max(1, texts.size / 4));
  expect(JSON.stringify(await lintedTexts(texts))).toBe(JSON.stringify(report));
}

describe('whatever it is fed', () => {
  it(`it does not fail, does not take long, and says the same twice (${RUNS} spoilt projects)`, async () => {
    await fc.assert(
      fc.asyncProperty(spoilt, ({ texts }) => holds(texts)),
      { numRuns: RUNS, seed: SEED },
    );
  }, 3_600_000);

  const DEEP = 10_000;
  const nested = (open: string, close: string, inner = '1'): string =>
    `export const deep = ${open.repeat(DEEP)}${inner}${close.repeat(DEEP)};\n`;
  const many = (count: number, of: (i: number) => string): string => Array.from({ length: count }, (_, i) => of(i)).join('');
  it.each([
    ['parentheses', nested('(', ')')],
    ['arrays', nested('[', ']')],
    ['objects', nested('{ a: ', '}')],
    ['calls', nested('f(', ')')],
    ['functions', nested('() => ', '')],
    ['conditions', nested('a ? b : ', '')],
    ['sums', `export const sum = ${many(DEEP, (i) => `a${i} + `)}1;\n`],
    ['members', `export const chain = a${many(DEEP, (i) => `.b${i}()`)};\n`],
    ['blocks', `function f() ${'{'.repeat(DEEP)}${'}'.repeat(DEEP)}\n`],
    ['ifs', `function f() {${many(DEEP, (i) => `if (a === ${i}) b(); else `)} c(); }\n`],
    ['types', `type Deep = ${'Array<'.repeat(DEEP)}string${'>'.repeat(DEEP)};\n`],
    [
      'classes',
      `${many(2_000, (i) => `export class C${i} extends C${i + 1} { constructor(private readonly next: C${i + 1}) { super(); } }\n`)}export class C2000 extends C0 {}\n`,
    ],
    ['unions', `export type Huge = ${many(20_000, (i) => `'${i}' | `)}'';\nexport class Order { constructor(public status: Huge) {} }\n`],
    ['aliases', `${many(5_000, (i) => `export type T${i} = T${i + 1}[];\n`)}export type T5000 = T0;\n`],
    ['a line of a megabyte', `export const line = [${many(100_000, (i) => `"${i}", `)}];\n`],
    [
      'a class that holds itself',
      '/** @aggregateRoot */\nexport class A extends A { constructor(private a: A, private as: A[], private m: Map<A, A>) { super(); } set(a: A) { this.a = a; a.set(this.a); this.set(a); } }\n',
    ],
    ['itself imported', 'export * from "./odd";\nimport { x as y } from "./odd";\nexport { y as x };\nexport class R extends y {}\n'],
  ])(
    '%s',
    async (_, text) => {
      await holds(
        new Map([
          ['odd.ts', text],
          ['a.ts', text.replaceAll('odd', 'a')],
        ]),
      );
    },
    120_000,
  );

  it('forty functions that all call each other and a repository are followed in bounded time', async () => {
    const calls = many(40, (i) => `f${i}(repository, order); `);
    const text = `${many(40, (i) => `export function f${i}(repository: OrderRepository, order: Order) { ${calls} repository.save(order); }\n`)}
/** @aggregateRoot */ export class Order { constructor(readonly id: string) {} }
export interface OrderRepository { findById(id: string): Promise<Order>; save(order: Order): void }
export class PlaceOrderHandler { constructor(private repository: OrderRepository) {} execute(order: Order) { f0(this.repository, order); } }\n`;
    await holds(new Map([['odd.ts', text]]));
  }, 120_000);
});
