import type { tsTypes } from '../../facts/compiler.js';
import type { Workspace } from '../workspace.js';

/** What stands in the way of a split: the end of the sentence "not applied: …". */
export class Obstacle extends Error {}

export function obstacle(why: string): never {
  throw new Obstacle(why);
}

/** `place-order.ts:31`. */
export function placeOf(node: tsTypes.Node, workspace: Workspace): string {
  const source = node.getSourceFile();
  const { line } = source.getLineAndCharacterOfPosition(node.getStart());
  return `${workspace.relative(source.fileName)}:${line + 1}`;
}
