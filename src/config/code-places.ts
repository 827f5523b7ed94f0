import { ts, type tsTypes } from '../facts/compiler.js';

/** `line:column` of what a path of keys leads to in what a module exports, or of as much of it as is spelled out there. */
export function placesInCode(file: string, text: string): (keys: readonly PropertyKey[]) => string | undefined {
  const source = ts.createSourceFile(file, text, ts.ScriptTarget.Latest, true);
  const exported = source.statements.map(exportedBy).findLast((each) => each !== undefined);
  if (!exported) return () => undefined;
  return (keys) => {
    let value = spelledOut(exported, source);
    let place: tsTypes.Node = value;
    for (const key of keys) {
      const found = under(value, key);
      if (!found) break;
      place = found.place;
      value = spelledOut(found.value, source);
    }
    const { line, character } = source.getLineAndCharacterOfPosition(place.getStart());
    return `${line + 1}:${character + 1}`;
  };
}

/** `export default …`, or `module.exports = …`. */
function exportedBy(statement: tsTypes.Statement): tsTypes.Expression | undefined {
  if (ts.isExportAssignment(statement)) return statement.expression;
  if (!ts.isExpressionStatement(statement) || !ts.isBinaryExpression(statement.expression)) return undefined;
  const { left, operatorToken, right } = statement.expression;
  return operatorToken.kind === ts.SyntaxKind.EqualsToken && left.getText() === 'module.exports' ? right : undefined;
}

/** The literal behind `defineConfig(…)`, types, parentheses and names of the file. */
function spelledOut(
  value: tsTypes.Expression,
  source: tsTypes.SourceFile,
  seen: ReadonlySet<tsTypes.Node> = new Set(),
): tsTypes.Expression {
  const next = behind(value, source);
  return next === undefined || seen.has(next) ? value : spelledOut(next, source, new Set([...seen, next]));
}

function behind(value: tsTypes.Expression, source: tsTypes.SourceFile): tsTypes.Expression | undefined {
  if (ts.isParenthesizedExpression(value) || ts.isAsExpression(value) || ts.isSatisfiesExpression(value)) return value.expression;
  if (ts.isCallExpression(value)) return value.expression.getText() === 'defineConfig' ? value.arguments[0] : undefined;
  if (!ts.isIdentifier(value)) return undefined;
  const declarations = source.statements.flatMap((each) => (ts.isVariableStatement(each) ? each.declarationList.declarations : []));
  return declarations.find(({ name }) => ts.isIdentifier(name) && name.text === value.text)?.initializer;
}

function under(
  value: tsTypes.Expression,
  key: PropertyKey,
): { readonly place: tsTypes.Node; readonly value: tsTypes.Expression } | undefined {
  if (ts.isArrayLiteralExpression(value)) {
    const element = value.elements[Number(key)];
    const isCounted = !value.elements.slice(0, Number(key) + 1).some(ts.isSpreadElement);
    return element && isCounted ? { place: element, value: element } : undefined;
  }
  if (!ts.isObjectLiteralExpression(value)) return undefined;
  const property = value.properties.findLast(({ name }) => name && 'text' in name && name.text === String(key));
  if (!property?.name) return undefined;
  if (ts.isPropertyAssignment(property)) return { place: property.name, value: property.initializer };
  return ts.isShorthandPropertyAssignment(property) ? { place: property.name, value: property.name } : undefined;
}
