import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { DEFAULT_CONFIG, loadConfig } from '../src/config.js';
import { closest } from '../src/did-you-mean.js';
import { UsageError } from '../src/errors.js';
import { tree } from './project/tree.js';

const rules = { rules: { 'one-repo-per-root': 'error' } };
const severityIn = async (root: string, file?: string) => (await loadConfig({ cwd: root, file })).rules['one-repo-per-root']?.severity;

describe('where a configuration is found', () => {
  it('is none by default', async () => {
    expect(await loadConfig({ cwd: tree({ 'package.json': { devDependencies: { aggro: '1' } } }) })).toEqual(DEFAULT_CONFIG);
  });

  it.each([
    ['aggro.config.json', rules],
    ['aggro.config.mjs', `export default ${JSON.stringify(rules)}`],
    ['aggro.config.cjs', `module.exports = ${JSON.stringify(rules)}`],
    ['aggro.config.js', `module.exports = ${JSON.stringify(rules)}`],
    [
      'aggro.config.ts',
      `import { defineConfig, type UserConfig } from 'aggro';\nconst it: UserConfig = ${JSON.stringify(rules)};\nexport default defineConfig(it);`,
    ],
    ['aggro.config.mts', `import { defineConfig } from 'aggro';\nexport default defineConfig(${JSON.stringify(rules)});`],
    ['.aggrorc', 'rules:\n  one-repo-per-root: error\n'],
    ['.aggrorc.json', rules],
    ['.aggrorc.yaml', 'rules:\n  one-repo-per-root: error\n'],
    ['.aggrorc.yml', 'rules: { one-repo-per-root: error }'],
    ['package.json', { name: 'x', aggro: rules }],
  ])('may be %s', async (name, content) => {
    const root = tree({ [name]: content });
    expect(await loadConfig({ cwd: root })).toMatchObject({
      source: path.join(root, name),
      rules: { 'one-repo-per-root': { severity: 'error' } },
    });
  });

  it('is the nearest upwards, past packages, up to the repository', async () => {
    const root = tree({
      'aggro.config.json': rules,
      'packages/a/package.json': {},
      'packages/b/.aggrorc.json': { rules: { 'one-repo-per-root': 'off' } },
      'nested/.git/HEAD': '',
    });
    expect(await severityIn(path.join(root, 'packages/a'))).toBe('error');
    expect(await severityIn(path.join(root, 'packages/b'))).toBe('off');
    expect(await severityIn(path.join(root, 'nested'))).toBeUndefined();
  });

  it('is the file that is named', async () => {
    const root = tree({
      'aggro.config.json': rules,
      'ci/strict.json': { preset: 'strict' },
      'ci/strict.ts': 'export default { preset: "strict" } as const',
    });
    expect((await loadConfig({ cwd: root, file: 'ci/strict.json' })).preset).toBe('strict');
    expect((await loadConfig({ cwd: root, file: 'ci/strict.ts' })).preset).toBe('strict');
    await expect(loadConfig({ cwd: root, file: 'ci/none.json' })).rejects.toThrow(/ci\/none\.json does not exist/);
  });
});

describe('what a configuration means', () => {
  it('is one shape for all spellings', async () => {
    const root = tree({
      '.aggrorc.json': {
        $schema: 'https://example.org/schema.json',
        include: ['src'],
        exclude: ['**/*.dto.ts'],
        tsconfig: 'tsconfig.app.json',
        preset: 'all',
        rules: { a: 'warn', b: ['info', { max: 3 }], c: 'off' },
        model: { aggregateRoots: ['*Aggregate', 'src/domain/*/root.ts'], entities: { bases: ['Base'], decorators: ['@Entity'] } },
      },
      'sub/a.ts': '',
    });
    const nothing = { names: [], files: [], bases: [], decorators: [], tags: [], suffixes: [] };
    expect(await loadConfig({ cwd: root })).toEqual({
      source: path.join(root, '.aggrorc.json'),
      include: ['src'],
      exclude: ['**/*.dto.ts'],
      tsconfig: ['tsconfig.app.json'],
      preset: 'all',
      rules: { a: { severity: 'warning', options: {} }, b: { severity: 'info', options: { max: 3 } }, c: { severity: 'off', options: {} } },
      model: {
        'aggregate-root': { ...nothing, names: ['*Aggregate'], files: ['src/domain/*/root.ts'] },
        entity: { ...nothing, bases: ['Base'], decorators: ['Entity'] },
      },
    });
    const fromSub = await loadConfig({ cwd: path.join(root, 'sub') });
    expect(fromSub.model['aggregate-root']?.files).toEqual(['../src/domain/*/root.ts']);
  });
});

describe('what is refused', () => {
  const refusal = async (content: object | string, name = 'aggro.config.json') => {
    const error: unknown = await loadConfig({ cwd: tree({ [name]: content }) }).catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(UsageError);
    return error instanceof Error ? error.message : '';
  };

  it('is an unknown key, with what was meant, the file and the path of keys', async () => {
    expect(await refusal({ rulez: {} })).toBe(
      'aggro.config.json is not a valid configuration:\n  rulez: unknown key; did you mean "rules"?',
    );
    expect(await refusal({ model: { aggregateRoot: [] } })).toContain('model.aggregateRoot: unknown key; did you mean "aggregateRoots"?');
    expect(await refusal({ model: { entities: { base: ['X'] } } })).toContain('model.entities.base: unknown key; did you mean "bases"?');
    expect(await refusal({ zzzzzz: 1 })).toContain('zzzzzz: unknown key; known are $schema, include');
    expect(await refusal({ name: 'x', aggro: { presset: 'all' } }, 'package.json')).toContain(
      'aggro.presset: unknown key; did you mean "preset"?',
    );
  });

  it('is a wrong value', async () => {
    expect(await refusal({ preset: 'strikt' })).toContain(
      'preset: "strikt" is not one of recommended, strict, all; did you mean "strict"?',
    );
    expect(await refusal({ rules: { a: 'warning' } })).toContain('rules.a: "warning" is not one of off, info, warn, error');
    expect(await refusal({ rules: { a: ['eror', {}] } })).toContain(
      'rules.a.0: "eror" is not one of off, info, warn, error; did you mean "error"?',
    );
    expect(await refusal({ rules: { a: 2 } })).toContain('rules.a: ');
    expect(await refusal({ include: 'src' })).toContain('include: ');
    expect(await refusal({ model: { entities: [1] } })).toContain('model.entities.0: ');
    expect(await refusal('"text"')).toContain('the configuration: ');
  });

  it('is a file that cannot be read, with the place', async () => {
    expect(await refusal('{\n  "rules": {,}\n}')).toMatch(/aggro\.config\.json[\s\S]*(line 2|2:|position)/);
    expect(await refusal('throw new Error("boom")', 'aggro.config.ts')).toContain('boom');
    expect(await refusal('export default {', 'aggro.config.ts')).toMatch(/Could not read the configuration/);
  });
});

describe('did you mean', () => {
  it('suggests the nearest, and nothing far off', () => {
    expect(closest('one-repo-per-rot', ['one-repo-per-root', 'no-object-refs-across-aggregates'])).toBe('one-repo-per-root');
    expect(closest('RULES', ['rules', 'roles'])).toBe('rules');
    expect(closest('x', ['rules', 'model'])).toBeUndefined();
    expect(closest('banana', ['rules', 'model'])).toBeUndefined();
  });
});
