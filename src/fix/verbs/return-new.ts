import type { ReturnNew } from '../../change.js';
import { ts, type tsTypes } from '../../facts/compiler.js';
import { untypedUse } from '../hidden-uses.js';
import { basesOf, isAccess, memberName } from '../members.js';
import { placeOf, sameNode } from '../nodes.js';
import { isRefusal, type Refusal, refuse, type TextEdit } from '../patch.js';
import { pathOnThis, remade } from '../remaking.js';
import { takeOver } from '../take-over.js';
import { isWrite } from '../uses.js';
import type { Workspace } from '../workspace.js';
import type { Verb } from './verb.js';

export const returnNew: Verb<ReturnNew> = ({ at }, workspace) => {
  const name = workspace.nodeAt(at);
  const method = name?.parent;
  if (!name || !method || !ts.isMethodDeclaration(method) || !ts.isClassLike(method.parent) || !method.body)
    return refuse('no method with a body stands there');
  const uses = workspace.references(name).filter((use) => use !== name);
  const obstacle = whyNot(method, uses, workspace);
  if (obstacle !== undefined) return refuse(obstacle);
  const body = bodyEdits(method.body, method, workspace);
  if (isRefusal(body)) return body;
  const edits = [...typeEdits(method, method.parent), ...body.edits];
  for (const use of uses) {
    const taken = takeOver(use, workspace);
    if ('refused' in taken) return taken;
    edits.push(...taken);
  }
  return { edits };
};

function whyNot(method: tsTypes.MethodDeclaration, uses: readonly tsTypes.Node[], workspace: Workspace): string | undefined {
  const { parent: owner, name } = method;
  if (method.asteriskToken || method.modifiers?.some(({ kind }) => kind === ts.SyntaxKind.AsyncKeyword))
    return `${memberName(method)} returns later`;
  const elsewhere = uses.find((use) => ts.isClassElement(use.parent) || ts.isTypeElement(use.parent));
  if (elsewhere) return `${name.getText()} is declared elsewhere too (${placeOf(elsewhere, workspace)})`;
  const heir = ts.isClassLike(owner) ? heirOf(owner, workspace) : undefined;
  if (heir) return `a ${heir.name?.text ?? 'class'} is one too, and would no longer be one afterwards (${placeOf(heir, workspace)})`;
  const given = method.type?.getText();
  const own = ts.isClassLike(owner) ? owner.name?.text : undefined;
  if (given !== undefined && given !== 'void' && given !== 'this' && given.replace(/<.*>$/s, '') !== own)
    return `it returns ${given} already (${placeOf(method.type ?? name, workspace)})`;
  const untyped = untypedUse(
    name,
    workspace,
    (use) => ts.isCallExpression(use.parent.parent) && use.parent.parent.expression === use.parent,
  );
  return untyped ? `a value of unknown type may mean it (${placeOf(untyped, workspace)})` : undefined;
}

function heirOf(owner: tsTypes.ClassLikeDeclaration, workspace: Workspace): tsTypes.ClassLikeDeclaration | undefined {
  const mentions = owner.name ? workspace.references(owner.name) : [];
  return mentions
    .filter((use) => ts.findAncestor(use, ts.isHeritageClause))
    .flatMap((use) => ts.findAncestor(use, ts.isClassLike) ?? [])
    .find((each) => basesOf(each, workspace.checker(each.getSourceFile().fileName)).some((base) => sameNode(base, owner)));
}

/** `void` and `this` become the name of the class; where nothing is written, nothing needs to be. */
function typeEdits({ type }: tsTypes.MethodDeclaration, owner: tsTypes.ClassLikeDeclaration): TextEdit[] {
  if (!type || !owner.name || !/^(?:void|this)$/.test(type.getText())) return [];
  const parameters = owner.typeParameters?.map((p) => p.name.text).join(', ');
  const text = `${owner.name.text}${parameters ? `<${parameters}>` : ''}`;
  return [{ file: type.getSourceFile().fileName, start: type.getStart(), end: type.end, text }];
}

// ── the body ──────────────────────────────────────────────────────────────────────────────────────────────────────

interface Assigned {
  readonly path: string;
  readonly value: string;
  readonly statement: tsTypes.Statement;
  /** A local for the new value, where what follows depends on it. */
  readonly declares?: string;
}

function bodyEdits(
  body: tsTypes.Block,
  method: tsTypes.MethodDeclaration,
  workspace: Workspace,
): { readonly edits: readonly TextEdit[] } | Refusal {
  const owner = method.parent as tsTypes.ClassLikeDeclaration;
  const file = body.getSourceFile().fileName;
  const text = body.getSourceFile().text;
  const edits: TextEdit[] = [];
  const taken = namesIn(method);
  let changes = 0;

  /** The changes have to be the last that a path does: nothing reads the old instance for the new one afterwards. */
  function close(statements: readonly tsTypes.Statement[]): Refusal | undefined {
    const first = statements.findIndex((each) => changesState(each, owner));
    if (first === -1) return undefined;
    const tail = statements.slice(first);
    const last = tail.at(-1);
    const ended = last !== undefined && ts.isReturnStatement(last) && first < statements.length - 1;
    const steps = ended ? tail.slice(0, -1) : tail;
    const [only, ...more] = steps;
    if (only && ts.isIfStatement(only) && !changesState(only.expression, owner)) {
      if (more.length > 0) return refuse(`it goes on after it has changed (${placeOf(more[0] ?? only, workspace)})`);
      return close(branch(only.thenStatement)) ?? (only.elseStatement && close(branch(only.elseStatement)));
    }
    return replaceWithReturn(steps, ended ? last : undefined);
  }

  function replaceWithReturn(steps: readonly tsTypes.Statement[], end: tsTypes.Statement | undefined): Refusal | undefined {
    const assigned: Assigned[] = [];
    const locals = new Map<string, string>();
    for (const [i, step] of steps.entries()) {
      const change = assignedBy(step, locals);
      if (!change) return refuse(`it changes in more than plain assignments (${placeOf(step, workspace)})`);
      if (!steps.slice(i + 1).some((later) => readsPath(later, change.path))) {
        assigned.push(change);
        continue;
      }
      const local = change.path.replace(/^.*[.#]|^_/, '');
      if (taken.has(local)) return refuse(`what follows depends on the new ${change.path} (${placeOf(step, workspace)})`);
      taken.add(local);
      locals.set(change.path, local);
      assigned.push({ ...change, value: local, declares: `const ${local} = ${change.value}` });
    }
    const made = remade(owner, new Map(assigned.map(({ path, value }) => [path, value])), workspace);
    if (typeof made !== 'string') return made;
    changes += assigned.length;
    const kept = end ?? steps.at(-1);
    for (const { statement, declares } of assigned) {
      if (declares !== undefined) edits.push(inPlace(statement, declares));
      else if (statement !== kept) edits.push(statementAway(statement, text, file));
    }
    if (kept) edits.push(inPlace(kept, `return ${made}`));
    return undefined;
  }

  const inPlace = (statement: tsTypes.Statement, written: string): TextEdit => ({
    file,
    start: statement.getStart(),
    end: statement.end,
    text: `${written}${statement.getText().endsWith(';') ? ';' : ''}`,
  });

  const refused = close(body.statements);
  if (refused) return refused;
  if (changes === 0) return refuse('it does not change anything itself');
  const returns = returnsIn(body);
  const other = returns.find(({ expression }) => expression && expression.kind !== ts.SyntaxKind.ThisKeyword);
  if (other) return refuse(`it returns something else (${placeOf(other, workspace)})`);
  const replaced = (node: tsTypes.Node): boolean => edits.some(({ start, end }) => start <= node.getStart() && node.end <= end);
  for (const each of returns) {
    if (each.expression || replaced(each)) continue;
    const end = each.getStart() + 'return'.length;
    edits.push({ file, start: end, end, text: ' this' });
  }
  const last = body.statements.at(-1);
  if (last && ts.isIfStatement(last) && fallsThrough(last)) {
    const indent = /[ \t]*$/.exec(text.slice(0, last.getStart()))?.[0] ?? '';
    const semicolon = /;/.test(body.getText()) || !/\n/.test(body.getText()) ? ';' : '';
    edits.push({ file, start: last.end, end: last.end, text: `\n${indent}return this${semicolon}` });
  }
  return { edits };
}

function branch(statement: tsTypes.Statement): readonly tsTypes.Statement[] {
  return ts.isBlock(statement) ? statement.statements : [statement];
}

/** Comments above and beside it stay: they say why the value changes. */
function statementAway(statement: tsTypes.Statement, text: string, file: string): TextEdit {
  const start = statement.getStart();
  const line = text.lastIndexOf('\n', start - 1) + 1;
  const [spaces = '', lineEnd = ''] = /^[ \t]*(\r?\n)?/.exec(text.slice(statement.end)) ?? [];
  const alone = lineEnd !== '' && text.slice(line, start).trim() === '';
  return { file, start: alone ? line : start, end: statement.end + spaces.length, text: '' };
}

function assignedBy(statement: tsTypes.Statement, locals: ReadonlyMap<string, string>): Assigned | undefined {
  if (!ts.isExpressionStatement(statement)) return undefined;
  const { expression: e } = statement;
  if (ts.isBinaryExpression(e)) {
    const path = pathOnThis(e.left);
    if (path === undefined || changesOwn(e.right)) return undefined;
    const operator = e.operatorToken.getText();
    if (operator === '=') return { path, value: textWith(e.right, locals), statement };
    if (!operator.endsWith('=') || /^[!=<>]/.test(operator)) return undefined;
    return { path, value: `${textWith(e.left, locals)} ${operator.slice(0, -1)} ${operand(e.right, operator, locals)}`, statement };
  }
  if (ts.isPrefixUnaryExpression(e) || ts.isPostfixUnaryExpression(e)) {
    const path = pathOnThis(e.operand as tsTypes.Expression);
    const sign = e.operator === ts.SyntaxKind.PlusPlusToken ? '+' : '-';
    return path === undefined ? undefined : { path, value: `${textWith(e.operand, locals)} ${sign} 1`, statement };
  }
  if (ts.isCallExpression(e) && ts.isPropertyAccessExpression(e.expression) && e.expression.name.text === 'push') {
    const path = pathOnThis(e.expression.expression);
    const added = e.arguments.map((each) => textWith(each, locals)).join(', ');
    return path === undefined ? undefined : { path, value: `[...${textWith(e.expression.expression, locals)}, ${added}]`, statement };
  }
  return undefined;
}

function operand(e: tsTypes.Expression, operator: string, locals: ReadonlyMap<string, string>): string {
  const isProduct = ts.isBinaryExpression(e) && /^[*/%]$/.test(e.operatorToken.getText());
  const simple =
    (isProduct && /^[+-]=$/.test(operator)) ||
    ts.isIdentifier(e) ||
    ts.isLiteralExpression(e) ||
    isAccess(e) ||
    ts.isCallExpression(e) ||
    ts.isNewExpression(e) ||
    ts.isParenthesizedExpression(e);
  return simple ? textWith(e, locals) : `(${textWith(e, locals)})`;
}

/** With what was assigned before read from its local. */
function textWith(e: tsTypes.Node, locals: ReadonlyMap<string, string>): string {
  const local = ts.isPropertyAccessExpression(e) ? locals.get(pathOnThis(e) ?? '') : undefined;
  if (local !== undefined) return local;
  const from = e.getStart();
  const parts: { readonly start: number; readonly end: number; readonly text: string }[] = [];
  ts.forEachChild(e, (child) => {
    const text = textWith(child, locals);
    if (text !== child.getText()) parts.push({ start: child.getStart() - from, end: child.end - from, text });
  });
  return parts.reduceRight((done, part) => done.slice(0, part.start) + part.text + done.slice(part.end), e.getText());
}

function namesIn(method: tsTypes.MethodDeclaration): Set<string> {
  const names = new Set<string>();
  const visit = (node: tsTypes.Node): void => {
    if (ts.isIdentifier(node) && !(ts.isPropertyAccessExpression(node.parent) && node.parent.name === node)) names.add(node.text);
    ts.forEachChild(node, visit);
  };
  visit(method);
  return names;
}

// ── what changes state ────────────────────────────────────────────────────────────────────────────────────────────

const IN_PLACE = /^(?:push|pop|shift|unshift|splice|sort|reverse|fill|copyWithin|set|add|delete|clear)$/;

/** Assigns to `this`, fills a collection of it, or calls a method of the class that does. */
function changesState(node: tsTypes.Node, owner: tsTypes.ClassLikeDeclaration): boolean {
  if (changesOwn(node)) return true;
  return some(node, (each) => {
    if (!ts.isCallExpression(each) || !ts.isPropertyAccessExpression(each.expression)) return false;
    const { expression, name } = each.expression;
    if (expression.kind !== ts.SyntaxKind.ThisKeyword) return false;
    return owner.members.some(
      (m) => ts.isMethodDeclaration(m) && m.name.getText() === name.text && m.body !== undefined && changesOwn(m.body),
    );
  });
}

function changesOwn(node: tsTypes.Node): boolean {
  return some(node, (each) => {
    if (ts.isPropertyAccessExpression(each) && isWrite(each.name)) return rootedInThis(each);
    if (ts.isElementAccessExpression(each) && isWrite(each.argumentExpression)) return rootedInThis(each);
    if (!ts.isCallExpression(each) || !ts.isPropertyAccessExpression(each.expression)) return false;
    const { expression, name } = each.expression;
    if (expression.getText() === 'Object' && name.text === 'assign')
      return each.arguments[0] !== undefined && rootedInThis(each.arguments[0]);
    return IN_PLACE.test(name.text) && expression.kind !== ts.SyntaxKind.ThisKeyword && rootedInThis(expression);
  });
}

function rootedInThis(e: tsTypes.Expression): boolean {
  if (e.kind === ts.SyntaxKind.ThisKeyword) return true;
  if (isAccess(e) || ts.isNonNullExpression(e) || ts.isParenthesizedExpression(e)) return rootedInThis(e.expression);
  return false;
}

function readsPath(node: tsTypes.Node, path: string): boolean {
  return some(node, (each) => ts.isPropertyAccessExpression(each) && pathOnThis(each) === path);
}

function some(node: tsTypes.Node, test: (node: tsTypes.Node) => boolean): boolean {
  return test(node) || (ts.forEachChild(node, (child) => some(child, test)) ?? false);
}

function returnsIn(body: tsTypes.Block): tsTypes.ReturnStatement[] {
  const found: tsTypes.ReturnStatement[] = [];
  const visit = (node: tsTypes.Node): void => {
    if (ts.isReturnStatement(node)) found.push(node);
    if (!ts.isFunctionLike(node)) ts.forEachChild(node, visit);
  };
  visit(body);
  return found;
}

/** After the edits: a branch that changed returns. */
function fallsThrough({ thenStatement, elseStatement }: tsTypes.IfStatement): boolean {
  const ends = (statement: tsTypes.Statement): boolean => {
    const last = branch(statement).at(-1);
    if (!last) return false;
    if (ts.isIfStatement(last)) return !fallsThrough(last);
    return ts.isReturnStatement(last) || ts.isThrowStatement(last) || changesOwn(last);
  };
  return !elseStatement || !ends(thenStatement) || !ends(elseStatement);
}
