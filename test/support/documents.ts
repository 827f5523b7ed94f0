import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { ROOT } from './own-imports.js';
import { AGGRO } from './scratch.js';

/** A fenced block of a document. */
export interface Block {
  /** The heading above it. */
  readonly section: string;
  /** The file that it is to be, where the line above names one. */
  readonly file?: string;
  readonly language: string;
  readonly text: string;
}

/** A document below the root, as it is in the repository. */
export const documentText = (name: string): string => readFileSync(path.join(ROOT, name), 'utf8');

export function blocksOf(document: string): readonly Block[] {
  const blocks: Block[] = [];
  let section = '';
  for (const [, heading, file, language, text] of document.matchAll(
    /^#+ (.+)$|(?:^[^\n]*`([^`\n]+)`:\n\n)?^```(\w+)\n([\s\S]*?)\n```$/gm,
  )) {
    if (heading !== undefined) section = heading;
    else blocks.push({ section, ...(file !== undefined && { file }), language: language ?? '', text: text ?? '' });
  }
  return blocks;
}

/** Links to files that are not there. */
export function deadLinks(name: string): readonly string[] {
  const links = [...documentText(name).matchAll(/\]\(([^):#]+)(?:#[^)]*)?\)/g)].map(([, target = '']) => target);
  return links.filter((target) => !existsSync(path.join(ROOT, path.dirname(name), target)));
}

export interface Session {
  readonly command: string;
  readonly shown: readonly string[];
}

/** A `console` block: commands after `$`, each with what it prints; a line with an ellipsis stands for any lines. */
export function sessionsOf({ text }: Block): readonly Session[] {
  return text.split(/^\$ /m).flatMap((part) => {
    const [command = '', ...shown] = part.trimEnd().split('\n');
    return command === '' ? [] : [{ command, shown }];
  });
}

/** What `npx aggro …` prints there; nothing else is run. */
export function output(command: string, cwd: string): string {
  const [program, name, ...args] = command.split(' ');
  if (program !== 'npx' || name !== 'aggro') throw new Error(`${command} is not run from here`);
  const { stdout, stderr } = spawnSync(process.execPath, [AGGRO, ...args], {
    cwd,
    encoding: 'utf8',
    env: { ...process.env, NO_COLOR: '1' },
  });
  return stdout + stderr;
}

const ELSEWHERE = '…';
/** Times differ, and with them the width of columns. */
const lines = (text: string): string[] =>
  text
    .replaceAll(/\d+\.\d+ s\b/g, 'N s')
    .replaceAll(/(?<=\S) {2,}/g, '  ')
    .split('\n');

/** The lines that are not where a session shows them: one after the other, and next to each other where no ellipsis is between. */
export function missing({ shown }: Session, printed: string): readonly string[] {
  const there = lines(printed);
  let at = 0;
  let anywhere = false;
  for (const line of lines(shown.join('\n'))) {
    if (line === ELSEWHERE) {
      anywhere = true;
      continue;
    }
    const found = anywhere ? there.indexOf(line, at) : there[at] === line ? at : -1;
    if (found < 0) return [line];
    at = found + 1;
    anywhere = false;
  }
  return anywhere || there.slice(at).every((line) => line === '') ? [] : ['the output goes on'];
}
