import { ts, type tsTypes } from '../facts/compiler.js';
import { classAround, isInstance } from './members.js';
import { sameNode } from './nodes.js';
import type { Workspace } from './workspace.js';

/**
 * A call that writes whatever fields an object has, this one among them: `Object.assign(this, props)`, `plainToInstance(Order, row)`.
 * The compiler sees no assignment in it, and at run time it fails where the field has become an accessor.
 */
export function writtenByCopying(field: tsTypes.Node, owner: tsTypes.ClassLikeDeclaration, workspace: Workspace): tsTypes.Node | undefined {
  const name = (field as tsTypes.PropertyDeclaration).name.getText();
  const own = workspace.checker(owner.getSourceFile().fileName);
  const inherits = (base: tsTypes.Node | undefined): boolean => isInstance(own.getTypeAtLocation(owner), base, own);
  for (const { program } of workspace.compilations) {
    const checker = program().getTypeChecker();
    for (const source of program().getSourceFiles()) {
      if (!workspace.isOwn(source.fileName) || !COPYING.test(source.text)) continue;
      const writes = (call: tsTypes.CallExpression): boolean => {
        const [target] = call.arguments;
        if (!target) return false;
        const type = checker.getTypeAtLocation(target);
        const onIt = checker.getPropertyOfType(type, name)?.declarations?.some((each) => sameNode(each, field)) ?? false;
        if (call.expression.getText() !== 'Object.assign')
          return call.arguments.some((each) => ts.isIdentifier(each) && each.text === owner.name?.text);
        return onIt || (target.kind === ts.SyntaxKind.ThisKeyword && inherits(classAround(call)));
      };
      const found = callsIn(source).find((call) => COPYING.test(`${call.expression.getText()}(`) && writes(call));
      if (found) return found;
    }
  }
  return undefined;
}

const COPYING = /\b(?:Object\.assign|plainToInstance|plainToClass|plainToClassFromExist)\s*\(/;

function callsIn(source: tsTypes.SourceFile): tsTypes.CallExpression[] {
  const found: tsTypes.CallExpression[] = [];
  const visit = (node: tsTypes.Node): void => {
    if (ts.isCallExpression(node)) found.push(node);
    ts.forEachChild(node, visit);
  };
  visit(source);
  return found;
}
