import type { Expression } from '../../facts/facts.js';
import type { Handler, Span } from '../domain-model.js';
import type { Drafts } from '../drafts.js';
import { type Env, lookup } from '../infer.js';
import { originOf } from '../outside/origin.js';
import { type Body, watch } from '../outside/sightings.js';
import { spanOf } from '../program.js';

/** Writes of what was made just before: nobody else can have changed it yet. */
export function findCreations(drafts: Drafts, handlers: readonly Handler[]): Span[] {
  const writes = new Map<string, Span>();
  for (const handler of handlers) for (const { at } of handler.writes) writes.set(placeOf(at), at);
  const found: Span[] = [];
  const files = new Set([...writes.values()].map((at) => at.file));
  const see = (e: Expression, env: Env, body: Body): void => {
    if (e.e !== 'call' || !files.has(body.file.facts.file)) return;
    const at = writes.get(placeOf(spanOf(body.file.facts, e.at)));
    if (at && isCreation(e, env, body)) found.push(at);
  };
  watch(drafts, [{ wanted: (e) => e.e === 'call' && e.args.length > 0 && e.callee.e === 'member' && SAVING.test(e.callee.name), see }]);
  return found;
}

const SAVING = /^(?:save|persist|insert|create|add|store|put|upsert|append|register|commit|update|write|set|execute|bulk|send|keep|record)/;
/** Brings in what was not there. */
const ADDING = /^(?:create|insert|add|register|bulkCreate)/;

function placeOf({ file, line, column }: Span): string {
  return `${file}:${line}:${column}`;
}

function isCreation(call: Extract<Expression, { e: 'call' }>, env: Env, body: Body): boolean {
  if (call.callee.e === 'member' && ADDING.test(call.callee.name)) return true;
  return call.args.some((arg) => isMade(arg, env, body));
}

/** `save({ order })` makes an object and saves what lies in it. */
function isMade(arg: Expression, env: Env, body: Body): boolean {
  if (arg.e === 'object') {
    const values = arg.entries.flatMap((entry) => (entry.o === 'property' ? [entry.value] : []));
    return values.length === arg.entries.length && values.length > 0 && values.every((v) => isMade(v, env, body));
  }
  if (arg.e === 'literal' || arg.e === 'function') return false;
  return originOf(arg, env, body) === 'made' || isBuilt(arg, env);
}

/** `const route = this.routes.create({ … })`: a mapper makes an object, and keeps nothing yet. */
function isBuilt(arg: Expression, env: Env): boolean {
  let init: Expression | undefined = arg.e === 'name' ? lookup(env, arg.name)?.init : arg;
  while (init && (init.e === 'await' || init.e === 'as')) init = init.of;
  return init?.e === 'call' && init.callee.e === 'member' && /^(?:create|build|createEntity)$/.test(init.callee.name);
}
