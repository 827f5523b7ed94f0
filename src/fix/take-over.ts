import { ts, type tsTypes } from '../facts/compiler.js';
import { placeOf } from './nodes.js';
import { type Refusal, refuse, type TextEdit } from './patch.js';
import { isWrite } from './uses.js';
import type { Workspace } from './workspace.js';

/** A call that changed its receiver gets a new value back: the edits with which the receiver takes it over. */
export function takeOver(use: tsTypes.Node, workspace: Workspace): readonly TextEdit[] | Refusal {
  const place = placeOf(use, workspace);
  const method = use.getText();
  const access = use.parent;
  const call = access.parent;
  if (!ts.isPropertyAccessExpression(access) || access.name !== use || !ts.isCallExpression(call) || call.expression !== access)
    return refuse(`${method} is not called where it is named (${place})`);
  const receiver = bare(access.expression);
  if (isFresh(receiver, workspace) || isOnlyExpectedToThrow(call) || isTakenOver(call, receiver)) return [];
  if (!ts.isExpressionStatement(call.parent)) return refuse(`what ${method} returns is used where it is called (${place})`);
  if (receiver.kind === ts.SyntaxKind.ThisKeyword || receiver.kind === ts.SyntaxKind.SuperKeyword)
    return refuse(`its own class calls ${method} on itself (${place})`);
  const file = use.getSourceFile().fileName;
  const assigned = { file, start: call.getStart(), end: call.getStart(), text: `${targetText(receiver)} = ` };
  if (ts.isIdentifier(receiver)) {
    const local = ownVariable(receiver, call, workspace);
    return 'refused' in local ? local : [...local, assigned];
  }
  if (!isOnThis(receiver)) return refuse(`${receiver.getText()} is not its caller’s to assign (${place})`);
  if (access.questionDotToken && ts.isElementAccessExpression(receiver))
    return refuse(`${receiver.getText()} may not be there, and would be afterwards (${place})`);
  const obstacle = unassignable(receiver, workspace);
  return obstacle ? refuse(obstacle) : [assigned];
}

// ── what needs no edit ────────────────────────────────────────────────────────────────────────────────────────────

/** Made on the spot: nobody else holds it. */
function isFresh(e: tsTypes.Expression, workspace: Workspace): boolean {
  const made = bare(e);
  if (ts.isNewExpression(made)) return true;
  if (!ts.isCallExpression(made) || !ts.isPropertyAccessExpression(made.expression)) return false;
  const symbol = workspace.checker(made.getSourceFile().fileName).getSymbolAtLocation(made.expression.expression);
  const target = symbol && symbol.flags & ts.SymbolFlags.Alias ? aliased(symbol, made, workspace) : symbol;
  return target !== undefined && (target.flags & ts.SymbolFlags.Class) !== 0;
}

function aliased(symbol: tsTypes.Symbol, at: tsTypes.Node, workspace: Workspace): tsTypes.Symbol {
  return workspace.checker(at.getSourceFile().fileName).getAliasedSymbol(symbol);
}

/** `expect(() => money.add(other)).toThrow()`. */
function isOnlyExpectedToThrow(call: tsTypes.CallExpression): boolean {
  const arrow = call.parent;
  if (!ts.isArrowFunction(arrow) || arrow.body !== call || !ts.isCallExpression(arrow.parent)) return false;
  return /(?:^|\.)(?:expect|throws|doesNotThrow)$/.test(arrow.parent.expression.getText());
}

/** `total = total.add(other)`, of a method that returned `this`. */
function isTakenOver(call: tsTypes.CallExpression, receiver: tsTypes.Expression): boolean {
  const { parent } = call;
  return (
    ts.isBinaryExpression(parent) &&
    parent.operatorToken.kind === ts.SyntaxKind.EqualsToken &&
    parent.right === call &&
    targetText(parent.left) === targetText(receiver)
  );
}

// ── a variable ────────────────────────────────────────────────────────────────────────────────────────────────────

/** Of a variable that alone holds the value: the edits that let it be assigned. */
function ownVariable(name: tsTypes.Identifier, call: tsTypes.CallExpression, workspace: Workspace): readonly TextEdit[] | Refusal {
  const place = placeOf(call, workspace);
  const declaration = workspace.checker(name.getSourceFile().fileName).getSymbolAtLocation(name)?.valueDeclaration;
  if (!declaration || !ts.isVariableDeclaration(declaration) || !ts.isVariableDeclarationList(declaration.parent))
    return refuse(`${name.text} belongs to a caller, who would not see the new value (${place})`);
  const list = declaration.parent;
  if (!ts.isVariableStatement(list.parent)) return refuse(`${name.text} is held by what is iterated (${place})`);
  const uses = workspace.references(declaration.name);
  const given = [declaration.initializer, ...uses.flatMap((use) => assignedTo(use))].filter((each) => each !== undefined);
  if (!given.every((each) => isFresh(each, workspace))) return refuse(`${name.text} may be held elsewhere too (${place})`);
  const shared = uses.find((use) => isHandedOn(use) && mayComeBefore(use, call, declaration));
  if (shared) return refuse(`${name.text} was handed on before (${placeOf(shared, workspace)})`);
  if (!(list.flags & ts.NodeFlags.Const)) return [];
  if (list.declarations.length > 1)
    return refuse(`${name.text} is declared along with other constants (${placeOf(declaration, workspace)})`);
  const start = list.getStart();
  return [{ file: list.getSourceFile().fileName, start, end: start + 'const'.length, text: 'let' }];
}

function assignedTo(use: tsTypes.Node): tsTypes.Expression[] {
  if (!isWrite(use)) return [];
  const { parent } = use;
  if (!ts.isBinaryExpression(parent)) return [use as tsTypes.Identifier];
  const { right } = parent;
  const receiver = ts.isCallExpression(right) && ts.isPropertyAccessExpression(right.expression) ? right.expression.expression : undefined;
  return receiver?.getText() === use.getText() ? [] : [right];
}

/** As a value, not as the receiver of a member. */
function isHandedOn(use: tsTypes.Node): boolean {
  const { parent } = use;
  if (ts.isVariableDeclaration(parent) && parent.name === use) return false;
  return !isWrite(use) && !(ts.isPropertyAccessExpression(parent) && parent.expression === use);
}

function mayComeBefore(use: tsTypes.Node, call: tsTypes.Node, declaration: tsTypes.Node): boolean {
  const around = (node: tsTypes.Node): tsTypes.Node | undefined => ts.findAncestor(node, (each) => ts.isFunctionLike(each));
  if (around(use) !== around(call))
    return around(use) === around(declaration) || around(call) === around(declaration) || use.pos < call.pos;
  if (use.pos < call.pos) return true;
  const loop = ts.findAncestor(call, (each) => ts.isIterationStatement(each, false));
  return loop !== undefined && loop.pos <= use.pos && use.end <= loop.end && !(loop.pos <= declaration.pos && declaration.end <= loop.end);
}

// ── a place in the state ──────────────────────────────────────────────────────────────────────────────────────────

/** `this.price`, `this.props.price`, `this.prices[i]`. */
function isOnThis(e: tsTypes.Expression): boolean {
  const of = bare(e);
  if (ts.isPropertyAccessExpression(of)) return of.expression.kind === ts.SyntaxKind.ThisKeyword || isOnThis(of.expression);
  if (!ts.isElementAccessExpression(of)) return false;
  const index = of.argumentExpression;
  return (ts.isIdentifier(index) || ts.isLiteralExpression(index)) && isOnThis(of.expression);
}

/** Why the place cannot be given another value. */
function unassignable(e: tsTypes.Expression, workspace: Workspace): string | undefined {
  const declarations = workspace
    .checker(e.getSourceFile().fileName)
    .getSymbolAtLocation(ts.isPropertyAccessExpression(e) ? e.name : e)?.declarations;
  for (const each of declarations ?? []) {
    const readonly = ts.getCombinedModifierFlags(each) & ts.ModifierFlags.Readonly;
    const noSetter = ts.isGetAccessor(each) && !declarations?.some(ts.isSetAccessor);
    if (readonly) return `${targetText(e)} is readonly (${placeOf(each, workspace)})`;
    if (noSetter) return `${targetText(e)} has no setter (${placeOf(each, workspace)})`;
  }
  return undefined;
}

function bare(e: tsTypes.Expression): tsTypes.Expression {
  return ts.isParenthesizedExpression(e) || ts.isNonNullExpression(e) || ts.isAsExpression(e) ? bare(e.expression) : e;
}

/** As it is written on the left of an assignment. */
function targetText(e: tsTypes.Expression): string {
  return bare(e)
    .getText()
    .replaceAll(/[?!](?=\.)/g, '');
}
