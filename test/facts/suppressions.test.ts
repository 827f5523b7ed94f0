import { describe, expect, it } from 'vitest';
import { extractFacts } from '../../src/facts/extract.js';
import type { Range, SuppressionComment } from '../../src/facts/facts.js';

const commentsIn = (text: string, file = 'src/order.ts'): readonly SuppressionComment[] => extractFacts(file, text).suppressions;

/** What each comment covers, as text. */
function covered(text: string, file?: string): string[] {
  return commentsIn(text, file).flatMap(({ kind, scopes, reason }) =>
    scopes.map(({ rule, covers }) => `${kind} ${rule ?? '*'} (${reason}) → ${covers ? text.slice(...covers).trim() : 'nothing'}`),
  );
}

function without(text: string, ranges: readonly Range[]): string {
  return [...ranges].sort(([a], [b]) => b - a).reduce((rest, [start, end]) => rest.slice(0, start) + rest.slice(end), text);
}

/** The text after each comment's own removal, one at a time. */
const removed = (text: string): string[] => commentsIn(text).map(({ removal }) => without(text, removal));

describe('what a comment covers', () => {
  it('the next line with code, past comments and blank lines', () => {
    expect(covered('// aggro-disable-next-line a -- why\nlet x;\nlet y;\n')).toEqual(['disable-next-line a (why) → let x;']);
    expect(covered('// aggro-disable-next-line a -- one\n// aggro-disable-next-line b -- two\n\nlet x;')).toEqual([
      'disable-next-line a (one) → let x;',
      'disable-next-line b (two) → let x;',
    ]);
    expect(covered('let x;\n// aggro-disable-next-line a -- why\n')).toEqual(['disable-next-line a (why) → nothing']);
  });

  it('a decorated declaration as far as its name', () => {
    const text = '// aggro-disable-next-line a -- why\n@Entity({\n  name: 1,\n})\nexport class Order {\n  items = [];\n}\n';
    expect(covered(text)).toEqual(['disable-next-line a (why) → @Entity({\n  name: 1,\n})\nexport class Order {']);
    const member = 'class A {\n  // aggro-disable-next-line a -- why\n  @Column()\n  private b: string;\n  c = 1;\n}';
    expect(covered(member)).toEqual(['disable-next-line a (why) → @Column()\n  private b: string;']);
  });

  it('its own line', () => {
    expect(covered('let x; // aggro-disable-line a, b -- why\nlet y;')).toEqual([
      'disable-line a (why) → let x; // aggro-disable-line a, b -- why',
      'disable-line b (why) → let x; // aggro-disable-line a, b -- why',
    ]);
  });

  it('the lines up to the enabling comment, or the rest of the file', () => {
    const text = 'let x;\n/* aggro-disable a, b -- why */\nlet y;\n/* aggro-enable a */\nlet z;\n';
    expect(covered(text)).toEqual([
      'disable a (why) → /* aggro-disable a, b -- why */\nlet y;',
      'disable b (why) → /* aggro-disable a, b -- why */\nlet y;\n/* aggro-enable a */\nlet z;',
      'enable a () → /* aggro-enable a */',
    ]);
    expect(covered('/* aggro-disable -- all of it */\nlet y;\n/* aggro-enable */\nlet z;\n')).toEqual([
      'disable * (all of it) → /* aggro-disable -- all of it */\nlet y;',
      'enable * () → /* aggro-enable */',
    ]);
  });

  it('the whole file, wherever it stands', () => {
    expect(covered('let x;\n// aggro-disable-file a -- why')).toEqual(['disable-file a (why) → let x;\n// aggro-disable-file a -- why']);
  });

  it('the declaration under a JSDoc tag, with its members', () => {
    const text =
      '/**\n * An order.\n * @aggroIgnore a, b legacy: goes with\n *   the old shop\n * @deprecated\n */\nexport class Order {\n  x = 1;\n}\n';
    const body = 'export class Order {\n  x = 1;\n}';
    expect(covered(text)).toEqual([
      `ignore a (legacy: goes with the old shop) → ${body}`,
      `ignore b (legacy: goes with the old shop) → ${body}`,
    ]);
    expect(covered('class A {\n  /** @aggroIgnore a -- why */\n  b() { return 1; }\n  c() {}\n}')).toEqual([
      'ignore a (why) → b() { return 1; }',
    ]);
    expect(covered('/** @aggroIgnore a why */\nconst f = () => 1, g = 2;')).toEqual(['ignore a (why) → const f = () => 1, g = 2;']);
    expect(covered('/** @aggroIgnore a why */\n/** Another. */\nclass A {}')).toEqual(['ignore a (why) → nothing']);
    expect(covered('// @aggroIgnore a why\nclass A {}')).toEqual(['ignore a (why) → nothing']);
  });
});

describe('what is a comment', () => {
  it('is not what stands in strings, templates, expressions, JSX text and other comments', () => {
    for (const text of [
      'const a = "// aggro-disable-line a -- b";',
      `const a = \`\n// aggro-disable-next-line a -- b\n$\{x}\n// aggro-disable-line a -- b\n\`;`,
      'const a = /\\/\\/ aggro-disable-line/;',
      'const a = aggro-disable;',
      '// see // aggro-disable-line a -- b',
      '/* write aggro-disable-line a -- b */',
      '/** Takes `@aggroIgnore` away. */\nclass A {}',
    ])
      expect(covered(text), text).toEqual([]);
    expect(covered('const a = <p>\n// aggro-disable-line a -- b\n</p>;', 'a.tsx')).toEqual([]);
  });

  it('is found after strings that look like one, in JSX and with Windows line ends', () => {
    expect(covered("const a = 'src/**/*.ts'; // aggro-disable-line a -- b\n")).toHaveLength(1);
    expect(covered('const a = <p>{/* aggro-disable-next-line a -- b */}\n<b /></p>;', 'a.tsx')).toEqual([
      'disable-next-line a (b) → <b /></p>;',
    ]);
    expect(covered('// aggro-disable-next-line a -- b\r\nlet x;\r\nlet y;\r\n')).toEqual(['disable-next-line a (b) → let x;']);
  });

  it('has no reason where none is set apart, and may name no rule', () => {
    expect(covered('let x; // aggro-disable-line a')).toEqual(['disable-line a () → let x; // aggro-disable-line a']);
    expect(covered('let x; // aggro-disable-line a because of b')).toEqual([expect.stringMatching(/^disable-line a \(\)/)]);
    expect(covered('let x; // aggro-disable-line -- why')).toEqual([expect.stringMatching(/^disable-line \* \(why\)/)]);
    expect(covered('let x; // aggro-disable-line a --')).toEqual([expect.stringMatching(/^disable-line a \(\)/)]);
    expect(covered('/* aggro-disable-line a --\n * spread over\n * lines */ let x;')).toEqual([
      expect.stringMatching(/^disable-line a \(spread over lines\)/),
    ]);
  });

  it('is told when it only looks like a directive, or ends nothing', () => {
    expect(commentsIn('// aggro-disable-nextline a -- b\nlet x;')).toMatchObject([
      { kind: 'unknown', directive: 'aggro-disable-nextline' },
    ]);
    expect(covered('/* aggro-enable a */')).toEqual(['enable a () → nothing']);
  });
});

describe('what goes with a comment', () => {
  it('its line where it stands alone, the blanks before it where it does not', () => {
    expect(removed('let a;\n  // aggro-disable-next-line a -- b\nlet x;\n')).toEqual(['let a;\nlet x;\n']);
    expect(removed('let a;\r\n// aggro-disable-next-line a -- b\r\nlet x;\r\n')).toEqual(['let a;\r\nlet x;\r\n']);
    expect(removed('let x; // aggro-disable-line a -- b\nlet y;')).toEqual(['let x;\nlet y;']);
    expect(removed('/* aggro-disable-line a -- b */ let x;')).toEqual(['let x;']);
    expect(removed('let x;\n// aggro-disable-file a -- b')).toEqual(['let x;\n']);
  });

  it('the comment that ends it', () => {
    expect(removed('/* aggro-disable a -- b */\nlet x;\n/* aggro-enable a */\nlet y;\n')).toEqual([
      'let x;\nlet y;\n',
      '/* aggro-disable a -- b */\nlet x;\nlet y;\n',
    ]);
  });

  it('the JSDoc comment where it says nothing else, else the lines of the tag', () => {
    expect(removed('/** @aggroIgnore a why */\nclass A {}')).toEqual(['class A {}']);
    expect(removed('/**\n * @aggroIgnore a why\n */\nclass A {}')).toEqual(['class A {}']);
    expect(removed('/**\n * An order.\n * @aggroIgnore a why\n *   and so on\n * @deprecated\n */\nclass A {}')).toEqual([
      '/**\n * An order.\n * @deprecated\n */\nclass A {}',
    ]);
    expect(removed('/**\n * An order.\n * @aggroIgnore a why\n */\nclass A {}')).toEqual(['/**\n * An order.\n */\nclass A {}']);
  });

  it('and where its rules are named', () => {
    const text = 'let x; // aggro-disable-line a, b -- d';
    expect(commentsIn(text).map(({ names }) => names && text.slice(...names))).toEqual(['a, b']);
    expect(commentsIn('let x; // aggro-disable-line -- d')[0]).not.toHaveProperty('names');
  });
});
