import type { Expression, Range, TypeNode } from '../facts/facts.js';

/** Types and expressions as a person would write them, short. */
export function typeText(node: TypeNode | undefined): string {
  if (!node) return '';
  switch (node.t) {
    case 'ref':
      return node.args.length > 0 ? `${node.name}<${node.args.map(typeText).join(', ')}>` : node.name;
    case 'keyword':
      return node.name;
    case 'literal':
      return JSON.stringify(node.value);
    case 'array':
      return node.of.t === 'union' || node.of.t === 'function' ? `(${typeText(node.of)})[]` : `${typeText(node.of)}[]`;
    case 'readonly':
      return `readonly ${typeText(node.of)}`;
    case 'tuple':
      return `[${node.of.map(typeText).join(', ')}]`;
    case 'union':
      return node.of.map(typeText).join(' | ');
    case 'intersection':
      return node.of.map(typeText).join(' & ');
    case 'object':
      return '{ … }';
    case 'function':
      return `(…) => ${typeText(node.fn.returns) || 'unknown'}`;
    case 'keyof':
      return `keyof ${typeText(node.of)}`;
    case 'indexed':
      return `${typeText(node.of)}[${typeText(node.by)}]`;
    case 'typeof':
      return `typeof ${node.name}`;
    case 'import':
      return node.args.length > 0 ? `${node.name}<${node.args.map(typeText).join(', ')}>` : node.name;
    default:
      return '…';
  }
}

export function expressionText(expression: Expression, depth = 0): string {
  if (depth > 6) return '…';
  const text = (e: Expression): string => expressionText(e, depth + 1);
  switch (expression.e) {
    case 'name':
      return expression.name;
    case 'this':
    case 'super':
      return expression.e;
    case 'member':
      return `${text(expression.of)}.${expression.name}`;
    case 'index':
      return `${text(expression.of)}[${text(expression.by)}]`;
    case 'call':
      return `${text(expression.callee)}(${expression.args.map(text).join(', ')})`;
    case 'new':
      return `new ${text(expression.callee)}(${expression.args.length > 0 ? '…' : ''})`;
    case 'await':
      return `await ${text(expression.of)}`;
    case 'function':
      return '() => …';
    case 'object':
      return '{ … }';
    case 'array':
      return `[${expression.elements.map((e) => (e ? text(e) : '')).join(', ')}]`;
    case 'spread':
      return `...${text(expression.of)}`;
    case 'binary':
      return `${operand(expression.left, expression.op, text)} ${expression.op} ${operand(expression.right, expression.op, text)}`;
    case 'assign':
      return `${text(expression.target)} ${expression.op} ${text(expression.value)}`;
    case 'conditional':
      return `${text(expression.test)} ? ${text(expression.yes)} : ${text(expression.no)}`;
    case 'unary': {
      const of = text(expression.of);
      return `${expression.op}${expression.op.length > 1 ? ' ' : ''}${expression.of.e === 'binary' ? `(${of})` : of}`;
    }
    case 'literal':
      if (expression.regex) return '/…/';
      return expression.value === undefined ? 'undefined' : JSON.stringify(expression.value);
    case 'as':
      return text(expression.of);
    default:
      return '…';
  }
}

const BINDING: readonly (readonly string[])[] = [
  [','],
  ['||', '&&', '??'],
  ['===', '!==', '==', '!='],
  ['<', '>', '<=', '>=', 'in', 'instanceof'],
  ['+', '-'],
  ['*', '/', '%', '**'],
];

/** Parentheses are no part of an expression: they come back where the operators need them. */
function operand(e: Expression, around: string, text: (e: Expression) => string): string {
  const inner = e.e === 'as' ? e.of : e;
  if (inner.e === 'conditional' || inner.e === 'assign') return `(${text(inner)})`;
  if (inner.e !== 'binary' || inner.op === around) return text(inner);
  const strength = (op: string): number => BINDING.findIndex((ops) => ops.includes(op));
  return strength(inner.op) < strength(around) || (strength(inner.op) === 1 && strength(around) === 1) ? `(${text(inner)})` : text(inner);
}

/** The last name in an expression, to point at: `id` of `this.id`, `notes` of `ticket.notes[key]`. */
export function lastName(expression: Expression): Range {
  switch (expression.e) {
    case 'member':
      return expression.nameAt;
    case 'call':
    case 'new':
      return lastName(expression.callee);
    case 'index':
    case 'as':
    case 'await':
      return lastName(expression.of);
    default:
      return expression.at;
  }
}

/** `Column` of `orm.Column`. */
export function lastPart(dotted: string): string {
  return dotted.slice(dotted.lastIndexOf('.') + 1);
}
