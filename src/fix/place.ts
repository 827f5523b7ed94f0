import type { tsTypes } from '../facts/compiler.js';
import type { Workspace } from './workspace.js';

/** `src/device.ts:12`, for a refusal to name. */
export function placeOf(node: tsTypes.Node, workspace: Workspace): string {
  const source = node.getSourceFile();
  const { line } = source.getLineAndCharacterOfPosition(node.getStart());
  return `${workspace.relative(source.fileName)}:${line + 1}`;
}
