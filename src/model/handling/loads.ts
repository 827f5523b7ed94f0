import type { Expression } from '../../facts/facts.js';
import { implementationsOf } from '../actors.js';
import { blocksIn } from '../blocks-in.js';
import type { AtHand } from '../callees.js';
import type { ForeignLoad } from '../domain-model.js';
import type { Draft, Drafts } from '../drafts.js';
import type { Entered } from '../handlers.js';
import { type Env, lookup, typeOf, type Variable } from '../infer.js';
import { original } from '../instances.js';
import { type Step, stepsOf } from '../invariants/paths.js';
import { eachExpression } from '../mutation.js';
import { spanOf } from '../program.js';
import { expressionText } from '../text.js';
import { type Type, withoutNull } from '../types.js';
import { isRepositoryName, isWriteName } from '../vocabulary.js';
import { changesOf } from './changing.js';
import { baseVariable } from './guard-reads.js';
import { isCredential } from './guards-excused.js';
import { envOf } from './surroundings.js';

const CHANGES_ON_COMMAND = new Set(['command-handler', 'application-service']);

/** Roots that a handler loads beside those it writes, only to look at them. */
export function findForeignLoads(
  entered: readonly Entered[],
  drafts: Drafts,
  rootsOf: (draft: Draft) => readonly Draft[],
): readonly ForeignLoad[] {
  return entered.flatMap((e) => (e.writes.length > 0 && CHANGES_ON_COMMAND.has(e.handler.kind) ? loadsIn(e, drafts, rootsOf) : []));
}

interface Use {
  readonly variable: Variable;
  readonly root: Draft;
  readonly load: Expression;
  readonly reads: Set<string>;
  handed: boolean;
}

function loadsIn(entered: Entered, drafts: Drafts, rootsOf: (draft: Draft) => readonly Draft[]): ForeignLoad[] {
  const { handler, fn, writes } = entered;
  const env = envOf(entered);
  const at: AtHand = { model: { drafts } };
  const steps = stepsOf(fn, env);
  const written = new Set(writes.map((w) => w.aggregate));
  const uses = new Map<Variable, Use>();
  const useOf = (e: Expression, where: Env): Use | undefined => {
    const variable = e.e === 'name' ? original(lookup(where, e.name)) : undefined;
    if (variable?.pattern.p !== 'name') return undefined;
    const known = uses.get(variable);
    if (known) return known;
    const load = variable.init && loadIn(variable.init, variable.env, drafts);
    const [draft] = load ? blocksIn(typeOf(e, where), at) : [];
    const root = draft && rootsOf(draft)[0];
    if (!load || !root || root !== draft || written.has(root)) return undefined;
    const use: Use = { variable, root, load, reads: new Set(), handed: false };
    uses.set(variable, use);
    return use;
  };
  for (const step of steps) noteUses(step, useOf);
  const found = new Map<Draft, ForeignLoad>();
  for (const use of uses.values()) {
    if (found.has(use.root) || (use.reads.size === 0 && !use.handed)) continue;
    if (changesOf(steps, { variable: use.variable, draft: use.root }, use.root, at, entered).length > 0) continue;
    if (makes(steps, use.variable, written, at) || isKeptWith(use, entered) || isPermission(use) || isSentBack(steps, use)) continue;
    found.set(use.root, {
      handler: handler.id,
      aggregate: use.root.id,
      at: spanOf(env.context.scope.file.facts, use.load.at),
      call: expressionText(use.load),
      reads: [...use.reads],
    });
  }
  return [...found.values()];
}

/** The call in an initialiser that gets the root from a repository, an ORM or a finder. */
function loadIn(init: Expression, env: Env, drafts: Drafts): Expression | undefined {
  let found: Expression | undefined;
  eachExpression([{ s: 'expression', of: init }], (e) => {
    if (found || e.e !== 'call' || e.callee.e !== 'member') return;
    const { of } = e.callee;
    const isOwn = of.e === 'this' || (of.e === 'member' && of.of.e === 'this');
    if (isOwn || isRepository(withoutNull(typeOf(of, env)), drafts)) found = e;
  });
  return found;
}

function isRepository(type: Type, drafts: Drafts): boolean {
  if (type.k === 'external') return /Repository$|EntityManager$|^(?:Model|DataSource)$/.test(type.name);
  if (type.k !== 'named') return false;
  const keeps = (draft: Draft | undefined): boolean => draft?.kind === 'repository' || draft?.kind === 'repository-implementation';
  return keeps(drafts.of(type.symbol)) || isRepositoryName(type.symbol.name) || implementationsOf(type.symbol, drafts).some(keeps);
}

const IDENTITY = /^(?:id|_id|uuid|getId|identity|value|toString|length|isNone|isSome|isErr|isOk|isFailure|isSuccess|unwrap)$/;

/** What is asked of the variables in a step: `customer.level`, `place(customer)`. That they are there is not asked of them. */
function noteUses({ of: e, env, conditions }: Step, useOf: (e: Expression, env: Env) => Use | undefined): void {
  const note = (x: Expression, where: Env): void => {
    if (x.e === 'member') {
      const use = useOf(x.of, where);
      if (use && !IDENTITY.test(x.name)) use.reads.add(x.name);
    } else if (x.e === 'call' || x.e === 'new') {
      for (const arg of x.args) {
        const use = useOf(arg.e === 'spread' ? arg.of : arg, where);
        if (use) use.handed = true;
      }
    } else if (x.e === 'object') {
      for (const entry of x.entries) {
        const use = entry.o === 'property' ? useOf(entry.value, where) : entry.o === 'spread' ? useOf(entry.of, where) : undefined;
        if (use) use.handed = true;
      }
    }
  };
  const each = (x: Expression | undefined, where: Env): void => {
    if (x) eachExpression([{ s: 'expression', of: x }], (inner) => note(inner, where));
  };
  each(e, env);
  for (const c of conditions) each(c.test, c.env);
}

/** Loaded from where the other is saved: one concept in two states, `accounts.save(verify(unverified))`. */
function isKeptWith({ load }: Use, { writes }: Entered): boolean {
  const from = load.e === 'call' && load.callee.e === 'member' ? expressionText(load.callee.of) : undefined;
  return writes.some(({ source }) => source?.call.callee.e === 'member' && expressionText(source.call.callee.of) === from);
}

/** Whatever gave it out is also told to write: perhaps just this. */
function isSentBack(steps: readonly Step[], { load }: Use): boolean {
  const giver = load.e === 'call' && load.callee.e === 'member' ? load.callee.of : undefined;
  if (!giver) return false;
  const isGiver = (e: Expression): boolean =>
    giver.e === 'this' || giver.e === 'super' ? e.e === 'this' || e.e === 'super' : expressionText(e) === expressionText(giver);
  return steps.some(({ of: e }) => e?.e === 'call' && e.callee.e === 'member' && isWriteName(e.callee.name) && isGiver(e.callee.of));
}

/** Asked whether somebody may, or who somebody is. */
function isPermission({ root, reads, handed }: Use): boolean {
  return isCredential([root.name]) || (!handed && reads.size > 0 && [...reads].every((name) => isCredential([name])));
}

/** `const item = product.planBacklogItem(…)`: the root makes what is written. */
function makes(steps: readonly Step[], variable: Variable, written: ReadonlySet<Draft>, at: AtHand): boolean {
  return steps.some(
    ({ of: e, env }) =>
      e?.e === 'call' &&
      e.callee.e === 'member' &&
      baseVariable(e.callee.of, env) === variable &&
      blocksIn(typeOf(e, env), at).some((d) => written.has(d)),
  );
}
