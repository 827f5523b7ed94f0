import type { Expression } from '../../facts/facts.js';
import { targetsOf } from '../callees.js';
import { type Env, lookup, typeOf } from '../infer.js';
import { original } from '../instances.js';
import { bind } from '../program.js';
import { findMembers, structure, type Type, withoutNull } from '../types.js';
import { type Effect, placed } from './effects.js';
import { boundBy, type Lens } from './footprint.js';
import type { Bindings } from './given.js';
import { stepsOf } from './paths.js';
import { insideOf, type Refusal } from './refusals.js';
import type { Slot } from './territory.js';

/** The values a status can have, where its type lists them: literal unions, enums, classes with their instances as statics. */
export function valuesOf(type: Type): readonly string[] {
  const shape = structure(type);
  if (shape.k === 'union')
    return shape.of.every((t) => t.k === 'literal')
      ? shape.of.flatMap((t) => (t.k === 'literal' ? [String(t.value)] : []))
      : shape.of.flatMap((t) => valuesOf(t));
  if (shape.k !== 'named') return [];
  const { declaration } = shape.symbol;
  if (declaration.kind === 'enum') return declaration.members.map((m) => m.name);
  if (declaration.kind !== 'class') return [];
  return declaration.members.flatMap((m) => {
    if (!m.static) return [];
    // `OrderStatus.placed()`
    if (m.kind === 'method') {
      const [only, more] = m.fn.body ?? [];
      const made = only?.s === 'return' && !more && only.of?.e === 'new' && only.of.callee.e === 'name' ? only.of.callee.name : '';
      return m.fn.parameters.length === 0 && made === shape.symbol.name ? [m.name] : [];
    }
    if (m.kind !== 'property') return [];
    const made = m.init?.e === 'new' && m.init.callee.e === 'name' ? m.init.callee.name : m.type?.t === 'ref' ? m.type.name : '';
    return made === shape.symbol.name ? [m.name] : [];
  });
}

/** Where a change sets a status to one of its values, from which values the way there lets it come. */
export function transitionOf(
  effect: Effect,
  refusals: readonly Refusal[],
  lens: Lens,
): { readonly from: readonly string[]; readonly to: string } | undefined {
  if (effect.how !== 'set' || !effect.value) return undefined;
  const values = valuesOf(effect.slot.field.type);
  if (values.length < 2) return undefined;
  const to = valueOfExpression(effect.value, effect.env, effect, lens);
  if (to === undefined || !values.includes(to)) return undefined;
  const asked = (bindings: Bindings): Question => ({ slot: effect.slot, values, lens, bindings });
  let from: ReadonlySet<string> | undefined;
  const narrow = (found: ReadonlySet<string> | undefined): void => {
    if (found) from = from ? new Set([...from].filter((v) => found.has(v))) : found;
  };
  for (const c of effect.conditions) narrow(allowed(c.test, c.holds, c.env, asked(effect.bindings)));
  for (const refusal of refusals) {
    const [only, more] = refusal.conditions;
    if (only && !more && refusal.calls.length > 0) narrow(allowed(only.test, !only.holds, only.env, asked(boundBy(refusal.calls))));
  }
  return { from: from ? values.filter((v) => from?.has(v)) : [], to };
}

interface Question {
  readonly slot: Slot;
  readonly values: readonly string[];
  readonly lens: Lens;
  readonly bindings: Bindings;
}

/** The values that the status may have where a test holds, or does not; undefined where it says nothing of the status. */
function allowed(test: Expression, holds: boolean, env: Env, question: Question, depth = 0): ReadonlySet<string> | undefined {
  if (depth > 6) return undefined;
  const again = (e: Expression, positive: boolean, inner: Env = env): ReadonlySet<string> | undefined =>
    allowed(e, positive, inner, question, depth + 1);
  switch (test.e) {
    case 'unary':
      return test.op === '!' ? again(test.of, !holds) : undefined;
    case 'as':
    case 'await':
      return again(test.of, holds);
    case 'binary': {
      if (test.op === '&&' || test.op === '||') {
        const left = again(test.left, holds);
        const right = again(test.right, holds);
        if ((test.op === '&&') === holds) return left && right ? new Set([...left].filter((v) => right.has(v))) : (left ?? right);
        return left && right ? new Set([...left, ...right]) : undefined;
      }
      const equal = test.op === '===' || test.op === '==';
      if (!equal && test.op !== '!==' && test.op !== '!=') return undefined;
      return (
        compared(test.left, test.right, equal === holds, env, question) ?? compared(test.right, test.left, equal === holds, env, question)
      );
    }
    case 'name': {
      const variable = original(lookup(env, test.name));
      return variable?.init && variable.pattern.p === 'name' ? again(variable.init, holds, variable.env) : undefined;
    }
    case 'member':
    case 'call':
      return told(test, holds, env, question, again);
    default:
      return undefined;
  }
}

function compared(subject: Expression, other: Expression, equal: boolean, env: Env, question: Question): ReadonlySet<string> | undefined {
  if (!placed(subject, env, question).includes(question.slot)) return undefined;
  const value = valueOfExpression(other, env, question, question.lens);
  return value === undefined ? undefined : chosen([value], equal, question);
}

function chosen(listed: readonly string[], positive: boolean, { values }: Question): ReadonlySet<string> {
  return new Set(values.filter((v) => listed.includes(v) === positive));
}

/** `OPEN.includes(this.status)`, `this.status.equals(Status.Draft)`, `this.isDraft`, `this.isDraft()`. */
function told(
  test: Extract<Expression, { e: 'member' | 'call' }>,
  holds: boolean,
  env: Env,
  question: Question,
  again: (e: Expression, positive: boolean, env: Env) => ReadonlySet<string> | undefined,
): ReadonlySet<string> | undefined {
  if (test.e === 'call' && test.callee.e === 'member') {
    const { callee } = test;
    const [arg] = test.args;
    if (arg && /^(?:includes|has)$/.test(callee.name) && placed(arg, env, question).includes(question.slot)) {
      const listed = valuesListed(callee.of, env, question);
      return listed && chosen(listed, holds, question);
    }
    // `NEXT[this.status].includes(next)`: a table of what may follow what.
    if (arg && /^(?:includes|has)$/.test(callee.name)) {
      const listed = listedBefore(callee.of, arg, env, question);
      if (listed) return chosen(listed, holds, question);
    }
    if (arg && /^(?:equals|is|eq|sameAs|isEqualTo|isEqual)$/.test(callee.name)) return compared(callee.of, arg, holds, env, question);
  }
  const asked = test.e === 'call' ? test.callee : test;
  // `this.status.isDraft()` of a status that can be draft.
  const named = asked.e === 'member' ? /^is_?(.+)$/i.exec(asked.name)?.[1] : undefined;
  const value = named === undefined ? undefined : question.values.find((v) => plain(v) === plain(named));
  if (value !== undefined && asked.e === 'member' && placed(asked.of, env, question).includes(question.slot))
    return chosen([value], holds, question);
  const bodies =
    test.e === 'call'
      ? test.args.length === 0 && (test.callee.e !== 'member' || question.lens.territory.names.has(test.callee.name))
        ? targetsOf(test, env, question.lens.walk)
        : []
      : question.lens.territory.names.has(test.name)
        ? findMembers(withoutNull(typeOf(test.of, env)), test.name).flatMap((m) =>
            'kind' in m.is && m.is.kind === 'get' ? [{ fn: m.is.fn, context: m.context }] : [],
          )
        : [];
  const [body, more] = bodies;
  if (!body || more) return undefined;
  const returned = stepsOf(body.fn, insideOf(body)).filter((s) => s.kind === 'return');
  const [only, other] = returned;
  return only?.of && !other && only.conditions.length === 0 ? again(only.of, holds, only.env) : undefined;
}

function listedBefore(table: Expression, next: Expression, env: Env, question: Question): readonly string[] | undefined {
  const [of, by] =
    table.e === 'index'
      ? [table.of, table.by]
      : table.e === 'call' && table.callee.e === 'member' && table.callee.name === 'get'
        ? [table.callee.of, table.args[0]]
        : [];
  if (!of || !by || !placed(by, env, question).includes(question.slot)) return undefined;
  const to = valueOfExpression(next, env, question, question.lens);
  const rows = to === undefined ? undefined : constantBehind(of, env);
  const entries = rows?.e === 'object' ? rows.entries : [];
  const found = entries.flatMap((entry) => {
    const key =
      entry.o === 'property' ? entry.name : entry.o === 'computed' ? valueOfExpression(entry.key, env, question, question.lens) : undefined;
    if (key === undefined || (entry.o !== 'property' && entry.o !== 'computed')) return [];
    return valuesListed(entry.value, env, question)?.includes(to ?? '') ? [key] : [];
  });
  return entries.length > 0 ? found : undefined;
}

/** What a constant, a static or a field is declared with. */
function constantBehind(e: Expression, env: Env): Expression | undefined {
  if (e.e === 'as') return constantBehind(e.of, env);
  if (e.e === 'new' && e.args[0]) return constantBehind(e.args[0], env);
  if (e.e === 'call' && e.callee.e === 'member' && e.callee.name === 'freeze' && e.args[0]) return constantBehind(e.args[0], env);
  if (e.e === 'name') {
    const variable = lookup(env, e.name);
    if (variable) return variable.init && constantBehind(variable.init, variable.env);
    const target = bind(env.context.program, env.context.scope, e.name, 'value');
    const constant = target.k === 'symbol' ? target.symbol.declaration : undefined;
    return constant?.kind === 'variable' && constant.init ? constantBehind(constant.init, env) : undefined;
  }
  if (e.e === 'member')
    for (const m of findMembers(typeOf(e.of, env), e.name))
      if ('kind' in m.is && m.is.kind === 'property' && 'init' in m.is && m.is.init) return constantBehind(m.is.init, env);
  return e.e === 'object' || e.e === 'array' ? e : undefined;
}

function plain(value: string): string {
  return value.replaceAll(/[^A-Za-z0-9]/g, '').toLowerCase();
}

/** `['draft', 'open']`, `new Set([…])`, or a constant that is one. */
function valuesListed(e: Expression, env: Env, question: Question): readonly string[] | undefined {
  const list = constantBehind(e, env);
  if (list?.e !== 'array') return undefined;
  const found = list.elements.map((x) => (x ? valueOfExpression(x, env, question, question.lens) : undefined));
  return found.every((v) => v !== undefined) ? found : undefined;
}

/** `'draft'`, `OrderStatus.Draft`, `OrderStatus.DRAFT.value`; a bound parameter is what it was given. */
function valueOfExpression(
  e: Expression,
  env: Env,
  at: { readonly slot: Slot } & Partial<Pick<Effect, 'bindings'>>,
  lens: Lens,
  depth = 0,
): string | undefined {
  if (depth > 4) return undefined;
  switch (e.e) {
    case 'literal':
      return typeof e.value === 'string' || typeof e.value === 'number' ? String(e.value) : undefined;
    case 'as':
      return valueOfExpression(e.of, env, at, lens, depth + 1);
    case 'member': {
      if (e.of.e === 'name' && /^[A-Z]/.test(e.of.name)) return e.name;
      if (e.of.e === 'member') return valueOfExpression(e.of, env, at, lens, depth + 1);
      return undefined;
    }
    case 'new':
    case 'call':
      if (e.e === 'call' && e.args.length === 0)
        return e.callee.e === 'member' && e.callee.of.e === 'name' && /^[A-Z]/.test(e.callee.of.name) ? e.callee.name : undefined;
      return e.args.length === 1 && e.args[0] ? valueOfExpression(e.args[0], env, at, lens, depth + 1) : undefined;
    case 'name': {
      const variable = original(lookup(env, e.name));
      if (variable?.pattern.p !== 'name') return undefined;
      if (variable.parameter) {
        const binding = at.bindings?.get(variable.parameter.fn);
        const arg = binding?.args[variable.parameter.index];
        return binding && arg ? valueOfExpression(arg, binding.env, at, lens, depth + 1) : undefined;
      }
      return variable.init && !variable.assignedIn ? valueOfExpression(variable.init, variable.env, at, lens, depth + 1) : undefined;
    }
    default:
      return undefined;
  }
}
