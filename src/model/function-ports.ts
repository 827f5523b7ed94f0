import { isCarrier, success } from './carriers.js';
import type { Draft, Drafts } from './drafts.js';
import { callable } from './infer.js';
import type { Declared } from './program.js';
import { concepts, type Signature, signature } from './repositories.js';
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
  const named = found.map((p) => (p.writes && !p.keeps.some((s) => loaded.has(s)) ? { ...p, keeps: byName(p, loaded) } : p));
  return named
    .map((port) => ({ ...port, keeps: port.keeps.filter((s) => loaded.has(s)) }))
    .filter((port) => port.keeps.length > 0 && named.some((p) => p.writes && p.keeps.some((s) => port.keeps.includes(s))));
}

interface Candidate extends FunctionPort {
  /** Names of the types it takes, through all that it returns to take more. */
  readonly takes: readonly string[];
}

/** `SaveOrder` that is given events and an `OrderId` keeps the Order that another port loads. */
function byName(port: Candidate, loaded: ReadonlySet<Declared>): Declared[] {
  return [...loaded].filter((s) => port.draft.name.endsWith(s.name) && port.takes.some((t) => t === `${s.name}Id` || t === `${s.name}ID`));
}

function portOf(draft: Draft, drafts: Drafts): Candidate | undefined {
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
  const loads = isCarrier(returns) ? (success(returns) ?? returns) : returns;
  const keeps = writes ? concepts(parameters.slice(0, 1), true, drafts) : concepts([loads], false, drafts);
  const takes = writes ? takenBy({ name: draft.name, parameters, returns }) : [];
  return keeps.length > 0 || takes.length > 0 ? { draft, keeps: keeps.slice(0, 1), writes, takes } : undefined;
}

/** Through curried functions: `(events) => (id) => …`. */
function takenBy(first: Signature): string[] {
  const names: string[] = [];
  let step: Signature | undefined = first;
  for (let i = 0; step && i < 4; i++) {
    for (const p of step.parameters) if (p.k === 'named') names.push(p.symbol.name);
    const next = callable(step.returns);
    step = next && signature(step.name, next.fn, next.context);
  }
  return names;
}
