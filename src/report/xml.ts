import { visible } from './layout.js';

/** One element. Attributes that are undefined are left out. */
export function element(
  name: string,
  attributes: Readonly<Record<string, string | number | undefined>>,
  children: readonly string[] = [],
): string {
  const written = Object.entries(attributes).flatMap(([key, value]) =>
    value === undefined ? [] : [` ${key}="${escaped(String(value))}"`],
  );
  const start = `<${name}${written.join('')}`;
  if (children.length === 0) return `${start}/>`;
  return [`${start}>`, ...children.map(indented), `</${name}>`].join('\n');
}

/** An element with text alone: each line on its own, and none of them markup. */
export function textElement(
  name: string,
  attributes: Readonly<Record<string, string | number | undefined>>,
  lines: readonly string[],
): string {
  const [start = ''] = element(name, attributes, ['']).split('\n');
  return `${start}${lines.map(escaped).join('\n')}</${name}>`;
}

export function xmlDocument(root: string): string {
  return `<?xml version="1.0" encoding="UTF-8"?>\n${root}\n`;
}

/** XML has no way to write most control characters, not even escaped: they are shown as in every other report. */
function escaped(text: string): string {
  return visible(text)
    .replace(/\p{Surrogate}|[\ufffe\uffff]/gu, '\ufffd')
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
    .replaceAll("'", '&apos;');
}

/** Only markup moves in: the lines of a text are its own. */
function indented(child: string): string {
  return child
    .split('\n')
    .map((line) => (line.startsWith('<') || line.startsWith(' ') ? `  ${line}` : line))
    .join('\n');
}
