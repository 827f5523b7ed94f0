import type { DomainModel, Invariant, SplitPart } from '../src/model/domain-model.js';
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
  needs: ['invariants'],
  *check(model) {
    const handlers = new Map(model.handlers.map((h) => [h.id, h.name]));
    for (const aggregate of model.aggregates) {
      const split = model.splits.find((s) => s.aggregate === aggregate.root);
      if (split) yield finding(aggregate, split.parts, handlers);
    }
  },
});

function finding(
  aggregate: DomainModel['aggregates'][number],
  split: readonly SplitPart[],
  handlers: ReadonlyMap<string, string>,
): Finding {
  const parts = split.map(({ name, cluster }) => `${name} (${listed(cluster.fields.map(bare))})`);
  return {
    at: aggregate.at,
    symbol: aggregate.name,
    aggregate: aggregate.name,
    message: `${aggregate.name} holds ${count(split.length)} concerns that no rule ties together, so their writers contend for one row for nothing. Split it: ${listed(parts, ' and ')}.`,
    related: split.flatMap((part) => {
      const [first] = part.cluster.invariants;
      return first ? [{ at: first.at, message: told(part, handlers) }] : [];
    }),
  };
}

/** `fulfilment: status, trackingNumber · enforces "…" · in ship, deliver · called by …`. */
function told({ name, cluster, handlers: own }: SplitPart, handlers: ReadonlyMap<string, string>): string {
  const rules = cluster.invariants.filter((i) => i.owner === cluster.aggregate && i.kind !== 'declared');
  const kept = places(rules.filter((i) => i.kind !== 'guard'));
  const refused = places(rules.filter((i) => i.kind === 'guard'));
  const called = own.flatMap((id) => handlers.get(id) ?? []);
  return [
    `${name}: ${listed(cluster.fields.map(bare))}`,
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

function bare(symbol: string): string {
  return symbol.slice(symbol.lastIndexOf('.') + 1).replace(/^[_#]/, '');
}

function count(n: number): string {
  return ['no', 'one', 'two', 'three', 'four', 'five'][n] ?? String(n);
}

function listed(names: readonly string[], last = ', '): string {
  return names.length > 1 ? `${names.slice(0, -1).join(', ')}${last}${names.at(-1)}` : (names[0] ?? '');
}
