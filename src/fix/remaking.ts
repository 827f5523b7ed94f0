import { ts, type tsTypes } from '../facts/compiler.js';
import { basesOf } from './members.js';
import { placeOf } from './nodes.js';
import { type Refusal, refuse } from './patch.js';
import { isWrite } from './uses.js';
import type { Workspace } from './workspace.js';

/** The path of state from `this` → the text of its new value. */
export type Changed = ReadonlyMap<string, string>;

/** Makes an instance anew, as the class itself does, with some of its state changed: `new Money(this.amount + by, this.currency)`. */
export function remade(owner: tsTypes.ClassLikeDeclaration, changed: Changed, workspace: Workspace): string | Refusal {
  const checker = workspace.checker(owner.getSourceFile().fileName);
  const name = owner.name?.text;
  if (name === undefined) return refuse('the class has no name');
  if (ts.getCombinedModifierFlags(owner) & ts.ModifierFlags.Abstract) return refuse(`${name} is abstract`);
  const its = constructorOf(owner, checker);
  const takes = its ? takenBy(its, checker) : [];
  const kept = (path: string): boolean => takes.some((each) => path === each.path || path.startsWith(`${each.path}.`));
  const untaken = [...changed.keys()].find((path) => !kept(path));
  if (!its || untaken !== undefined)
    return refuse(`the constructor does not take ${untaken ?? 'anything'} as it is (${placeOf(its ?? owner, workspace)})`);
  const lost = stateThatLives(owner, checker, workspace).find((each) => !kept(each.name));
  if (lost) return refuse(`a new ${name} would lose its ${lost.name} (${placeOf(lost.at, workspace)})`);
  const values: string[] = [];
  for (const [i, parameter] of its.parameters.entries()) {
    const value = valueFor(parameter, i, takes, changed, checker);
    if (value === undefined)
      return refuse(
        `the constructor takes ${parameter.name.getText()}, which the instance does not keep as it is (${placeOf(parameter, workspace)})`,
      );
    values.push(value);
  }
  return `${factoryOf(owner, name, its, checker) ?? `new ${name}`}(${values.join(', ')})`;
}

// ── what the constructor takes ────────────────────────────────────────────────────────────────────────────────────

/** A parameter, or a property of one, that becomes a piece of state unchanged. */
interface Taken {
  readonly parameter: number;
  readonly property?: string;
  readonly path: string;
}

type Source = Omit<Taken, 'path'>;

function constructorOf(owner: tsTypes.ClassLikeDeclaration, checker: tsTypes.TypeChecker): tsTypes.ConstructorDeclaration | undefined {
  for (const each of [owner, ...basesOf(owner, checker)]) {
    const own = each.members.filter(ts.isConstructorDeclaration);
    const found = own.find((c) => c.body) ?? own[0];
    if (found) return found;
  }
  return undefined;
}

function takenBy(its: tsTypes.ConstructorDeclaration, checker: tsTypes.TypeChecker): readonly Taken[] {
  const { parameters, body, parent } = its;
  const properties = parameters.flatMap((p, parameter): Taken[] =>
    ts.isParameterPropertyDeclaration(p, its) || (!body && declares(parent, p)) ? [{ parameter, path: p.name.getText() }] : [],
  );
  const source = sourceIn(parameters);
  const taken = [...properties];
  for (const statement of body?.statements ?? []) {
    if (!ts.isExpressionStatement(statement)) continue;
    const { expression } = statement;
    if (ts.isCallExpression(expression) && expression.expression.kind === ts.SyntaxKind.SuperKeyword)
      taken.push(...throughBase(expression, its, source, checker));
    if (!ts.isBinaryExpression(expression) || expression.operatorToken.kind !== ts.SyntaxKind.EqualsToken) continue;
    const path = pathOnThis(expression.left);
    const from = source(expression.right);
    // What is assigned twice is not what was given.
    const before = taken.findIndex((each) => each.path === path);
    if (before !== -1) taken.splice(before, 1);
    if (from && path !== undefined) taken.push({ ...from, path });
  }
  return taken;
}

function throughBase(
  call: tsTypes.CallExpression,
  its: tsTypes.ConstructorDeclaration,
  source: (e: tsTypes.Expression) => Source | undefined,
  checker: tsTypes.TypeChecker,
): Taken[] {
  const [base] = basesOf(its.parent, checker);
  const outer = base && constructorOf(base, checker);
  return (outer ? takenBy(outer, checker) : []).flatMap((inBase): Taken[] => {
    const given = call.arguments[inBase.parameter];
    if (!given) return [];
    const from = source(given);
    if (from && (inBase.property === undefined || from.property === undefined))
      return [{ ...from, ...(inBase.property === undefined ? {} : { property: inBase.property }), path: inBase.path }];
    return entriesOf(given).flatMap(({ name, value }): Taken[] => {
      const of = source(value);
      if (!of || (inBase.property !== undefined && inBase.property !== name)) return [];
      return [{ ...of, path: inBase.property === undefined ? `${inBase.path}.${name}` : inBase.path }];
    });
  });
}

function entriesOf(e: tsTypes.Expression): { readonly name: string; readonly value: tsTypes.Expression }[] {
  if (!ts.isObjectLiteralExpression(e)) return [];
  return e.properties.flatMap((p) => {
    if (ts.isShorthandPropertyAssignment(p)) return [{ name: p.name.text, value: p.name }];
    return ts.isPropertyAssignment(p) ? [{ name: p.name.getText(), value: p.initializer }] : [];
  });
}

/** Which parameter an expression passes on unchanged, a copy or a frozen one included. */
function sourceIn(parameters: readonly tsTypes.ParameterDeclaration[]): (e: tsTypes.Expression) => Source | undefined {
  const names = new Map<string, Source>();
  for (const [parameter, { name }] of parameters.entries()) {
    if (ts.isIdentifier(name)) names.set(name.text, { parameter });
    else if (ts.isObjectBindingPattern(name))
      for (const each of name.elements)
        if (ts.isIdentifier(each.name) && !each.dotDotDotToken && !each.initializer)
          names.set(each.name.text, { parameter, property: (each.propertyName ?? each.name).getText() });
  }
  const source = (e: tsTypes.Expression): Source | undefined => {
    if (ts.isIdentifier(e)) return names.get(e.text);
    if (ts.isAsExpression(e) || ts.isParenthesizedExpression(e)) return source(e.expression);
    if (ts.isPropertyAccessExpression(e) && ts.isIdentifier(e.expression)) {
      const of = names.get(e.expression.text);
      return of && of.property === undefined ? { ...of, property: e.name.text } : undefined;
    }
    if (ts.isCallExpression(e) && e.expression.getText() === 'Object.freeze' && e.arguments[0]) return source(e.arguments[0]);
    const copied = ts.isObjectLiteralExpression(e) ? e.properties : ts.isArrayLiteralExpression(e) ? e.elements : [];
    const [only, ...more] = copied;
    return only && more.length === 0 && (ts.isSpreadAssignment(only) || ts.isSpreadElement(only)) ? source(only.expression) : undefined;
  };
  return source;
}

/** A library's class has no body to read: what its constructor names like a property is that property. */
function declares(owner: tsTypes.ClassLikeDeclaration, { name }: tsTypes.ParameterDeclaration): boolean {
  return owner.members.some((each) => ts.isPropertyDeclaration(each) && each.name.getText() === name.getText());
}

/** `props.amount` for `this.props.amount`. */
export function pathOnThis(e: tsTypes.Expression): string | undefined {
  if (ts.isParenthesizedExpression(e) || ts.isNonNullExpression(e)) return pathOnThis(e.expression);
  if (!ts.isPropertyAccessExpression(e) || e.questionDotToken) return undefined;
  if (e.expression.kind === ts.SyntaxKind.ThisKeyword) return e.name.text;
  const of = pathOnThis(e.expression);
  return of === undefined ? undefined : `${of}.${e.name.text}`;
}

// ── what it is given ──────────────────────────────────────────────────────────────────────────────────────────────

function valueFor(
  declaration: tsTypes.ParameterDeclaration,
  parameter: number,
  takes: readonly Taken[],
  changed: Changed,
  checker: tsTypes.TypeChecker,
): string | undefined {
  const own = takes.filter((each) => each.parameter === parameter);
  const whole = own.find(({ property }) => property === undefined);
  if (whole) return `${declaration.dotDotDotToken ? '...' : ''}${stateText(whole.path, changed)}`;
  const wanted = checker.getTypeAtLocation(declaration).getProperties();
  if (own.length === 0 || !wanted.every(({ name }) => own.some(({ property }) => property === name))) return undefined;
  return `{ ${own.map(({ property = '', path }) => entryText(property, stateText(path, changed))).join(', ')} }`;
}

function entryText(name: string, value: string): string {
  return value === name ? name : `${name}: ${value}`;
}

/** `{ ...this.props, amount }` where an entry changes. */
function stateText(path: string, changed: Changed): string {
  const exact = changed.get(path);
  if (exact !== undefined) return exact;
  const entries = [...changed].filter(([each]) => each.startsWith(`${path}.`));
  if (entries.length === 0) return `this.${path}`;
  const heads = new Set(entries.map(([each]) => each.slice(path.length + 1).split('.')[0] ?? ''));
  const written = [...heads].map((head) => entryText(head, stateText(`${path}.${head}`, changed)));
  return `{ ...this.${path}, ${written.join(', ')} }`;
}

/** State that something else than the constructor assigns; a cache fills itself again. */
function stateThatLives(
  owner: tsTypes.ClassLikeDeclaration,
  checker: tsTypes.TypeChecker,
  workspace: Workspace,
): { readonly name: string; readonly at: tsTypes.Node }[] {
  const fields = [owner, ...basesOf(owner, checker)]
    .flatMap(({ members }) => members.filter(ts.isPropertyDeclaration))
    .filter((field) => !(ts.getCombinedModifierFlags(field) & (ts.ModifierFlags.Static | ts.ModifierFlags.Readonly)));
  return fields
    .filter((field) => !field.getSourceFile().isDeclarationFile)
    .filter((field) =>
      workspace
        .references(field.name)
        .some((use) => isWrite(use) && !ts.findAncestor(use, ts.isConstructorDeclaration) && !fillsCache(use)),
    )
    .map((field) => ({ name: field.name.getText(), at: field.name }));
}

function fillsCache(use: tsTypes.Node): boolean {
  const assignment = use.parent.parent;
  return ts.isBinaryExpression(assignment) && assignment.operatorToken.kind === ts.SyntaxKind.QuestionQuestionEqualsToken;
}

// ── by whom ───────────────────────────────────────────────────────────────────────────────────────────────────────

/** Where the other methods of the class go through a static factory that takes what the constructor takes, so does this. */
function factoryOf(
  owner: tsTypes.ClassLikeDeclaration,
  name: string,
  { parameters }: tsTypes.ConstructorDeclaration,
  checker: tsTypes.TypeChecker,
): string | undefined {
  const called = new Set<string>();
  let constructs = false;
  const visit = (node: tsTypes.Node): void => {
    constructs ||= ts.isNewExpression(node) && node.expression.getText() === name;
    const callee = ts.isCallExpression(node) ? node.expression : undefined;
    if (callee && ts.isPropertyAccessExpression(callee) && callee.expression.getText() === name) called.add(callee.name.text);
    ts.forEachChild(node, visit);
  };
  const isStatic = (member: tsTypes.ClassElement): boolean =>
    (ts.canHaveModifiers(member) && member.modifiers?.some(({ kind }) => kind === ts.SyntaxKind.StaticKeyword)) ?? false;
  for (const member of owner.members) if (ts.isMethodDeclaration(member) && !isStatic(member)) visit(member);
  if (constructs) return undefined;
  const factory = owner.members.find((member) => {
    if (!ts.isMethodDeclaration(member) || !isStatic(member) || !called.has(member.name.getText())) return false;
    const signature = checker.getSignatureFromDeclaration(member);
    const given = member.parameters.map((p) => p.name.getText()).join();
    return (
      signature?.getReturnType().symbol === checker.getTypeAtLocation(owner).symbol &&
      given === parameters.map((p) => p.name.getText()).join()
    );
  });
  return factory?.name && `${name}.${factory.name.getText()}`;
}
