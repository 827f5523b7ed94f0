import type { Expression, FunctionFacts, Statement } from '../../facts/facts.js';
import { returnedExpressions } from '../exposures.js';
import { callable, type Env, eachExpressionIn, foundMemberType, functionEnv, lookup, moduleEnv, typeOf, type Variable } from '../infer.js';
import { original } from '../instances.js';
import { eachExpression } from '../mutation.js';
import { bind } from '../program.js';
import { elementOf, findMembers, programOf, type Type, withoutNull } from '../types.js';
import { isRepositoryName } from '../vocabulary.js';
import { type Body, bodiesOfDraft } from './sightings.js';

/** Made here and nobody else's yet, or had from somewhere: loaded, passed in, found in another. */
export type Origin = 'made' | 'had';

type Call = Extract<Expression, { e: 'call' }>;

interface Search {
  readonly body: Body;
  readonly depth: number;
  /** Where the object came from whose method is being followed. */
  readonly self?: Origin;
}

const MAX_DEPTH = 12;

export function originOf(expression: Expression, env: Env, body: Body): Origin {
  return origin(expression, env, { body, depth: 0 });
}

function origin(e: Expression, env: Env, search: Search): Origin {
  if (search.depth > MAX_DEPTH) return 'had';
  const inner: Search = { ...search, depth: search.depth + 1 };
  switch (e.e) {
    case 'new':
    case 'object':
      return 'made';
    case 'this':
      return search.self ?? 'had';
    case 'name':
      return nameOrigin(e.name, env, inner);
    case 'await':
    case 'as':
    case 'spread':
    case 'index':
      return origin(e.of, env, inner);
    case 'member':
      return origin(e.of, env, inner);
    case 'assign':
      return origin(e.value, env, inner);
    case 'binary':
      return e.op === '&&' ? origin(e.right, env, inner) : all([e.left, e.right], env, inner);
    case 'conditional':
      return all([e.yes, e.no], env, inner);
    case 'array':
      return all(
        e.elements.flatMap((x) => x ?? []),
        env,
        inner,
      );
    case 'call':
      return callOrigin(e, env, inner);
    case 'literal':
      return 'made';
    default:
      return 'had';
  }
}

/** Made, if each of them is. */
function all(expressions: readonly Expression[], env: Env, search: Search): Origin {
  return expressions.every((e) => origin(e, env, search) === 'made') ? 'made' : 'had';
}

function nameOrigin(name: string, env: Env, search: Search): Origin {
  if (name === 'undefined') return 'made';
  const variable = original(lookup(env, name));
  if (variable) return variableOrigin(variable, search);
  const { program, scope } = env.context;
  const target = bind(program, scope, name, 'value');
  if (target.k !== 'symbol' || target.symbol.declaration.kind !== 'variable' || !target.symbol.declaration.init) return 'had';
  const context = { program: programOf(target.symbol.scope), scope: target.symbol.scope };
  return origin(target.symbol.declaration.init, moduleEnv(context), search);
}

function variableOrigin(variable: Variable, search: Search): Origin {
  const { env, parameter, each } = variable;
  if (parameter) return parameterOrigin(parameter.fn, parameter.index, env, search);
  if (each) return origin(each.of, env.parent ?? env, search);
  const given = variable.assignedIn ? assigned(variable.name, variable.assignedIn, env) : [];
  if (!variable.init && given.length === 0) return 'had';
  return (!variable.init || origin(variable.init, env, search) === 'made') && given.every((g) => origin(g.value, g.env, search) === 'made')
    ? 'made'
    : 'had';
}

interface Given {
  readonly value: Expression;
  readonly env: Env;
}

function assigned(name: string, statements: readonly Statement[], env: Env): Given[] {
  const given: Given[] = [];
  eachExpressionIn(
    statements,
    env.parent ?? env,
    (e) => e.e === 'assign' && e.target.e === 'name' && e.target.name === name,
    (e, inner) => {
      if (e.e === 'assign') given.push({ value: e.value, env: inner });
    },
  );
  return given;
}

/** Of a callback what its caller hands it, of a hidden helper what all its callers do. */
function parameterOrigin(fn: FunctionFacts, index: number, env: Env, search: Search): Origin {
  const { body } = search;
  // What a request carried, read into a class.
  if (fn.parameters[index]?.decorators.some((d) => /^(?:Body|Args?|Query|Payload|MessageBody|RequestBody)$/.test(d.name))) return 'made';
  if (fn !== body.fn) {
    const call = callAround(fn, body.statements);
    if (!call) return 'had';
    const { callee } = call;
    if (callee.e === 'name') return /^(?:produce|createNextState)/.test(callee.name) ? 'made' : 'had';
    return callee.e === 'member' ? origin(callee.of, env.parent ?? env, search) : 'had';
  }
  if (!body.hidden || !body.draft || search.depth > 6) return 'had';
  const calls = callersOf(body);
  return calls.length > 0 &&
    calls.every(({ arg, env: at, body: from }) => {
      const value = arg(index);
      return value !== undefined && from !== body && origin(value, at, { body: from, depth: search.depth + 4 }) === 'made';
    })
    ? 'made'
    : 'had';
}

interface Caller {
  readonly arg: (index: number) => Expression | undefined;
  readonly env: Env;
  readonly body: Body;
}

/** Calls of a private method in its class, of an unexported function in its file. */
function callersOf(body: Body): Caller[] {
  const { draft } = body;
  if (!draft) return [];
  const name = body.name.slice(body.name.lastIndexOf('.') + 1);
  const within = draft.symbol.declaration.kind === 'class' ? bodiesOfDraft(draft) : bodiesOfFile(body);
  const calls = (e: Expression): boolean =>
    e.e === 'call' &&
    (draft.symbol.declaration.kind === 'class'
      ? e.callee.e === 'member' && e.callee.of.e === 'this' && e.callee.name === name
      : e.callee.e === 'name' && e.callee.name === name);
  const found: Caller[] = [];
  for (const from of within) {
    eachExpressionIn(from.statements, from.env, calls, (e, env) => {
      if (e.e === 'call') found.push({ arg: (i) => e.args[i], env, body: from });
    });
  }
  return found;
}

function bodiesOfFile(body: Body): Body[] {
  const { draft } = body;
  if (!draft) return [];
  return [...draft.symbol.scope.names.values()]
    .flat()
    .flatMap((symbol) => bodiesOfDraft({ ...draft, symbol, name: symbol.name }))
    .filter((b) => b.statements.length > 0);
}

function callAround(fn: FunctionFacts, statements: readonly Statement[]): Call | undefined {
  let found: Call | undefined;
  eachExpression(statements, (e) => {
    if (e.e === 'call' && e.args.some((a) => a.e === 'function' && a.fn === fn)) found = e;
  });
  return found;
}

// ── calls ─────────────────────────────────────────────────────────────────────────────────────────────────────────

const MAKING =
  /^(?:(?:create|build|make|draft|instantiate)(?!\w*(?:Query|Qb|Cursor|Stream|Session|Connection|Runner))|new(?:$|[A-Z])|clone|copy|deepClone|deepCopy|with[A-Z]|of$|from[A-Z]|from$|reconstitut|rehydrat|to(?:Domain|Entity|Aggregate|Model)\b|plainTo|structuredClone)/;
const LOADING = /^(?:find|get|load|fetch|one|all|query|by|read|search|retrieve|list|select|where)(?![a-z])/;
const HANDING_ON = /^(?:map|flatMap)$/;

function callOrigin(call: Call, env: Env, search: Search): Origin {
  const { callee } = call;
  if (callee.e === 'name') {
    if (MAKING.test(callee.name)) return 'made';
    return returned(typeOf(callee, env), search) ?? 'had';
  }
  if (callee.e !== 'member') return 'had';
  const { name, of } = callee;
  const receiver = withoutNull(typeOf(of, env));
  const [first] = call.args;
  // Order.place(…), Result.ok(order), Promise.all([…])
  if (receiver.k === 'value' || receiver.k === 'module' || (receiver.k === 'external' && receiver.value)) {
    if (receiver.k === 'external' && first && !/[Rr]epo|[Mm]anager|[Dd]ata/.test(receiver.name)) {
      if (name === 'assign' || first.e === 'array' || first.e === 'name' || first.e === 'call' || first.e === 'new')
        return origin(first, env, search);
    }
    return LOADING.test(name) ? 'had' : receiver.k === 'external' && !MAKING.test(name) ? 'had' : 'made';
  }
  if (elementOf(receiver) !== undefined) {
    if (!HANDING_ON.test(name)) return origin(of, env, search);
    return first ? mapped(first, env, search) : 'had';
  }
  if (MAKING.test(name)) return 'made';
  if (keeps(receiver)) return 'had';
  const followed = findMembers(receiver, name).flatMap((m) => {
    const owner = search.depth < 6 ? origin(of, env, search) : 'had';
    return returned(foundMemberType(m), { ...search, self: owner }) ?? [];
  });
  if (followed.length > 0) return followed.includes('had') ? 'had' : 'made';
  return origin(of, env, search);
}

/** What it hands out it keeps, however it was come by itself. */
function keeps(receiver: Type): boolean {
  if (receiver.k === 'external') return /Repository$|Manager$|^Model$|DataSource|Connection|Client$/.test(receiver.name);
  return receiver.k === 'named' && isRepositoryName(receiver.symbol.name);
}

/** `lines.map((line) => new OrderItem(line))`. */
function mapped(callback: Expression, env: Env, search: Search): Origin {
  if (callback.e === 'function') return returnedBy(callback.fn, functionEnv(callback.fn, env.context, env), search) ?? 'had';
  if (callback.e === 'member' || callback.e === 'name') return MAKING.test(callback.name) ? 'made' : 'had';
  return 'had';
}

function returned(type: Type, search: Search): Origin | undefined {
  const fn = callable(type);
  if (!fn?.fn.body) return undefined;
  return returnedBy(fn.fn, functionEnv(fn.fn, fn.context, fn.env), search);
}

function returnedBy(fn: FunctionFacts, env: Env, search: Search): Origin | undefined {
  const results = returnedExpressions(fn.body ?? [], env);
  if (results.length === 0 || search.depth > 8) return undefined;
  return results.every((r) => origin(r.expression, r.env, { ...search, depth: search.depth + 2 }) === 'made') ? 'made' : 'had';
}
