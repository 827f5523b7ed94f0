import { cpSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { fixAlone } from '../../src/fix/alone.js';
import { editsBetween } from '../../src/fix/edits.js';
import { fix } from '../../src/fix/fix.js';
import { sarif } from '../../src/report/sarif.js';
import { LOOK } from '../report/look.js';
import { copyOf, optionsFor } from '../support/fix-fixture.js';
import { applyFix, type SarifFix, sarifSchema } from '../support/sarif.js';
import { aggroIn, commitAll, contentOf, git, scratch } from '../support/scratch.js';

const TSCONFIG = JSON.stringify({ compilerOptions: { strict: true, target: 'ES2022', types: [] } });
const SHELF = `/** 😀 @aggregateRoot */
export class Shelf {
  constructor(/* 😀 */ public id: string, public label: string) {}

  relabel(label: string): void {
    if (label === '') throw new Error('a shelf has a label');
    this.label = label;
  }
}
`.replaceAll('\n', '\r\n');
const ROOM = `/** @aggregateRoot */
export class Room {
  constructor(public id: string) {}

  rename(id: string): string {
    return this.id + id;
  }
}
`;
const HALL = ROOM.replace('Room', 'Hall');
const INTRUDER = "import { Hall } from './hall';\n\nconst hall = new Hall('1');\nhall.id = '2';\n";
const RULE = ['--rule', 'immutable-identity', '--no-table'];

function project(files: Readonly<Record<string, string>> = { 'shelf.ts': `\uFEFF${SHELF}`, 'room.ts': ROOM }): string {
  const directory = scratch({ 'tsconfig.json': TSCONFIG, ...files });
  commitAll(directory);
  return directory;
}

function copied(directory: string): string {
  const copy = scratch();
  cpSync(directory, copy, { recursive: true });
  return copy;
}

const printOf = (result: { partialFingerprints: Record<string, string> }): string => result.partialFingerprints['aggro/v1'] ?? '';

describe('aggro lint --fix-dry-run -f sarif', () => {
  it('has at each finding what --fix-one makes of it, and writes nothing else', () => {
    const directory = project();
    const { status, stdout, stderr } = aggroIn(directory, '--fix-dry-run', '-f', 'sarif', ...RULE);
    expect({ status, stderr }).toEqual({ status: 1, stderr: '' });
    expect(git(directory, 'status', '--porcelain')).toBe('');
    const log = JSON.parse(stdout);
    const valid = sarifSchema();
    valid(log);
    expect(valid.errors).toBeNull();
    const [run] = log.runs;
    expect(run.columnKind).toBe('utf16CodeUnits');
    expect(run.results).toHaveLength(2);
    for (const result of run.results) {
      const [byHand, byAggro] = [copied(directory), copied(directory)];
      applyFix(byHand, result.fixes[0]);
      expect(aggroIn(byAggro, '--fix-one', printOf(result), ...RULE).status).toBe(1);
      for (const file of ['shelf.ts', 'room.ts']) expect(contentOf(byHand, file)).toBe(contentOf(byAggro, file));
      expect(git(byHand, 'diff', '--name-only')).toBe(`${result.locations[0].physicalLocation.artifactLocation.uri}\n`);
    }
  });

  it('is told to other formats in the same run, and to people as a diff', () => {
    const directory = project();
    const formats = ['-f', 'text', '-f', 'json=out.json', '-f', 'rdjson=rd.json', '-f', 'jsonl=out.jsonl'];
    const { status, stdout } = aggroIn(directory, '--diff', ...formats, ...RULE);
    expect(status).toBe(1);
    expect(stdout).toContain('--- a/room.ts\n+++ b/room.ts\n');
    expect(stdout).toContain('+  constructor(public readonly id: string) {}\n');
    const [room, shelf] = JSON.parse(contentOf(directory, 'out.json')).violations;
    expect(room.fix.edits).toEqual([{ file: 'room.ts', line: 3, column: 22, endLine: 3, endColumn: 22, text: 'readonly ' }]);
    // The face is two code units wide, and four bytes.
    expect(shelf.fix.edits).toEqual([{ file: 'shelf.ts', line: 3, column: 31, endLine: 3, endColumn: 31, text: 'readonly ' }]);
    const place = { line: 3, column: 33 };
    const [, inShelf] = JSON.parse(contentOf(directory, 'rd.json')).diagnostics;
    expect(inShelf.suggestions).toEqual([{ range: { start: place, end: place }, text: 'readonly ' }]);
    const lines = contentOf(directory, 'out.jsonl').trimEnd().split('\n');
    expect(lines.map((line) => JSON.parse(line).fix)).toEqual([room.fix, shelf.fix]);
    expect(git(directory, 'diff', '--name-only')).toBe('');
  });

  it('offers no fix that the compiler objects to, and says why', () => {
    const directory = project({ 'room.ts': ROOM, 'hall.ts': HALL, 'hall.test.ts': INTRUDER });
    const { status, stdout, stderr } = aggroIn(directory, '--fix-dry-run', '-f', 'json', ...RULE);
    const { violations, fixing } = JSON.parse(stdout);
    expect(violations.map((each: { fix: object }) => Object.keys(each.fix))).toEqual([
      ['kind', 'title'],
      ['kind', 'title', 'edits'],
    ]);
    expect(fixing).toMatchObject({ applied: [], notApplied: [{ symbol: 'Hall.id', why: expect.stringContaining('hall.test.ts:4') }] });
    expect(stderr).toMatch(/^aggro: hall\.ts:3 Make Hall\.id readonly: not applied: .*hall\.test\.ts:4/);
    expect(status).toBe(1);
    expect(aggroIn(directory, 'hall.ts', '--fix-dry-run', '-f', 'json', ...RULE).status).toBe(0);
  });

  it('mends what the baseline knows, too, and with --fix-one that alone', () => {
    const directory = project();
    const [room] = JSON.parse(aggroIn(directory, '-f', 'json', ...RULE).stdout).violations;
    aggroIn(directory, 'baseline', 'create', '--rule', 'immutable-identity:error');
    const { status, stdout } = aggroIn(directory, '--fix-dry-run', '-f', 'sarif', '--fix-one', room.fingerprint, ...RULE);
    expect(status).toBe(1);
    const [ofRoom, ofShelf] = JSON.parse(stdout).runs[0].results;
    expect(ofRoom).toMatchObject({ baselineState: 'unchanged', fixes: [{ description: { text: 'Make Room.id readonly' } }] });
    expect(ofShelf.fixes).toBeUndefined();
  });

  it('of a change has only what the change brought', () => {
    const directory = project({ 'room.ts': ROOM });
    git(directory, 'mv', 'room.ts', 'chamber.ts');
    git(directory, 'commit', '-qm', 'moved');
    cpSync(join(directory, 'chamber.ts'), join(directory, 'hall.ts'));
    const { stdout } = aggroIn(directory, '--changed', '--fix-dry-run', '-f', 'json', ...RULE);
    const { violations, change } = JSON.parse(stdout);
    expect(violations.map(({ file }: { file: string }) => file)).toEqual(['hall.ts']);
    expect(violations[0].fix.edits).toHaveLength(1);
    expect(change.heldBack).toBe(1);
  });
});

describe('--fix-one', () => {
  it('leaves the other of two findings alike, though it inherits the fingerprint', () => {
    const comment = '// aggro-disable-next-line immutable-identity -- no longer\n';
    const directory = project({
      'room.ts': ROOM.replace('public id', 'public readonly id')
        .replace('  constructor', `  ${comment}  constructor`)
        .replace('  rename', `  ${comment}  rename`),
    });
    const { violations } = JSON.parse(aggroIn(directory, '-f', 'json').stdout);
    const [first, second] = violations.filter(({ ruleId }: { ruleId: string }) => ruleId === 'unused-suppression');
    expect(second.symbol).toBe(first.symbol);
    aggroIn(directory, '--fix-one', first.fingerprint, '--no-table');
    expect(git(directory, 'diff', '--numstat')).toBe('0\t1\troom.ts\n');
    expect(contentOf(directory, 'room.ts').indexOf(comment)).toBeGreaterThan(ROOM.indexOf('rename'));
  });
});

describe.each(['shop', 'no-multi-aggregate-handlers/catches-plain-split', 'no-multi-aggregate-handlers/catches-nestjs-split'])(
  'the fixes of %s as replacements',
  (fixture) => {
    const cwd = copyOf(fixture, 'reported');

    it('make of every file, the new ones too, what mending that finding alone makes of it', async () => {
      const options = { ...(await optionsFor(fixture, cwd)), unsafe: true };
      const { report, made } = await fixAlone(options);
      expect(made.length).toBeGreaterThan(0);
      const edits = new Map(made.map((each) => [each.violation.fingerprint, each.edits]));
      const mended = report.violations.map((violation) => ({ ...violation, edits: edits.get(violation.fingerprint) ?? [] }));
      const log = JSON.parse(sarif({ ...report, violations: mended }, LOOK));
      const valid = sarifSchema();
      valid(log);
      expect(valid.errors).toBeNull();
      const fixes = new Map<string, SarifFix>(
        log.runs[0].results.flatMap((each: { fixes?: SarifFix[]; partialFingerprints: Record<string, string> }) =>
          each.fixes ? [[printOf(each), each.fixes[0]]] : [],
        ),
      );
      expect(fixes.size).toBe(made.length);
      for (const [fingerprint, replacements] of fixes) {
        const byHand = copied(cwd);
        applyFix(byHand, replacements);
        const { files } = await fix({ ...options, wants: (violation) => violation.fingerprint === fingerprint, once: true });
        const expected = new Map([
          ...textsIn(cwd),
          ...files.map(({ file, after }): [string, string] => [file.slice(cwd.length + 1), after]),
        ]);
        expect(textsIn(byHand)).toEqual(expected);
      }
    }, 120_000);
  },
);

function textsIn(directory: string): ReadonlyMap<string, string> {
  const files = readdirSync(directory, { recursive: true, withFileTypes: true }).filter(
    (each) => each.isFile() && !each.parentPath.includes('node_modules'),
  );
  return new Map(
    files.map((each) => {
      const file = join(each.parentPath, each.name);
      return [file.slice(directory.length + 1), readFileSync(file, 'utf8')];
    }),
  );
}

describe('edits', () => {
  const made = (before: string, after: string): string => {
    const lines = before.split('\n');
    const offset = (line: number, column: number): number =>
      lines.slice(0, line - 1).reduce((sum, each) => sum + each.length + 1, 0) + column - 1;
    return editsBetween('a.ts', before, after).reduceRight(
      (text, { at, text: inserted }) => text.slice(0, offset(at.line, at.column)) + inserted + text.slice(offset(at.endLine, at.endColumn)),
      before,
    );
  };

  it.each([
    ['', 'new\n'],
    ['a\nb\nc\n', 'a\nc\n'],
    ['a\nb', 'a\nb\nc'],
    ['a\r\nb\r\n', 'a\r\nx\r\nb\r\n'],
    ['a\n', 'a\r\n'],
    ["const a = '😀';\n", "const a = '😁';\n"],
    ['aaa\nb\n', 'aa\nb\nb\n'],
    ['one two\n\nthree\n', 'one 2\n\n\nthree four'],
  ])('turn %j into %j', (before, after) => {
    expect(made(before, after)).toBe(after);
  });

  it('are as small as they can be, and split no character and no line end', () => {
    const texts = (before: string, after: string) =>
      editsBetween('a.ts', before, after).map(({ at, text }) => [at.column, at.endColumn, text]);
    expect(texts('  public id: string,\n', '  public readonly id: string,\n')).toEqual([[10, 10, 'readonly ']]);
    expect(texts("'😀'\n", "'😁'\n")).toEqual([[2, 4, '😁']]);
    expect(texts('a\n', 'a\r\n')).toEqual([[2, 1, '\r\n']]);
    expect(editsBetween('a.ts', 'a\nb\nc\nd\n', 'x\nb\nc\ny\n')).toHaveLength(2);
    expect(editsBetween('a.ts', 'same\n', 'same\n')).toEqual([]);
  });
});
