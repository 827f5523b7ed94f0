import type { RemoveUnused } from '../../change.js';
import { ts, type tsTypes } from '../../facts/compiler.js';
import { unnamedWrite, untypedUse } from '../hidden-uses.js';
import { memberName } from '../members.js';
import { placeOf } from '../nodes.js';
import { refuse } from '../patch.js';
import { isWrite } from '../uses.js';
import { withItsLines } from '../whole-lines.js';
import type { Verb } from './verb.js';

export const removeUnused: Verb<RemoveUnused> = ({ at }, workspace) => {
  const name = workspace.nodeAt(at);
  const member = name?.parent;
  if (!name || !member || !(ts.isSetAccessor(member) || ts.isMethodDeclaration(member)) || !ts.isClassLike(member.parent))
    return refuse('no setter or method of a class stands there');
  const owner = member.parent;
  const isSetter = ts.isSetAccessor(member);
  const keepsGetter = isSetter && owner.members.some((each) => ts.isGetAccessor(each) && each.name.getText() === name.getText());
  const uses = workspace.references(name).filter((use) => !isDeclared(use) && (!keepsGetter || isWrite(use)));
  const [first] = uses;
  if (first) return refuse(`${memberName(member)} is used (${placeOf(first, workspace)})`);
  const untyped = untypedUse(name, workspace, isSetter ? isWrite : undefined);
  if (untyped) return refuse(`a value of unknown type may mean it (${placeOf(untyped, workspace)})`);
  const unnamed = isSetter ? unnamedWrite(owner, workspace) : undefined;
  if (unnamed) return refuse(`${memberName(member)} may be assigned without being named (${placeOf(unnamed, workspace)})`);
  return { edits: [withItsLines(member)] };
};

/** As the class itself, an heir or an interface declares it. */
function isDeclared(use: tsTypes.Node): boolean {
  return ts.isClassElement(use.parent) || ts.isTypeElement(use.parent);
}
