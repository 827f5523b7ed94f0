import { ts, type tsTypes } from '../../facts/compiler.js';
import { isWrite } from '../uses.js';
import type { Following } from './following.js';
import { identityName } from './names.js';
import { unpacked } from './patterns.js';
import { shorthand } from './shorthand.js';
import { isTaken, keyOf, localUses, scopeOf, shapeOf } from './symbols.js';

/** A variable or parameter that holds an identity from now on. */
export function local(name: tsTypes.Identifier, following: Following): void {
  if (following.slots.has(keyOf(name))) return;
  const checker = following.checker(name);
  const renamed = localName(name, shapeOf(checker.getTypeAtLocation(name), checker) !== 'one');
  following.begin(name, renamed);
  if (!ts.isBindingElement(name.parent)) following.rename(name, renamed);
  if ((ts.isParameter(name.parent) || ts.isVariableDeclaration(name.parent)) && name.parent.type) following.retype(name.parent.type);
  for (const use of localUses(name, checker)) localUse(use, renamed, following);
}

/** A name of one or two letters says nothing that could become wrong; one that would collide stays. */
function localName(name: tsTypes.Identifier, many: boolean): string {
  const renamed = identityName(name.text, many);
  return name.text.length <= 2 || isTaken(renamed, scopeOf(name)) ? name.text : renamed;
}

export function localUse(use: tsTypes.Identifier, renamed: string, following: Following): void {
  const { parent } = use;
  if (ts.isShorthandPropertyAssignment(parent)) {
    shorthand(parent, following);
    following.use(use);
    return;
  }
  following.rename(use, renamed);
  if (!isWrite(use)) following.use(use);
  else if (ts.isBinaryExpression(parent) && parent.left === use && PLAIN.has(parent.operatorToken.kind)) following.source(parent.right);
  else following.stop({ what: 'other', why: 'it is assigned in passing', at: use });
}

export const PLAIN: ReadonlySet<tsTypes.SyntaxKind> = new Set([
  ts.SyntaxKind.EqualsToken,
  ts.SyntaxKind.QuestionQuestionEqualsToken,
  ts.SyntaxKind.BarBarEqualsToken,
]);

/** A parameter takes an identity from now on: what is given to it has to follow wherever the function is called. */
export function parameter(at: tsTypes.ParameterDeclaration, following: Following): void {
  if (!following.visit(at, 'parameter')) return;
  const { name, parent } = at;
  const index = parent.parameters.indexOf(at);
  if (at.dotDotDotToken) following.stop({ what: 'whole', at });
  if (!at.type && !ts.isSetAccessor(parent)) following.stop({ what: 'other', why: 'the type of a parameter is not written', at });
  if (ts.isIdentifier(name)) following.local(name);
  else {
    unpacked(name, following);
    if (at.type) following.retype(at.type);
  }
  if (at.initializer) following.source(at.initializer);
  if (!ts.isSetAccessor(parent)) for (const call of callsOf(parent, following)) given(call, index, following);
}

function given(call: tsTypes.CallExpression | tsTypes.NewExpression, index: number, following: Following): void {
  const args = call.arguments ?? [];
  const spread = args.findIndex(ts.isSpreadElement);
  const arg = args[index];
  if (spread !== -1 && spread <= index) following.stop({ what: 'other', why: 'arguments are spread', at: call });
  else if (arg) following.source(arg);
}

/** Undefined parents have no name by which they could be called: a function that is no one's to follow. */
function callsOf(fn: tsTypes.SignatureDeclaration, following: Following): (tsTypes.CallExpression | tsTypes.NewExpression)[] {
  const name = nameOf(fn);
  if (!name) {
    following.stop({ what: 'whole', at: fn });
    return [];
  }
  const uses = following.workspace.references(name);
  if (uses.filter(isFunctionName).length > 1)
    following.stop({ what: 'other', why: `${name.getText()} is declared more than once`, at: name });
  return uses.flatMap((use) => {
    const callee = ts.isPropertyAccessExpression(use.parent) && use.parent.name === use ? use.parent : use;
    const call = callee.parent;
    if ((ts.isCallExpression(call) || ts.isNewExpression(call)) && call.expression === callee) return [call];
    // A class is mentioned in many ways that construct nothing.
    if (!ts.isConstructorDeclaration(fn) && ts.isExpression(use) && !isName(use)) following.stop({ what: 'whole', at: use });
    return [];
  });
}

function isName(use: tsTypes.Node): boolean {
  const { parent } = use;
  return (
    isFunctionName(use) ||
    ts.isImportSpecifier(parent) ||
    ts.isExportSpecifier(parent) ||
    ts.isImportClause(parent) ||
    ts.isTypeNode(parent) ||
    ts.isTypeQueryNode(parent) ||
    ts.findAncestor(use, ts.isJSDoc) !== undefined
  );
}

function isFunctionName(use: tsTypes.Node): boolean {
  const { parent } = use;
  return (
    (ts.isMethodDeclaration(parent) ||
      ts.isMethodSignature(parent) ||
      ts.isFunctionDeclaration(parent) ||
      ts.isVariableDeclaration(parent)) &&
    parent.name === use
  );
}

function nameOf(fn: tsTypes.SignatureDeclaration): tsTypes.Node | undefined {
  if (ts.isConstructorDeclaration(fn)) return fn.getChildren().find((child) => child.kind === ts.SyntaxKind.ConstructorKeyword);
  if (ts.isMethodDeclaration(fn) || ts.isFunctionDeclaration(fn)) return fn.name;
  const holder = fn.parent;
  return holder && ts.isVariableDeclaration(holder) && ts.isIdentifier(holder.name) ? holder.name : undefined;
}

/** Constructors, factories and helpers: functions whose callers are all in sight. What anybody may implement or override is none. */
export function isFollowable(fn: tsTypes.Node): fn is tsTypes.SignatureDeclaration {
  if (ts.isConstructorDeclaration(fn) || ts.isFunctionDeclaration(fn)) return fn.body !== undefined;
  if (ts.isMethodDeclaration(fn)) {
    const modifiers = ts.getCombinedModifierFlags(fn);
    return (modifiers & (ts.ModifierFlags.Static | ts.ModifierFlags.Private)) !== 0 || ts.isPrivateIdentifier(fn.name);
  }
  return (ts.isArrowFunction(fn) || ts.isFunctionExpression(fn)) && ts.isVariableDeclaration(fn.parent);
}
