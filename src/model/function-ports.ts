import type { Draft, Drafts } from './drafts.js';
import { callable } from './infer.js';
import type { Declared } from './program.js';
import { concepts, signature } from './repositories.js';
import { namedType } from './types.js';
import { isWriteName } from './vocabulary.js';

/** A port that is one function: `type SaveOrder = (order: Order) => Promise<void>`. */
export interface FunctionPort {
  readonly draft: Draft;
  readonly keeps: readonly Declared[];
  readonly writes: boolean;
}

/** Function types that load or keep a domain object. One that keeps counts only where another loads the same. */
export function findFunctionPorts(drafts: Drafts): FunctionPort[] {
  const found = drafts.all.flatMap((draft) => portOf(draft, drafts) ?? []);
  const loaded = new Set(found.filter((p) => !p.writes).flatMap((p) => p.keeps));
  return found
    .map((port) => ({ ...port, keeps: port.keeps.filter((s) => loaded.has(s)) }))
    .filter((port) => port.keeps.length > 0 && found.some((p) => p.writes && p.keeps.some((s) => port.keeps.includes(s))));
}

function portOf(draft: Draft, drafts: Drafts): FunctionPort | undefined {
  const { declaration } = draft.symbol;
  const single =
    declaration.kind === 'alias'
      ? declaration.type.t === 'function' || declaration.type.t === 'ref'
      : declaration.kind === 'interface' && declaration.members.length === 1 && declaration.members[0]?.name === '()';
  if (
    !single ||
    draft.kind !== undefined ||
    ((declaration.kind === 'alias' || declaration.kind === 'interface') && declaration.typeParameters.length > 0)
  )
    return undefined;
  const verb = draft.name.charAt(0).toLowerCase() + draft.name.slice(1);
  const writes = isWriteName(verb);
  if (!writes && !/^(?:find|get|load|fetch|read|by|query)(?![a-z])/.test(verb)) return undefined;
  const fn = callable(namedType(draft.symbol));
  if (!fn) return undefined;
  const { parameters, returns } = signature(draft.name, fn.fn, fn.context);
  const keeps = writes ? concepts(parameters.slice(0, 1), true, drafts) : concepts([returns], false, drafts);
  return keeps.length > 0 ? { draft, keeps: keeps.slice(0, 1), writes } : undefined;
}
