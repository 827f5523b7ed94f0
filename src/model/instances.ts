import type { Expression } from '../facts/facts.js';
import { blocksIn } from './blocks-in.js';
import { type Env, lookup, typeOf, type Variable } from './infer.js';
import type { Walk } from './write-flow.js';

export function instanceOfArgument(arg: Expression, env: Env): Variable | undefined {
  if (arg.e === 'await' || arg.e === 'as') return instanceOfArgument(arg.of, env);
  if (arg.e === 'name') {
    const variable = original(lookup(env, arg.name));
    return (variable && original(savedAs(variable))) ?? variable;
  }
  if (arg.e === 'member' && /^(?:value|unwrap|data)$/.test(arg.name)) return instanceOfArgument(arg.of, env);
  if (arg.e === 'call' && arg.callee.e === 'member') return instanceOfArgument(arg.callee.of, env);
  return undefined;
}

/** The variable itself behind what a branch knows of it. */
export function original(variable: Variable | undefined): Variable | undefined {
  let v = variable;
  while (v?.narrows) v = v.narrows;
  return v;
}

/** `const saved = await orders.save(order)`: saved is order. */
function savedAs(variable: Variable): Variable | undefined {
  let { init } = variable;
  while (init && (init.e === 'await' || init.e === 'as')) init = init.of;
  if (
    variable.pattern.p !== 'name' ||
    init?.e !== 'call' ||
    init.callee.e !== 'member' ||
    !/^(?:save|persist|insert|update|upsert|store|add|create)/.test(init.callee.name)
  )
    return undefined;
  const [first] = init.args;
  return first?.e === 'name' ? lookup(variable.env, first.name) : undefined;
}

/** `new Order(…)`, `Order.place(…)`, or what a method of the root itself returned: `order.cancel()`. */
export function isMade(variable: Variable, env: Env, walk: Walk): boolean {
  let { init } = variable;
  // `const { from, to } = transferred.value` with `const transferred = Account.transfer(…)`.
  for (let i = 0; init && i < 6; i++) {
    if (init.e === 'await' || init.e === 'as' || (init.e === 'member' && init.of.e === 'name')) init = init.of;
    else if (init.e === 'name') init = lookup(variable.env, init.name)?.init;
    else break;
  }
  if (!init) return false;
  if (isCreation(init)) return true;
  if (init.e !== 'call' || init.callee.e !== 'member') return false;
  // A method of the root, or a domain service that was given it.
  const isRoot = (e: Expression): boolean => blocksIn(typeOf(e, variable.env ?? env), walk, false).length > 0;
  return isRoot(init.callee.of) || init.args.some(isRoot);
}

export function isCreation(init: Expression): boolean {
  if (init.e === 'new') return true;
  return init.e === 'call' && init.callee.e === 'member' && init.callee.of.e === 'name' && /^[A-Z]/.test(init.callee.of.name);
}
