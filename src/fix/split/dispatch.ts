import { ts, type tsTypes } from '../../facts/compiler.js';
import type { Workspace } from '../workspace.js';
import type { Moving } from './moving.js';
import { nameOf, type RaiseExample } from './raising.js';
import { isTest } from './registration.js';
import { classOf, declarationOf, eachNode, symbolAt } from './syntax.js';

/** What leaves open whether what the first aggregate raises in this handler is published. */
export function unpublished(
  moving: Moving,
  root: tsTypes.ClassDeclaration,
  example: RaiseExample,
  keepers: readonly (tsTypes.Node | undefined)[],
  workspace: Workspace,
): string | undefined {
  if (!example.onRoot || publishesHere(moving, workspace)) return undefined;
  const keeping = keepers.flatMap((name) => (name?.parent && ts.isClassDeclaration(name.parent) ? lineage(name.parent, workspace) : []));
  if (keeping.some(publishes)) return undefined;
  const places = publishers(root, example, workspace);
  const others = places.filter((place) => !ofHandler(place, moving) && !ofKeeper(place));
  if (others.length > 0) return undefined;
  const [inHandler] = places.filter((place) => ofHandler(place, moving));
  const [elsewhere] = places;
  const kept = moving.kept.name.getText();
  if (inHandler)
    return `nothing here publishes what ${kept} raises: ${nameOf(classOf(inHandler) ?? inHandler)} does so itself (${inHandler.parent.getText()})`;
  if (elsewhere)
    return `what keeps the ${nameOf(root)} does not publish what it raises, as ${nameOf(classOf(elsewhere) ?? elsewhere)} does`;
  return `nothing shows that what ${kept} raises is ever published`;
}

const PUBLISHING =
  /^(?:commit|publish\w*|dispatch\w*|(?:pull|release|flush|drain|pop|collect|take|get|clear|peek)(?:All|Domain|Uncommitted|Pending|Unpublished|Recorded|Raised)*Events?|uncommittedEvents|domainEvents|emitAsync|emitAll)$/;

/** `order.commit()`, `bus.publishAll(order.pullEvents())`, `publisher.publish(order)`. */
function publishesHere({ method, kept, statements }: Moving, workspace: Workspace): boolean {
  const checker = workspace.checker(method.getSourceFile().fileName);
  let found = false;
  eachNode(method, (node) => {
    if (!ts.isIdentifier(node) || symbolAt(node, checker)?.valueDeclaration !== kept) return;
    if (statements.some((s) => node.pos >= s.pos && node.end <= s.end)) return;
    const { parent } = node;
    const asked = ts.isPropertyAccessExpression(parent) && parent.expression === node ? parent.name.text : '';
    const call = ts.isCallExpression(parent) && ts.isPropertyAccessExpression(parent.expression) ? parent.expression.name.text : '';
    found ||= PUBLISHING.test(asked) || PUBLISHING.test(call);
  });
  return found;
}

function publishes(class_: tsTypes.ClassDeclaration): boolean {
  let found = false;
  eachNode(class_, (node) => {
    found ||= ts.isPropertyAccessExpression(node) && PUBLISHING.test(node.name.text);
  });
  return found;
}

/** A class and the classes of the project that it extends. */
function lineage(class_: tsTypes.ClassDeclaration, workspace: Workspace): tsTypes.ClassDeclaration[] {
  const extended = class_.heritageClauses?.find((h) => h.token === ts.SyntaxKind.ExtendsKeyword)?.types[0]?.expression;
  const base = extended && declarationOf(extended, workspace.checker(class_.getSourceFile().fileName));
  return [class_, ...(base && ts.isClassDeclaration(base) && base !== class_ ? lineage(base, workspace) : [])];
}

/** Where code outside the roots takes their events from them. */
function publishers(root: tsTypes.ClassDeclaration, example: RaiseExample, workspace: Workspace): readonly tsTypes.Node[] {
  const bases = [...lineage(root, workspace), ...lineage(example.root, workspace)];
  const readers = bases.flatMap((base) =>
    base.members.filter((m) => m.name && PUBLISHING.test(m.name.getText())).flatMap((m) => m.name ?? []),
  );
  const own = new Set<tsTypes.Node>(bases);
  return [...new Set(readers)]
    .flatMap((name) => workspace.references(name))
    .filter((use) => !own.has(classOf(use) as tsTypes.Node) && !isTest(workspace.relative(use.getSourceFile().fileName)));
}

function ofHandler(place: tsTypes.Node, { method }: Moving): boolean {
  const around = ts.findAncestor(place, ts.isMethodDeclaration);
  return around !== undefined && around.name.getText() === method.name.getText();
}

function ofKeeper(place: tsTypes.Node): boolean {
  return /Repo(?:sitory)?|Store|Dao/i.test(classOf(place)?.name?.text ?? '');
}
