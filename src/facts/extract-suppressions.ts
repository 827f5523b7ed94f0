import type { Mutable } from './extract-source.js';
import { NONE, tokenStart } from './extract-source.js';
import type { Offset, Range, SuppressionComment, SuppressionScope } from './facts.js';
import { ts, type tsTypes } from './parser.js';

const { forEachChild, idText, isDecorator } = ts;
const { LastToken, JsxText, EndOfFileToken } = ts.SyntaxKind;

/** The comments that speak to the linter. A file without one pays for two searches in its text. */
export function suppressionsIn(text: string, sourceFile: tsTypes.SourceFile): readonly SuppressionComment[] {
  if (!text.includes('aggro-') && !text.includes(`@${TAG}`)) return NONE;
  const code = codeOf(text, sourceFile);
  const directives = commentsBetween(text, code.tokens).flatMap((comment) => directivesIn(text, comment, code));
  return paired(directives, text);
}

/** A comment in JSDoc form: `@aggroIgnore rule reason`. */
const TAG = 'aggroIgnore';

// ── the code around the comments ──────────────────────────────────────────────────────────────────────────────────

interface Code {
  /** Everything with characters that a comment cannot stand in, in order: names, literals, pieces of templates, JSX text. */
  readonly tokens: readonly Range[];
  /** By where its JSDoc tag starts: the declaration that it belongs to. */
  readonly tagged: ReadonlyMap<Offset, Range>;
  /** By where its decorators start: where the name of a decorated declaration ends. */
  readonly decorated: ReadonlyMap<Offset, Offset>;
}

function codeOf(text: string, sourceFile: tsTypes.SourceFile): Code {
  const tokens: Range[] = [];
  const tagged = new Map<Offset, Range>();
  const decorated = new Map<Offset, Offset>();
  const pending: tsTypes.Node[] = [sourceFile];
  const push = (node: tsTypes.Node): void => void pending.push(node);
  for (let node = pending.pop(); node; node = pending.pop()) {
    const { jsDoc, modifiers, name } = node as Partial<Declared> & tsTypes.Node;
    if (node.kind <= LastToken && node.kind !== EndOfFileToken) {
      const start = node.kind === JsxText ? firstInked(text, node.pos, node.end) : tokenStart(text, node.pos);
      if (start < node.end) tokens.push([start, node.end]);
    }
    for (const tag of jsDoc?.at(-1)?.tags ?? NONE)
      if (idText(tag.tagName) === TAG) tagged.set(tag.pos, [tokenStart(text, node.pos), node.end]);
    if (modifiers?.some(isDecorator)) decorated.set(tokenStart(text, node.pos), name?.end ?? modifiers.at(-1)?.end ?? node.pos);
    forEachChild(node, push);
  }
  return { tokens: tokens.sort(([a], [b]) => a - b), tagged, decorated };
}

interface Declared {
  readonly jsDoc: readonly tsTypes.JSDoc[];
  readonly modifiers: readonly tsTypes.ModifierLike[];
  readonly name: tsTypes.Node;
}

/** What lies between two tokens is blanks, punctuation and comments; so `//` there opens one, which in a string it does not. */
function commentsBetween(text: string, tokens: readonly Range[]): Range[] {
  const comments: Range[] = [];
  let from = 0;
  for (const [start, end] of [...tokens, [text.length, text.length] as const]) {
    if (start > from)
      for (const { index, 0: comment } of text.slice(from, start).matchAll(COMMENT))
        comments.push([from + index, from + index + comment.length]);
    from = Math.max(from, end);
  }
  return comments;
}

const COMMENT = /\/\/[^\r\n]*|\/\*[\s\S]*?\*\//g;

// ── one comment ───────────────────────────────────────────────────────────────────────────────────────────────────

type Directive = Mutable<SuppressionComment> & { readonly comment: Range };

function directivesIn(text: string, comment: Range, code: Code): Directive[] {
  const [start, end] = comment;
  const body = text.slice(start, end);
  const [opening, keyword] = LINE_DIRECTIVE.exec(body) ?? [];
  if (opening !== undefined && keyword !== undefined) return [lineDirective(text, comment, keyword, start + opening.length, code)];
  return [...body.matchAll(IGNORE)].map(({ index, 0: found }) =>
    ignoreTag(text, comment, start + index + found.length - TAG.length - 1, code),
  );
}

const LINE_DIRECTIVE = /^(?:\/\/|\/\*\*?)\s*(aggro-(?:disable|enable|ignore)[\w-]*)/;
const IGNORE = /(?:^|\n)[^\S\n]*(?:\/\*\*|\/\/|\*)[^\S\n]*@aggroIgnore\b/g;

const KINDS: Readonly<Record<string, SuppressionComment['kind']>> = {
  'aggro-disable-next-line': 'disable-next-line',
  'aggro-disable-line': 'disable-line',
  'aggro-disable-file': 'disable-file',
  'aggro-disable': 'disable',
  'aggro-enable': 'enable',
};

function lineDirective(text: string, comment: Range, directive: string, bodyStart: Offset, code: Code): Directive {
  const [start, end] = comment;
  const at: Range = [bodyStart - directive.length, bodyStart];
  const bodyEnd = text.startsWith('/*', start) ? end - '*/'.length : end;
  const body = text.slice(bodyStart, bodyEnd);
  const kind = KINDS[directive] ?? 'unknown';
  const dashes = /(?:^|\s)--+(?=\s|$)/.exec(body);
  const list = dashes ? body.slice(0, dashes.index) : (/^\s*[^\s,]+(?:\s*,\s*[^\s,]+)*/.exec(body)?.[0] ?? '');
  const reason = dashes ? inOneLine(body.slice(dashes.index + dashes[0].length)) : '';
  const covers = coveredBy(kind, text, comment, code);
  return { kind, directive, ...scopesOf(list, bodyStart, at, covers), reason, at, removal: [withItsLine(text, comment)], comment };
}

function ignoreTag(text: string, comment: Range, start: Offset, { tagged }: Code): Directive {
  const [from, to] = comment;
  const at: Range = [start, start + TAG.length + 1];
  const isBlock = text.startsWith('/*', from);
  const bodyEnd = isBlock ? nextTag(text, at[1], to - '*/'.length) : to;
  const body = text.slice(at[1], bodyEnd);
  const list = /^[^\S\n]*[^\s,]+(?:[^\S\n]*,[^\S\n]*[^\s,]+)*/.exec(body)?.[0] ?? '';
  const reason = inOneLine(body.slice(list.length)).replace(/^--+\s*/, '');
  const own: Range = [start, at[1] + body.replace(/[\s*]+$/, '').length];
  const alone = isBlock && /^\/\*\*[\s*]*$/.test(text.slice(from, start)) && /^[\s*]*\/$/.test(text.slice(own[1], to));
  return {
    kind: 'ignore',
    directive: `@${TAG}`,
    ...scopesOf(list, at[1], at, tagged.get(start)),
    reason,
    at,
    removal: [!isBlock || alone ? withItsLine(text, comment) : withItsLine(text, own, /^[^\S\n]*\*?[^\S\n]*$/)],
    comment,
  };
}

function nextTag(text: string, from: Offset, to: Offset): Offset {
  const next = text.slice(from, to).search(/\n[^\S\n]*\*?[^\S\n]*@\w/);
  return next < 0 ? to : from + next;
}

/** The rules that are named, or one scope for all. */
function scopesOf(list: string, offset: Offset, directive: Range, covers: Range | undefined): Pick<Directive, 'scopes' | 'names'> {
  const covered = covers === undefined ? {} : { covers };
  const scopes = [...list.matchAll(/[^\s,*]+/g)].map(({ index, 0: rule }) => {
    const at: Range = [offset + index, offset + index + rule.length];
    return { rule, at, ...covered };
  });
  const [first] = scopes;
  const last = scopes.at(-1);
  return first && last ? { scopes, names: [first.at[0], last.at[1]] } : { scopes: [{ at: directive, ...covered }] };
}

/** Comments and blank lines between are passed over, so several of these can stand one below the other. */
function coveredBy(kind: SuppressionComment['kind'], text: string, [start, end]: Range, { tokens, decorated }: Code): Range | undefined {
  if (kind === 'disable-file') return [0, text.length];
  if (kind === 'disable') return [start, text.length];
  if (kind === 'disable-line') return [lineStart(text, start), lineEnd(text, end)];
  if (kind !== 'disable-next-line') return undefined;
  const next = tokens.find(([from]) => from >= lineEnd(text, end));
  if (next === undefined) return undefined;
  const first = firstOnLine(text, next[0]);
  return [lineStart(text, first), lineEnd(text, decorated.get(first) ?? next[0])];
}

/** Punctuation is no token here: `@` of a decorator, a bracket. */
function firstOnLine(text: string, offset: Offset): Offset {
  return firstInked(text, lineStart(text, offset), offset);
}

// ── disable … enable ──────────────────────────────────────────────────────────────────────────────────────────────

/** Cuts what a `disable` covers at the `enable` that ends it. */
function paired(directives: readonly Directive[], text: string): SuppressionComment[] {
  const pairs = directives.flatMap((opening, i) =>
    opening.kind !== 'disable'
      ? []
      : opening.scopes.flatMap((scope) => {
          const closing = directives.slice(i + 1).find(({ kind, scopes }) => kind === 'enable' && scopes.some((by) => ends(by, scope)));
          return closing ? [{ opening, scope, closing }] : [];
        }),
  );
  function scopesIn(directive: Directive): SuppressionScope[] {
    return directive.scopes.map((scope) => {
      const pair = pairs.find((each) => each.scope === scope);
      if (pair) return { ...scope, covers: [directive.comment[0], pair.closing.comment[0]] };
      const used = pairs.some(({ closing, scope: ended }) => closing === directive && ends(scope, ended));
      return used ? { ...scope, covers: directive.comment } : scope;
    });
  }
  /** The `enable` comments that would be idle without it. */
  function closings(directive: Directive): Range[] {
    const own = new Set(pairs.filter(({ opening }) => opening === directive).map(({ closing }) => closing));
    const alone = [...own].filter((closing) => pairs.every((each) => each.closing !== closing || each.opening === directive));
    return alone.map(({ comment }) => withItsLine(text, comment));
  }
  return directives.map((directive) => {
    const { comment: _, ...facts } = directive;
    return { ...facts, scopes: scopesIn(directive), removal: [...facts.removal, ...closings(directive)] };
  });
}

function ends(enable: SuppressionScope, { rule }: SuppressionScope): boolean {
  return enable.rule === undefined || enable.rule === rule;
}

// ── text ──────────────────────────────────────────────────────────────────────────────────────────────────────────

/** Over whole lines where nothing else stands on them; else with the blanks before it. */
function withItsLine(text: string, [start, end]: Range, margin = /^[^\S\n]*$/): Range {
  const from = lineStart(text, start);
  const to = lineEnd(text, end);
  const restIsBlank = text.slice(end, to).trim() === '';
  if (margin.test(text.slice(from, start)) && restIsBlank) return [from, Math.min(to + 1, text.length)];
  if (restIsBlank) return [from + text.slice(from, start).trimEnd().length, end];
  return [start, firstInked(text, end, to)];
}

/** The first character that is no blank. */
function firstInked(text: string, start: Offset, end: Offset): Offset {
  return end - text.slice(start, end).trimStart().length;
}

function lineStart(text: string, offset: Offset): Offset {
  return offset === 0 ? 0 : text.lastIndexOf('\n', offset - 1) + 1;
}

/** Before its line feed. */
function lineEnd(text: string, offset: Offset): Offset {
  const end = text.indexOf('\n', offset);
  return end < 0 ? text.length : end;
}

function inOneLine(text: string): string {
  return text
    .replaceAll(/\n\s*\*?/g, ' ')
    .replaceAll(/\s+/g, ' ')
    .trim();
}
