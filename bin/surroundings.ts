import path from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Links } from '../src/report/links.js';
import { packageRoot } from './package.js';

/** Whether a coding agent started this process. */
export async function underAgent(): Promise<boolean> {
  const { detectAgent } = await import('std-env');
  return detectAgent().name !== undefined;
}

/** Links for a terminal that shows them; undefined for one that would print their addresses. */
export async function linksFor(stream: NodeJS.WriteStream, cwd: string, env = process.env): Promise<Links | undefined> {
  // Whatever FORCE_HYPERLINK says is asked of the library; without it, what is no terminal needs no library to answer.
  if (!stream.isTTY && env.FORCE_HYPERLINK === undefined) return undefined;
  const { createSupportsHyperlinks } = await import('supports-hyperlinks');
  if (!createSupportsHyperlinks(stream)) return undefined;
  const catalogue = pathToFileURL(path.join(packageRoot(), 'rules/README.md')).href;
  // The terminal of VS Code opens `file:12:3` in the text at its line, which a file address cannot say.
  const places = env.TERM_PROGRAM !== 'vscode';
  return {
    rule: (id) => `${catalogue}#${encodeURIComponent(id)}`,
    place: ({ file, line }) => (places ? `${pathToFileURL(path.resolve(cwd, file)).href}#${line}` : undefined),
  };
}
