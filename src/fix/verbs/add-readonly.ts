import type { AddReadonly } from '../../change.js';
import { ts, type tsTypes } from '../../facts/compiler.js';
import { useUntilInstalled } from '../hidden-uses.js';
import { isAccess } from '../members.js';
import { placeOf } from '../nodes.js';
import { refuse } from '../patch.js';
import { isWrite } from '../uses.js';
import type { Verb } from './verb.js';

export const addReadonly: Verb<AddReadonly> = ({ at, without = [] }, workspace) => {
  const name = workspace.nodeAt(at);
  const member = name?.parent;
  if (!name || !member || !canBeReadonly(member)) return refuse('no field or property stands there');
  const modifiers = ts.getCombinedModifierFlags(member);
  if (modifiers & ts.ModifierFlags.Readonly) return refuse('it is readonly already');
  if (modifiers & ts.ModifierFlags.Accessor) return refuse('TypeScript has no readonly auto-accessors');
  const removed = without.flatMap((span) => workspace.nodeAt(span)?.parent ?? []);
  const late = workspace
    .references(name)
    .filter((use) => isWrite(use) && !constructs(use, member.parent) && !ts.findAncestor(use, (node) => removed.includes(node)));
  const [first] = late;
  if (first) {
    const assignments = late.length === 1 ? 'an assignment' : `${late.length} assignments`;
    return refuse(`${assignments} outside the constructor would no longer compile (${placeOf(first, workspace)})`);
  }
  const untyped = useUntilInstalled(name, workspace, isWrite);
  if (untyped)
    return refuse(`it may be assigned where types are unknown until all dependencies are installed (${placeOf(untyped, workspace)})`);
  const file = name.getSourceFile().fileName;
  const start = name.getStart();
  const widened = widenedType(member);
  return {
    edits: [
      { file, start, end: start, text: 'readonly ' },
      ...(widened === undefined ? [] : [{ file, start: name.end, end: name.end, text: `: ${widened}` }]),
    ],
  };
};

/** Of `archived = false`: `boolean`. Readonly alone would make its type `false`. */
function widenedType(member: tsTypes.Node): string | undefined {
  if (!(ts.isPropertyDeclaration(member) || ts.isParameter(member)) || member.type || !member.initializer) return undefined;
  const value = ts.isPrefixUnaryExpression(member.initializer) ? member.initializer.operand : member.initializer;
  if (ts.isStringLiteralLike(value)) return 'string';
  if (ts.isNumericLiteral(value)) return 'number';
  if (ts.isBigIntLiteral(value)) return 'bigint';
  return value.kind === ts.SyntaxKind.TrueKeyword || value.kind === ts.SyntaxKind.FalseKeyword ? 'boolean' : undefined;
}

function canBeReadonly(
  node: tsTypes.Node,
): node is tsTypes.PropertyDeclaration | tsTypes.PropertySignature | tsTypes.ParameterPropertyDeclaration {
  return (
    ts.isPropertyDeclaration(node) ||
    ts.isPropertySignature(node) ||
    (ts.isParameter(node) && ts.isParameterPropertyDeclaration(node, node.parent))
  );
}

/** Where `readonly` still lets the own class assign: on `this` in its constructor, in no function inside that. The parameter of a property may change. */
function constructs(use: tsTypes.Node, owner: tsTypes.Node): boolean {
  const around = ts.findAncestor(use, (node) => ts.isFunctionLike(node));
  if (!around || !ts.isConstructorDeclaration(around)) return false;
  const { parent } = use;
  const onThis = isAccess(parent) && parent.expression.kind === ts.SyntaxKind.ThisKeyword;
  return (around.parent === owner || around === owner) && (onThis || !isAccess(parent));
}
