import { chmodSync, lstatSync, readdirSync, readFileSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { AppliedFix, FixedFile } from '../../src/fix/fix.js';
import { save } from '../../src/fix/save.js';
import { contentOf, scratch } from '../support/scratch.js';

const change = (directory: string, name: string, before = 'old\n', after = 'new\n'): FixedFile => ({
  file: join(directory, name),
  before,
  after,
});
const creation = (directory: string, name: string): FixedFile => ({ file: join(directory, name), before: undefined, after: 'new\n' });

/** A fix that changes these files together. */
const over = (...files: readonly FixedFile[]) => ({ files: files.map(({ file }) => file) }) as unknown as AppliedFix;

const leftIn = (directory: string, left: readonly { readonly file: string; readonly why: string }[]) =>
  left.map(({ file, why }) => `${file.slice(directory.length + 1)}: ${why.replaceAll(directory, '')}`);

describe('what was fixed is written whole or not at all', () => {
  it('writes, keeps the mode, and leaves nothing else behind', () => {
    const directory = scratch({ 'a.ts': 'old\n' });
    chmodSync(join(directory, 'a.ts'), 0o640);
    const { written, left } = save([change(directory, 'a.ts'), creation(directory, 'sub/new.ts')], [], directory);
    expect(written).toHaveLength(2);
    expect(left).toEqual([]);
    expect([contentOf(directory, 'a.ts'), contentOf(directory, 'sub/new.ts')]).toEqual(['new\n', 'new\n']);
    expect(statSync(join(directory, 'a.ts')).mode & 0o777).toBe(0o640);
    expect(readdirSync(directory).sort()).toEqual(['a.ts', 'sub']);
  });

  it.each([
    ['a UTF-8 byte order mark', Buffer.from('\ufeffold ü\n', 'utf8'), Buffer.from('\ufeffnew ü\n', 'utf8')],
    ['UTF-16 little endian', Buffer.from('\ufeffold ü\n', 'utf16le'), Buffer.from('\ufeffnew ü\n', 'utf16le')],
    ['UTF-16 big endian', Buffer.from('\ufeffold ü\n', 'utf16le').swap16(), Buffer.from('\ufeffnew ü\n', 'utf16le').swap16()],
    ['windows line ends', Buffer.from('old ü\r\n'), Buffer.from('new ü\r\n')],
  ])('keeps %s', (_, before, expected) => {
    const directory = scratch({ 'a.ts': before });
    const end = before.includes('\r') ? '\r\n' : '\n';
    save([change(directory, 'a.ts', `old ü${end}`, `new ü${end}`)], [], directory);
    expect(readFileSync(join(directory, 'a.ts')).equals(expected)).toBe(true);
  });

  it('leaves a file alone that changed meanwhile, and all that share a fix with it', () => {
    const directory = scratch({ 'a.ts': 'edited by someone\n', 'b.ts': 'old\n', 'c.ts': 'old\n', 'd.ts': 'old\n' });
    const [a, b, c, d] = ['a.ts', 'b.ts', 'c.ts', 'd.ts'].map((name) => change(directory, name)) as [
      FixedFile,
      FixedFile,
      FixedFile,
      FixedFile,
    ];
    const { written, left } = save([a, b, c, d], [over(b, c), over(a, b), over(d)], directory);
    expect(written).toEqual([d.file]);
    expect(leftIn(directory, left)).toEqual([
      'a.ts: it changed on disk while aggro was running',
      'b.ts: a fix that also changes /a.ts would be made by half',
      'c.ts: a fix that also changes /a.ts would be made by half',
    ]);
    expect(['a.ts', 'b.ts', 'c.ts', 'd.ts'].map((file) => contentOf(directory, file))).toEqual([
      'edited by someone\n',
      'old\n',
      'old\n',
      'new\n',
    ]);
  });

  it('never writes a read-only file, a new file that is there, one that is gone, or one in another encoding', () => {
    const latin = Buffer.from([0x6f, 0x6c, 0x64, 0xfc, 0x0a]);
    const directory = scratch({ 'read-only.ts': 'old\n', 'there.ts': 'mine\n', 'latin.ts': latin });
    chmodSync(join(directory, 'read-only.ts'), 0o444);
    const { written, left } = save(
      [
        change(directory, 'read-only.ts'),
        creation(directory, 'there.ts'),
        change(directory, 'gone.ts'),
        change(directory, 'latin.ts', latin.toString('utf8'), 'new\n'),
      ],
      [],
      directory,
    );
    expect(written).toEqual([]);
    expect(leftIn(directory, left)).toEqual([
      'read-only.ts: it is read-only',
      'there.ts: it exists already',
      'gone.ts: it is gone',
      'latin.ts: it is neither UTF-8 nor UTF-16',
    ]);
    expect(readFileSync(join(directory, 'latin.ts')).equals(latin)).toBe(true);
  });

  it('follows a link inside the project and none that leads out of it', () => {
    const outside = scratch({ 'far.ts': 'old\n' });
    const directory = scratch({ '.git/HEAD': '', 'near.ts': 'old\n' });
    symlinkSync(join(directory, 'near.ts'), join(directory, 'in.ts'));
    symlinkSync(join(outside, 'far.ts'), join(directory, 'out.ts'));
    const { left } = save([change(directory, 'in.ts'), change(directory, 'out.ts')], [], directory);
    expect(leftIn(directory, left).map((each) => each.replace(outside, ''))).toEqual(['out.ts: it leads to /far.ts, outside the project']);
    expect([contentOf(directory, 'near.ts'), contentOf(outside, 'far.ts')]).toEqual(['new\n', 'old\n']);
    expect(lstatSync(join(directory, 'in.ts')).isSymbolicLink()).toBe(true);
  });

  it('writes nothing when one of them cannot be written', () => {
    const directory = scratch({ 'a.ts': 'old\n', 'no-directory': 'a file\n' });
    expect(() => save([change(directory, 'a.ts'), creation(directory, 'no-directory/b.ts')], [], directory)).toThrow(
      /^Cannot write .*b\.ts: /,
    );
    expect(contentOf(directory, 'a.ts')).toBe('old\n');
    expect(readdirSync(directory).sort()).toEqual(['a.ts', 'no-directory']);
    writeFileSync(join(directory, 'a.ts'), 'old\n');
  });
});
