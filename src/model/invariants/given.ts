import type { Expression, FunctionFacts, ObjectEntry } from '../../facts/facts.js';
import { type Env, lookup, type Variable } from '../infer.js';
import { original } from '../instances.js';

/** How the parameters of functions on the way were given. */
export type Bindings = ReadonlyMap<FunctionFacts, { readonly args: readonly Expression[]; readonly env: Env }>;

/** What a place is given on this way. */
export interface Given {
  readonly value: Expression;
  readonly env: Env;
}

const NOTHING = 'nothing';

/**
 * What a caller's literal gives: in `this.with({ status: 'placed' })` the helper's `changes.status` is `'placed'`, and `changes.items`
 * is nothing. Undefined where no literal is known.
 */
export function givenTo(e: Expression, env: Env, bindings: Bindings): Given | typeof NOTHING | undefined {
  if (e.e === 'member') return entryOf(literalBehind(e.of, env, bindings), e.name);
  if (e.e !== 'name') return undefined;
  const variable = original(lookup(env, e.name));
  const arg = variable && argumentOf(variable, bindings);
  if (!variable || !arg || variable.pattern.p !== 'object') return undefined;
  const entry = variable.pattern.entries.find(({ value }) => value.p === 'name' && value.name === e.name);
  if (!entry) return undefined;
  const given = entryOf(literalBehind(arg.value, arg.env, bindings), entry.key);
  return given === NOTHING && entry.init ? (givenTo(entry.init, env, bindings) ?? { value: entry.init, env }) : given;
}

/** The value that `changes.status ?? this.status` has on this way. */
export function settled(value: Expression, env: Env, bindings: Bindings): Given | typeof NOTHING {
  const given = value.e === 'binary' && (value.op === '??' || value.op === '||') ? givenTo(value.left, env, bindings) : undefined;
  if (given === NOTHING && value.e === 'binary') return settled(value.right, env, bindings);
  return given ?? givenTo(value, env, bindings) ?? { value, env };
}

interface Literal {
  readonly entries: readonly ObjectEntry[];
  readonly env: Env;
}

export function literalBehind(e: Expression, env: Env, bindings: Bindings, depth = 0): Literal | undefined {
  if (e.e === 'object') return { entries: e.entries, env };
  if (e.e === 'as') return literalBehind(e.of, env, bindings, depth);
  const variable = e.e === 'name' && depth < 4 ? original(lookup(env, e.name)) : undefined;
  const arg = variable?.pattern.p === 'name' ? argumentOf(variable, bindings) : undefined;
  return arg && literalBehind(arg.value, arg.env, bindings, depth + 1);
}

function argumentOf({ parameter }: Variable, bindings: Bindings): Given | undefined {
  const binding = parameter && !parameter.rest ? bindings.get(parameter.fn) : undefined;
  const value = parameter && binding?.args[parameter.index];
  return binding && value ? { value, env: binding.env } : undefined;
}

function entryOf(literal: Literal | undefined, name: string): Given | typeof NOTHING | undefined {
  if (!literal) return undefined;
  for (const entry of literal.entries) {
    if (entry.o === 'spread' || entry.o === 'computed') return undefined;
    if (entry.name !== name) continue;
    return entry.o === 'property' ? { value: entry.value, env: literal.env } : undefined;
  }
  return NOTHING;
}
