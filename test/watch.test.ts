import { spawn, spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { ROOT } from './support/own-imports.js';
import { AGGRO, aggroIn, scratch } from './support/scratch.js';

const shelf = (modifiers: string) =>
  `/** @aggregateRoot */\nexport class Shelf {\n  constructor(${modifiers} id: string) {}\n\n  name(): string {\n    return this.id;\n  }\n}\n`;

/** A running `aggro --watch`: what it printed since it was last asked, when it waits again. */
function watching(cwd: string) {
  const child = spawn(process.execPath, [AGGRO, '--watch', '-f', 'compact'], { cwd, env: { ...process.env, NO_COLOR: '1' } });
  let printed = '';
  let waiting: (() => void) | undefined;
  let rounds = 0;
  let seen = 0;
  child.stdout.on('data', (chunk) => {
    printed += chunk;
  });
  child.stderr.on('data', (chunk) => {
    printed += chunk;
    rounds += String(chunk).split('Watching: r lints again').length - 1;
    if (rounds > seen) waiting?.();
  });
  const ended = new Promise<number | null>((resolve) => child.once('close', resolve));
  return {
    next: async (): Promise<string> => {
      if (rounds <= seen) await new Promise<void>((resolve) => (waiting = resolve));
      seen = rounds;
      // Both streams have arrived.
      await new Promise((resolve) => setTimeout(resolve, 50));
      const said = printed;
      printed = '';
      return said;
    },
    press: (key: string) => child.stdin.write(key),
    ended,
  };
}

describe('aggro lint --watch', () => {
  it('lints again when a file changes, says the same as a run of its own, and ends when told', async () => {
    const cwd = scratch({ 'shelf.ts': shelf('readonly'), 'aggro.config.json': '{}' });
    const { next, press, ended } = watching(cwd);
    expect(await next()).not.toContain('immutable-identity');
    writeFileSync(join(cwd, 'shelf.ts'), shelf('public'));
    expect(await next()).toContain(aggroIn(cwd, '-f', 'compact', '--no-cache').stdout);
    writeFileSync(join(cwd, 'room.ts'), shelf('public').replaceAll('Shelf', 'Room'));
    expect(await next()).toContain('Room.id');
    writeFileSync(join(cwd, 'aggro.config.json'), '{"rules":{"immutable-identiti":"off"}}');
    expect(await next()).toContain('did you mean "immutable-identity"?');
    writeFileSync(join(cwd, 'aggro.config.json'), '{"rules":{"immutable-identity":"off"}}');
    expect(await next()).not.toContain('Room.id');
    press('r');
    expect(await next()).not.toContain('Room.id');
    press('q');
    expect(await ended).toBe(0);
  });

  it('only looks', () => {
    const { status, stderr } = aggroIn(scratch({ 'shelf.ts': shelf('public') }), '--watch', '--fix');
    expect({ status, stderr }).toEqual({ status: 2, stderr: 'aggro: --watch only looks: fix and suppress in a run of their own.\n' });
  });

  it('says after each of some random edits what a fresh run says', () => {
    const { status, stdout } = spawnSync(process.execPath, [join(ROOT, '.ci/soak.mjs'), '--edits', '20', '--seed', '7'], {
      encoding: 'utf8',
    });
    expect({ status, stdout }).toMatchObject({ status: 0 });
  });
});
