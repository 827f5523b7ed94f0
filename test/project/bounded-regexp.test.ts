import fc from 'fast-check';
import picomatch from 'picomatch';
import { describe, expect, it } from 'vitest';
import { boundedRegExp } from '../../src/project/bounded-regexp.js';

const PIECES = [
  'a',
  'b',
  '*',
  '**',
  '?',
  '/',
  '.',
  '.ts',
  '+(a|aa)',
  '*(ab)',
  '!(a|b)',
  '@(a|b)',
  '?(a)',
  '{a,b}',
  '[ab]',
  '[!a]',
  '{1..3}',
  '(a+)',
  '\\*',
];

describe('regular expressions that globs become', () => {
  it('mean what they mean to V8, however they are matched', () => {
    fc.assert(
      fc.property(
        fc.array(fc.constantFrom(...PIECES), { minLength: 1, maxLength: 6 }),
        fc.array(fc.constantFrom('a', 'b', 'ab', '/', '.', '.ts', '1', '*'), { maxLength: 6 }),
        (pieces, parts) => {
          const source = picomatch.makeRe(pieces.join(''), { dot: true }).source;
          const matches = boundedRegExp(source, 0);
          if (matches)
            expect([source, parts.join(''), matches(parts.join(''))]).toEqual([
              source,
              parts.join(''),
              new RegExp(source).test(parts.join('')),
            ]);
        },
      ),
      { numRuns: 2_000 },
    );
  });
});
