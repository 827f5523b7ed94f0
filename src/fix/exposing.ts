import { ts, type tsTypes } from '../facts/compiler.js';
import { inWords, readOnlyEdits, readOnlyWords } from './collection-types.js';
import { changesForGood, changesInPlace, type Flow, flowOf } from './flow.js';
import { classAround, functionOf, type Member, memberOf } from './members.js';
import { sameNode } from './nodes.js';
import { type Patch, type Refusal, refuse, type TextEdit } from './patch.js';
import type { Workspace } from './workspace.js';

/** A member through which a collection leaves its class. */
export interface Exposing {
  readonly name: tsTypes.Node;
  readonly member: Member;
  /** Names elsewhere that mean it: declarations that it implements or overrides, and uses. */
  readonly elsewhere: readonly tsTypes.Node[];
}

export function exposing(name: tsTypes.Node | undefined, workspace: Workspace): Exposing | undefined {
  const member = memberOf(name);
  if (!name || !member) return undefined;
  return { name, member, elsewhere: workspace.references(name).filter((each) => !sameNode(each, name)) };
}

/** Makes the type that a member shows read-only, written or inferred. */
export function typedReadOnly({ name, member }: Exposing, workspace: Workspace): Patch | Refusal {
  const checker = workspace.checker(name.getSourceFile().fileName);
  const written = shownType(member);
  if (written) {
    const edits = readOnlyEdits(written, checker);
    return edits ? { edits } : refuse(`${written.getText()} has no read-only counterpart`);
  }
  const fn = functionOf(member);
  const signature = fn && checker.getSignatureFromDeclaration(fn);
  const type = signature ? checker.getReturnTypeOfSignature(signature) : checker.getTypeAtLocation(name);
  const words = inWords(type, member, checker, workspace);
  const text = words && readOnlyWords(words.text);
  const start = fn ? fn.getChildren().find(({ kind }) => kind === ts.SyntaxKind.CloseParenToken)?.end : afterName(member);
  if (text === undefined || start === undefined) return refuse(`its inferred type, ${checker.typeToString(type)}, cannot be written there`);
  return { edits: [{ file: name.getSourceFile().fileName, start, end: start, text: `: ${text}` }], imports: words?.imports ?? [] };
}

/** What else becomes read-only with a member: the declarations that it implements or overrides, and what its value lands in. */
export function alongWith({ elsewhere }: Exposing, { holders }: Flow, workspace: Workspace): TextEdit[] {
  const declared = elsewhere.flatMap((each) => {
    const member = memberOf(each);
    return (member && shownType(member)) ?? [];
  });
  return [...declared, ...holders.flatMap(({ type }) => type ?? [])].flatMap((type) => {
    const file = type.getSourceFile().fileName;
    const describesLibrary = type.getSourceFile().isDeclarationFile;
    return workspace.isOwn(file) && !describesLibrary ? (readOnlyEdits(type, workspace.checker(file)) ?? []) : [];
  });
}

/**
 * `this.items.push(item)` through an accessor that only returns `this._items`: what its own class changes, it changes where
 * it is kept. Also says where the value goes, and which changes a copy would lose.
 */
export function ownChangesMoved(
  { member, elsewhere }: Exposing,
  workspace: Workspace,
): { readonly edits: readonly TextEdit[]; readonly flow: Flow; readonly lost: readonly tsTypes.Expression[] } {
  const kept = ts.isGetAccessor(member) ? keptIn(member) : undefined;
  const owner = classAround(member);
  const moved = elsewhere.filter(
    (use) =>
      kept !== undefined &&
      ts.isPropertyAccessExpression(use.parent) &&
      use.parent.name === use &&
      changesInPlace(use.parent) &&
      sameNode(classAround(use), owner),
  );
  const flow = flowOf(
    elsewhere.filter((use) => !moved.includes(use)),
    workspace,
  );
  return {
    edits: moved.map((use) => ({ file: use.getSourceFile().fileName, start: use.getStart(), end: use.end, text: kept ?? '' })),
    flow,
    lost: flow.values.filter(changesForGood),
  };
}

/** `props.items` of `return this.props.items`, where an accessor does nothing else. */
function keptIn({ body }: tsTypes.GetAccessorDeclaration): string | undefined {
  const [only, ...more] = body?.statements ?? [];
  const returned = only && more.length === 0 && ts.isReturnStatement(only) ? only.expression : undefined;
  return returned && /^this\.([#\w$.]+)$/.exec(returned.getText())?.[1];
}

/** The type of what a member hands out, as far as it is written; what a setter takes goes with its getter. */
function shownType(member: Member): tsTypes.TypeNode | undefined {
  if (ts.isSetAccessor(member)) return member.parameters[0]?.type;
  if (!ts.isPropertyDeclaration(member) && !ts.isPropertySignature(member)) return member.type;
  return member.type && ts.isFunctionTypeNode(member.type) ? member.type.type : (functionOf(member)?.type ?? member.type);
}

function afterName(member: Member): number {
  if (ts.isPropertyDeclaration(member) || ts.isPropertySignature(member) || ts.isParameter(member)) {
    const mark = member.questionToken ?? ('exclamationToken' in member ? member.exclamationToken : undefined);
    return mark?.end ?? member.name.end;
  }
  return member.name.end;
}
