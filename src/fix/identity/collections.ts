import { ts, type tsTypes } from '../../facts/compiler.js';
import type { Following } from './following.js';
import { unpacked } from './patterns.js';
import { elementOfMap } from './sources.js';
import { keyOf, shapeOf } from './symbols.js';

/** A list of objects is one of identities now: what is put in, taken out and asked of its elements follows. */
export function collectionUse(expression: tsTypes.Expression, following: Following): void {
  const { parent } = expression;
  if (ts.isForOfStatement(parent) && parent.expression === expression) iterated(parent, expression, following);
  else if (ts.isElementAccessExpression(parent) && parent.expression === expression) following.use(parent);
  else if (ts.isSpreadElement(parent) && ts.isCallExpression(parent.parent)) spreadInto(parent.parent, following);
  else if (ts.isPropertyAccessExpression(parent) && parent.expression === expression) asked(expression, parent, following);
  else following.stop({ what: 'whole', at: expression });
}

function spreadInto({ expression }: tsTypes.CallExpression, following: Following): void {
  if (!ts.isPropertyAccessExpression(expression) || !following.gives(expression.expression))
    following.stop({ what: 'whole', at: expression });
}

function iterated({ initializer }: tsTypes.ForOfStatement, list: tsTypes.Expression, following: Following): void {
  const [declaration] = ts.isVariableDeclarationList(initializer) ? initializer.declarations : [];
  const checker = following.checker(list);
  if (!declaration) following.stop({ what: 'whole', at: list });
  else if (shapeOf(checker.getTypeAtLocation(list), checker) === 'map') {
    const value = ts.isArrayBindingPattern(declaration.name) ? declaration.name.elements[1] : undefined;
    if (value && ts.isBindingElement(value) && ts.isIdentifier(value.name)) {
      following.local(value.name);
      following.rename(value.name, following.slots.get(keyOf(value.name)) ?? value.name.text);
    } else following.stop({ what: 'whole', at: list });
  } else if (ts.isIdentifier(declaration.name)) following.local(declaration.name);
  else unpacked(declaration.name, following);
}

const ELEMENTS = /^(?:push|unshift|add|concat|fill)$/;
const SEARCHES = /^(?:includes|indexOf|lastIndexOf|has|delete)$/;
const CALLBACKS = /^(?:some|every|filter|find|findLast|findIndex|findLastIndex|forEach|map|flatMap)$/;
const GIVES_ONE = /^(?:at|pop|shift|find|findLast|get)$/;
const GIVES_MANY = /^(?:filter|slice|concat|reverse|toReversed|splice|values)$/;
const INDIFFERENT = /^(?:length|size|clear|keys)$/;

function asked(list: tsTypes.Expression, access: tsTypes.PropertyAccessExpression, following: Following): void {
  const method = access.name.text;
  if (INDIFFERENT.test(method)) return;
  const call = ts.isCallExpression(access.parent) && access.parent.expression === access ? access.parent : undefined;
  const checker = following.checker(list);
  const shape = shapeOf(checker.getTypeAtLocation(list), checker);
  if (!call) {
    following.stop({ what: 'read', name: method, at: access.name });
    return;
  }
  if (shape === 'map' && /^(?:get|has|delete|set|values)$/.test(method)) {
    if (method === 'set') elementOfMap(call.arguments, following);
  } else if (ELEMENTS.test(method)) {
    if (shape === 'set' && following.target.identity === 'object')
      following.stop({ what: 'other', why: 'a Set tells identifiers that are objects apart by reference', at: call });
    for (const arg of call.arguments) following.source(ts.isSpreadElement(arg) ? arg.expression : arg);
  } else if (SEARCHES.test(method)) {
    if (following.target.identity === 'object')
      following.stop({ what: 'other', why: `${method} would compare identifiers that are objects by reference`, at: call });
    const [element] = call.arguments;
    if (element) following.source(element);
  } else if (CALLBACKS.test(method)) {
    if (mappedToIdentity(list, access, call, following)) return;
    callback(call, following);
  } else if (method === 'splice') for (const arg of call.arguments.slice(2)) following.source(arg);
  else if (!GIVES_ONE.test(method) && !GIVES_MANY.test(method)) {
    following.stop({ what: 'read', name: method, at: access.name });
    return;
  }
  if (GIVES_ONE.test(method) || (GIVES_MANY.test(method) && !ts.isExpressionStatement(call.parent))) following.use(call);
  else if (method === 'add' || method === 'set') if (!ts.isExpressionStatement(call.parent)) following.use(call);
}

function callback(call: tsTypes.CallExpression, following: Following): void {
  const [fn] = call.arguments;
  const parameter = fn && (ts.isArrowFunction(fn) || ts.isFunctionExpression(fn)) ? fn.parameters[0] : undefined;
  if (!fn || !(ts.isArrowFunction(fn) || ts.isFunctionExpression(fn))) following.stop({ what: 'whole', at: fn ?? call });
  else if (parameter && ts.isIdentifier(parameter.name)) following.local(parameter.name);
  else if (parameter) {
    if (!ts.isIdentifier(parameter.name)) unpacked(parameter.name, following);
    if (parameter.type) following.retype(parameter.type);
  }
}

/** `customers.map((customer) => customer.id)` is the list itself: a copy of it where somebody keeps it. */
function mappedToIdentity(
  list: tsTypes.Expression,
  access: tsTypes.PropertyAccessExpression,
  call: tsTypes.CallExpression,
  following: Following,
): boolean {
  const [fn] = call.arguments;
  if (access.name.text !== 'map' || !fn || !ts.isArrowFunction(fn) || !isQuestion(fn, following)) return false;
  const { parent } = call;
  const onlyRead =
    ts.isSpreadElement(parent) ||
    ts.isForOfStatement(parent) ||
    (ts.isPropertyAccessExpression(parent) && !/^(?:sort|reverse|push|unshift|splice|pop|shift|fill)$/.test(parent.name.text)) ||
    (ts.isCallExpression(parent) && ts.isPropertyAccessExpression(parent.expression) && parent.expression.name.text === 'concat') ||
    (ts.isNewExpression(parent) && /^(?:Set|Map)$/.test(parent.expression.getText())) ||
    ts.isArrayLiteralExpression(list);
  if (onlyRead && !access.questionDotToken) following.edit(call, list.end, call.end, '');
  else following.edit(call, access.name.getStart(), call.end, 'slice()');
  return true;
}

function isQuestion({ parameters, body }: tsTypes.ArrowFunction, { target }: Following): boolean {
  const [parameter] = parameters;
  if (!parameter || parameters.length > 1) return false;
  const { name } = parameter;
  if (ts.isObjectBindingPattern(name)) {
    const [element] = name.elements;
    return (
      name.elements.length === 1 &&
      !target.accessor.call &&
      (element?.propertyName ?? element?.name)?.getText() === target.accessor.name &&
      body.getText() === element?.name.getText()
    );
  }
  return body.getText() === `${name.getText()}.${target.asked}`;
}
