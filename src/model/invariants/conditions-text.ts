import type { Expression } from '../../facts/facts.js';
import { type Env, lookup } from '../infer.js';
import { original } from '../instances.js';
import { expressionText } from '../text.js';
import type { Bindings } from './given.js';
import type { Condition } from './paths.js';

const LONGEST = 110;

/** When it refuses, in the code's words on one line: `items.length >= MAX_ITEMS`. */
export function refusalText(conditions: readonly Condition[], bindings: Bindings): string {
  return joined(conditions, bindings);
}

export function testsText(conditions: readonly Condition[]): string {
  return joined(conditions, new Map());
}

export function valueText(value: Expression): string {
  return short(plain(expressionText(value)));
}

function joined(conditions: readonly Condition[], bindings: Bindings): string {
  const tests = conditions.map((c) => {
    const test = writtenOut(c.test, c.env, bindings);
    return c.holds ? test : negated(test);
  });
  const many = tests.length > 1;
  const texts = tests.map((test) => (many && test.e === 'binary' && test.op === '||' ? `(${expressionText(test)})` : expressionText(test)));
  return short(plain([...new Set(texts)].join(' && ')));
}

const OPPOSITE: Readonly<Record<string, string>> = {
  '===': '!==',
  '!==': '===',
  '==': '!=',
  '!=': '==',
  '<': '>=',
  '>=': '<',
  '>': '<=',
  '<=': '>',
};

/** The same test the other way round, as an author would write it. */
function negated(test: Expression): Expression {
  if (test.e === 'unary' && test.op === '!') return test.of;
  if (test.e === 'binary') {
    const op = OPPOSITE[test.op];
    if (op) return { ...test, op };
    if (test.op === '||' || test.op === '&&')
      return { ...test, op: test.op === '||' ? '&&' : '||', left: negated(test.left), right: negated(test.right) };
  }
  return { e: 'unary', op: '!', of: test, at: test.at };
}

/** Names of a helper's parameters, and of locals that only stand for a call, replaced by what they stand for. */
function writtenOut(e: Expression, env: Env, bindings: Bindings, depth = 0): Expression {
  if (depth > 8) return e;
  const again = (part: Expression): Expression => writtenOut(part, env, bindings, depth + 1);
  switch (e.e) {
    case 'name': {
      const variable = original(lookup(env, e.name));
      if (variable?.pattern.p !== 'name') return e;
      if (variable.parameter) {
        const binding = bindings.get(variable.parameter.fn);
        const arg = binding?.args[variable.parameter.index];
        return binding && arg ? writtenOut(arg, binding.env, bindings, depth + 1) : e;
      }
      const { init } = variable;
      if (init?.e === 'array' || init?.e === 'object') return init;
      return init && !variable.assignedIn && (init.e === 'call' || init.e === 'member') && expressionText(init).length <= 60
        ? writtenOut(init, variable.env, bindings, depth + 1)
        : e;
    }
    case 'member':
    case 'unary':
    case 'as':
    case 'await':
      return { ...e, of: again(e.of) };
    case 'binary':
      return { ...e, left: again(e.left), right: again(e.right) };
    case 'index':
      return { ...e, of: again(e.of), by: again(e.by) };
    case 'call':
      return { ...e, callee: again(e.callee), args: e.args.map(again) };
    case 'function': {
      const [only, more] = e.fn.body ?? [];
      const named = e.fn.parameters.flatMap((p) => (p.pattern.p === 'name' ? [p.pattern.name] : []));
      if (only?.s !== 'return' || !only.of || more || named.length < e.fn.parameters.length) return e;
      return { e: 'name', name: `(${named.join(', ')}) => ${expressionText(only.of)}`, at: e.at };
    }
    default:
      return e;
  }
}

function plain(text: string): string {
  return text.replaceAll(/\bthis\.(?:[_#]?props\.|[_#]?state\.)?/g, '');
}

function short(text: string): string {
  const line = text.replaceAll(/\s+/g, ' ');
  return line.length <= LONGEST ? line : `${line.slice(0, LONGEST - 1)}…`;
}
