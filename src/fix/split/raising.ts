import { ts, type tsTypes } from '../../facts/compiler.js';
import type { TextEdit } from '../patch.js';
import type { Workspace } from '../workspace.js';
import type { Moving, Need } from './moving.js';
import { obstacle, placeOf } from './obstacle.js';
import { bare, declarationOf, eachNode, edit, endsStatements, indentOf, indentUnit, isInside, symbolAt } from './syntax.js';

/** How a root raises an event in this project: `this.apply(new OrderPlaced(…))`. */
export interface RaiseExample {
  readonly event: tsTypes.ClassDeclaration;
  readonly made: tsTypes.NewExpression;
  /** What is called on the root, or on what else: `apply`, `events.push`; `DomainEvents.raise`. */
  readonly through: string;
  readonly onRoot: boolean;
  /** The root that raises it. */
  readonly root: tsTypes.ClassDeclaration;
}

/** Where the first aggregate is going to raise the event. */
export interface RaisingPlace {
  readonly call: tsTypes.CallExpression;
  readonly method: tsTypes.MethodDeclaration & { readonly body: tsTypes.Block };
  readonly root: tsTypes.ClassDeclaration;
  /** What the root is called in the method: `this`, or the variable that a factory makes. */
  readonly self: string;
  /** An event that the method raises already, unconditionally. */
  readonly raised: RaiseExample | undefined;
}

/** What the event carries. */
export interface Datum {
  readonly name: string;
  readonly type: string;
  readonly need: Need | undefined;
  /** As the method of the root says it: `this.id`, `sku`. */
  readonly value: string;
  /** A parameter that the method has to be given for it. */
  readonly parameter: boolean;
}

export function raiseExample(made: tsTypes.Node | undefined, checker: tsTypes.TypeChecker): RaiseExample | undefined {
  const call = made?.parent;
  if (
    !made ||
    !ts.isNewExpression(made) ||
    !call ||
    !ts.isCallExpression(call) ||
    call.arguments.length !== 1 ||
    call.arguments[0] !== made
  )
    return undefined;
  const event = declarationOf(made.expression, checker);
  const root = ts.findAncestor(made, ts.isClassDeclaration);
  if (!event || !ts.isClassDeclaration(event) || !root || !ts.isExpressionStatement(call.parent)) return undefined;
  const head = headOf(call.expression);
  if (!head || head === call.expression) return undefined;
  const local = ts.isIdentifier(head) ? symbolAt(head, checker)?.valueDeclaration : undefined;
  const onRoot = head.kind === ts.SyntaxKind.ThisKeyword || (local !== undefined && isInside(local, root));
  const whole = call.expression.getText();
  return { event, made, root, onRoot, through: onRoot ? whole.slice(head.getText().length + 1) : whole };
}

function headOf(node: tsTypes.Expression): tsTypes.Expression | undefined {
  return ts.isPropertyAccessExpression(node) ? headOf(node.expression) : node;
}

/** The call by which the handler changes the first aggregate for good, and the method behind it. */
export function raisingPlace(moving: Moving, root: tsTypes.Node, workspace: Workspace): RaisingPlace {
  const { kept, method, keeping } = moving;
  const checker = workspace.checker(method.getSourceFile().fileName);
  if (!ts.isClassDeclaration(root)) return obstacle(`${nameOf(root)} is no class: it has no method that could raise an event`);
  const calls: tsTypes.CallExpression[] = [];
  eachNode(method, (node) => {
    if (!ts.isCallExpression(node) || !ts.isPropertyAccessExpression(node.expression) || moving.statements.some((s) => isInside(node, s)))
      return;
    const of = bare(node.expression.expression);
    const changes = ts.isIdentifier(of) && symbolAt(of, checker)?.valueDeclaration === kept;
    const makes = kept.initializer && bare(kept.initializer) === node && declarationOf(of, checker) === root;
    if ((changes || makes) && node.pos < keeping.end) calls.push(node);
  });
  const places = calls.flatMap((call) => placeBehind(call, root, workspace));
  const settled = places.filter(({ call }) => isUnconditional(call, moving));
  const best = settled.findLast((p) => p.raised) ?? settled.findLast((p) => ts.isExpressionStatement(outermost(p.call))) ?? settled.at(-1);
  if (best) return best;
  const [conditional] = places;
  if (conditional)
    return obstacle(`${called(conditional.call)} is only called under a condition (${placeOf(conditional.call, workspace)})`);
  const [foreign] = calls;
  if (foreign) return obstacle(`${called(foreign)} is not declared in ${nameOf(root)} with a body: it cannot raise an event`);
  return obstacle(`${method.name.getText()}() calls no method of the ${nameOf(root)} that it saves: there is nowhere to raise an event`);
}

function outermost(node: tsTypes.Node): tsTypes.Node {
  return ts.isAwaitExpression(node.parent) || ts.isParenthesizedExpression(node.parent) ? outermost(node.parent) : node.parent;
}

function called({ expression }: tsTypes.CallExpression): string {
  return `${ts.isPropertyAccessExpression(expression) ? expression.name.text : expression.getText()}()`;
}

export function nameOf(node: tsTypes.Node): string {
  return 'name' in node && node.name ? (node.name as tsTypes.Node).getText() : node.getText();
}

function placeBehind(call: tsTypes.CallExpression, root: tsTypes.ClassDeclaration, workspace: Workspace): RaisingPlace[] {
  const checker = workspace.checker(root.getSourceFile().fileName);
  const declared = ts.isPropertyAccessExpression(call.expression) ? declarationOf(call.expression.name, checker) : undefined;
  if (!declared || !ts.isMethodDeclaration(declared) || declared.parent !== root || !declared.body) return [];
  if (ts.getModifiers(declared)?.some((m) => m.kind === ts.SyntaxKind.AsyncKeyword)) return [];
  const method = declared as RaisingPlace['method'];
  const isStatic = ts.getModifiers(declared)?.some((m) => m.kind === ts.SyntaxKind.StaticKeyword) === true;
  const self = isStatic ? madeIn(method, root, checker) : 'this';
  if (self === undefined || (!isStatic && isPure(method))) return [];
  const raised = method.body.statements
    .flatMap((s) => (ts.isExpressionStatement(s) && ts.isCallExpression(s.expression) ? (s.expression.arguments[0] ?? []) : []))
    .map((made) => raiseExample(made, checker))
    .find((example) => example !== undefined);
  return [{ call, method, root, self, raised }];
}

/** A getter by another name. */
function isPure({ body }: RaisingPlace['method']): boolean {
  const [only, more] = body.statements;
  return (
    only !== undefined &&
    more === undefined &&
    ts.isReturnStatement(only) &&
    only.expression !== undefined &&
    !ts.isCallExpression(only.expression)
  );
}

/** `order` of `const order = new Order(…); …; return order;`. */
function madeIn({ body }: RaisingPlace['method'], root: tsTypes.ClassDeclaration, checker: tsTypes.TypeChecker): string | undefined {
  const last = body.statements.at(-1);
  if (!last || !ts.isReturnStatement(last) || !last.expression) return undefined;
  for (const statement of body.statements) {
    if (!ts.isVariableStatement(statement)) continue;
    for (const { name, initializer } of statement.declarationList.declarations) {
      const isMade = initializer && ts.isNewExpression(initializer) && declarationOf(initializer.expression, checker) === root;
      let returned = false;
      if (isMade)
        eachNode(last, (node) => {
          returned ||= ts.isIdentifier(node) && node.text === name.getText();
        });
      if (returned) return name.getText();
    }
  }
  return undefined;
}

/** It runs whenever the block does that both writes stand in. */
function isUnconditional(call: tsTypes.CallExpression, { block }: Moving): boolean {
  const statement = ts.findAncestor(call, (n) => n.parent !== undefined && ts.isBlock(n.parent));
  if (!statement || !isInside(block, statement.parent)) return false;
  if (!ts.isExpressionStatement(statement) && !ts.isVariableStatement(statement)) return false;
  for (let at: tsTypes.Node = call; at !== statement; at = at.parent)
    if (
      ts.isConditionalExpression(at.parent) ||
      ts.isFunctionLike(at.parent) ||
      (ts.isBinaryExpression(at.parent) && at.parent.right === at)
    )
      return false;
  // From where it stands down to the block nothing chooses.
  for (let at: tsTypes.Node = block; at !== statement.parent; at = at.parent)
    if (ts.isIfStatement(at) || ts.isIterationStatement(at, false) || ts.isSwitchStatement(at)) return false;
  return true;
}

// ── values ────────────────────────────────────────────────────────────────────────────────────────────────────────

/** How the root says what the handler says: as its own property, a parameter it is given, or one that it has to be given. */
export function saidByRoot(
  need: Need,
  place: RaisingPlace,
  moving: Moving,
  workspace: Workspace,
): { readonly value: string; readonly parameter: boolean } {
  const { call, method, self } = place;
  if (need.ofKept) {
    const [use] = need.uses;
    const rest = need.text.slice(moving.kept.name.getText().length);
    const before = need.uses.find((u) => u.pos < call.pos);
    if (before && !isFixed(before, workspace))
      obstacle(`${need.text} is read at ${placeOf(before, workspace)}, before ${called(call)} can change it`);
    if (use) return { value: `${self}${rest}`, parameter: false };
  }
  for (const [i, argument] of call.arguments.entries()) {
    const parameter = method.parameters[i];
    if (!parameter || parameter.dotDotDotToken) break;
    if (argument.getText() === need.text && ts.isIdentifier(parameter.name)) return { value: parameter.name.text, parameter: false };
    if (!ts.isObjectLiteralExpression(argument)) continue;
    for (const property of argument.properties) {
      const given = ts.isPropertyAssignment(property)
        ? property.initializer
        : ts.isShorthandPropertyAssignment(property)
          ? property.name
          : undefined;
      if (given?.getText() !== need.text || !property.name) continue;
      const name = property.name.getText();
      if (ts.isIdentifier(parameter.name)) return { value: `${parameter.name.text}.${name}`, parameter: false };
      const element = ts.isObjectBindingPattern(parameter.name)
        ? parameter.name.elements.find((e) => (e.propertyName ?? e.name).getText() === name)
        : undefined;
      if (element && ts.isIdentifier(element.name)) return { value: element.name.text, parameter: false };
    }
  }
  const others = workspace.references(method.name).filter((r) => !isInside(r, method.name) && !isInside(r, call.expression));
  const [other] = others;
  if (other)
    obstacle(
      `the event needs ${need.text}, which ${nameOf(place.root)}.${method.name.getText()}() would have to be given, and it is also called at ${placeOf(other, workspace)}`,
    );
  return { value: '', parameter: true };
}

/** An identity, or what cannot be given another value. */
function isFixed(use: tsTypes.Expression, workspace: Workspace): boolean {
  if (!ts.isPropertyAccessExpression(use)) return false;
  if (/^_?id$/.test(use.name.text)) return true;
  const declared = declarationOf(use.name, workspace.checker(use.getSourceFile().fileName));
  return declared !== undefined && (ts.getCombinedModifierFlags(declared) & ts.ModifierFlags.Readonly) !== 0;
}

// ── edits ─────────────────────────────────────────────────────────────────────────────────────────────────────────

/** The statement that raises the event, as the method's last before it returns. */
export function raiseEdits(place: RaisingPlace, example: RaiseExample, made: string, workspace: Workspace): TextEdit[] {
  const { method, self } = place;
  const source = method.getSourceFile();
  const { statements } = method.body;
  const last = statements.at(-1);
  const early = earlyReturn(method);
  if (early)
    obstacle(
      `${nameOf(place.root)}.${method.name.getText()}() may return early (${placeOf(early, workspace)}): the event would not always be raised`,
    );
  const end = endsStatements(source);
  const statement = `${example.onRoot ? `${self}.` : ''}${example.through}(${made})${end}`;
  if (!last) {
    const indent = indentOf(method);
    return [edit(source, method.body.getStart(), method.body.end, `{\n${indent}${indentUnit(source)}${statement}\n${indent}}`)];
  }
  const indent = indentOf(last);
  if (ts.isReturnStatement(last)) return [edit(source, last.getStart(), last.getStart(), `${statement}\n${indent}`)];
  if (source.text.slice(method.body.getStart(), method.body.end).includes('\n'))
    return [edit(source, last.end, last.end, `\n${indent}${statement}`)];
  // A body on one line opens up.
  const outer = indentOf(method);
  const inner = `${outer}${indentUnit(source)}`;
  const lines = [...statements.map((s) => s.getText()), statement].map((line) => `${inner}${line}`).join('\n');
  return [edit(source, method.body.getStart(), method.body.end, `{\n${lines}\n${outer}}`)];
}

function earlyReturn(method: RaisingPlace['method']): tsTypes.Node | undefined {
  const last = method.body.statements.at(-1);
  let found: tsTypes.Node | undefined;
  eachNode(method.body, (node) => {
    if (ts.isReturnStatement(node) && node !== last && ts.findAncestor(node, ts.isFunctionLike) === method) found ??= node;
  });
  return found;
}

/** New parameters of the method, and what the handler's call gives for them. */
export function parameterEdits({ method, call }: RaisingPlace, data: readonly Datum[]): TextEdit[] {
  const added = data.filter((d) => d.parameter);
  if (added.length === 0) return [];
  return [
    intoList(
      method.getSourceFile(),
      method.parameters,
      method.name.end,
      added.map((d) => `${d.name}: ${d.type}`),
    ),
    intoList(
      call.getSourceFile(),
      call.arguments,
      call.expression.end,
      added.map((d) => d.need?.text ?? d.value),
    ),
  ];
}

/** More elements for a list in parentheses, one a line where the others are. */
export function intoList(
  source: tsTypes.SourceFile,
  list: tsTypes.NodeArray<tsTypes.Node>,
  before: number,
  added: readonly string[],
): TextEdit {
  const last = list.at(-1);
  if (!last) {
    const open = source.text.indexOf('(', before) + 1;
    return edit(source, open, open, added.join(', '));
  }
  const line = source.text.slice(source.text.lastIndexOf('\n', last.getStart(source) - 1) + 1, last.getStart(source));
  const separator = /^\s+$/.test(line) ? `,\n${line}` : ', ';
  return edit(source, last.end, last.end, added.map((each) => `${separator}${each}`).join(''));
}
