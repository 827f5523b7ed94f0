import { ts, type tsTypes } from '../facts/compiler.js';
import { basesOf } from './members.js';
import { sameNode } from './nodes.js';
import { isWrite } from './uses.js';
import type { Workspace } from './workspace.js';

/** A use of the name on a value whose type nobody knows: no reference leads there, and the compiler does not mind. */
export function untypedUse(
  name: tsTypes.Node,
  workspace: Workspace,
  wanted: (use: tsTypes.Node) => boolean = () => true,
): tsTypes.Node | undefined {
  const text = name.getText();
  return find(workspace, `.${text}`, (node, checker) => {
    if (!ts.isPropertyAccessExpression(node) || node.name.text !== text || !wanted(node.name)) return undefined;
    return checker.getTypeAtLocation(node.expression).flags & ts.TypeFlags.Any ? node.name : undefined;
  });
}

/** The same where types are unknown only for want of a dependency: once that is installed, the compiler will mind. */
export function useUntilInstalled(
  name: tsTypes.Node,
  workspace: Workspace,
  wanted?: (use: tsTypes.Node) => boolean,
): tsTypes.Node | undefined {
  const isMissing = workspace.compilations.some((each) => each.unresolved().length > 0);
  return isMissing ? untypedUse(name, workspace, wanted) : undefined;
}

/** Where members of the class are assigned that the code does not name: `Object.assign(order, …)`, `order[key] = …`, an instance made by reflection. */
export function unnamedWrite(owner: tsTypes.ClassLikeDeclaration, workspace: Workspace): tsTypes.Node | undefined {
  const isOwn = (type: tsTypes.Type, checker: tsTypes.TypeChecker): boolean => {
    const declarations = (checker.getBaseConstraintOfType(type) ?? type).symbol?.declarations ?? [];
    return declarations.some((each) => ts.isClassLike(each) && [each, ...basesOf(each, checker)].some((one) => sameNode(one, owner)));
  };
  return (
    find(workspace, 'Object.assign', (node, checker) => {
      if (!ts.isCallExpression(node) || node.expression.getText() !== 'Object.assign') return undefined;
      const [target] = node.arguments;
      return target && isOwn(checker.getTypeAtLocation(target), checker) ? node : undefined;
    }) ??
    find(workspace, 'plainTo', (node, checker) => {
      if (!ts.isCallExpression(node) || !/^plainTo(?:Class|Instance)/.test(node.expression.getText())) return undefined;
      const [target] = node.arguments;
      const made = target && checker.getTypeAtLocation(target).getConstructSignatures()[0]?.getReturnType();
      return made && isOwn(made, checker) ? node : undefined;
    }) ??
    find(workspace, '] =', (node, checker) => {
      if (!ts.isElementAccessExpression(node) || ts.isStringLiteralLike(node.argumentExpression)) return undefined;
      if (!isWrite(node.argumentExpression)) return undefined;
      return isOwn(checker.getTypeAtLocation(node.expression), checker) ? node : undefined;
    })
  );
}

function find(
  workspace: Workspace,
  sign: string,
  test: (node: tsTypes.Node, checker: tsTypes.TypeChecker) => tsTypes.Node | undefined,
): tsTypes.Node | undefined {
  for (const { program } of workspace.compilations) {
    const now = program();
    for (const source of now.getSourceFiles()) {
      if (source.isDeclarationFile || !workspace.isOwn(source.fileName) || !source.text.includes(sign)) continue;
      const visit = (node: tsTypes.Node): tsTypes.Node | undefined => test(node, now.getTypeChecker()) ?? ts.forEachChild(node, visit);
      const found = visit(source);
      if (found) return found;
    }
  }
  return undefined;
}
