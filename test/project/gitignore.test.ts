import { spawnSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ignoredBy } from '../../src/project/gitignore.js';
import { git, scratch } from '../support/scratch.js';

const cwd = scratch({
  'a/b/c.ts': '',
  'a/b/a/b.ts': '',
  'a/x/b/c.ts': '',
  'b/a.ts': '',
  'c.ts': '',
  'b.ts': '',
  'x/a/a.ts': '',
  'x/[a].ts': '',
  'a b.ts': '',
  '!c.ts': '',
  '#b.ts': '',
});
const FILES = [
  'a/b/c.ts',
  'a/b/a/b.ts',
  'a/x/b/c.ts',
  'b/a.ts',
  'c.ts',
  'b.ts',
  'x/a/a.ts',
  'x/[a].ts',
  'a b.ts',
  '!c.ts',
  '#b.ts',
  'a',
  'a/b',
  'a/b/a',
  'b',
  'x',
  'x/a',
  'a/x',
];
const DIRECTORIES = new Set(['a', 'a/b', 'a/b/a', 'a/x/b', 'b', 'x', 'x/a', 'a/x']);

/** As git has it. */
function ignoredByGit(text: string): readonly string[] {
  writeFileSync(join(cwd, '.gitignore'), text);
  const { stdout } = spawnSync('git', ['-c', 'core.quotePath=false', 'check-ignore', '--no-index', '--stdin', '-z'], {
    cwd,
    input: `${FILES.join('\0')}\0`,
    encoding: 'utf8',
  });
  return stdout.split('\0').filter(Boolean).sort();
}

describe('.gitignore', () => {
  const ours = (text: string): readonly string[] => {
    const ignored = ignoredBy(text);
    return FILES.filter((file) => ignored(file, DIRECTORIES.has(file))).sort();
  };
  const piece = fc.constantFrom('a', 'b', 'c', 'x', '*', '?', '.ts', '[ab]', '[!a]', '[a-b]', '[[:alpha:]]', '\\a', '\\ ', ' ');
  const segment = fc.oneof(
    fc.array(piece, { minLength: 1, maxLength: 3 }).map((pieces) => pieces.join('')),
    fc.constant('**'),
  );
  const line = fc
    .tuple(
      fc.constantFrom('', '', '!', '#', '/', '!/', '\\#', '\\!'),
      fc.array(segment, { minLength: 1, maxLength: 4 }),
      fc.constantFrom('', '', '/', ' '),
    )
    .map(([first, segments, last]) => `${first}${segments.join('/')}${last}`);

  it('is read as git reads it', () => {
    mkdirSync(join(cwd, '.git'), { recursive: true });
    git(cwd, 'init', '-q');
    fc.assert(
      fc.property(fc.array(line, { minLength: 1, maxLength: 4 }), (lines) => {
        const text = lines.join('\n');
        expect([text, ...ours(text)]).toEqual([text, ...ignoredByGit(text)]);
      }),
      { numRuns: Number(process.env.AGGRO_GITIGNORES ?? 30) },
    );
  });
});
