import type { Expression, FunctionFacts, Range } from '../../facts/facts.js';
import { type Env, lookup, typeOf } from '../infer.js';
import { original } from '../instances.js';
import { type ProgramFile, spanOf } from '../program.js';
import { type Analysed, excludes, type Found, parametersIn, readBy, symbolsOf } from './analysed.js';
import { refusalText } from './conditions-text.js';
import { carried, type Effect } from './effects.js';
import { boundBy, type Lens, withoutInner } from './footprint.js';
import { limitedBy } from './limits.js';
import { speaksOfDomain, type Work } from './operations.js';
import { type Condition, stepsOf } from './paths.js';
import { type FollowedCall, isAssertionName, type Refusal } from './refusals.js';
import type { Slot } from './territory.js';

/** What an operation refuses on a condition over state, or on what is to become state. */
export function guards(one: Analysed, lens: Lens): Found[] {
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
