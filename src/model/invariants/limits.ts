import type { Expression } from '../../facts/facts.js';
import { targetsOf } from '../callees.js';
import { type Env, lookup, typeOf } from '../infer.js';
import { original } from '../instances.js';
import { findMembers, withoutNull } from '../types.js';
import { placed } from './effects.js';
import type { Lens } from './footprint.js';
import { stepsOf } from './paths.js';
import { insideOf } from './refusals.js';
import type { Slot } from './territory.js';

/** Collections that a test compares in number with something more than nothing, where it holds, or does not. */
export function limitedBy(test: Expression, holds: boolean, env: Env, lens: Lens, depth = 0): readonly Slot[] {
  if (depth > 6) return [];
  const again = (e: Expression, positive: boolean, inner: Env = env): readonly Slot[] => limitedBy(e, positive, inner, lens, depth + 1);
  switch (test.e) {
    case 'unary':
      return test.op === '!' ? again(test.of, !holds) : [];
    case 'as':
    case 'await':
      return again(test.of, holds);
    case 'binary': {
      if (test.op === '&&' || test.op === '||') return [...again(test.left, holds), ...again(test.right, holds)];
      const op = holds ? test.op : OPPOSITE[test.op];
      if (op === undefined) return [];
      if (UPWARD.has(op) && !isNothing(test.right, op)) return counted(test.left, env, lens);
      return UPWARD.has(MIRRORED[op] ?? '') && !isNothing(test.left, MIRRORED[op] ?? '') ? counted(test.right, env, lens) : [];
    }
    case 'name': {
      const variable = original(lookup(env, test.name));
      return variable?.init && variable.pattern.p === 'name' ? again(variable.init, holds, variable.env) : [];
    }
    case 'call':
    case 'member':
      return bodiesBehind(test, env, lens).flatMap((body) =>
        stepsOf(body.fn, insideOf(body)).flatMap((s) => (s.kind === 'return' && s.of ? again(s.of, holds, s.env) : [])),
      );
    default:
      return [];
  }
}

const OPPOSITE: Readonly<Record<string, string>> = {
  '<': '>=',
  '<=': '>',
  '>': '<=',
  '>=': '<',
  '===': '!==',
  '!==': '===',
  '==': '!=',
  '!=': '==',
};
const MIRRORED: Readonly<Record<string, string>> = { '<': '>', '<=': '>=', '>': '<', '>=': '<=', '===': '===', '==': '==' };
const UPWARD = new Set(['>', '>=', '===', '==']);

/** Comparing with nothing asks whether there is any, not how many. */
function isNothing(e: Expression, op: string): boolean {
  return e.e === 'literal' && (e.value === 0 || (e.value === 1 && op === '>='));
}

/** `this.items.length`, `this.itemCount`, `this.items.length + more`. */
function counted(e: Expression, env: Env, lens: Lens, depth = 0): readonly Slot[] {
  if (depth > 5) return [];
  switch (e.e) {
    case 'binary':
      return e.op === '+' || e.op === '-' ? [...counted(e.left, env, lens, depth + 1), ...counted(e.right, env, lens, depth + 1)] : [];
    case 'as':
      return counted(e.of, env, lens, depth + 1);
    case 'name': {
      const variable = original(lookup(env, e.name));
      return variable?.init && variable.pattern.p === 'name' ? counted(variable.init, variable.env, lens, depth + 1) : [];
    }
    case 'member':
    case 'call': {
      const member = e.e === 'call' ? e.callee : e;
      if (member.e === 'member' && /^(?:length|size|count|getLength|getSize|getCount)$/.test(member.name)) {
        const slots = placed(member.of, env, { lens });
        if (slots.length > 0) return slots;
        const behind = bodiesBehind(member.of, env, lens);
        const given = behind.flatMap((body) =>
          stepsOf(body.fn, insideOf(body)).flatMap((s) => (s.kind === 'return' && s.of ? placed(s.of, s.env, { lens }) : [])),
        );
        if (given.length > 0) return given;
      }
      return bodiesBehind(e, env, lens).flatMap((body) =>
        stepsOf(body.fn, insideOf(body)).flatMap((s) => (s.kind === 'return' && s.of ? counted(s.of, s.env, lens, depth + 1) : [])),
      );
    }
    default:
      return [];
  }
}

function bodiesBehind(e: Expression, env: Env, lens: Lens): Pick<ReturnType<typeof targetsOf>[number], 'fn' | 'context' | 'env'>[] {
  if (e.e === 'call') return e.callee.e !== 'member' || lens.territory.names.has(e.callee.name) ? targetsOf(e, env, lens.walk) : [];
  if (e.e !== 'member' || !lens.territory.names.has(e.name)) return [];
  return findMembers(withoutNull(typeOf(e.of, env)), e.name).flatMap((m) =>
    'kind' in m.is && m.is.kind === 'get' ? [{ fn: m.is.fn, context: m.context }] : [],
  );
}
