import { spawnSync } from 'node:child_process';
import { cpSync, rmSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { ROLES } from '../src/config/roles.js';
import { userConfigSchema } from '../src/config/schema.js';
import { roleOfTag } from '../src/model/vocabulary.js';
import { type Block, blocksOf, deadLinks, documentText, missing, sessionsOf } from './support/documents.js';
import { FIXTURES } from './support/fixtures.js';
import { commit, write } from './support/projects.js';
import { installed } from './support/tools.js';

/** The shop as somebody's repository, on its branch main. */
function shop(): string {
  const folder = installed({});
  cpSync(path.join(FIXTURES, 'shop'), folder, { recursive: true });
  rmSync(path.join(folder, 'fixed.diff'));
  commit(folder, 'shop');
  return folder;
}

/** `npx` finds what is installed, and has nothing else to run. */
function run(cwd: string, command: string): string {
  const { stdout } = spawnSync('bash', ['-c', `exec 2>&1\nnpx() { "$@"; }\n${command}`], {
    cwd,
    encoding: 'utf8',
    env: { ...process.env, NO_COLOR: '1', PATH: `${path.join(cwd, 'node_modules/.bin')}${path.delimiter}${process.env.PATH}` },
  });
  return stdout;
}

/** What a block says that is not so: a session is held, every other block is a file. */
function untrue(cwd: string, block: Block): readonly string[] {
  if (block.language !== 'console') {
    if (block.file === undefined) return [`no file is named for: ${block.text}`];
    write(cwd, { [block.file]: `${block.text}\n` });
    return [];
  }
  return sessionsOf(block).flatMap((session) => {
    const printed = run(cwd, session.command);
    const lacking = missing(session, printed);
    return lacking.length === 0 ? [] : [`${session.command}: ${lacking.join('\n')}\n${printed}`];
  });
}

describe.each(['docs/adopting.md', 'docs/recognition.md', 'docs/configuration.md'])('%s', (name) => {
  it('is true, from its first block to its last', () => {
    const cwd = shop();
    const blocks = blocksOf(documentText(name));
    expect(blocks.length).toBeGreaterThan(3);
    for (const block of blocks) expect(untrue(cwd, block), `under "${block.section}"`).toEqual([]);
  }, 240_000);

  it('links to what is there', () => {
    expect(deadLinks(name)).toEqual([]);
  });
});

describe('tables of the guides', () => {
  const cells = (name: string): string[][] => [...documentText(name).matchAll(/^\| (`.+?) \| (.+) \|$/gm)].map(([, ...row]) => row);
  const quoted = (cell = ''): string[] => [...cell.matchAll(/`([^`]+)`/g)].map(([, text = '']) => text);

  it('have every key of a configuration', () => {
    const keys = Object.keys(userConfigSchema(z).shape);
    expect(
      cells('docs/configuration.md')
        .flatMap(([key]) => quoted(key))
        .sort(),
    ).toEqual(keys.sort());
  });

  it('have every role, with a tag that says it', () => {
    const roles = cells('docs/recognition.md').map(([key, tag]) => [quoted(key)[0], roleOfTag(quoted(tag)[0]?.slice(1) ?? '')]);
    expect(Object.fromEntries(roles)).toEqual(ROLES);
  });
});
