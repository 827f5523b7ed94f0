import { describe, expect, it } from 'vitest';
import { extractFacts } from '../../src/facts/extract.js';
import type {
  ClassDeclaration,
  ClassMember,
  Declaration,
  Expression,
  FileFacts,
  FunctionFacts,
  Range,
  Statement,
  TypeNode,
} from '../../src/facts/facts.js';

const facts = (source: string, file = 'src/order.ts'): FileFacts => extractFacts(file, source);

function only<T>(items: readonly T[]): T {
  const [first] = items;
  if (first === undefined || items.length !== 1) throw new Error(`expected one item, got ${items.length}`);
  return first;
}

function declared<K extends Declaration['kind']>(source: string, kind: K): Extract<Declaration, { kind: K }> {
  const found = facts(source).declarations.filter((declaration) => declaration.kind === kind);
  return only(found) as Extract<Declaration, { kind: K }>;
}

const classOf = (source: string): ClassDeclaration => declared(source, 'class');
const memberOf = (source: string): ClassMember => only(classOf(`class A { ${source} }`).members);
const typeOf = (source: string): TypeNode => declared(`type A = ${source};`, 'alias').type;

function functionOf(source: string): FunctionFacts {
  return declared(source, 'function').fn;
}

function bodyOf(source: string): readonly Statement[] {
  return functionOf(`async function* f() { ${source} }`).body ?? [];
}

const statementOf = (source: string): Statement => only(bodyOf(source));

function expressionOf(source: string, file = 'src/order.ts'): Expression {
  const statement = only(facts(`(${source});`, file).statements);
  if (statement.s !== 'expression') throw new Error(`not an expression: ${statement.s}`);
  return statement.of;
}

const name = (text: string) => ({ e: 'name', name: text });
const keyword = (text: string) => ({ t: 'keyword', name: text });
const ref = (text: string, ...args: object[]) => ({ t: 'ref', name: text, args });
const at = (source: string, range: Range) => source.slice(...range);

describe('files', () => {
  it('has no facts for an empty file', () => {
    expect(facts('')).toEqual({
      file: 'src/order.ts',
      lines: [0],
      declarationFile: false,
      errors: [],
      imports: [],
      exports: [],
      declarations: [],
      statements: [],
      ambientModules: [],
      suppressions: [],
    });
  });

  it('knows declaration files by their names', () => {
    for (const file of ['a.d.ts', 'a.d.mts', 'a.d.cts']) expect(facts('', file).declarationFile).toBe(true);
    expect(facts('interface A {}', 'a.d.ts').declarations[0]).toMatchObject({ ambient: true });
    expect(facts('', 'ad.ts').declarationFile).toBe(false);
  });

  it.each(['a.ts', 'a.mts', 'a.cts'])('reads %s as TypeScript without JSX', (file) => {
    expect(facts('const a = <string>b;', file)).toMatchObject({
      errors: [],
      declarations: [{ init: { e: 'as', type: keyword('string') } }],
    });
  });

  it.each(['a.tsx', 'a.jsx'])('reads %s with JSX', (file) => {
    expect(facts('const a = <p>{b}</p>;', file)).toMatchObject({
      errors: [],
      declarations: [{ init: { e: 'other', parts: [name('b')] } }],
    });
  });

  it('counts offsets with CRLF line ends', () => {
    const source = 'class A {\r\n  b = 1;\r\n}\r\n';
    const { lines, declarations } = facts(source);
    expect(lines).toEqual([0, 11, 21, 24]);
    const { members, span } = declarations[0] as ClassDeclaration;
    expect(at(source, only(members).at)).toBe('b');
    expect(at(source, span)).toBe(source.trimEnd());
  });

  it('keeps offsets behind a byte order mark', () => {
    const source = '\uFEFFclass A {}';
    const { errors, declarations } = facts(source);
    expect(errors).toEqual([]);
    expect(at(source, only(declarations).at)).toBe('A');
    expect(at(source, only(declarations).span)).toBe('class A {}');
  });

  it('reports syntax errors and extracts the rest', () => {
    const { errors, declarations } = facts('class A { b: ; }\nclass C { d = 1; }');
    expect(errors).toEqual([{ message: 'Type expected.', at: 13 }]);
    expect(declarations).toMatchObject([{ name: 'A' }, { name: 'C', members: [{ name: 'd' }] }]);
  });

  it('reports five syntax errors at most', () => {
    expect(facts('let = ; '.repeat(20)).errors).toHaveLength(5);
  });

  it.each([
    'class',
    'class {',
    'export default',
    'export default class',
    'import',
    'import {',
    'import x =',
    'const {',
    'const [',
    'enum',
    'function (',
    'function* ; function',
    '@',
    '@ class A {}',
    '@A',
    'type A = ;',
    'interface {',
    'namespace',
    'declare module',
    'a?.',
    'a[',
    'new',
    '`${',
    'for (',
    'for (const of',
    'switch (a) { case',
    'try {',
    '({ a',
    '({ [',
    'class A { [ }',
    'class A { constructor',
    'class A { [key] }',
    'class A extends {} ',
    'class A implements {} ',
    'let x: import(',
    '<<<<<<< a\n=======\n>>>>>>> b',
    '\0\u2028#!/',
  ])('survives %j', (source) => {
    expect(() => JSON.stringify(facts(source))).not.toThrow();
    expect(() => JSON.stringify(facts(source, 'a.tsx'))).not.toThrow();
  });
});

describe('robustness against size', () => {
  it('gives up on what is nested too deeply', () => {
    const deep = 100_000;
    const source = `class A { a = ${'['.repeat(deep)}${']'.repeat(deep)}; }\n`;
    expect(facts(source)).toMatchObject({ errors: [{ message: 'nested too deeply', at: 0 }], declarations: [], lines: [0, source.length] });
    expect(facts(source, 'a.d.ts').declarationFile).toBe(true);
  });

  it.each([
    ['parentheses', '(', ')'],
    ['arrays', '[', ']'],
    ['blocks', '() => {', '}'],
  ])('does not throw on 3,000 levels of %s', (_, open, close) => {
    expect(() => facts(`class A { a = ${open.repeat(3000)}${close.repeat(3000)}; }`)).not.toThrow();
  });

  it('extracts a sum of 20,000 operands, the first of them side by side', () => {
    const source = `const sum = first() + ${'a + '.repeat(20_000)}b;`;
    const { errors, declarations } = facts(source);
    expect(errors).toEqual([]);
    expect(declarations[0]).toMatchObject({ init: { e: 'binary', op: '+', right: name('b'), at: [12, source.length - 1] } });
    const operands = JSON.stringify(declarations).match(/"name":"(?:first|a|b)"/g);
    expect(operands).toHaveLength(20_002);
  });

  it('extracts a chain of 20,000 calls', () => {
    const source = `const chain = a${'.b()'.repeat(20_000)};`;
    const { errors, declarations } = facts(source);
    expect(errors).toEqual([]);
    expect(declarations[0]).toMatchObject({ init: { e: 'call', callee: { e: 'member', name: 'b' }, at: [14, source.length - 1] } });
    expect(JSON.stringify(declarations).match(/"name":"b"/g)).toHaveLength(20_000);
  });

  it.each([
    ['arrows', `x = ${'() => '.repeat(600)}1;`],
    ['branches', `if (a) b;${' else if (a) b;'.repeat(600)}`],
    ['array types', `type A = B${'[]'.repeat(600)};`],
  ])('gives up on 600 levels of %s, which would overflow whoever walks them', (_, source) => {
    expect(facts(source).errors).toMatchObject([{ message: 'nested too deeply' }]);
  });

  it('is plain data that survives JSON', () => {
    const source = `
      import a, { b } from 'c';
      /** @aggregateRoot Order */
      @Entity({ name: 'orders' })
      export class Order extends Base<Props> implements Root {
        readonly #lines: Line[] = [];
        constructor(private readonly id: OrderId, ...rest: [number, string?]) { super(); }
        add({ x, ...y }: Line, z = 1): asserts y is Line { for (const l of this.#lines) { if (!l) throw new Error(\`\${l}\`); } }
      }
      export type T = { [K in keyof A]?: A[K] } | (() => void);
      export const { p: [q], r = 2 } = f();
      enum E { A, B = 'b', C = 1 << 2 }
    `;
    const extracted = facts(source);
    expect(JSON.parse(JSON.stringify(extracted))).toStrictEqual(extracted);
  });
});

describe('imports', () => {
  it.each([
    ["import 'a'", [{ local: '', from: 'a', name: '', typeOnly: false }]],
    ["import a from 'm'", [{ local: 'a', from: 'm', name: 'default', typeOnly: false }]],
    ["import * as a from 'm'", [{ local: 'a', from: 'm', name: '*', typeOnly: false }]],
    ["import type { a } from 'm'", [{ local: 'a', from: 'm', name: 'a', typeOnly: true }]],
    ["import a = require('m')", [{ local: 'a', from: 'm', name: '=', typeOnly: false }]],
    ["import type a = require('m')", [{ local: 'a', from: 'm', name: '=', typeOnly: true }]],
    [
      "import a, { b, c as d, type e, default as f } from 'm'",
      [
        { local: 'a', name: 'default' },
        { local: 'b', name: 'b', typeOnly: false },
        { local: 'd', name: 'c', typeOnly: false },
        { local: 'e', name: 'e', typeOnly: true },
        { local: 'f', name: 'default', typeOnly: false },
      ],
    ],
  ])('%s', (source, expected) => {
    expect(facts(source).imports).toMatchObject(expected);
  });

  it('places an import at its specifier', () => {
    const source = "import a, { b as c } from 'm';";
    expect(facts(source).imports.map((entry) => at(source, entry.at))).toEqual(['a', 'b as c']);
  });
});

describe('exports', () => {
  it.each([
    ['export class A {}', [{ kind: 'local', name: 'A', local: 'A' }]],
    ['export default class A {}', [{ kind: 'local', name: 'default', local: 'A' }]],
    ['export default class {}', [{ kind: 'local', name: 'default', local: 'default' }]],
    ['export default function () {}', [{ kind: 'local', name: 'default', local: 'default' }]],
    ['export default interface A {}', [{ kind: 'local', name: 'default', local: 'A' }]],
    ['export default a', [{ kind: 'local', name: 'default', local: 'a' }]],
    ['export default (a)', [{ kind: 'local', name: 'default', local: 'a' }]],
    ['export = a', [{ kind: 'local', name: '=', local: 'a' }]],
    ['export import a = require("m")', [{ kind: 'local', name: 'a', local: 'a' }]],
    ["export * from 'm'", [{ kind: 'star', from: 'm' }]],
    ["export * as a from 'm'", [{ kind: 'from', name: 'a', imported: '*', from: 'm' }]],
    [
      "export { a, b as c } from 'm'",
      [
        { kind: 'from', name: 'a', imported: 'a', from: 'm' },
        { kind: 'from', name: 'c', imported: 'b', from: 'm' },
      ],
    ],
    [
      'export { a, b as c, d as default }',
      [
        { kind: 'local', name: 'a', local: 'a' },
        { kind: 'local', name: 'c', local: 'b' },
        { kind: 'local', name: 'default', local: 'd' },
      ],
    ],
    [
      'export const a = 1, { b } = c',
      [
        { kind: 'local', name: 'a', local: 'a' },
        { kind: 'local', name: 'b', local: 'b' },
      ],
    ],
    ['export function a(): void; export function a() {}', [{ kind: 'local', name: 'a', local: 'a' }]],
    ['namespace A { export class B {} }', []],
    ['export {}', []],
  ])('%s', (source, expected) => {
    expect(facts(source).exports).toEqual(expected);
  });

  it('declares a variable for an expression exported by default', () => {
    const source = 'export default defineConfig({});';
    const { declarations, exports } = facts(source);
    expect(exports).toEqual([{ kind: 'local', name: 'default', local: 'default' }]);
    expect(declarations).toMatchObject([{ kind: 'variable', name: 'default', exported: true, init: { e: 'call' } }]);
    expect(at(source, only(declarations).at)).toBe('export');
  });

  it('marks a declaration exported elsewhere in the file', () => {
    const { declarations } = facts('class A {} class B {} class C {} export { A as X }; export default B;');
    expect(declarations.map(({ name, exported }) => [name, exported])).toEqual([
      ['A', true],
      ['B', true],
      ['C', false],
    ]);
  });
});

describe('declarations', () => {
  it('places a declaration at its name, an anonymous one at its first keyword', () => {
    const source = '/** Doc. */\n@A() export abstract class B {}\nexport default class {}';
    const { declarations } = facts(source);
    expect(declarations.map((declaration) => [at(source, declaration.at), at(source, declaration.span)])).toEqual([
      ['B', '@A() export abstract class B {}'],
      ['export', 'export default class {}'],
    ]);
  });

  it('reads the tags of the JSDoc comment right before', () => {
    const source = '/** @module x */\n/**\n * An order.\n * @aggregateRoot Order\n * @owned\n */\nexport class Order {}';
    const { tags } = classOf(source);
    expect(tags).toMatchObject([
      { name: 'aggregateRoot', text: 'Order' },
      { name: 'owned', text: '' },
    ]);
    expect(tags.map((tag) => at(source, tag.at))).toEqual(['@aggregateRoot Order', '@owned']);
  });

  it('keeps the text of links in tags', () => {
    const source = '/** @valueObject as in {@link Money.of money} and\n * more\n * @see {@link Order} */\nclass A {}';
    expect(classOf(source).tags).toMatchObject([
      { name: 'valueObject', text: 'as in {@link Money.of money} and\nmore' },
      { name: 'see', text: '{@link Order}' },
    ]);
  });

  it.each([
    'interface A {}',
    'type A = B',
    'enum A {}',
    'const A = 1',
    'export const A = 1',
    'function A() {}',
    'namespace A {}',
    'export default {}',
    '@B() class A {}',
  ])('reads tags of: %s', (source) => {
    expect(only(facts(`/** @valueObject */ ${source}`).declarations).tags).toMatchObject([{ name: 'valueObject', text: '' }]);
  });

  it('reads interfaces', () => {
    expect(declared('export interface A<T extends B = C> extends D<T>, e.F { g: T }', 'interface')).toMatchObject({
      exported: true,
      typeParameters: [{ name: 'T', constraint: ref('B'), default: ref('C') }],
      extends: [ref('D', ref('T')), ref('e.F')],
      members: [{ kind: 'property', name: 'g' }],
    });
  });

  it('reads enums with the values that are known', () => {
    const { members } = declared("declare const enum A { B, C, D = 5, E, F = 'f', 'G-H' = -1, I, J = 1 << 2, K }", 'enum');
    expect(members.map(({ name, value }) => [name, value])).toEqual([
      ['B', 0],
      ['C', 1],
      ['D', 5],
      ['E', 6],
      ['F', 'f'],
      ['G-H', -1],
      ['I', 0],
      ['J', undefined],
      ['K', undefined],
    ]);
  });

  it('reads variables, one a name', () => {
    const source = 'export const a: A = 1, { b, c: [d, ...e] } = f; let g; declare var h: H;';
    const { declarations } = facts(source);
    expect(declarations).toMatchObject([
      { name: 'a', constant: true, exported: true, type: ref('A'), init: { value: 1 } },
      { name: 'b', constant: true, exported: true, init: name('f'), pattern: { p: 'object' } },
      { name: 'd', init: name('f'), pattern: { p: 'object' } },
      { name: 'e', init: name('f'), pattern: { p: 'object' } },
      { name: 'g', constant: false, exported: false },
      { name: 'h', constant: false, ambient: true, type: ref('H') },
    ]);
    expect(declarations[0]).not.toHaveProperty('pattern');
    expect(declarations[4]).not.toHaveProperty('init');
    expect(declarations.map((declaration) => at(source, declaration.at))).toEqual(['a', 'b', 'd', 'e', 'g', 'h']);
  });

  it('merges the overloads of a function', () => {
    const source =
      'export function a(b: string): B; export function a(b: number): C; export function a(b: any) { return b; } function c() {}';
    const { declarations } = facts(source);
    expect(declarations).toMatchObject([
      { name: 'a', exported: true, fn: { parameters: [{ type: keyword('any') }], body: [{ s: 'return' }] } },
      { name: 'c' },
    ]);
  });

  it('keeps the first signature of an ambient function', () => {
    const { declarations } = facts('declare function a(b: string): B; declare function a(): C; declare function d(): void;');
    expect(declarations).toMatchObject([{ name: 'a', ambient: true, fn: { returns: ref('B') } }, { name: 'd' }]);
    expect(declarations[0]).not.toHaveProperty('fn.body');
  });

  it('nests namespaces', () => {
    expect(facts('export namespace A.B { export class C {} class D {} run(); import e = F.G; }').declarations).toMatchObject([
      {
        kind: 'namespace',
        name: 'A',
        exported: true,
        body: [
          {
            kind: 'namespace',
            name: 'B',
            exported: true,
            body: [
              { name: 'C', exported: true },
              { name: 'D', exported: false },
              { kind: 'variable', name: 'e', init: { e: 'member', of: name('F'), name: 'G' } },
            ],
            statements: [{ s: 'expression', of: { e: 'call' } }],
          },
        ],
      },
    ]);
  });

  it('takes everything in an ambient namespace for exported', () => {
    expect(facts('declare namespace A { class B {} }').declarations).toMatchObject([
      { ambient: true, body: [{ ambient: true, exported: true }] },
    ]);
  });

  it('emits global declarations, not those of ambient modules', () => {
    const { declarations, ambientModules, exports } = facts(
      "declare global { interface A {} } declare module 'x' { class B {} } declare module 'y'; declare module './z' { interface C {} } export {};",
    );
    expect(declarations).toMatchObject([{ kind: 'interface', name: 'A', ambient: true }]);
    expect(ambientModules).toEqual(['x', 'y']);
    expect(exports).toEqual([]);
  });

  it('reads an import alias as a variable', () => {
    expect(facts('export import a = b.c.d;')).toMatchObject({
      declarations: [
        { kind: 'variable', name: 'a', constant: true, exported: true, init: { e: 'member', of: { e: 'member', name: 'c' }, name: 'd' } },
      ],
      exports: [{ name: 'a', local: 'a' }],
    });
  });

  it('keeps statements that run apart from declarations', () => {
    expect(facts("const a = 1; 'use strict'; run(a); if (a) { b = 2; }").statements).toMatchObject([
      { of: { value: 'use strict' } },
      { of: { e: 'call' } },
      { s: 'if' },
    ]);
  });
});

describe('classes', () => {
  it('reads heritage', () => {
    expect(classOf('abstract class A<T> extends lib.Base<T> implements B, c.D<T> {}')).toMatchObject({
      abstract: true,
      typeParameters: [{ name: 'T' }],
      extends: { expression: { e: 'member', name: 'Base' }, args: [ref('T')] },
      implements: [ref('B'), ref('c.D', ref('T'))],
    });
    expect(classOf('class A extends Mixin(Base) {}').extends).toMatchObject({ expression: { e: 'call', callee: name('Mixin') }, args: [] });
    expect(classOf('class A {}')).not.toHaveProperty('extends');
  });

  it.each([
    ['@A class X {}', { name: 'A', typeArgs: [] }],
    ['@A() class X {}', { name: 'A', args: [] }],
    ['@a.B({ c: 1 }) class X {}', { name: 'a.B', args: [{ e: 'object' }] }],
    ['@A<T>(1) export class X {}', { name: 'A', args: [{ value: 1 }], typeArgs: [ref('T')] }],
    ['export @A() class X {}', { name: 'A', args: [] }],
    ['@(A()) class X {}', { name: 'A', args: [] }],
    ['@A()() class X {}', { name: 'A', args: [] }],
  ])('reads the decorator of %s', (source, expected) => {
    expect(classOf(source).decorators).toMatchObject([expected]);
  });

  it('tells a called decorator from one that is not', () => {
    const source = '@A class X { @B() b; constructor(@C() c) {} }';
    const { decorators, members } = classOf(source);
    expect(only(decorators)).not.toHaveProperty('args');
    expect(at(source, only(decorators).at)).toBe('@A');
    expect(members).toMatchObject([{ decorators: [{ name: 'B' }] }, { fn: { parameters: [{ decorators: [{ name: 'C' }] }] } }]);
  });

  it.each([
    [
      'a: B',
      {
        kind: 'property',
        name: 'a',
        visibility: 'public',
        static: false,
        readonly: false,
        optional: false,
        declare: false,
        type: ref('B'),
      },
    ],
    ['private static readonly a = 1', { visibility: 'private', static: true, readonly: true, init: { value: 1 } }],
    ['protected a?: B', { visibility: 'protected', optional: true }],
    ['declare a: B', { declare: true }],
    ['a!: B', { name: 'a', optional: false }],
    ['abstract a: B', { abstract: true }],
    ['accessor a = 1', { kind: 'property', name: 'a' }],
    ['#a = 1', { name: '#a', visibility: 'private' }],
    ["'a-b' = 1", { name: 'a-b', computed: false }],
    ["['a'] = 1", { name: 'a', computed: false }],
    ['1 = 1', { name: '1', computed: false }],
    ['[Symbol.iterator]() {}', { kind: 'method', name: '[Symbol.iterator]', computed: true }],
    ['async *a() {}', { kind: 'method', fn: { async: true, generator: true, arrow: false, body: [] } }],
    ['a?(): void', { kind: 'method', optional: true }],
    ['get a(): B { return b; }', { kind: 'get', name: 'a', fn: { returns: ref('B'), body: [{ s: 'return' }] } }],
    [
      'static set #a(b) {}',
      { kind: 'set', name: '#a', static: true, visibility: 'private', fn: { parameters: [{ pattern: { name: 'b' } }] } },
    ],
    ['private constructor() {}', { kind: 'constructor', name: 'constructor', visibility: 'private', fn: { body: [] } }],
    ['[key: string]: B', { kind: 'index', name: '[key]', computed: true, key: keyword('string'), type: ref('B') }],
    ['static { run(); }', { kind: 'static-block', static: true, body: [{ s: 'expression' }] }],
    ['\n/** @event A */ a() {}', { tags: [{ name: 'event', text: 'A' }] }],
    ['a = () => b', { kind: 'property', init: { e: 'function', fn: { arrow: true, body: [{ s: 'return', of: name('b') }] } } }],
  ])('reads the member %s', (source, expected) => {
    expect(memberOf(source)).toMatchObject(expected);
  });

  it('places members at their names', () => {
    const source = 'class A { @B() private c(): void {} protected constructor() {} static { } ["d"] = 1; ; }';
    const { members } = classOf(source);
    expect(members.map((member) => at(source, member.at))).toEqual(['c', 'constructor', 'static', '["d"]']);
    expect(members.map((member) => at(source, member.span))).toEqual([
      '@B() private c(): void {}',
      'protected constructor() {}',
      'static { }',
      '["d"] = 1;',
    ]);
  });

  it('tells the overloads that callers see from the implementation', () => {
    const source = 'class A { constructor(); constructor(a?) {} b(c: C): D; b(c: any) { return c; } static b() {} e(): void; f() {} }';
    const { members } = classOf(source);
    expect(members).toMatchObject([
      { kind: 'constructor', overloads: [{ parameters: [] }], fn: { parameters: [{}], body: [] } },
      { kind: 'method', name: 'b', static: false, overloads: [{ returns: ref('D') }], fn: { body: [{}] } },
      { kind: 'method', name: 'b', static: true, overloads: [], fn: { body: [] } },
      { name: 'e', overloads: [], fn: { returns: keyword('void') } },
      { name: 'f' },
    ]);
  });

  it('takes the first of several signatures without a body', () => {
    expect(only(classOf('declare class A { b(): C; b(): D; }').members)).toMatchObject({
      overloads: [{ returns: ref('C') }, { returns: ref('D') }],
      fn: { returns: ref('C') },
    });
  });
});

describe('functions', () => {
  it('reads parameters', () => {
    expect(functionOf('function f(this: A, b?: B, { c, d: e = 1 }: C = {}, [g, , h]: D, ...i: E[]) {}').parameters).toMatchObject([
      { pattern: { p: 'name', name: 'this' }, type: ref('A'), optional: false, rest: false },
      { pattern: { name: 'b' }, optional: true },
      {
        pattern: {
          p: 'object',
          entries: [
            { key: 'c', value: { name: 'c' } },
            { key: 'd', value: { name: 'e' }, init: { value: 1 } },
          ],
        },
        init: { e: 'object', entries: [] },
      },
      { pattern: { p: 'array', elements: [{ value: { name: 'g' } }, undefined, { value: { name: 'h' } }] } },
      { pattern: { name: 'i' }, rest: true, type: { t: 'array', of: ref('E') } },
    ]);
  });

  it('reads rest patterns and string keys', () => {
    expect(functionOf("function f({ 'a-b': c, [d]: e, ...g }, [h, ...[i]]) {}").parameters).toMatchObject([
      { pattern: { entries: [{ key: 'a-b' }, { key: '[d]' }], rest: { name: 'g' } } },
      { pattern: { elements: [{ value: { name: 'h' } }], rest: { p: 'array', elements: [{ value: { name: 'i' } }] } } },
    ]);
  });

  it('knows parameter properties', () => {
    expect(memberOf('constructor(private readonly a: A, readonly b, protected c = 1, d, override e) {}')).toMatchObject({
      fn: {
        parameters: [
          { property: { visibility: 'private', readonly: true } },
          { property: { visibility: 'public', readonly: true } },
          { property: { visibility: 'protected', readonly: false }, init: { value: 1 } },
          { pattern: { name: 'd' } },
          { property: { visibility: 'public', readonly: false } },
        ],
      },
    });
    expect(memberOf('constructor(d) {}')).not.toHaveProperty('fn.parameters.0.property');
  });

  it('reads type predicates', () => {
    expect(functionOf('function f(a): a is B {}')).toMatchObject({
      returns: keyword('boolean'),
      predicate: { parameter: 'a', asserts: false, type: ref('B') },
    });
    expect(functionOf('function f(a): asserts a {}').predicate).toEqual({ parameter: 'a', asserts: true });
    expect(memberOf('f(): this is B {}')).toMatchObject({ fn: { predicate: { parameter: 'this' } } });
  });

  it('names a named function expression only', () => {
    expect(expressionOf('function a<T>() {}')).toMatchObject({ fn: { name: 'a', typeParameters: [{ name: 'T' }] } });
    expect(expressionOf('function* () {}')).toMatchObject({ fn: { generator: true } });
    expect(functionOf('function a() {}')).not.toHaveProperty('name');
  });

  it('reads arrows', () => {
    expect(expressionOf('async a => ({ b })')).toMatchObject({
      e: 'function',
      fn: { async: true, arrow: true, parameters: [{ pattern: { name: 'a' } }], body: [{ s: 'return', of: { e: 'object' } }] },
    });
  });
});

describe('types', () => {
  it.each<[source: string, expected: object]>([
    ...'string number boolean bigint symbol any unknown never void null undefined object this'
      .split(' ')
      .map((text) => [text, keyword(text)] as [string, object]),
    ['Array<A>', ref('Array', ref('A'))],
    ['a.B.C<D>', ref('a.B.C', ref('D'))],
    ["'a'", { t: 'literal', value: 'a' }],
    ['`a`', { t: 'literal', value: 'a' }],
    ['-1', { t: 'literal', value: -1 }],
    ['0x10', { t: 'literal', value: 16 }],
    ['true', { t: 'literal', value: true }],
    ['1n', { t: 'other' }],
    ['A[]', { t: 'array', of: ref('A') }],
    ['(A | B)[]', { t: 'array', of: { t: 'union', of: [ref('A'), ref('B')] } }],
    ['[A, B?, ...C[]]', { t: 'tuple', of: [ref('A'), ref('B'), { t: 'array', of: ref('C') }] }],
    ['[a: A, b?: B, ...c: C[]]', { t: 'tuple', of: [ref('A'), ref('B'), { t: 'array', of: ref('C') }] }],
    ['A & B', { t: 'intersection', of: [ref('A'), ref('B')] }],
    ['(a: A) => B', { t: 'function', constructs: false, fn: { parameters: [{ type: ref('A') }], returns: ref('B') } }],
    ['(a) => a is B', { fn: { returns: keyword('boolean'), predicate: { type: ref('B') } } }],
    ['abstract new () => B', { t: 'function', constructs: true }],
    ['readonly A[]', { t: 'readonly', of: { t: 'array' } }],
    ['keyof A', { t: 'keyof', of: ref('A') }],
    ['unique symbol', keyword('symbol')],
    ["A['b']", { t: 'indexed', of: ref('A'), by: { value: 'b' } }],
    ['typeof a.b', { t: 'typeof', name: 'a.b' }],
    [
      '{ readonly [K in keyof A as B]?: C }',
      { t: 'mapped', parameter: 'K', over: { t: 'keyof' }, as: ref('B'), to: ref('C'), readonly: true },
    ],
    ['{ -readonly [K in A]: C }', { t: 'mapped', readonly: false }],
    ['A extends infer B ? C : D', { t: 'conditional', check: ref('A'), extends: { t: 'infer', name: 'B' }, yes: ref('C'), no: ref('D') }],
    ["import('a').B.C<D>", { t: 'import', from: 'a', name: 'B.C', args: [ref('D')] }],
    ["import('a')", { t: 'import', from: 'a', name: '', args: [] }],
    [`\`a\${B}\``, { t: 'other' }],
  ])('%s', (source, expected) => {
    expect(typeOf(source)).toMatchObject(expected);
  });

  it('reads members of object types', () => {
    const source = `{
      /** @id */ readonly a?: A; b(): B; b(c: C): D; get e(): E; set e(f: F); [key: string]: G; (): H; new (): I; [Symbol.x]: J; 'k-l': K
    }`;
    expect(typeOf(source)).toMatchObject({
      t: 'object',
      members: [
        { kind: 'property', name: 'a', optional: true, readonly: true, type: ref('A'), tags: [{ name: 'id' }] },
        { kind: 'method', name: 'b', fn: { returns: ref('B') } },
        { kind: 'method', name: 'b', fn: { returns: ref('D') } },
        { kind: 'get', name: 'e' },
        { kind: 'set', name: 'e' },
        { kind: 'index', name: '[key]', key: keyword('string'), type: ref('G'), readonly: false },
        { kind: 'method', name: '()', fn: { returns: ref('H') } },
        { kind: 'method', name: 'new', fn: { returns: ref('I') } },
        { kind: 'property', name: '[Symbol.x]', computed: true },
        { kind: 'property', name: 'k-l', computed: false },
      ],
    });
  });

  it('places a reference with its arguments', () => {
    const source = 'type A =  /* b */ B<C>;';
    const type = declared(source, 'alias').type;
    expect(type.t === 'ref' && at(source, type.at)).toBe('B<C>');
  });
});

describe('expressions', () => {
  it.each([
    ['a', name('a')],
    ['this', { e: 'this' }],
    ['((a))', name('a')],
    ['a!', name('a')],
    ['a satisfies B', name('a')],
    ['a<B>', name('a')],
    ['a.b', { e: 'member', of: name('a'), name: 'b' }],
    ['a?.b', { e: 'member', optional: true }],
    ["a['b']", { e: 'member', of: name('a'), name: 'b' }],
    ["a?.['b']", { e: 'member', name: 'b', optional: true }],
    ['a.#b', { e: 'member', name: '#b' }],
    ['a[0]', { e: 'index', of: name('a'), by: { value: 0 } }],
    ['a<B>(c, ...d)', { e: 'call', callee: name('a'), args: [name('c'), { e: 'spread', of: name('d') }], typeArgs: [ref('B')] }],
    ['a?.(b)', { e: 'call', optional: true }],
    ["import('a')", { e: 'call', callee: name('import'), args: [{ value: 'a' }] }],
    ['import.meta', { e: 'other', parts: [] }],
    ['new A.B<C>(d)', { e: 'new', callee: { e: 'member', name: 'B' }, args: [name('d')], typeArgs: [ref('C')] }],
    ['new A', { e: 'new', args: [] }],
    ['await a', { e: 'await', of: name('a') }],
    ['class B extends C {}', { e: 'class', declaration: { name: 'B', exported: false } }],
    ['class {}', { e: 'class', declaration: { name: '' } }],
    ['[a, , ...b]', { e: 'array', elements: [name('a'), undefined, { e: 'spread' }] }],
    ['a + b * c', { e: 'binary', op: '+', left: name('a'), right: { e: 'binary', op: '*' } }],
    ['a + b + c', { e: 'binary', left: { e: 'binary', left: name('a'), right: name('b') }, right: name('c') }],
    ['a ?? b', { op: '??' }],
    ['a instanceof B', { op: 'instanceof' }],
    ['a, b', { e: 'binary', op: ',' }],
    ['a = b = c', { e: 'assign', op: '=', target: name('a'), value: { e: 'assign' } }],
    ['a.b ??= c', { e: 'assign', op: '??=', target: { e: 'member' } }],
    ['a ||= c', { e: 'assign', op: '||=' }],
    ['a &&= c', { e: 'assign', op: '&&=' }],
    ['a >>>= c', { e: 'assign', op: '>>>=' }],
    ['{ a, b: [c] } = d', { e: 'assign', target: { e: 'object', entries: [{ shorthand: true }, { value: { e: 'array' } }] } }],
    [
      '{ a = 1 } = d',
      { target: { entries: [{ name: 'a', shorthand: true, value: { e: 'assign', target: name('a'), value: { value: 1 } } }] } },
    ],
    ['!a', { e: 'unary', op: '!', of: name('a') }],
    ['typeof a', { e: 'unary', op: 'typeof' }],
    ['void a', { e: 'unary', op: 'void' }],
    ['delete a.b', { e: 'unary', op: 'delete' }],
    ['++a', { e: 'update', op: '++', of: name('a') }],
    ['a.b--', { e: 'update', op: '--', of: { e: 'member' } }],
    ['a ? b : c', { e: 'conditional', test: name('a'), yes: name('b'), no: name('c') }],
    ["'a'", { e: 'literal', value: 'a' }],
    ['`a`', { e: 'literal', value: 'a' }],
    ['1_000', { e: 'literal', value: 1000 }],
    ['true', { e: 'literal', value: true }],
    ['null', { e: 'literal', value: null }],
    ['1n', { e: 'literal', value: undefined }],
    ['/a/g', { e: 'literal', value: undefined, regex: true }],
    [`\`a\${b}c\${d}\``, { e: 'template', parts: [name('b'), name('d')] }],
    [`sql.raw\`a\${b}\``, { e: 'template', parts: [name('b')], tag: { e: 'member', name: 'raw' } }],
    ['a as B', { e: 'as', of: name('a'), type: ref('B') }],
    ['<B>a', { e: 'as', of: name('a'), type: ref('B') }],
    ['a as const', { e: 'as', of: name('a'), type: ref('const') }],
    ['#a in b', { e: 'binary', op: 'in', left: name('#a') }],
  ])('%s', (source, expected) => {
    expect(expressionOf(source)).toMatchObject(expected);
  });

  it('reads super, yield and new.target', () => {
    expect(bodyOf('yield; yield* super.a; new.target;')).toMatchObject([
      { of: { e: 'yield' } },
      { of: { e: 'yield', of: { e: 'member', of: { e: 'super' } } } },
      { of: { e: 'other', parts: [] } },
    ]);
  });

  it('cuts long strings', () => {
    expect(expressionOf(`'${'a'.repeat(300)}'`)).toMatchObject({ value: 'a'.repeat(200) });
  });

  it('reads object literals', () => {
    expect(
      expressionOf("{ a: 1, 'b-c': 2, ['d']: 3, [e]: 4, f, ...g, h() {}, get i() { return 1; }, set i(j) {}, async *[k]() {} }"),
    ).toMatchObject({
      entries: [
        { o: 'property', name: 'a', value: { value: 1 } },
        { o: 'property', name: 'b-c' },
        { o: 'property', name: 'd' },
        { o: 'computed', key: name('e'), value: { value: 4 } },
        { o: 'property', name: 'f', shorthand: true, value: name('f') },
        { o: 'spread', of: name('g') },
        { o: 'method', name: 'h', fn: { body: [] } },
        { o: 'get', name: 'i' },
        { o: 'set', name: 'i' },
        { o: 'computed', key: name('k'), value: { e: 'function', fn: { async: true, generator: true } } },
      ],
    });
  });

  it('looks into JSX', () => {
    const source = '<A.B c={d} e="f" {...g} h=<i/>>text {j} {/* k */}<L m={n}/><>{o}</></A.B>';
    expect(expressionOf(source, 'a.tsx')).toMatchObject({
      e: 'other',
      parts: [
        name('d'),
        { value: 'f' },
        name('g'),
        { e: 'other', parts: [] },
        name('j'),
        { e: 'other', parts: [name('n')] },
        { e: 'other', parts: [name('o')] },
      ],
    });
  });

  it('places expressions in chains with parentheses and comments', () => {
    const source = 'x = ( (a).b! /* c */ . d( e ) as F ) + g;';
    const seen: string[] = [];
    JSON.stringify(facts(source).statements, (key, value) => {
      if (key === 'at' || key === 'nameAt') seen.push(at(source, value));
      return value;
    });
    expect(new Set(seen)).toEqual(
      new Set([
        'x',
        'x = ( (a).b! /* c */ . d( e ) as F ) + g',
        '( (a).b! /* c */ . d( e ) as F ) + g',
        '(a).b! /* c */ . d( e ) as F',
        '(a).b! /* c */ . d( e )',
        '(a).b! /* c */ . d',
        '(a).b',
        'a',
        'b',
        'd',
        'e',
        'F',
        'g',
      ]),
    );
  });
});

describe('statements', () => {
  it.each([
    ['a;', { s: 'expression', of: name('a') }],
    [
      'const a: A = 1, [b] = c;',
      { s: 'variables', constant: true, declarations: [{ pattern: { name: 'a' }, type: ref('A') }, { pattern: { p: 'array' } }] },
    ],
    ['let a;', { s: 'variables', constant: false }],
    ['await using a = b;', { s: 'variables', constant: true }],
    ['if (a) b; else if (c) { d; } else e;', { s: 'if', yes: [{}], no: [{ s: 'if', yes: [{}], no: [{ of: name('e') }] }] }],
    ['return;', { s: 'return' }],
    ['return a;', { s: 'return', of: name('a') }],
    ['throw a;', { s: 'throw', of: name('a') }],
    ['for (let i = 0; i < 9; i++) a;', { s: 'loop', init: { s: 'variables' }, test: { e: 'binary' }, update: { e: 'update' }, body: [{}] }],
    ['for (i = 0;;) {}', { s: 'loop', init: { s: 'expression' }, body: [] }],
    ['while (a) b;', { s: 'loop', test: name('a'), body: [{}] }],
    ['do { a; } while (b);', { s: 'loop', atLeastOnce: true, test: name('b'), body: [{}] }],
    ['for (const [a] of b) c;', { s: 'each', over: 'of', pattern: { p: 'array' }, of: name('b'), body: [{}] }],
    ['for await (const a of b) c;', { s: 'each', await: true }],
    ['for (a.b in c) d;', { s: 'each', over: 'in', target: { e: 'member' } }],
    ['try { a; } catch ({ b }) { c; } finally { d; }', { s: 'try', body: [{}], parameter: { p: 'object' }, catch: [{}], finally: [{}] }],
    [
      'switch (a) { case 1: case 2: b; break; default: c; }',
      { cases: [{ test: { value: 1 }, body: [] }, { body: [{}, { s: 'break' }] }, { body: [{}] }] },
    ],
    ['{ a; }', { s: 'block', body: [{}] }],
    ['outer: inner: while (a) { continue outer; }', { s: 'loop', body: [{ s: 'continue', label: 'outer' }] }],
    ['class A {}', { s: 'declaration', of: { kind: 'class', name: 'A' } }],
    ['function a(): void; function a() {}', { s: 'declaration', of: { kind: 'function', name: 'a', fn: { body: [] } } }],
    ['interface A {}', { s: 'declaration', of: { kind: 'interface' } }],
    ['type A = B;', { s: 'declaration', of: { kind: 'alias' } }],
    ['enum A {}', { s: 'declaration', of: { kind: 'enum' } }],
  ])('%s', (source, expected) => {
    expect(statementOf(source)).toMatchObject(expected);
  });

  it('leaves out what is absent', () => {
    expect(statementOf('try {} catch {}')).not.toHaveProperty('parameter');
    expect(statementOf('try {} finally {}')).not.toHaveProperty('catch');
    expect(statementOf('if (a) b;')).not.toHaveProperty('no');
    expect(statementOf('switch (a) { default: }')).not.toHaveProperty('cases.0.test');
  });

  it('skips what has no role', () => {
    expect(bodyOf('; debugger; with (a) { b; } empty: ;')).toEqual([]);
  });
});
