import { oneLine, visible } from './layout.js';

/** A bar ends a cell even inside code. */
export function cells(columns: readonly string[]): string {
  return `| ${columns.map((column) => column.replace(/(?<!\\)\|/g, '\\|')).join(' | ')} |`;
}

/** Prose with code in backticks, which stays code. */
export function sentence(text: string): string {
  return oneLine(text)
    .split(/`([^`]*)`/)
    .map((part, index) => (index % 2 === 1 && part !== '' ? code(part) : marked(part)))
    .join('');
}

/** Text that stays text; a decorator's name goes into code, where it calls nobody's attention. */
export function prose(text: string): string {
  return marked(oneLine(text));
}

function marked(text: string): string {
  return text
    .split(/(@[\w-]+(?:\(\))?)/)
    .map((part, index) => (index % 2 === 1 ? code(part) : escapeHtml(part).replace(/[\\`*_[\]|~#]/g, '\\$&')))
    .join('');
}

export function code(raw: string): string {
  const text = visible(raw);
  const runs = [...text.matchAll(/`+/g)].map(([run]) => run.length);
  const fence = '`'.repeat(Math.max(0, ...runs) + 1);
  return runs.length === 0 ? `${fence}${text}${fence}` : `${fence} ${text} ${fence}`;
}

/** Text inside markup of our own, where Markdown is not read but names are still called. */
export function html(text: string): string {
  return escapeHtml(visible(text)).replace(/@[\w-]+/g, '<code>$&</code>');
}

function escapeHtml(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}
