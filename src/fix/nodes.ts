import type { tsTypes } from '../facts/compiler.js';
import type { Workspace } from './workspace.js';

/** `order.ts:12`. */
export function placeOf(node: tsTypes.Node, workspace: Workspace): string {
  const source = node.getSourceFile();
  return `${workspace.relative(source.fileName)}:${source.getLineAndCharacterOfPosition(node.getStart()).line + 1}`;
}

/** Programs of several tsconfigs hold the same file as different nodes. */
export function sameNode(a: tsTypes.Node | undefined, b: tsTypes.Node | undefined): boolean {
  return (
    a !== undefined &&
    b !== undefined &&
    a.getSourceFile().fileName === b.getSourceFile().fileName &&
    a.pos === b.pos &&
    a.end === b.end &&
    a.kind === b.kind
  );
}
