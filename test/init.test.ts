import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { commitHook, isChange, packageScript, type Step } from '../src/init/changes.js';
import type { Surroundings } from '../src/init/inspect.js';
import { type Tree, tree } from './project/tree.js';

const ROOT = path.join(import.meta.dirname, '..');

function aggro(cwd: string, ...args: readonly string[]) {
  const { status, stdout, stderr } = spawnSync(process.execPath, [path.join(ROOT, 'dist/bin/aggro.js'), ...args], {
    cwd,
    encoding: 'utf8',
    env: { ...process.env, NO_COLOR: '1', COLUMNS: '100' },
  });
  return { status, stdout, stderr };
}

const MANIFEST =
  '{\n\t"name": "shop",\n\t"scripts": {\n\t\t"build": "tsc"\n\t},\n\t"devDependencies": { "aggro": "1", "typeorm": "1" }\n}\n';
const SHOP: Tree = {
  'package.json': MANIFEST,
  'pnpm-lock.yaml': '',
  '.github/dependabot.yml': '',
  '.husky/pre-commit': 'pnpm test\n',
  'tsconfig.json': {},
  'src/base.ts': 'export abstract class Root {}\nexport abstract class AggregateRoot extends Root {}\n',
  'src/order.ts':
    "import { AggregateRoot } from './base';\nexport class Order extends AggregateRoot {\n  private lines: string[] = [];\n  getLines(): string[] { return this.lines; }\n}\n",
  'src/customer.ts': 'export class Customer { constructor(readonly id: string) {} }\n',
  'src/customer-repository.ts':
    "import type { Customer } from './customer';\nexport interface CustomerRepository { findById(id: string): Promise<Customer>; save(customer: Customer): Promise<void>; }\n",
};

describe('aggro init --yes', () => {
  it('writes a configuration that says what was recognised, and changes nothing of what is found', () => {
    const root = tree(SHOP);
    const found = () => JSON.parse(aggro(root, '--format', 'json').stdout).violations;
    const before = found();
    expect(before).toHaveLength(1);
    const { status, stdout, stderr } = aggro(root, 'init', '--yes');
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    expect(stdout).toContain('2 × aggregate-root by AggregateRoot, without a base: Customer');
    const config = JSON.parse(readFileSync(path.join(root, 'aggro.config.json'), 'utf8'));
    expect(config).toMatchObject({
      $schema: './node_modules/aggro/config.schema.json',
      preset: 'recommended',
      model: { aggregateRoots: { bases: ['AggregateRoot'], names: ['Customer'] } },
    });
    expect(JSON.parse(aggro(root, '--format', 'json', '--no-baseline').stdout).violations).toEqual(before);
    expect(found()).toEqual([]);
    expect(aggro(root, 'baseline', 'status').stdout).toContain('1 known, 0 new, 0 gone.');
    const read = (file: string) => readFileSync(path.join(root, file), 'utf8');
    expect(read('package.json')).toBe(MANIFEST.replace('"scripts": {\n', '"scripts": {\n\t\t"aggro": "aggro lint",\n'));
    expect(read('.husky/pre-commit')).toBe('pnpm test\npnpm exec aggro lint --staged --no-table\n');
    expect(statSync(path.join(root, '.husky/pre-commit')).mode & 0o111).not.toBe(0);
    expect(parse(read('.github/workflows/aggro.yml')).jobs.aggro.steps.map((step: object) => Object.values(step)[0])).toEqual([
      'actions/checkout@v4',
      'pnpm/action-setup@v4',
      'actions/setup-node@v4',
      'pnpm install --frozen-lockfile',
      'pnpm exec aggro lint -f github',
    ]);
    const again = aggro(root, 'init', '--yes').stdout;
    expect(again).not.toContain('wrote');
    expect(again).toContain('aggro.config.json is there already and stays as it is; --force replaces it.');
    expect(aggro(root, 'init', '--yes', '--force').stdout).toContain('wrote  aggro.config.json  (changed: the configuration)');
  });

  it('shows, and writes nothing, with --dry-run; leaves another configuration alone', () => {
    const root = tree({ ...SHOP, '.aggrorc.yaml': 'preset: all\n' });
    const { stdout } = aggro(root, 'init', '--yes', '--dry-run', '--force');
    expect(stdout).toContain('.aggrorc.yaml is there already and stays as it is.');
    expect(stdout).toContain('would write  package.json  (changed: a script: aggro)\n  + \t\t"aggro": "aggro lint",\n');
    expect(readFileSync(path.join(root, 'package.json'), 'utf8')).toBe(MANIFEST);
    expect(existsSync(path.join(root, '.github/workflows'))).toBe(false);
  });

  it('writes TypeScript that is a configuration, too', () => {
    const root = tree({ ...SHOP, 'src/shop.ts': '' });
    aggro(root, 'init', '--yes', '--format', 'ts');
    expect(readFileSync(path.join(root, 'aggro.config.ts'), 'utf8')).toContain("names: [\n        'Customer'\n      ]");
    expect(JSON.parse(aggro(root, 'doctor', '--print-config').stdout)).toMatchObject({ sources: ['aggro.config.ts'] });
  });

  it('leaves out what would change a finding', () => {
    // By its name a second Customer, which is none, would become a root.
    const root = tree({ ...SHOP, 'src/views/customer.ts': 'export class Customer { readonly tags: string[] = []; }\n' });
    expect(aggro(root, 'init', '--yes').stdout).toContain('that would change what is found: aggregateRoots.names.');
    expect(JSON.parse(readFileSync(path.join(root, 'aggro.config.json'), 'utf8')).model.aggregateRoots).toEqual({
      bases: ['AggregateRoot'],
    });
  });

  it('asks nobody where nobody can answer', () => {
    const { status, stderr } = aggro(tree(SHOP), 'init');
    expect(status).toBe(2);
    expect(stderr).toContain('say --yes');
  });
});

describe('a commit hook', () => {
  const hook = (hookTool: Surroundings['hookTool'], files: Tree): Step => {
    const cwd = tree(files);
    const file = path.join(cwd, 'package.json');
    return commitHook({
      cwd,
      packageManager: 'npm',
      ...(existsSync(file) ? { manifest: readFileSync(file, 'utf8') } : {}),
      frameworks: [],
      orms: [],
      workspaces: 0,
      tsconfigs: [],
      ...(hookTool ? { hookTool } : {}),
      onGitHub: false,
      dependsOnAggro: true,
      configurations: [],
    });
  };
  const outcome = (step: Step): string => (isChange(step) ? step.after : step.why);

  it('is added to lefthook, comments kept', () => {
    const text = '# ours\npre-commit:\n  commands:\n    # fast\n    test:\n      run: npm test\n';
    const added = outcome(hook('lefthook', { 'lefthook.yml': text }));
    expect(added.startsWith(text)).toBe(true);
    expect(parse(added)['pre-commit'].commands.aggro).toEqual({
      glob: '*.{ts,tsx,mts,cts}',
      run: 'npx --no aggro lint --staged --no-table',
    });
    expect(
      parse(outcome(hook('lefthook', { 'lefthook.yml': 'pre-commit:\n  jobs:\n    - run: npm test\n' })))['pre-commit'].jobs,
    ).toHaveLength(2);
  });

  it('is added to the pre-commit framework', () => {
    const text = 'repos:\n  # ours\n  - repo: https://example.org/hooks\n    rev: v1\n    hooks:\n      - id: a\n';
    const added = outcome(hook('pre-commit', { '.pre-commit-config.yaml': text }));
    expect(added.startsWith(text)).toBe(true);
    expect(parse(added).repos[1]).toMatchObject({ repo: 'local', hooks: [{ id: 'aggro', pass_filenames: false }] });
    expect(outcome(hook('pre-commit', { '.pre-commit-config.yaml': added }))).toBe('.pre-commit-config.yaml runs aggro already.');
  });

  it('is added to lint-staged where that is data', () => {
    const added = outcome(hook('lint-staged', { 'package.json': { 'lint-staged': { '*.ts': 'eslint' } } }));
    expect(JSON.parse(added)['lint-staged']).toEqual({
      '*.ts': 'eslint',
      '*.{ts,tsx,mts,cts}': ["sh -c 'aggro lint --staged --no-table'"],
    });
    expect(outcome(hook('lint-staged', { 'package.json': {} }))).toContain('set up in code');
  });

  it('is left to the reader where husky is of old', () => {
    expect(outcome(hook('husky', { 'package.json': { husky: { hooks: {} } } }))).toContain('version 4');
  });

  it('and a script go into a package.json of any shape', () => {
    const script = (manifest: string) => {
      const step = packageScript({
        cwd: '/',
        packageManager: 'npm',
        manifest,
        frameworks: [],
        orms: [],
        workspaces: 0,
        tsconfigs: [],
        onGitHub: false,
        dependsOnAggro: true,
        configurations: [],
      });
      return JSON.parse(outcome(step)).scripts;
    };
    expect(script('{"scripts":{"a":"b"}}')).toEqual({ aggro: 'aggro lint', a: 'b' });
    expect(script('{ "scripts": {} }')).toEqual({ aggro: 'aggro lint' });
    expect(script('{\n  "name": "x"\n}')).toEqual({ aggro: 'aggro lint' });
    expect(script('{"name":"x"}')).toEqual({ aggro: 'aggro lint' });
  });
});
