import { spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { analyzed } from '../bin/analysis.js';
import { diffSince } from '../bin/table-diff.js';

const ROOT = path.join(import.meta.dirname, '..');
let folder: string;
let aside: string;

beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'aggro-diff-'));
  aside = mkdtempSync(path.join(tmpdir(), 'aggro-aside-'));
  cpSync(path.join(ROOT, 'fixtures/shop'), folder, { recursive: true });
  git('init', '--quiet');
  git('add', '--all');
  git('commit', '--quiet', '--message', 'the shop');
});
afterEach(() => {
  // Nothing of the other state is left behind.
  expect(readdirSync(aside)).toEqual([]);
  for (const each of [folder, aside]) rmSync(each, { recursive: true, force: true });
});

function git(...args: readonly string[]): string {
  const who = ['-c', 'user.name=a', '-c', 'user.email=a@example.org', '-c', 'commit.gpgsign=false'];
  const { status, stdout, stderr } = spawnSync('git', [...who, ...args], { cwd: folder, encoding: 'utf8' });
  if (status !== 0) throw new Error(stderr);
  return stdout;
}

function aggro(args: readonly string[], { cwd = folder, env = {} }: { cwd?: string; env?: NodeJS.ProcessEnv } = {}) {
  const { status, stdout, stderr } = spawnSync(process.execPath, [path.join(ROOT, 'dist/bin/aggro.js'), ...args], {
    cwd,
    encoding: 'utf8',
    env: { ...process.env, NO_COLOR: '1', COLUMNS: '100', TMPDIR: aside, ...env },
  });
  return { status, stdout, stderr };
}

function edit(file: string, change: (text: string) => string): void {
  const at = path.join(folder, file);
  writeFileSync(at, change(readFileSync(at, 'utf8')));
}

/** The same without a process of its own. */
async function changed({ named, paths = [] }: { named?: string; paths?: readonly string[] } = {}) {
  const options = { cwd: folder, types: 'links' } as const;
  const { aggregates } = await diffSince('HEAD', await analyzed(paths, options), paths, options, named);
  return aggregates;
}

/** One aggregate more, one less; a reference by identity instead of an object; a writer less. */
function rework(): void {
  edit('src/ordering/order.ts', (text) => text.replace('readonly customer: Customer', 'readonly customerId: CustomerId'));
  rmSync(path.join(folder, 'src/smart-home/transfer-device-handler.ts'));
  rmSync(path.join(folder, 'src/ordering/shipment.ts'));
  writeFileSync(
    path.join(folder, 'src/ordering/coupon.ts'),
    "import { AggregateRoot } from '../shared/aggregate-root';\nexport class Coupon extends AggregateRoot<string> {}\n",
  );
}

describe('aggro table --diff', () => {
  it('is empty where nothing changed', () => {
    expect(aggro(['table', '--diff', 'HEAD'])).toEqual({ status: 0, stdout: 'No boundary changed since HEAD\n', stderr: '' });
  });

  it('shows aggregates, references and writers that appeared or went', () => {
    rework();
    const { status, stdout } = aggro(['table', '--diff', 'HEAD']);
    expect(status).toBe(0);
    expect(stdout).toMatch(/^Boundaries since HEAD: 1 appeared, 1 went, \d changed\n/);
    expect(stdout).toMatch(/^\+ Coupon +src\/ordering\/coupon\.ts$/m);
    expect(stdout).toMatch(/^- Shipment +src\/ordering\/shipment\.ts$/m);
    expect(stdout).toMatch(
      /^~ Order +src\/ordering\/order\.ts\n {2}by identity {3}\+ Customer \(Order\.customerId\)\n {2}by object {5}- Customer \(Order\.customer\)$/m,
    );
    expect(stdout).toMatch(/^ {2}written by {4}- TransferDeviceHandler\.execute$/m);
  });

  it('shows members that appeared or went', async () => {
    edit('src/ordering/order.ts', (text) =>
      `${text}\nexport class Parcel extends Entity<string> {}\n`.replace(
        "private status: 'draft' | 'placed' = 'draft';",
        "private status: 'draft' | 'placed' = 'draft';\n  private parcels: Parcel[] = [];",
      ),
    );
    expect(await changed()).toEqual([
      expect.objectContaining({ root: 'Order', change: 'changed', members: { appeared: ['Parcel (entity, many)'], went: [] } }),
    ]);
  });

  it('folds them for a pull request', () => {
    rework();
    const { stdout } = aggro(['table', '--diff', 'HEAD', '-f', 'markdown']);
    expect(stdout).toContain('### Boundaries since HEAD: 1 appeared, 1 went');
    expect(stdout).toContain('<summary>~ <b>Order</b> changed</summary>\n\n`src/ordering/order.ts`\n\n- by identity\n  - \\+ Customer');
    expect(stdout).toContain('<summary>+ <b>Coupon</b> appeared</summary>');
  });

  it('knows an aggregate by its name: moved files and lines change nothing', async () => {
    renameSync(path.join(folder, 'src/ordering/inventory.ts'), path.join(folder, 'src/ordering/stock.ts'));
    for (const file of readdirSync(path.join(folder, 'src/ordering')))
      edit(
        `src/ordering/${file}`,
        (text) => `// moved\n\n${text.replaceAll("'./inventory'", "'./stock'").replaceAll("'./inventory.js'", "'./stock.js'")}`,
      );
    expect(await changed()).toEqual([]);
  });

  it('is about one aggregate where one is named, also one that went', async () => {
    rework();
    expect((await changed({ named: 'Order' })).map(({ root }) => root)).toEqual(['Order']);
    expect(await changed({ named: 'Shipment' })).toEqual([expect.objectContaining({ root: 'Shipment', change: 'went' })]);
    expect(aggro(['table', 'Odrer', '--diff', 'HEAD'])).toMatchObject({ status: 2, stdout: '' });
  });

  it('reads a working directory below the root, and paths that did not exist', async () => {
    rework();
    const below = aggro(['table', '--diff', 'HEAD'], { cwd: path.join(folder, 'src/smart-home') });
    expect(below.stdout).toMatch(/^~ Premises +premises\.ts$/m);
    expect(below.stdout).not.toContain('Coupon');
    expect(await changed({ paths: ['src/ordering/coupon.ts'] })).toEqual([expect.objectContaining({ root: 'Coupon', change: 'appeared' })]);
  });

  it('touches neither the working tree nor the index', () => {
    rework();
    git('add', 'src/ordering/coupon.ts');
    const state = (): string => git('status', '--porcelain', '--untracked-files=all') + git('diff') + git('stash', 'list');
    const index = (): Buffer => readFileSync(path.join(folder, '.git/index'));
    const [before, indexed] = [state(), index()];
    aggro(['table', '--diff', 'HEAD']);
    expect(index().equals(indexed)).toBe(true);
    expect(state()).toBe(before);
  });

  it('is not led astray by what git sets in a hook', () => {
    rework();
    const env = { GIT_DIR: '/nowhere/.git', GIT_INDEX_FILE: '/nowhere/index', GIT_WORK_TREE: '/nowhere' };
    expect(aggro(['table', '--diff', 'HEAD'], { env }).stdout).toMatch(/^Boundaries since HEAD: 1 appeared/);
  });

  it('compares under one configuration, today’s', async () => {
    writeFileSync(path.join(folder, 'aggro.config.json'), '{ "exclude": ["src/smart-home"] }');
    expect(await changed()).toEqual([]);
  });

  it('says what is wrong with a ref', () => {
    expect(aggro(['table', '--diff', 'mian'])).toEqual({
      status: 2,
      stdout: '',
      stderr: 'aggro: git knows no commit "mian". A branch of a remote is called origin/NAME here, once it is fetched.\n',
    });
    expect(aggro(['table', '--diff', '--output=x'])).toMatchObject({
      status: 2,
      stderr: expect.stringContaining('git knows no commit "--output=x"'),
    });
  });

  it('says that there is no repository, or no git', () => {
    rmSync(path.join(folder, '.git'), { recursive: true });
    expect(aggro(['table', '--diff', 'HEAD']).stderr).toMatch(
      /^aggro: .* is not in a git repository, so there is no "HEAD" to compare with\.\n$/,
    );
    expect(aggro(['table', '--diff', 'HEAD'], { env: { PATH: '/nowhere' } }).stderr).toBe(
      'aggro: git is needed to read another state of the code, and is not installed.\n',
    );
  });
});

describe('aggro lint --table-diff', () => {
  it('shows what changed in place of the table, in text, markdown and the job summary', () => {
    rework();
    const summary = path.join(folder, 'summary.md');
    const { stdout, status } = aggro(['lint', '--table-diff', 'HEAD', '-f', 'text', '-f', 'markdown=comment.md', '-f', 'github=log'], {
      env: { GITHUB_STEP_SUMMARY: summary },
    });
    expect(status).toBe(1);
    expect(stdout).toContain('Boundaries since HEAD: 1 appeared, 1 went');
    expect(stdout).not.toContain('Consistency boundaries');
    for (const file of ['comment.md', 'summary.md']) {
      const text = readFileSync(path.join(folder, file), 'utf8');
      expect(text).toContain('### Boundaries since HEAD: 1 appeared, 1 went');
      expect(text).not.toContain('| aggregate root |');
    }
  });
});
