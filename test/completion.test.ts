import { spawnSync } from 'node:child_process';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { bash } from '../bin/completion/bash.js';
import { fish } from '../bin/completion/fish.js';
import { spokenBy } from '../bin/completion/spoken.js';
import { zsh } from '../bin/completion/zsh.js';
import { buildProgram } from '../bin/program.js';
import { FORMAT_NAMES } from '../src/report/format-names.js';

const ROOT = path.join(import.meta.dirname, '..');
const SPOKEN = spokenBy(buildProgram(), ['one-repo-per-root', 'no-orphan-entities']);
const COMMANDS = ['lint', 'baseline', 'table', 'why', 'model', 'facts', 'explain', 'rules', 'init', 'doctor', 'completion'];

/** What bash offers for words as it splits them, the last one being typed. */
function offered(...words: readonly string[]): string[] {
  const quoted = words.map((word) => `'${word}'`).join(' ');
  const script = `${bash(SPOKEN)}\nCOMP_WORDS=(aggro ${quoted}) COMP_CWORD=${words.length}\n_aggro\nprintf '%s\\n' "\${COMPREPLY[@]}"`;
  const { stdout, stderr } = spawnSync('bash', ['--norc', '-c', script], { encoding: 'utf8' });
  expect(stderr).toBe('');
  return stdout.split('\n').filter((line) => line !== '');
}

describe('completion for bash', () => {
  it.each<[string, readonly string[], readonly string[]]>([
    ['commands', [''], COMMANDS],
    ['a command', ['ex'], ['explain']],
    ['options of the default command', ['--fail'], ['--fail-on']],
    ['options of a command', ['table', '--d'], ['--diff']],
    ['formats', ['lint', '--format', 'j'], ['json', 'jsonl', 'junit']],
    ['formats after the short option', ['-f', ''], FORMAT_NAMES],
    ['formats after =', ['--format', '=', 'sa'], ['sarif']],
    ['the formats of a command', ['table', '-f', ''], ['text', 'markdown', 'json']],
    ['rules', ['explain', ''], ['one-repo-per-root', 'no-orphan-entities']],
    ['rules to set', ['--rule', 'one'], ['one-repo-per-root']],
    ['their severity', ['--rule', 'one-repo-per-root', ':', ''], ['off', 'info', 'warning', 'error']],
    ['shells', ['completion', ''], ['bash', 'zsh', 'fish']],
    ['nothing of ours where a file belongs', ['--config', ''], []],
    ['nothing of ours after a format and =', ['-f', 'sarif', '=', 'o'], []],
    ['nothing of ours for a path', ['lint', 'src/'], []],
  ])('offers %s', (_, words, expected) => {
    expect(offered(...words)).toEqual(expected);
  });

  it('can be loaded twice, with every option set', () => {
    const script = `set -eu\n${bash(SPOKEN)}${bash(SPOKEN)}complete -p aggro`;
    expect(spawnSync('bash', ['--norc', '-c', script], { encoding: 'utf8' }).stdout).toContain('-F _aggro aggro');
  });
});

describe('completion for zsh', () => {
  it('works as a file of fpath and sourced', () => {
    expect(zsh(SPOKEN)).toMatch(/^#compdef aggro\n/);
    expect(zsh(SPOKEN)).toContain('else compdef _aggro aggro; fi\n');
  });

  it('describes commands and options in text that zsh does not read', () => {
    const script = zsh(SPOKEN);
    for (const name of COMMANDS) expect(script).toContain(`    '${name}:`);
    expect(script).toContain("'*--rule[");
    expect(script).toContain(
      `'*-f[how to print, and where; repeatable (default\\: text, or agent under a coding agent)]:value:(${FORMAT_NAMES.join(' ')})'`,
    );
    expect(script).toContain("'(-o --output)-o[write to a file instead of stdout]:value:_files'");
    expect(script).toContain("'*:path:_files'");
    expect(script).toContain("'1:name:(one-repo-per-root no-orphan-entities)'");
  });
});

describe('completion for fish', () => {
  it('offers commands, options and values under the command they belong to', () => {
    const script = fish(SPOKEN);
    for (const name of COMMANDS) expect(script).toContain(`complete -c aggro -n __aggro_begins -a ${name} -d '`);
    expect(script).toContain(`complete -c aggro -n '__aggro_runs lint' -s f -l format -x -a '${FORMAT_NAMES.join(' ')}' -d '`);
    expect(script).toContain("complete -c aggro -n '__aggro_runs lint' -s o -l output -r -F -d '");
    expect(script).toContain("complete -c aggro -n '__aggro_runs explain' -f -a 'one-repo-per-root no-orphan-entities'");
  });
});

describe('aggro completion', () => {
  const aggro = (...args: readonly string[]) =>
    spawnSync(process.execPath, [path.join(ROOT, 'dist/bin/aggro.js'), 'completion', ...args], { encoding: 'utf8' });

  it.each(['bash', 'zsh', 'fish'])('prints a script for %s that knows the rules', (shell) => {
    const { status, stdout, stderr } = aggro(shell);
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    expect(stdout).toContain('no-multi-aggregate-handlers');
  });

  it('knows no other shell', () => {
    expect(aggro('tcsh')).toMatchObject({ status: 2, stdout: '', stderr: expect.stringContaining('Allowed choices are bash, zsh, fish.') });
  });
});
