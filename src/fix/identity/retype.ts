import { ts, type tsTypes } from '../../facts/compiler.js';
import type { Following } from './following.js';
import { keyOf, namesOf } from './symbols.js';

/** The type of the identity in the place of the object's, whatever list, `null` or `readonly` is around it. */
export function retype(type: tsTypes.TypeNode, following: Following): void {
  const refuse = (node: tsTypes.Node): void =>
    following.stop({ what: 'other', why: `${following.target.name} is held through \`${node.getText()}\``, at: node });
  const visit = (node: tsTypes.TypeNode): void => {
    if (isTarget(node, following)) write(node, following);
    else if (ts.isUnionTypeNode(node)) for (const part of node.types) isNothing(part) || visit(part);
    else if (ts.isParenthesizedTypeNode(node)) visit(node.type);
    else if (ts.isTypeOperatorNode(node) && node.operator === ts.SyntaxKind.ReadonlyKeyword) visit(node.type);
    else if (ts.isArrayTypeNode(node)) visit(node.elementType);
    else if (ts.isTypeReferenceNode(node) && LISTS.test(node.typeName.getText()) && node.typeArguments?.length === 1) {
      const [of] = node.typeArguments;
      if (of) visit(of);
    } else if (ts.isTypeReferenceNode(node) && MAPS.test(node.typeName.getText()) && node.typeArguments?.length === 2) {
      const [key, of] = node.typeArguments;
      if (key && (following.target.identity === 'object') === false && isOwnIdentity(key, following))
        following.stop({ what: 'other', why: 'its keys are the identities already: make it a Set of them', at: node });
      else if (of) visit(of);
    } else refuse(node);
  };
  visit(type);
}

const LISTS = /^(?:Array|ReadonlyArray|Set|ReadonlySet|Readonly|Iterable)$/;
const MAPS = /^(?:Map|ReadonlyMap|Record)$/;

function isNothing(node: tsTypes.TypeNode): boolean {
  return node.kind === ts.SyntaxKind.UndefinedKeyword || (ts.isLiteralTypeNode(node) && node.literal.kind === ts.SyntaxKind.NullKeyword);
}

function isOwnIdentity(key: tsTypes.TypeNode, { target }: Following): boolean {
  return target.accessor.names.length > 0 && key.getText() === target.accessor.type;
}

export function isTarget(node: tsTypes.TypeNode, { target, checker }: Following): boolean {
  if (!ts.isTypeReferenceNode(node)) return false;
  const own = checker(node);
  return namesOf(own.getSymbolAtLocation(node.typeName), own).some((d) => target.declarations.has(keyOf(d)));
}

function write(node: tsTypes.TypeNode, following: Following): void {
  const { accessor } = following.target;
  const { type = indexed(node.getText(), accessor.name, accessor.call) } = accessor;
  following.edit(node, node.getStart(), node.end, type);
  for (const { name, from, package: isPackage } of accessor.names)
    needed(name, isPackage ? from : following.workspace.absolute(from), node, following);
}

function indexed(name: string, property: string, call: boolean): string {
  return call ? `ReturnType<${name}['${property}']>` : `${name}['${property}']`;
}

function needed(name: string, from: string, at: tsTypes.Node, following: Following): void {
  const file = at.getSourceFile().fileName;
  if (file === from) return;
  const checker = following.checker(at);
  const known = checker.resolveName(name, at, ts.SymbolFlags.Type, false);
  const declared = namesOf(known, checker)[0]?.getSourceFile().fileName;
  if (declared !== undefined && from.startsWith('/') && declared !== from && !declared.includes('/node_modules/'))
    following.stop({ what: 'other', why: `${name} means something else there`, at });
  if (known === undefined || declared === undefined) following.need({ file, name, from, typeOnly: true });
}
