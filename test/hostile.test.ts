import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { lint, type UserConfig } from '../src/index.js';
import { aggroIn, commitAll, scratch } from './support/scratch.js';

/** Far beyond what any of it takes, far below what V8 takes to go back over them. */
const LONGEST_MS = 30_000;

const A = 'a'.repeat(120);
const DEEP = `src/${'a/'.repeat(40)}`;
const classOf = (name: string) =>
  `/** @aggregateRoot */\nexport class ${name} {\n  constructor(public id: string) {}\n\n  name(): string {\n    return this.id;\n  }\n}\n`;
const FILES = { 'package.json': '{}', [`src/${A}/${A}.ts`]: classOf(A), [`${DEEP}deep.ts`]: classOf('Deep') };

const GLOBS = [
  '**/**/**/**/a*a*a*a*a*a*a*a*a*a*b',
  'src/+(+(a|aa)|aaa)*/+(+(a|aa)|aaa)*b',
  'src/*(a|aa|aaa)*(a|aa|aaa)b/**',
  '**/a/**/a/**/a/**/a/**/a/**/b',
  '**/*a*/**/*a*/**/*a*/**/*a*/**/b',
  `**/${'?(a)'.repeat(60)}b`,
  '**/(((((a+)+)+)+)+)+b',
  '{**/a,**/a/**/a}/**/!(*a!(*a!(*b)))c',
];

describe('globs that would be tried forever', () => {
  const bounded = async (config: UserConfig, cwd = scratch(FILES)): Promise<readonly string[]> => {
    const started = performance.now();
    const { violations } = await lint({ cwd, config, preset: 'all' });
    expect(performance.now() - started).toBeLessThan(LONGEST_MS);
    return violations.map(({ symbol }) => symbol);
  };

  it.each([
    ['exclude', { exclude: GLOBS }],
    ['include', { include: [...GLOBS, 'src/**'] }],
    ['overrides', { overrides: [{ files: GLOBS, excludeFiles: GLOBS, rules: {} }] }],
    ['names', { model: { entities: { names: GLOBS } } }],
    ['files', { model: { valueObjects: { files: GLOBS } } }],
  ] satisfies readonly (readonly [string, UserConfig])[])('in %s are matched in bounded time', async (_, config) => {
    expect(await bounded(config)).toContain('Deep.id');
  });

  it('on the command line, too', () => {
    const cwd = scratch(FILES);
    const { status, stderr } = aggroIn(cwd, '--no-cache', ...GLOBS.map((glob) => `!${glob}`), '**/*.ts', '--exit-zero');
    expect({ status, stderr }).toMatchObject({ status: 0 });
  });

  it('in what a repository says of itself, too', async () => {
    const cwd = scratch({
      ...FILES,
      'package.json': JSON.stringify({ workspaces: [...GLOBS, '../../../**', '/**'] }),
      'tsconfig.json': JSON.stringify({ include: [...GLOBS, 'src'] }),
      '.gitignore': GLOBS.join('\n'),
      '.git/HEAD': '',
    });
    expect(await bounded({}, cwd)).toContain('Deep.id');
  });

  it('still mean what they say', async () => {
    expect(await bounded({ exclude: ['**/**/**/**/d*e*e*p*.*s'] })).not.toContain('Deep.id');
    expect(await bounded({ exclude: ['src/**/a/**/a/**/a/**/@(d|e)*'] })).not.toContain('Deep.id');
  });

  it('and those that no engine could match are refused where they are written', () => {
    const cwd = scratch({ ...FILES, 'aggro.config.json': JSON.stringify({ exclude: ['src/**', '(?<=a)b*', 'x'.repeat(5_000)] }) });
    const { status, stderr } = aggroIn(cwd);
    expect(status).toBe(2);
    expect(stderr).toMatch(/aggro\.config\.json:1:\d+ +exclude\.1: the glob holds more of a regular expression/);
    expect(stderr).toMatch(/exclude\.2: the glob has 5000 characters; 1000 are allowed: make several of it/);
  });
});

/** Every file with its content, but for what is kept in the cache. */
function contents(directory: string): Record<string, string> {
  const entries = readdirSync(directory, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  const files = entries.map((entry) => join(entry.parentPath, entry.name)).filter((file) => !/[/\\]cache[/\\]aggro[/\\]/.test(file));
  return Object.fromEntries(files.sort().map((file) => [file, readFileSync(file, 'latin1')]));
}

const EXPOSED = classOf('Shelf');
const TRAP = (file: string): string => `require('node:fs').writeFileSync(${JSON.stringify(file)}, 'ran');`;

describe('what is only looked at', () => {
  it('stays as it is, whatever command looks: nothing is written but the cache and what -o names', () => {
    const place = scratch({ 'home/.keep': '', 'tmp/.keep': '', 'cache/.keep': '' });
    const cwd = scratch({ 'shelf.ts': EXPOSED, 'tsconfig.json': '{"compilerOptions":{"strict":true,"types":[]}}', 'package.json': '{}' });
    commitAll(cwd);
    const kept = { ...process.env };
    Object.assign(process.env, { HOME: join(place, 'home'), TMPDIR: join(place, 'tmp'), XDG_CACHE_HOME: join(place, 'cache') });
    try {
      const before = [contents(cwd), contents(place)];
      const formats = ['text', 'sarif', 'github'].map((format) => ['-f', format, '--exit-zero']);
      const looks = [
        ['table'],
        ['why', 'Shelf'],
        ['model'],
        ['doctor'],
        ['explain', 'one-repo-per-root'],
        ['rules'],
        ['--diff', '--exit-zero'],
        ['--types', 'full', '--exit-zero'],
      ];
      for (const args of [...formats, ...looks, ['--new-from', 'HEAD'], ['baseline', 'status'], ['init', '--yes', '--dry-run']]) {
        aggroIn(cwd, ...args);
        expect([args, contents(cwd), contents(place)]).toEqual([args, ...before]);
      }
      aggroIn(cwd, '-f', 'json', '-o', 'report.json', '--no-cache');
      const { [join(cwd, 'report.json')]: report, ...others } = contents(cwd);
      expect(report).toContain('Shelf.id');
      expect([others, contents(place)]).toEqual(before);
    } finally {
      process.env = kept;
    }
  });

  it('is never run: no script, plugin, source or configuration, unless one in code is asked for', () => {
    const cwd = scratch({ 'shelf.ts': EXPOSED });
    const ran = (name: string): string => join(cwd, `ran-${name}`);
    const write = (file: string, text: string): void => writeFileSync(join(cwd, file), text);
    write('source.ts', `${TRAP(ran('source'))}\nexport const x = 1;\n`);
    write('plugin.cjs', TRAP(ran('plugin')));
    write(
      'package.json',
      JSON.stringify({ scripts: { prepare: `touch ${ran('script')}`, prelint: `touch ${ran('script')}` }, main: './plugin.cjs' }),
    );
    write(
      'tsconfig.json',
      JSON.stringify({ compilerOptions: { types: [], plugins: [{ name: './plugin.cjs', transform: './plugin.cjs' }] } }),
    );
    write('.eslintrc.cjs', TRAP(ran('plugin')));
    write('prisma.config.ts', TRAP(ran('prisma')));
    write('aggro.config.cjs', `${TRAP(ran('config'))} module.exports = {};`);
    const isRun = (): readonly string[] => readdirSync(cwd).filter((name) => name.startsWith('ran-'));
    expect(aggroIn(cwd, '--no-config').status).toBe(1);
    expect(aggroIn(cwd, '--no-config', '--types', 'full').status).toBe(1);
    expect(aggroIn(cwd, '--no-config', '--diff', '--unsafe').status).toBe(1);
    expect(aggroIn(cwd, '--config-json-only')).toMatchObject({ status: 2, stderr: expect.stringContaining('aggro.config.cjs is code') });
    expect(isRun()).toEqual([]);
    expect(aggroIn(cwd).status).toBe(1);
    expect(isRun()).toEqual(['ran-config']);
  });
});
