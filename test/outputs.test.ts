import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterEach, describe, expect, it } from 'vitest';
import { textWidth, wantsColor } from '../bin/channels.js';
import { outputsFrom } from '../bin/outputs.js';
import { linksFor } from '../bin/surroundings.js';
import { passes } from '../bin/verdict.js';
import { UsageError } from '../src/errors.js';
import { FORMAT_NAMES } from '../src/report/format-names.js';
import { OBEYED } from './report/hostile.js';
import { REPORT } from './report/shop.js';

const ROOT = path.join(import.meta.dirname, '..');
const folders: string[] = [];
afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
});

/** A copy of the shop in a repository of its own. */
function shop(): string {
  const folder = mkdtempSync(path.join(tmpdir(), 'aggro-outputs-'));
  folders.push(folder);
  cpSync(path.join(ROOT, 'fixtures/shop'), path.join(folder, 'packages/shop'), { recursive: true });
  mkdirSync(path.join(folder, '.git'));
  return path.join(folder, 'packages/shop');
}

function aggro(cwd: string, args: readonly string[], env: NodeJS.ProcessEnv = {}) {
  const { status, stdout, stderr } = spawnSync(process.execPath, [path.join(ROOT, 'dist/bin/aggro.js'), 'lint', ...args], {
    cwd,
    encoding: 'utf8',
    env: { ...process.env, NO_COLOR: '1', ...env },
  });
  return { status, stdout, stderr };
}

describe('--format', () => {
  it('prints every format by its name', () => {
    const cwd = shop();
    const { status } = aggro(
      cwd,
      FORMAT_NAMES.flatMap((name) => ['-f', `${name}=out/${name}`]),
    );
    expect(status).toBe(1);
    for (const name of FORMAT_NAMES) expect(readFileSync(path.join(cwd, 'out', name), 'utf8')).toContain('one-repo-per-root');
  });

  it('writes several in one run, one of them to stdout', () => {
    const cwd = shop();
    const { stdout } = aggro(cwd, ['-f', 'compact', '-f', 'sarif=out/aggro.sarif', '--format=junit=a=b.xml']);
    expect(stdout.split('\n')[0]).toMatch(/^src\/ordering\/order\.ts:32:14: error /);
    expect(JSON.parse(readFileSync(path.join(cwd, 'out/aggro.sarif'), 'utf8')).version).toBe('2.1.0');
    expect(readFileSync(path.join(cwd, 'a=b.xml'), 'utf8')).toMatch(/^<\?xml/);
  });

  it('keeps -o for a single format', () => {
    const cwd = shop();
    expect(aggro(cwd, ['-f', 'gitlab', '-o', 'gl.json']).stdout).toBe('');
    expect(JSON.parse(readFileSync(path.join(cwd, 'gl.json'), 'utf8'))).toHaveLength(7);
  });

  it.each<[{ format: string[]; output?: string }, string]>([
    [{ format: ['sarf'] }, 'There is no format "sarf"; did you mean "sarif"?'],
    [{ format: ['html'] }, `There is no format "html"; there are ${FORMAT_NAMES.join(', ')}.`],
    [{ format: ['sarif='] }, '--format sarif= names no file: --format sarif=FILE, or --format sarif for stdout.'],
    [{ format: ['text', 'json'] }, 'text and json cannot both go to stdout. Name a file for one of them: --format json=FILE'],
    [{ format: ['json=x', 'sarif=x'] }, 'json and sarif would both be written to x.'],
    [{ format: ['text', 'json=x'], output: 'y' }, '--output is for one format. Name the file with its format: --format text=y'],
  ])('%j is a mistake', async (options, message) => {
    await expect(outputsFrom(options)).rejects.toThrow(new UsageError(message));
  });

  it('with a mistake lints nothing', () => {
    const { status, stdout, stderr } = aggro(ROOT, ['-f', 'text', '-f', 'json']);
    expect({ status, stdout }).toEqual({ status: 2, stdout: '' });
    expect(stderr).toMatch(/^aggro: text and json cannot both go to stdout\./);
  });

  it('says which file it cannot write', () => {
    const { status, stderr } = aggro(shop(), ['-f', 'sarif=src']);
    expect(status).toBe(2);
    expect(stderr).toBe('aggro: Cannot write src: it is a directory\n');
  });

  it('is agent under a coding agent, unless the user says otherwise', () => {
    const cwd = shop();
    const agent = { AGGRO_FORMAT: undefined, AI_AGENT: 'somebody' };
    expect(aggro(cwd, [], agent).stdout).toMatch(/^src\/ordering\/order\.ts:32:14 error no-object-refs-across-aggregates: .* Remedy: /);
    expect(aggro(cwd, [], { ...agent, AGGRO_FORMAT: 'jsonl' }).stdout).toMatch(/^\{"ruleId"/);
    aggro(cwd, ['-o', 'report.txt'], agent);
    expect(readFileSync(path.join(cwd, 'report.txt'), 'utf8')).toMatch(/^Order {2}2 errors\n/);
  });

  it('is text in CI, where nobody asked for anything else', () => {
    const ci = { AGGRO_FORMAT: undefined, AI_AGENT: undefined, CI: 'true', GITHUB_ACTIONS: 'true' };
    const agents = Object.keys(process.env).filter((name) => /CLAUDE|CURSOR|CODEX|GEMINI|COPILOT|OPENCODE|GOOSE|REPL/.test(name));
    for (const chosen of [undefined, '']) {
      const { stdout } = aggro(shop(), [], { ...ci, ...Object.fromEntries(agents.map((name) => [name, undefined])), AGGRO_FORMAT: chosen });
      expect(stdout).toMatch(/^Order {2}2 errors\n/);
    }
  });
});

describe('paths', () => {
  it('are those of the repository where a platform looks for them, and of the working directory elsewhere', () => {
    const cwd = shop();
    aggro(
      cwd,
      ['github', 'gitlab', 'sarif', 'checkstyle', 'rdjson'].flatMap((name) => ['-f', `${name}=${name}`]),
    );
    const written = (name: string): string => readFileSync(path.join(cwd, name), 'utf8');
    expect(written('github')).toContain('::error file=packages/shop/src/ordering/order.ts,');
    expect(written('gitlab')).toContain('"path": "packages/shop/src/ordering/order.ts"');
    expect(written('sarif')).toContain('"uri": "packages/shop/src/ordering/order.ts"');
    expect(written('checkstyle')).toContain('<file name="src/ordering/order.ts">');
    expect(written('rdjson')).toContain('"path": "src/ordering/order.ts"');
  });
});

describe('the job summary', () => {
  it('is added to what other steps wrote, with the github format alone', () => {
    const cwd = shop();
    const summary = path.join(cwd, 'summary.md');
    writeFileSync(summary, 'before\n');
    aggro(cwd, [], { GITHUB_STEP_SUMMARY: summary });
    expect(readFileSync(summary, 'utf8')).toBe('before\n');
    const { stdout } = aggro(cwd, ['-f', 'github'], { GITHUB_STEP_SUMMARY: summary });
    expect(stdout).toMatch(/^::error file=/);
    const written = readFileSync(summary, 'utf8');
    expect(written).toMatch(/^before\n## aggro\n\n\*\*7 errors in 3 of 7 aggregates/);
    expect(written).toContain('| 2 | `no-multi-aggregate-handlers` | error | 2 |  |');
    expect(written).toContain('### Consistency boundaries\n\n| aggregate root |');
  });

  it('that cannot be written is an error that names it', () => {
    const { status, stderr } = aggro(shop(), ['-f', 'github'], { GITHUB_STEP_SUMMARY: '/nowhere/summary.md' });
    expect(status).toBe(2);
    expect(stderr).toMatch(/^aggro: Cannot write the job summary \/nowhere\/summary\.md: /);
  });
});

describe('a path that a terminal or a platform would obey', () => {
  it('stays a path, from the disk to every format and to stderr', () => {
    const cwd = shop();
    const evil = 'src/\u001b[31m\n::error::x]]>"&%0A';
    renameSync(path.join(cwd, 'src/ordering'), path.join(cwd, evil));
    writeFileSync(path.join(cwd, evil, 'broken.ts'), 'export class {');
    const { stderr } = aggro(cwd, [
      ...FORMAT_NAMES.filter((name) => name !== 'text').flatMap((name) => ['-f', `${name}=out/${name}`]),
      '-f',
      'compact=out/again',
    ]);
    expect(stderr).toMatch(/^aggro: src\/\\u001b\[31m\\u000a::error::x]]>"&%0A\/broken\.ts:1:\d+ does not parse/m);
    expect(stderr).not.toMatch(OBEYED);
    for (const name of FORMAT_NAMES.filter((each) => each !== 'text')) {
      const text = readFileSync(path.join(cwd, 'out', name), 'utf8');
      expect(text).not.toMatch(OBEYED);
      expect(text).not.toMatch(/^::error::x/m);
    }
    expect(JSON.parse(readFileSync(path.join(cwd, 'out/json'), 'utf8')).violations[0].file).toBe(`${evil}/order.ts`);
    const [text = '', ...linked] = aggro(cwd, [], { FORCE_HYPERLINK: '1' }).stdout.split('\u001b]8;;');
    expect(linked.length).toBeGreaterThan(10);
    // Between the address and the text stands the end of the address.
    expect([text, ...linked.map((part) => part.replace(/^[!-~]*?\p{Cc}\\/u, ''))].join('')).not.toMatch(OBEYED);
  });
});

describe('the exit code', () => {
  const options = { failOn: 'error' } as const;
  const of = (...severities: ('error' | 'warning' | 'info')[]) => {
    const [first] = REPORT.violations;
    if (!first) throw new Error('no violation');
    return { ...REPORT, violations: severities.map((severity) => ({ ...first, severity })) };
  };

  it('says whether there is anything as severe as --fail-on', () => {
    expect(passes(of('warning', 'info'), options)).toBe(true);
    expect(passes(of('warning', 'info'), { failOn: 'warning' })).toBe(false);
    expect(passes(of('info'), { failOn: 'warning' })).toBe(true);
    expect(passes(of('info'), { failOn: 'info' })).toBe(false);
    expect(passes(of(), { failOn: 'info' })).toBe(true);
    expect(passes(of('warning'), { failOn: 'error', maxWarnings: 0 })).toBe(false);
  });

  it('does not count what is suppressed', () => {
    const suppressed = of('error').violations.map((each) => ({
      ...each,
      suppressed: { kind: 'inSource', justification: 'known' } as const,
    }));
    expect(passes({ ...of(), suppressed }, { failOn: 'info', maxWarnings: 0 })).toBe(true);
  });

  it('is 0 with --exit-zero, and still 2 where nothing could be linted', () => {
    expect(passes(of('error'), { failOn: 'error', exitZero: true })).toBe(true);
    const cwd = shop();
    expect(aggro(cwd, ['--exit-zero', '--fail-on', 'info', '-f', 'compact']).status).toBe(0);
    expect(aggro(cwd, ['--exit-zero', 'nowhere.ts']).status).toBe(2);
  });
});

describe('--statistics and --timing', () => {
  it('leave what machines read alone', () => {
    const cwd = shop();
    const { stdout, stderr } = aggro(cwd, ['-f', 'compact', '--statistics', '--timing']);
    expect(stdout).toBe(aggro(cwd, ['-f', 'compact']).stdout);
    expect(stderr).toMatch(/^findings {2}rule .*\n {7}2 {2}no-exposed-mutable-collections/);
    expect(stderr).toMatch(/^facts +[\d.]+ ms +[\d.]+ %$/m);
    expect(stderr).toMatch(/^no-multi-aggregate-handlers +[\d.]+ ms +[\d.]+ % +2$/m);
  });

  it('time every stage and every rule that ran', () => {
    const { timing } = JSON.parse(aggro(shop(), ['-f', 'json', '--timing', '--rule', 'one-repo-per-root:off']).stdout);
    expect(timing.stages.map(({ name }: { name: string }) => name)).toEqual(['project', 'facts', 'model', 'rules']);
    const rules = timing.rules.map(({ id }: { id: string }) => id);
    expect(rules).toContain('no-shared-members');
    expect(rules).not.toContain('one-repo-per-root');
  });

  it('are in the text report the counts alone', () => {
    const { stdout, stderr } = aggro(shop(), ['--statistics', '--no-table']);
    expect(stdout.trimEnd().split('\n')).toHaveLength(7);
    expect(stderr).toBe('');
  });
});

describe('the terminal', () => {
  it('gets links to rules and places where it shows them', () => {
    const cwd = shop();
    const { stdout } = aggro(cwd, ['--no-table'], { FORCE_HYPERLINK: '1' });
    const place = pathToFileURL(path.join(cwd, 'src/ordering/order.ts')).href;
    expect(stdout).toContain(`\u001b]8;;${place}#32\u001b\\src/ordering/order.ts:32:14\u001b]8;;\u001b\\  error`);
    const catalogue = path.join(ROOT, 'rules/README.md');
    expect(existsSync(catalogue)).toBe(true);
    expect(stdout).toContain(`\u001b]8;;${pathToFileURL(catalogue).href}#one-repo-per-root\u001b\\one-repo-per-root\u001b]8;;\u001b\\`);
  });

  it('opens places itself in VS Code', () => {
    const { stdout } = aggro(shop(), ['--no-table'], { FORCE_HYPERLINK: '1', TERM_PROGRAM: 'vscode' });
    expect(stdout).toContain('  src/ordering/order.ts:32:14  error');
    expect(stdout).toContain('README.md#one-repo-per-root\u001b\\');
  });

  it('gets none where it would print their addresses', async () => {
    const stream = (isTTY: boolean) => ({ isTTY }) as NodeJS.WriteStream;
    expect(await linksFor(stream(false), ROOT, {})).toBeUndefined();
    expect(aggro(shop(), ['--no-color', '--no-table'], { FORCE_HYPERLINK: '1' }).stdout).not.toContain('\u001b');
  });

  it('gives a file none', () => {
    const cwd = shop();
    aggro(cwd, ['-f', 'text=report.txt'], { FORCE_HYPERLINK: '1', FORCE_COLOR: '1' });
    expect(readFileSync(path.join(cwd, 'report.txt'), 'utf8')).not.toContain('\u001b');
  });

  it('is coloured by flag, FORCE_COLOR, NO_COLOR and what it is, in that order', () => {
    const options = { stack: false };
    expect(wantsColor({ ...options, color: true }, { NO_COLOR: '1' }, false)).toBe(true);
    expect(wantsColor({ ...options, color: false }, { FORCE_COLOR: '1' }, true)).toBe(false);
    expect(wantsColor(options, { FORCE_COLOR: '1', NO_COLOR: '1' }, false)).toBe(true);
    expect(wantsColor(options, { FORCE_COLOR: '0' }, true)).toBe(false);
    expect(wantsColor(options, { NO_COLOR: '1' }, true)).toBe(false);
    expect(wantsColor(options, { TERM: 'dumb' }, true)).toBe(false);
    expect(wantsColor(options, {}, true)).toBe(true);
    expect(wantsColor(options, {}, false)).toBe(false);
  });

  it('is as wide as it is, within what can be read', () => {
    expect([textWidth(80), textWidth(300), textWidth(20), textWidth(Number.NaN)]).toEqual([80, 120, 60, 100]);
    const longest = (columns: string): number =>
      Math.max(
        ...aggro(shop(), ['--no-table'], { COLUMNS: columns })
          .stdout.split('\n')
          .filter((line) => !/:\d+:\d+ {2}/.test(line))
          .map((line) => line.length),
      );
    expect(longest('72')).toBeLessThanOrEqual(72);
    expect(longest('110')).toBeGreaterThan(90);
  });
});
