import { ts, type tsTypes } from '../facts/compiler.js';
import { isRefusal, type Refusal, refuse, type TextEdit } from './patch.js';
import { placeOf } from './place.js';
import type { Workspace } from './workspace.js';

/** What stands around a value until somebody asks for it: a promise, a reference of an ORM. */
export interface Wrapper {
  /** `Promise`, `Ref`. */
  readonly isName: (name: string) => boolean;
  /** As the end of a refusal: `it is used as a promise`. */
  readonly word: string;
  /** What a use that only such a wrapper allows becomes. Undefined where it is none. */
  readonly use: (wrapped: tsTypes.Expression) => readonly TextEdit[] | Refusal | undefined;
  /** The value in `Promise.resolve(value)`. */
  readonly made: (e: tsTypes.Expression) => tsTypes.Expression | undefined;
  /** What to put before an expression that is wrapped and stays so. */
  readonly opened?: (e: tsTypes.Expression) => TextEdit | undefined;
  /** Whether a function may go on handing it out: an async one wraps what it returns. */
  readonly wrapsReturned: boolean;
}

/**
 * Takes the wrapper off a field: off its type, off what is assigned to it and off every use, through the constants, accessors and
 * functions that hand it on as it is. Refuses at the first use for which that is not certain. `instead` names a type that is to
 * stand in the wrapper's place in the field's own type.
 */
export function unwrapped(field: tsTypes.Node, wrapper: Wrapper, workspace: Workspace, instead?: string): readonly TextEdit[] | Refusal {
  const edits: TextEdit[] = [];
  const handled = new Set<string>();
  const open: tsTypes.Node[] = [field];
  const known = new Set<tsTypes.Node>();
  const take = (outcome: readonly TextEdit[] | Refusal): Refusal | undefined => {
    if (isRefusal(outcome)) return outcome;
    edits.push(...outcome);
    return undefined;
  };
  const next = (name: tsTypes.Node): readonly TextEdit[] => {
    open.push(name);
    return [];
  };
  for (let name = open.pop(); name; name = open.pop()) {
    if (known.has(name)) continue;
    known.add(name);
    for (const reference of workspace.references(name)) {
      const key = `${reference.getSourceFile().fileName}:${reference.getStart()}`;
      if (handled.has(key)) continue;
      handled.add(key);
      const refusal = take(
        atReference(reference, { wrapper, workspace, next, subject: name, instead: name === field ? instead : undefined }),
      );
      if (refusal) return refusal;
    }
  }
  return edits;
}

interface Context {
  readonly wrapper: Wrapper;
  readonly workspace: Workspace;
  /** Follows another name that hands it on. */
  readonly next: (name: tsTypes.Node) => readonly TextEdit[];
  /** The name whose references are looked at. */
  readonly subject: tsTypes.Node;
  readonly instead?: string | undefined;
}

type Outcome = readonly TextEdit[] | Refusal;

function atReference(reference: tsTypes.Node, context: Context): Outcome {
  const { parent } = reference;
  if (ts.findAncestor(reference, (n) => ts.isTypeNode(n) || ts.isImportDeclaration(n) || ts.isExportDeclaration(n))) return [];
  if (ts.isBindingElement(parent) && (parent.propertyName ?? parent.name) === reference)
    return ts.isIdentifier(parent.name) ? context.next(parent.name) : used(reference, context);
  if (isDeclarationOf(parent, reference)) return atDeclaration(parent, context);
  if (ts.isPropertyAssignment(parent) && parent.name === reference) return entered(parent, context);
  if (ts.isShorthandPropertyAssignment(parent)) return shorthand(parent, context);
  const expression = expressionOf(reference, context.subject);
  return expression ? used(expression, context) : used(reference, context);
}

function isDeclarationOf(node: tsTypes.Node, name: tsTypes.Node): node is Declaration {
  return (
    (ts.isPropertyDeclaration(node) ||
      ts.isPropertySignature(node) ||
      ts.isParameter(node) ||
      ts.isVariableDeclaration(node) ||
      ts.isBindingElement(node) ||
      ts.isMethodDeclaration(node) ||
      ts.isMethodSignature(node) ||
      ts.isFunctionDeclaration(node) ||
      ts.isAccessor(node)) &&
    node.name === name
  );
}

type Declaration =
  | tsTypes.PropertyDeclaration
  | tsTypes.PropertySignature
  | tsTypes.ParameterDeclaration
  | tsTypes.VariableDeclaration
  | tsTypes.BindingElement
  | tsTypes.MethodDeclaration
  | tsTypes.MethodSignature
  | tsTypes.FunctionDeclaration
  | tsTypes.AccessorDeclaration;

function atDeclaration(declaration: Declaration, context: Context): Outcome {
  const { subject, workspace } = context;
  if (ts.isBindingElement(declaration)) return [];
  const own = isSamePlace(declaration.name, subject);
  if (!own && !ts.isPropertySignature(declaration))
    return refuse(`${declaration.name?.getText()} is declared again (${placeOf(declaration, workspace)})`);
  const type = declaration.type ? withoutWrapper(declaration.type, context) : [];
  if (isRefusal(type)) return type;
  // What a variable or function starts from is what led here.
  const starts = ts.isPropertyDeclaration(declaration) || ts.isParameter(declaration) ? declaration.initializer : undefined;
  const value = starts && !ts.isArrowFunction(starts) ? assigned(starts, context) : [];
  return isRefusal(value) ? value : [...type, ...value];
}

/** `Promise<T>` becomes `T`. */
function withoutWrapper(type: tsTypes.TypeNode, { wrapper, workspace, subject, instead }: Context): Outcome {
  const file = type.getSourceFile().fileName;
  const parts = ts.isUnionTypeNode(type) ? type.types : [type];
  const wrapped = parts.flatMap((part) => {
    const [inner] = ts.isTypeReferenceNode(part) && wrapper.isName(part.typeName.getText()) ? (part.typeArguments ?? []) : [];
    return inner ? [{ part, inner }] : [];
  });
  if (wrapped.length === 0 && isWrapped(workspace.checker(file).getTypeFromTypeNode(type), wrapper))
    return refuse(`${type.getText()} hides what it holds (${placeOf(type, workspace)})`);
  const renamed = type.parent === subject.parent ? instead : undefined;
  return wrapped.flatMap(({ part, inner }) =>
    renamed !== undefined && ts.isTypeReferenceNode(part)
      ? [{ file, start: part.typeName.getStart(), end: part.typeName.end, text: renamed }]
      : [
          { file, start: part.getStart(), end: inner.getStart(), text: '' },
          { file, start: inner.end, end: part.end, text: '' },
        ],
  );
}

export function isWrapped(type: tsTypes.Type, wrapper: Wrapper): boolean {
  const { aliasSymbol, symbol } = type;
  if ((aliasSymbol && wrapper.isName(aliasSymbol.name)) || (symbol && wrapper.isName(symbol.name))) return true;
  return type.isUnionOrIntersection() && type.types.some((part) => isWrapped(part, wrapper));
}

/** By what is written, where there is a type. */
export function saysWrapped(type: tsTypes.TypeNode | undefined, wrapper: Wrapper): boolean {
  if (!type) return false;
  if (ts.isUnionTypeNode(type)) return type.types.some((part) => saysWrapped(part, wrapper));
  return ts.isTypeReferenceNode(type) && wrapper.isName(type.typeName.getText());
}

// ── uses ──────────────────────────────────────────────────────────────────────────────────────────────────────────

/** The access or call that a name stands for. */
function expressionOf(reference: tsTypes.Node, subject: tsTypes.Node): tsTypes.Expression | undefined {
  const { parent } = reference;
  const access =
    (ts.isPropertyAccessExpression(parent) && parent.name === reference) ||
    (ts.isElementAccessExpression(parent) && parent.argumentExpression === reference)
      ? parent
      : ts.isIdentifier(reference)
        ? reference
        : undefined;
  const called = isCalled(subject.parent);
  if (!access || !called) return access;
  return ts.isCallExpression(access.parent) && access.parent.expression === access ? access.parent : undefined;
}

function isCalled(declaration: tsTypes.Node): boolean {
  const value = ts.isVariableDeclaration(declaration) || ts.isPropertyDeclaration(declaration) ? declaration.initializer : undefined;
  return (
    ts.isMethodDeclaration(declaration) ||
    ts.isFunctionDeclaration(declaration) ||
    (value !== undefined && (ts.isArrowFunction(value) || ts.isFunctionExpression(value)))
  );
}

function used(wrapped: tsTypes.Node, context: Context): Outcome {
  const { wrapper, next } = context;
  const node = outermost(wrapped);
  const { parent } = node;
  const special = ts.isExpression(node) ? wrapper.use(node) : undefined;
  if (special) return special;
  if (ts.isBinaryExpression(parent)) {
    const { kind } = parent.operatorToken;
    if (kind === ts.SyntaxKind.EqualsToken && parent.left === node) return assigned(parent.right, context);
    if (kind === ts.SyntaxKind.EqualsToken) return [];
    if (kind === ts.SyntaxKind.QuestionQuestionToken && parent.left === node)
      return both(assigned(parent.right, context), used(parent, context));
  }
  if (ts.isVariableDeclaration(parent) && parent.initializer === node && ts.isIdentifier(parent.name)) return next(parent.name);
  if (ts.isPropertyDeclaration(parent) || ts.isPropertyAssignment(parent))
    return isFollowed(parent.name, context) ? [] : wrongly(node, context);
  if (ts.isReturnStatement(parent) || (ts.isArrowFunction(parent) && parent.body === node)) return handedOn(node, context);
  return wrongly(node, context);
}

/** It stands for the same, and loses its wrapper as well. */
function isFollowed(e: tsTypes.Node, { subject, workspace }: Context): boolean {
  const name = ts.isPropertyAccessExpression(e) ? e.name : e;
  return workspace.references(subject).some((reference) => isSamePlace(reference, name));
}

function isSamePlace(a: tsTypes.Node | undefined, b: tsTypes.Node): boolean {
  return a !== undefined && a.getStart() === b.getStart() && a.getSourceFile().fileName === b.getSourceFile().fileName;
}

function wrongly(node: tsTypes.Node, { wrapper, workspace }: Context): Refusal {
  return refuse(`it is used as ${wrapper.word} (${placeOf(node, workspace)})`);
}

function both(a: Outcome, b: Outcome): Outcome {
  if (isRefusal(a)) return a;
  return isRefusal(b) ? b : [...a, ...b];
}

export function outermost(node: tsTypes.Node): tsTypes.Node {
  const { parent } = node;
  return ts.isParenthesizedExpression(parent) || ts.isNonNullExpression(parent) ? outermost(parent) : node;
}

/** Returned as it is: so is what that function gives. */
function handedOn(node: tsTypes.Node, context: Context): Outcome {
  const { wrapper, next } = context;
  const made = ts.findAncestor(node, ts.isFunctionLike);
  if (!made || ts.findAncestor(made, ts.isDecorator)) return made ? [] : wrongly(node, context);
  const isAsync = ts.canHaveModifiers(made) && ts.getModifiers(made)?.some(({ kind }) => kind === ts.SyntaxKind.AsyncKeyword);
  if (isAsync) return wrapper.wrapsReturned ? [] : wrongly(node, context);
  const type = made.type ? withoutWrapper(made.type, context) : [];
  if (ts.isMethodDeclaration(made) || ts.isFunctionDeclaration(made) || ts.isGetAccessorDeclaration(made)) {
    // Its own return type is taken care of when its name is looked at.
    return made.name ? next(made.name) : wrongly(node, context);
  }
  const holder = made.parent;
  if ((ts.isVariableDeclaration(holder) || ts.isPropertyDeclaration(holder)) && !holder.type && ts.isIdentifier(holder.name))
    return both(type, next(holder.name));
  if (wrapper.wrapsReturned && isMappedForAll(made)) return [];
  return wrongly(node, context);
}

/** The callback of `Promise.all(devices.map((device) => device.feeds))`. */
function isMappedForAll(callback: tsTypes.Node): boolean {
  const call = callback.parent;
  return (
    ts.isCallExpression(call) &&
    ts.isPropertyAccessExpression(call.expression) &&
    call.expression.name.text === 'map' &&
    ts.isCallExpression(call.parent) &&
    /^Promise\s*\.\s*all$/.test(call.parent.expression.getText())
  );
}

// ── what is assigned ──────────────────────────────────────────────────────────────────────────────────────────────

function shorthand(entry: tsTypes.ShorthandPropertyAssignment, context: Context): Outcome {
  const checker = context.workspace.checker(entry.getSourceFile().fileName);
  const symbol = checker.getShorthandAssignmentValueSymbol(entry);
  const type = symbol && checker.getTypeOfSymbolAtLocation(symbol, entry.name);
  return type && isWrapped(type, context.wrapper) ? wrongly(entry, context) : [];
}

/** `{ feeds: Promise.resolve(feeds) }` becomes `{ feeds }`. */
function entered(entry: tsTypes.PropertyAssignment, context: Context): Outcome {
  const made = context.wrapper.made(entry.initializer);
  return made?.getText() === entry.name.getText() ? [textFor(entry, made.getText())] : assigned(entry.initializer, context);
}

function textFor(node: tsTypes.Node, text: string): TextEdit {
  return { file: node.getSourceFile().fileName, start: node.getStart(), end: node.end, text };
}

function assigned(value: tsTypes.Expression, context: Context): Outcome {
  const { wrapper, workspace } = context;
  const file = value.getSourceFile().fileName;
  const without = (whole: tsTypes.Node, inner: tsTypes.Node): readonly TextEdit[] => [
    { file, start: whole.getStart(), end: inner.getStart(), text: '' },
    { file, start: inner.end, end: whole.end, text: '' },
  ];
  if (ts.isParenthesizedExpression(value)) return assigned(value.expression, context);
  if (ts.isConditionalExpression(value) && wrapper.made(value.whenTrue)?.getText() === value.condition.getText()) {
    // `chart ? ref(chart) : undefined` becomes `chart`.
    const given = value.condition.getText();
    const none = value.whenFalse.getText();
    if (none === 'undefined' || none === 'null') return [textFor(value, none === 'null' ? `${given} ?? null` : given)];
  }
  if (ts.isConditionalExpression(value)) return both(assigned(value.whenTrue, context), assigned(value.whenFalse, context));
  if (ts.isBinaryExpression(value) && value.operatorToken.kind === ts.SyntaxKind.QuestionQuestionToken)
    return both(assigned(value.left, context), assigned(value.right, context));
  const made = wrapper.made(value);
  if (made) return without(value, made);
  if (ts.isAsExpression(value)) {
    const type = workspace.checker(file).getTypeFromTypeNode(value.type);
    if (!isWrapped(type, wrapper)) return [];
    const bare =
      ts.isAsExpression(value.expression) && value.expression.type.kind === ts.SyntaxKind.UnknownKeyword
        ? value.expression.expression
        : value.expression;
    return both([{ file, start: bare.end, end: value.end, text: '' }], assigned(bare, context));
  }
  if (!isWrapped(workspace.checker(file).getTypeAtLocation(value), wrapper)) return [];
  if (isFollowed(value, context)) return [];
  const opened = wrapper.opened?.(value);
  return opened ? [opened] : refuse(`${wrapper.word} is assigned to it (${placeOf(value, workspace)})`);
}
