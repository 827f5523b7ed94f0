import { classFacts } from './extract-classes.js';
import { aliasFacts, enumFacts, functionDeclaration, interfaceFacts, LOCAL, overloadsEnd } from './extract-declarations.js';
import { expression } from './extract-expressions.js';
import { pattern } from './extract-functions.js';
import { dispatch, enter, type Mutable, mapNodes, NONE, rangeOf, type Source } from './extract-source.js';
import { typeNode } from './extract-types.js';
import type { LocalVariable, Statement } from './facts.js';
import { ts, type tsTypes } from './parser.js';

const { SyntaxKind, idText, isBlock, isFunctionDeclaration, isLabeledStatement, isVariableDeclarationList } = ts;
const { ForOfStatement } = SyntaxKind;
/** `const`, `using` and `await using`. */
const CONSTANT = ts.NodeFlags.Const | ts.NodeFlags.Using;

type Variant<S extends Statement['s']> = Mutable<Extract<Statement, { s: S }>>;
type Convert = (source: Source, node: never) => Statement;

export function statements(source: Source, nodes: readonly tsTypes.Statement[]): readonly Statement[] {
  if (nodes.length === 0) return NONE;
  const result: Statement[] = [];
  for (let index = 0; index < nodes.length; index++) {
    const node = nodes[index];
    if (node === undefined) continue;
    if (isFunctionDeclaration(node)) {
      const end = overloadsEnd(source, nodes, index);
      result.push({ s: 'declaration', of: functionDeclaration(source, nodes.slice(index, end) as tsTypes.FunctionDeclaration[], LOCAL) });
      index = end - 1;
    } else addStatement(source, node, result);
  }
  return result;
}

/** Nothing is added for what does not run: empty statements, `debugger`, `with`. */
export function addStatement(source: Source, node: tsTypes.Statement, into: Statement[]): void {
  let unlabelled = node;
  while (isLabeledStatement(unlabelled)) unlabelled = unlabelled.statement;
  const convert = CONVERTERS[unlabelled.kind];
  if (convert === undefined) return;
  enter(source);
  into.push(convert(source, unlabelled as never));
  source.depth--;
}

const CONVERTERS = dispatch<Convert>([
  [
    SyntaxKind.ExpressionStatement,
    (source, node: tsTypes.ExpressionStatement) => ({ s: 'expression', of: expression(source, node.expression) }),
  ],
  [SyntaxKind.VariableStatement, (source, node: tsTypes.VariableStatement) => variables(source, node.declarationList)],
  [SyntaxKind.IfStatement, ifStatement],
  [SyntaxKind.ReturnStatement, returnStatement],
  [
    SyntaxKind.ThrowStatement,
    (source, node: tsTypes.ThrowStatement) => ({ s: 'throw', of: expression(source, node.expression), at: rangeOf(source, node) }),
  ],
  [SyntaxKind.ForStatement, forStatement],
  [SyntaxKind.WhileStatement, whileStatement],
  [SyntaxKind.DoStatement, doStatement],
  [SyntaxKind.ForOfStatement, eachStatement],
  [SyntaxKind.ForInStatement, eachStatement],
  [SyntaxKind.TryStatement, tryStatement],
  [SyntaxKind.SwitchStatement, switchStatement],
  [SyntaxKind.Block, (source, node: tsTypes.Block) => ({ s: 'block', body: statements(source, node.statements) })],
  [SyntaxKind.BreakStatement, (_source, node: tsTypes.BreakStatement) => jump('break', node)],
  [SyntaxKind.ContinueStatement, (_source, node: tsTypes.ContinueStatement) => jump('continue', node)],
  // Where a body is a single statement, as behind `if (x)`.
  [
    SyntaxKind.FunctionDeclaration,
    (source, node: tsTypes.FunctionDeclaration) => ({ s: 'declaration', of: functionDeclaration(source, [node], LOCAL) }),
  ],
  [SyntaxKind.ClassDeclaration, (source, node: tsTypes.ClassDeclaration) => ({ s: 'declaration', of: classFacts(source, node) })],
  [
    SyntaxKind.InterfaceDeclaration,
    (source, node: tsTypes.InterfaceDeclaration) => ({ s: 'declaration', of: interfaceFacts(source, node, LOCAL) }),
  ],
  [
    SyntaxKind.TypeAliasDeclaration,
    (source, node: tsTypes.TypeAliasDeclaration) => ({ s: 'declaration', of: aliasFacts(source, node, LOCAL) }),
  ],
  [SyntaxKind.EnumDeclaration, (source, node: tsTypes.EnumDeclaration) => ({ s: 'declaration', of: enumFacts(source, node, LOCAL) })],
]);

/** The body of a branch or a loop, whether or not it has braces. */
function bodyOf(source: Source, node: tsTypes.Statement): readonly Statement[] {
  if (isBlock(node)) return statements(source, node.statements);
  const body: Statement[] = [];
  addStatement(source, node, body);
  return body;
}

// ── variables ─────────────────────────────────────────────────────────────────────────────────────────────────────

function variables(source: Source, list: tsTypes.VariableDeclarationList): Statement {
  return { s: 'variables', constant: isConstant(list), declarations: mapNodes(source, list.declarations, localVariable) };
}

export function isConstant(list: tsTypes.VariableDeclarationList): boolean {
  return (list.flags & CONSTANT) !== 0;
}

function localVariable(source: Source, node: tsTypes.VariableDeclaration): LocalVariable {
  const variable: Mutable<LocalVariable> = { pattern: pattern(source, node.name), at: rangeOf(source, node) };
  if (node.type !== undefined) variable.type = typeNode(source, node.type);
  if (node.initializer !== undefined) variable.init = expression(source, node.initializer);
  return variable;
}

// ── branches and jumps ────────────────────────────────────────────────────────────────────────────────────────────

function ifStatement(source: Source, node: tsTypes.IfStatement): Statement {
  const at = rangeOf(source, node);
  const test = expression(source, node.expression);
  const result: Variant<'if'> = { s: 'if', test, yes: bodyOf(source, node.thenStatement), at };
  if (node.elseStatement !== undefined) result.no = bodyOf(source, node.elseStatement);
  return result;
}

function switchStatement(source: Source, node: tsTypes.SwitchStatement): Statement {
  const of = expression(source, node.expression);
  return { s: 'switch', of, cases: mapNodes(source, node.caseBlock.clauses, switchCase), at: rangeOf(source, node) };
}

function switchCase(source: Source, clause: tsTypes.CaseOrDefaultClause): Extract<Statement, { s: 'switch' }>['cases'][number] {
  const test = 'expression' in clause ? expression(source, clause.expression) : undefined;
  const body = statements(source, clause.statements);
  return test === undefined ? { body } : { test, body };
}

function tryStatement(source: Source, node: tsTypes.TryStatement): Statement {
  const result: Variant<'try'> = { s: 'try', body: statements(source, node.tryBlock.statements), at: rangeOf(source, node) };
  const { catchClause, finallyBlock } = node;
  if (catchClause?.variableDeclaration !== undefined) result.parameter = pattern(source, catchClause.variableDeclaration.name);
  if (catchClause !== undefined) result.catch = statements(source, catchClause.block.statements);
  if (finallyBlock !== undefined) result.finally = statements(source, finallyBlock.statements);
  return result;
}

function returnStatement(source: Source, node: tsTypes.ReturnStatement): Statement {
  const at = rangeOf(source, node);
  return node.expression === undefined ? { s: 'return', at } : { s: 'return', of: expression(source, node.expression), at };
}

function jump(s: 'break' | 'continue', node: tsTypes.BreakOrContinueStatement): Statement {
  return node.label === undefined ? { s } : { s, label: idText(node.label) };
}

// ── loops ─────────────────────────────────────────────────────────────────────────────────────────────────────────

function forStatement(source: Source, node: tsTypes.ForStatement): Statement {
  const result: Variant<'loop'> = { s: 'loop', body: NONE, at: rangeOf(source, node) };
  if (node.initializer !== undefined) result.init = forInitializer(source, node.initializer);
  if (node.condition !== undefined) result.test = expression(source, node.condition);
  if (node.incrementor !== undefined) result.update = expression(source, node.incrementor);
  result.body = bodyOf(source, node.statement);
  return result;
}

function forInitializer(source: Source, node: tsTypes.ForInitializer): Statement {
  return isVariableDeclarationList(node) ? variables(source, node) : { s: 'expression', of: expression(source, node) };
}

function whileStatement(source: Source, node: tsTypes.WhileStatement): Statement {
  return { s: 'loop', test: expression(source, node.expression), body: bodyOf(source, node.statement), at: rangeOf(source, node) };
}

function doStatement(source: Source, node: tsTypes.DoStatement): Statement {
  const body = bodyOf(source, node.statement);
  return { s: 'loop', test: expression(source, node.expression), body, atLeastOnce: true, at: rangeOf(source, node) };
}

function eachStatement(source: Source, node: tsTypes.ForOfStatement | tsTypes.ForInStatement): Statement {
  const over = node.kind === ForOfStatement ? 'of' : 'in';
  const result: Variant<'each'> = { s: 'each', over, of: expression(source, node.expression), body: NONE, at: rangeOf(source, node) };
  if ('awaitModifier' in node && node.awaitModifier !== undefined) result.await = true;
  const { initializer } = node;
  const declared = isVariableDeclarationList(initializer) ? initializer.declarations[0] : undefined;
  if (declared !== undefined) result.pattern = pattern(source, declared.name);
  else if (!isVariableDeclarationList(initializer)) result.target = expression(source, initializer);
  result.body = bodyOf(source, node.statement);
  return result;
}
