import { ts, type tsTypes } from '../../facts/compiler.js';
import type { TextEdit } from '../patch.js';
import { reworded } from './naming.js';
import { obstacle } from './obstacle.js';
import { type Datum, intoList, nameOf, type RaiseExample } from './raising.js';
import { constructorOf, eachNode, edit, endsStatements, indentOf, indentUnit } from './syntax.js';

/** How an event class takes its data, and where a handler finds each value. */
export interface EventLayout {
  readonly event: tsTypes.ClassDeclaration;
  readonly made: tsTypes.NewExpression;
  readonly constructor_: tsTypes.ConstructorDeclaration;
  /** `positional`: `new X(id, sku)`; `bag`: `new X({ id, sku })`; `payload`: a bag that is kept as it is. */
  readonly takes: 'positional' | 'bag' | 'payload';
  readonly slots: readonly Slot[];
}

export interface Slot {
  /** As it is given when the event is made. */
  readonly value: string;
  /** As a handler reads it: `sku`, `payload.sku`. */
  readonly path: string;
  /** The constructor's own name for it. */
  readonly name: string;
  readonly identity: boolean;
  readonly parameter: tsTypes.ParameterDeclaration | undefined;
  /** The field that the constructor assigns it to. */
  readonly field: tsTypes.PropertyDeclaration | undefined;
}

export function layoutOf({ event, made }: Pick<RaiseExample, 'event' | 'made'>): EventLayout | undefined {
  const constructor_ = constructorOf(event);
  if (!constructor_) return undefined;
  const [bag, second] = constructor_.parameters;
  const [given] = made.arguments ?? [];
  if (bag && !second && given && ts.isObjectLiteralExpression(given)) {
    const kept = ts.isParameterPropertyDeclaration(bag, constructor_);
    const slots = given.properties.flatMap((property): Slot[] => {
      const value = ts.isPropertyAssignment(property)
        ? property.initializer
        : ts.isShorthandPropertyAssignment(property)
          ? property.name
          : undefined;
      if (!value || !property.name) return [];
      const name = property.name.getText();
      const field = kept ? undefined : fieldAssigned(event, constructor_, `${bag.name.getText()}.${name}`);
      return [
        {
          value: value.getText(),
          name,
          path: kept ? `${bag.name.getText()}.${name}` : (field?.name.getText() ?? name),
          identity: isIdentity(value.getText(), name),
          parameter: undefined,
          field,
        },
      ];
    });
    return { event, made, constructor_, takes: kept ? 'payload' : 'bag', slots };
  }
  const slots = constructor_.parameters.flatMap((parameter, i): Slot[] => {
    const value = made.arguments?.[i];
    if (!value || !ts.isIdentifier(parameter.name)) return [];
    const name = parameter.name.text;
    const field = fieldAssigned(event, constructor_, name);
    return [
      { value: value.getText(), name, path: field?.name.getText() ?? name, identity: isIdentity(value.getText(), name), parameter, field },
    ];
  });
  return slots.length === constructor_.parameters.length ? { event, made, constructor_, takes: 'positional', slots } : undefined;
}

/** `this.id`, `order.id.value`, or a local of that name. */
function isIdentity(value: string, name: string): boolean {
  return /^(?:\w+\.)?_?id(?:\.\w+|\(\))*(?:\(\))?$/.test(value) && /(?:^id|Id)$/.test(name);
}

function fieldAssigned(
  event: tsTypes.ClassDeclaration,
  constructor_: tsTypes.ConstructorDeclaration,
  value: string,
): tsTypes.PropertyDeclaration | undefined {
  for (const statement of constructor_.body?.statements ?? []) {
    const assigned = assignment(statement);
    if (assigned?.value !== value) continue;
    return event.members.find((m): m is tsTypes.PropertyDeclaration => ts.isPropertyDeclaration(m) && m.name.getText() === assigned.field);
  }
  return undefined;
}

/** `this.field = value;` */
function assignment(statement: tsTypes.Statement): { readonly field: string; readonly value: string } | undefined {
  if (!ts.isExpressionStatement(statement) || !ts.isBinaryExpression(statement.expression)) return undefined;
  const { left, right, operatorToken } = statement.expression;
  if (
    operatorToken.kind !== ts.SyntaxKind.EqualsToken ||
    !ts.isPropertyAccessExpression(left) ||
    left.expression.kind !== ts.SyntaxKind.ThisKeyword
  )
    return undefined;
  return { field: left.name.text, value: right.getText() };
}

// ── a new one ─────────────────────────────────────────────────────────────────────────────────────────────────────

export interface NewEvent {
  readonly name: string;
  /** Words of the example that give way: those of its name, then those of its root. */
  readonly rewording: readonly (readonly [from: readonly string[], to: readonly string[]])[];
  readonly identity: Datum | undefined;
  readonly data: readonly Datum[];
}

/** The class, like the example but for its name and its data; its leading comment is left behind. */
export function eventClass(layout: EventLayout, wanted: NewEvent): string {
  const { event } = layout;
  const source = event.getSourceFile();
  const unfit = unfitMember(layout);
  if (unfit) return obstacle(`${nameOf(event)}, which the new event would be like, has ${nameOf(unfit)}() over its data`);
  const open = event.members.pos;
  const head = source.text.slice(event.getStart(), open);
  const members = membersOf(layout, wanted);
  const tail = source.text.slice(event.members.end, event.end);
  return `${again(head, wanted)}${members}${again(tail, wanted)}`;
}

/** A value for a new slot, as it is given when the event is made. */
export function madeLike(layout: EventLayout, wanted: NewEvent): string {
  const all = carriedBy(wanted);
  const given = all.map((d) => d.value);
  if (layout.takes === 'positional') return `new ${wanted.name}(${given.join(', ')})`;
  const entries = all.map((d) => (d.name === d.value ? d.name : `${d.name}: ${d.value}`));
  const oneLine = `new ${wanted.name}({ ${entries.join(', ')} })`;
  return oneLine;
}

export function carriedBy({ identity, data }: NewEvent): readonly Datum[] {
  return [...(identity ? [identity] : []), ...data];
}

function again(text: string, { rewording }: NewEvent): string {
  return rewording.reduce((done, [from, to]) => reworded(done, from, to), text);
}

/** A method or accessor that speaks of the example's data. */
function unfitMember({ event, slots }: EventLayout): tsTypes.ClassElement | undefined {
  const data = new Set(slots.filter((s) => !s.identity).flatMap((s) => [s.field?.name.getText() ?? s.name]));
  return event.members.find((member) => {
    if (ts.isConstructorDeclaration(member) || ts.isPropertyDeclaration(member)) return false;
    let speaks = false;
    eachNode(member, (node) => {
      speaks ||= ts.isPropertyAccessExpression(node) && data.has(node.name.text);
    });
    return speaks;
  });
}

function membersOf(layout: EventLayout, wanted: NewEvent): string {
  const { event, slots, takes } = layout;
  const source = event.getSourceFile();
  const fields = slots.flatMap((s) => s.field ?? []);
  const [model] = fields;
  const inner = indentOf(event.members[0] ?? event);
  let done = '';
  let replaced = false;
  let previous = event.members.pos;
  for (const member of event.members) {
    const gap = blankLine(source.text.slice(previous, member.getStart()));
    previous = member.end;
    if (ts.isPropertyDeclaration(member) && fields.includes(member)) {
      if (replaced || !model) continue;
      replaced = true;
      const between = fields.length > 1 ? gapBetween(fields, source) : '\n';
      done += `${gap}${inner}${fieldTexts(layout, wanted).join(`${between}${inner}`)}`;
    } else if (member === layout.constructor_) done += `${gap}${inner}${constructorText(layout, wanted)}`;
    else done += `${gap}${inner}${again(member.getText(), wanted)}`;
  }
  if (!replaced && takes === 'bag' && slots.some((s) => !s.identity))
    return obstacle(`${nameOf(event)} keeps its data where it cannot be seen`);
  return done;
}

/** The line breaks of a gap without its comments. */
function blankLine(gap: string): string {
  return /\n[ \t]*\r?\n[ \t]*$/.test(gap) ? '\n\n' : '\n';
}

function gapBetween(fields: readonly tsTypes.PropertyDeclaration[], source: tsTypes.SourceFile): string {
  const [first, second] = fields;
  return first && second ? blankLine(source.text.slice(first.end, second.getStart())) : '\n';
}

/** The declarations of the fields that a constructor assigns. */
function fieldTexts(layout: EventLayout, wanted: NewEvent): string[] {
  return assigned(layout, wanted).map(({ datum, like }) => fieldText(datum, like));
}

function fieldText(datum: Datum, like: tsTypes.PropertyDeclaration): string {
  const text = like.getText();
  const modifiers = text.slice(0, like.name.getStart() - like.getStart());
  return `${modifiers}${datum.name}: ${datum.type}${text.endsWith(';') ? ';' : ''}`;
}

/** Those that become fields, and the field that each is like. An identity that the base keeps is none of them. */
function assigned(
  { slots }: EventLayout,
  wanted: NewEvent,
): readonly { readonly datum: Datum; readonly like: tsTypes.PropertyDeclaration }[] {
  const own = slots.find((s) => !s.identity && s.field)?.field ?? slots.find((s) => s.field)?.field;
  const identity = slots.find((s) => s.identity);
  return carriedBy(wanted).flatMap((datum) => {
    const like = datum === wanted.identity && identity ? identity.field : own;
    return like ? [{ datum, like }] : [];
  });
}

function constructorText(layout: EventLayout, wanted: NewEvent): string {
  const { constructor_, slots, takes } = layout;
  const source = constructor_.getSourceFile();
  const { text } = source;
  const indent = indentOf(constructor_);
  const deeper = indent + indentUnit(source);
  const head = text.slice(constructor_.getStart(), text.indexOf('(', constructor_.getStart()));
  const parameters = takes === 'positional' ? positional(layout, wanted) : bagParameter(layout, wanted);
  const statements: string[] = [];
  let placed = false;
  const values = slots.map((s) => (takes === 'positional' ? s.name : `${constructor_.parameters[0]?.name.getText() ?? ''}.${s.name}`));
  const end = endsStatements(source);
  for (const statement of constructor_.body?.statements ?? []) {
    const set = assignment(statement);
    if (set && values.includes(set.value)) {
      if (placed) continue;
      placed = true;
      const from = takes === 'positional' ? '' : `${constructor_.parameters[0]?.name.getText() ?? ''}.`;
      statements.push(...assigned(layout, wanted).map(({ datum }) => `this.${datum.name} = ${from}${datum.name}${end}`));
    } else statements.push(again(superText(statement, layout, wanted), wanted));
  }
  const body = statements.length === 0 ? bodyWhenEmpty(constructor_) : `{\n${statements.map((s) => deeper + s).join('\n')}\n${indent}}`;
  return `${head}(${parameters}) ${body}`;
}

function bodyWhenEmpty({ body }: tsTypes.ConstructorDeclaration): string {
  return body && body.statements.length === 0 ? body.getText().replace(/\s+/g, '') : '{}';
}

/** `super(orderId)` names the identity as the new event does; other data of the example cannot stay. */
function superText(statement: tsTypes.Statement, { slots, takes, event }: EventLayout, wanted: NewEvent): string {
  const names = new Map(takes === 'positional' ? slots.map((s) => [s.name, s]) : []);
  const start = statement.getStart();
  let text = statement.getText();
  const uses: tsTypes.Identifier[] = [];
  eachNode(statement, (node) => {
    if (ts.isIdentifier(node) && names.has(node.text) && !(ts.isPropertyAccessExpression(node.parent) && node.parent.name === node))
      uses.push(node);
  });
  for (const use of uses.toReversed()) {
    const slot = names.get(use.text);
    if (!slot?.identity || !wanted.identity)
      return obstacle(`${nameOf(event)}, which the new event would be like, hands ${use.text} to its base`);
    text = text.slice(0, use.getStart() - start) + wanted.identity.name + text.slice(use.end - start);
  }
  return text;
}

function positional(layout: EventLayout, wanted: NewEvent): string {
  const { constructor_, slots } = layout;
  const source = constructor_.getSourceFile();
  const data = slots.find((s) => !s.identity) ?? slots[0];
  const identity = slots.find((s) => s.identity) ?? data;
  const texts = carriedBy(wanted).map((datum) => {
    const like = (datum === wanted.identity ? identity : data)?.parameter;
    const modifiers = like ? like.getText().slice(0, like.name.getStart() - like.getStart()) : 'readonly ';
    return `${modifiers}${datum.name}: ${datum.type}`;
  });
  return parameterList(texts, constructor_.parameters, constructor_, source);
}

/** On one line, or one a line, as formatters would have it: parameter properties never share a line. */
export function parameterList(
  texts: readonly string[],
  like: tsTypes.NodeArray<tsTypes.ParameterDeclaration>,
  around: tsTypes.Node,
  source: tsTypes.SourceFile,
): string {
  const written = source.text.slice(like.pos, like.end);
  const spread = written.includes('\n');
  const indent = indentOf(around);
  const areProperties = texts.some((t) => /^(?:@|public |private |protected |readonly )/.test(t));
  const line = texts.join(', ');
  const fits = indent.length + line.length + 'constructor() {}'.length <= 100;
  const onOneLine =
    texts.length === 0 ||
    (areProperties && texts.length > 1 ? like.length > 1 && !spread && fits : fits && (!spread || texts.length === 1 || like.length === 0));
  if (onOneLine) return line;
  const deeper = `${indent}${indentUnit(source)}`;
  const comma = !spread || /,\s*$/.test(written) || like.hasTrailingComma ? ',' : '';
  return `\n${texts.map((t, i) => `${deeper}${t}${i < texts.length - 1 ? ',' : comma}`).join('\n')}\n${indent}`;
}

/** `props: DomainEventProps<OrderPlaced>`, `readonly payload: { readonly sku: string }`. */
function bagParameter({ constructor_, event }: EventLayout, wanted: NewEvent): string {
  const [parameter] = constructor_.parameters;
  if (!parameter?.type) return obstacle(`${nameOf(event)}, which the new event would be like, does not say what it takes`);
  const { type } = parameter;
  const before = parameter.getText().slice(0, type.getStart() - parameter.getStart());
  if (ts.isTypeLiteralNode(type)) return `${before}${literal(type, wanted)}`;
  if (new RegExp(`\\b${nameOf(event)}\\b`).test(type.getText())) return again(parameter.getText(), wanted);
  return obstacle(`${nameOf(event)}, which the new event would be like, takes ${type.getText()}, a type of its own`);
}

function literal(type: tsTypes.TypeLiteralNode, wanted: NewEvent): string {
  const [like] = type.members;
  const modifiers = like && /^readonly\s/.test(like.getText()) ? 'readonly ' : '';
  const source = type.getSourceFile();
  const entries = carriedBy(wanted).map((d) => `${modifiers}${d.name}: ${d.type}`);
  if (!type.getText().includes('\n')) return `{ ${entries.join('; ')} }`;
  const mark = /[;,]$/.exec(like?.getText() ?? '')?.[0] ?? '';
  const indent = indentOf(like ?? type);
  const outer = indent.slice(0, indent.length - indentUnit(source).length);
  return `{\n${entries.map((e) => `${indent}${e}${mark}`).join('\n')}\n${outer}}`;
}

// ── more for one that is there ────────────────────────────────────────────────────────────────────────────────────

/** What an event needs in order to carry more, given where it is made. */
export function extensionEdits(layout: EventLayout, added: readonly Datum[]): TextEdit[] {
  const { event, made, constructor_, takes, slots } = layout;
  const source = event.getSourceFile();
  const last = slots.at(-1);
  const edits: TextEdit[] = [];
  if (takes === 'positional') {
    const like = last?.parameter;
    if (!like) return obstacle(`${nameOf(event)} carries nothing yet: its style is not known`);
    const modifiers = like.getText().slice(0, like.name.getStart() - like.getStart());
    edits.push(
      intoList(
        source,
        constructor_.parameters,
        constructor_.getStart(),
        added.map((d) => `${modifiers}${d.name}: ${d.type}`),
      ),
    );
    edits.push(
      intoList(
        made.getSourceFile(),
        made.arguments ?? ts.factory.createNodeArray(),
        made.expression.end,
        added.map((d) => d.value),
      ),
    );
  } else {
    const [bag] = made.arguments ?? [];
    const end = bag && ts.isObjectLiteralExpression(bag) ? bag.properties.at(-1) : undefined;
    if (!bag || !ts.isObjectLiteralExpression(bag) || !end) return obstacle(`${nameOf(event)} carries nothing yet: its style is not known`);
    edits.push(
      intoList(
        made.getSourceFile(),
        bag.properties,
        bag.getStart(),
        added.map((d) => (d.name === d.value ? d.name : `${d.name}: ${d.value}`)),
      ),
    );
    edits.push(...typeEdits(layout, added));
  }
  const sets = (constructor_.body?.statements ?? []).flatMap((s) => assignment(s)?.field ?? []);
  const fields = event.members.filter(
    (m): m is tsTypes.PropertyDeclaration => ts.isPropertyDeclaration(m) && sets.includes(m.name.getText()),
  );
  const field = slots.some((s) => s.field) ? fields.at(-1) : undefined;
  if (field) {
    const indent = indentOf(field);
    const gap = fields.length > 1 ? gapBetween(fields, source) : '\n';
    edits.push(edit(source, field.end, field.end, added.map((d) => `${gap}${indent}${fieldText(d, field)}`).join('')));
    const set = constructor_.body?.statements.findLast((s) => assignment(s) !== undefined);
    const from = takes === 'positional' ? '' : `${constructor_.parameters[0]?.name.getText() ?? ''}.`;
    if (set)
      edits.push(
        edit(
          source,
          set.end,
          set.end,
          added.map((d) => `\n${indentOf(set)}this.${d.name} = ${from}${d.name}${endsStatements(source)}`).join(''),
        ),
      );
  } else if (takes === 'bag') return obstacle(`${nameOf(event)} keeps its data where it cannot be seen`);
  return edits;
}

function typeEdits({ constructor_, event }: EventLayout, added: readonly Datum[]): TextEdit[] {
  const type = constructor_.parameters[0]?.type;
  if (type && new RegExp(`\\b${nameOf(event)}\\b`).test(type.getText())) return [];
  const last = type && ts.isTypeLiteralNode(type) ? type.members.at(-1) : undefined;
  if (!type || !last) return obstacle(`${nameOf(event)} takes ${type?.getText() ?? 'what nothing says'}, a type of its own`);
  const source = type.getSourceFile();
  const modifiers = /^readonly\s/.test(last.getText()) ? 'readonly ' : '';
  const mark = /[;,]$/.exec(last.getText())?.[0] ?? '';
  if (!type.getText().includes('\n'))
    return [
      edit(source, last.end, last.end, added.map((d) => `${mark === '' ? ';' : ''} ${modifiers}${d.name}: ${d.type}${mark}`).join('')),
    ];
  return [edit(source, last.end, last.end, added.map((d) => `\n${indentOf(last)}${modifiers}${d.name}: ${d.type}${mark}`).join(''))];
}
