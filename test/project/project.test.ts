import { mkdirSync, symlinkSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { UsageError } from '../../src/errors.js';
import { discover, filesOf, scopeOf, tree } from './tree.js';

describe('what is read', () => {
  it('is every TypeScript source, by glob where there is no tsconfig', () => {
    const root = tree({
      'a.ts': '',
      'b.tsx': '',
      'c/d.mts': '',
      'c/e.cts': '',
      'types.d.ts': '',
      'x.js': '',
      'y.json': {},
      'Größe/東京.ts': '',
    });
    expect(filesOf(root)).toEqual(['Größe/東京.ts', 'a.ts', 'b.tsx', 'c/d.mts', 'c/e.cts', 'types.d.ts'].sort());
  });

  it('leaves out a declaration beside its source', () => {
    expect(filesOf(tree({ 'a.ts': '', 'a.d.ts': '', 'b.mts': '', 'b.d.mts': '', 'c.tsx': '', 'c.d.ts': '', 'd.d.ts': '' }))).toEqual([
      'a.ts',
      'b.mts',
      'c.tsx',
      'd.d.ts',
    ]);
  });

  it('leaves out tests, fixtures, migrations, generated code, dependencies and hidden directories', () => {
    const root = tree({
      'src/order.ts': '',
      ...Object.fromEntries(
        ['test', 'spec', 'e2e-spec', 'stories', 'fixture', 'mock', 'generated', 'gen'].map((kind) => [`src/order.${kind}.ts`, '']),
      ),
      ...Object.fromEntries(
        [
          'node_modules/x',
          '.next',
          '__tests__',
          '__mocks__',
          'test',
          'tests',
          'e2e',
          'shop-e2e',
          'migrations',
          'migration',
          'seeds',
          'seeders',
          'fixtures',
          'generated',
        ].map((directory) => [`src/${directory}/a.ts`, '']),
      ),
    });
    expect(filesOf(root)).toEqual(['src/order.ts']);
  });

  it('leaves out build output beside a package only: ports/out is hexagonal', () => {
    const root = tree({
      'package.json': {},
      'dist/a.d.ts': '',
      'build/a.ts': '',
      'out/a.ts': '',
      'coverage/a.ts': '',
      'src/ports/out/port.ts': '',
      'src/coverage/policy.ts': '',
    });
    expect(filesOf(root)).toEqual(['src/coverage/policy.ts', 'src/ports/out/port.ts']);
  });

  it("leaves out the tsconfigs' outDir and declarationDir, but not an outDir that is the project", () => {
    const root = tree({
      'tsconfig.json': { compilerOptions: { outDir: 'compiled' } },
      'compiled/a.d.ts': '',
      'a.ts': '',
      'p/tsconfig.build.json': { compilerOptions: { declarationDir: 'types' } },
      'p/types/b.d.ts': '',
      'p/b.ts': '',
      'q/tsconfig.json': { compilerOptions: { outDir: '.' } },
      'q/c.ts': '',
      'r/tsconfig.json': { compilerOptions: { outDir: '../late' } },
      'late/d.d.ts': '',
      'r/d.ts': '',
    });
    expect(filesOf(root)).toEqual(['a.ts', 'p/b.ts', 'q/c.ts', 'r/d.ts']);
  });

  it('honours .gitignore files, nested and above the directory that is named', () => {
    const root = tree({
      '.gitignore': '/secret/\n*.local.ts\n!keep.local.ts\n',
      'secret/a.ts': '',
      'src/.gitignore': 'made/\n!special.local.ts\n',
      'src/a.ts': '',
      'src/a.local.ts': '',
      'src/keep.local.ts': '',
      'src/special.local.ts': '',
      'src/made/a.ts': '',
      'made/a.ts': '',
    });
    expect(filesOf(root)).toEqual(['made/a.ts', 'src/a.ts', 'src/keep.local.ts', 'src/special.local.ts']);
    expect(filesOf(root, { paths: ['src'] })).not.toContain('src/a.local.ts');
    expect(filesOf(root, { cwd: 'src' })).not.toContain('src/a.local.ts');
    expect(scopeOf(root, { paths: ['secret'] })).toEqual(['secret/a.ts']);
  });

  it('survives symbolic links in loops, a directory named x.ts and an empty file', () => {
    const root = tree({ 'src/a.ts': '', 'src/sub/b.ts': '' });
    mkdirSync(path.join(root, 'src/x.ts'));
    symlinkSync('..', path.join(root, 'src/sub/loop'));
    symlinkSync('a.ts', path.join(root, 'src/same.ts'));
    symlinkSync('nowhere.ts', path.join(root, 'src/dangling.ts'));
    symlinkSync('self.ts', path.join(root, 'src/self.ts'));
    expect(filesOf(root)).toEqual(['src/a.ts', 'src/sub/b.ts']);
    expect(filesOf(root, { paths: ['src', 'src/sub/loop'] })).toEqual(['src/a.ts', 'src/sub/b.ts']);
  });

  it('counts a linked file once, by the path that is in scope where the other is not', () => {
    const root = tree({ 'src/a.ts': '', 'shared/b.ts': '' });
    symlinkSync('../shared/b.ts', path.join(root, 'src/b.ts'));
    expect(scopeOf(root, { paths: ['src'] })).toEqual(['src/a.ts', 'src/b.ts']);
    expect(filesOf(root)).toEqual(['shared/b.ts', 'src/a.ts']);
  });

  it('adds a linked directory of the repository to the program, and none from outside', () => {
    const outside = tree({ 'z.ts': '' });
    const root = tree({ 'src/a.ts': '', 'shared/b.ts': '' });
    symlinkSync('../shared', path.join(root, 'src/shared'));
    symlinkSync(outside, path.join(root, 'src/outside'));
    expect(filesOf(root, { paths: ['src'] })).toEqual(['shared/b.ts', 'src/a.ts']);
  });

  it('reads 20,000 files in one walk', () => {
    const files = Array.from({ length: 20_000 }, (_, index) => [`src/m${index % 400}/f${index}.ts`, '']);
    expect(filesOf(tree(Object.fromEntries(files)))).toHaveLength(20_000);
  }, 60_000);
});

describe('what is named', () => {
  const shop = {
    'src/order.ts': '',
    'src/order.spec.ts': '',
    'src/sub/item.ts': '',
    'test/case.ts': '',
    'fixtures/shop/a.ts': '',
    'src/[id]/page.ts': '',
  };

  it('limits the scope: a directory, a file, a glob', () => {
    const root = tree(shop);
    expect(scopeOf(root, { paths: ['src'] })).toEqual(['src/[id]/page.ts', 'src/order.ts', 'src/sub/item.ts']);
    expect(scopeOf(root, { paths: ['src/order.ts'] })).toEqual(['src/order.ts']);
    expect(scopeOf(root, { paths: ['src/*.ts'] })).toEqual(['src/order.ts']);
    expect(scopeOf(root, { paths: ['**/item.ts', './src/order.ts'] })).toEqual(['src/order.ts', 'src/sub/item.ts']);
    expect(scopeOf(root, { paths: ['src', '!src/sub'] })).toEqual(['src/[id]/page.ts', 'src/order.ts']);
    expect(scopeOf(root, { paths: ['../src/sub'], cwd: 'test' })).toEqual(['src/sub/item.ts']);
  });

  it('is never left out: the defaults apply below it', () => {
    const root = tree(shop);
    expect(scopeOf(root, { paths: ['fixtures/shop'] })).toEqual(['fixtures/shop/a.ts']);
    expect(scopeOf(root, { paths: ['test'] })).toEqual(['test/case.ts']);
    expect(scopeOf(root, { paths: ['src/order.spec.ts'] })).toEqual(['src/order.spec.ts']);
    expect(scopeOf(root, { paths: ['**/*.spec.ts'] })).toEqual(['src/order.spec.ts']);
  });

  it('may hold glob characters or backslashes', () => {
    const root = tree(shop);
    expect(scopeOf(root, { paths: ['src/[id]'] })).toEqual(['src/[id]/page.ts']);
    expect(scopeOf(root, { paths: ['src\\sub'] })).toEqual(['src/sub/item.ts']);
    expect(scopeOf(root, { paths: ['src\\sub\\*.ts'] })).toEqual(['src/sub/item.ts']);
    expect(scopeOf(root, { paths: ['src/\\[id\\]/*.ts'] })).toEqual(['src/[id]/page.ts']);
  });

  it('is refused where it is nothing', () => {
    const root = tree({ ...shop, 'readme.md': '' });
    expect(() => discover(root, { paths: ['scr'] })).toThrow(/scr does not exist/);
    expect(() => discover(root, { paths: ['scr/**/*.ts'] })).toThrow(/scr\/\*\*\/\*\.ts matches no TypeScript file/);
    expect(() => discover(root, { paths: ['scr/**/*.ts'] })).toThrow(UsageError);
    expect(discover(root, { paths: ['src', 'readme.md'] }).notices).toEqual([expect.stringContaining('readme.md is not read')]);
    expect(discover(tree({ 'tests/a.ts': '' })).notices).toEqual([expect.stringContaining('no TypeScript file to lint')]);
  });
});

describe('the configuration', () => {
  const files = { 'src/a.ts': '', 'src/b.dto.ts': '', 'src/legacy/c.ts': '', 'src/test/d.ts': '', 'lib/e.ts': '' };

  it('limits by include, which may name what is left out by default', () => {
    const root = tree(files);
    expect(filesOf(root, { config: { include: ['src'] } })).toEqual(['src/a.ts', 'src/b.dto.ts', 'src/legacy/c.ts']);
    expect(filesOf(root, { config: { include: ['src/*.ts', 'src/test/**'] } })).toEqual(['src/a.ts', 'src/b.dto.ts', 'src/test/d.ts']);
    expect(filesOf(root, { config: { include: ['src/**'] }, paths: ['lib', 'src/a.ts'] })).toEqual(['src/a.ts']);
    expect(filesOf(root, { config: { include: ['src/**'], source: path.join(root, '.aggrorc') }, cwd: 'src/legacy' })).toEqual([
      'src/legacy/c.ts',
    ]);
  });

  it('gives notice of a dead include', () => {
    expect(discover(tree(files), { config: { include: ['src', 'scr/**'] } }).notices).toEqual([
      expect.stringContaining('include: scr/** matches no'),
    ]);
  });

  it('adds to what is left out by exclude, and takes back with !', () => {
    const root = tree(files);
    expect(filesOf(root, { config: { exclude: ['src/legacy', '*.dto.ts'] } })).toEqual(['lib/e.ts', 'src/a.ts']);
    expect(filesOf(root, { config: { exclude: ['!**/test/**'] } })).toContain('src/test/d.ts');
    expect(filesOf(root, { config: { exclude: ['src/**'] }, cwd: '.', paths: ['.'] })).toEqual(['lib/e.ts']);
  });

  it('names the tsconfigs instead of those beside the sources', () => {
    const root = tree({ 'tsconfig.json': {}, 'config/tsconfig.app.json': { include: ['../lib'] }, 'src/a.ts': '', 'lib/e.ts': '' });
    const given = discover(root, { paths: ['src'], config: { tsconfig: ['config/tsconfig.app.json'] } });
    expect(given.tsconfigs).toEqual([`${root}/config/tsconfig.app.json`]);
    expect(given.files).toEqual([`${root}/lib/e.ts`, `${root}/src/a.ts`]);
    expect(() => discover(root, { config: { tsconfig: ['tsconfig.nope.json'] } })).toThrow(/tsconfig\.nope\.json/);
  });
});

describe('the rest of the program', () => {
  it('comes from the tsconfig above that holds the scope', () => {
    const root = tree({
      'tsconfig.json': '{ // all\n "include": ["src", "test",], }',
      'src/a/a.ts': '',
      'src/b/b.ts': '',
      'test/c.ts': '',
      'scripts/d.ts': '',
      'fixtures/e.ts': '',
    });
    expect(filesOf(root, { paths: ['src/a'] })).toEqual(['src/a/a.ts', 'src/b/b.ts']);
    expect(scopeOf(root, { paths: ['src/a'] })).toEqual(['src/a/a.ts']);
    expect(filesOf(root, { paths: ['src/a/a.ts'] })).toEqual(['src/a/a.ts', 'src/b/b.ts']);
    expect(filesOf(root, { paths: ['src/a/*.ts'] })).toEqual(['src/a/a.ts', 'src/b/b.ts']);
    expect(filesOf(root, { paths: ['fixtures'] })).toEqual(['fixtures/e.ts']);
  });

  it('comes from the projects that a solution-style tsconfig references', () => {
    const root = tree({
      'tsconfig.json': { files: [], references: [{ path: './tsconfig.app.json' }, { path: '../lib' }] },
      'tsconfig.app.json': { include: ['src/**/*.ts'], references: [{ path: './core' }] },
      'core/tsconfig.json': { include: ['*.ts'], references: [{ path: '..' }] },
      'core/core.ts': '',
      'src/a/a.ts': '',
      'src/b.ts': '',
    });
    expect(filesOf(root)).toEqual(['core/core.ts', 'src/a/a.ts', 'src/b.ts']);
    const project = discover(root, { paths: ['src/a'] });
    expect(project.files.map((file) => path.posix.relative(root, file))).toEqual(['core/core.ts', 'src/a/a.ts', 'src/b.ts']);
    expect(project.tsconfigs).toContain(`${root}/tsconfig.app.json`);
  });

  it('follows references out of the working directory, but not out of the repository', () => {
    const root = tree({
      'packages/a/tsconfig.json': { include: ['src', '../../types/*.d.ts', '../../../**/*'], references: [{ path: '../b' }] },
      'packages/a/src/a.ts': '',
      'packages/b/tsconfig.json': { files: ['b.ts'] },
      'packages/b/b.ts': '',
      'packages/b/other.ts': '',
      'types/global.d.ts': '',
    });
    expect(filesOf(root, { cwd: 'packages/a' })).toEqual(['packages/a/src/a.ts', 'packages/b/b.ts', 'types/global.d.ts']);
    expect(scopeOf(root, { cwd: 'packages/a' })).toEqual(['packages/a/src/a.ts']);
  });

  it('takes extends arrays, include relative to the file that says it, and configDir', () => {
    const root = tree({
      'config/base.json': { include: ['../shared'] },
      // biome-ignore lint/suspicious/noTemplateCurlyInString: TypeScript's own placeholder
      'config/out.json': { compilerOptions: { outDir: '${configDir}/made' } },
      'app/tsconfig.json': { extends: ['../config/base', '../config/out.json'] },
      'app/a.ts': '',
      'app/made/a.d.ts': '',
      'shared/s.ts': '',
    });
    expect(filesOf(root, { cwd: 'app' })).toEqual(['app/a.ts', 'shared/s.ts']);
  });

  it('survives a tsconfig that is broken, extends itself or a package that is not installed', () => {
    const root = tree({
      'a/tsconfig.json': '{ "include": ',
      'a/a.ts': '',
      'b/tsconfig.json': { extends: './tsconfig.json' },
      'b/b.ts': '',
      'c/tsconfig.json': { extends: '@tsconfig/node20/tsconfig.json' },
      'c/c.ts': '',
      'd/tsconfig.json': { extends: './missing' },
      'e/tsconfig.json': '',
    });
    const project = discover(root);
    expect(project.files).toHaveLength(3);
    expect(project.notices.toSorted()).toEqual([
      expect.stringMatching(/^a\/tsconfig\.json could not be read/),
      expect.stringMatching(/^b\/tsconfig\.json extends \.\/tsconfig\.json/),
      expect.stringMatching(/^d\/tsconfig\.json extends \.\/missing, which does not exist/),
    ]);
  });

  it('holds the workspace packages that the scope depends on', () => {
    const root = tree({
      'package.json': { workspaces: ['packages/*'] },
      'packages/shop/package.json': { name: '@acme/shop', dependencies: { '@acme/ddd': '*', express: '4' } },
      'packages/shop/src/order.ts': '',
      'packages/ddd/package.json': { name: '@acme/ddd', peerDependencies: { '@acme/base': '*' } },
      'packages/ddd/src/entity.ts': '',
      'packages/base/package.json': { name: '@acme/base' },
      'packages/base/index.ts': '',
      'packages/web/package.json': { name: '@acme/web' },
      'packages/web/page.ts': '',
    });
    expect(filesOf(root, { cwd: 'packages/shop' })).toEqual([
      'packages/base/index.ts',
      'packages/ddd/src/entity.ts',
      'packages/shop/src/order.ts',
    ]);
    expect(scopeOf(root, { cwd: 'packages/shop' })).toEqual(['packages/shop/src/order.ts']);
  });
});

describe('workspaces', () => {
  const packages = {
    'packages/a/package.json': { name: 'a' },
    'packages/b/package.json': { name: 'b' },
    'apps/deep/c/package.json': { name: 'c' },
    'other/package.json': { name: 'o' },
  };
  const namesIn = (root: string, cwd = '.') => discover(root, { cwd }).workspaces.map(({ name }) => name);

  it.each([
    ['npm', { 'package.json': { workspaces: ['packages/*', './apps/**/'] } }],
    ['yarn', { 'package.json': { workspaces: { packages: ['packages/*', 'apps/**'] } } }],
    ['pnpm', { 'pnpm-workspace.yaml': "# ours\npackages:\n  # all\n  - 'packages/*'\n\n  - apps/** # deep\ncatalog:\n  - x\n" }],
    ['pnpm, flow style', { 'pnpm-workspace.yaml': 'packages: ["packages/*", apps/**]\n' }],
    ['lerna', { 'lerna.json': { packages: ['packages/*', 'apps/**'] } }],
  ])('are those of %s', (_, files) => {
    const root = tree({ ...packages, ...files });
    expect(namesIn(root)).toEqual(['c', 'a', 'b']);
    expect(namesIn(root, 'packages/a')).toEqual(['c', 'a', 'b']);
  });

  it('may be taken back by a negated pattern, and may lie in a subdirectory', () => {
    expect(namesIn(tree({ ...packages, 'package.json': { workspaces: ['packages/*', '!packages/b'] } }))).toEqual(['a']);
    expect(namesIn(tree({ 'backend/package.json': { workspaces: ['libs/*'] }, 'backend/libs/l/package.json': { name: 'l' } }))).toEqual([
      'l',
    ]);
  });

  it('says which patterns are not followed', () => {
    const root = tree({ ...packages, 'package.json': { workspaces: ['packages/*', '../*', '*/*/*/*', '@(a|b)/*'] } });
    const { workspaces, notices } = discover(root);
    expect(workspaces.map(({ name }) => name)).toEqual(['a', 'b']);
    expect(notices.flatMap((notice) => /pattern (\S+) in/.exec(notice)?.[1] ?? [])).toEqual(['../*', '*/*/*/*', '@(a|b)/*']);
  });
});
