import type { Restrict } from '../../change.js';
import { ts, type tsTypes } from '../../facts/compiler.js';
import { useUntilInstalled } from '../hidden-uses.js';
import { basesOf, classAround } from '../members.js';
import { placeOf, sameNode } from '../nodes.js';
import { refuse } from '../patch.js';
import { isWrite } from '../uses.js';
import type { Workspace } from '../workspace.js';
import type { Verb } from './verb.js';

export const restrict: Verb<Restrict> = ({ at, to }, workspace) => {
  const name = workspace.nodeAt(at);
  const member = name?.parent;
  const owner = member && classAround(member);
  if (!name || !member || !owner || !isRestrictable(member)) return refuse('no member of a class stands there');
  const pair = ts.isSetAccessor(member) ? owner.members.filter((each) => each.name?.getText() === name.getText()) : [];
  const isUse = (use: tsTypes.Node): boolean =>
    use !== name &&
    (!ts.isSetAccessor(member) || isWrite(use) || ts.isClassElement(use.parent)) &&
    !pair.some((each) => each === use.parent);
  const places = workspace
    .references(name)
    .filter(isUse)
    .map((use) => ({ use, from: within(use, owner, workspace) }));
  const outside = places.filter(({ from }) => from === 'outside');
  const [first] = outside;
  if (first) {
    const uses = outside.length === 1 ? 'a use' : `${outside.length} uses`;
    return refuse(`${uses} outside the class would no longer compile (${placeOf(first.use, workspace)})`);
  }
  const untyped = useUntilInstalled(name, workspace, ts.isSetAccessor(member) ? isWrite : undefined);
  if (untyped)
    return refuse(`it may be used where types are unknown until all dependencies are installed (${placeOf(untyped, workspace)})`);
  const word = to === 'protected' || places.some(({ from }) => from === 'heir') ? 'protected' : 'private';
  const file = name.getSourceFile().fileName;
  const modifiers = member.modifiers?.filter(ts.isModifier) ?? [];
  const visibility = modifiers.find(({ kind }) => kind === ts.SyntaxKind.PublicKeyword);
  if (visibility) return { edits: [{ file, start: visibility.getStart(), end: visibility.end, text: word }] };
  const start = (modifiers[0] ?? afterDecorators(member)).getStart();
  return { edits: [{ file, start, end: start, text: `${word} ` }] };
};

type Restrictable =
  | tsTypes.AccessorDeclaration
  | tsTypes.MethodDeclaration
  | tsTypes.PropertyDeclaration
  | tsTypes.ParameterPropertyDeclaration;

function isRestrictable(node: tsTypes.Node): node is Restrictable {
  return (
    ts.isAccessor(node) ||
    ts.isMethodDeclaration(node) ||
    ts.isPropertyDeclaration(node) ||
    (ts.isParameter(node) && ts.isParameterPropertyDeclaration(node, node.parent))
  );
}

/** The keyword or name that opens the member. */
function afterDecorators(member: Restrictable): tsTypes.Node {
  return member.getChildren().find((child) => child.kind !== ts.SyntaxKind.SyntaxList && !ts.isJSDoc(child)) ?? member.name;
}

function within(use: tsTypes.Node, owner: tsTypes.ClassLikeDeclaration, workspace: Workspace): 'class' | 'heir' | 'outside' {
  let found: 'heir' | 'outside' = 'outside';
  for (let around = classAround(use); around; around = classAround(around.parent)) {
    if (sameNode(around, owner)) return 'class';
    if (basesOf(around, workspace.checker(around.getSourceFile().fileName)).some((base) => sameNode(base, owner))) found = 'heir';
  }
  return found;
}
