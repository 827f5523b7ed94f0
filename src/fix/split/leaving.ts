import { ts, type tsTypes } from '../../facts/compiler.js';
import type { TextEdit } from '../patch.js';
import type { Workspace } from '../workspace.js';
import type { Moving } from './moving.js';
import { obstacle, placeOf } from './obstacle.js';
import { constructorOf, edit, isInside, withoutItems, withoutLines } from './syntax.js';

/** What the old handler loses: the statements, the dependencies that nothing else of it uses, and what it was given for them. */
export function leaving(moving: Moving, workspace: Workspace): TextEdit[] {
  const { owner, statements } = moving;
  const constructor_ = constructorOf(owner);
  const unused = moving.dependencies.filter((d) =>
    workspace.references(d.name).every((use) => isInside(use, d) || statements.some((s) => isInside(use, s))),
  );
  return [
    ...runs(moving).flatMap(withoutLines),
    ...(constructor_ ? parameters(constructor_, unused) : []),
    ...constructions(moving, unused, workspace),
  ];
}

/** Statements that stand next to one another. */
function runs({ block, statements }: Moving): readonly (readonly tsTypes.Statement[])[] {
  const found: tsTypes.Statement[][] = [];
  for (const statement of statements) {
    const run = found.at(-1);
    const previous = block.statements[block.statements.indexOf(statement) - 1];
    if (run && previous && run.at(-1) === previous) run.push(statement);
    else found.push([statement]);
  }
  return found;
}

function parameters({ parameters: list }: tsTypes.ConstructorDeclaration, unused: readonly tsTypes.ParameterDeclaration[]): TextEdit[] {
  const left = list.filter((p) => !unused.includes(p));
  const [only] = left;
  const source = list[0]?.getSourceFile();
  if (!source || !only || left.length > 1 || unused.length === 0) return withoutItems(list, unused);
  const written = source.text.slice(list.pos, list.end);
  const close = source.text.indexOf(')', list.end);
  const hugs = written.includes('\n') && !/@|\/\/|\/\*/.test(written) && source.text.slice(list.end, close).trim() === '';
  // What stood one a line because there were several stands alone now.
  return hugs ? [edit(source, list.pos, close, only.getText())] : withoutItems(list, unused);
}

function constructions({ owner }: Moving, unused: readonly tsTypes.ParameterDeclaration[], workspace: Workspace): TextEdit[] {
  if (!owner.name || unused.length === 0) return [];
  return workspace.references(owner.name).flatMap((use) => {
    const { parent: made } = use;
    if (!ts.isNewExpression(made) || made.expression !== use || !made.arguments) return [];
    if (made.arguments.some(ts.isSpreadElement)) return obstacle(`${made.getText()} at ${placeOf(made, workspace)} spreads its arguments`);
    const gone = unused.flatMap((p) => made.arguments?.[p.parent.parameters.indexOf(p)] ?? []);
    return withoutItems(made.arguments, gone);
  });
}
