import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';

const ROOT = path.join(import.meta.dirname, '..');

function aggro(...args: readonly string[]) {
  const { status, stdout, stderr } = spawnSync(process.execPath, [path.join(ROOT, 'dist/bin/aggro.js'), ...args], {
    cwd: ROOT,
    encoding: 'utf8',
    env: { ...process.env, NO_COLOR: '1' },
  });
  return { status, stdout, stderr };
}

describe('aggro', () => {
  it('helps', () => {
    const { status, stdout, stderr } = aggro('--help');
    expect(status).toBe(0);
    expect(stderr).toBe('');
    for (const command of ['lint', 'table', 'why', 'model', 'explain', 'rules', 'completion'])
      expect(stdout).toMatch(new RegExp(`^ {2}${command} `, 'm'));
    expect(aggro('lint', '--help').stdout).toContain('--max-warnings');
  });

  it('says its version', () => {
    const { version } = JSON.parse(readFileSync(path.join(ROOT, 'package.json'), 'utf8'));
    expect(aggro('--version')).toEqual({ status: 0, stdout: `${version}\n`, stderr: '' });
  });

  it.each([
    ['an unknown option', ['--formt', 'json'], "aggro: unknown option '--formt'\n(Did you mean --format?)\n"],
    [
      'a format that does not exist',
      ['--format', 'xml'],
      'aggro: There is no format "xml"; there are text, compact, json, jsonl, sarif, github, gitlab, junit, checkstyle, markdown, agent, rdjson.\n',
    ],
    [
      'a wrong number',
      ['--max-warnings', 'few'],
      "aggro: option '--max-warnings <count>' argument 'few' is invalid. It must be a whole number.\n",
    ],
    ['a mistyped command', ['explin'], 'aggro: "explin" is neither a command nor a file; did you mean "explain"?\n'],
    ['an unknown rule', ['explain', 'one-repo-per-rot'], 'aggro: There is no rule "one-repo-per-rot"; did you mean "one-repo-per-root"?\n'],
    [
      'an unknown rule to set',
      ['--rule', 'one-repo-per-rot:off'],
      'aggro: There is no rule "one-repo-per-rot"; did you mean "one-repo-per-root"?\n',
    ],
    [
      'an unknown severity',
      ['--rule', 'one-repo-per-root:warnin'],
      'aggro: --rule one-repo-per-root:warnin: "warnin" is no severity (off, info, warning, error); did you mean "warning"?\n',
    ],
    ['a directory that does not exist', ['--cwd', 'nowhere'], 'aggro: There is no directory nowhere.\n'],
    ['a missing argument', ['why'], "aggro: missing required argument 'name'\n"],
  ])('could not lint for %s', (_, args, message) => {
    expect(aggro(...args)).toEqual({ status: 2, stdout: '', stderr: message });
  });
});
