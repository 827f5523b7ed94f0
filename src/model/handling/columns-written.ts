import type { Expression, Statement } from '../../facts/facts.js';
import { implementationsOf } from '../actors.js';
import type { Drafts } from '../drafts.js';
import { callable, foundMemberType, typeOf } from '../infer.js';
import { eachExpression } from '../mutation.js';
import { findMembers, namedType, type Type, withoutNull } from '../types.js';
import { isWriteName } from '../vocabulary.js';
import type { Call, RawWrite } from '../write-flow.js';

/** The columns of a write that touches only some, where they can be read from it; undefined where the whole is written. */
export function columnsOf({ source }: RawWrite, drafts: Drafts): ReadonlySet<string> | undefined {
  if (source?.call.callee.e !== 'member') return undefined;
  const direct = columnsIn(source.call);
  if (direct) return direct;
  const receiver = withoutNull(typeOf(source.call.callee.of, source.env));
  const bodies = bodiesBehind(receiver, source.call.callee.name, drafts);
  const each = bodies.map(columnsAmong);
  const known = each.flatMap((columns) => columns ?? []);
  return each.length > 0 && known.length === each.length ? new Set(known.flatMap((columns) => [...columns])) : undefined;
}

function bodiesBehind(receiver: Type, name: string, drafts: Drafts): (readonly Statement[])[] {
  const bodies = (type: Type): (readonly Statement[])[] =>
    findMembers(type, name).flatMap((member) => {
      const body = callable(foundMemberType(member))?.fn.body;
      return body ? [body] : [];
    });
  const own = bodies(receiver);
  if (own.length > 0 || receiver.k !== 'named') return own;
  return implementationsOf(receiver.symbol, drafts).flatMap((d) => bodies(namedType(d.symbol)));
}

/** All that a body writes, if it writes nothing but columns it names. */
function columnsAmong(body: readonly Statement[]): ReadonlySet<string> | undefined {
  const columns = new Set<string>();
  let whole = false;
  eachExpression(body, (e) => {
    if (e.e === 'literal' && typeof e.value === 'string') for (const column of sqlColumns(e.value)) columns.add(column);
    if (e.e !== 'call' || e.callee.e !== 'member') return;
    const own = columnsIn(e);
    if (own) for (const column of own) columns.add(column);
    // `db.update(orders).set({ … })`: the columns stand in the next call.
    else if (isWriteName(e.callee.name) && !/^(?:update|set)$/.test(e.callee.name)) whole = true;
    else if (/^update(?:One|Many)?$/.test(e.callee.name) && e.args.length > 1) whole = true;
  });
  return whole || columns.size === 0 ? undefined : columns;
}

const SETTERS = /^(?:update|updateOne|updateMany|nativeUpdate|findByIdAndUpdate|findOneAndUpdate|set|patch|updateFields)$/;

/** `update(id, { status })`, `update({ where, data: { status } })`, `set({ status })`, `increment(id, 'count', 1)`. */
function columnsIn({ callee, args }: Call): ReadonlySet<string> | undefined {
  const name = callee.e === 'member' ? callee.name : '';
  if (/^(?:increment|decrement)$/.test(name)) {
    const column = args[1];
    return column?.e === 'literal' && typeof column.value === 'string' ? new Set([column.value]) : undefined;
  }
  if (!SETTERS.test(name)) return undefined;
  const last = args.findLast((a) => a.e === 'object');
  if (last?.e !== 'object') return undefined;
  const data = last.entries.find((entry) => entry.o === 'property' && entry.name === 'data');
  if (data?.o === 'property') return keysOf(data.value);
  return args.length > 1 || name === 'set' ? keysOf(last) : undefined;
}

function keysOf(e: Expression): ReadonlySet<string> | undefined {
  if (e.e !== 'object') return undefined;
  const keys = new Set<string>();
  for (const entry of e.entries) {
    if (entry.o !== 'property') return undefined;
    // `{ $set: { status }, $inc: { count: 1 } }`
    const inner = entry.name.startsWith('$') ? keysOf(entry.value) : new Set([entry.name]);
    if (!inner) return undefined;
    for (const key of inner) if (!SHARED.test(key)) keys.add(key);
  }
  return keys;
}

/** Which every writer touches, and nobody minds. */
const SHARED = /^(?:updated_?(?:at|on|by)|modified_?(?:at|on|by)|version)$/i;

function sqlColumns(sql: string): string[] {
  const set = /\bupdate\s+\S+\s+set\s+(.+?)(?:\s+where\b|$)/is.exec(sql)?.[1];
  return set ? [...set.matchAll(/["`]?(\w+)["`]?\s*=/g)].flatMap(([, column]) => (column && !SHARED.test(column) ? [column] : [])) : [];
}
