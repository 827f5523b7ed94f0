import { ts, type tsTypes } from '../facts/compiler.js';
import type { Workspace } from './workspace.js';

/** Whether it may be undefined or null: by its type, or, where the compiler doesn't tell, by how what it names is declared. */
export function mayBeMissing(expression: tsTypes.Expression, workspace: Workspace): boolean {
  const file = expression.getSourceFile().fileName;
  const { strictNullChecks, strict } = workspace.optionsOf(file);
  const checker = workspace.checker(file);
  return (strictNullChecks ?? strict ?? false) ? isNullable(checker.getTypeAtLocation(expression)) : looksMissing(expression, checker);
}

export function isNullable(type: tsTypes.Type): boolean {
  return (type.isUnion() ? type.types : [type]).some(({ flags }) => (flags & (ts.TypeFlags.Undefined | ts.TypeFlags.Null)) !== 0);
}

const DEEP = 5;

function looksMissing(e: tsTypes.Expression, checker: tsTypes.TypeChecker, depth = 0): boolean {
  if (depth > DEEP) return true;
  const deeper = (inner: tsTypes.Expression): boolean => looksMissing(inner, checker, depth + 1);
  if (ts.isParenthesizedExpression(e) || ts.isAsExpression(e)) return deeper(e.expression);
  if (e.kind === ts.SyntaxKind.ThisKeyword || ts.isNewExpression(e) || ts.isNonNullExpression(e)) return false;
  if (ts.isOptionalChain(e)) return true;
  if (ts.isCallExpression(e)) {
    const made = checker.getResolvedSignature(e)?.declaration;
    if (!made || ts.isJSDocSignature(made) || made.getSourceFile().isDeclarationFile) return true;
    return returnsMissing(made, deeper);
  }
  if (!ts.isIdentifier(e) && !ts.isPropertyAccessExpression(e)) return true;
  const declaration = checker.getSymbolAtLocation(ts.isIdentifier(e) ? e : e.name)?.declarations?.[0];
  if (!declaration) return true;
  if (ts.isParameter(declaration) || ts.isPropertyDeclaration(declaration) || ts.isPropertySignature(declaration))
    return declaration.questionToken !== undefined || saysMissing(declaration.type);
  if (ts.isVariableDeclaration(declaration))
    return declaration.type ? saysMissing(declaration.type) : !declaration.initializer || deeper(declaration.initializer);
  return ts.isGetAccessorDeclaration(declaration) ? returnsMissing(declaration, deeper) : true;
}

function returnsMissing(made: tsTypes.SignatureDeclaration, deeper: (e: tsTypes.Expression) => boolean): boolean {
  if (made.type) return saysMissing(made.type);
  const returned = onlyReturned(made);
  return !returned || deeper(returned);
}

function saysMissing(type: tsTypes.TypeNode | undefined): boolean {
  return type !== undefined && /\b(?:undefined|null)\b/.test(type.getText());
}

/** What a function whose only statement is a `return` hands out. */
export function onlyReturned(made: tsTypes.Node): tsTypes.Expression | undefined {
  const body = ts.isFunctionLike(made) && 'body' in made ? (made.body as tsTypes.Node | undefined) : undefined;
  if (!body) return undefined;
  if (!ts.isBlock(body)) return body as tsTypes.Expression;
  const [only] = body.statements;
  return body.statements.length === 1 && only && ts.isReturnStatement(only) ? only.expression : undefined;
}
