import { readFileSync } from 'node:fs';

/** The text of a source file, whatever byte order mark an editor put before it. */
export function readSource(file: string): string {
  return decoded(readFileSync(file));
}

export function decoded(bytes: Buffer): string {
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return bytes.toString('utf16le', 2);
  if (bytes[0] === 0xfe && bytes[1] === 0xff)
    return Buffer.from(bytes.subarray(2, bytes.length - (bytes.length % 2)))
      .swap16()
      .toString('utf16le');
  return bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf ? bytes.toString('utf8', 3) : bytes.toString('utf8');
}

/** Whether a generator signed the file. Only the comment at its head counts: "automatically generated" is also said of identifiers. */
export function isGenerated(text: string): boolean {
  const head = LEADING_COMMENTS.exec(text.slice(0, 400))?.[0] ?? '';
  return /@generated\b|automatically generated|auto-?generated|do not edit/i.test(head);
}

/** The last comment may be cut off. */
const LEADING_COMMENTS = /^(?:\s+|#![^\n]*|\/\/[^\n]*|\/\*[\s\S]*?(?:\*\/|$))*/;
