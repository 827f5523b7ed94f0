import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, symlinkSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { defineRule } from '../src/rule.js';
import { testRule } from '../src/testing/index.js';
import { type Tree, tree } from './project/tree.js';

const ROOT = path.join(import.meta.dirname, '..');
const EXAMPLE = path.join(ROOT, 'docs/examples/own-rule');

function aggro(cwd: string, ...args: readonly string[]) {
  const { status, stdout, stderr } = spawnSync(process.execPath, [path.join(ROOT, 'dist/bin/aggro.js'), ...args], {
    cwd,
    encoding: 'utf8',
    env: { ...process.env, NO_COLOR: '1', COLUMNS: '100' },
  });
  return { status, stdout, stderr };
}

describe('the worked example', () => {
  it('finds what it is for', () => {
    const { status, stdout, stderr } = aggro(EXAMPLE, '--format', 'compact');
    expect({ status, stderr }).toEqual({ status: 1, stderr: '' });
    expect(stdout).toMatch(/^src\/parcel\.ts:7:14: error events-in-past-tense: ShipParcelEvent does not say what has happened\./);
  });

  it('is known to --rule, rules and explain', () => {
    expect(aggro(EXAMPLE, '--rule', 'events-in-past-tense:off', '--format', 'compact')).toEqual({ status: 0, stdout: '', stderr: '' });
    expect(aggro(EXAMPLE, 'rules').stdout).toMatch(/^events-in-past-tense +warning +recommended +Name domain events/m);
    const { stdout } = aggro(EXAMPLE, 'explain', 'events-in-past-tense');
    expect(stdout).toContain('suffix (default "Event")');
    expect(aggro(EXAMPLE, 'explain', 'events-in-past-tens').stderr).toContain('did you mean "events-in-past-tense"?');
  });

  it('is what docs/writing-rules.md shows', async () => {
    const guide = readFileSync(path.join(ROOT, 'docs/writing-rules.md'), 'utf8');
    const quoted = guide.replaceAll(/<!-- (examples\/\S+) -->\n(?:\n```\w+\n[\s\S]*?\n```\n)?/g, (_, file: string) => {
      const text = readFileSync(path.join(ROOT, 'docs', file), 'utf8').trimEnd();
      return `<!-- ${file} -->\n\n\`\`\`${path.extname(file).slice(1)}\n${text}\n\`\`\`\n`;
    });
    await expect(quoted).toMatchFileSnapshot('../docs/writing-rules.md');
    const links = [...guide.matchAll(/\]\(([^):]+)\)/g)].map(([, target = '']) => target);
    expect(links.filter((target) => !existsSync(path.join(ROOT, 'docs', target)))).toEqual([]);
    const [, command = '', shown] = /```console\n\$ npx aggro (.+)\n([\s\S]*?)\n```/.exec(guide) ?? [];
    expect(aggro(ROOT, ...command.split(' ')).stdout.trimEnd()).toBe(shown);
  });
});

const RULE = {
  title: 'T',
  why: 'W',
  remedy: 'R',
  source: 'S',
  severity: 'error',
  preset: 'recommended',
};
/** A module that default-exports a rule: `fields` over what every rule has. */
const rule = (
  id: string,
  fields = '*check(model) { for (const a of model.aggregates) yield { at: a.at, symbol: a.name, message: "M" }; }',
) => `export default { ...${JSON.stringify(RULE)}, id: ${JSON.stringify(id)}, ${fields} };`;

const SHOP: Tree = {
  'src/order.ts': 'export abstract class AggregateRoot {}\nexport class Order extends AggregateRoot { close(): void {} }\n',
  'aggro.config.json': { rulesDir: './own' },
};
const run = (files: Tree, ...args: readonly string[]) => aggro(tree({ ...SHOP, ...files }), '--format', 'compact', ...args);

describe('rules of your own', () => {
  it('are loaded from folders and packages, TypeScript or not', () => {
    const { stdout } = run({
      'aggro.config.json': { rulesDir: './own', plugins: ['@acme/rules', './tools/more.mjs'] },
      'own/first.ts': `import { defineRule } from 'aggro';\nimport { text } from './_text.js';\n${rule('first').replace('"M"', 'text as string')}`,
      'own/second.mjs': rule('second'),
      'own/_text.ts': 'export const text: string = "from a helper";',
      'own/first.test.ts': 'throw new Error("a test is no rule")',
      'own/below/readme.ts': 'throw new Error("a folder below is not read")',
      'tools/more.mjs': rule('third'),
      'node_modules/@acme/rules/package.json': { name: '@acme/rules', type: 'module', exports: './index.js' },
      'node_modules/@acme/rules/index.js': `${rule('fourth').replace('export default', 'const a =')}\nexport default [a, { ...a, id: 'fifth' }];`,
    });
    expect(stdout.split('\n').map((line) => /error (\S+): (.*)/.exec(line)?.slice(1).join(' '))).toEqual([
      'fifth M',
      'first from a helper',
      'fourth M',
      'second M',
      'third M',
      undefined,
    ]);
  });

  it('of a configuration below count there', () => {
    const { stdout } = run({
      'aggro.config.json': {},
      'packages/a/aggro.config.json': { rulesDir: 'rules', rules: { here: 'info' } },
      'packages/a/rules/here.ts': rule('here'),
      'packages/a/basket.ts': 'import { AggregateRoot } from "../../src/order";\nexport class Basket extends AggregateRoot {}\n',
    });
    expect(stdout).toMatch(/^packages\/a\/basket\.ts:2:14: info here: M\n/);
    expect(stdout).not.toContain('src/order.ts');
  });

  it.each<[string, Tree, string | RegExp]>([
    ['a folder that is not there', { 'owns/a.ts': '' }, 'aggro.config.json:1:2: there is no folder own; did you mean "owns"?'],
    ['a folder without rules', { 'own/README.md': '' }, 'aggro.config.json:1:2: own holds no rules: modules in kebab-case, one rule each.'],
    [
      'a module without a rule',
      { 'own/index.ts': 'export const a = 1;' },
      /^own\/index\.ts is no rule:\n {2}its default export is not a rule/,
    ],
    [
      'a rule that lacks something',
      { 'own/a.ts': rule('a', 'severity: "eror", why: undefined, titles: "T", options: { max: 3 }') },
      [
        'own/a.ts is no rule:',
        '  why must be a text, not undefined',
        '  severity must be error, warning, info, not "eror"; did you mean "error"?',
        '  option max must have a default (a boolean, number or text) and a description',
        '  check must be a generator over the model, not undefined',
        '  titles is no part of a rule; did you mean "title"?',
      ].join('\n'),
    ],
    ['another id than its file', { 'own/a.ts': rule('b') }, 'own/a.ts: the rule calls itself "b"; its id is the name of its file, a.'],
    [
      'the id of one of ours',
      { 'own/one-repo-per-root.ts': rule('one-repo-per-root') },
      'own has a rule "one-repo-per-root", and so has aggro; give it another id.',
    ],
    [
      'one id twice',
      { 'own/a.ts': rule('a'), 'more/a.ts': rule('a'), 'aggro.config.json': { rulesDir: ['own', 'more'] } },
      'more has a rule "a", and so has own; give it another id.',
    ],
    [
      'a package that is not installed',
      { 'aggro.config.json': { plugins: ['@acme/none'] } },
      /: the package @acme\/none is not installed\.$/,
    ],
    ['a module that throws', { 'own/a.ts': 'throw new Error("boom")' }, 'own/a.ts could not be loaded: boom'],
    ['a rule that throws', { 'own/a.ts': rule('a', '*check(model) { model.nothing.length; }') }, /^own\/a\.ts: a failed: Cannot read/],
    [
      'a finding without a place',
      { 'own/a.ts': rule('a', '*check() { yield { message: "M" }; }') },
      'own/a.ts: a yields a finding without a place (at).',
    ],
  ])('are refused: %s', (_, files, message) => {
    const { status, stdout, stderr } = run(files);
    expect({ status, stdout }).toEqual({ status: 2, stdout: '' });
    expect(stderr.trimEnd().replace(/^aggro: /, '')).toEqual(typeof message === 'string' ? message : expect.stringMatching(message));
  });

  it('do not run where no code may', () => {
    const files = { 'own/a.ts': 'throw new Error("it ran")' };
    expect(run(files, '--no-config')).toEqual({ status: 0, stdout: '', stderr: '' });
    expect(run(files, '--config-json-only').stderr).toContain('rules of your own are code, and --config-json-only runs none.');
  });

  it('may import aggro where it is installed', () => {
    const root = tree({ ...SHOP, 'own/first.ts': `import { defineRule } from 'aggro';\n${rule('first')}`, 'node_modules/x': '' });
    symlinkSync(ROOT, path.join(root, 'node_modules/aggro'));
    expect(aggro(root, '--format', 'compact').stdout).toContain('error first: M');
  });
});

describe('testRule', () => {
  const named = defineRule({
    ...RULE,
    id: 'named',
    severity: 'warning',
    preset: 'strict',
    options: { name: { default: 'Order', description: 'the name' } },
    *check(model, { name }) {
      for (const a of model.aggregates) if (a.name === name) yield { at: a.at, symbol: a.name, message: `${name} is here.` };
    },
  });
  const code = (marker = '') => ({
    'order.ts': `abstract class AggregateRoot {}\nexport class Order extends AggregateRoot {}\n${marker}`,
  });

  it('is content with exactly what the markers say', async () => {
    await testRule(named, code('//           ^^^^^ warning: named\n'));
    await testRule(named, code(), { options: { name: 'Other' } });
  });

  it('says what is missing and what is unexpected', async () => {
    await expect(testRule(named, code())).rejects.toThrow(
      'named does not find what the markers expect:\n\nunexpected  order.ts:2:14-19 warning: named\n            Order is here.',
    );
    await expect(testRule(named, code('//           ^^^^^ error: named\n'))).rejects.toThrow(
      /missing {5}order\.ts:2:14-19 error: named\n {12}export class Order/,
    );
  });

  it('says when there is no model to find anything in', async () => {
    await expect(testRule(named, { 'a.ts': 'export class A {}\n//           ^ warning: named\n' })).rejects.toThrow(
      'No aggregates are recognised in this code',
    );
  });
});
