import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { DEFAULT_CONFIG, loadConfig } from '../src/config.js';
import { closest } from '../src/did-you-mean.js';
import { UsageError } from '../src/errors.js';
import { type Tree, tree } from './project/tree.js';

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
      sources: [path.join(root, '.aggrorc.json')],
      include: ['src'],
      exclude: ['**/*.dto.ts'],
      tsconfig: ['tsconfig.app.json'],
      preset: 'all',
      rules: {
        a: { severity: 'warning', at: expect.stringMatching(/^\.aggrorc\.json:1:\d+$/) },
        b: { severity: 'info', options: { max: 3 }, at: expect.anything(), optionsAt: { max: expect.anything() } },
        c: { severity: 'off', at: expect.anything() },
      },
      overrides: [],
      ruleSources: [],
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
      'aggro.config.json is not a valid configuration:\n  aggro.config.json:1:2  rulez: unknown key; did you mean "rules"?',
    );
    expect(await refusal({ model: { aggregateRoot: [] } })).toContain('model.aggregateRoot: unknown key; did you mean "aggregateRoots"?');
    expect(await refusal({ model: { entities: { base: ['X'] } } })).toContain('model.entities.base: unknown key; did you mean "bases"?');
    expect(await refusal({ zzzzzz: 1 })).toContain('zzzzzz: unknown key; known are $schema, root, extends');
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
    expect(await refusal('{\n  "rules": {,}\n}')).toMatch(/^aggro\.config\.json:2:13 is no JSON: /);
    expect(await refusal('{\n  "rules": {')).toMatch(/^aggro\.config\.json:2:13 is no JSON: /);
    expect(await refusal('rules:\n  a: warn\n b: off\n', '.aggrorc.yaml')).toMatch(/^\.aggrorc\.yaml:3:\d+ is no YAML: /);
    expect(await refusal('throw new Error("boom")', 'aggro.config.ts')).toContain('boom');
    expect(await refusal('export default {', 'aggro.config.ts')).toMatch(/Could not read the configuration/);
  });
});

describe('places', () => {
  const placed = async (content: string, name: string) =>
    String(
      await loadConfig({ cwd: tree({ [name]: content }) }).catch((reason: unknown) => (reason instanceof Error ? reason.message : '')),
    );

  it('are given for JSON with comments and trailing commas, YAML and package.json', async () => {
    const json = '{\n\t// ours\n\t"rules": {\n\t\t"a": "eror", /* b */\n\t},\n}\n';
    expect(await placed(json, 'aggro.config.json')).toContain('aggro.config.json:4:3  rules.a: "eror" is not one of');
    expect(await placed('rules:\n  a: [warn, {}]\n  b: 3\n', '.aggrorc')).toContain('.aggrorc:3:3  rules.b: ');
    expect(await placed('{\n  "name": "x",\n  "aggro": {\n    "presset": "all"\n  }\n}', 'package.json')).toContain(
      'package.json:4:5  aggro.presset: unknown key',
    );
    expect(await placed('{ "model": { "entities": { "bases": ["A", 3] } } }', 'aggro.config.json')).toContain(
      'aggro.config.json:1:43  model.entities.bases.1: ',
    );
  });
});

describe('places in code', () => {
  const refusal = async (name: string, content: string): Promise<string> => {
    const cwd = tree({ [name]: content });
    return loadConfig({ cwd }).then(
      () => '',
      (reason: unknown) => String(reason instanceof Error ? reason.message : reason),
    );
  };

  it.each([
    [
      'aggro.config.ts',
      "import { defineConfig } from 'aggro';\n\nexport default defineConfig({\n  rules: {\n    a: 'eror',\n  },\n});\n",
      '5:5  rules.a: "eror"',
    ],
    [
      'aggro.config.ts',
      "const rules = { 'a': ['warn', {}], b: 3 };\nconst config = { rules } as const;\nexport default (config satisfies object);\n",
      '1:36  rules.b: ',
    ],
    ['aggro.config.cjs', "module.exports = {\n  model: { entities: { bases: ['A', 3] } },\n};\n", '2:37  model.entities.bases.1: '],
    ['aggro.config.mjs', "export default { preset: 'all', presset: 'all' };\n", '1:33  presset: unknown key'],
    // What comes from elsewhere is placed where it comes in.
    ['aggro.config.mjs', "const own = () => ({ include: 'src' });\nexport default {\n  ...own() };\n", '2:16  include: '],
    ['aggro.config.mjs', "const own = ['a', 3];\nexport default { include: [...own] };\n", '2:18  include.1: '],
    ['aggro.config.mjs', 'const config = 3;\nexport { config as default };\n', '  the configuration: '],
  ])('%s: %j', async (name, content, expected) => {
    const message = await refusal(name, content);
    expect(message).toContain(expected);
    expect(message.includes(`${name}:`)).toBe(/^\d/.test(expected));
  });

  it('are told of rules, too', async () => {
    const cwd = tree({ 'aggro.config.mjs': "export default {\n  rules: { 'one-repo-per-root': ['warn', {}] },\n};\n" });
    expect((await loadConfig({ cwd })).rules['one-repo-per-root']?.at).toBe('aggro.config.mjs:2:12');
  });
});

describe('extends', () => {
  it('starts from files, the later over the earlier, and its own over both', async () => {
    const root = tree({
      'aggro.config.json': {
        extends: ['./config/base.json', './config/loud.yaml'],
        exclude: ['src/legacy'],
        rules: { b: 'info' },
        model: { entities: ['Own'] },
      },
      'config/base.json': {
        preset: 'strict',
        exclude: ['old', 'vendor/*.ts'],
        rules: { a: 'warn', b: ['error', { max: 3 }] },
        model: { entities: ['Base', 'domain/*.ts'] },
      },
      'config/loud.yaml': 'preset: all\nrules:\n  a: error\n',
    });
    const config = await loadConfig({ cwd: root });
    expect(config).toMatchObject({
      preset: 'all',
      exclude: ['old', 'config/vendor/*.ts', 'src/legacy'],
      rules: { a: { severity: 'error', at: 'config/loud.yaml:3:3' }, b: { severity: 'info', options: { max: 3 } } },
      model: { entity: { names: ['Base', 'Own'], files: ['config/domain/*.ts'] } },
    });
    expect(config.sources.map((each) => path.relative(root, each))).toEqual(['config/base.json', 'config/loud.yaml', 'aggro.config.json']);
  });

  it('starts from packages, whose globs are those of the file that names them', async () => {
    const root = tree({
      'packages/a/aggro.config.json': { extends: ['@acme/aggro-config', 'plain/strict.json'], root: true },
      'node_modules/@acme/aggro-config/package.json': { name: '@acme/aggro-config', type: 'module', exports: './index.js' },
      'node_modules/@acme/aggro-config/index.js': 'export default { exclude: ["src/gen"], rules: { a: "warn" } };',
      'node_modules/plain/package.json': { name: 'plain' },
      'node_modules/plain/strict.json': { extends: './base.json', preset: 'strict' },
      'node_modules/plain/base.json': { rules: { b: 'off' } },
    });
    expect(await loadConfig({ cwd: path.join(root, 'packages/a') })).toMatchObject({
      preset: 'strict',
      exclude: ['src/gen'],
      rules: { a: { severity: 'warning' }, b: { severity: 'off' } },
    });
  });

  it('says what it cannot find, and where that is written', async () => {
    const refused = async (files: Tree) =>
      loadConfig({ cwd: tree(files) }).then(
        () => '',
        (reason: unknown) => (reason instanceof Error ? reason.message : ''),
      );
    expect(await refused({ 'aggro.config.json': '{\n  "extends": ["./bas.json"]\n}' })).toBe(
      'aggro.config.json:2:15: extends ./bas.json, which is no file.',
    );
    expect(await refused({ 'aggro.config.json': { extends: './base.yml' }, 'base.yaml': '' })).toContain('did you mean "base.yaml"?');
    expect(await refused({ 'aggro.config.json': { extends: 'base.json' }, 'base.json': {} })).toContain(
      'extends the package base.json, which is not installed; a file is written ./base.json.',
    );
    expect(await refused({ 'aggro.config.json': { extends: './a.json' }, 'a.json': { extends: './aggro.config.json' } })).toBe(
      'a.json:1:2: extends ./aggro.config.json, which extends it in turn.',
    );
    expect(await refused({ 'aggro.config.json': { extends: './a.json' }, 'a.json': { rulez: 1 } })).toContain('a.json:1:2  rulez');
  });
});

describe('a configuration in a directory above', () => {
  const files = {
    'aggro.config.json': { preset: 'strict', exclude: ['src/old'], rules: { a: 'warn', b: 'off' } },
    'packages/a/aggro.config.json': { rules: { a: 'error' } },
    'packages/b/aggro.config.json': { root: true, rules: { a: 'error' } },
  };

  it('is extended, unless the nearer one is a root', async () => {
    const root = tree(files);
    expect(await loadConfig({ cwd: path.join(root, 'packages/a') })).toMatchObject({
      preset: 'strict',
      exclude: ['../../src/old'],
      rules: { a: { severity: 'error' }, b: { severity: 'off' } },
    });
    const { preset, rules } = await loadConfig({ cwd: path.join(root, 'packages/b') });
    expect([preset, Object.keys(rules)]).toEqual(['recommended', ['a']]);
  });
});

describe('what may not run', () => {
  const code = { 'aggro.config.ts': 'throw new Error("it ran")' };

  it('is nothing at all without a configuration', async () => {
    expect(await loadConfig({ cwd: tree(code), file: false })).toMatchObject({ ...DEFAULT_CONFIG });
  });

  it('is code where only data is wanted, extended or not', async () => {
    const refused = /aggro\.config\.ts is code, and --config-json-only runs none/;
    await expect(loadConfig({ cwd: tree(code), dataOnly: true })).rejects.toThrow(refused);
    await expect(loadConfig({ cwd: tree(code), file: 'aggro.config.ts', dataOnly: true })).rejects.toThrow(refused);
    const extending = tree({ ...code, '.aggrorc.json': { extends: './base.js' }, 'base.js': 'throw new Error("it ran")' });
    await expect(loadConfig({ cwd: extending, file: '.aggrorc.json', dataOnly: true })).rejects.toThrow(/base\.js is code/);
    expect(await loadConfig({ cwd: tree({ '.aggrorc.yaml': 'preset: all' }), dataOnly: true })).toMatchObject({ preset: 'all' });
  });
});

describe('aggro.config.ts needs no TypeScript', () => {
  const config = {
    'aggro.config.ts':
      'import { defineConfig } from "aggro";\nenum E { A = "all" }\nexport default defineConfig({ preset: E.A as "all" });',
  };

  it.each<[string, Tree]>([
    ['none', {}],
    ['one without an API', { 'node_modules/typescript/package.json': { name: 'typescript', version: '7.0.0', bin: './tsc' } }],
    ['one that throws', { 'node_modules/typescript/index.js': 'throw new Error("wrong platform")' }],
  ])('with %s installed', async (_, installed) => {
    expect((await loadConfig({ cwd: tree({ ...config, ...installed }) })).preset).toBe('all');
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
