import { describe, expect, it } from 'vitest';
import { loadRules } from '../src/load-rules.js';
import { blocksOf, deadLinks, documentText, missing, output, sessionsOf } from './support/documents.js';
import { ROOT } from './support/own-imports.js';

const README = documentText('README.md');
const SESSIONS = blocksOf(README)
  .filter(({ language }) => language === 'console')
  .flatMap(sessionsOf);

describe('the README', () => {
  it('shows commands with their output', () => {
    expect(SESSIONS.length).toBeGreaterThan(2);
  });

  it.each(SESSIONS)('$command', (session) => {
    expect(missing(session, output(session.command, ROOT))).toEqual([]);
  });

  it('names every command and no other', () => {
    const help = output('npx aggro --help', ROOT);
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
    expect(deadLinks('README.md')).toEqual([]);
  });
});
