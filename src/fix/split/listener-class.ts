import { ts, type tsTypes } from '../../facts/compiler.js';
import { parameterList } from './event-class.js';
import { type Moving, movedText } from './moving.js';
import { camel, pascal, reworded, wordsOf } from './naming.js';
import { nameOf } from './raising.js';
import { classOf, constructorOf, eachNode, indentOf, indentUnit } from './syntax.js';

/** A handler of an event that another is to be like. */
export interface ListenerExample {
  readonly class_: tsTypes.ClassDeclaration;
  readonly method: tsTypes.MethodDeclaration;
  readonly event: tsTypes.ClassDeclaration;
}

export function listenerExample(
  name: tsTypes.Node | undefined,
  events: readonly (tsTypes.Node | undefined)[],
): ListenerExample | undefined {
  const method = name?.parent;
  const class_ = classOf(method);
  const event = events.find((e) => e && ts.isClassDeclaration(e.parent))?.parent;
  if (!method || !ts.isMethodDeclaration(method) || !class_?.name || !event || !ts.isClassDeclaration(event)) return undefined;
  return { class_, method, event };
}

const SUFFIX = ['domain', 'integration', 'event'];

/** `OrderPlacedDomainEvent` → `order placed` and `domain event`. */
export function stemOf(name: string): { readonly stem: readonly string[]; readonly suffix: readonly string[] } {
  const words = wordsOf(name);
  let end = words.length;
  while (end > 1 && SUFFIX.includes(words[end - 1] ?? '') && words.at(-1) === 'event') end--;
  return { stem: words.slice(0, end), suffix: words.slice(end) };
}

/** A name made as the example's is from its event: `OrderPlacedHandler`, `OnOrderPlaced`, `ReserveStockWhenOrderIsPlaced…`. */
export function listenerName(
  example: ListenerExample,
  stem: readonly string[],
  action: readonly string[],
  isTaken: (name: string) => boolean,
): string {
  const words = wordsOf(nameOf(example.class_));
  const own = stemOf(nameOf(example.event)).stem;
  const found = placeIn(words, own);
  const kind = KINDS.has(words.at(-1) ?? '') ? words.slice(-1) : [];
  const spelledOut = [...action, 'on', ...stem, ...(found ? words.slice(found.end) : kind)];
  if (!found) return pascal(spelledOut);
  const before = words.slice(0, found.start);
  const linked = found.linked === undefined ? stem : [...stem.slice(0, -1), found.linked, ...stem.slice(-1)];
  const after = words.slice(found.end);
  const short = [...before, ...linked, ...after];
  if (before.length === 0 || (before.length === 1 && GENERIC.has(before[0] ?? '')))
    return isTaken(pascal(short)) ? pascal(spelledOut) : pascal(short);
  const preposition = GENERIC.has(before.at(-1) ?? '') ? before.slice(-1) : ['on'];
  return pascal([...action, ...preposition, ...linked, ...after]);
}

const KINDS = new Set(['handler', 'listener', 'subscriber', 'policy', 'reaction', 'consumer']);
const GENERIC = new Set(['on', 'when', 'after', 'upon', 'handle', 'if']);

/** Where the event's words stand, `is` or `was` between them allowed. */
function placeIn(
  words: readonly string[],
  stem: readonly string[],
): { readonly start: number; readonly end: number; readonly linked: string | undefined } | undefined {
  for (let start = 0; start <= words.length - stem.length; start++) {
    let at = start;
    let linked: string | undefined;
    const matches = stem.every((word, i) => {
      const next = words[at] ?? '';
      if (next !== word && i === stem.length - 1 && (next === 'is' || next === 'was')) {
        linked = next;
        at++;
      }
      return words[at++] === word;
    });
    if (matches) return { start, end: at, linked };
  }
  return undefined;
}

export interface NewListener {
  readonly name: string;
  /** Name of the event that it handles. */
  readonly event: string;
  /** Words of the example's event, and of the new one. */
  readonly rewording: readonly (readonly [from: readonly string[], to: readonly string[]])[];
  /** What it does, for the method's name where the example's says what that one does. */
  readonly action: readonly string[];
  /** How a need is read from the event. */
  readonly pathOf: (text: string) => string | undefined;
}

export function listenerClass(example: ListenerExample, moving: Moving, wanted: NewListener): string {
  const { class_, method } = example;
  const source = class_.getSourceFile();
  const methodName = methodNameLike(example, wanted);
  const renamed = (text: string): string => renamedText(text, example, wanted, methodName);
  const head = renamed(source.text.slice(class_.getStart(), class_.members.pos));
  const indent = indentOf(class_.members[0] ?? class_) || indentUnit(source);
  const at = class_.members.indexOf(method);
  const others = class_.members
    .filter((m) => registers(m, example))
    .map((m) => ({ text: `${indent}${renamed(m.getText())}`, isAbove: class_.members.indexOf(m) < at }));
  const above = others.filter((m) => m.isAbove).map((m) => m.text);
  const below = others.filter((m) => !m.isAbove).map((m) => m.text);
  const made = constructorText(moving, constructorOf(class_), indent, source, renamed) ?? [];
  const all = [made, above, methodText(example, moving, wanted, methodName, indent, renamed), below].flat();
  return `${head}\n${all.join('\n\n')}\n}`;
}

function methodNameLike({ method, event }: ListenerExample, { rewording, action }: NewListener): string {
  const name = method.name.getText();
  const said = rewording.reduce((done, [from, to]) => reworded(done, from, to), name);
  const { stem } = stemOf(nameOf(event));
  if (said !== name && wordsOf(name).join('').includes(stem.join(''))) return said;
  return /^(?:_?handle|execute|on|process|run|invoke|consume|react|apply|when|notify|handleEvent|onEvent|update|__call)$/.test(name)
    ? name
    : camel(action);
}

/** Says what it is registered for, or registers it. */
function registers(member: tsTypes.ClassElement, { method, event }: ListenerExample): boolean {
  if (member === method || ts.isConstructorDeclaration(member)) return false;
  let speaks = false;
  eachNode(member, (node) => {
    speaks ||= ts.isIdentifier(node) && (node.text === nameOf(event) || (node.text === method.name.getText() && node.parent !== member));
  });
  return speaks;
}

function renamedText(text: string, { class_, method, event }: ListenerExample, wanted: NewListener, methodName: string): string {
  const names: [string, string][] = [
    [nameOf(class_), wanted.name],
    [nameOf(event), wanted.event],
    [`this.${method.name.getText()}`, `this.${methodName}`],
  ];
  const done = names.reduce(
    (t, [from, to]) => t.replaceAll(new RegExp(`(?<![\\w$])${from.replaceAll('.', '\\.')}(?![\\w$])`, 'g'), to),
    text,
  );
  return done.replace(
    /(['"`])((?:(?!\1)[^\\\n])*)\1/g,
    (_, quote: string, inner: string) => quote + wanted.rewording.reduce((t, [from, to]) => reworded(t, from, to), inner) + quote,
  );
}

/** The dependencies that move, as the old handler declared them; what the example's constructor does beside. */
function constructorText(
  { dependencies }: Moving,
  example: tsTypes.ConstructorDeclaration | undefined,
  indent: string,
  source: tsTypes.SourceFile,
  renamed: (text: string) => string,
): string | undefined {
  const statements = example?.body?.statements.filter((s) => mentionsNone(s, example)).map((s) => renamed(s.getText())) ?? [];
  if (dependencies.length === 0 && statements.length === 0) return undefined;
  const [first] = dependencies;
  const around = first?.parent ?? example;
  const texts = dependencies.map((d) => d.getText().replace(/\r?\n[ \t]*/g, `\n${indent}${indentUnit(source)}`));
  const unit = indentUnit(source);
  const decorated = texts.some((t) => t.startsWith('@') && (texts.length > 1 || t.includes('\n')));
  const like = example?.parameters.length ? example.parameters : (first?.parent.parameters ?? ts.factory.createNodeArray());
  const list = decorated
    ? `\n${texts.map((t) => `${indent}${indentUnit(source)}${t},`).join('\n')}\n${indent}`
    : around
      ? reindented(
          parameterList(texts, like as tsTypes.NodeArray<tsTypes.ParameterDeclaration>, around, source),
          { at: indentOf(around), unit },
          { at: indent, unit },
        )
      : texts.join(', ');
  const deeper = indent + indentUnit(source);
  const body = statements.length === 0 ? '{}' : `{\n${statements.map((s) => deeper + s).join('\n')}\n${indent}}`;
  return `${indent}constructor(${list}) ${body}`;
}

/** The new handler need not have what the example is given. */
function mentionsNone(statement: tsTypes.Statement, { parameters }: tsTypes.ConstructorDeclaration): boolean {
  const names = new Set(parameters.map((p) => p.name.getText()));
  let mentions = false;
  eachNode(statement, (node) => {
    mentions ||= ts.isIdentifier(node) && names.has(node.text);
  });
  return !mentions;
}

function methodText(
  { method }: ListenerExample,
  moving: Moving,
  wanted: NewListener,
  methodName: string,
  indent: string,
  renamed: (text: string) => string,
): string {
  const source = method.getSourceFile();
  const [parameter] = method.parameters;
  const event = parameter && ts.isIdentifier(parameter.name) ? parameter.name.text : 'event';
  const decorators = (ts.getDecorators(method) ?? []).map((d) => `${indent}${renamed(d.getText())}\n`).join('');
  const modifiers = (ts.getModifiers(method) ?? [])
    .filter((m) => m.kind !== ts.SyntaxKind.AsyncKeyword)
    .map((m) => `${m.getText()} `)
    .join('');
  const body = movedText(moving, (use) => {
    const path = moving.needs.some((n) => n.uses.includes(use)) ? wanted.pathOf(use.getText()) : undefined;
    return path === undefined ? undefined : `${event}.${path}`;
  });
  const awaits = moving.statements.some((s) => {
    let found = false;
    eachNode(s, (node) => {
      found ||= ts.isAwaitExpression(node) || (ts.isForOfStatement(node) && node.awaitModifier !== undefined);
    });
    return found;
  });
  const isAsync = awaits || ts.getModifiers(method)?.some((m) => m.kind === ts.SyntaxKind.AsyncKeyword) === true;
  const answer = method.type === undefined ? '' : isAsync ? ': Promise<void>' : `: ${method.type.getText()}`;
  const [head] = moving.statements;
  const from = head ? indentOf(head) : '';
  const deeper = indent + indentUnit(source);
  const head_ = `${decorators}${indent}${modifiers}${isAsync ? 'async ' : ''}${methodName}(${event}: ${wanted.event})${answer} {`;
  return `${head_}\n${deeper}${reindented(body, { at: from, unit: head ? indentUnit(head.getSourceFile()) : '' }, { at: deeper, unit: indentUnit(source) })}\n${indent}}`;
}

function reindented(text: string, from: Indentation, to: Indentation): string {
  const lines = text.split('\n');
  return lines
    .map((line, i) => {
      if (i === 0 || line.trim() === '') return line;
      const rest = line.startsWith(from.at) ? line.slice(from.at.length) : line.trimStart();
      const deep = /^[ \t]*/.exec(rest)?.[0] ?? '';
      return to.at + (from.unit === '' ? deep : deep.replaceAll(from.unit, to.unit)) + rest.slice(deep.length);
    })
    .join('\n');
}

interface Indentation {
  readonly at: string;
  /** What one level more is. */
  readonly unit: string;
}
