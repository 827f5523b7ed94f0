import { ts, type tsTypes } from '../../facts/compiler.js';
import { isWrite } from '../uses.js';
import type { Workspace } from '../workspace.js';
import { obstacle, placeOf } from './obstacle.js';
import { bare, classOf, constructorOf, declarationOf, eachNode, isInside, startWithComments, symbolAt } from './syntax.js';

/** What leaves a method: what is done to the second aggregate, and what that code depends on. */
export interface Moving {
  readonly method: tsTypes.MethodDeclaration;
  readonly owner: tsTypes.ClassDeclaration;
  /** The variable that holds the first aggregate. */
  readonly kept: Variable;
  /** The statement that saves the first aggregate. */
  readonly keeping: tsTypes.Statement;
  /** The list of statements that both writes stand in. */
  readonly block: tsTypes.Block;
  /** In the order in which they stand. */
  readonly statements: readonly tsTypes.Statement[];
  readonly needs: readonly Need[];
  /** Constructor parameters that the code uses. */
  readonly dependencies: readonly tsTypes.ParameterDeclaration[];
  /** Names of the module, imported or exported. */
  readonly names: readonly tsTypes.Identifier[];
  /** The method of the second aggregate that is called, else the one that makes it. */
  readonly deed: string | undefined;
}

export type Variable = tsTypes.VariableDeclaration | tsTypes.BindingElement;

/** A value that the code takes from what stays. */
export interface Need {
  /** `command.sku`, `order.id`, `order.total()`; every place that names it. */
  readonly uses: readonly tsTypes.Expression[];
  readonly text: string;
  /** It is read from the first aggregate. */
  readonly ofKept: boolean;
}

export interface Writes {
  readonly method: tsTypes.MethodDeclaration;
  readonly first: tsTypes.CallExpression;
  readonly second: tsTypes.CallExpression;
  readonly firstClass: tsTypes.Node;
  readonly secondClass: tsTypes.Node;
  readonly firstName: string;
  readonly secondName: string;
}

export function moving(writes: Writes, workspace: Workspace): Moving {
  const { method, first, second } = writes;
  const owner = classOf(method) ?? obstacle('the handler is no method of a class');
  const checker = workspace.checker(method.getSourceFile().fileName);
  const block = commonBlock(writes, workspace);
  const keeping = statementIn(block, first);
  const saving = statementIn(block, second);
  if (keeping === saving)
    obstacle(
      `the two aggregates are saved in one ${ts.isExpressionStatement(keeping) ? 'call' : 'statement'} (${placeOf(keeping, workspace)})`,
    );
  const kept = keptVariable(writes, checker, workspace);
  const statements = grown(saving, { ...writes, block, keeping, kept, checker, workspace });
  const needs = needsOf(statements, { method, kept, checker, workspace });
  return {
    method,
    owner,
    kept,
    keeping,
    block,
    statements,
    needs,
    dependencies: dependenciesOf(statements, owner, checker, workspace),
    names: moduleNames(statements, method, checker, workspace),
    deed: deedIn(statements, writes, checker),
  };
}

/** Text of the code that moves, comments and blank lines included; `given` says what stands for a value from outside. */
export function movedText({ statements }: Moving, given: (use: tsTypes.Expression) => string | undefined): string {
  return statements
    .map((statement, i) => {
      const previous = statements[i - 1];
      const start = startWithComments(statement);
      const between = previous ? statement.getSourceFile().text.slice(previous.end, start) : '';
      return `${/\n[ \t]*\r?\n[ \t]*$/.test(between) ? '\n' : ''}${replacedText(statement, start, given)}`;
    })
    .join('\n');
}

function replacedText(node: tsTypes.Node, start: number, given: (use: tsTypes.Expression) => string | undefined): string {
  const { text } = node.getSourceFile();
  const found: { readonly start: number; readonly end: number; readonly text: string }[] = [];
  const visit = (each: tsTypes.Node): void => {
    const by = ts.isExpression(each) ? given(each) : undefined;
    if (by === undefined) ts.forEachChild(each, visit);
    else if (ts.isShorthandPropertyAssignment(each.parent) && each.parent.name === each)
      found.push({ start: each.getStart(), end: each.end, text: `${each.getText()}: ${by}` });
    else found.push({ start: each.getStart(), end: each.end, text: by });
  };
  visit(node);
  let done = '';
  let at = start;
  for (const each of found) {
    done += text.slice(at, each.start) + each.text;
    at = each.end;
  }
  return done + text.slice(at, endWithComment(node));
}

/** With the comment behind it on its line. */
function endWithComment(node: tsTypes.Node): number {
  return ts.getTrailingCommentRanges(node.getSourceFile().text, node.end)?.at(-1)?.end ?? node.end;
}

// ── where ─────────────────────────────────────────────────────────────────────────────────────────────────────────

function commonBlock({ method, first, second }: Writes, workspace: Workspace): tsTypes.Block {
  const block = ts.findAncestor(first, (n): n is tsTypes.Block => ts.isBlock(n) && isInside(second, n));
  if (!block || !isInside(block, method)) return obstacle('the two writes share no block of statements');
  const caught = ts.findAncestor(block, (n) => ts.isTryStatement(n) || n === method);
  if (caught && ts.isTryStatement(caught))
    return obstacle(`the try at ${placeOf(caught, workspace)} spans both writes: what it catches would no longer be caught`);
  return block;
}

export function statementIn(block: tsTypes.Block, node: tsTypes.Node): tsTypes.Statement {
  return block.statements.find((s) => isInside(node, s)) ?? obstacle('a write stands outside the block');
}

/** `order` of `orders.save(order)`. */
function keptVariable({ first, firstClass, firstName }: Writes, checker: tsTypes.TypeChecker, workspace: Workspace): Variable {
  for (const argument of first.arguments) {
    const given = bare(argument);
    const declared = ts.isIdentifier(given) ? symbolAt(given, checker)?.valueDeclaration : undefined;
    if (
      declared &&
      (ts.isVariableDeclaration(declared) || ts.isBindingElement(declared)) &&
      means(checker.getTypeAtLocation(given), firstClass)
    )
      return declared;
  }
  return obstacle(`what ${first.expression.getText()}() keeps at ${placeOf(first, workspace)} is no variable that holds the ${firstName}`);
}

/** Whether a type is that class, or a union, promise, list or the like of it. */
export function means(type: tsTypes.Type, declaration: tsTypes.Node, depth = 3): boolean {
  const isIt = (symbol: tsTypes.Symbol | undefined): boolean => symbol?.declarations?.includes(declaration as tsTypes.Declaration) === true;
  if (isIt(type.symbol) || isIt(type.aliasSymbol)) return true;
  if (depth === 0) return false;
  const inner = [
    ...(type.isUnionOrIntersection() ? type.types : []),
    ...('typeArguments' in type ? ((type as tsTypes.TypeReference).typeArguments ?? []) : []),
    ...(type.isClass() ? (type.getBaseTypes() ?? []) : []),
    ...(type.aliasTypeArguments ?? []),
  ];
  return inner.some((each) => means(each, declaration, depth - 1));
}

// ── what moves along ──────────────────────────────────────────────────────────────────────────────────────────────

interface Growing extends Writes {
  readonly block: tsTypes.Block;
  readonly keeping: tsTypes.Statement;
  readonly kept: Variable;
  readonly checker: tsTypes.TypeChecker;
  readonly workspace: Workspace;
}

/** From the write of the second aggregate to everything that makes, loads, changes or asks it, and what serves that alone. */
function grown(saving: tsTypes.Statement, growing: Growing): readonly tsTypes.Statement[] {
  const { method, block, kept, secondClass, checker } = growing;
  const moved = new Set<tsTypes.Statement>([saving]);
  const uses = usesByLocal(method, checker);
  for (let size = 0; size !== moved.size; ) {
    size = moved.size;
    for (const [declared, names] of uses) {
      if (declared === kept) continue;
      const used = names.filter((n) => [...moved].some((s) => isInside(n, s)));
      if (used.length === 0) continue;
      const isSecond = names.some((n) => means(checker.getTypeAtLocation(n), secondClass));
      if (isSecond) for (const name of names) moved.add(movable(name, growing));
      else if (used.length === names.filter((n) => !isInside(n, declared)).length) {
        const statement = block.statements.find((s) => isInside(declared, s));
        if (statement && isPlainDeclaration(statement)) moved.add(statement);
      }
    }
  }
  const statements = block.statements.filter((s) => moved.has(s));
  for (const [declared, names] of uses) checkResult(declared, names, statements, growing);
  for (const statement of statements) checkFlow(statement, growing);
  return statements;
}

/** Local names and everywhere they stand, their declarations left out. */
function usesByLocal(method: tsTypes.MethodDeclaration, checker: tsTypes.TypeChecker): Map<tsTypes.Declaration, tsTypes.Identifier[]> {
  const uses = new Map<tsTypes.Declaration, tsTypes.Identifier[]>();
  eachNode(method, (node) => {
    if (!ts.isIdentifier(node)) return;
    const declared = symbolAt(node, checker)?.valueDeclaration;
    if (!declared || !isInside(declared, method) || !(ts.isVariableDeclaration(declared) || ts.isBindingElement(declared))) return;
    if (declared.name !== node) uses.set(declared, [...(uses.get(declared) ?? []), node]);
    else if (!uses.has(declared)) uses.set(declared, []);
  });
  for (const [declared, names] of uses)
    if ((ts.isVariableDeclaration(declared) || ts.isBindingElement(declared)) && ts.isIdentifier(declared.name))
      uses.set(declared, [declared.name, ...names]);
  return uses;
}

function isPlainDeclaration(statement: tsTypes.Statement): boolean {
  return ts.isVariableStatement(statement) && statement.declarationList.declarations.length === 1;
}

function movable(name: tsTypes.Identifier, { block, keeping, kept, checker, workspace, firstName }: Growing): tsTypes.Statement {
  const statement = block.statements.find((s) => isInside(name, s));
  if (!statement) return obstacle(`${name.text} is used at ${placeOf(name, workspace)}, outside the block that saves it`);
  const mixed = `${name.text} and ${kept.name.getText()}`;
  if (statement === keeping) return obstacle(`${mixed} meet in one statement at ${placeOf(statement, workspace)}`);
  if (isInside(kept, statement)) return obstacle(`${mixed} are made in one statement at ${placeOf(statement, workspace)}`);
  const change = changeOf(kept, statement, checker);
  if (change)
    return obstacle(
      `${change.expression.getText()}() at ${placeOf(change, workspace)} needs ${name.text}: the ${firstName} cannot change without it`,
    );
  return statement;
}

/** A call of the first aggregate that is made for what it does. */
function changeOf(kept: Variable, statement: tsTypes.Statement, checker: tsTypes.TypeChecker): tsTypes.CallExpression | undefined {
  let found: tsTypes.CallExpression | undefined;
  eachNode(statement, (node) => {
    if (!ts.isCallExpression(node) || !ts.isPropertyAccessExpression(node.expression)) return;
    const of = bare(node.expression.expression);
    if (!ts.isIdentifier(of) || symbolAt(of, checker)?.valueDeclaration !== kept) return;
    if (node.arguments.length > 0 || ts.isExpressionStatement(node.parent)) found = node;
  });
  return found;
}

/** What moves must not leave a hole. */
function checkResult(
  declared: tsTypes.Declaration,
  names: readonly tsTypes.Identifier[],
  statements: readonly tsTypes.Statement[],
  { workspace }: Growing,
): void {
  const within = (node: tsTypes.Node): boolean => statements.some((s) => isInside(node, s));
  if (!within(declared)) return;
  const outside = names.find((n) => !within(n));
  if (!outside) return;
  const variable = ts.findAncestor(declared, ts.isVariableDeclaration);
  const made = variable?.initializer && bare(variable.initializer);
  const what =
    made && ts.isCallExpression(made) && ts.isPropertyAccessExpression(made.expression)
      ? `the result of ${made.expression.name.text}()`
      : outside.text;
  obstacle(`${what} is used at ${placeOf(outside, workspace)}`);
}

/** A refusal that comes before the first aggregate is kept decides about it too. */
function checkFlow(statement: tsTypes.Statement, { keeping, second, secondName, firstName, block, method, workspace }: Growing): void {
  const early = statement.pos < keeping.pos || block !== method.body;
  eachNode(statement, (node) => {
    if (ts.isReturnStatement(node) && ts.findAncestor(node, ts.isFunctionLike) === ts.findAncestor(statement, ts.isFunctionLike))
      obstacle(
        node.expression && isInside(second, node)
          ? `the result of ${second.expression.getText()}() is returned at ${placeOf(node, workspace)}`
          : `what is returned at ${placeOf(node, workspace)} depends on the ${secondName}`,
      );
    if (ts.isThrowStatement(node) && early)
      obstacle(`${placeOf(node, workspace)} refuses on account of the ${secondName} before the ${firstName} is kept`);
    if (
      (ts.isBreakStatement(node) || ts.isContinueStatement(node)) &&
      !ts.findAncestor(node, (n) => n === statement || ts.isIterationStatement(n, false))
    )
      obstacle(`${placeOf(node, workspace)} leaves the loop`);
  });
}

// ── what it needs ─────────────────────────────────────────────────────────────────────────────────────────────────

interface Scope {
  readonly method: tsTypes.MethodDeclaration;
  readonly kept: Variable;
  readonly checker: tsTypes.TypeChecker;
  readonly workspace: Workspace;
}

function needsOf(statements: readonly tsTypes.Statement[], { method, kept, checker, workspace }: Scope): readonly Need[] {
  const found = new Map<string, { uses: tsTypes.Expression[]; ofKept: boolean }>();
  for (const statement of statements) {
    eachNode(statement, (node) => {
      if (!ts.isIdentifier(node) || isMemberName(node)) return;
      const declared = symbolAt(node, checker)?.valueDeclaration;
      if (!declared || !isInside(declared, method) || statements.some((s) => isInside(declared, s))) return;
      if (isWrite(node)) obstacle(`${node.text} is given another value at ${placeOf(node, workspace)}`);
      const ofKept = declared === kept;
      const whole = wholeOf(node, ofKept);
      if (ofKept && whole === node) obstacle(`the moved code needs ${node.text} itself (${placeOf(node, workspace)})`);
      const text = whole.getText();
      const known = found.get(text) ?? { uses: [], ofKept };
      known.uses.push(whole);
      found.set(text, known);
    });
  }
  return [...found].map(([text, { uses, ofKept }]) => ({ text, uses, ofKept }));
}

/** The longest path of properties from here: `command.delivery.street`; of the first aggregate its own property or answer, `order.id`, `order.total()`. */
function wholeOf(node: tsTypes.Expression, ofKept: boolean): tsTypes.Expression {
  const { parent } = node;
  if (ts.isNonNullExpression(parent) && parent.expression === node) return wholeOf(parent, ofKept);
  if (!ts.isPropertyAccessExpression(parent) || parent.expression !== node || parent.questionDotToken) return node;
  const isCalled = ts.isCallExpression(parent.parent) && parent.parent.expression === parent;
  if (ofKept)
    return isCalled && ts.isCallExpression(parent.parent) && parent.parent.arguments.length === 0
      ? parent.parent
      : isCalled
        ? node
        : parent;
  return isCalled ? node : wholeOf(parent, false);
}

function isMemberName(node: tsTypes.Identifier): boolean {
  const { parent } = node;
  return (
    (ts.isPropertyAccessExpression(parent) && parent.name === node) ||
    ((ts.isPropertyAssignment(parent) || ts.isMethodDeclaration(parent) || ts.isBindingElement(parent)) &&
      ('propertyName' in parent && parent.propertyName
        ? parent.propertyName === node
        : ts.isPropertyAssignment(parent) && parent.name === node))
  );
}

function dependenciesOf(
  statements: readonly tsTypes.Statement[],
  owner: tsTypes.ClassDeclaration,
  checker: tsTypes.TypeChecker,
  workspace: Workspace,
): readonly tsTypes.ParameterDeclaration[] {
  const used = new Set<tsTypes.ParameterDeclaration>();
  for (const statement of statements) {
    eachNode(statement, (node) => {
      if (node.kind !== ts.SyntaxKind.ThisKeyword) return;
      const access = node.parent;
      if (!ts.isPropertyAccessExpression(access)) return obstacle(`the moved code hands itself on at ${placeOf(node, workspace)}`);
      const declared = declarationOf(access.name, checker);
      if (!declared || !ts.isParameter(declared) || declared.parent !== constructorOf(owner)) {
        const call = ts.isCallExpression(access.parent) && access.parent.expression === access ? '()' : '';
        return obstacle(
          `the moved code uses this.${access.name.text}${call} at ${placeOf(node, workspace)}, which is no parameter of the constructor`,
        );
      }
      used.add(declared);
    });
  }
  return (constructorOf(owner)?.parameters ?? ([] as tsTypes.ParameterDeclaration[])).filter((p) => used.has(p));
}

function moduleNames(
  statements: readonly tsTypes.Statement[],
  method: tsTypes.MethodDeclaration,
  checker: tsTypes.TypeChecker,
  workspace: Workspace,
): readonly tsTypes.Identifier[] {
  const found = new Map<string, tsTypes.Identifier>();
  const source = method.getSourceFile();
  for (const statement of statements) {
    eachNode(statement, (node) => {
      if (!ts.isIdentifier(node) || isMemberName(node) || found.has(node.text)) return;
      const local = checker.getSymbolAtLocation(node)?.declarations?.[0];
      if (!local || local.getSourceFile() !== source || isInside(local, method)) return;
      if (!ts.findAncestor(local, ts.isImportDeclaration)) {
        const top = ts.findAncestor(local, (n) => n.parent === source) as tsTypes.Statement | undefined;
        if (top && !isExported(top))
          obstacle(
            `the moved code uses ${node.text} at ${placeOf(node, workspace)}, which ${workspace.relative(source.fileName)} does not export`,
          );
      }
      found.set(node.text, node);
    });
  }
  return [...found.values()];
}

function isExported(statement: tsTypes.Statement): boolean {
  return ts.canHaveModifiers(statement) && ts.getModifiers(statement)?.some((m) => m.kind === ts.SyntaxKind.ExportKeyword) === true;
}

/** `reserve` of `inventory.reserve(quantity)`; `create` of `Wallet.create(…)`; `remove` of `carts.remove(cart)`. */
function deedIn(
  statements: readonly tsTypes.Statement[],
  { second, secondClass }: Writes,
  checker: tsTypes.TypeChecker,
): string | undefined {
  let changed: string | undefined;
  let made: string | undefined;
  for (const statement of statements) {
    eachNode(statement, (node) => {
      if (ts.isNewExpression(node) && means(checker.getTypeAtLocation(node), secondClass)) made ??= 'create';
      if (!ts.isCallExpression(node) || node === second || !ts.isPropertyAccessExpression(node.expression)) return;
      const { expression: of, name } = node.expression;
      if (declarationOf(of, checker) === secondClass) made ??= name.text;
      else if (means(checker.getTypeAtLocation(of), secondClass, 1)) changed ??= name.text;
    });
  }
  const kept = ts.isPropertyAccessExpression(second.expression) ? second.expression.name.text : undefined;
  return changed ?? made ?? (kept !== undefined && /^(?:remove|delete|archive|close)/.test(kept) ? kept : undefined);
}
