import type { TypeReadOnly } from '../../change.js';
import { ts, type tsTypes } from '../../facts/compiler.js';
import { alongWith, type Exposing, exposing, ownChangesMoved, typedReadOnly } from '../exposing.js';
import { isRefusal, joined, type Refusal, refuse } from '../patch.js';
import type { Workspace } from '../workspace.js';
import type { Verb } from './verb.js';

export const typeReadOnly: Verb<TypeReadOnly> = ({ at }, workspace) => {
  const shown = exposing(workspace.nodeAt(at), workspace);
  if (!shown) return refuse('no field, accessor or method stands there');
  const typed = typedReadOnly(shown, workspace);
  const readByOrm = isRefusal(typed) ? typed : whereTheOrmReadsIt(shown, workspace);
  if (isRefusal(typed) || readByOrm) return readByOrm ?? refuse('nothing is to be done');
  const { edits, flow } = ownChangesMoved(shown, workspace);
  return joined([typed, { edits: [...edits, ...alongWith(shown, flow, workspace)] }]);
};

/** An ORM that learns a field's type from the compiler's metadata, or from the source, has to find there what it knows. */
function whereTheOrmReadsIt({ name, member }: Exposing, workspace: Workspace): Refusal | undefined {
  const decorators = ts.canHaveDecorators(member) ? (ts.getDecorators(member) ?? []) : [];
  if (decorators.length === 0) return undefined;
  const source = name.getSourceFile();
  const checker = workspace.checker(source.fileName);
  const isArray = checker.isArrayType(checker.getNonNullableType(checker.getTypeAtLocation(name)));
  if (!isArray && workspace.optionsOf(source.fileName).emitDecoratorMetadata)
    return refuse('its decorator reads the type at run time, where a read-only one is unknown');
  const guessed = decorators.find((each) => importedFrom(each, '@mikro-orm/') && !/=>|\b(?:type|entity)\b/.test(each.getText()));
  return guessed && refuse(`${guessed.getText()} may read the type from the source, where it knows no read-only one`);
}

function importedFrom({ expression }: tsTypes.Decorator, prefix: string): boolean {
  const name = (ts.isCallExpression(expression) ? expression.expression : expression).getText().split('.')[0];
  return expression
    .getSourceFile()
    .statements.filter(ts.isImportDeclaration)
    .some(
      ({ moduleSpecifier, importClause }) =>
        moduleSpecifier.getText().slice(1).startsWith(prefix) && new RegExp(`\\b${name}\\b`).test(importClause?.getText() ?? ''),
    );
}
