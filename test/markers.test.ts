import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { markersIn } from '../src/testing/markers.js';
import { FIXTURES, PROJECTS, read, sourcesIn } from './support/fixtures.js';

describe('markers', () => {
  it('are read with the place of the code above them', () => {
    const text = ['class Order {', '  readonly items: Item[] = [];', '  //       ^^^^^ error: no-exposed-mutable-collections', '}'].join(
      '\n',
    );
    expect(markersIn(text)).toEqual([{ line: 2, column: 12, endColumn: 17, severity: 'error', ruleId: 'no-exposed-mutable-collections' }]);
  });

  it('stack under one line', () => {
    const text = ['export class Order {', '//           ^^^^^ error: some-rule', '//           ^^^^^ warning: another-rule', '}'].join(
      '\n',
    );
    expect(markersIn(text).map(({ line, severity }) => [line, severity])).toEqual([
      [1, 'error'],
      [1, 'warning'],
    ]);
  });

  it('refuse carets that are no marker', () => {
    expect(() => markersIn('const a = 1;\n//    ^^ eror: some-rule')).toThrow('looks like a marker');
  });
});

describe('carets cover exactly one name', () => {
  it.each(PROJECTS)('%s', (fixture) => {
    const directory = join(FIXTURES, fixture);
    const misplaced: string[] = [];
    for (const file of sourcesIn(directory)) {
      const text = read(directory, file);
      const lines = text.split(/\r?\n/);
      for (const { line, column, endColumn } of markersIn(text)) {
        const code = lines[line - 1] ?? '';
        const covered = code.slice(column - 1, endColumn - 1);
        const before = code.charAt(column - 2);
        const after = code.charAt(endColumn - 1);
        // A call that breaks a rule is marked over its whole dotted name: `order.items.push`.
        const whole = /^#?[\p{ID_Start}$_][\p{ID_Continue}$]*(\.#?[\p{ID_Start}$_][\p{ID_Continue}$]*)*$/u.test(covered);
        // A comment that speaks to aggro is marked at its directive or at a rule it names.
        const inComment =
          /^(?:aggro(?:-[a-z]+)+|@aggroIgnore|[a-z]+(?:-[a-z]+)+)$/.test(covered) && /\/[/*].*$/.test(code.slice(0, column - 1));
        if (inComment) continue;
        if (!whole || /[\p{ID_Continue}$#]/u.test(before) || /[\p{ID_Continue}$]/u.test(after)) {
          misplaced.push(`${file}:${line} covers ‹${covered}› of ${code.trim()}`);
        }
      }
    }
    expect(misplaced).toEqual([]);
  });
});
