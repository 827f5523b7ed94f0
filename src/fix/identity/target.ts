import type { ReferByIdentity } from '../../change.js';
import { ts, type tsTypes } from '../../facts/compiler.js';
import type { IdentityAccessor } from '../../model/domain-model.js';
import type { Workspace } from '../workspace.js';
import { keyOf, propertyNamed } from './symbols.js';

/** What is referred to, and the one way in which it is asked who it is. */
export interface Target {
  readonly name: string;
  /** Places of the declarations that stand for it: the class, the contract that a field is typed by. */
  readonly declarations: ReadonlySet<string>;
  readonly accessor: IdentityAccessor;
  /** Names of all ways to ask. */
  readonly forms: readonly string[];
  /** `id`, `getId()`. */
  readonly asked: string;
  /** What values of the identity are, for what can be done with them. */
  readonly identity: 'text' | 'number' | 'object';
  /** Identities are compared by a method of theirs. */
  readonly identityEquals: boolean;
  /** `equals` of the target compares identities and nothing else. */
  readonly equalsByIdentity: boolean;
}

export function targetOf(change: ReferByIdentity, accessor: IdentityAccessor, workspace: Workspace): Target | string {
  const name = workspace.nodeAt(change.target);
  if (!name) return 'what it holds is not declared where it was';
  const checker = workspace.checker(name.getSourceFile().fileName);
  const symbol = checker.getSymbolAtLocation(name);
  if (!symbol) return `${name.getText()} is unknown to the compiler`;
  const type = checker.getDeclaredTypeOfSymbol(symbol);
  const property = propertyNamed(type, accessor.name, checker);
  if (!property) return `${name.getText()}.${accessor.name} cannot be asked from outside`;
  const value = checker.getTypeOfSymbolAtLocation(property, name);
  const identity = accessor.call ? (value.getCallSignatures()[0]?.getReturnType() ?? value) : value;
  if (identity.isUnion() && identity.types.some((t) => t.flags & (ts.TypeFlags.Undefined | ts.TypeFlags.Null)))
    return `${name.getText()}.${accessor.name} may be missing`;
  return {
    name: name.getText(),
    declarations: new Set((symbol.declarations ?? []).map((d) => keyOf(ts.getNameOfDeclaration(d) ?? d))),
    accessor,
    forms: change.accessors.map((a) => a.name),
    asked: accessor.call ? `${accessor.name}()` : accessor.name,
    identity: sortOf(identity, accessor),
    identityEquals: checker.getPropertyOfType(identity, 'equals') !== undefined,
    equalsByIdentity: comparesIdentityAlone(checker.getPropertyOfType(type, 'equals'), change.accessors),
  };
}

function sortOf(type: tsTypes.Type, accessor: IdentityAccessor): Target['identity'] {
  if (type.flags & ts.TypeFlags.Any) return accessor.type === 'string' ? 'text' : accessor.type === 'number' ? 'number' : 'object';
  const parts = type.isUnionOrIntersection() ? type.types : [type];
  if (parts.some((t) => t.flags & (ts.TypeFlags.NumberLike | ts.TypeFlags.BigIntLike))) return 'number';
  return parts.some((t) => t.flags & ts.TypeFlags.StringLike) ? 'text' : 'object';
}

function comparesIdentityAlone(equals: tsTypes.Symbol | undefined, accessors: readonly IdentityAccessor[]): boolean {
  const method = equals?.declarations?.find(ts.isMethodDeclaration);
  const other = method?.parameters[0]?.name;
  if (!method?.body || !other || !ts.isIdentifier(other)) return false;
  const identities = new Set(accessors.map((a) => a.name));
  const isOne = (node: tsTypes.Node): boolean =>
    node.kind === ts.SyntaxKind.ThisKeyword || (ts.isIdentifier(node) && node.text === other.text);
  let asked = false;
  const onlyIdentities = (node: tsTypes.Node): boolean => {
    if (ts.isPropertyAccessExpression(node) && isOne(node.expression)) {
      const { text } = node.name;
      const identity = identities.has(text) || /^[_#]?(?:id|uuid|guid|identity)$/i.test(text);
      asked ||= identity;
      return identity || text === 'constructor';
    }
    // `isEntity(other)`: what it is, not what it holds.
    if (ts.isCallExpression(node) && node.arguments.some(isOne) && !/^is[A-Z]/.test(node.expression.getText())) return false;
    return !ts.isSpreadAssignment(node) && ts.forEachChild(node, (child) => !onlyIdentities(child)) !== true;
  };
  return onlyIdentities(method.body) && asked;
}
