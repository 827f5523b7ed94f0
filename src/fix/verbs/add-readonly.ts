import type { AddReadonly } from '../../change.js';
import { ts, type tsTypes } from '../../facts/compiler.js';
import { refuse } from '../patch.js';
import { inConstructorOf, isWrite } from '../uses.js';
import type { Verb } from './verb.js';

export const addReadonly: Verb<AddReadonly> = ({ at }, workspace) => {
  const name = workspace.nodeAt(at);
  const member = name?.parent;
  if (!name || !member || !canBeReadonly(member)) return refuse('no field or property stands there');
  if (ts.getCombinedModifierFlags(member as tsTypes.Declaration) & ts.ModifierFlags.Readonly) return refuse('it is readonly already');
  const late = workspace.references(name).filter((use) => isWrite(use) && !inConstructorOf(use, member.parent));
  const [first] = late;
  if (first) {
    const { line } = first.getSourceFile().getLineAndCharacterOfPosition(first.getStart());
    const where = `${workspace.relative(first.getSourceFile().fileName)}:${line + 1}`;
    return refuse(
      `${late.length === 1 ? 'an assignment' : `${late.length} assignments`} outside the constructor would no longer compile (${where})`,
    );
  }
  const start = name.getStart();
  return { edits: [{ file: name.getSourceFile().fileName, start, end: start, text: 'readonly ' }] };
};

function canBeReadonly(node: tsTypes.Node): boolean {
  return (
    ts.isPropertyDeclaration(node) ||
    ts.isPropertySignature(node) ||
    (ts.isParameter(node) && ts.isParameterPropertyDeclaration(node, node.parent))
  );
}
