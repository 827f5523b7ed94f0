import type { Encapsulate } from '../../change.js';
import { ts, type tsTypes } from '../../facts/compiler.js';
import { accessorAfter } from '../accessors.js';
import { collectionKind, inWords, readOnlyText, readOnlyWords, type WrittenType } from '../collection-types.js';
import { alongWith, type Exposing, exposing } from '../exposing.js';
import { changesForGood, flowOf } from '../flow.js';
import { classAround, hasModifier, isInstance, visibility } from '../members.js';
import { placeOf, sameNode } from '../nodes.js';
import { joined, refuse, type TextEdit } from '../patch.js';
import { privateName } from '../private-names.js';
import { inConstructorOf, isWrite } from '../uses.js';
import type { Workspace } from '../workspace.js';
import { writtenByCopying } from '../written-by-copying.js';
import { COPIES } from './return-copy.js';
import type { Verb } from './verb.js';

type Field = tsTypes.PropertyDeclaration | tsTypes.ParameterDeclaration;

export const encapsulate: Verb<Encapsulate> = ({ at, hands }, workspace) => {
  const shown = exposing(workspace.nodeAt(at), workspace);
  const owner = shown && classAround(shown.name);
  const { member: field, name } = shown ?? {};
  if (!owner || !field || !name || !(ts.isPropertyDeclaration(field) || ts.isParameter(field)) || !ts.isIdentifier(name))
    return refuse('no field stands there');
  const special = whatIsSpecial(field);
  if (special) return refuse(special);
  const checker = workspace.checker(name.getSourceFile().fileName);
  const kept = privateName(name, owner, ts.isParameter(field), workspace);
  if (checker.getPropertyOfType(checker.getTypeAtLocation(owner), kept)) return refuse(`${kept} exists already`);
  const isOwn = (use: tsTypes.Node): boolean => ts.findAncestor(use, (node) => sameNode(node, owner)) !== undefined;
  const elsewhere = shown.elsewhere.filter((use) => !isOwn(use));
  const outside = elsewhere.filter((use) => !isOfAnother(use, owner, workspace));
  const assigned = elsewhere.find(isWrite) ?? writtenByCopying(field, owner, workspace);
  if (assigned) return refuse(`${placeOf(assigned, workspace)} assigns it`);
  const flow = flowOf(outside, workspace);
  const lost = hands === 'copy' ? flow.values.find(changesForGood) : undefined;
  if (lost) return refuse(`the change at ${placeOf(lost, workspace)} would be made to the copy, and be lost`);
  const type = typeOf(shown, field, hands, workspace);
  const kind = collectionKind(checker.getTypeAtLocation(name), checker);
  if (!type || !kind)
    return refuse(`its type, ${checker.typeToString(checker.getTypeAtLocation(name))}, cannot be written for an accessor`);

  const own = shown.elsewhere.filter((use) => isOwn(use) && !isOfAnother(use, owner, workspace));
  const later = own.filter((use) => isWrite(use) && !inConstructorOf(use, ts.isParameter(field) ? field.parent : owner));
  const isHard = kept.startsWith('#');
  const file = name.getSourceFile().fileName;
  const becomesReadonly = later.length === 0 && !hasModifier(field, ts.SyntaxKind.ReadonlyKeyword);
  const value = `this.${kept}`;
  const [before, after] = COPIES[kind];
  const copy = `${field.questionToken ? `${value} && ` : ''}${before}${value}${after}`;
  return joined([
    {
      edits: [
        ...visibility(field, name, isHard ? '' : 'private'),
        { file, start: name.getStart(), end: name.end, text: `${becomesReadonly ? 'readonly ' : ''}${kept}` },
        ...own.flatMap((use) => renamed(use, field, kept, workspace)),
        accessorAfter(field, owner, { name: name.text, type: type.text, returns: hands === 'view' ? value : copy }),
      ],
      imports: type.imports,
    },
    { edits: hands === 'view' ? alongWith({ ...shown, elsewhere: outside }, flow, workspace) : [] },
  ]);
};

function whatIsSpecial(field: Field): string | undefined {
  if (ts.canHaveDecorators(field) && ts.getDecorators(field)?.length) return 'its decorator speaks of the field by this name';
  const { AbstractKeyword, DeclareKeyword, StaticKeyword, OverrideKeyword, AccessorKeyword } = ts.SyntaxKind;
  if (hasModifier(field, AbstractKeyword, DeclareKeyword, StaticKeyword, OverrideKeyword, AccessorKeyword))
    return 'it is no plain field of this class';
  return undefined;
}

/** What the accessor returns, in words. */
function typeOf({ name, member }: Exposing, field: Field, hands: Encapsulate['hands'], workspace: Workspace): WrittenType | undefined {
  const checker = workspace.checker(name.getSourceFile().fileName);
  const optional = field.questionToken ? ' | undefined' : '';
  if (field.type) {
    const text = hands === 'view' ? readOnlyText(field.type, checker) : field.type.getText();
    return text === undefined ? undefined : { text: `${text}${optional}`, imports: [] };
  }
  const words = inWords(checker.getTypeAtLocation(name), member, checker, workspace);
  const text = words && (hands === 'view' ? readOnlyWords(words.text) : words.text);
  return text === undefined ? undefined : { text, imports: words?.imports ?? [] };
}

/** A member of the same name in an interface or in a type made of the class: the compiler holds them for one. */
function isOfAnother(use: tsTypes.Node, owner: tsTypes.ClassLikeDeclaration, workspace: Workspace): boolean {
  const { parent } = use;
  const checker = workspace.checker(use.getSourceFile().fileName);
  const isOwners = (type: tsTypes.Type): boolean => isInstance(type, owner, checker);
  if (ts.isPropertyAccessExpression(parent) && parent.name === use) return !isOwners(checker.getTypeAtLocation(parent.expression));
  return ts.isBindingElement(parent) && (parent.propertyName ?? parent.name) === use && !isOwners(checker.getTypeAtLocation(parent.parent));
}

/** A use inside the class, of the field under its new name. What cannot say that name goes on through the accessor. */
function renamed(use: tsTypes.Node, field: Field, kept: string, workspace: Workspace): TextEdit[] {
  const { parent } = use;
  const edit = (text: string): TextEdit[] => [{ file: use.getSourceFile().fileName, start: use.getStart(), end: use.end, text }];
  const checker = workspace.checker(use.getSourceFile().fileName);
  const isIt = (symbol: tsTypes.Symbol | undefined): boolean => symbol?.declarations?.some((each) => sameNode(each, field)) ?? false;
  if (ts.isPropertyAccessExpression(parent) && parent.name === use) return edit(kept);
  if (ts.isBindingElement(parent) && (parent.propertyName ?? parent.name) === use) {
    if (kept.startsWith('#')) return [];
    return edit(parent.propertyName ? kept : `${kept}: ${use.getText()}`);
  }
  // The parameter of a parameter property.
  if (!ts.isParameter(field)) return [];
  if (ts.isShorthandPropertyAssignment(parent))
    return isIt(checker.getShorthandAssignmentValueSymbol(parent)) ? edit(`${use.getText()}: ${kept}`) : [];
  if (ts.isJSDocParameterTag(parent)) return edit(kept);
  const isName = ts.isPropertyAssignment(parent) && parent.name === use;
  return !isName && ts.isIdentifier(use) && isIt(checker.getSymbolAtLocation(use)) ? edit(kept) : [];
}
