import { ts, type tsTypes } from '../facts/compiler.js';
import { type Refusal, refuse, type TextEdit } from './patch.js';
import { placeOf } from './place.js';
import type { Wrapper } from './unwrapping.js';
import type { Workspace } from './workspace.js';

export function promises(workspace: Workspace): Wrapper {
  return {
    isName: (name) => name === 'Promise' || name === 'PromiseLike',
    word: 'a promise',
    wrapsReturned: true,
    use: (wrapped) => promiseUse(wrapped, workspace),
    made: (e) => resolved(e),
    opened: (e) =>
      isInAsync(e) && (ts.isCallExpression(e) || ts.isPropertyAccessExpression(e) || ts.isIdentifier(e))
        ? { file: e.getSourceFile().fileName, start: e.getStart(), end: e.getStart(), text: 'await ' }
        : undefined,
  };
}

function promiseUse(wrapped: tsTypes.Expression, workspace: Workspace): readonly TextEdit[] | Refusal | undefined {
  const { parent } = wrapped;
  if (ts.isAwaitExpression(parent)) return withoutAwait(parent);
  if (ts.isPropertyAccessExpression(parent) && /^(?:then|catch|finally)$/.test(parent.name.text))
    return refuse(`.${parent.name.text} is called on its promise (${placeOf(parent.name, workspace)})`);
  const list = ts.isArrayLiteralExpression(parent) ? parent.parent : parent;
  const waits = ts.isCallExpression(list) && /^Promise\s*\.\s*(?:all|resolve)$/.test(list.expression.getText());
  return waits ? [] : undefined;
}

/** `(await device.feeds).map(…)` becomes `device.feeds.map(…)`. */
export function withoutAwait(node: tsTypes.AwaitExpression): readonly TextEdit[] {
  const source = node.getSourceFile();
  const { text, fileName: file } = source;
  const start = node.getStart();
  const inner = node.expression.getStart();
  const keyword = start + 'await'.length;
  const space = /^\s*/.exec(text.slice(keyword, inner))?.[0].length ?? 0;
  const edits: TextEdit[] = [{ file, start, end: keyword + space, text: '' }];
  const around = node.parent;
  if (!ts.isParenthesizedExpression(around) || keepsParentheses(around, node.expression)) return edits;
  const open = text.slice(around.getStart(), start);
  const close = text.slice(node.end, around.end);
  if (!/^\(\s*$/.test(open) || !/^\s*\)$/.test(close)) return edits;
  // A semicolon that only kept the parenthesis off the line before.
  const semicolon = /(?:^|\n)[ \t]*;$/.test(text.slice(0, around.getStart())) ? 1 : 0;
  return [
    { file, start: around.getStart() - semicolon, end: keyword + space, text: '' },
    { file, start: node.end, end: around.end, text: '' },
  ];
}

/** `(await device?.feeds).length` fails without a device, `device?.feeds.length` does not. */
function keepsParentheses(around: tsTypes.ParenthesizedExpression, inner: tsTypes.Expression): boolean {
  const { parent } = around;
  if (!ts.isLeftHandSideExpression(inner)) return true;
  const asked =
    ts.isPropertyAccessExpression(parent) ||
    ts.isElementAccessExpression(parent) ||
    ts.isNonNullExpression(parent) ||
    (ts.isCallExpression(parent) && parent.expression === around);
  const optional = 'questionDotToken' in parent && parent.questionDotToken !== undefined;
  return ts.isOptionalChain(inner) && asked && !optional;
}

function resolved(e: tsTypes.Expression): tsTypes.Expression | undefined {
  if (!ts.isCallExpression(e) || !/^Promise\s*\.\s*resolve$/.test(e.expression.getText())) return undefined;
  const [value] = e.arguments;
  return value && !ts.isSpreadElement(value) ? value : undefined;
}

export function isInAsync(node: tsTypes.Node): boolean {
  const made = ts.findAncestor(node, ts.isFunctionLike);
  return (
    made !== undefined && ts.canHaveModifiers(made) && (ts.getModifiers(made) ?? []).some(({ kind }) => kind === ts.SyntaxKind.AsyncKeyword)
  );
}
