import { readFileSync } from 'node:fs';
import path from 'node:path';
import { Ajv } from 'ajv';
import ts from 'typescript';
import { describe, expect, it } from 'vitest';
import { configSchema, ruleSettings } from '../src/config/published.js';
import { loadRules } from '../src/load-rules.js';

const ROOT = path.join(import.meta.dirname, '..');
const read = (file: string): string => readFileSync(path.join(ROOT, file), 'utf8');

describe('config.schema.json', () => {
  it('is what the build made of the schema that checks, and of the rules', async () => {
    expect(JSON.parse(read('config.schema.json'))).toEqual(await configSchema(await loadRules()));
  });

  it('accepts what is a configuration', () => {
    const validate = new Ajv({ strict: true, allowUnionTypes: true }).compile(JSON.parse(read('config.schema.json')));
    const accepts = (config: unknown): boolean => validate(config);
    const rules = { 'one-repo-per-root': 'off', 'small-aggregates': ['warn', { maxEntities: 5 }], 'our-own': ['info', { any: 1 }] };
    expect(
      accepts({
        $schema: 'x',
        root: true,
        extends: ['./base.json'],
        include: ['src'],
        exclude: ['src/legacy'],
        tsconfig: 'tsconfig.json',
        preset: 'all',
        rules,
        overrides: [{ files: '*.ts', excludeFiles: ['a.ts'], rules }],
        model: { aggregateRoots: ['*Aggregate'], entities: { bases: ['Base'] } },
        rulesDir: 'rules',
        plugins: ['@acme/aggro-rules'],
      }),
    ).toBe(true);
    expect(accepts({})).toBe(true);
    for (const wrong of [
      { rulez: {} },
      { preset: 'strikt' },
      { rules: { 'one-repo-per-root': 'warning' } },
      { rules: { 'small-aggregates': ['warn', { maxEntitys: 5 }] } },
      { rules: { 'small-aggregates': ['warn', { maxEntities: '5' }] } },
      { overrides: [{ rules: {} }] },
      { model: { entities: { base: ['X'] } } },
    ])
      expect(accepts(wrong), JSON.stringify(wrong)).toBe(false);
  });
});

describe('defineConfig', () => {
  it('has the types that the build made of the rules', async () => {
    expect(read('dist/src/rule-settings.d.ts')).toBe(ruleSettings(await loadRules()));
  });

  /** What the compiler says of configurations that import the built package, in their order. */
  const complaints = (configs: readonly string[]): string[] => {
    const files = new Map(
      configs.map((config, index) => [
        path.join(ROOT, `test/${index}.config.ts`),
        `import { defineConfig } from '../dist/src/index.js';\nexport default defineConfig(${config});`,
      ]),
    );
    const options: ts.CompilerOptions = {
      strict: true,
      noEmit: true,
      module: ts.ModuleKind.NodeNext,
      target: ts.ScriptTarget.ES2022,
      types: [],
    };
    const host = ts.createCompilerHost(options);
    const { getSourceFile, fileExists } = host;
    host.fileExists = (name) => files.has(name) || fileExists(name);
    host.getSourceFile = (name, ...rest) => {
      const text = files.get(name);
      return text === undefined ? getSourceFile(name, ...rest) : ts.createSourceFile(name, text, ts.ScriptTarget.ES2022);
    };
    const found = ts.getPreEmitDiagnostics(ts.createProgram([...files.keys()], options, host));
    return [...files.keys()].map((name) =>
      found
        .filter(({ file }) => file?.fileName === name)
        .map(({ messageText }) => ts.flattenDiagnosticMessageText(messageText, ' '))
        .join(),
    );
  };

  it('knows the options of each rule, and leaves room for rules of your own', () => {
    expect(
      complaints([
        `{ rules: { 'one-repo-per-root': 'warn', 'small-aggregates': ['warn', { maxEntities: 5 }], 'our-own': ['info', { a: 1 }] } }`,
        `{ rules: { 'small-aggregates': ['warn', { maxEntitees: 5 }] } }`,
        `{ rules: { 'small-aggregates': ['warn', { maxEntities: '5' }] } }`,
        `{ rules: { 'one-repo-per-root': 'warning' } }`,
        `{ overrides: [{ files: '*.ts', rules: { 'no-multi-aggregate-handlers': ['off', { allowLoop: true }] } }] }`,
      ]),
    ).toEqual([
      '',
      expect.stringContaining('maxEntitees'),
      expect.stringContaining("Type 'string' is not assignable to type 'number'"),
      expect.stringContaining('"warning"'),
      expect.stringContaining('allowLoop'),
    ]);
  });

  it('completes the ids', () => {
    expect(ruleSettings([])).not.toContain('one-repo-per-root');
    expect(read('dist/src/rule-settings.d.ts')).toContain("readonly 'one-repo-per-root'?:");
  });
});
