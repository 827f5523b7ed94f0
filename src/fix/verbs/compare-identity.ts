import type { CompareIdentity } from '../../change.js';
import { ts, type tsTypes } from '../../facts/compiler.js';
import { equalsOf } from '../equals-of.js';
import { withoutStatement } from '../lines.js';
import { onlyReturned } from '../missing.js';
import { isRefusal, type Patch, type Refusal, refuse, type TextEdit } from '../patch.js';
import { placeOf } from '../place.js';
import type { Workspace } from '../workspace.js';
import type { Verb } from './verb.js';

export const compareIdentity: Verb<CompareIdentity> = ({ at, identity, attributes }, workspace) => {
  const method = workspace.nodeAt(at)?.parent;
  if (!method || !ts.isMethodDeclaration(method) || !method.body) return refuse('no method stands there');
  const [parameter] = method.parameters;
  if (!parameter || !ts.isIdentifier(parameter.name)) return refuse(`${method.name.getText()} takes its parameter apart`);
  const checker = workspace.checker(method.getSourceFile().fileName);
  return reduced(method.body, { method, other: parameter.name.text, identity, attributes: new Set(attributes), checker, workspace });
};

interface Context {
  readonly method: tsTypes.MethodDeclaration;
  /** Name of the parameter. */
  readonly other: string;
  readonly identity: string;
  readonly attributes: ReadonlySet<string>;
  readonly checker: tsTypes.TypeChecker;
  readonly workspace: Workspace;
}

/** What is left of a condition, and whether that asks for the identity. */
interface Rest {
  readonly edits: readonly TextEdit[];
  readonly empty: boolean;
  readonly asksIdentity: boolean;
}

function reduced({ statements }: tsTypes.Block, context: Context): Patch | Refusal {
  const last = statements.at(-1);
  if (!last || !ts.isReturnStatement(last) || !last.expression) return refuse(`it does not end with a return`);
  const edits: TextEdit[] = [];
  let asksIdentity = false;
  for (const statement of statements) {
    if (statement === last) continue;
    const answer =
      ts.isIfStatement(statement) && answersAtOnce(statement) ? condition(statement.expression, context) : untouched(statement, context);
    if (isRefusal(answer)) return answer;
    edits.push(...(answer.empty ? [withoutStatement(statement)] : answer.edits));
    asksIdentity ||= answer.asksIdentity;
  }
  const answer = condition(last.expression, context);
  if (isRefusal(answer)) return answer;
  const literal = last.expression.kind === ts.SyntaxKind.TrueKeyword || last.expression.kind === ts.SyntaxKind.FalseKeyword;
  if (asksIdentity || answer.asksIdentity) {
    const rest = answer.empty ? [textFor(last.expression, 'true')] : unwrapped(last.expression, answer);
    return commentIn([...edits, ...rest], context) ?? { edits: [...edits, ...rest] };
  }
  const question = identityQuestion(context);
  if (isRefusal(question)) return question;
  const asking =
    answer.empty || literal
      ? [textFor(last.expression, question)]
      : [...answer.edits, { ...textFor(last.expression, ` && ${question}`), start: last.expression.end }];
  return commentIn([...edits, ...asking], context) ?? { edits: [...edits, ...asking] };
}

/** `if (…) return false;` */
function answersAtOnce({ thenStatement, elseStatement }: tsTypes.IfStatement): boolean {
  const [only] = ts.isBlock(thenStatement) ? thenStatement.statements : [thenStatement];
  const single = !ts.isBlock(thenStatement) || thenStatement.statements.length === 1;
  const answer = single && only && ts.isReturnStatement(only) ? only.expression?.kind : undefined;
  return elseStatement === undefined && (answer === ts.SyntaxKind.TrueKeyword || answer === ts.SyntaxKind.FalseKeyword);
}

function untouched(statement: tsTypes.Statement, context: Context): Rest | Refusal {
  const read = fieldsRead(statement, context);
  if ([...read].some((name) => context.attributes.has(name)))
    return refuse(`what it compares is worked out in a statement of its own (${placeOf(statement, context.workspace)})`);
  return { edits: [], empty: false, asksIdentity: asks(statement, read, context) };
}

// ── conditions without the attributes ─────────────────────────────────────────────────────────────────────────────

function condition(e: tsTypes.Expression, context: Context): Rest | Refusal {
  if (ts.isParenthesizedExpression(e)) return condition(e.expression, context);
  if (ts.isPrefixUnaryExpression(e) && e.operator === ts.SyntaxKind.ExclamationToken) return condition(e.operand, context);
  if (ts.isBinaryExpression(e) && isJoint(e.operatorToken.kind)) return joint(operandsOf(e, e.operatorToken.kind), context);
  const read = fieldsRead(e, context);
  const asksIdentity = asks(e, read, context);
  const empty = [...read].some((name) => context.attributes.has(name)) || (context.attributes.size === 0 && isSelf(e, context));
  if (empty && asksIdentity) return refuse(`one comparison asks for the identity and more (${placeOf(e, context.workspace)})`);
  return { edits: [], empty, asksIdentity };
}

function joint(operands: readonly tsTypes.Expression[], context: Context): Rest | Refusal {
  const edits: TextEdit[] = [];
  const kept: tsTypes.Expression[] = [];
  let asksIdentity = false;
  for (const operand of operands) {
    const rest = condition(operand, context);
    if (isRefusal(rest)) return rest;
    if (rest.empty) continue;
    edits.push(...rest.edits);
    asksIdentity ||= rest.asksIdentity;
    kept.push(operand);
  }
  const [first] = operands;
  const [firstKept] = kept;
  const lastKept = kept.at(-1);
  const last = operands.at(-1);
  if (!first || !last || !firstKept || !lastKept) return { edits: [], empty: true, asksIdentity: false };
  const file = first.getSourceFile().fileName;
  const gaps = kept.slice(1).map((operand, i) => ({ start: kept[i]?.end ?? 0, end: operands[operands.indexOf(operand) - 1]?.end ?? 0 }));
  const removed = [{ start: first.getStart(), end: firstKept.getStart() }, ...gaps, { start: lastKept.end, end: last.end }];
  return {
    edits: [...edits, ...removed.filter(({ start, end }) => start < end).map((r) => ({ file, ...r, text: '' }))],
    empty: false,
    asksIdentity,
  };
}

function isJoint(kind: tsTypes.SyntaxKind): boolean {
  return kind === ts.SyntaxKind.AmpersandAmpersandToken || kind === ts.SyntaxKind.BarBarToken;
}

function operandsOf(e: tsTypes.Expression, kind: tsTypes.SyntaxKind): tsTypes.Expression[] {
  return ts.isBinaryExpression(e) && e.operatorToken.kind === kind ? [...operandsOf(e.left, kind), ...operandsOf(e.right, kind)] : [e];
}

function isSelf(e: tsTypes.Expression, { other }: Context): boolean {
  if (!ts.isBinaryExpression(e) || !/^[!=]==?$/.test(e.operatorToken.getText())) return false;
  const sides = [e.left.getText(), e.right.getText()];
  return sides.includes('this') && sides.includes(other);
}

/** Parentheses that held several lines hold one operand no more. */
function unwrapped(e: tsTypes.Expression, { edits }: Rest): readonly TextEdit[] {
  if (edits.length === 0 || !ts.isParenthesizedExpression(e)) return edits;
  const inner = e.expression;
  const source = e.getSourceFile();
  const single = ts.isBinaryExpression(inner) && isJoint(inner.operatorToken.kind) && !/[&|]{2}/.test(leftOf(inner, edits));
  if (!single) return edits;
  const file = source.fileName;
  return [...edits, { file, start: e.getStart(), end: inner.getStart(), text: '' }, { file, start: inner.end, end: e.end, text: '' }];
}

function leftOf(e: tsTypes.Expression, edits: readonly TextEdit[]): string {
  const { text } = e.getSourceFile();
  return edits
    .toSorted((a, b) => b.start - a.start)
    .reduce(
      (done, { start, end }) => done.slice(0, start - e.getStart()) + done.slice(end - e.getStart()),
      text.slice(e.getStart(), e.end),
    );
}

// ── what is read ──────────────────────────────────────────────────────────────────────────────────────────────────

/** Fields of the two entities, accessors looked through. */
function fieldsRead(node: tsTypes.Node, { other, checker }: Context): ReadonlySet<string> {
  const found = new Set<string>();
  const visit = (part: tsTypes.Node, entity: (e: tsTypes.Node) => boolean, depth: number): void => {
    if (ts.isPropertyAccessExpression(part) && entity(part.expression)) {
      const inBag = ts.isPropertyAccessExpression(part.parent) && part.parent.expression === part;
      const declaration = checker.getSymbolAtLocation(part.name)?.declarations?.[0];
      const handed = declaration && depth < MOST_STEPS ? onlyReturned(declaration) : undefined;
      if (handed) visit(handed, (e) => e.kind === ts.SyntaxKind.ThisKeyword, depth + 1);
      else found.add(part.name.text);
      if (inBag && ts.isPropertyAccessExpression(part.parent)) found.add(part.parent.name.text);
      return;
    }
    ts.forEachChild(part, (child) => visit(child, entity, depth));
  };
  visit(node, (e) => e.kind === ts.SyntaxKind.ThisKeyword || (ts.isIdentifier(e) && e.text === other), 0);
  return found;
}

const MOST_STEPS = 3;

function asks(node: tsTypes.Node, read: ReadonlySet<string>, { identity }: Context): boolean {
  return read.has(identity) || [...read].some((name) => /^[_#]?(?:id|uuid|guid|identity)$/i.test(name)) || asksBase(node);
}

/** `super.equals(other)`. */
function asksBase(node: tsTypes.Node): boolean {
  return node.kind === ts.SyntaxKind.SuperKeyword || (ts.forEachChild(node, (child) => asksBase(child) || undefined) ?? false);
}

// ── the identity asked ────────────────────────────────────────────────────────────────────────────────────────────

function identityQuestion({ method, other, identity, checker }: Context): string | Refusal {
  const type = checker.getTypeAtLocation(method.parent);
  const bag = type.getProperties().find((p) => checker.getTypeOfSymbolAtLocation(p, method).getProperty(identity));
  const own = type.getProperty(identity);
  const way = own ? identity : bag && `${bag.name}.${identity}`;
  const symbol = own ?? (bag && checker.getTypeOfSymbolAtLocation(bag, method).getProperty(identity));
  if (!symbol || !way) return refuse(`the identity ${identity} is not found in its type`);
  const value = checker.getNonNullableType(checker.getTypeOfSymbolAtLocation(symbol, method));
  const name = type.symbol?.name ?? 'the entity';
  const found = equalsOf(value, value, method, checker);
  if (found) return `this.${way}.${found.method}(${other}.${way})`;
  const primitive = ts.TypeFlags.StringLike | ts.TypeFlags.NumberLike | ts.TypeFlags.BigIntLike;
  const parts = value.isUnionOrIntersection() ? value.types : [value];
  if (parts.some(({ flags }) => flags & primitive)) return `this.${way} === ${other}.${way}`;
  return refuse(`the identity of ${name} has no method that compares it`);
}

// ── edits ─────────────────────────────────────────────────────────────────────────────────────────────────────────

function textFor(e: tsTypes.Expression, text: string): TextEdit {
  return { file: e.getSourceFile().fileName, start: e.getStart(), end: e.end, text };
}

/** What somebody wrote beside a comparison is not thrown away. */
function commentIn(edits: readonly TextEdit[], { method, workspace }: Context): Refusal | undefined {
  const { text } = method.getSourceFile();
  const lost = edits.some(({ start, end }) => /\/\/|\/\*/.test(text.slice(start, end)));
  return lost ? refuse(`a comment stands among what would go (${placeOf(method.name, workspace)})`) : undefined;
}
