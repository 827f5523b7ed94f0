import path from 'node:path';
import type { SplitHandler } from '../../change.js';
import { ts, type tsTypes } from '../../facts/compiler.js';
import type { Span } from '../../model/domain-model.js';
import { type ImportNeed, type Patch, type Refusal, refuse, type TextEdit } from '../patch.js';
import { carriedType } from '../split/carried-type.js';
import { unpublished } from '../split/dispatch.js';
import { carriedBy, type EventLayout, eventClass, extensionEdits, layoutOf, madeLike, type NewEvent } from '../split/event-class.js';
import { leaving } from '../split/leaving.js';
import { type ListenerExample, listenerClass, listenerExample, listenerName, stemOf } from '../split/listener-class.js';
import { type Moving, moving, type Need } from '../split/moving.js';
import { fileNameLike, happened, pascal, wordsOf } from '../split/naming.js';
import { type Named, newFile } from '../split/new-file.js';
import { Obstacle, obstacle, placeOf } from '../split/obstacle.js';
import {
  type Datum,
  nameOf,
  parameterEdits,
  type RaiseExample,
  type RaisingPlace,
  raiseEdits,
  raiseExample,
  raisingPlace,
  saidByRoot,
} from '../split/raising.js';
import { registration } from '../split/registration.js';
import type { Workspace } from '../workspace.js';
import type { Verb } from './verb.js';

export const splitHandler: Verb<SplitHandler> = (change, workspace): Patch | Refusal => {
  try {
    return split(change, workspace);
  } catch (error) {
    if (error instanceof Obstacle) return refuse(error.message);
    throw error;
  }
};

function split(change: SplitHandler, workspace: Workspace): Patch {
  const { first, second } = change;
  const method = workspace.nodeAt(change.handler)?.parent;
  const root = workspace.nodeAt(first.at)?.parent;
  const other = workspace.nodeAt(second.at)?.parent;
  if (!method || !ts.isMethodDeclaration(method) || !root || !other) return obstacle('no method of a class stands there');
  const moved = moving(
    {
      method,
      first: callAt(first.write, workspace),
      second: callAt(second.write, workspace),
      firstClass: root,
      secondClass: other,
      firstName: first.name,
      secondName: second.name,
    },
    workspace,
  );
  const place = raisingPlace(moved, root, workspace);
  const event = eventFor(change, moved, place, workspace);
  const lost = unpublished(
    moved,
    place.root,
    event.example,
    change.keepers.map((k) => workspace.nodeAt(k)),
    workspace,
  );
  if (lost !== undefined) return obstacle(lost);
  const listener = listenerFor(change, moved, event, workspace);
  const left = leaving(moved, workspace);
  return {
    edits: [...event.edits, ...listener.edits, ...left],
    imports: [...event.imports, ...listener.imports],
    created: new Map([...event.created, ...listener.created]),
  };
}

function callAt(at: Span, workspace: Workspace): tsTypes.CallExpression {
  const node = workspace.nodeAt(at);
  const call = node && ts.findAncestor(node, ts.isCallExpression);
  return call ?? obstacle(`what is written at ${at.file}:${at.line} is no call`);
}

// ── the event ─────────────────────────────────────────────────────────────────────────────────────────────────────

interface EventPart {
  readonly name: string;
  readonly file: string;
  readonly example: RaiseExample;
  /** How each need is read from it. */
  readonly paths: ReadonlyMap<string, string>;
  readonly edits: readonly TextEdit[];
  readonly imports: readonly ImportNeed[];
  readonly created: ReadonlyMap<string, string>;
}

function eventFor(change: SplitHandler, moved: Moving, place: RaisingPlace, workspace: Workspace): EventPart {
  const uncarried = new Set(change.uncarried.flatMap((at) => workspace.nodeAt(at)?.parent ?? []));
  const needed = moved.needs.map((need) => {
    const [use] = need.uses;
    const type = use ? carriedType(use, uncarried, workspace) : obstacle(`${need.text} is used nowhere`);
    return { need, type, ...saidByRoot(need, place, moved, workspace) };
  });
  if (place.raised) checkRivals(place.raised, change, workspace);
  const raised = place.raised && raisedAlready(place.raised, place, needed, workspace);
  return raised ?? newEvent(change, place, needed, workspace);
}

/** Two handlers of one event that write the same aggregate would overwrite each other. */
function checkRivals({ event }: RaiseExample, { listeners, second }: SplitHandler, workspace: Workspace): void {
  const rival = listeners.find((l) => l.writesSecond && l.handles.some((at) => workspace.nodeAt(at)?.parent === event));
  const method = rival && workspace.nodeAt(rival.at);
  if (method)
    obstacle(
      `${nameOf(event)}, which it would be told by, is handled at ${placeOf(method, workspace)} already, and that writes ${second.name} too`,
    );
}

interface Needed {
  readonly need: Need;
  readonly type: ReturnType<typeof carriedType>;
  readonly value: string;
  readonly parameter: boolean;
}

/** The event that the method raises anyway: as it is, or with what is still missing. */
function raisedAlready(example: RaiseExample, place: RaisingPlace, needed: readonly Needed[], workspace: Workspace): EventPart | undefined {
  const layout = layoutOf(example);
  if (!layout) return undefined;
  const paths = new Map<string, string>();
  const missing: Needed[] = [];
  for (const each of needed) {
    const slot = layout.slots.find((s) => s.value === each.value) ?? identitySlot(each, layout, place);
    if (slot) paths.set(each.need.text, slot.path);
    else missing.push(each);
  }
  const name = nameOf(example.event);
  const file = example.event.getSourceFile().fileName;
  const data = named(missing, place, new Set(layout.slots.map((s) => s.path)));
  if (missing.length === 0) return { name, file, example, paths, edits: [], imports: [], created: new Map() };
  const elsewhere = workspace
    .references(example.event.name ?? example.event)
    .find((use) => ts.isNewExpression(use.parent) && use.parent.expression === use && use.parent !== example.made);
  if (elsewhere)
    return obstacle(
      `${name} carries no ${data.map((d) => d.name).join(' and ')}, and is made at ${placeOf(elsewhere, workspace)} too, where that is not known`,
    );
  for (const d of data)
    paths.set(d.need?.text ?? '', layout.takes === 'payload' ? `${layout.constructor_.parameters[0]?.name.getText()}.${d.name}` : d.name);
  return {
    name,
    file,
    example,
    paths,
    edits: [...extensionEdits(layout, data), ...parameterEdits(place, data)],
    imports: [
      ...importsOf(missing, file),
      ...importsOf(
        missing.filter((m) => m.parameter),
        place.root.getSourceFile().fileName,
      ),
    ],
    created: new Map(),
  };
}

/** `id`, of which a factory makes the root and its event, when the root's `id` is asked for. */
function identitySlot({ need, value }: Needed, { slots }: EventLayout, { self }: RaisingPlace): EventLayout['slots'][number] | undefined {
  if (!need.ofKept || self === 'this' || value !== `${self}.id`) return undefined;
  return slots.find((s) => s.identity && s.value === 'id');
}

function importsOf(needed: readonly Needed[], file: string): ImportNeed[] {
  return needed.flatMap(({ type }) => type.names.map((n) => ({ file, name: n.name, from: n.from, typeOnly: true })));
}

/** Each value with the name that the event gives it. */
function named(needed: readonly Needed[], place: RaisingPlace, taken: ReadonlySet<string>): Datum[] {
  const names = new Set(taken);
  return needed.map(({ need, type, value, parameter }) => {
    const name = dataName(need, place);
    if (names.has(name)) obstacle(`two values of the event would be called ${name}`);
    names.add(name);
    return { name, type: type.text, need, value: parameter ? name : value, parameter };
  });
}

/** `sku` of `command.sku`, `orderId` of `order.id`, `total` of `order.getTotal()`. */
function dataName({ text, ofKept }: Need, { root }: RaisingPlace): string {
  const parts = text.replaceAll(/[!?()]/g, '').split('.');
  const last = (parts.at(-1) ?? '').replace(/^_/, '');
  const said = /^get[A-Z]/.test(last) ? last.charAt(3).toLowerCase() + last.slice(4) : last;
  if (!/^(?:id|value|uuid)$/.test(said)) return said;
  const owner = ofKept ? conceptOf(root) : wordsOf(parts.at(-2) ?? '');
  const named_ = said === 'value' ? owner : [...owner, said];
  const whole = pascal(named_);
  return whole.charAt(0).toLowerCase() + whole.slice(1);
}

/** `order` of `OrderEntity`. */
function conceptOf(root: tsTypes.ClassDeclaration): readonly string[] {
  const words = wordsOf(nameOf(root));
  const kept = words.filter((w) => !['entity', 'aggregate', 'root', 'model'].includes(w));
  return kept.length > 0 ? kept : words;
}

function newEvent(change: SplitHandler, place: RaisingPlace, needed: readonly Needed[], workspace: Workspace): EventPart {
  const found = exampleFor(change, place, workspace);
  const { example, layout } = found;
  const concept = conceptOf(place.root);
  const { stem, suffix } = stemOf(nameOf(example.event));
  const words = [...concept, ...withoutConcept(happened(place.method.name.getText()), concept)];
  const name = pascal([...words, ...suffix]);
  if (isTaken(name, workspace))
    return obstacle(`there is a ${name} already, and ${nameOf(place.root)}.${place.method.name.getText()}() does not raise it`);
  const identity = identityOf(layout, example, place, needed, workspace);
  const rest = needed.filter((n) => n.value !== identity?.value);
  const data = named(rest, place, new Set(identity ? [identity.name] : []));
  const wanted: NewEvent = {
    name,
    identity,
    data,
    rewording: [
      [wordsOf(nameOf(example.event)), [...words, ...suffix]],
      [stem, words],
      [conceptOf(example.root), concept],
    ],
  };
  const prefix = layout.takes === 'payload' ? `${layout.constructor_.parameters[0]?.name.getText()}.` : '';
  const paths = new Map(
    carriedBy(wanted).flatMap((d) =>
      needed.filter((n) => n.value === d.value || n.need === d.need).map((n) => [n.need.text, prefix + d.name] as const),
    ),
  );
  const body = eventClass(layout, wanted);
  const home = homeOf(example, place, name, workspace);
  const rootFile = place.root.getSourceFile().fileName;
  const like = example.event.getSourceFile();
  const types: Named[] = [...needed.flatMap((n) => n.type.names), ...found.identityNames].map((n) => ({ ...n, typeOnly: true }));
  const made = madeLike(layout, wanted);
  return {
    name,
    file: home.file,
    example,
    paths,
    edits: [
      ...raiseEdits(place, example, made, workspace),
      ...parameterEdits(place, data),
      ...(home.after ? [appended(home.after, body)] : []),
      ...home.barrel,
    ],
    imports: [
      { file: rootFile, name, from: home.file },
      ...importsOf(
        needed.filter((n) => n.parameter),
        rootFile,
      ),
      ...(home.after ? types.map(({ name: n, from }) => ({ file: home.file, name: n, from, typeOnly: true })) : []),
    ],
    created: home.after
      ? new Map()
      : new Map([
          [
            home.file,
            inLineEnds(newFile({ file: home.file, body, like, sources: [like], named: types, isMade: () => false }, workspace), like),
          ],
        ]),
  };
}

function withoutConcept(words: readonly string[], concept: readonly string[]): readonly string[] {
  const [head] = words;
  return words.length > 1 && concept.length === 1 && head === concept[0] ? words.slice(1) : words;
}

interface Found {
  readonly example: RaiseExample;
  readonly layout: EventLayout;
  readonly identityNames: readonly { readonly name: string; readonly from: string }[];
}

/** The best example whose style can be followed, by a root that raises as this one can. */
function exampleFor({ raises, first }: SplitHandler, { root }: RaisingPlace, workspace: Workspace): Found {
  const checker = workspace.checker(root.getSourceFile().fileName);
  const reasons: string[] = [];
  for (const at of raises) {
    const node = workspace.nodeAt(at);
    const example = raiseExample(node, workspace.checker(workspace.absolute(at.file)));
    if (!example) {
      reasons.push(`how ${at.file}:${at.line} raises its event is not clear enough to follow`);
      continue;
    }
    const [head = ''] = example.through.split('.');
    const can =
      !example.onRoot ||
      example.root === root ||
      checker.getTypeAtLocation(root).getProperty(head) !== undefined ||
      sharesBase(root, example.root);
    if (!can) {
      reasons.push(`${first.name} raises no events in this project, and has no ${head}() to raise one with`);
      continue;
    }
    const layout = layoutOf(example);
    if (layout) return { example, layout, identityNames: [] };
    reasons.push(`${nameOf(example.event)}, which a new event would be like, does not take its data in a constructor`);
  }
  return obstacle(reasons[0] ?? `${first.name} raises no events in this project: there is nowhere to raise one`);
}

/** The same base by name, whatever the compiler knows of it: the library may not be installed. */
function sharesBase(a: tsTypes.ClassDeclaration, b: tsTypes.ClassDeclaration): boolean {
  const base = (c: tsTypes.ClassDeclaration): string | undefined =>
    c.heritageClauses?.find((h) => h.token === ts.SyntaxKind.ExtendsKeyword)?.types[0]?.expression.getText();
  return base(a) !== undefined && base(a) === base(b);
}

/** The identity of the root that raises it, where the example carries that of its own. */
function identityOf(
  layout: EventLayout,
  example: RaiseExample,
  place: RaisingPlace,
  needed: readonly Needed[],
  workspace: Workspace,
): Datum | undefined {
  const slot = layout.slots.find((s) => s.identity);
  if (!slot) return undefined;
  const rest = /^\w+\.(.+)$/.exec(slot.value)?.[1] ?? 'id';
  const value = `${place.self}.${rest}`;
  const known = needed.find((n) => n.value === value);
  const [head = ''] = rest.split('.');
  const checker = workspace.checker(place.root.getSourceFile().fileName);
  const type = checker.getTypeAtLocation(place.root);
  if (!type.getProperty(head) && !sharesBase(place.root, example.root)) return undefined;
  const concept = conceptOf(example.root);
  const said = wordsOf(slot.path.split('.').at(-1) ?? '');
  const name = said.join(' ').startsWith(concept.join(' ')) ? [...conceptOf(place.root), ...said.slice(concept.length)] : said;
  const camel = pascal(name).charAt(0).toLowerCase() + pascal(name).slice(1);
  return {
    name: camel,
    type: known?.type.text ?? identityType(slot, rest, type, place, checker),
    need: known?.need,
    value,
    parameter: false,
  };
}

function identityType(
  slot: EventLayout['slots'][number],
  rest: string,
  type: tsTypes.Type,
  place: RaisingPlace,
  checker: tsTypes.TypeChecker,
): string {
  let at: tsTypes.Type | undefined = type;
  for (const part of rest.replaceAll('()', '').split('.')) {
    const property: tsTypes.Symbol | undefined = at?.getProperty(part);
    at = property && checker.getTypeOfSymbolAtLocation(property, place.root);
  }
  const declared = slot.parameter?.type?.getText() ?? slot.field?.type?.getText();
  if (!at || at.flags & ts.TypeFlags.Any) return declared ?? 'string';
  return checker.typeToString(at, place.root, ts.TypeFormatFlags.NoTruncation | ts.TypeFormatFlags.UseAliasDefinedOutsideCurrentScope);
}

interface Home {
  readonly file: string;
  /** The statement that the class follows, where the events share a file. */
  readonly after: tsTypes.Statement | undefined;
  readonly barrel: readonly TextEdit[];
}

/** Beside the example; in the same place seen from the root, where the example is another root's. */
function homeOf({ event, root }: RaiseExample, place: RaisingPlace, name: string, workspace: Workspace): Home {
  const like = event.getSourceFile();
  const file = fileNameLike({ base: path.posix.basename(like.fileName), name: nameOf(event) }, name);
  if (file === undefined) {
    if (root !== place.root && like !== place.root.getSourceFile() && !mayShare(like, place.root.getSourceFile()))
      return obstacle(
        `the events of ${nameOf(root)} share ${workspace.relative(like.fileName)}: nothing shows where one of ${nameOf(place.root)} would stand`,
      );
    const last = like.statements.findLast(
      (s) => ts.isClassDeclaration(s) && s.heritageClauses?.[0]?.getText() === event.heritageClauses?.[0]?.getText(),
    );
    return { file: like.fileName, after: last ?? event, barrel: [] };
  }
  const directory = directoryLike(like.fileName, root.getSourceFile().fileName, place.root.getSourceFile().fileName);
  const made = path.posix.join(directory, file);
  if (workspace.textOf(made) !== undefined) return obstacle(`${workspace.relative(made)} is there already`);
  return { file: made, after: undefined, barrel: barrelEdits(like.fileName, made, workspace) };
}

function mayShare(a: tsTypes.SourceFile, b: tsTypes.SourceFile): boolean {
  return path.posix.dirname(a.fileName) === path.posix.dirname(b.fileName);
}

/** The directory that lies to `anchor` as that of `example` does to `of`. */
function directoryLike(example: string, of: string, anchor: string): string {
  const own = path.posix.dirname(of);
  const target = path.posix.dirname(anchor);
  if (own === target) return path.posix.dirname(example);
  const words = wordsOf(path.posix.basename(of).replace(/\..*$/, ''));
  const renamed = path.posix
    .relative(own, path.posix.dirname(example))
    .split('/')
    .map((part) => (wordsOf(part).join() === words.join() ? path.posix.basename(anchor).replace(/\..*$/, '') : part));
  return path.posix.join(target, ...renamed);
}

/** `export * from './order-cancelled.event'` once more, for the new file. */
function barrelEdits(example: string, made: string, workspace: Workspace): TextEdit[] {
  const index = path.posix.join(path.posix.dirname(example), 'index.ts');
  const source =
    workspace.textOf(index) === undefined || path.posix.dirname(made) !== path.posix.dirname(example)
      ? undefined
      : workspace.sourceFile(index);
  const stem = path.posix.basename(example).replace(/\.[cm]?tsx?$/, '');
  const line = source?.statements.find(
    (s) =>
      ts.isExportDeclaration(s) &&
      !s.exportClause &&
      s.moduleSpecifier
        ?.getText()
        .slice(1, -1)
        .replace(/\.[cm]?[jt]s$/, '') === `./${stem}`,
  );
  if (!source || !line) return [];
  return [
    {
      file: index,
      start: line.end,
      end: line.end,
      text: `\n${line.getText().replace(`./${stem}`, `./${path.posix.basename(made).replace(/\.[cm]?tsx?$/, '')}`)}`,
    },
  ];
}

function appended(after: tsTypes.Statement, body: string): TextEdit {
  return { file: after.getSourceFile().fileName, start: after.end, end: after.end, text: `\n\n${body}` };
}

// ── its handler ───────────────────────────────────────────────────────────────────────────────────────────────────

type ListenerPart = Pick<EventPart, 'edits' | 'imports' | 'created'>;

function listenerFor(change: SplitHandler, moved: Moving, event: EventPart, workspace: Workspace): ListenerPart {
  const examples = change.listeners.flatMap(
    ({ at, handles }) =>
      listenerExample(
        workspace.nodeAt(at),
        handles.map((h) => workspace.nodeAt(h)),
      ) ?? [],
  );
  const [example, ...others] = examples;
  if (!example) return obstacle('no other event handler shows how handlers are written and registered here');
  const stem = stemOf(event.name).stem;
  const action = [
    ...wordsOf(moved.deed ?? 'update'),
    ...wordsOf(change.second.name).filter((w) => !['entity', 'aggregate', 'root'].includes(w)),
  ];
  const name = listenerName(example, stem, action, (n) => isTaken(n, workspace));
  const rewording = [[stemOf(nameOf(example.event)).stem, stem] as const];
  const body = listenerClass(example, moved, { name, event: event.name, rewording, action, pathOf: (text) => event.paths.get(text) });
  const like = example.class_.getSourceFile();
  const file = listenerFile(example, change, moved, name, workspace);
  if (isTaken(name, workspace) || workspace.textOf(file) !== undefined) return obstacle(`there is a ${name} already`);
  const isMade = (each: string): boolean => event.created.has(each) || each === file;
  const text = newFile(
    {
      file,
      body,
      like,
      sources: [like, moved.owner.getSourceFile()],
      named: [{ name: event.name, from: event.file, typeOnly: isTypeImport(like, nameOf(example.event)) }],
      isMade,
    },
    workspace,
  );
  const registered = registration({ example, others, moving: moved, name, file, event, rewording }, workspace);
  return { ...registered, created: new Map([[file, inLineEnds(text, like)]]) };
}

/** The example names its event as a type alone. */
function isTypeImport(source: tsTypes.SourceFile, name: string): boolean {
  return source.statements.some((s) => {
    if (!ts.isImportDeclaration(s) || !s.importClause?.namedBindings || !ts.isNamedImports(s.importClause.namedBindings)) return false;
    const whole = s.importClause.phaseModifier === ts.SyntaxKind.TypeKeyword;
    return s.importClause.namedBindings.elements.some((e) => e.name.text === name && (whole || e.isTypeOnly));
  });
}

/** Beside the example, where it is of the same part of the project as the second aggregate or the old handler; else as it lies in its own part. */
function listenerFile(example: ListenerExample, { second }: SplitHandler, moved: Moving, name: string, workspace: Workspace): string {
  const like = example.class_.getSourceFile().fileName;
  const own = moved.owner.getSourceFile().fileName;
  const base = fileNameLike({ base: path.posix.basename(like), name: nameOf(example.class_) }, name);
  const directory = directoryFor(like, own, workspace.absolute(second.at.file), workspace);
  if (base !== undefined) return path.posix.join(directory, base);
  const style = fileNameLike({ base: path.posix.basename(own), name: nameOf(moved.owner) }, name);
  return path.posix.join(directory, style ?? `${wordsOf(name).join('-')}.ts`);
}

function directoryFor(example: string, handler: string, second: string, workspace: Workspace): string {
  const all = shared(shared(path.posix.dirname(example), path.posix.dirname(handler)), path.posix.dirname(second));
  const near = [handler, second].some((each) => shared(path.posix.dirname(example), path.posix.dirname(each)).length > all.length);
  const below = path.posix.relative(all, path.posix.dirname(example)).split('/');
  if (near || below.length < 2) return path.posix.dirname(example);
  const [part] = path.posix.relative(all, path.posix.dirname(second)).split('/');
  const mirrored = path.posix.join(all, part ?? '', ...below.slice(1));
  const parent = path.posix.dirname(mirrored);
  const exists = workspace.compilations.some(({ program }) =>
    program()
      .getSourceFiles()
      .some((f) => f.fileName.startsWith(`${parent}/`)),
  );
  return part !== undefined && part !== '..' && exists ? mirrored : path.posix.dirname(example);
}

function shared(a: string, b: string): string {
  const other = b.split('/');
  const own = a.split('/');
  const parting = own.findIndex((part, i) => part !== other[i]);
  return (parting === -1 ? own : own.slice(0, parting)).join('/');
}

function isTaken(name: string, workspace: Workspace): boolean {
  return workspace.compilations.some(({ program }) =>
    program()
      .getSourceFiles()
      .some(
        (source) => workspace.isOwn(source.fileName) && source.statements.some((s) => ts.isClassDeclaration(s) && s.name?.text === name),
      ),
  );
}

function inLineEnds(text: string, like: tsTypes.SourceFile): string {
  const plain = text.replaceAll('\r\n', '\n');
  return like.text.includes('\r\n') ? plain.replaceAll('\n', '\r\n') : plain;
}
