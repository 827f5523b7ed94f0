import { symlinkSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { resolverIn, tree } from './tree.js';

describe('relative specifiers', () => {
  it('mean a source, by its emitted name, too', () => {
    const sources = [
      'a.ts',
      'b.tsx',
      'c.d.ts',
      'm.mts',
      'n.cts',
      'dir/index.ts',
      'order.entity.ts',
      'both.ts',
      'both/index.ts',
      'main.ts',
      'lib.js.ts',
    ];
    const resolve = resolverIn(
      tree({ ...Object.fromEntries(sources.map((file) => [`src/${file}`, ''])), 'src/data.json': {}, 'index.ts': '' }),
    );
    const meanings = {
      './a': 'src/a.ts',
      './a.js': 'src/a.ts',
      './a.ts': 'src/a.ts',
      './b': 'src/b.tsx',
      './b.js': 'src/b.tsx',
      './b.jsx': 'src/b.tsx',
      './c': 'src/c.d.ts',
      './m.mjs': 'src/m.mts',
      './n.cjs': 'src/n.cts',
      './dir': 'src/dir/index.ts',
      './dir/': 'src/dir/index.ts',
      './dir/index.js': 'src/dir/index.ts',
      './order.entity': 'src/order.entity.ts',
      './both': 'src/both.ts',
      './both/': 'src/both/index.ts',
      './lib.js': 'src/lib.js.ts',
      '..': 'index.ts',
      '../src/a': 'src/a.ts',
      './data.json': undefined,
      './nowhere': undefined,
      express: undefined,
    };
    expect(Object.fromEntries(Object.keys(meanings).map((each) => [each, resolve('src/main.ts', each)]))).toEqual(meanings);
    expect(resolve('src/dir/index.ts', '.')).toBe('src/dir/index.ts');
  });

  it('lead through symbolic links to the path that counts', () => {
    const root = tree({ 'src/a.ts': '', 'shared/b.ts': '', 'src/real.ts': '' });
    symlinkSync('../shared', path.join(root, 'src/shared'));
    symlinkSync('real.ts', path.join(root, 'src/link.ts'));
    const resolve = resolverIn(root);
    expect(resolve('src/a.ts', './shared/b')).toBe('shared/b.ts');
    expect(resolve('src/a.ts', './link')).toBe('src/real.ts');
  });

  it('mean nothing where the file is left out', () => {
    expect(resolverIn(tree({ 'a.ts': '', 'generated/b.ts': '' }))('a.ts', './generated/b')).toBeUndefined();
  });
});

describe('aliases', () => {
  it('come from paths and baseUrl of the nearest tsconfig', () => {
    const resolve = resolverIn(
      tree({
        'tsconfig.json': {
          compilerOptions: {
            baseUrl: './src',
            paths: { '@app/*': ['app/*'], '@app/special/*': ['nowhere/*', 'special/*'], config: ['config/index.ts'] },
          },
        },
        'src/app/order.ts': '',
        'src/special/s.ts': '',
        'src/config/index.ts': '',
        'src/domain/money.ts': '',
      }),
    );
    expect(resolve('src/app/order.ts', '@app/order')).toBe('src/app/order.ts');
    expect(resolve('src/app/order.ts', '@app/special/s')).toBe('src/special/s.ts');
    expect(resolve('src/app/order.ts', 'config')).toBe('src/config/index.ts');
    expect(resolve('src/app/order.ts', 'domain/money.js')).toBe('src/domain/money.ts');
    expect(resolve('src/app/order.ts', '@app/nowhere')).toBeUndefined();
  });

  it('come from extended, sibling, referenced and parent tsconfigs', () => {
    const resolve = resolverIn(
      tree({
        'tsconfig.base.json': { compilerOptions: { paths: { '@libs/*': ['./libs/*/src'] } } },
        'libs/ddd/src/index.ts': '',
        'apps/shop/tsconfig.json': { files: [], references: [{ path: './tsconfig.app.json' }] },
        'apps/shop/tsconfig.app.json': { extends: ['./aliases.json', '@tsconfig/not-installed'], include: ['src'] },
        'apps/shop/aliases.json': { compilerOptions: { paths: { '~domain/*': ['./src/domain/*'] } } },
        'apps/shop/src/domain/order.ts': '',
      }),
    );
    expect(resolve('apps/shop/src/domain/order.ts', '@libs/ddd')).toBe('libs/ddd/src/index.ts');
    expect(resolve('apps/shop/src/domain/order.ts', '~domain/order')).toBe('apps/shop/src/domain/order.ts');
  });

  it('are those of the nearest package where several define the same', () => {
    const app = (name: string) => ({
      [`${name}/tsconfig.json`]: { compilerOptions: { paths: { '@/*': ['./src/*'] } } },
      [`${name}/src/order.ts`]: '',
    });
    const resolve = resolverIn(tree({ ...app('one'), ...app('two') }));
    expect(resolve('one/src/order.ts', '@/order')).toBe('one/src/order.ts');
    expect(resolve('two/src/order.ts', '@/order')).toBe('two/src/order.ts');
  });

  it('go by convention where no tsconfig says anything', () => {
    const resolve = resolverIn(tree({ 'app/src/a/a.ts': '', 'app/src/b.ts': '', 'src/b.ts': '' }));
    expect(resolve('app/src/a/a.ts', '@/b')).toBe('app/src/b.ts');
    expect(resolve('app/src/a/a.ts', '~/b')).toBe('app/src/b.ts');
    expect(resolve('app/src/a/a.ts', 'src/b.js')).toBe('app/src/b.ts');
  });

  it('are those that the configuration names, before any other', () => {
    const root = tree({
      'tsconfig.json': { compilerOptions: { paths: { x: ['./a.ts'] } } },
      'tsconfig.lint.json': { compilerOptions: { paths: { x: ['./b.ts'] } } },
      'a.ts': '',
      'b.ts': '',
    });
    expect(resolverIn(root)('a.ts', 'x')).toBe('a.ts');
    expect(resolverIn(root, { config: { tsconfig: ['tsconfig.lint.json'] } })('a.ts', 'x')).toBe('b.ts');
  });
});

describe('packages of the workspace', () => {
  const inWorkspace = (packageJson: object, files: readonly string[]) =>
    resolverIn(
      tree({
        'package.json': { workspaces: ['packages/*'] },
        'main.ts': '',
        'packages/ddd/package.json': { name: '@acme/ddd', ...packageJson },
        ...Object.fromEntries(files.map((file) => [`packages/ddd/${file}`, ''])),
      }),
    );
  const entry = (packageJson: object, files: readonly string[], specifier = '@acme/ddd') =>
    inWorkspace(packageJson, files)('main.ts', specifier);

  it.each([
    ['main, not built', { main: 'dist/index.js' }, 'src/index.ts'],
    ['types, not built', { types: './dist/types/main.d.ts' }, 'src/main.ts'],
    ['main without src', { main: './lib/start.js' }, 'start.ts'],
    ['nothing', {}, 'src/index.ts'],
    ['nothing', {}, 'index.ts'],
    ['exports as a string', { exports: './dist/esm/start.mjs' }, 'src/start.mts'],
    [
      'conditions',
      { exports: { require: './dist/x.cjs', import: { types: './dist/main.d.ts', default: './dist/other.js' } } },
      'src/main.ts',
    ],
    ['source first', { exports: { '.': { import: './src/index.ts', source: './src/source.ts' } } }, 'src/source.ts'],
    ['an array', { exports: { '.': [{ import: './dist/main.js' }, './dist/x.js'] } }, 'src/main.ts'],
  ])('are entered by %s', (_, packageJson, file) => {
    expect(entry(packageJson, [file])).toBe(`packages/ddd/${file}`);
  });

  it('have subpaths, exact and by pattern', () => {
    const exports = {
      './entity': './dist/base/entity.js',
      './events/*': { default: './dist/events/*.js' },
      './events/special/*': './dist/s/*.js',
    };
    const files = ['src/base/entity.ts', 'src/events/placed.ts', 'src/s/x.ts', 'src/deep/internal.ts'];
    const resolve = inWorkspace({ exports }, files);
    expect(resolve('main.ts', '@acme/ddd/entity')).toBe('packages/ddd/src/base/entity.ts');
    expect(resolve('main.ts', '@acme/ddd/events/placed')).toBe('packages/ddd/src/events/placed.ts');
    expect(resolve('main.ts', '@acme/ddd/events/special/x')).toBe('packages/ddd/src/s/x.ts');
    expect(resolve('main.ts', '@acme/ddd/src/deep/internal')).toBe('packages/ddd/src/deep/internal.ts');
    expect(resolve('main.ts', '@acme/ddd/dist/deep/internal')).toBe('packages/ddd/src/deep/internal.ts');
    expect(resolve('main.ts', '@acme/ddd/nowhere')).toBeUndefined();
    expect(resolve('main.ts', '@acme/other')).toBeUndefined();
  });

  it('know themselves by name, and their own imports', () => {
    const imports = { '#domain/*': './dist/domain/*.js', '#ddd': '@acme/ddd' };
    const resolve = inWorkspace({ imports }, ['src/index.ts', 'src/domain/order.ts']);
    expect(resolve('packages/ddd/src/domain/order.ts', '#domain/order')).toBe('packages/ddd/src/domain/order.ts');
    expect(resolve('packages/ddd/src/domain/order.ts', '#ddd')).toBe('packages/ddd/src/index.ts');
    expect(resolve('packages/ddd/src/domain/order.ts', '@acme/ddd')).toBe('packages/ddd/src/index.ts');
    expect(resolve('main.ts', '#domain/order')).toBeUndefined();
  });
});
