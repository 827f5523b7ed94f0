import type { Offset } from './facts.js';

/** Where each line begins. */
export function lineStarts(text: string): readonly Offset[] {
  const lines = [0];
  for (let end = text.indexOf('\n'); end >= 0; end = text.indexOf('\n', end + 1)) lines.push(end + 1);
  return lines;
}
