import { ts, type tsTypes } from '../../facts/compiler.js';
import type { Following } from './following.js';

/** `expect(order.customer).toBe(customer)`, `assert.equal(order.customer, customer)`: the other side is asked for its identity. */
export function expected(expression: tsTypes.Expression, call: tsTypes.CallExpression, following: Following): boolean {
  const [first, second] = call.arguments;
  if (/^assert\.(?:equal|strictEqual|deepEqual|deepStrictEqual|notEqual|notStrictEqual)$/.test(call.expression.getText())) {
    const other = expression === first ? second : first;
    if (other) following.source(other);
    return other !== undefined;
  }
  if (call.expression.getText() !== 'expect' || expression !== first) return false;
  const matcher = matcherOf(call);
  if (!matcher) return false;
  if (NO_MATTER_WHAT.test(matcher.expression.name.text)) return true;
  const [value] = matcher.arguments;
  if (!VALUE.test(matcher.expression.name.text) || !value) return false;
  following.source(value);
  return true;
}

const VALUE = /^(?:toBe|toEqual|toStrictEqual|toContain|toContainEqual)$/;
const NO_MATTER_WHAT = /^(?:toBeDefined|toBeUndefined|toBeNull|toBeTruthy|toBeFalsy|toHaveLength)$/;

function matcherOf(
  call: tsTypes.CallExpression,
): (tsTypes.CallExpression & { readonly expression: tsTypes.PropertyAccessExpression }) | undefined {
  let { parent } = call;
  if (ts.isPropertyAccessExpression(parent) && parent.name.text === 'not') ({ parent } = parent);
  if (!ts.isPropertyAccessExpression(parent)) return undefined;
  const matching = parent.parent;
  return ts.isCallExpression(matching) && matching.expression === parent
    ? (matching as tsTypes.CallExpression & { readonly expression: tsTypes.PropertyAccessExpression })
    : undefined;
}
