import type { LoadEagerly } from '../../change.js';
import { ts, type tsTypes } from '../../facts/compiler.js';
import { references, withoutLoading } from '../loaded-on-demand.js';
import { isRefusal, type Refusal, refuse, type TextEdit } from '../patch.js';
import { placeOf } from '../place.js';
import { promises, withoutAwait } from '../promises.js';
import { builtQueryWithout, madeEager } from '../relation-options.js';
import { isWrapped, outermost, saysWrapped, unwrapped, type Wrapper } from '../unwrapping.js';
import type { Workspace } from '../workspace.js';
import type { Verb } from './verb.js';

export const loadEagerly: Verb<LoadEagerly> = ({ at, mapping }, workspace) => {
  const name = workspace.nodeAt(at);
  const field = name?.parent;
  const place = workspace.nodeAt(mapping);
  if (!name || !place || !field || !(ts.isPropertyDeclaration(field) || ts.isParameter(field)))
    return refuse('no mapped field stands there');
  const { fileName: file } = field.getSourceFile();
  const type = workspace.checker(file).getTypeAtLocation(field);
  const wrapper = [promises(workspace), references(workspace)].find((each) => saysWrapped(field.type, each) || isWrapped(type, each));
  const isReference = wrapper?.wrapsReturned === false;
  const eager = madeEager(place, isReference ? ['lazy', 'ref', 'wrappedReference'] : ['lazy'], workspace);
  if (isRefusal(eager)) return eager;
  const doubt = builtQueryWithout(field, workspace) ?? arrayFromTheFirst(field, workspace) ?? untypedUse(name, wrapper, workspace);
  if (doubt) return doubt;
  const early = readsItsTypeTooEarly(field, workspace);
  const alias = isReference ? ALIASES.reference : ALIASES.promise;
  const uses = wrapper ? unwrapped(name, wrapper, workspace, early ? alias.name : undefined) : withoutWaiting(name, workspace);
  if (isRefusal(uses)) return uses;
  return { edits: [...eager, ...uses], ...(wrapper && early ? { imports: [{ file, ...alias, typeOnly: true }] } : {}) };
};

/** Aliases of the mappers for a type that the compiler is not to note down beside a decorator. */
const ALIASES = { promise: { name: 'Relation', from: 'typeorm' }, reference: { name: 'Rel', from: '@mikro-orm/core' } } as const;

/** Typed as what it holds all along: nothing to take off but what waits for it. */
function withoutWaiting(name: tsTypes.Node, workspace: Workspace): readonly TextEdit[] | Refusal {
  const waits = workspace.references(name).flatMap((reference) => {
    const access = ts.isPropertyAccessExpression(reference.parent) && reference.parent.name === reference ? reference.parent : undefined;
    const around = access && outermost(access).parent;
    return around && ts.isAwaitExpression(around) ? withoutAwait(around) : [];
  });
  const loads = withoutLoading(name, workspace);
  return isRefusal(loads) ? loads : [...waits, ...loads];
}

type Field = tsTypes.PropertyDeclaration | tsTypes.ParameterDeclaration;

/** TypeORM starts with no relation that holds an array in a new entity; a promise of one it lets pass. */
function arrayFromTheFirst(field: Field, workspace: Workspace): Refusal | undefined {
  const owner = ts.findAncestor(field, ts.isClassLike);
  const made = owner?.members.find((member) => ts.isConstructorDeclaration(member) && member.body !== undefined);
  const assigned = (made && ts.isConstructorDeclaration(made) ? (made.body?.statements ?? []) : []).flatMap((statement) => {
    const e = ts.isExpressionStatement(statement) ? statement.expression : undefined;
    return e && ts.isBinaryExpression(e) && e.left.getText() === `this.${field.name.getText()}` ? [e.right] : [];
  });
  const array = [...(field.initializer ? [field.initializer] : []), ...assigned].find((value) =>
    /^Promise\s*\.\s*resolve(?:<[^>]*>)?\(\s*\[/.test(value.getText()),
  );
  return array && refuse(`TypeORM does not start with a relation that is an array in every new entity (${placeOf(array, workspace)})`);
}

/** Where dependencies are not installed, what they return may be the owner; and an object without a type may become one. */
function untypedUse(name: tsTypes.Node, wrapper: Wrapper | undefined, workspace: Workspace): Refusal | undefined {
  const word = name.getText();
  const seen = new Set<string>();
  for (const { program } of workspace.compilations) {
    for (const source of program().getSourceFiles()) {
      if (seen.has(source.fileName) || !workspace.isOwn(source.fileName) || !source.text.includes(word)) continue;
      seen.add(source.fileName);
      const checker = workspace.checker(source.fileName);
      const found = namedSo(word, source).find((part) =>
        ts.isPropertyAccessExpression(part)
          ? waitsFor(part) && (checker.getTypeAtLocation(part.expression).flags & ts.TypeFlags.Any) !== 0
          : wrapper?.made(part.initializer) !== undefined && isDeclaredHere(part, checker),
      );
      if (found) return refuse(`${found.getText()} may be about it too, its type does not tell (${placeOf(found, workspace)})`);
    }
  }
  return undefined;
}

/** No type says what the object is to become. */
function isDeclaredHere(entry: tsTypes.PropertyAssignment, checker: tsTypes.TypeChecker): boolean {
  const property = checker.getContextualType(entry.parent)?.getProperty(entry.name.getText());
  return property?.declarations?.every((declaration) => declaration === entry) ?? true;
}

function namedSo(word: string, node: tsTypes.Node): (tsTypes.PropertyAccessExpression | tsTypes.PropertyAssignment)[] {
  const found: (tsTypes.PropertyAccessExpression | tsTypes.PropertyAssignment)[] = [];
  const visit = (part: tsTypes.Node): void => {
    if ((ts.isPropertyAccessExpression(part) || ts.isPropertyAssignment(part)) && part.name.getText() === word) found.push(part);
    ts.forEachChild(part, visit);
  };
  visit(node);
  return found;
}

function waitsFor(access: tsTypes.PropertyAccessExpression): boolean {
  const { parent } = outermost(access);
  if (ts.isAwaitExpression(parent)) return true;
  return (
    ts.isPropertyAccessExpression(parent) &&
    /^(?:then|catch|finally|load|loadOrFail|init|loadItems|unwrap|getEntity|\$)$/.test(parent.name.text)
  );
}

/** With `emitDecoratorMetadata`, the type of one part is looked up when the class is made: its class has to be there by then. */
function readsItsTypeTooEarly(field: Field, workspace: Workspace): boolean {
  const source = field.getSourceFile();
  const { emitDecoratorMetadata, module = ts.ModuleKind.CommonJS } = workspace.optionsOf(source.fileName);
  const wrapped = field.type && ts.isTypeReferenceNode(field.type) ? field.type.typeArguments?.[0] : undefined;
  if (!emitDecoratorMetadata || !wrapped || !ts.isTypeReferenceNode(wrapped)) return false;
  const held = workspace.checker(source.fileName).getTypeFromTypeNode(wrapped).symbol?.valueDeclaration;
  if (!held || !ts.isClassDeclaration(held)) return false;
  const home = held.getSourceFile().fileName;
  if (home === source.fileName) return held.pos > field.pos;
  return module !== ts.ModuleKind.CommonJS && workspace.importersOf(source.fileName).has(home);
}
