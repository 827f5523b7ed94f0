import type { Expression, FunctionFacts, Statement } from '../../facts/facts.js';
import { blockEnv, callable, type Env, functionEnv, lookup, typeOf, type Variable } from '../infer.js';
import { eachExpression } from '../mutation.js';
import type { Declared } from '../program.js';
import { properties, stateOf } from '../state.js';
import { awaited, structure, type Type, withoutNull } from '../types.js';
import { textOf } from './literals.js';

/** What a statement is given to write. */
export interface Payload {
  /** By field or column, with the value where it is in reach. */
  readonly entries: ReadonlyMap<string, Expression | undefined>;
  /** The row as it was read or mapped, spread or passed on. */
  readonly whole: boolean;
  /** There may be more than the entries. */
  readonly open: boolean;
}

const NOTHING: Payload = { entries: new Map(), whole: false, open: false };
const UNKNOWN: Payload = { entries: new Map(), whole: false, open: true };
const MAX_STEPS = 6;

/** Whether a type, or where a variable's value comes from, is a row of the table. */
export interface Rows {
  readonly ofType: (type: Type) => boolean;
  readonly ofOrigin: (init: Expression, env: Env) => boolean;
}

export function payloadOf(e: Expression, env: Env, rows: Rows, steps = 0): Payload {
  if (steps > MAX_STEPS) return UNKNOWN;
  const inner = (next: Expression, within = env): Payload => payloadOf(next, within, rows, steps + 1);
  switch (e.e) {
    case 'object':
      return e.entries.reduce<Payload>((known, entry) => {
        if (entry.o === 'spread') return joined(known, spread(entry.of, env, rows, steps));
        if (entry.o === 'property') return joined(known, one(entry.name, entry.value));
        return joined(known, UNKNOWN);
      }, NOTHING);
    case 'array':
      return e.elements.reduce<Payload>((known, x) => (x && x.e !== 'spread' ? joined(known, inner(x)) : joined(known, UNKNOWN)), NOTHING);
    case 'as':
    case 'await':
      return inner(e.of);
    case 'conditional':
      return joined(inner(e.yes), inner(e.no));
    case 'function':
      return returnedBy(e.fn, functionEnv(e.fn, env.context, env), rows, steps);
    case 'name':
      return ofVariable(e, env, rows, steps);
    case 'new': {
      const [only, more] = e.args;
      if (!only) return NOTHING;
      return only.e === 'object' && !more ? inner(only) : ofType(typeOf(e, env), rows);
    }
    case 'call':
      return ofCall(e, env, rows, steps);
    default:
      return ofType(typeOf(e, env), rows);
  }
}

function one(name: string, value: Expression): Payload {
  // `{ $set: { … }, $inc: { … } }` of a document store.
  if (name.startsWith('$'))
    return value.e === 'object' && name !== '$setOnInsert' ? documentPaths(value) : { ...UNKNOWN, open: name !== '$setOnInsert' };
  return { entries: new Map([[name, value]]), whole: false, open: false };
}

function documentPaths(object: Extract<Expression, { e: 'object' }>): Payload {
  const entries = new Map<string, Expression | undefined>();
  for (const entry of object.entries) {
    if (entry.o !== 'property') return UNKNOWN;
    entries.set(entry.name.split('.')[0] ?? entry.name, entry.value);
  }
  return { entries, whole: false, open: false };
}

function joined(a: Payload, b: Payload): Payload {
  return { entries: new Map([...a.entries, ...b.entries]), whole: a.whole || b.whole, open: a.open || b.open };
}

/** `...row`, `...(name && { name })`. */
function spread(e: Expression, env: Env, rows: Rows, steps: number): Payload {
  if (e.e === 'binary' && (e.op === '&&' || e.op === '||' || e.op === '??')) return spread(e.right, env, rows, steps);
  if (e.e === 'conditional') return joined(spread(e.yes, env, rows, steps), spread(e.no, env, rows, steps));
  return payloadOf(e, env, rows, steps + 1);
}

function ofVariable(e: Extract<Expression, { e: 'name' }>, env: Env, rows: Rows, steps: number): Payload {
  const variable = lookup(env, e.name);
  const init = variable && !variable.parameter ? variable.init : undefined;
  if (!variable || !init || variable.pattern.p !== 'name') return ofType(typeOf(e, env), rows);
  if (rows.ofOrigin(init, variable.env)) return { entries: new Map(), whole: true, open: false };
  const made = payloadOf(init, variable.env, rows, steps + 1);
  if (made.whole) return made;
  return joined(made, assignedTo(variable, env));
}

/** `record.total = order.total` on the way. */
function assignedTo(variable: Variable, env: Env): Payload {
  const entries = new Map<string, Expression | undefined>();
  eachExpression(bodyAround(env), (e) => {
    if (e.e === 'assign' && e.target.e === 'member' && e.target.of.e === 'name' && e.target.of.name === variable.name)
      entries.set(e.target.name, e.value);
  });
  return { entries, whole: false, open: false };
}

function bodyAround(env: Env): readonly Statement[] {
  for (let e: Env | undefined = env; e; e = e.parent) if (e.fn?.body) return e.fn.body;
  return [];
}

/** `Mapper.toRow(order)`, `records.create({ … })`, `Object.assign(row, { … })`, `plainToInstance(Row, { … })`. */
function ofCall(e: Extract<Expression, { e: 'call' }>, env: Env, rows: Rows, steps: number): Payload {
  const { callee, args } = e;
  const name = callee.e === 'member' || callee.e === 'name' ? callee.name : '';
  const inner = (next: Expression): Payload => payloadOf(next, env, rows, steps + 1);
  if (callee.e === 'member' && callee.of.e === 'name' && callee.of.name === 'Object' && name === 'assign')
    return args.map(inner).reduce(joined, NOTHING);
  const fn = callable(typeOf(callee, env));
  if (fn?.fn.body) return returnedBy(fn.fn, functionEnv(fn.fn, fn.context, fn.env), rows, steps);
  if (/^(?:create|merge|build|plainToInstance|plainToClass|wrap)$/.test(name)) {
    const given = args.filter((a) => a.e === 'object' || a.e === 'call' || a.e === 'name').at(-1);
    if (given && given.e === 'object') return inner(given);
  }
  return ofType(typeOf(e, env), rows);
}

function returnedBy(fn: FunctionFacts, env: Env, rows: Rows, steps: number): Payload {
  const returned = returnsOf(fn.body ?? []);
  if (returned.length === 0 || steps > MAX_STEPS) return UNKNOWN;
  const within = blockEnv(fn.body ?? [], env);
  return returned.map((r) => payloadOf(r, within, rows, steps + 1)).reduce(joined, NOTHING);
}

function returnsOf(statements: readonly Statement[]): Expression[] {
  return statements.flatMap((s): Expression[] => {
    switch (s.s) {
      case 'return':
        return s.of ? [s.of] : [];
      case 'if':
        return [...returnsOf(s.yes), ...returnsOf(s.no ?? [])];
      case 'block':
      case 'try':
        return returnsOf(s.body);
      case 'switch':
        return s.cases.flatMap((c) => returnsOf(c.body));
      default:
        return [];
    }
  });
}

function ofType(given: Type, rows: Rows): Payload {
  const type = withoutNull(awaited(withoutNull(given)));
  // A part of a row: which part is not known.
  if (type.k === 'external' && /^(?:Partial|DeepPartial|QueryDeepPartialEntity|RequiredEntityData|EntityData|UpdateQuery)$/.test(type.name))
    return UNKNOWN;
  if (rows.ofType(type)) return { entries: new Map(), whole: true, open: false };
  if (type.k === 'literal-object')
    return type.entries.reduce<Payload>(
      (known, entry) =>
        entry.o === 'property'
          ? joined(known, one(entry.name, entry.value))
          : entry.o === 'spread'
            ? joined(known, payloadOf(entry.of, type.env, rows, MAX_STEPS))
            : joined(known, UNKNOWN),
      NOTHING,
    );
  const names = fieldsOf(type);
  return names.length > 0 ? { entries: new Map(names.map((n) => [n, undefined])), whole: false, open: false } : UNKNOWN;
}

function fieldsOf(type: Type): string[] {
  const shape = structure(type);
  if (shape.k === 'named' && shape.symbol.declaration.kind === 'class')
    return stateOf(shape.symbol).flatMap((f) => (f.via === 'property-bag' ? [] : [f.name]));
  return properties(type).map((p) => p.name);
}

/** Text of an entry's value where it is fixed: a literal, a constant, the words before the first hole. */
export function fixedText(value: Expression | undefined, at: Declared): string | undefined {
  if (!value) return undefined;
  if (value.e === 'template') return value.head;
  return textOf(value, at.scope);
}
