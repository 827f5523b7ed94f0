// Of the compiler's nine megabytes, what parsing takes is one: cut out, it loads in a sixth of the time. Every declaration at the
// top of the bundle is kept that a name asked for reaches; names are compared without regard to scope, so that too much is kept
// rather than too little. `test/parser.test.ts` holds both to the same facts.
import { readFileSync } from 'node:fs';
import ts from 'typescript';

/** The text of a CommonJS module with those exports of the bundled compiler in `file`. */
export function cutParser(file, names) {
  const text = readFileSync(file, 'utf8');
  const statements = byName(topOf(ts.createSourceFile(file, text, ts.ScriptTarget.Latest, false, ts.ScriptKind.JS)));
  const missing = names.filter((name) => !statements.has(name));
  if (missing.length > 0) throw new Error(`The compiler declares no ${missing.join(', ')}: see src/facts/parser-names.ts.`);
  const { kept, members } = reached(statements, names);
  const code = [...kept].sort((a, b) => a.pos - b.pos).map((statement) => textOf(statement, members, text));
  const licence = text.slice(0, text.indexOf('*/') + 2);
  return `${licence}\n// Changed: only what parsing takes was kept.\n"use strict";${code.join('')}\nmodule.exports = { ${names.join(', ')} };\n`;
}

/** The statements of the one function that the bundle consists of. */
function topOf(sourceFile) {
  for (const { expression } of sourceFile.statements) {
    if (expression === undefined || !ts.isCallExpression(expression)) continue;
    const called = ts.skipParentheses(expression.expression);
    if (ts.isArrowFunction(called)) return called.body.statements;
  }
  throw new Error(`${sourceFile.fileName} is not the bundle that it was: cut-parser.mjs finds no function around it.`);
}

function byName(top) {
  const found = new Map();
  for (const statement of top)
    for (const name of [...declaredBy(statement), ...completedBy(statement)]) found.set(name, [...(found.get(name) ?? []), statement]);
  return found;
}

function declaredBy(statement) {
  if (ts.isFunctionDeclaration(statement) || ts.isClassDeclaration(statement)) return [statement.name.text];
  if (ts.isVariableStatement(statement)) return statement.declarationList.declarations.flatMap(({ name }) => boundBy(name));
  return [];
}

function boundBy(name) {
  return ts.isIdentifier(name) ? [name.text] : name.elements.flatMap((element) => (element.name ? boundBy(element.name) : []));
}

/** `X.y = …` and `((X) => …)(X || (X = {}))` belong to X. */
function completedBy(statement) {
  if (!ts.isExpressionStatement(statement)) return [];
  const { expression } = statement;
  if (ts.isBinaryExpression(expression)) return leftmost(expression.left);
  return ts.isCallExpression(expression) && expression.arguments[0] ? leftmost(expression.arguments[0]) : [];
}

function leftmost(expression) {
  if (ts.isIdentifier(expression)) return [expression.text];
  const further = ts.isBinaryExpression(expression) ? expression.left : expression.expression;
  return further ? leftmost(further) : [];
}

/** The statements that those names come down to, and the members by which each name is used. */
function reached(statements, names) {
  const kept = new Set();
  const members = new Map();
  // A set is walked in the order of adding: what is added on the way is visited too.
  const pending = new Set(names);
  for (const name of pending)
    for (const statement of statements.get(name) ?? []) {
      if (kept.has(statement)) continue;
      kept.add(statement);
      for (const each of name === MESSAGES ? ['diag'] : namesIn(statement, members)) pending.add(each);
    }
  return { kept, members };
}

/** One declaration of two thousand messages, of which a tenth is used. */
const MESSAGES = 'Diagnostics';

function namesIn(node, members) {
  const names = new Set();
  const visit = (at) => {
    if (ts.isIdentifier(at)) return names.add(at.text);
    if (ts.isPropertyAccessExpression(at)) {
      if (ts.isIdentifier(at.expression)) membersOf(at.expression.text, members).add(at.name.text);
      return visit(at.expression);
    }
    ts.forEachChild(at, (child) => {
      if (child !== at.name || !ts.isIdentifier(child) || isDeclarationOfVariable(at)) visit(child);
    });
  };
  visit(node);
  return names;
}

function membersOf(name, members) {
  if (!members.has(name)) members.set(name, new Set());
  return members.get(name);
}

function isDeclarationOfVariable(node) {
  return ts.isShorthandPropertyAssignment(node) || ts.isVariableDeclaration(node);
}

function textOf(statement, members, text) {
  if (!declaredBy(statement).includes(MESSAGES)) return text.slice(statement.pos, statement.end);
  const { properties } = statement.declarationList.declarations[0].initializer;
  const kept = properties.filter(({ name }) => members.get(MESSAGES)?.has(name.text)).map(({ pos, end }) => text.slice(pos, end));
  return `\nvar ${MESSAGES} = {${kept.join(',')}\n};`;
}
