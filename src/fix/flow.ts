import { ts, type tsTypes } from '../facts/compiler.js';
import { isWrite } from './uses.js';
import type { Workspace } from './workspace.js';

/** Where the value of a member goes: through variables, and into parameters of the project. */
export interface Flow {
  /** Every expression that is the value itself. */
  readonly values: readonly tsTypes.Expression[];
  /** Variables and parameters that it lands in. */
  readonly holders: readonly Holder[];
}

export type Holder = tsTypes.VariableDeclaration | tsTypes.ParameterDeclaration;

const FARTHEST = 3;

/** `uses` are names: of a property, an accessor, or a method that is called. */
export function flowOf(uses: readonly tsTypes.Node[], workspace: Workspace): Flow {
  const values = new Set<tsTypes.Expression>();
  const holders = new Set<Holder>();

  function named(use: tsTypes.Node, depth: number): void {
    const { parent } = use;
    if (ts.isBindingElement(parent) && (parent.propertyName ?? parent.name) === use) {
      if (ts.isIdentifier(parent.name)) held(parent.name, depth);
      return;
    }
    const access = ts.isPropertyAccessExpression(parent) && parent.name === use ? parent : undefined;
    const element = ts.isElementAccessExpression(parent) && parent.argumentExpression === use ? parent : undefined;
    const read = access ?? element ?? (ts.isIdentifier(use) && ts.isExpression(use) && !isDeclared(use) ? use : undefined);
    if (!read) return;
    follow(ts.isCallExpression(read.parent) && read.parent.expression === read ? read.parent : read, depth);
  }

  function held(name: tsTypes.Identifier, depth: number): void {
    if (depth >= FARTHEST) return;
    for (const use of workspace.references(name)) if (use !== name && !isWrite(use)) named(use, depth + 1);
  }

  function follow(value: tsTypes.Expression, depth: number): void {
    if (values.has(value)) return;
    values.add(value);
    const { parent } = value;
    if (passesOn(parent, value)) follow(parent, depth);
    else if (ts.isVariableDeclaration(parent) && parent.initializer === value && ts.isIdentifier(parent.name)) {
      holders.add(parent);
      held(parent.name, depth);
    } else if ((ts.isCallExpression(parent) || ts.isNewExpression(parent)) && parent.arguments?.includes(value))
      for (const parameter of parametersFor(parent, parent.arguments.indexOf(value), workspace)) {
        if (holders.has(parameter)) continue;
        holders.add(parameter);
        if (ts.isIdentifier(parameter.name)) held(parameter.name, depth);
      }
  }

  for (const use of uses) named(use, 0);
  return { values: [...values], holders: [...holders] };
}

const CHANGING = /^(?:push|pop|shift|unshift|splice|sort|reverse|fill|copyWithin|set|add|delete|clear)$/;

/** Whether the collection that this expression is gets another content here. */
export function changesInPlace(value: tsTypes.Expression): boolean {
  const { parent } = value;
  if (ts.isElementAccessExpression(parent) && parent.expression === value) return isWrite(parent.argumentExpression);
  if (!ts.isPropertyAccessExpression(parent) || parent.expression !== value) return false;
  if (parent.name.text === 'length') return isWrite(parent.name);
  return CHANGING.test(parent.name.text) && ts.isCallExpression(parent.parent) && parent.parent.expression === parent;
}

/** A change that would be lost if this were a copy. One that sorts, and uses what comes of it, does so with a copy as well. */
export function changesForGood(value: tsTypes.Expression): boolean {
  if (!changesInPlace(value)) return false;
  const call = value.parent.parent;
  if (!ts.isPropertyAccessExpression(value.parent) || !ts.isCallExpression(call)) return true;
  return !/^(?:sort|reverse|fill|copyWithin)$/.test(value.parent.name.text) || ts.isExpressionStatement(call.parent);
}

function passesOn(parent: tsTypes.Node, value: tsTypes.Expression): parent is tsTypes.Expression {
  if (ts.isParenthesizedExpression(parent) || ts.isNonNullExpression(parent) || ts.isAwaitExpression(parent)) return true;
  if (ts.isAsExpression(parent) || ts.isSatisfiesExpression(parent)) return true;
  if (ts.isConditionalExpression(parent)) return parent.condition !== value;
  if (!ts.isBinaryExpression(parent)) return false;
  const { kind } = parent.operatorToken;
  return kind === ts.SyntaxKind.QuestionQuestionToken || kind === ts.SyntaxKind.BarBarToken;
}

/** The parameter that takes an argument, in every declaration of the function: interfaces and implementations alike. */
function parametersFor(
  call: tsTypes.CallExpression | tsTypes.NewExpression,
  index: number,
  workspace: Workspace,
): tsTypes.ParameterDeclaration[] {
  const declaration = workspace.checker(call.getSourceFile().fileName).getResolvedSignature(call)?.declaration;
  if (!declaration || ts.isJSDocSignature(declaration) || !workspace.isOwn(declaration.getSourceFile().fileName)) return [];
  const name = 'name' in declaration ? declaration.name : undefined;
  const all = name ? workspace.references(name).map(({ parent }) => parent) : [];
  return [declaration, ...all.filter((each) => each !== declaration && ts.isFunctionLike(each))].flatMap((each) => {
    const parameter = (each as tsTypes.SignatureDeclaration).parameters[index];
    return parameter && !parameter.dotDotDotToken && !ts.isParameterPropertyDeclaration(parameter, parameter.parent) ? [parameter] : [];
  });
}

function isDeclared(name: tsTypes.Identifier): boolean {
  const { parent } = name;
  return ts.isVariableDeclaration(parent) || ts.isParameter(parent) || ts.isBindingElement(parent) ? parent.name === name : false;
}
