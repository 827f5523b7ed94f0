import type { Offset, Range, Tag } from './facts.js';
import { ts, type tsTypes } from './parser.js';

/** The file being extracted; handed down because nodes have no parent pointers. */
export interface Source {
  readonly text: string;
  readonly sourceFile: tsTypes.SourceFile;
  /** Scratch stack of `expression`, which walks left-nested chains without recursion. */
  readonly spine: tsTypes.Expression[];
  /** How many expressions, statements and types lie around the current one. */
  depth: number;
}

/** Facts have to stay shallow enough for whoever walks them, `JSON.stringify` to begin with. */
const DEPTH_LIMIT = 500;

/** To be followed by `source.depth--`; an error in between is the end of the file's extraction. */
export function enter(source: Source): void {
  if (++source.depth > DEPTH_LIMIT) throw new RangeError('nested too deeply');
}

export type Mutable<T> = { -readonly [K in keyof T]: T[K] };

export const NONE: readonly never[] = Object.freeze([]);

// Read once: the compiler's exports are getters and its enums dictionaries, both slow in a hot path.
const { SyntaxKind, idText, isComputedPropertyName, isIdentifier, isStringLiteralLike } = ts;
const { isCallExpression, isNumericLiteral, isPrivateIdentifier, isPropertyAccessExpression, isQualifiedName, isDecorator, skipTrivia } =
  ts;
const { JSDocText, ThisKeyword } = SyntaxKind;

/** A table by syntax kind: a `switch` over a dictionary's values would compare its way down the cases. */
export function dispatch<T>(entries: readonly (readonly [kind: tsTypes.SyntaxKind, value: T])[]): readonly (T | undefined)[] {
  const table = new Array<T | undefined>(400).fill(undefined);
  for (const [kind, value] of entries) table[kind] = value;
  return table;
}

export function mapNodes<N, T>(source: Source, nodes: readonly N[] | undefined, convert: (source: Source, node: N) => T): readonly T[] {
  if (nodes === undefined || nodes.length === 0) return NONE;
  const result: T[] = [];
  for (const node of nodes) result.push(convert(source, node));
  return result;
}

// ── places ────────────────────────────────────────────────────────────────────────────────────────────────────────

export function rangeOf(source: Source, node: tsTypes.Node): Range {
  return [startOf(source, node), node.end];
}

export function startOf(source: Source, node: tsTypes.Node): Offset {
  const missing = node.pos === node.end;
  return missing ? node.pos : tokenStart(source.text, node.pos);
}

export function tokenStart(text: string, from: Offset): Offset {
  let position = from;
  let code = text.charCodeAt(position);
  while (code === 0x20 || code === 0x0a || code === 0x0d || code === 0x09) code = text.charCodeAt(++position);
  return startsToken(code) ? position : skipTrivia(text, position);
}

/** Holds for letters, digits, quotes, brackets: whatever cannot start a comment, a shebang or a conflict marker. */
function startsToken(code: number): boolean {
  return (code >= 0x40 && code < 0x7c) || (code >= 0x24 && code <= 0x2e) || (code >= 0x30 && code <= 0x39) || code === 0x22;
}

/** The word at or after `from`: where an anonymous declaration is pointed at. */
export function wordAt(source: Source, from: Offset): Range {
  const start = tokenStart(source.text, from);
  let end = start;
  while (isLowerCase(source.text.charCodeAt(end))) end++;
  return [start, end];
}

function isLowerCase(code: number): boolean {
  return code >= 0x61 && code <= 0x7a;
}

// ── names ─────────────────────────────────────────────────────────────────────────────────────────────────────────

export function nameText(source: Source, name: tsTypes.Node): string {
  if (isIdentifier(name) || isPrivateIdentifier(name)) return idText(name);
  if (isStringLiteralLike(name) || isNumericLiteral(name)) return name.text;
  if (isComputedPropertyName(name) && isPlainKey(name.expression)) return name.expression.text;
  return source.text.slice(startOf(source, name), name.end);
}

export function isComputed(name: tsTypes.Node): boolean {
  return isComputedPropertyName(name) && !isPlainKey(name.expression);
}

function isPlainKey(key: tsTypes.Expression): key is tsTypes.StringLiteralLike | tsTypes.NumericLiteral {
  return isStringLiteralLike(key) || isNumericLiteral(key);
}

/** `a.b.c` of an entity name or an expression; a call counts as its callee, anything else as nothing. */
export function dottedName(node: tsTypes.Node): string {
  if (isIdentifier(node)) return idText(node);
  if (isPropertyAccessExpression(node)) return joinDotted(node.expression, node.name);
  if (isQualifiedName(node)) return joinDotted(node.left, node.right);
  if (isCallExpression(node)) return dottedName(node.expression);
  return node.kind === ThisKeyword ? 'this' : '';
}

function joinDotted(left: tsTypes.Node, right: tsTypes.MemberName): string {
  const qualifier = dottedName(left);
  return qualifier === '' ? idText(right) : `${qualifier}.${idText(right)}`;
}

// ── modifiers ─────────────────────────────────────────────────────────────────────────────────────────────────────

export const Flag = {
  export: 1,
  default: 2,
  declare: 4,
  abstract: 8,
  static: 16,
  public: 32,
  private: 64,
  protected: 128,
  readonly: 256,
  async: 512,
  override: 1024,
} as const;

const FLAGS = dispatch<number>([
  [SyntaxKind.ExportKeyword, Flag.export],
  [SyntaxKind.DefaultKeyword, Flag.default],
  [SyntaxKind.DeclareKeyword, Flag.declare],
  [SyntaxKind.AbstractKeyword, Flag.abstract],
  [SyntaxKind.StaticKeyword, Flag.static],
  [SyntaxKind.PublicKeyword, Flag.public],
  [SyntaxKind.PrivateKeyword, Flag.private],
  [SyntaxKind.ProtectedKeyword, Flag.protected],
  [SyntaxKind.ReadonlyKeyword, Flag.readonly],
  [SyntaxKind.AsyncKeyword, Flag.async],
  [SyntaxKind.OverrideKeyword, Flag.override],
]);

type Modifiers = readonly tsTypes.ModifierLike[] | undefined;

export function modifierFlags(modifiers: Modifiers): number {
  let flags = 0;
  if (modifiers !== undefined) for (const modifier of modifiers) flags |= FLAGS[modifier.kind] ?? 0;
  return flags;
}

/** Where the keyword of a declaration may start: behind its decorators. */
export function afterDecorators(node: tsTypes.Node, modifiers: Modifiers): Offset {
  let position = node.pos;
  for (const modifier of modifiers ?? NONE) {
    if (!isDecorator(modifier)) break;
    position = modifier.end;
  }
  return position;
}

/** Where the keyword of a member starts: behind all its modifiers. */
export function afterModifiers(node: tsTypes.Node, modifiers: Modifiers): Offset {
  return modifiers?.at(-1)?.end ?? node.pos;
}

// ── tags ──────────────────────────────────────────────────────────────────────────────────────────────────────────

/** The block tags of the JSDoc comment right before a node; earlier comments belong to nothing, as in TypeScript. */
export function tagsOf(source: Source, node: tsTypes.Node): readonly Tag[] {
  const comments = (node as { readonly jsDoc?: readonly tsTypes.JSDoc[] }).jsDoc;
  return comments === undefined ? NONE : mapNodes(source, comments.at(-1)?.tags, tagFacts);
}

function tagFacts(source: Source, tag: tsTypes.JSDocTag): Tag {
  const { comment, tagName } = tag;
  const text = typeof comment === 'string' ? comment : mapNodes(source, comment, commentText).join('');
  return { name: idText(tagName), text: text.trim(), at: [tag.pos, tagEnd(source.text, tag)] };
}

/** The compiler's own `getTextOfJSDocComment` needs parent pointers to print a `{@link}`. */
function commentText(source: Source, part: tsTypes.JSDocComment): string {
  return part.kind === JSDocText ? part.text : source.text.slice(part.pos, part.end);
}

/** The compiler lets a tag reach to the next one, over line ends and leading asterisks. */
function tagEnd(text: string, tag: tsTypes.JSDocTag): Offset {
  let end = tag.end;
  while (end > tag.tagName.end && ' \t\r\n*'.includes(text.charAt(end - 1))) end--;
  return end;
}
