import type { Invariant, Operation, StateSymbol } from '../domain-model.js';
import type { Draft, Drafts } from '../drafts.js';
import { type Effect, effectsOf, handsInEvent, promotedBy } from './effects.js';
import { boundBy, footprint, type Lens } from './footprint.js';
import { appliedFor, isApplier, isEventBuffer, type Raised, raisedIn, type Work, worksOn } from './operations.js';
import { type Condition, stepsOf } from './paths.js';
import { insideOf, type Refusal, refusalFinder } from './refusals.js';
import type { Slot } from './territory.js';

/** A method or function of a block with what it does. */
export interface Analysed {
  readonly work: Work;
  readonly kind: Operation['kind'];
  /** With what the appliers change for the events it raises. */
  readonly effects: readonly Effect[];
  readonly raises: readonly Raised[];
  readonly refusals: readonly Refusal[];
}

export type Found = Omit<Invariant, 'aggregate'>;

export function analyse(draft: Draft, functions: readonly Work[], drafts: Drafts, lens: Lens): Analysed[] {
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

// ── how what it does lies to what it refuses ──────────────────────────────────────────────────────────────────────

export function readBy(conditions: readonly Condition[], work: Work, refusal: Refusal, lens: Lens): ReturnType<typeof footprint> {
  return footprint(
    conditions.map((c) => ({ of: c.test, env: c.env })),
    work.fn,
    boundBy(refusal.calls),
    lens,
  );
}

export function parametersIn(paths: ReadonlySet<string>): string[] {
  return [...new Set([...paths].map((p) => p.replace(/^\*\./, '').split('.')[0] ?? p))];
}

/** Places that lie in different arms of one branch never meet; the guard's own test is what parts it from what it guards. */
export function excludes(refusal: Refusal, effect: Effect): boolean {
  const own = refusal.conditions.at(-1)?.branch;
  return refusal.path.some((c) => c.branch !== own && effect.conditions.some((e) => e.branch === c.branch && e.arm !== c.arm));
}

export function conflict(a: readonly Condition[], b: readonly Condition[]): boolean {
  return a.some((c) => b.some((d) => d.branch === c.branch && d.arm !== c.arm));
}

/** What a member does to itself is said where the member is, unless it depends on more. */
export function saidByMember(effect: Effect, work: Work): boolean {
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

export function symbolsOf(slots: Iterable<Slot>): StateSymbol[] {
  return [...new Set([...slots].map((s) => s.symbol))];
}
