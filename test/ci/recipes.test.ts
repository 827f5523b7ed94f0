import { spawnSync } from 'node:child_process';
import { chmodSync, existsSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import picomatch from 'picomatch';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { type Block, blocksOf, deadLinks, documentText } from '../support/documents.js';
import { ROOT } from '../support/own-imports.js';
import { commit, git, project, write } from '../support/projects.js';
import { ACTION, filled, runAction } from '../support/runner.js';
import { BAD, GOOD, OLD, SOUND } from '../support/shop-sources.js';
import { installed } from '../support/tools.js';

const GUIDE = blocksOf(documentText('docs/ci.md'));
const taken = new Set<Block>();

/** The blocks of a section, by the file that they are to be or by their language. */
function recipe(section: string): Readonly<Record<string, string>> {
  const blocks = GUIDE.filter((block) => block.section === section);
  for (const block of blocks) taken.add(block);
  return Object.fromEntries(blocks.map(({ file, language, text }) => [file ?? language, text]));
}

const WORKFLOW = '.github/workflows/aggro.yml';
const RECIPES = {
  action: recipe('GitHub, with the action'),
  github: recipe('GitHub, without it'),
  gitlab: recipe('GitLab'),
  husky: recipe('husky'),
  lefthook: recipe('lefthook'),
  lintStaged: recipe('lint-staged'),
  preCommit: recipe('pre-commit'),
  turbo: recipe('Turborepo'),
  nx: recipe('Nx'),
  packages: recipe('Many packages'),
  turboFacts: recipe('Turborepo, with facts'),
  nxFacts: recipe('Nx, with facts'),
};

/** Files of a recipe, without the commands. */
const filesOf = (blocks: Readonly<Record<string, string>>) => Object.fromEntries(Object.entries(blocks).filter(([name]) => name !== 'sh'));

/** A shell as CI and hooks have it: what the project installed is there already, so that `npm ci` has nothing to do. */
function shell(cwd: string, script: string, env: NodeJS.ProcessEnv = {}) {
  const bin = project({ npm: `#!/bin/sh\n[ "$1" = ci ] && exit\nPATH=\${PATH#*:} exec npm "$@"\n` });
  chmodSync(path.join(bin, 'npm'), 0o755);
  const { status, stdout, stderr } = spawnSync('bash', ['-e', '-c', script], {
    cwd,
    encoding: 'utf8',
    env: { ...process.env, HUSKY: '', LEFTHOOK: '', NO_COLOR: '1', PATH: `${bin}${path.delimiter}${process.env.PATH}`, ...env },
  });
  return { status, said: stdout + stderr };
}

const tryCommit = (cwd: string) => shell(cwd, 'git -c user.name=t -c user.email=t@example.org commit -m parcel');

function asHook(cwd: string, command: string): void {
  writeFileSync(path.join(cwd, '.git/hooks/pre-commit'), `#!/bin/sh\n${command}\n`, { mode: 0o755 });
}

/** Stops a bad commit and lets a good one through, whatever lies in the working tree, and leaves that as it is. */
function expectGuard(shop: string): void {
  const unstaged = `${readFileSync(path.join(shop, 'src/order.ts'), 'utf8')}// not staged\n`;
  write(shop, { 'src/order.ts': unstaged, ...BAD, 'notes.txt': 'mine' });
  git(shop, 'add', 'src/parcel.ts');
  const bad = tryCommit(shop);
  expect(bad.status).not.toBe(0);
  expect(bad.said).toContain('no-exposed-mutable-collections');
  expect(git(shop, 'status', '--porcelain')).toBe('M src/order.ts\nA  src/parcel.ts\n?? notes.txt');
  write(shop, GOOD);
  git(shop, 'add', 'src/parcel.ts');
  write(shop, BAD);
  expect(tryCommit(shop)).toMatchObject({ status: 0 });
  expect(git(shop, 'log', '-1', '--format=%s')).toBe('parcel');
  expect(git(shop, 'status', '--porcelain')).toBe('M src/order.ts\n M src/parcel.ts\n?? notes.txt');
  expect(readFileSync(path.join(shop, 'src/order.ts'), 'utf8')).toBe(unstaged);
  expect(readFileSync(path.join(shop, 'src/parcel.ts'), 'utf8')).toBe(BAD['src/parcel.ts']);
}

describe('the guide', () => {
  it('shows nothing that is not run here, and links to what is there', () => {
    expect(GUIDE.filter((block) => !taken.has(block))).toEqual([]);
    expect(deadLinks('docs/ci.md')).toEqual([]);
  });
});

describe('a commit hook', { timeout: 120_000 }, () => {
  it('of husky', () => {
    const shop = installed(SOUND);
    expect(shell(shop, RECIPES.husky.sh ?? '')).toMatchObject({ status: 0 });
    commit(shop, 'hook');
    expectGuard(shop);
  });

  it('of lefthook', () => {
    const shop = installed({ ...SOUND, ...filesOf(RECIPES.lefthook) });
    expect(shell(shop, RECIPES.lefthook.sh ?? '')).toMatchObject({ status: 0 });
    expectGuard(shop);
  });

  it('of lint-staged', () => {
    const shop = installed({ ...SOUND, ...filesOf(RECIPES.lintStaged) });
    asHook(shop, 'npx --no lint-staged');
    expectGuard(shop);
  });
});

describe('the pre-commit framework', () => {
  const [hook] = parse(documentText('.pre-commit-hooks.yaml'));
  const configured = GUIDE.filter(({ section }) => section === 'pre-commit').map(({ text }) => parse(text).repos[0]);

  it('finds the hook that the guide names, and runs it as it is given', () => {
    expect(configured[0].hooks).toEqual([{ id: hook.id }]);
    expect(hook).toMatchObject({ language: 'node', pass_filenames: false });
    const shop = installed(SOUND);
    // The framework puts the commands of the package first.
    asHook(shop, `PATH="$PWD/node_modules/.bin:$PATH"\nexec ${hook.entry}`);
    expectGuard(shop);
  });

  it('starts it for what aggro reads', () => {
    const files = new RegExp(hook.files);
    const staged = ['src/a.ts', 'a.tsx', 'a.mts', 'a.cts', 'prisma/schema.prisma', 'a.js', 'README.md', 'a.ts.snap', 'ats'];
    expect(staged.filter((file) => files.test(file))).toEqual(staged.slice(0, 5));
  });

  it('learns the name of the tarball, and nothing else, from npm pack', () => {
    const manifest = { name: 'acme', version: '1.0.0', scripts: { prepare: 'echo building' } };
    const folder = project({ 'package.json': JSON.stringify(manifest), '.npmrc': documentText('.npmrc') });
    expect(spawnSync('npm', ['pack', '--offline'], { cwd: folder, encoding: 'utf8' }).stdout).toBe('acme-1.0.0.tgz\n');
  });

  it('runs the installed one, too', () => {
    const shop = installed(SOUND);
    asHook(shop, `exec ${configured[1].hooks[0].entry}`);
    expectGuard(shop);
  });
});

describe('GitHub', () => {
  const job = (workflow: string) => parse(workflow).jobs.aggro;

  it('runs the action of the guide on what a branch brought', () => {
    const origin = installed({ ...SOUND, ...OLD });
    const shop = path.join(project({}), 'shop');
    git(origin, 'clone', '--quiet', `file://${origin}`, shop);
    git(shop, 'checkout', '--quiet', '-b', 'feature');
    write(shop, BAD);
    commit(shop, 'parcel');
    const [checkout, , , step] = job(RECIPES.action[WORKFLOW] ?? '').steps;
    expect(checkout.with).toEqual({ 'fetch-depth': 0 });
    expect(Object.keys(step.with).filter((input) => !(input in ACTION.inputs))).toEqual([]);
    const inputs = filled(step.with, { github: { base_ref: 'main' } });
    const ran = runAction({ workspace: linked(shop, origin), with: inputs, programs: {} });
    expect(ran.status).toBe(1);
    expect(ran.log.match(/^::error .*$/gm)).toEqual([expect.stringContaining('Parcel.stamps')]);
    expect(ran.used).toHaveLength(1);
  });

  it('has every input of the action in its table', () => {
    const rows = [...documentText('docs/ci.md').matchAll(/^\| `([a-z-]+)` \|/gm)].map(([, input]) => input);
    expect(rows).toEqual(Object.keys(ACTION.inputs));
  });

  it('needs no action for annotations and the summary', () => {
    const script = job(RECIPES.github[WORKFLOW] ?? '')
      .steps.map(({ run = '' }: { readonly run?: string }) => run)
      .join('\n');
    const shop = installed({ ...SOUND, ...BAD });
    const env = { GITHUB_STEP_SUMMARY: path.join(shop, 'summary.md') };
    expect(shell(shop, script, env)).toMatchObject({ status: 1, said: expect.stringMatching(/^::error file=src\/parcel\.ts/m) });
    expect(readFileSync(env.GITHUB_STEP_SUMMARY, 'utf8')).toContain('Consistency boundaries');
    write(shop, GOOD);
    expect(shell(shop, script, env)).toMatchObject({ status: 0 });
  });
});

/** The same installation in a clone. */
function linked(clone: string, origin: string): string {
  symlinkSync(path.join(origin, 'node_modules'), path.join(clone, 'node_modules'));
  return clone;
}

describe('GitLab', () => {
  const { aggro } = parse(RECIPES.gitlab['.gitlab-ci.yml'] ?? '');
  const report = aggro.artifacts.reports.codequality;
  const reported = (shop: string): string[] =>
    JSON.parse(readFileSync(path.join(shop, report), 'utf8')).map((issue: { readonly description: string }) => issue.description);

  it('gets a report of everything, and in a merge request of what that brings', () => {
    const shop = installed({ ...SOUND, ...OLD });
    const base = git(shop, 'rev-parse', 'HEAD');
    write(shop, BAD);
    expect(shell(shop, aggro.script.join('\n'))).toMatchObject({ status: 1 });
    expect(reported(shop)).toHaveLength(2);
    expect(shell(shop, aggro.script.join('\n'), { CI_MERGE_REQUEST_DIFF_BASE_SHA: base })).toMatchObject({ status: 1 });
    expect(reported(shop)).toEqual([expect.stringContaining('Parcel.stamps')]);
    write(shop, GOOD);
    expect(shell(shop, aggro.script.join('\n'), { CI_MERGE_REQUEST_DIFF_BASE_SHA: base })).toMatchObject({ status: 0 });
    expect(reported(shop)).toEqual([]);
  });
});

/** One package of a monorepo, and all that has a say in what is found in it. */
const inPackage = (files: Readonly<Record<string, string>>) =>
  Object.fromEntries(Object.entries(files).map(([file, text]) => [`packages/shop/${file}`, text]));
const MONOREPO = {
  ...inPackage(SOUND),
  'packages/shop/package.json': '{ "name": "shop", "version": "1.0.0" }',
  'packages/shop/tsconfig.json': '{ "extends": "../../tsconfig.base.json" }',
  'tsconfig.base.json': '{ "compilerOptions": { "strict": true } }',
  'aggro.config.json': '{ "preset": "recommended" }',
  '.aggro-baseline.json': '{ "tool": "aggro", "version": 1, "known": [] }',
  'package-lock.json': '{ "name": "acme", "lockfileVersion": 3, "packages": {} }',
};

describe('a cached task', { timeout: 120_000 }, () => {
  it('of Turborepo is skipped until a source changes, and never when it failed', () => {
    const shop = installed({ ...MONOREPO, ...filesOf(RECIPES.turbo) });
    const env = { TURBO_TELEMETRY_DISABLED: '1', TURBO_NO_UPDATE_NOTIFIER: '1', TURBO_TOKEN: '', TURBO_API: '' };
    const run = () => {
      const { status, said } = shell(shop, RECIPES.turbo.sh ?? '', env);
      return `${status} ${/cache (?:hit|miss)/.exec(said)?.[0]}`;
    };
    const sarif = path.join(shop, 'aggro.sarif');
    expect(run()).toBe('0 cache miss');
    rmSync(sarif);
    expect(run()).toBe('0 cache hit');
    expect(existsSync(sarif)).toBe(true);
    write(shop, inPackage(GOOD));
    expect(run()).toBe('0 cache miss');
    write(shop, inPackage(BAD));
    expect([run(), run()]).toEqual(['1 cache miss', '1 cache miss']);
  });

  it('of Nx runs the same, and writes what it says', () => {
    const { command, outputs } = parse(RECIPES.nx['project.json'] ?? '').targets.aggro;
    const shop = installed(MONOREPO);
    const run = () => shell(shop, `PATH="$PWD/node_modules/.bin:$PATH" ${command}`).status;
    expect(run()).toBe(0);
    write(shop, inPackage(BAD));
    expect(run()).toBe(1);
    expect(outputs.map((file: string) => existsSync(file.replace('{workspaceRoot}', shop)))).toEqual([true]);
  });

  it('of each package is run again where that package changed, and the whole is linted from all', () => {
    const { scripts } = parse(RECIPES.packages.json ?? '');
    const packageOf = (name: string) => JSON.stringify({ name, version: '1.0.0', scripts });
    const linked = (name: string) => ({ [`node_modules/${name}`]: { resolved: `packages/${name}`, link: true } });
    const names = ['shop', 'till', 'aggregates'];
    const packages = Object.assign({ '': { workspaces: ['packages/*'] } }, ...names.map(linked));
    const shop = installed({
      ...MONOREPO,
      ...filesOf(RECIPES.turboFacts),
      'package.json': '{ "name": "acme", "packageManager": "npm@10.9.0", "workspaces": ["packages/*"] }',
      'package-lock.json': JSON.stringify({ name: 'acme', lockfileVersion: 3, packages }),
      'packages/shop/package.json': packageOf('shop'),
      'packages/till/package.json': packageOf('till'),
      'packages/till/src/till.ts': 'export const till = 1;\n',
    });
    const env = { TURBO_TELEMETRY_DISABLED: '1', TURBO_NO_UPDATE_NOTIFIER: '1', TURBO_TOKEN: '', TURBO_API: '' };
    const run = () => {
      const { status, said } = shell(shop, RECIPES.turboFacts.sh ?? '', env);
      return `${status}, ${/\d+ cached, \d+ total/.exec(said)?.[0]}`;
    };
    expect([run(), run()]).toEqual(['0, 0 cached, 3 total', '0, 3 cached, 3 total']);
    write(shop, { 'packages/till/src/till.ts': 'export const till = 2;\n' });
    expect(run()).toBe('0, 1 cached, 3 total');
    write(shop, inPackage(BAD));
    expect(run()).toMatch(/^1, /);
    expect(readFileSync(path.join(shop, 'packages/aggregates/aggro.sarif'), 'utf8')).toContain('packages/shop/src/');
  });

  it('of Nx names the same for each package, and waits for it', () => {
    const { facts } = parse(RECIPES.nxFacts['nx.json'] ?? '').targetDefaults;
    const turbo = parse(RECIPES.turboFacts['turbo.json'] ?? '').tasks.facts;
    expect(facts.inputs.map((glob: string) => glob.replace('{projectRoot}/', '').replace('**/*', '**'))).toEqual(turbo.inputs);
    expect(facts.outputs).toEqual(turbo.outputs.map((glob: string) => `{projectRoot}/${glob.replace('/**', '')}`));
    expect(parse(RECIPES.nxFacts.json ?? '')).toEqual({ dependsOn: [{ projects: '*', target: 'facts' }] });
  });

  const turbo = parse(RECIPES.turbo['turbo.json'] ?? '').tasks['//#aggro'].inputs;
  const nx = parse(RECIPES.nx['project.json'] ?? '').targets.aggro.inputs.map((glob: string) => glob.replace('{workspaceRoot}/', ''));

  it.each([
    ['Turborepo', turbo],
    ['Nx', nx],
  ])('of %s depends on all that has a say, and on nothing else', (_, inputs) => {
    const isInput = picomatch(inputs, { dot: true });
    expect(Object.keys(MONOREPO).filter((file) => !isInput(file))).toEqual([]);
    expect(['README.md', 'packages/shop/README.md', 'aggro.sarif'].filter((file) => isInput(file))).toEqual([]);
  });
});

describe('the repository', () => {
  it('has what the guide says to take from it', () => {
    expect(['action.yml', '.pre-commit-hooks.yaml'].filter((file) => !existsSync(path.join(ROOT, file)))).toEqual([]);
    const { version } = JSON.parse(documentText('package.json'));
    expect([...documentText('docs/ci.md').matchAll(/\bv(\d+\.\d+\.\d+)\b/g)].map(([, tag]) => tag)).toEqual([version, version]);
  });
});
