import {
  appendFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  truncateSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { aggroIn, contentOf, scratch } from './support/scratch.js';

const classOf = (name: string, modifiers = 'readonly') =>
  `/** @aggregateRoot */\nexport class ${name} {\n  constructor(${modifiers} id: string) {}\n\n  name(): string {\n    return this.id;\n  }\n}\n`;
const FILES = {
  'package.json': '{}',
  'node_modules/.keep': '',
  'shelf.ts': classOf('Shelf'),
  'room.ts': classOf('Room'),
  'hall.ts': classOf('Hall'),
};
const PLACE = 'node_modules/.cache/aggro';

/** Files that were written a while ago: their times tell whether they changed. */
function project(files: Readonly<Record<string, string>> = {}): string {
  const cwd = scratch({ ...FILES, ...files });
  for (const file of readdirSync(cwd)) age(cwd, file);
  return cwd;
}

function write(cwd: string, file: string, text: string): void {
  mkdirSync(dirname(join(cwd, file)), { recursive: true });
  writeFileSync(join(cwd, file), text);
}

function age(cwd: string, file: string, seconds = 60): void {
  const then = Date.now() / 1000 - seconds;
  utimesSync(join(cwd, file), then, then);
}

/** How often something was read and parsed, as `--timing` tells it. */
function work(cwd: string, ...args: readonly string[]): { readonly files: number; readonly read: number; readonly parsed: number } {
  const { stdout } = aggroIn(cwd, '-f', 'json', '--timing', '--exit-zero', ...args);
  return JSON.parse(stdout).timing.work;
}

const kept = (cwd: string, kind: 'run' | 'facts' | 'code') => readdirSync(join(cwd, PLACE)).filter((name) => name.startsWith(kind));

describe('the cache', () => {
  it('parses what changed, and nothing else', async () => {
    const cwd = project();
    // Of files younger than the coarsest clock the text has to tell.
    await sleep(2_100);
    expect(work(cwd)).toEqual({ files: 3, read: 3, parsed: 3 });
    expect(work(cwd)).toEqual({ files: 3, read: 0, parsed: 0 });
    appendFileSync(join(cwd, 'shelf.ts'), '// more\n');
    expect(work(cwd).parsed).toBe(1);
    expect(work(cwd, '--no-cache')).toEqual({ files: 3, read: 3, parsed: 3 });
  });

  it('says again what it said, to the byte, until something that it looked at changes', { timeout: 240_000 }, () => {
    const cwd = project();
    const first = aggroIn(cwd);
    expect(first.status).toBe(0);
    expect(kept(cwd, 'run')).toHaveLength(1);
    expect(aggroIn(cwd)).toEqual(first);
    const changes: readonly (readonly [what: string, change: () => unknown, status: number, shows: string])[] = [
      ['a file', () => writeFileSync(join(cwd, 'shelf.ts'), classOf('Shelf', 'public')), 1, 'Shelf.id'],
      ['a new file', () => writeFileSync(join(cwd, 'door.ts'), classOf('Door', 'public')), 1, 'Door.id'],
      ['a file that is gone', () => rmSync(join(cwd, 'door.ts')), 1, 'Shelf.id'],
      ['a configuration', () => writeFileSync(join(cwd, '.aggrorc.json'), '{"exclude":["shelf.ts"]}'), 0, '2 aggregates'],
      ['a configuration that is there', () => writeFileSync(join(cwd, '.aggrorc.json'), '{"exclude":["sheaf.ts"]}'), 1, 'Shelf.id'],
      [
        'what another extends',
        () => [write(cwd, 'base.json', '{"exclude":["shelf.ts"]}'), write(cwd, '.aggrorc.json', '{"extends":"./base.json"}')],
        0,
        '2 aggregates',
      ],
      ['that other', () => writeFileSync(join(cwd, 'base.json'), '{"exclude":["shelv.ts"]}'), 1, 'Shelf.id'],
      ['that other again', () => writeFileSync(join(cwd, 'base.json'), '{"exclude":["shelf.ts"]}'), 0, '2 aggregates'],
      [
        'code',
        () => [rmSync(join(cwd, '.aggrorc.json')), write(cwd, 'aggro.config.mjs', 'export default { exclude: ["shelf.ts"] };')],
        0,
        '2 aggregates',
      ],
      ['code that is there', () => write(cwd, 'aggro.config.mjs', 'export default { exclude: ["shelv.ts"] };'), 1, 'Shelf.id'],
      [
        'code that it imports',
        () => [
          write(cwd, 'own.mjs', 'export default ["shelf.ts"];'),
          write(cwd, 'aggro.config.mjs', 'import own from "./own.mjs";\nexport default { exclude: own };'),
        ],
        0,
        '2 aggregates',
      ],
      ['that code', () => write(cwd, 'own.mjs', 'export default ["shelv.ts"];'), 1, 'Shelf.id'],
      ['that code again', () => write(cwd, 'own.mjs', 'export default ["shelf.ts"];'), 0, '2 aggregates'],
      ['a new folder', () => write(cwd, 'deep/lid.ts', classOf('Lid', 'public')), 1, 'Lid.id'],
      ['what git ignores', () => [write(cwd, '.git/HEAD', ''), write(cwd, '.gitignore', 'deep\n')], 0, '2 aggregates'],
      ['a tsconfig', () => writeFileSync(join(cwd, 'tsconfig.json'), '{"include":["room.ts"]}'), 0, '2 aggregates'],
    ];
    for (const [what, change, status, shows] of changes) {
      change();
      const then = aggroIn(cwd);
      expect(then.status, what).toBe(status);
      expect(then.stdout, what).toContain(shows);
      expect(aggroIn(cwd), what).toEqual(then);
    }
  });

  it('links nothing anew where an edited file says what it said', { timeout: 120_000 }, () => {
    const cwd = project({ 'pile.ts': 'export const pile = (of: string): string => of;\n' });
    const json = () => aggroIn(cwd, '-f', 'json');
    const text = (file: string) => readFileSync(join(cwd, file), 'utf8');
    const said = json();
    expect(said.status).toBe(0);
    // A run that is made anew tells another duration.
    const kept: readonly (readonly [what: string, change: () => unknown])[] = [
      ['a comment at the end', () => appendFileSync(join(cwd, 'shelf.ts'), '// more\n')],
      ['another one', () => appendFileSync(join(cwd, 'shelf.ts'), '// and more\n')],
      ['white space at the end of two files', () => ['shelf.ts', 'hall.ts'].map((file) => appendFileSync(join(cwd, file), ' \n'))],
      ['a line above what no report names', () => write(cwd, 'pile.ts', `// first\n\n${text('pile.ts')}`)],
      ['a comment within', () => write(cwd, 'pile.ts', text('pile.ts').replace('=> of', '=> /* it */ of'))],
      ['the same again, written anew', () => write(cwd, 'room.ts', text('room.ts'))],
    ];
    for (const [what, change] of kept) {
      change();
      expect(json(), what).toEqual(said);
    }
    const shelf = () => JSON.parse(json().stdout).model.blocks.find((each: { readonly name: string }) => each.name === 'Shelf').line;
    expect(shelf()).toBe(2);
    write(cwd, 'shelf.ts', `// above\n${text('shelf.ts')}`);
    expect(shelf()).toBe(3);
    expect(work(cwd)).toMatchObject({ parsed: 0 });
    write(cwd, 'pile.ts', classOf('Pile', 'public'));
    expect(json().status).toBe(1);
    write(cwd, 'pile.ts', text('pile.ts').replace('constructor', '// aggro-disable-next-line -- later\n  constructor'));
    expect(json().status).toBe(0);
    write(
      cwd,
      'pile.ts',
      text('pile.ts')
        .replace(/ {2}\/\/.*\n/, '')
        .replace('/**', '// aggro-disable-next-line -- later\n/**'),
    );
    expect(json().status).toBe(1);
  });

  it('holds an edited file against what the run knew, not against what another run has kept since', { timeout: 60_000 }, () => {
    const cwd = project();
    expect(aggroIn(cwd).status).toBe(0);
    writeFileSync(join(cwd, 'shelf.ts'), classOf('Shelf', 'public'));
    expect(aggroIn(cwd, 'table').stdout).toContain('Shelf');
    expect(aggroIn(cwd).status).toBe(1);
    writeFileSync(join(cwd, 'shelf.ts'), `${classOf('Shelf', 'public')}// more\n`);
    expect(aggroIn(cwd).status).toBe(1);
    writeFileSync(join(cwd, 'shelf.ts'), classOf('Shelf'));
    expect(aggroIn(cwd).status).toBe(0);
  });

  it('shows the lines as they are', { timeout: 60_000 }, () => {
    const cwd = project({ 'shelf.ts': classOf('Shelf', 'public') });
    expect(aggroIn(cwd).stdout).toContain('public id: string) {}');
    write(cwd, 'shelf.ts', classOf('Shelf', 'public').replace('{}', '{} // so'));
    expect(aggroIn(cwd).stdout).toContain('public id: string) {} // so');
  });

  it('asks a configuration that is a source, too, for more than its facts', { timeout: 60_000 }, () => {
    const config = (expression: string) => `export default { exclude: [${expression}.source] };\n`;
    const cwd = project({ 'aggro.config.ts': config('/hall/'), 'shelf.ts': classOf('Shelf', 'public') });
    expect(aggroIn(cwd).status).toBe(1);
    write(cwd, 'aggro.config.ts', config('/shelf[.]ts/').replace('.source', '.source.replace("[.]", ".")'));
    expect(aggroIn(cwd).status).toBe(0);
    write(cwd, 'aggro.config.ts', config('/shelv[.]ts/').replace('.source', '.source.replace("[.]", ".")'));
    expect(aggroIn(cwd).status).toBe(1);
  });

  it('sees a change that leaves size and time as they were', () => {
    const cwd = project();
    const before = aggroIn(cwd);
    expect(before.status).toBe(0);
    const other = classOf('Shelf', 'public  ');
    expect(other).toHaveLength(classOf('Shelf').length);
    writeFileSync(join(cwd, 'other.txt'), other);
    age(cwd, 'other.txt');
    renameSync(join(cwd, 'other.txt'), join(cwd, 'shelf.ts'));
    expect(aggroIn(cwd).status).toBe(1);
  });

  it('keeps runs apart by arguments and surroundings', () => {
    const cwd = project({ 'shelf.ts': classOf('Shelf', 'public') });
    expect(aggroIn(cwd).status).toBe(1);
    expect(aggroIn(cwd, '--exit-zero').status).toBe(0);
    expect(aggroIn(cwd, '-f', 'compact').stdout).toContain('shelf.ts:3');
    expect(aggroIn(cwd, 'table', 'Room').stdout).toContain('Room');
    expect(aggroIn(cwd).status).toBe(1);
  });

  it('is never believed when it is cut off, altered, or of another version', () => {
    const cwd = project();
    const said = aggroIn(cwd);
    const place = join(cwd, PLACE);
    // From Node 22 on, Node keeps code itself, in a folder.
    const files = readdirSync(place, { withFileTypes: true }).filter((each) => each.isFile());
    expect(files.length).toBeGreaterThanOrEqual(2);
    for (const { name } of files) {
      const file = join(place, name);
      const whole = readFileSync(file);
      for (const spoil of [
        () => truncateSync(file, Math.floor(whole.length / 2)),
        () => writeFileSync(file, ''),
        () => writeFileSync(file, Buffer.from(whole.map((byte, i) => (i === whole.length - 40 ? byte ^ 1 : byte)))),
        () => writeFileSync(file, '{"exitCode":0,"chunks":[["out","all is well"]]}'),
      ]) {
        spoil();
        appendFileSync(join(cwd, 'hall.ts'), ' ');
        const { status, stderr, stdout } = aggroIn(cwd);
        expect({ status, stderr }, name).toEqual({ status: said.status, stderr: '' });
        expect(stdout).toContain('3 aggregates');
        writeFileSync(file, whole);
      }
    }
  });

  it('is nowhere where none is wanted, and elsewhere where that is said', () => {
    const cwd = project();
    aggroIn(cwd, '--no-cache');
    expect(existsSync(join(cwd, PLACE))).toBe(false);
    aggroIn(cwd, '--cache-location', 'kept');
    expect(existsSync(join(cwd, PLACE))).toBe(false);
    expect(readdirSync(join(cwd, 'kept')).some((name) => name.startsWith('facts-'))).toBe(true);
  });

  it('sees every change where it lies among the sources', () => {
    const cwd = project();
    expect(aggroIn(cwd, '--cache-location', '.').status).toBe(0);
    write(cwd, 'shelf.ts', classOf('Shelf', 'public'));
    expect(aggroIn(cwd, '--cache-location', '.').status).toBe(1);
  });

  it('does without where nothing can be written', () => {
    const cwd = project({ 'node_modules/.cache': 'a file' });
    const { status, stderr } = aggroIn(cwd);
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
  });

  it('keeps a run that looked below a file as if it were a folder', () => {
    const cwd = project({ 'tsconfig.json': '{"references":[{"path":"./tsconfig.build.json"}]}', 'tsconfig.build.json': '{}' });
    const first = aggroIn(cwd);
    expect(first).toMatchObject({ status: 0, stderr: '' });
    expect(kept(cwd, 'run')).toHaveLength(1);
    expect(aggroIn(cwd)).toEqual(first);
  });

  it('does not repeat what was read piece by piece, which nobody can tell', () => {
    const cwd = project({
      'left-out.txt': 'shelf.ts',
      'aggro.config.mjs':
        'import { openSync, readFileSync } from "node:fs";\nexport default { exclude: [readFileSync(openSync("left-out.txt", "r"), "utf8")] };\n',
      'shelf.ts': classOf('Shelf', 'public'),
    });
    expect(aggroIn(cwd).status).toBe(0);
    write(cwd, 'left-out.txt', 'hall.ts');
    expect(aggroIn(cwd).status).toBe(1);
  });

  it('does not repeat what writes', () => {
    const cwd = project({ 'shelf.ts': classOf('Shelf', 'public') });
    aggroIn(cwd, '-f', 'json=out.json', '--exit-zero');
    rmSync(join(cwd, 'out.json'));
    aggroIn(cwd, '-f', 'json=out.json', '--exit-zero');
    expect(JSON.parse(contentOf(cwd, 'out.json')).violations).toHaveLength(1);
    expect(aggroIn(cwd, '--fix').stdout).toContain('Fixed 1 finding');
    writeFileSync(join(cwd, 'shelf.ts'), classOf('Shelf', 'public'));
    expect(aggroIn(cwd, '--fix').stdout).toContain('Fixed 1 finding');
  });

  it('keeps no more runs than it should', () => {
    const cwd = project();
    for (let i = 0; i < 20; i++) write(cwd, `${PLACE}/run-${i}.json`, 'old');
    aggroIn(cwd);
    expect(kept(cwd, 'run')).toHaveLength(16);
    expect(aggroIn(cwd, '--max-warnings', '1').status).toBe(0);
    expect(kept(cwd, 'run')).toHaveLength(16);
  });
});
