import stringWidth from 'string-width';
import { describe, expect, it } from 'vitest';
import type { Span } from '../../src/model/domain-model.js';
import { codeFrame, linesOf, snippet } from '../../src/report/code-frame.js';

function frame(source: string, span: Partial<Span>, width = 100): string[] {
  return codeFrame(linesOf(source), spanFrom(span), { width });
}

function spanFrom(span: Partial<Span>): Span {
  const line = span.line ?? 1;
  const column = span.column ?? 1;
  return { file: 'a.ts', line, column, endLine: line, endColumn: column + 1, ...span };
}

describe('codeFrame', () => {
  it('underlines exactly the span, between its neighbours', () => {
    expect(frame('one\nget items() {\nthree', { line: 2, column: 5, endColumn: 10 })).toEqual([
      '  1 │ one',
      '> 2 │ get items() {',
      '    │     ^^^^^',
      '  3 │ three',
    ]);
  });

  it('keeps line numbers of different length in one column', () => {
    const source = Array.from({ length: 12 }, (_, index) => `line ${index + 1}`).join('\n');
    expect(frame(source, { line: 9, column: 1, endColumn: 5 })).toEqual([
      '   8 │ line 8',
      '>  9 │ line 9',
      '     │ ^^^^',
      '  10 │ line 10',
    ]);
  });

  it('stands below the span after tabs', () => {
    expect(frame('\t\titems', { column: 3, endColumn: 8 })).toEqual(['> 1 │         items', '    │         ^^^^^']);
  });

  it('stands below the span after and under wide characters', () => {
    expect(frame("'注文' + 商品;", { column: 8, endColumn: 10 })).toEqual(["> 1 │ '注文' + 商品;", '    │          ^^^^']);
    expect(frame('👩‍👧 x', { column: 7, endColumn: 8 })[1]).toBe('    │    ^');
  });

  it('shows the first line of a span of several lines', () => {
    expect(frame('a\n  foo({\n  })\n', { line: 2, column: 3, endLine: 3, endColumn: 5 })).toEqual([
      '  1 │ a',
      '> 2 │   foo({',
      '    │   ^^^^^',
      '  3 │   })',
    ]);
  });

  it('clips a very long line around the span', () => {
    const source = `${'a'.repeat(3_000_000)} items ${'b'.repeat(2_000_000)}`;
    const lines = frame(source, { column: 3_000_002, endColumn: 3_000_007 }, 80);
    const [code = '', carets = ''] = lines;
    expect(lines.every((line) => stringWidth(line) <= 80)).toBe(true);
    expect(code.slice(carets.indexOf('^'), carets.lastIndexOf('^') + 1)).toBe('items');
    expect(code).toMatch(/^> 1 │ …a+ items b+…$/);
  });

  it('clips a span wider than the screen', () => {
    const lines = frame(`x = '${'é'.repeat(500)}';`, { column: 5, endColumn: 507 }, 60);
    expect(lines.every((line) => stringWidth(line) <= 60)).toBe(true);
    expect(lines[1]).toContain('^^^^^');
  });

  it('prints control characters instead of obeying them', () => {
    const lines = frame("const a = '\u001b[2J\u202e';", { column: 7, endColumn: 8 });
    expect(lines[0]).toBe("> 1 │ const a = '\\u001b[2J\\u202e';");
  });

  it('shows where an empty span or the end of a line is', () => {
    expect(frame('abc', { column: 2, endColumn: 2 })[1]).toBe('    │  ^');
    expect(frame('abc', { column: 4, endColumn: 4 })[1]).toBe('    │    ^');
    expect(frame('', { column: 1 })[1]).toBe('    │ ^');
  });

  it('is empty for a line the file does not have', () => {
    expect(frame('abc', { line: 7 })).toEqual([]);
  });

  it('counts lines as TypeScript does', () => {
    expect(linesOf('a\r\nb\rc\nd\u2028e')).toEqual(['a', 'b', 'c', 'd', 'e']);
  });
});

describe('snippet', () => {
  it('is the line without its indentation, clipped', () => {
    expect(snippet(['\t\tawait this.orders.save(order);'], spanFrom({ column: 3 }), 20)).toBe('await this.orders.s…');
  });
});
