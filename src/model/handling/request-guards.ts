import type { Expression } from '../../facts/facts.js';
import { blocksIn } from '../blocks-in.js';
import type { AtHand } from '../callees.js';
import type { Draft } from '../drafts.js';
import { type Env, lookup, typeOf } from '../infer.js';
import { original } from '../instances.js';
import type { Step } from '../invariants/paths.js';
import type { Refusal } from '../invariants/refusals.js';
import { eachExpression } from '../mutation.js';
import { expressionText } from '../text.js';
import { instanceOf } from '../types.js';

/** A change that makes a value of the request a root's state. */
export interface Taking {
  readonly root: Draft;
  readonly of: Expression;
}

/** Where a value of the request that a refusal measures becomes state: `if (dto.price < 0) throw …; product.price = dto.price`. */
export function takenInto(refusal: Refusal, steps: readonly Step[], at: AtHand): Taking | undefined {
  const measured = measuredIn(refusal);
  if (measured.length === 0) return undefined;
  for (const { kind, of: e, env, rescued } of steps) {
    if (kind !== 'expression' || !e || rescued || e.at[0] < refusal.place[1]) continue;
    const taken = (x: Expression): boolean => measured.includes(expressionText(x));
    const [root] =
      e.e === 'assign' && e.target.e === 'member' && taken(e.value)
        ? blocksIn(typeOf(e.target.of, env), at, false)
        : e.e === 'new' && hands(e.args, taken)
          ? blocksIn(instanceOf(typeOf(e.callee, env)), at, false)
          : e.e === 'call' && e.callee.e === 'member' && hands(e.args, taken)
            ? blocksIn(typeOf(e.callee.of, env), at, false)
            : [];
    if (root?.kind === 'aggregate-root') return { root, of: e };
  }
  return undefined;
}

function hands(args: readonly Expression[], taken: (e: Expression) => boolean): boolean {
  return args.some((a) => taken(a) || (a.e === 'object' && a.entries.some((entry) => entry.o === 'property' && taken(entry.value))));
}

/** What is compared with a bound, and comes from the handler's own parameters: that something was given at all is no rule. */
function measuredIn({ conditions, fn, calls }: Refusal): string[] {
  const inner = conditions.at(-1);
  if (!inner || calls.length > 0) return [];
  const found: string[] = [];
  eachExpression([{ s: 'expression', of: inner.test }], (e) => {
    if (e.e !== 'binary' || !/^(?:[<>]=?|[!=]==?)$/.test(e.op)) return;
    for (const [side, other] of [
      [e.left, e.right],
      [e.right, e.left],
    ] as const) {
      const value = side.e === 'member' && side.name === 'length' ? side.of : side;
      if (isBound(other) && isGiven(value, inner.env, fn.parameters)) found.push(expressionText(value));
    }
  });
  return found;
}

/** A number, a text, a constant. */
function isBound(e: Expression): boolean {
  if (e.e === 'literal') return e.value !== null && e.value !== undefined && e.value !== '' && typeof e.value !== 'boolean';
  if (e.e === 'name') return /^[A-Z][A-Z0-9_]*$/.test(e.name);
  return (e.e === 'member' && /^[A-Z]/.test(e.name)) || (e.e === 'unary' && isBound(e.of)) || e.e === 'new';
}

function isGiven(e: Expression, env: Env, parameters: Refusal['fn']['parameters']): boolean {
  if (e.e === 'member') return isGiven(e.of, env, parameters);
  if (e.e !== 'name') return false;
  const variable = original(lookup(env, e.name));
  if (variable?.parameter) return parameters.length > 0;
  // const { price } = command
  return variable?.pattern.p === 'object' && variable.init !== undefined && isGiven(variable.init, variable.env, parameters);
}
