import type { Readable, Writable } from 'node:stream';
import { isCancel, log, select } from '@clack/prompts';
import { visible, visibleLines } from '../src/report/inert.js';

export interface Question {
  readonly id: string;
  readonly title: string;
  readonly message: string;
  readonly diff: string;
}

/** Asks about each fix, at the terminal unless told otherwise. Cancelling makes none. */
export async function ask(
  questions: readonly Question[],
  terminal: { readonly input?: Readable; readonly output?: Writable } = {},
): Promise<ReadonlySet<string>> {
  const wanted = new Set<string>();
  for (const [i, { id, title, message, diff }] of questions.entries()) {
    log.message(`${visible(message)}\n\n${diff.split('\t').map(visibleLines).join('\t')}`, terminal);
    const answer = await select({
      ...terminal,
      message: `${i + 1}/${questions.length} ${visible(title)}`,
      options: [
        { value: 'yes', label: 'Make it' },
        { value: 'no', label: 'Leave it' },
        { value: 'all', label: 'Make this and all that follow' },
        { value: 'quit', label: 'Stop asking: make those agreed to so far' },
      ],
    });
    if (isCancel(answer)) return new Set();
    if (answer === 'quit') break;
    if (answer === 'all') {
      for (const each of questions.slice(i)) wanted.add(each.id);
      break;
    }
    if (answer === 'yes') wanted.add(id);
  }
  return wanted;
}
