import type { Expression, FunctionFacts, Range, Statement } from '../facts/facts.js';
import { type DrawnAggregate, identityField } from './boundaries.js';
import { callersOf } from './callers.js';
import { refusalText, testsText, valueText } from './conditions-text.js';
import { declaredOn } from './declared.js';
import type { Handler, Invariant, Operation, StateSymbol } from './domain-model.js';
import type { Draft, Drafts } from './drafts.js';

import { carried, type Effect, effectsOf, handsInEvent, promotedBy } from './effects.js';
import { boundBy, footprint, type Lens, UNBOUND, withoutInner } from './footprint.js';

import { type Env, lookup, typeOf } from './infer.js';
import { original } from './instances.js';
import { onDemand } from './lazy.js';
import { limitedBy } from './limits.js';
import {
  appliedFor,
  functionsOver,
  isApplier,
  isEventBuffer,
  type Raised,
  raisedIn,
  speaksOfDomain,
  type Work,
  worksOn,
} from './operations.js';
import { type Condition, stepsOf } from './paths.js';
import { type ProgramFile, spanOf } from './program.js';
import { type FollowedCall, insideOf, isAssertionName, isFailing, type Refusal, refusalFinder } from './refusals.js';
import { stateOf } from './state.js';
import { type Slot, territoryOf } from './territory.js';
import { transitionOf } from './transitions.js';

interface Analysed {
  readonly work: Work;
  readonly kind: Operation['kind'];
  /** With what the appliers change for the events it raises. */
  readonly effects: readonly Effect[];
  readonly raises: readonly Raised[];
  readonly refusals: readonly Refusal[];
}

type Found = Omit<Invariant, 'aggregate'>;

export interface Enforced {
  readonly invariants: readonly Invariant[];
  readonly operations: readonly Operation[];
  /** State that ties nothing together: identities, versions, timestamps, buffers of events. */
  readonly apart: ReadonlySet<StateSymbol>;
}

/** What the code of each aggregate enforces, and which operation reads and writes what. */
export function findInvariants(drafts: Drafts, aggregates: readonly DrawnAggregate[], handlers: readonly Handler[]): Enforced {
  const walk = { model: { drafts } };
  const territory = territoryOf(aggregates, drafts);
  const lens: Lens = { territory, walk };
  const functions = functionsOver(drafts, lens);
  const byBlock = new Map<Draft, { readonly analysed: readonly Analysed[]; readonly found: readonly Found[] }>();
  for (const draft of territory.blocks) {
    const analysed = analyse(draft, functions, drafts, lens);
    const followed = new Set(analysed.flatMap((a) => a.refusals.flatMap((r) => r.calls.map((c) => c.target.fn))));
    byBlock.set(draft, {
      analysed,
      found: [...analysed.flatMap((a) => enforcedBy(a, followed, lens, drafts)), ...declaredOn(draft, lens)],
    });
  }
  const callers = onDemand(() =>
    callersOf(
      [...byBlock.values()].flatMap(({ analysed }) => analysed.map((a) => a.work)),
      handlers,
      drafts,
      lens,
    ),
  );
  const invariants: Invariant[] = [];
  const operations: Operation[] = [];
  for (const { root, members } of aggregates) {
    const inside = [root, ...members.map((m) => m.draft)];
    const own = new Set(inside);
    const symbols = (slots: Iterable<Slot>): StateSymbol[] => [...new Set([...slots].filter((s) => own.has(s.draft)).map((s) => s.symbol))];
    for (const draft of inside) {
      const { analysed = [], found = [] } = byBlock.get(draft) ?? {};
      for (const invariant of found) {
        const belongs = (symbol: StateSymbol): boolean => inside.some((d) => symbol.startsWith(`${d.name}.`));
        invariants.push({
          ...invariant,
          aggregate: root.id,
          reads: invariant.reads.filter(belongs),
          writes: invariant.writes.filter(belongs),
        });
      }
      for (const one of analysed) operations.push(operation(one, root, symbols, () => callers()(one.work), lens));
    }
  }
  const apart = territory.blocks.flatMap((draft) => {
    const identity = identityField(draft);
    return stateOf(draft.symbol).flatMap((field) => {
      const slot = territory.slotOf(draft, field.name);
      if (!slot) return [];
      const ties = field !== identity && !isTimestamp(slot) && !VERSION.test(field.name) && !isEventBuffer(slot, drafts);
      return ties ? [] : [slot.symbol];
    });
  });
  return { invariants, operations, apart: new Set(apart) };
}

function operation(
  one: Analysed,
  root: Draft,
  symbols: (slots: Iterable<Slot>) => StateSymbol[],
  calledBy: () => readonly string[],
  lens: Lens,
): Operation {
  const { work, kind, effects, raises } = one;
  const reads = onDemand(() => symbols(readsOf(one, lens)));
  return {
    aggregate: root.id,
    owner: work.draft.id,
    name: work.name,
    at: spanOf(work.file.facts, work.at),
    kind,
    get reads() {
      return reads();
    },
    writes: symbols(effects.map((e) => e.slot)),
    adds: symbols(effects.filter((e) => e.how === 'add').map((e) => e.slot)),
    raises: [...new Set(raises.flatMap((r) => r.block ?? []))],
    get calledBy() {
      return calledBy();
    },
  };
}

const VERSION = /^[_#]{0,2}(?:version|v|revision|sequence|etag|rowVersion|aggregateVersion|optimisticVersion)$/i;

function readsOf({ work, effects, refusals }: Analysed, lens: Lens): ReadonlySet<Slot> {
  const at = (of: Expression, env: Env): { of: Expression; env: Env } => ({ of, env });
  const expressions = stepsOf(work.fn, work.env).flatMap((step) => [
    ...(step.of && step.of.e !== 'assign' ? [at(step.of, step.env)] : []),
    ...step.conditions.map((c) => at(c.test, c.env)),
  ]);
  const slots = new Set(footprint(expressions, work.fn, UNBOUND, lens).slots);
  for (const e of effects) if (e.value) for (const s of footprint([at(e.value, e.env)], work.fn, e.bindings, lens).slots) slots.add(s);
  for (const r of refusals) for (const s of readBy(r.conditions, work, r, lens).slots) slots.add(s);
  return slots;
}

// ── operations ────────────────────────────────────────────────────────────────────────────────────────────────────

function analyse(draft: Draft, functions: readonly Work[], drafts: Drafts, lens: Lens): Analysed[] {
  const works = worksOn(draft, functions);
  const appliers = works.filter((w) => isApplier(w, drafts));
  const find = refusalFinder(lens.walk, (target) => {
    // The machinery that takes events has its own reasons to refuse.
    if (handsInEvent(target.name.slice(target.name.lastIndexOf('.') + 1))) return false;
    const owner = target.owner && drafts.of(target.owner);
    if (!owner || !lens.territory.blocks.includes(owner) || owner === draft) return true;
    if (draft.lineage.some((a) => a.symbol === target.owner)) return true;
    // What another block refuses on its own state it refuses there; what it only tells counts here.
    return target.context.self?.k === 'named' && effectsOf(target.fn, insideOf(target), draft, lens).length === 0;
  });
  const applied = new Set(appliers);
  return works.flatMap((work): Analysed[] => {
    // What is private shows in those who call it; a getter only reads.
    if (work.hidden && !applied.has(work)) return [];
    if (work.form === 'get' || onlyAnswers(work)) return [{ work, kind: 'query', effects: [], raises: [], refusals: [] }];
    const raises = applied.has(work) ? [] : raisedIn(work.fn, work.env, drafts, lens);
    const promoted = work.form === 'constructor' ? promotedBy(work.fn, work.env, draft, lens) : [];
    const own = [...promoted, ...effectsOf(work.fn, work.env, draft, lens)].filter((e) => !isEventBuffer(e.slot, drafts));
    const joined = raises.flatMap((r) =>
      appliedFor(r.key, appliers, lens).map((e): Effect => ({ ...e, conditions: [...r.conditions, ...e.conditions] })),
    );
    const effects = [...own, ...joined];
    return [{ work, kind: kindOf(work, effects, raises, applied.has(work)), effects, raises, refusals: find(work.fn, work.env) }];
  });
}

/** `equals`, `toString`, one expression that is returned. */
function onlyAnswers({ form, fn }: Work): boolean {
  const [only, more] = fn.body ?? [];
  if (form !== 'method' || more || only?.s !== 'return' || !only.of) return false;
  return only.of.e === 'member' || only.of.e === 'binary' || only.of.e === 'literal' || only.of.e === 'unary' || only.of.e === 'template';
}

function kindOf(work: Work, effects: readonly Effect[], raises: readonly Raised[], applier: boolean): Operation['kind'] {
  if (applier) return 'applier';
  if (work.form === 'constructor') return 'constructor';
  if (work.form === 'static') return makes(work) ? 'factory' : 'query';
  return effects.length > 0 || raises.length > 0 ? 'command' : 'query';
}

/** A static that makes an instance of its own class, or a function that gives a first state. */
function makes(work: Work): boolean {
  if (work.member === undefined) return true;
  return stepsOf(work.fn, work.env).some(
    ({ of }) => of?.e === 'new' && (of.callee.e === 'this' || (of.callee.e === 'name' && of.callee.name === work.draft.symbol.name)),
  );
}

// ── what one operation enforces ───────────────────────────────────────────────────────────────────────────────────

function enforcedBy(one: Analysed, followed: ReadonlySet<FunctionFacts>, lens: Lens, drafts: Drafts): Found[] {
  // A check that others call is said where it guards something.
  const checks = one.kind === 'query' && followed.has(one.work.fn);
  return [...(checks ? [] : guards(one, lens)), ...derived(one, lens, drafts), ...transitions(one, lens)];
}

function guards(one: Analysed, lens: Lens): Found[] {
  const { work, effects } = one;
  const creates = one.kind === 'constructor' || one.kind === 'factory';
  const asserts = isAssertionName(work.name.slice(work.name.lastIndexOf('.') + 1));
  if (effects.length === 0 && one.raises.length === 0 && !asserts && !creates) return [];
  const becomes = stateOfParameters(one, lens);
  const seen = new Set<string>();
  return one.refusals.flatMap((refusal) => {
    const said = saidAt(refusal, work);
    const limits = new Set(refusal.conditions.flatMap((c) => limitedBy(c.test, c.holds, c.env, lens)));
    const read = readBy(refusal.conditions, work, refusal, lens);
    const reads = withoutInner(new Set([...read.slots, ...[...read.parameters].flatMap((p) => becomes(p))]), lens.territory);
    const guarded = effects.filter((e) => !excludes(refusal, e)).map((e) => e.slot);
    const writes = new Set(creates || guarded.length === 0 ? reads : guarded);
    // A constant refuses nothing anyone can bring about; an applier only repeats what was decided.
    if (writes.size === 0 || (reads.size === 0 && (read.parameters.size === 0 || one.kind === 'applier'))) return [];
    const at = spanOf(said.file.facts, said.at);
    const written = refusalText(said.conditions, boundBy(said.calls));
    const about = [...reads].map((s) => s.field.name);
    // What a general check was given in objects is told by what it looks at.
    const text = written.includes('{ … }')
      ? written.replace(/\([^()]*\{ … \}.*\)/, `(${(about.length > 0 ? about : parametersIn(read.parameters)).join(', ')})`)
      : written;
    const key = `${at.file}:${at.line}:${at.column}:${text}`;
    if (seen.has(key)) return [];
    seen.add(key);
    return [
      {
        kind: 'guard' as const,
        owner: work.draft.id,
        in: work.name,
        at,
        text,
        reads: symbolsOf(reads),
        writes: symbolsOf(writes),
        parameters: parametersIn(read.parameters),
        through: [...new Set([...refusal.calls.map((c) => c.target.name), ...read.through])],
        refusal: refusal.how,
        ...(creates || read.slots.size === 0 ? { ofInput: true as const } : {}),
        ...(limits.size > 0 ? { limits: symbolsOf(limits) } : {}),
      },
    ];
  });
}

interface Said {
  readonly conditions: readonly Condition[];
  readonly calls: readonly FollowedCall[];
  readonly at: Range;
  readonly file: ProgramFile;
}

/** Where a reader looks for the rule: in the block's own code; what a general helper checks is said by the call of it. */
function saidAt(refusal: Refusal, work: Work): Said {
  const own = (call: FollowedCall): boolean =>
    call.target.fn.body !== undefined &&
    (call.target.context.scope.file === work.draft.symbol.file ||
      work.draft.lineage.some((a) => a.symbol !== undefined && a.symbol === call.target.owner && speaksOfDomain(a.symbol)));
  const cut = refusal.calls.findIndex((call) => !own(call));
  const call = refusal.calls[cut];
  if (!call) return { ...refusal, file: refusal.conditions.at(-1)?.env.context.scope.file ?? refusal.file };
  const inside = new Set(refusal.calls.slice(cut).map((c) => c.target.fn));
  const outer = refusal.conditions.filter((c) => !standsIn(c.env, inside));
  const said: Condition = { test: call.call, holds: true, env: call.env, branch: call.call, arm: true, implied: false };
  return { conditions: [...outer, said], calls: refusal.calls.slice(0, cut), at: call.call.at, file: call.env.context.scope.file };
}

function standsIn(env: Env, functions: ReadonlySet<FunctionFacts>): boolean {
  for (let e: Env | undefined = env; e; e = e.parent) if (e.fn && functions.has(e.fn)) return true;
  return false;
}

function readBy(conditions: readonly Condition[], work: Work, refusal: Refusal, lens: Lens): ReturnType<typeof footprint> {
  return footprint(
    conditions.map((c) => ({ of: c.test, env: c.env })),
    work.fn,
    boundBy(refusal.calls),
    lens,
  );
}

function parametersIn(paths: ReadonlySet<string>): string[] {
  return [...new Set([...paths].map((p) => p.replace(/^\*\./, '').split('.')[0] ?? p))];
}

/** Places that lie in different arms of one branch never meet; the guard's own test is what parts it from what it guards. */
function excludes(refusal: Refusal, effect: Effect): boolean {
  const own = refusal.conditions.at(-1)?.branch;
  return refusal.path.some((c) => c.branch !== own && effect.conditions.some((e) => e.branch === c.branch && e.arm !== c.arm));
}

/** Which fields a parameter of the operation becomes, as it is. */
function stateOfParameters({ work, effects }: Analysed, lens: Lens): (path: string) => readonly Slot[] {
  const fields = new Map<string, Slot[]>();
  for (const e of effects) {
    const name = e.value && e.how === 'set' ? parameterCarried(e.value, e, work.fn) : undefined;
    if (name === undefined) continue;
    const known = fields.get(name);
    if (known) known.push(e.slot);
    else fields.set(name, [e.slot]);
  }
  for (const { property, pattern } of work.form === 'constructor' ? work.fn.parameters : []) {
    const slot = property && pattern.p === 'name' ? lens.territory.slotOf(work.draft, pattern.name) : undefined;
    if (slot) fields.set(slot.field.name, [slot]);
  }
  const whole = handedWhole(work, lens);
  return (path) => {
    const [head = '', entry] = path.split('.');
    const direct = fields.get(head === '*' && entry !== undefined ? entry : path) ?? fields.get(head);
    if (direct) return direct;
    const slot = entry !== undefined && (whole.has(head) || head === '*') ? lens.territory.slotOf(work.draft, entry) : undefined;
    return slot ? [slot] : [];
  };
}

/** The parameter that a value is, through locals and the helpers on the way. */
function parameterCarried(value: Expression, effect: Pick<Effect, 'env' | 'bindings'>, fn: FunctionFacts, depth = 0): string | undefined {
  const path = depth > 6 ? undefined : carried(value);
  if (path === undefined) return undefined;
  const [head = '', ...rest] = path.split('.');
  const variable = original(lookup(effect.env, head));
  if (!variable) return undefined;
  if (!variable.parameter)
    return variable.init && variable.pattern.p === 'name' && !variable.assignedIn
      ? parameterCarried(variable.init, { ...effect, env: variable.env }, fn, depth + 1)
      : undefined;
  const binding = effect.bindings.get(variable.parameter.fn);
  if (binding) {
    const arg = binding.args[variable.parameter.index];
    return arg && parameterCarried(arg, { env: binding.env, bindings: effect.bindings }, fn, depth + 1);
  }
  return variable.parameter.fn === fn ? [head, ...rest].join('.') : undefined;
}

/** Parameters that become the bag itself, or are spread into it: `new Order({ ...props, status })`. */
function handedWhole(work: Work, lens: Lens): ReadonlySet<string> {
  const names = new Set<string>();
  const note = (e: Expression): void => {
    if (e.e === 'name') names.add(e.name);
    if (e.e === 'object') for (const entry of e.entries) if (entry.o === 'spread' && entry.of.e === 'name') names.add(entry.of.name);
  };
  for (const { of, env } of stepsOf(work.fn, work.env)) {
    if (of?.e === 'assign' && of.target.e === 'member' && lens.territory.isBag(typeOf(of.target.of, env), of.target.name)) note(of.value);
    else if (of?.e === 'call' && of.callee.e === 'super') of.args.forEach(note);
    else if (of?.e === 'call' && of.callee.e === 'member' && of.callee.name === 'assign' && of.args[0]?.e === 'this')
      of.args.slice(1).forEach(note);
    else if (of?.e === 'new' && lens.territory.blocksOf(typeOf(of, env)).includes(work.draft)) of.args.forEach(note);
  }
  return names;
}

/** A field computed from others, or changed depending on others. */
function derived({ work, kind, effects }: Analysed, lens: Lens, drafts: Drafts): Found[] {
  const seen = new Set<string>();
  const creates = kind === 'constructor' || kind === 'factory';
  return effects.flatMap((e) => {
    if (isTimestamp(e.slot)) return [];
    const identity = identityField(e.slot.draft);
    const others = (slots: ReadonlySet<Slot>): Slot[] =>
      [...slots].filter(
        (s) =>
          s !== e.slot &&
          (work.draft.kind !== 'value-object' || s.draft === work.draft) &&
          !(s.draft === e.slot.draft && s.field.name === identity?.name) &&
          !lens.territory.holds(e.slot, s) &&
          !lens.territory.holds(s, e.slot) &&
          !(saidByMember(e, work) && s.draft === e.slot.draft) &&
          !isEventBuffer(s, drafts),
      );
    const readIn = (of: Expression, env: Env): ReturnType<typeof footprint> => footprint([{ of, env }], work.fn, e.bindings, lens);
    const value = e.value && e.how !== 'add' ? readIn(e.value, e.env) : undefined;
    const inputs = value ? others(value.slots) : [];
    const tests = creates || kind === 'applier' ? [] : e.conditions;
    const when = tests.flatMap((c) => {
      const slots = refuses(c) ? [] : others(readIn(c.test, c.env).slots);
      return slots.length > 0 ? [{ condition: c, slots }] : [];
    });
    // `if (this.items.length < MAX) this.items.push(item)`
    const limits = new Set(
      e.how === 'add' ? e.conditions.flatMap((c) => limitedBy(c.test, !c.holds, c.env, lens)).filter((s) => s === e.slot) : [],
    );
    const reads = [...new Set([...inputs, ...when.flatMap((w) => w.slots), ...limits])];
    if (reads.length === 0) return [];
    const at = spanOf(e.file.facts, e.at);
    const text = `${e.slot.field.name} = ${e.value ? valueText(e.value) : '…'}${inputs.length === 0 ? ` when ${testsText(when.length > 0 ? when.map((w) => w.condition) : e.conditions)}` : ''}`;
    const key = `${at.file}:${at.line}:${at.column}`;
    if (seen.has(key)) return [];
    seen.add(key);
    return [
      {
        kind: 'derived' as const,
        owner: work.draft.id,
        in: work.name,
        at,
        text,
        reads: symbolsOf(reads),
        writes: [e.slot.symbol],
        parameters: parametersIn(value?.parameters ?? new Set()),
        through: [...new Set([...e.through, ...(value?.through ?? [])])],
        ...(inputs.length === 0 ? { conditional: true as const } : {}),
        ...(limits.size > 0 ? { limits: symbolsOf(limits) } : {}),
      },
    ];
  });
}

/** The other way out of the test refuses: that is the guard's to say. */
function refuses({ branch, holds }: Condition): boolean {
  if (!('s' in branch)) return false;
  const statement = branch as Statement;
  if (statement.s !== 'if') return false;
  const last = (holds ? statement.no : statement.yes)?.at(-1);
  return last?.s === 'throw' || (last?.s === 'return' && last.of !== undefined && (isFailing(last.of) || last.of.e === 'name'));
}

/** What a member does to itself is said where the member is, unless it depends on more. */
function saidByMember(effect: Effect, work: Work): boolean {
  return effect.slot.draft !== work.draft && effect.through.some((name) => name.startsWith(`${effect.slot.draft.name}.`));
}

/** `updatedAt`: told with every change, and of none. */
export function isTimestamp({ field }: Slot): boolean {
  return (
    /^[_#]?(?:last)?_?(?:created|updated|modified|changed|edited|touched|deleted)_?(?:at|on|date|time|timestamp)?$/i.test(field.name) &&
    !isFlag(field.text)
  );
}

function isFlag(type: string): boolean {
  return /^boolean$/.test(type);
}

/** Statuses that move, each from what the way there lets it come from. */
function transitions({ work, kind, effects, refusals }: Analysed, lens: Lens): Found[] {
  if (kind === 'constructor' || kind === 'factory' || kind === 'applier') return [];
  const seen = new Set<string>();
  return effects.flatMap((e) => {
    if (saidByMember(e, work)) return [];
    const moved = transitionOf(
      e,
      refusals.filter((r) => !excludes(r, e)),
      lens,
    );
    if (!moved) return [];
    const from = moved.from.filter((v) => v !== moved.to || moved.from.length === 1);
    const text = `${e.slot.field.name}: ${from.length > 0 ? from.join(' | ') : 'any'} → ${moved.to}`;
    if (seen.has(text)) return [];
    seen.add(text);
    const together = effects.filter((other) => !conflict(e.conditions, other.conditions)).map((other) => other.slot);
    return [
      {
        kind: 'transition' as const,
        owner: work.draft.id,
        in: work.name,
        at: spanOf(e.file.facts, e.at),
        text,
        reads: [e.slot.symbol],
        writes: symbolsOf(new Set([e.slot, ...together])),
        parameters: [],
        through: e.through,
        transition: { field: e.slot.symbol, from, to: moved.to },
      },
    ];
  });
}

function conflict(a: readonly Condition[], b: readonly Condition[]): boolean {
  return a.some((c) => b.some((d) => d.branch === c.branch && d.arm !== c.arm));
}

function symbolsOf(slots: Iterable<Slot>): StateSymbol[] {
  return [...new Set([...slots].map((s) => s.symbol))];
}
