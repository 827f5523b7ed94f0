import { ts, type tsTypes } from '../facts/compiler.js';
import { withoutStatement } from './lines.js';
import { isRefusal, type Refusal, refuse, type TextEdit } from './patch.js';
import { placeOf } from './place.js';
import { isInAsync, withoutAwait } from './promises.js';
import { outermost, type Wrapper } from './unwrapping.js';
import type { Workspace } from './workspace.js';

// ── references of MikroORM ────────────────────────────────────────────────────────────────────────────────────────

export function references(workspace: Workspace): Wrapper {
  return {
    isName: (name) => /^(?:Ref|LazyRef|LazyReference|Reference|IdentifiedReference|LoadedReference)$/.test(name),
    word: 'a reference',
    wrapsReturned: false,
    use: (wrapped) => referenceUse(wrapped, workspace),
    made: (e) => referenced(e),
  };
}

function referenceUse(wrapped: tsTypes.Expression, workspace: Workspace): readonly TextEdit[] | Refusal | undefined {
  const { parent: access } = wrapped;
  if (!ts.isPropertyAccessExpression(access) || access.expression !== wrapped) return undefined;
  const name = access.name.text;
  const file = wrapped.getSourceFile().fileName;
  const call = ts.isCallExpression(access.parent) && access.parent.expression === access ? access.parent : undefined;
  const [given] = call?.arguments ?? [];
  if (name === '$') return [{ file, start: wrapped.end, end: access.end, text: '' }];
  if (!call) return name === 'load' ? refuse(`its load is handed on (${placeOf(access, workspace)})`) : [];
  if (name === 'set' && given && ts.isExpressionStatement(call.parent))
    return [
      { file, start: wrapped.end, end: given.getStart(), text: ' = ' },
      { file, start: given.end, end: call.end, text: '' },
    ];
  if (/^(?:unwrap|getEntity|get)$/.test(name) && !given) return [{ file, start: wrapped.end, end: call.end, text: '' }];
  if (/^(?:load|loadOrFail)$/.test(name) && !given) return loaded(call, '', workspace);
  return refuse(`.${name}() is called on its reference (${placeOf(access.name, workspace)})`);
}

/** `ref(schedule)`, `Reference.create(schedule)`, `wrap(schedule).toReference()`. */
function referenced(e: tsTypes.Expression): tsTypes.Expression | undefined {
  if (!ts.isCallExpression(e)) return undefined;
  const callee = e.expression;
  const [value, more] = e.arguments;
  if (/^(?:\w+\.)?(?:ref|Reference\.create)$/.test(callee.getText())) return more ? undefined : value;
  const wrapping = ts.isPropertyAccessExpression(callee) && callee.name.text === 'toReference' ? callee.expression : undefined;
  return wrapping && ts.isCallExpression(wrapping) && /^(?:\w+\.)?wrap$/.test(wrapping.expression.getText())
    ? wrapping.arguments[0]
    : undefined;
}

// ── collections of MikroORM ───────────────────────────────────────────────────────────────────────────────────────

/** Takes out what only loads the collection: `await this.tracks.init()`. */
export function withoutLoading(field: tsTypes.Node, workspace: Workspace): readonly TextEdit[] | Refusal {
  const edits: TextEdit[] = [];
  for (const reference of workspace.references(field)) {
    const owner = reference.parent;
    const access = ts.isPropertyAccessExpression(owner) && owner.name === reference ? outermost(owner).parent : undefined;
    if (!access || !ts.isPropertyAccessExpression(access) || !/^(?:init|loadItems)$/.test(access.name.text)) continue;
    const call = access.parent;
    if (!ts.isCallExpression(call) || call.expression !== access)
      return refuse(`its ${access.name.text} is handed on (${placeOf(access, workspace)})`);
    if (call.arguments.length > 0) return refuse(`.${access.name.text}() is told what to load (${placeOf(access.name, workspace)})`);
    const outcome = loaded(call, access.name.text === 'loadItems' ? '.getItems()' : '', workspace);
    if (isRefusal(outcome)) return outcome;
    edits.push(...outcome);
  }
  return edits;
}

/** The load taken out of `await owner.part.load()`, or the whole statement where it does nothing else. */
function loaded(call: tsTypes.CallExpression, instead: string, workspace: Workspace): readonly TextEdit[] | Refusal {
  const callee = call.expression;
  if (!ts.isPropertyAccessExpression(callee)) return refuse('nothing is loaded there');
  const part = callee.expression;
  const bare: TextEdit = { file: call.getSourceFile().fileName, start: part.end, end: call.end, text: instead };
  const { parent } = call;
  if (ts.isAwaitExpression(parent)) {
    if (ts.isExpressionStatement(parent.parent)) return withoutLoad(parent.parent, part, workspace);
    return [...withoutAwait(parent), bare];
  }
  const returned = ts.isReturnStatement(parent) || (ts.isArrowFunction(parent) && parent.body === call);
  return returned && isInAsync(call) ? [bare] : refuse(`its loading is handed on (${placeOf(call, workspace)})`);
}

function withoutLoad(
  statement: tsTypes.ExpressionStatement,
  part: tsTypes.Expression,
  workspace: Workspace,
): readonly TextEdit[] | Refusal {
  const block = ts.isBlock(statement.parent) ? statement.parent : undefined;
  if (block && block.statements.length > 1) return [withoutStatement(statement)];
  const holder = block ? block.parent : statement.parent;
  const test = ts.isIfStatement(holder) && !holder.elseStatement ? holder.expression.getText().replaceAll(/\s/g, '') : undefined;
  if (ts.isIfStatement(holder) && test === `!${part.getText().replaceAll(/\s/g, '')}.isInitialized()` && isInFull(holder))
    return [withoutStatement(holder)];
  return refuse(`nothing but the loading stands there (${placeOf(statement, workspace)})`);
}

function isInFull({ parent }: tsTypes.Statement): boolean {
  return ts.isBlock(parent) && parent.statements.length > 1;
}
