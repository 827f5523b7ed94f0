import type { Cluster, DomainModel, Field, Invariant } from '../src/model/domain-model.js';
import { defineRule, type Finding } from '../src/rule.js';

export default defineRule({
  id: 'no-disjoint-invariants',
  title: 'Keep in one aggregate what one set of rules ties together',
  why: 'Fields that no rule ties together need not change in one transaction. Kept together they make writers with nothing in common contend for one row, and overwrite each other.',
  remedy:
    'Split the root along its clusters: a smaller aggregate for each, with its own repository that writes only its columns; they may share the row. Leave it where a rule that the code does not show ties the clusters.',
  source: 'Vernon, Effective Aggregate Design, Part I: model true invariants in consistency boundaries',
  severity: 'warning',
  preset: 'recommended',
  *check(model) {
    const fieldOf = new Map(model.blocks.flatMap((b) => b.fields.map((f) => [`${b.id}|${f.symbol}`, f] as const)));
    const handlers = new Map(model.handlers.map((h) => [h.id, h.name]));
    for (const aggregate of model.aggregates) {
      const apart = model.clusters.filter(
        (c) => c.aggregate === aggregate.root && isConcern(c, (symbol) => fieldOf.get(`${c.aggregate}|${symbol}`)),
      );
      if (apart.length > 1) yield finding(aggregate, apart, handlers);
    }
  },
});

/**
 * A concern of its own: rules over the state as it is, over two fields or more, or over a status in two methods or more.
 * Checks of what is given, a change that is made or left out, and a flag that guards only itself make none.
 */
function isConcern(cluster: Cluster, fieldOf: (symbol: string) => Field | undefined): boolean {
  const own = new Set(cluster.fields);
  const rules = cluster.invariants.filter((i) => i.owner === cluster.aggregate && !i.ofInput && !i.conditional && i.kind !== 'declared');
  const commands = new Set(cluster.operations.filter((o) => o.kind === 'command').map((o) => o.name));
  const moves = rules.filter((i) => commands.has(i.in));
  if (moves.length === 0) return false;
  const telling = (symbol: string): boolean => own.has(symbol) && !/^Date\b/.test(fieldOf(symbol)?.type ?? '');
  if (rules.some((i) => new Set([...i.reads, ...i.writes].filter(telling)).size > 1)) return true;
  const plain = cluster.fields.every(
    (s) => LIFECYCLE.test(bare(s)) || /^(?:boolean|Date(?: \| (?:null|undefined))*)$/.test(fieldOf(s)?.type ?? ''),
  );
  return !plain && moves.some((i) => i.kind === 'transition') && new Set(moves.map((i) => i.in)).size > 1;
}

/** The life of the whole, not a concern of its own. */
const LIFECYCLE = /^(?:status|state|stage|phase|lifecycle|active|enabled|archived|deleted)$/i;

function finding(
  aggregate: DomainModel['aggregates'][number],
  clusters: readonly Cluster[],
  handlers: ReadonlyMap<string, string>,
): Finding {
  const parts = clusters.map((c) => `${partName(aggregate.name, c)} (${listed(c.fields.map(bare))})`);
  return {
    at: aggregate.at,
    symbol: aggregate.name,
    aggregate: aggregate.name,
    message: `${aggregate.name} holds ${count(clusters.length)} concerns that no rule ties together, so their writers contend for one row for nothing. Split it: ${listed(parts, ' and ')}.`,
    related: clusters.flatMap((c) => {
      const [first] = c.invariants;
      return first ? [{ at: first.at, message: told(aggregate.name, c, handlers) }] : [];
    }),
  };
}

/** `fulfilment: status, trackingNumber · enforces "…" · in ship, deliver · called by …`. */
function told(root: string, cluster: Cluster, handlers: ReadonlyMap<string, string>): string {
  const rules = cluster.invariants.filter((i) => i.owner === cluster.aggregate && i.kind !== 'declared');
  const kept = places(rules.filter((i) => i.kind !== 'guard'));
  const refused = places(rules.filter((i) => i.kind === 'guard'));
  const called = cluster.handlers.flatMap((id) => handlers.get(id) ?? []);
  return [
    `${partName(root, cluster)}: ${listed(cluster.fields.map(bare))}`,
    ...(kept.length > 0 ? [`keeps ${shown(kept)}`] : []),
    ...(refused.length > 0 ? [`refuses ${shown(refused)}`] : []),
    `in ${listed([...new Set(cluster.operations.map((o) => bare(o.name)))])}`,
    ...(called.length > 0 ? [`for ${listed(called)}`] : []),
  ].join('; ');
}

/** One rule that several operations keep is said once. */
function places(invariants: readonly Invariant[]): string[] {
  const byPlace = new Map(invariants.map((i) => [i.kind === 'transition' ? i.text : `${i.at.file}:${i.at.line}:${i.at.column}`, i.text]));
  return [...new Set(byPlace.values())];
}

function shown(rules: readonly string[]): string {
  return `${rules
    .slice(0, 3)
    .map((r) => `\`${r}\``)
    .join(', ')}${rules.length > 3 ? ` and ${rules.length - 3} more` : ''}`;
}

/** `OrderFulfilment`. */
function partName(root: string, cluster: Cluster): string {
  return `${root}${cluster.name.charAt(0).toUpperCase()}${cluster.name.slice(1)}`;
}

function bare(symbol: string): string {
  return symbol.slice(symbol.lastIndexOf('.') + 1).replace(/^[_#]/, '');
}

function count(n: number): string {
  return ['no', 'one', 'two', 'three', 'four', 'five'][n] ?? String(n);
}

function listed(names: readonly string[], last = ', '): string {
  return names.length > 1 ? `${names.slice(0, -1).join(', ')}${last}${names.at(-1)}` : (names[0] ?? '');
}
