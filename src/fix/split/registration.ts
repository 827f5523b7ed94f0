import { ts, type tsTypes } from '../../facts/compiler.js';
import type { ImportNeed, TextEdit } from '../patch.js';
import type { Workspace } from '../workspace.js';
import type { ListenerExample } from './listener-class.js';
import type { Moving } from './moving.js';
import { camel, reworded, wordsOf } from './naming.js';
import { obstacle, placeOf } from './obstacle.js';
import { nameOf } from './raising.js';
import { bare, eachNode, edit, indentOf, isInside, symbolAt } from './syntax.js';

export interface Registered {
  readonly edits: readonly TextEdit[];
  readonly imports: readonly ImportNeed[];
}

export interface Registering {
  readonly example: ListenerExample;
  /** Other handlers of events that the project has. */
  readonly others: readonly ListenerExample[];
  readonly moving: Moving;
  readonly name: string;
  readonly file: string;
  readonly event: { readonly name: string; readonly file: string };
  readonly rewording: readonly (readonly [from: readonly string[], to: readonly string[]])[];
}

/** Makes the new handler known where the example is: in the list that a container is given, or in the statement that subscribes it. */
export function registration(registering: Registering, workspace: Workspace): Registered {
  const { example, moving, others } = registering;
  const own = usesOf(moving.owner, workspace);
  const listeners = [example, ...others].map((each) => ({ each, uses: usesOf(each.class_, workspace) }));
  const listed = listeners.some(({ uses }) => uses.some(isListed));
  const lists = own.filter(isListed);
  if (listed && lists.length > 0)
    return inLists(
      lists,
      listeners.map(({ each }) => each.class_),
      registering,
      workspace,
    );
  const made = listeners.flatMap(({ each, uses }) =>
    uses.filter(isMade).map((use) => ({ each, made: use.parent as tsTypes.NewExpression })),
  );
  const constructions = own.filter(isMade).map((use) => use.parent as tsTypes.NewExpression);
  const here = made.flatMap(({ each, made: like }) => {
    const construction = constructions.find((c) => reaches(c, like, moving, workspace));
    return construction ? [{ each, like, construction }] : [];
  });
  if (here.length > 0) return subscribed(here.at(-1) as Subscription, registering, workspace);
  const [like] = made;
  const [construction] = constructions;
  if (like && construction)
    return obstacle(
      `${nameOf(like.each.class_)} is registered at ${placeOf(like.made, workspace)}, where the dependencies of ${nameOf(moving.owner)} are not at hand`,
    );
  if (listed || like)
    return obstacle(`nothing shows where ${nameOf(moving.owner)} is registered: its new handler would have to be registered beside it`);
  return obstacle(`nothing shows how ${nameOf(example.class_)} is registered for ${nameOf(example.event)}`);
}

function usesOf(class_: tsTypes.ClassDeclaration, workspace: Workspace): readonly tsTypes.Node[] {
  if (!class_.name) return [];
  return workspace.references(class_.name).filter((use) => !isTest(workspace.relative(use.getSourceFile().fileName)));
}

export function isTest(file: string): boolean {
  return /(?:[.-](?:spec|test|e2e)\.|(?:^|\/)(?:__tests__|tests?|e2e|specs?)\/)/i.test(file);
}

function isListed(use: tsTypes.Node): boolean {
  return ts.isArrayLiteralExpression(use.parent);
}

function isMade(use: tsTypes.Node): boolean {
  return ts.isNewExpression(use.parent) && use.parent.expression === use;
}

// ── a container's lists ───────────────────────────────────────────────────────────────────────────────────────────

function inLists(
  uses: readonly tsTypes.Node[],
  listeners: readonly tsTypes.ClassDeclaration[],
  { name, file }: Registering,
  workspace: Workspace,
): Registered {
  const edits: TextEdit[] = [];
  const imports: ImportNeed[] = [];
  const taken = new Set<tsTypes.Node>();
  for (const use of uses) {
    const list = use.parent as tsTypes.ArrayLiteralExpression;
    const place = placeInLists(use, list, new Set(listeners), workspace);
    if (taken.has(place.list)) continue;
    taken.add(place.list);
    edits.push(afterElement(place.list, place.element, name));
    imports.push({ file: place.list.getSourceFile().fileName, name, from: file });
  }
  return { edits, imports };
}

/** Among the handlers of events that are provided together with the old handler; else right after it, or after the list that it is in. */
function placeInLists(
  use: tsTypes.Node,
  list: tsTypes.ArrayLiteralExpression,
  listeners: ReadonlySet<tsTypes.Node>,
  workspace: Workspace,
): { readonly list: tsTypes.ArrayLiteralExpression; readonly element: tsTypes.Node } {
  const checker = workspace.checker(list.getSourceFile().fileName);
  const isListener = (node: tsTypes.Node): boolean => {
    const declared = symbolAt(node, checker)?.declarations?.[0];
    return ts.isIdentifier(node) && declared !== undefined && listeners.has(declared);
  };
  const among = list.elements.findLast(isListener);
  if (among) return { list, element: among };
  const constant = ts.isVariableDeclaration(list.parent) ? list.parent : undefined;
  const outer = constant && spreadOf(constant, workspace);
  const wider = outer?.list ?? list;
  for (const element of wider.elements.toReversed()) {
    if (isListener(element)) return { list: wider, element };
    const spread = ts.isSpreadElement(element) ? symbolAt(element.expression, checker)?.valueDeclaration : undefined;
    const inner = spread && ts.isVariableDeclaration(spread) ? spread.initializer : undefined;
    const last = inner && ts.isArrayLiteralExpression(inner) ? inner.elements.findLast(isListener) : undefined;
    if (inner && ts.isArrayLiteralExpression(inner) && last) return { list: inner, element: last };
  }
  return outer ?? { list, element: use };
}

/** `...commandHandlers` in `providers: [...commandHandlers]`. */
function spreadOf(
  constant: tsTypes.VariableDeclaration,
  workspace: Workspace,
): { readonly list: tsTypes.ArrayLiteralExpression; readonly element: tsTypes.Node } | undefined {
  for (const use of workspace.references(constant.name)) {
    const { parent } = use;
    if (ts.isSpreadElement(parent) && ts.isArrayLiteralExpression(parent.parent)) return { list: parent.parent, element: parent };
  }
  return undefined;
}

function afterElement({ elements }: tsTypes.ArrayLiteralExpression, element: tsTypes.Node, text: string): TextEdit {
  const source = element.getSourceFile();
  const line = source.text.slice(source.text.lastIndexOf('\n', element.getStart() - 1) + 1, element.getStart());
  const isAlone =
    /^\s*$/.test(line) &&
    (elements.length === 1 || elements.some((e, i) => i > 0 && source.text.slice(elements[i - 1]?.end, e.getStart()).includes('\n')));
  return edit(source, element.end, element.end, `,${isAlone ? `\n${line}` : ' '}${text}`);
}

// ── subscriptions ─────────────────────────────────────────────────────────────────────────────────────────────────

interface Subscription {
  readonly each: ListenerExample;
  readonly like: tsTypes.NewExpression;
  readonly construction: tsTypes.NewExpression;
}

/** Whether what the old handler is given can be named, and is the same thing, where the example is made. */
function reaches(construction: tsTypes.NewExpression, like: tsTypes.NewExpression, moving: Moving, workspace: Workspace): boolean {
  const given = construction.getSourceFile() === like.getSourceFile() ? givenFor(construction, moving) : undefined;
  return given?.every((argument) => isAtHand(argument, like, workspace)) === true;
}

function isAtHand(argument: tsTypes.Expression, there: tsTypes.Node, workspace: Workspace): boolean {
  const head = headOf(argument);
  if (!head) return false;
  if (head.kind === ts.SyntaxKind.ThisKeyword) return ts.findAncestor(head, ts.isClassLike) === ts.findAncestor(there, ts.isClassLike);
  const declared = symbolAt(head, workspace.checker(there.getSourceFile().fileName))?.declarations?.[0];
  if (!declared) return false;
  if (declared.getSourceFile() !== there.getSourceFile()) return true;
  const scope = ts.findAncestor(declared.parent, (n) => ts.isBlock(n) || ts.isSourceFile(n) || ts.isFunctionLike(n));
  return scope !== undefined && isInside(there, scope) && (ts.isParameter(declared) || declared.end <= there.pos);
}

function headOf(node: tsTypes.Expression): tsTypes.Expression | undefined {
  if (ts.isPropertyAccessExpression(node)) return headOf(node.expression);
  return ts.isIdentifier(node) || node.kind === ts.SyntaxKind.ThisKeyword ? node : undefined;
}

/** The arguments for the dependencies that move. */
function givenFor(construction: tsTypes.NewExpression, { dependencies }: Moving): readonly tsTypes.Expression[] | undefined {
  const given = dependencies.map((d) => construction.arguments?.[d.parent.parameters.indexOf(d)]);
  return given.some((g) => g === undefined || ts.isSpreadElement(g)) ? undefined : given.map((g) => bare(g as tsTypes.Expression));
}

function subscribed({ each, like, construction }: Subscription, registering: Registering, workspace: Workspace): Registered {
  const { name, file, event, moving } = registering;
  const given = givenFor(construction, moving) ?? [];
  const made = `new ${name}(${given.map((g) => g.getText()).join(', ')})`;
  const source = like.getSourceFile();
  const imports = [{ file: source.fileName, name, from: file }];
  if (ts.isArrayLiteralExpression(like.parent)) return { edits: [afterElement(like.parent, like, made)], imports };
  const statement = ts.findAncestor(like, ts.isStatement);
  if (!statement || !(ts.isExpressionStatement(statement) || ts.isVariableStatement(statement)))
    return obstacle(`how ${nameOf(each.class_)} is registered at ${placeOf(like, workspace)} is not clear enough to follow`);
  const again: tsTypes.Statement[] = [statement];
  let variable: tsTypes.Identifier | undefined;
  if (ts.isVariableStatement(statement)) {
    const [declaration] = statement.declarationList.declarations;
    if (declaration?.initializer !== like || !ts.isIdentifier(declaration.name) || statement.declarationList.declarations.length !== 1)
      return obstacle(`how ${nameOf(each.class_)} is registered at ${placeOf(like, workspace)} is not clear enough to follow`);
    variable = declaration.name;
    const siblings = 'statements' in statement.parent ? (statement.parent.statements as tsTypes.NodeArray<tsTypes.Statement>) : [];
    again.push(...siblings.filter((s) => ts.isExpressionStatement(s) && mentions(s, declaration.name.getText())));
    if (again.length === 1) return obstacle(`nothing subscribes ${nameOf(each.class_)} where it is made (${placeOf(like, workspace)})`);
  }
  const renamed = (s: tsTypes.Statement): string => rewritten(s, { like, made, example: each, variable, registering });
  const topic = again.some((s) => mentions(s, nameOf(each.event)));
  if (topic) imports.push({ file: source.fileName, name: event.name, from: event.file });
  const last = again.at(-1) ?? statement;
  return { edits: [edit(source, last.end, last.end, again.map((s) => `\n${indentOf(s)}${renamed(s)}`).join(''))], imports };
}

function mentions(statement: tsTypes.Statement, name: string): boolean {
  let found = false;
  eachNode(statement, (node) => {
    found ||= ts.isIdentifier(node) && node.text === name;
  });
  return found;
}

interface Rewriting {
  readonly like: tsTypes.NewExpression;
  readonly made: string;
  readonly example: ListenerExample;
  readonly variable: tsTypes.Identifier | undefined;
  readonly registering: Registering;
}

/** The statement once more, for the new handler and its event. */
function rewritten(statement: tsTypes.Statement, { like, made, example, variable, registering }: Rewriting): string {
  const start = statement.getStart();
  const found: { readonly start: number; readonly end: number; readonly text: string }[] = [];
  const visit = (node: tsTypes.Node): void => {
    const put = (text: string): void => void found.push({ start: node.getStart() - start, end: node.end - start, text });
    if (node === like) put(made);
    else if (ts.isIdentifier(node) && node.text === nameOf(example.event)) put(registering.event.name);
    else if (ts.isIdentifier(node) && variable && node.text === variable.text) put(camel(wordsOf(registering.name)));
    else if (ts.isStringLiteralLike(node)) put(registering.rewording.reduce((t, [from, to]) => reworded(t, from, to), node.getText()));
    else ts.forEachChild(node, visit);
  };
  visit(statement);
  const text = statement.getText();
  return found.toReversed().reduce((done, each) => done.slice(0, each.start) + each.text + done.slice(each.end), text);
}
