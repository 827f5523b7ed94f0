import { PassThrough } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { ask } from '../../bin/ask.js';

const QUESTIONS = ['shelf', 'room', 'door'].map((id) => ({
  id,
  title: `Make ${id}.id readonly (safe)`,
  message: `${id} has an identity`,
  diff: `-public ${id}\n+readonly ${id}\u001b]0;owned\u0007`,
}));

const ENTER = '\r';
const DOWN = '\u001b[B';
const ESCAPE = '\u001b';

/** Types the keys when a question is there to read them. */
async function answered(...keys: readonly string[]): Promise<{ readonly wanted: readonly string[]; readonly shown: string }> {
  const input = new PassThrough();
  const output = new PassThrough();
  let shown = '';
  output.on('data', (chunk) => {
    shown += chunk;
  });
  const asked = ask(QUESTIONS, { input, output });
  for (const key of keys) {
    await sleep(50);
    input.write(key);
  }
  return { wanted: [...(await asked)], shown };
}

describe('--interactive', () => {
  it('makes what is agreed to', async () => {
    const { wanted, shown } = await answered(ENTER, DOWN, ENTER, ENTER);
    expect(wanted).toEqual(['shelf', 'door']);
    expect(shown).toContain('1/3 Make shelf.id readonly (safe)');
    expect(shown).toContain('+readonly door');
  });

  it('makes all that follow', async () => {
    expect((await answered(DOWN, ENTER, DOWN, DOWN, ENTER)).wanted).toEqual(['room', 'door']);
  });

  it('stops asking and makes those agreed to', async () => {
    expect((await answered(ENTER, DOWN, DOWN, DOWN, ENTER)).wanted).toEqual(['shelf']);
  });

  it('makes none when it is left', async () => {
    expect((await answered(ENTER, ESCAPE)).wanted).toEqual([]);
  });

  it('prints what names hold, and does not obey it', async () => {
    const { shown } = await answered(ENTER, ESCAPE);
    expect(shown).toContain('shelf\\u001b]0;owned\\u0007');
    expect(shown).not.toContain('\u001b]0;owned');
  });
});
