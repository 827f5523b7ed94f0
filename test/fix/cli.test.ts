import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { aggroIn, commitAll, contentOf, git, scratch } from '../support/scratch.js';

const SHELF = `/** @aggregateRoot */
export class Shelf {
  constructor(
    public id: string,
    public label: string,
  ) {}

  relabel(label: string): void {
    if (label === '') throw new Error('a shelf has a label');
    this.label = label;
  }
}
`;

const ROOM = `/** @aggregateRoot */
export class Room {
  constructor(public id: string) {}

  rename(id: string): string {
    return this.id + id;
  }
}
`;

const TSCONFIG = JSON.stringify({ compilerOptions: { strict: true, target: 'ES2022', types: [] } });

function project(files: Readonly<Record<string, string>> = { 'shelf.ts': SHELF, 'room.ts': ROOM }): string {
  const directory = scratch({ 'tsconfig.json': TSCONFIG, ...files });
  commitAll(directory);
  return directory;
}

const RULE = ['--rule', 'immutable-identity', '--no-table'];

describe('aggro lint --fix', () => {
  it('mends, says what it did, and reports what remains', () => {
    const directory = project();
    const { status, stdout, stderr } = aggroIn(directory, '--fix', ...RULE);
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    expect(stdout).toContain('Fixed 2 findings');
    expect(stdout).toContain('shelf.ts:4 immutable-identity Make Shelf.id readonly (safe)');
    expect(contentOf(directory, 'shelf.ts')).toBe(SHELF.replace('public id', 'public readonly id'));
    expect(contentOf(directory, 'room.ts')).toBe(ROOM.replace('public id', 'public readonly id'));
    const again = aggroIn(directory, '--fix', ...RULE);
    expect(again.stdout).not.toContain('Fixed');
    expect(contentOf(directory, 'shelf.ts')).toBe(SHELF.replace('public id', 'public readonly id'));
  });

  it('is narrowed by paths', () => {
    const directory = project();
    aggroIn(directory, 'room.ts', '--fix', ...RULE);
    expect(git(directory, 'diff', '--name-only')).toBe('room.ts\n');
  });

  it('shows the diff, writes nothing, and exits with 1 where it would change something', async () => {
    const directory = project();
    const { status, stdout } = aggroIn(directory, '--diff', ...RULE);
    expect(status).toBe(1);
    await expect(stdout).toMatchFileSnapshot(join(import.meta.dirname, '../golden/fix/two-files.diff'));
    expect(aggroIn(directory, '--fix-dry-run', ...RULE)).toEqual({ status, stdout, stderr: '' });
    expect(git(directory, 'status', '--porcelain')).toBe('');
    aggroIn(directory, '--fix', ...RULE);
    expect(aggroIn(directory, '--diff', ...RULE)).toEqual({ status: 0, stdout: '', stderr: '' });
  });

  it('makes a diff that git applies', () => {
    const directory = project();
    aggroIn(directory, '--diff', '-o', 'fix.diff', ...RULE);
    git(directory, 'apply', 'fix.diff');
    expect(contentOf(directory, 'shelf.ts')).toBe(SHELF.replace('public id', 'public readonly id'));
  });

  it('says why a fix was not made', () => {
    const directory = project({
      'shelf.ts': SHELF,
      'shelf.test.ts': "import { Shelf } from './shelf';\n\nconst shelf = new Shelf('1', 'a');\nshelf.id = '2';\n",
    });
    const { status, stdout } = aggroIn(directory, '--fix', ...RULE);
    expect(status).toBe(1);
    expect(stdout.replace(/\s+/g, ' ')).toContain(
      'Make Shelf.id readonly (safe), not applied: an assignment outside the constructor would no longer compile (shelf.test.ts:4)',
    );
    expect(contentOf(directory, 'shelf.ts')).toBe(SHELF);
  });

  it('with --fix-only does not fail for what remains', () => {
    const directory = project({ 'shelf.ts': SHELF });
    expect(aggroIn(directory, '--fix', '--no-table').status).toBe(1);
    expect(aggroIn(directory, '--fix-only', '--no-table').status).toBe(0);
  });

  it('mends one finding by its fingerprint', () => {
    const directory = project();
    const { violations } = JSON.parse(aggroIn(directory, '-f', 'json', ...RULE).stdout);
    const { fingerprint, fix } = violations[0];
    expect(fix).toEqual({ kind: 'safe', title: 'Make Room.id readonly' });
    aggroIn(directory, '--fix-one', fingerprint.slice(0, 8), ...RULE);
    expect(git(directory, 'diff', '--name-only')).toBe('room.ts\n');
  });

  it('tells the JSON report what was mended', () => {
    const directory = project();
    const { fixing } = JSON.parse(aggroIn(directory, '--fix', '-f', 'json', ...RULE).stdout);
    expect(fixing.applied.map(({ symbol, kind }: { symbol: string; kind: string }) => `${symbol} ${kind}`)).toEqual([
      'Room.id safe',
      'Shelf.id safe',
    ]);
    expect(fixing.notApplied).toEqual([]);
  });

  it('asks for --force where an unsafe fix would mix with uncommitted changes', () => {
    const directory = project();
    git(directory, 'mv', 'room.ts', 'hall.ts');
    const { status, stderr } = aggroIn(directory, '--fix', '--unsafe', ...RULE);
    expect(status).toBe(2);
    expect(stderr).toContain('aggro: There are uncommitted changes (hall.ts), and --unsafe changes behaviour');
    expect(contentOf(directory, 'shelf.ts')).toBe(SHELF);
    expect(aggroIn(directory, '--diff', '--unsafe', ...RULE).status).toBe(1);
    expect(aggroIn(directory, '--fix', '--unsafe', '--force', ...RULE).status).toBe(0);
    expect(contentOf(directory, 'shelf.ts')).toContain('readonly id');
  });

  it.each([
    [['--unsafe'], '--unsafe says how to fix: add --fix, or --diff to see first what it would do.'],
    [['--interactive'], '--interactive needs a terminal; use --fix, or --fix-one with a fingerprint.'],
    [['--fix-one', 'zzzz'], "No finding has the fingerprint zzzz; --format json and the text report's fix lines name them."],
  ])('refuses %j', (args, message) => {
    const directory = project();
    expect(aggroIn(directory, ...args, ...RULE)).toEqual({ status: 2, stdout: '', stderr: `aggro: ${message}\n` });
    expect(git(directory, 'status', '--porcelain')).toBe('');
  });

  it('says which types it could not see', () => {
    const directory = project({
      'shelf.ts': `import { Entity } from 'some-library';\n\n${SHELF.replace('class Shelf', 'class Shelf extends Entity').replace(') {}', ') {\n    super();\n  }')}`,
    });
    const { stdout } = aggroIn(directory, '--fix', ...RULE);
    expect(stdout).toContain('some-library is not installed');
  });
});
