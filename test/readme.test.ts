import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { loadRules } from '../src/load-rules.js';

const ROOT = path.join(import.meta.dirname, '..');
const README = readFileSync(path.join(ROOT, 'README.md'), 'utf8');
const ELSEWHERE = '…';

interface Session {
  readonly command: string;
  readonly shown: readonly string[];
}

/** A `console` block: a command after `$`, then what it prints; a line with an ellipsis stands for any lines. */
const SESSIONS: readonly Session[] = blocks('console').map((block) => {
  const [first = '', ...shown] = block.split('\n');
  return { command: first.replace(/^\$ /, ''), shown };
});

function blocks(language: string): string[] {
  return [...README.matchAll(new RegExp(`^\`\`\`${language}\\n([\\s\\S]*?)\\n\`\`\`$`, 'gm'))].map(([, text = '']) => text);
}

/** `npx aggro …` as it would run in a clone; nothing else is run. */
function output(command: string): string {
  const [program, name, ...args] = command.split(' ');
  if (program !== 'npx' || name !== 'aggro') throw new Error(`${command} is not run from here`);
  const { stdout, stderr } = spawnSync(process.execPath, [path.join(ROOT, 'dist/bin/aggro.js'), ...args], {
    cwd: ROOT,
    encoding: 'utf8',
    env: { ...process.env, NO_COLOR: '1' },
  });
  return stdout + stderr;
}

/** The lines that are not where the README shows them: one after the other, and next to each other where no ellipsis is between. */
function missing(shown: readonly string[], printed: readonly string[]): string[] {
  let at = 0;
  let anywhere = false;
  for (const line of shown) {
    if (line === ELSEWHERE) {
      anywhere = true;
      continue;
    }
    const found = anywhere ? printed.indexOf(line, at) : printed[at] === line ? at : -1;
    if (found < 0) return [line];
    at = found + 1;
    anywhere = false;
  }
  return anywhere || printed.slice(at).every((line) => line === '') ? [] : ['the output goes on'];
}

const lines = (text: string): string[] => text.replaceAll(/\d+\.\d+ s\b/g, 'N s').split('\n');

describe('the README', () => {
  it('shows commands with their output', () => {
    expect(SESSIONS.length).toBeGreaterThan(2);
  });

  it.each(SESSIONS)('$command', ({ command, shown }) => {
    expect(missing(lines(shown.join('\n')), lines(output(command)))).toEqual([]);
  });

  it('names every command and no other', () => {
    const help = output('npx aggro --help');
    const listed = [...help.matchAll(/^ {2}([a-z]+) .*\S/gm)].map(([, name]) => name).filter((name) => name !== 'help' && name !== 'aggro');
    const named = new Set([...README.matchAll(/`aggro ([a-z]+)/g)].map(([, name]) => name));
    expect([...named].sort()).toEqual([...new Set(listed)].sort());
  });

  it('lists every rule', async () => {
    const cells = [...README.matchAll(/^\| (`[^|]+) \|/gm)].map(([, cell = '']) => cell).filter((cell) => !cell.startsWith('`aggro '));
    const listed = cells.flatMap((cell) => [...cell.matchAll(/`([a-z-]+)`/g)].map(([, id]) => id));
    expect(listed.sort()).toEqual((await loadRules()).map(({ id }) => id).sort());
  });

  it('links to what is there', () => {
    const links = [...README.matchAll(/\]\(([^):]+)\)/g)].map(([, target = '']) => target);
    expect(links.filter((target) => !existsSync(path.join(ROOT, target)))).toEqual([]);
  });
});
