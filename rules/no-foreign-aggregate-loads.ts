import type { Aggregate, BlockId, ForeignLoad, Handler } from '../src/model/domain-model.js';
import { defineRule, type Finding } from '../src/rule.js';
import { listed } from '../src/wording.js';

export default defineRule({
  id: 'no-foreign-aggregate-loads',
  title: 'Load the aggregate that changes, and no other',
  why: 'A handler that loads a second aggregate for its data depends on how that one is built and stored, and decides on values that may be out of date before it saves.',
  remedy:
    'Let the caller put the data into the command, keep a snapshot of it in the aggregate as a value object, or ask a read model that answers just this question.',
  source: 'Vernon, Effective Aggregate Design, Part II: reference by identity, and what to do for data of another aggregate',
  severity: 'warning',
  preset: 'strict',
  needs: ['several aggregates', 'handlers'],
  *check(model) {
    const handlers = new Map(model.handlers.map((h) => [h.id, h]));
    const roots = new Map(model.aggregates.map((a) => [a.root, a]));
    for (const id of new Set(model.foreignLoads.map((l) => l.handler))) {
      const handler = handlers.get(id);
      const loads = model.foreignLoads.filter((l) => l.handler === id);
      if (handler) yield finding(handler, loads, roots);
    }
  },
});

function finding(handler: Handler, loads: readonly ForeignLoad[], roots: ReadonlyMap<BlockId, Aggregate>): Finding {
  const name = (id: BlockId): string => roots.get(id)?.name ?? id;
  const written = [...new Set(handler.writes.map((w) => name(w.aggregate)))];
  const loaded = loads.map((l) => name(l.aggregate));
  const [first] = written;
  return {
    at: handler.at,
    symbol: handler.name,
    ...(first ? { aggregate: first } : {}),
    involves: [...new Set(loaded)],
    message: `${handler.name} changes ${listed(written, { most: 3 })} and loads ${listed(loaded, { most: 3 })} only to read ${what(loads)}. Take it in the command, keep it in ${first ?? 'the aggregate'} as a value-object snapshot, or ask a read model.`,
    related: loads.map((l) => ({ at: l.at, message: `${name(l.aggregate)} is loaded here: ${l.call}` })),
  };
}

/** `its creditLimit and isBlocked`. */
function what(loads: readonly ForeignLoad[]): string {
  const [only] = loads;
  if (loads.length > 1 || !only) return 'from them';
  return only.reads.length === 0 ? 'from it' : `its ${listed(only.reads, { most: 3 })}`;
}
