import { ts, type tsTypes } from '../facts/compiler.js';
import { type Refusal, refuse, type TextEdit } from './patch.js';
import { placeOf } from './place.js';
import type { Workspace } from './workspace.js';

const RELATION = /(?:^|\.)(?:OneToOne|OneToMany|ManyToOne|ManyToMany)$/;

/** Makes a relation eager where it is mapped: in the options of its decorator, or of its entry in a schema. */
export function madeEager(mapping: tsTypes.Node, replaced: readonly string[], workspace: Workspace): readonly TextEdit[] | Refusal {
  if (ts.isDecorator(mapping)) return inDecorator(mapping, replaced, workspace);
  const entry = mapping.parent;
  if (!ts.isPropertyAssignment(entry) || !ts.isObjectLiteralExpression(entry.initializer))
    return refuse(`its options are not written out (${placeOf(mapping, workspace)})`);
  return inObject(entry.initializer, replaced);
}

function inDecorator(decorator: tsTypes.Decorator, replaced: readonly string[], workspace: Workspace): readonly TextEdit[] | Refusal {
  const call = decorator.expression;
  if (!ts.isCallExpression(call) || !RELATION.test(call.expression.getText())) return refuse('no relation is mapped there');
  const circle = eagerInverse(call, workspace);
  if (circle)
    return refuse(`${circle.name} is eager itself, and a circle of eager relations is not allowed (${placeOf(circle.at, workspace)})`);
  const last = call.arguments.at(-1);
  const file = decorator.getSourceFile().fileName;
  if (!last) return [{ file, start: call.arguments.pos, end: call.arguments.pos, text: '{ eager: true }' }];
  if (ts.isObjectLiteralExpression(last)) return inObject(last, replaced);
  if (!ts.isArrowFunction(last) && !ts.isFunctionExpression(last) && !ts.isStringLiteralLike(last))
    return refuse(`its options are not written out (${placeOf(last, workspace)})`);
  return [{ file, start: last.end, end: last.end, text: `${separatorAfter(last)}{ eager: true }` }];
}

/** `eager: true` in the place of the first of what it replaces, or behind the other options. */
function inObject(object: tsTypes.ObjectLiteralExpression, replaced: readonly string[]): readonly TextEdit[] {
  const file = object.getSourceFile().fileName;
  const { properties } = object;
  const named = (names: readonly string[]): tsTypes.ObjectLiteralElementLike[] =>
    properties.filter((p) => p.name !== undefined && names.includes(p.name.getText().replaceAll(/['"]/g, '')));
  const [eager] = named(['eager']);
  const gone = named(replaced);
  const host = eager ?? gone[0];
  const removed = gone.filter((p) => p !== host).map((p) => withoutItem(properties, p));
  if (host) return [...removed, { file, start: host.getStart(), end: host.end, text: 'eager: true' }];
  const last = properties.at(-1);
  return last
    ? [{ file, start: last.end, end: last.end, text: `${separatorAfter(last)}eager: true` }]
    : [{ file, start: object.getStart(), end: object.end, text: '{ eager: true }' }];
}

function withoutItem(list: tsTypes.NodeArray<tsTypes.Node>, item: tsTypes.Node): TextEdit {
  const i = list.indexOf(item);
  const next = list[i + 1];
  const file = item.getSourceFile().fileName;
  if (next) return { file, start: item.getStart(), end: next.getStart(), text: '' };
  return { file, start: list[i - 1]?.end ?? item.getStart(), end: item.end, text: '' };
}

/** A line of its own for what follows an item that has one. */
function separatorAfter(item: tsTypes.Node): string {
  const own = item.getSourceFile().text.slice(0, item.getStart()).split('\n').at(-1) ?? '';
  return /^[ \t]+$/.test(own) ? `,\n${own}` : ', ';
}

// ── the other side ────────────────────────────────────────────────────────────────────────────────────────────────

/** TypeORM starts with no two relations that are eager towards one another. */
function eagerInverse(
  call: tsTypes.CallExpression,
  workspace: Workspace,
): { readonly name: string; readonly at: tsTypes.Node } | undefined {
  const [, inverse] = call.arguments;
  if (!inverse || !ts.isArrowFunction(inverse) || !ts.isPropertyAccessExpression(inverse.body)) return undefined;
  const symbol = workspace.checker(call.getSourceFile().fileName).getSymbolAtLocation(inverse.body.name);
  const field = symbol?.declarations?.find(ts.isPropertyDeclaration);
  const options = (field && (ts.getDecorators(field) ?? []))?.flatMap(({ expression }) =>
    ts.isCallExpression(expression) ? expression.arguments.filter(ts.isObjectLiteralExpression) : [],
  );
  const eager = options?.some(({ properties }) => properties.some((p) => /^eager\s*:\s*true$/.test(p.getText())));
  return field && eager ? { name: memberName(field), at: field.name } : undefined;
}

/** `Device.feeds`. */
export function memberName(member: tsTypes.PropertyDeclaration | tsTypes.ParameterDeclaration): string {
  const owner = ts.findAncestor(member, ts.isClassLike);
  return `${owner?.name?.text ?? 'the class'}.${member.name.getText()}`;
}

// ── what eager relations are left out of ──────────────────────────────────────────────────────────────────────────

/** A query builder loads what it is told to join, and no eager relation. */
export function builtQueryWithout(
  field: tsTypes.PropertyDeclaration | tsTypes.ParameterDeclaration,
  workspace: Workspace,
): Refusal | undefined {
  const owner = ts.findAncestor(field, ts.isClassLike);
  const name = field.name.getText();
  const seen = new Set<string>();
  for (const { program } of workspace.compilations) {
    for (const source of program().getSourceFiles()) {
      if (seen.has(source.fileName) || !workspace.isOwn(source.fileName) || !/\b(?:createQueryBuilder|qb)\(/.test(source.text)) continue;
      seen.add(source.fileName);
      const found = buildersIn(source).find((call) => loads(call, owner, workspace) && !joins(call, name));
      if (found)
        return refuse(
          `a query builder loads ${owner?.name?.text ?? 'the class'}, and leaves eager relations out (${placeOf(found, workspace)})`,
        );
    }
  }
  return undefined;
}

function buildersIn(node: tsTypes.Node): tsTypes.CallExpression[] {
  const found: tsTypes.CallExpression[] = [];
  const visit = (part: tsTypes.Node): void => {
    const callee = ts.isCallExpression(part) ? part.expression : undefined;
    if (
      ts.isCallExpression(part) &&
      callee &&
      ts.isPropertyAccessExpression(callee) &&
      /^(?:createQueryBuilder|qb)$/.test(callee.name.text)
    )
      found.push(part);
    ts.forEachChild(part, visit);
  };
  visit(node);
  return found;
}

function loads(call: tsTypes.CallExpression, owner: tsTypes.ClassLikeDeclaration | undefined, workspace: Workspace): boolean {
  if (!owner?.name) return false;
  const checker = workspace.checker(call.getSourceFile().fileName);
  const target = checker.getTypeAtLocation(owner).symbol;
  const type = checker.getTypeAtLocation(call);
  const rows = [...(type.aliasTypeArguments ?? []), ...(isReference(type) ? checker.getTypeArguments(type) : [])];
  const named = call.arguments.some((a) => ts.isIdentifier(a) && checker.getTypeAtLocation(a).symbol === target);
  const first = call.arguments[0];
  return (
    named ||
    rows.some((row) => row.symbol === target) ||
    (first !== undefined && ts.isStringLiteralLike(first) && first.text.toLowerCase() === owner.name.text.toLowerCase())
  );
}

function isReference(type: tsTypes.Type): type is tsTypes.TypeReference {
  return 'target' in type;
}

/** The part is named in the chain, or the chain brings no entity. */
function joins(call: tsTypes.CallExpression, name: string): boolean {
  let chain: tsTypes.Expression = call;
  const steps: string[] = [];
  while (ts.isPropertyAccessExpression(chain.parent) && ts.isCallExpression(chain.parent.parent)) {
    steps.push(chain.parent.name.text);
    chain = chain.parent.parent;
  }
  const text = chain.getText();
  return (
    steps.some((step) => /^(?:delete|update|insert|softDelete|restore|getCount|getExists|getRaw\w*)$/.test(step)) ||
    new RegExp(`[.'"\`]${name}['"\`]`).test(text)
  );
}
