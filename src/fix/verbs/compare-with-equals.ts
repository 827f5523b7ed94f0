import type { CompareWithEquals } from '../../change.js';
import { ts, type tsTypes } from '../../facts/compiler.js';
import { equalsOf } from '../equals-of.js';
import { isNullable, mayBeMissing, onlyReturned } from '../missing.js';
import { isRefusal, type Patch, type Refusal, refuse, type TextEdit } from '../patch.js';
import { placeOf } from '../place.js';
import type { Workspace } from '../workspace.js';
import type { Verb } from './verb.js';

export const compareWithEquals: Verb<CompareWithEquals> = ({ at }, workspace) => {
  const node = workspace.nodeAt(at);
  if (node && ts.isBinaryExpression(node)) return comparison(node, workspace);
  if (node && ts.isCallExpression(node)) return lookUp(node, workspace);
  return refuse('no comparison stands there');
};

// ── a === b ───────────────────────────────────────────────────────────────────────────────────────────────────────

function comparison(node: tsTypes.BinaryExpression, workspace: Workspace): Patch | Refusal {
  const { left, right, operatorToken } = node;
  const asked = question(sideOf(left, workspace), sideOf(right, workspace), node, workspace);
  if (isRefusal(asked)) return asked;
  const { of, dot, method, other, swapped } = asked;
  const negated = operatorToken.getText().startsWith('!');
  const text = `${receiverText(of)}${dot}${method}(`;
  const source = node.getSourceFile();
  const file = source.fileName;
  // What stands between the two stays in its place where it is more than space.
  const between = (start: number, end: number): string => {
    const text = source.text.slice(start, end);
    return /\S/.test(text) ? text.replace(/\*\/[ \t]*$/, '*/') : '';
  };
  const asking: TextEdit[] = swapped
    ? [{ file, start: left.getStart(), end: right.end, text: `${text}${other.getText()})` }]
    : [
        {
          file,
          start: left.getStart(),
          end: right.getStart(),
          text: `${receiverText(of)}${between(left.end, operatorToken.getStart())}${dot}${method}(${between(operatorToken.end, right.getStart())}`,
        },
        { file, start: right.end, end: right.end, text: ')' },
      ];
  return { edits: [...framed(node, { negated, open: dot === '?.' || ts.isOptionalChain(of) }, workspace), ...asking] };
}

/** The `!` before it, the parentheses that a call no longer needs, and what makes a boolean of an undefined. */
function framed(
  node: tsTypes.Expression,
  { negated, open }: { readonly negated: boolean; readonly open: boolean },
  workspace: Workspace,
): TextEdit[] {
  const source = node.getSourceFile();
  const file = source.fileName;
  const remove = (start: number, end: number): TextEdit => ({ file, start, end, text: '' });
  const inParentheses = ts.isParenthesizedExpression(node.parent) ? node.parent : undefined;
  const bare =
    inParentheses &&
    /^\(\s*$/.test(source.text.slice(inParentheses.getStart(), node.getStart())) &&
    /^\s*\)$/.test(source.text.slice(node.end, inParentheses.end))
      ? inParentheses
      : undefined;
  const denied =
    inParentheses && ts.isPrefixUnaryExpression(inParentheses.parent) && inParentheses.parent.operator === ts.SyntaxKind.ExclamationToken
      ? inParentheses.parent
      : undefined;
  const boolean = !open || negated || denied !== undefined || isOnlyTested(bare && !denied ? bare : node, workspace);
  if (!boolean) {
    const apart = ts.isBinaryExpression(node.parent) && !isAssignment(node.parent);
    return [
      ...(apart ? [{ file, start: node.getStart(), end: node.getStart(), text: '(' }] : []),
      { file, start: node.end, end: node.end, text: apart ? ' ?? false)' : ' ?? false' },
    ];
  }
  if (bare && denied) {
    // `!(a === b)` asks `!a.equals(b)`, and `!(a !== b)` asks `a.equals(b)`; an undefined is told from a false by neither.
    if (!negated) return [remove(bare.getStart(), node.getStart()), remove(node.end, bare.end)];
    if (!open || isOnlyTested(denied, workspace)) return [remove(denied.getStart(), node.getStart()), remove(node.end, bare.end)];
  }
  const parentheses = bare && !denied ? [remove(bare.getStart(), node.getStart()), remove(node.end, bare.end)] : [];
  const not = { file, start: node.getStart(), end: node.getStart(), text: '!' };
  return [...parentheses, ...(negated ? [not] : [])];
}

function isAssignment({ operatorToken: { kind } }: tsTypes.BinaryExpression): boolean {
  return kind >= ts.SyntaxKind.FirstAssignment && kind <= ts.SyntaxKind.LastAssignment;
}

/** Whether an undefined does as well as a false here. */
function isOnlyTested(node: tsTypes.Expression, workspace: Workspace): boolean {
  const { parent } = node;
  if (ts.isParenthesizedExpression(parent)) return isOnlyTested(parent, workspace);
  if (ts.isPrefixUnaryExpression(parent)) return parent.operator === ts.SyntaxKind.ExclamationToken;
  if (ts.isConditionalExpression(parent)) return parent.condition === node || isOnlyTested(parent, workspace);
  if (ts.isIfStatement(parent) || ts.isWhileStatement(parent) || ts.isDoStatement(parent)) return parent.expression === node;
  if (ts.isForStatement(parent)) return parent.condition === node;
  if (ts.isBinaryExpression(parent)) {
    const { kind } = parent.operatorToken;
    const joins = kind === ts.SyntaxKind.AmpersandAmpersandToken || kind === ts.SyntaxKind.BarBarToken;
    return joins && isOnlyTested(parent, workspace);
  }
  const wanted = workspace.checker(node.getSourceFile().fileName).getContextualType(node);
  return wanted !== undefined && (wanted.flags & ts.TypeFlags.Unknown) !== 0;
}

// ── ids.includes(id) ──────────────────────────────────────────────────────────────────────────────────────────────

function lookUp(call: tsTypes.CallExpression, workspace: Workspace): Patch | Refusal {
  const { expression: callee } = call;
  const [sought, from] = call.arguments;
  if (!ts.isPropertyAccessExpression(callee) || !sought) return refuse('no look-up stands there');
  if (from) return refuse('the look-up starts at an index of its own');
  const checker = workspace.checker(call.getSourceFile().fileName);
  const element = checker.getNonNullableType(checker.getTypeAtLocation(callee.expression)).getNumberIndexType();
  if (!element) return refuse(`the elements of ${callee.expression.getText()} are unknown`);
  const costly = workedOutAnew(sought, checker);
  if (costly) return refuse(`${costly.getText()} would be worked out for every element (${placeOf(costly, workspace)})`);
  const each = elementName(callee, checker);
  const asked = question({ type: element, missing: isNullable(element) }, sideOf(sought, workspace), sought, workspace);
  if (isRefusal(asked)) return asked;
  const { dot, method, swapped } = asked;
  const source = call.getSourceFile();
  const file = source.fileName;
  const head = `${parameterList(each, source)} => `;
  const inner: TextEdit[] = swapped
    ? [{ file, start: sought.getStart(), end: sought.end, text: `${head}${receiverText(sought)}${dot}${method}(${each})` }]
    : [
        { file, start: sought.getStart(), end: sought.getStart(), text: `${head}${each}${dot}${method}(` },
        { file, start: sought.end, end: sought.end, text: ')' },
      ];
  const rename = (name: string): TextEdit => ({ file, start: callee.name.getStart(), end: callee.name.end, text: name });
  if (callee.name.text === 'includes') return { edits: [rename('some'), ...inner] };
  const test = call.flags & ts.NodeFlags.OptionalChain ? undefined : presenceTest(call);
  if (!test) return { edits: [rename(callee.name.text === 'lastIndexOf' ? 'findLastIndex' : 'findIndex'), ...inner] };
  const trimmed: TextEdit[] = [
    { file, start: test.node.getStart(), end: call.getStart(), text: '' },
    { file, start: call.end, end: test.node.end, text: '' },
  ].filter((e) => e.start < e.end);
  return { edits: [rename('some'), ...inner, ...trimmed, ...framed(test.node, { negated: test.absent, open: false }, workspace)] };
}

/** `ids.indexOf(id) === -1`: asks but whether it is there. */
function presenceTest(call: tsTypes.CallExpression): { readonly node: tsTypes.BinaryExpression; readonly absent: boolean } | undefined {
  const { parent } = call;
  if (!ts.isBinaryExpression(parent)) return undefined;
  const mirrored = parent.right === call;
  const { kind } = parent.operatorToken;
  const number = (mirrored ? parent.left : parent.right).getText().replaceAll(/\s/g, '');
  const asks = `${mirrored ? (MIRROR[kind] ?? kind) : kind} ${number}`;
  const { SyntaxKind: k } = ts;
  const absent = [`${k.EqualsEqualsEqualsToken} -1`, `${k.EqualsEqualsToken} -1`, `${k.LessThanToken} 0`];
  const present = [
    `${k.ExclamationEqualsEqualsToken} -1`,
    `${k.ExclamationEqualsToken} -1`,
    `${k.GreaterThanToken} -1`,
    `${k.GreaterThanEqualsToken} 0`,
  ];
  if (absent.includes(asks)) return { node: parent, absent: true };
  return present.includes(asks) ? { node: parent, absent: false } : undefined;
}

const MIRROR: { readonly [kind: number]: number } = {
  [ts.SyntaxKind.LessThanToken]: ts.SyntaxKind.GreaterThanToken,
  [ts.SyntaxKind.GreaterThanToken]: ts.SyntaxKind.LessThanToken,
  [ts.SyntaxKind.LessThanEqualsToken]: ts.SyntaxKind.GreaterThanEqualsToken,
};

/** The part of what is sought that cannot move into a callback, or is not to be repeated there. */
function workedOutAnew(e: tsTypes.Expression, checker: tsTypes.TypeChecker): tsTypes.Expression | undefined {
  const inner = (of: tsTypes.Expression): tsTypes.Expression | undefined => workedOutAnew(of, checker);
  const among = (some: readonly tsTypes.Expression[] = []): tsTypes.Expression | undefined =>
    some.map(inner).find((found) => found !== undefined);
  if (ts.isIdentifier(e)) return e.text === 'arguments' ? e : undefined;
  if (e.kind === ts.SyntaxKind.ThisKeyword || ts.isLiteralExpression(e)) return undefined;
  if (ts.isParenthesizedExpression(e) || ts.isNonNullExpression(e) || ts.isAsExpression(e) || ts.isPropertyAccessExpression(e))
    return inner(e.expression);
  if (ts.isElementAccessExpression(e)) return inner(e.expression) ?? inner(e.argumentExpression);
  if (ts.isNewExpression(e)) return among(e.arguments);
  if (!ts.isCallExpression(e) || !ts.isPropertyAccessExpression(e.expression)) return e;
  const made = checker.getResolvedSignature(e)?.declaration;
  const hands = made && onlyReturned(made);
  return hands && (ts.isPropertyAccessExpression(hands) || ts.isNewExpression(hands))
    ? (inner(e.expression.expression) ?? among(e.arguments))
    : e;
}

/** `topic` for an element of `this.topics`; another word where that one is taken. */
function elementName({ expression }: tsTypes.PropertyAccessExpression, checker: tsTypes.TypeChecker): string {
  const named = ts.isCallExpression(expression) ? expression.expression : expression;
  const many = ts.isPropertyAccessExpression(named) ? named.name.text : ts.isIdentifier(named) ? named.text : '';
  const plain = many.replace(/^(?:[_#]+|get(?=[A-Z]))/, '');
  const taken = new Set(checker.getSymbolsInScope(expression, ts.SymbolFlags.Value).map(({ name }) => name));
  const names = [...singular(plain.charAt(0).toLowerCase() + plain.slice(1)), 'each', 'other', 'candidate'];
  return names.find((name) => !taken.has(name)) ?? `${names.at(-1)}_`;
}

function singular(many: string): string[] {
  if (/ies$/.test(many)) return [many.replace(/ies$/, 'y')];
  if (/(?:ss|x|ch|sh)es$/.test(many)) return [many.replace(/es$/, '')];
  return /[^su]s$/.test(many) && many.length > 2 ? [many.slice(0, -1)] : [];
}

/** With parentheses, unless the file goes without. */
function parameterList(name: string, source: tsTypes.SourceFile): string {
  return /(?:^|[\s(,=])[\w$]+ =>/.test(source.text) && !/\([\w$]+\) =>/.test(source.text) ? name : `(${name})`;
}

// ── who is asked ──────────────────────────────────────────────────────────────────────────────────────────────────

interface Side {
  readonly type: tsTypes.Type;
  readonly missing: boolean;
  readonly expression?: tsTypes.Expression;
}

interface Question {
  readonly of: tsTypes.Expression;
  readonly other: tsTypes.Expression;
  readonly dot: '.' | '?.';
  readonly method: string;
  /** The second is asked about the first. */
  readonly swapped: boolean;
}

function sideOf(expression: tsTypes.Expression, workspace: Workspace): Side {
  const checker = workspace.checker(expression.getSourceFile().fileName);
  return {
    type: checker.getNonNullableType(checker.getTypeAtLocation(expression)),
    missing: mayBeMissing(expression, workspace),
    expression,
  };
}

/** Two that may both be missing were the same, and no method says so: that is left alone. */
function question(first: Side, second: Side, place: tsTypes.Expression, workspace: Workspace): Question | Refusal {
  const checker = workspace.checker(place.getSourceFile().fileName);
  const ways = [
    { asked: first, about: second, swapped: false },
    { asked: second, about: first, swapped: true },
  ];
  const able = ways.flatMap((way) => {
    const method = equalsOf(way.asked.type, way.about.type, place, checker);
    return method ? [{ ...way, ...method }] : [];
  });
  const fit =
    able.find(({ asked, about, takesNothing }) => !asked.missing && (!about.missing || takesNothing)) ??
    able.find(({ about }) => !about.missing);
  if (fit) {
    const { asked, about, method, swapped } = fit;
    const goesOn = asked.expression !== undefined && isMissingByChain(asked.expression, checker);
    return {
      of: asked.expression ?? place,
      other: about.expression ?? place,
      dot: asked.missing && !goesOn ? '?.' : '.',
      method,
      swapped,
    };
  }
  if (able.length > 0) return refuse(`both sides may be missing, which is the same to === alone (${placeOf(place, workspace)})`);
  const named = checker.typeToString(checker.getNonNullableType(first.type));
  return refuse(`${named} has no method that compares it with ${checker.typeToString(second.type)} (${placeOf(place, workspace)})`);
}

/** `a?.id`, where an id is never missing once there is an `a`: the chain goes on. */
function isMissingByChain(e: tsTypes.Expression, checker: tsTypes.TypeChecker): boolean {
  if (!ts.isPropertyAccessExpression(e) || !ts.isOptionalChain(e)) return false;
  const symbol = checker.getSymbolAtLocation(e.name);
  return symbol !== undefined && !isNullable(checker.getTypeOfSymbol(symbol));
}

/** As something that a member can be asked of. */
function receiverText(e: tsTypes.Expression): string {
  const text = e.getText();
  const binds = ts.isLeftHandSideExpression(e) && !(ts.isNewExpression(e) && !e.arguments);
  return binds ? text : `(${text})`;
}
