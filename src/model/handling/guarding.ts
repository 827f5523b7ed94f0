import type { Expression, FunctionFacts } from '../../facts/facts.js';
import type { AtHand, CallTarget } from '../callees.js';
import type { OutsideGuard } from '../domain-model.js';
import type { Draft, Drafts } from '../drafts.js';
import type { Entered } from '../handlers.js';
import { type Condition, stepsOf } from '../invariants/paths.js';
import { isAssertionName, type Refusal, refusalFinder } from '../invariants/refusals.js';
import { once } from '../memo.js';
import { type ProgramFile, spanOf } from '../program.js';
import { expressionText } from '../text.js';
import { type Change, changesOf, fieldsBehind } from './changing.js';
import { stateReads } from './guard-reads.js';
import { isCredential, isExcused } from './guards-excused.js';
import { takenInto } from './request-guards.js';
import { hasBehaviour } from './root-behaviour.js';
import { envOf } from './surroundings.js';

/** Rules about a root's state that a handler enforces before it changes that root. */
export function findOutsideGuards(
  entered: readonly Entered[],
  drafts: Drafts,
  rootsOf: (draft: Draft) => readonly Draft[],
): readonly OutsideGuard[] {
  const writing = entered.filter(({ writes, handler }) => writes.length > 0 && handler.kind !== 'saga' && handler.kind !== 'query-handler');
  const entries = new Set(writing.map((e) => e.fn));
  return writing.flatMap((e) => guardsIn(e, entries, drafts, rootsOf));
}

function guardsIn(
  entered: Entered,
  entries: ReadonlySet<FunctionFacts>,
  drafts: Drafts,
  rootsOf: (draft: Draft) => readonly Draft[],
): OutsideGuard[] {
  const { handler, fn, writes } = entered;
  const env = envOf(entered);
  const at: AtHand = { model: { drafts } };
  const follows = (target: CallTarget): boolean => !entries.has(target.fn) && (isOwn(target, entered, drafts) || isCheck(target, drafts));
  const written = new Set(writes.map((w) => w.aggregate));
  const found = new Map<Draft, OutsideGuard>();
  const refusals = refusalFinder(at, follows)(fn, env);
  if (refusals.length === 0) return [];
  const steps = stepsOf(fn, env);
  const file = env.context.scope.file.facts;
  const say = (root: Draft, refusal: Refusal, change: Expression, part?: Expression): void => {
    if (found.has(root)) return;
    found.set(root, {
      aggregate: root.id,
      handler: handler.id,
      at: spanOf(refusal.file.facts, refusal.at),
      text: textOf(refusal.conditions.at(-1), part ?? refusal.conditions.at(-1)?.test),
      how: refusal.how,
      change: { text: expressionText(change), at: spanOf(file, change.at) },
      behaviour: hasBehaviour(root, drafts),
    });
  };
  const reads = refusals.flatMap((refusal) => stateReads(refusal, at).map((read) => ({ refusal, read })));
  // Whoever checks a password decides whether someone may come in.
  if (reads.some(({ read }) => isCredential(read.names))) return [];
  for (const { refusal, read } of reads) {
    const [root] = rootsOf(read.of.draft);
    if (!root || !written.has(root) || found.has(root) || isExcused(refusal, read)) continue;
    const change = changesOf(steps, read.of, root, at, entered).find((c) => follow(refusal, c));
    // The root says the same: the handler only says it sooner.
    if (change && !fieldsBehind(read.names, root.symbol).some((name) => change.guards.includes(name)))
      say(root, refusal, change.of, read.part);
  }
  for (const refusal of refusals) {
    const taking = takenInto(refusal, steps, at);
    // A root that does nothing cannot refuse it either.
    if (taking && written.has(taking.root) && !hasBehaviour(taking.root, drafts)) say(taking.root, refusal, taking.of);
  }
  return [...found.values()];
}

/** A helper of the handler's class, or a function beside it. */
function isOwn({ owner, context }: CallTarget, { draft }: Entered, drafts: Drafts): boolean {
  if (owner) return owner === draft.symbol || draft.lineage.some((a) => a.symbol === owner);
  return context.scope.file === draft.symbol.file && !rootFiles(drafts).has(context.scope.file);
}

const filesOfRoots = new WeakMap<Drafts, ReadonlySet<ProgramFile>>();

function rootFiles(drafts: Drafts): ReadonlySet<ProgramFile> {
  return once(filesOfRoots, drafts, () => new Set(drafts.all.flatMap((d) => (d.kind === 'aggregate-root' ? [d.symbol.file] : []))));
}

/** `Assert.isTrue(…)`, `ensure(…)`: the condition is the caller's. What the domain itself checks and throws is its own. */
function isCheck({ owner, context, name }: CallTarget, drafts: Drafts): boolean {
  const { file } = context.scope;
  const path = file.facts.file;
  const ofDomain =
    /(?:^|\/)(?:domain|model|entities|aggregates|policies|specifications)\//i.test(path) &&
    !/(?:^|\/)(?:application|app|use-?cases?|shared|common|core|lib|libs|utils?|kernel)\//i.test(path);
  if (ofDomain || (owner && drafts.of(owner)?.kind !== undefined) || rootFiles(drafts).has(file)) return false;
  return (
    isAssertionName(name.split('.').at(-1) ?? name) ||
    (owner !== undefined && /(?:Assert|Assertions?|Guards?|Ensure|Preconditions?|Contract|Check)$/.test(owner.name))
  );
}

/** Does the change come after the refusal, on the way that it leaves open? */
function follow(refusal: Refusal, change: Change): boolean {
  const inner = refusal.conditions.at(-1);
  const isOtherArm = inner !== undefined && change.conditions.some((c) => !c.implied && c.branch === inner.branch && c.arm !== inner.arm);
  const place = refusal.calls[0]?.call.at ?? refusal.place;
  if (!isOtherArm && change.at[0] < place[1]) return false;
  return !refusal.conditions.some(
    (r) => r !== inner && change.conditions.some((c) => !c.implied && c.branch === r.branch && c.arm !== r.arm),
  );
}

function textOf(condition: Condition | undefined, part: Expression | undefined): string {
  if (!condition || !part) return '';
  const text = expressionText(part);
  const whole = condition.holds ? text : negated(part, text);
  return whole.length > 90 ? `${whole.slice(0, 89)}…` : whole;
}

function negated(part: Expression, text: string): string {
  if (part.e === 'unary' && part.op === '!') return text.slice(1);
  return part.e === 'binary' || part.e === 'conditional' ? `!(${text})` : `!${text}`;
}
