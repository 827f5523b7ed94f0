import type { Block, BlockId, ColumnClash } from '../src/model/domain-model.js';
import { defineRule, type Finding } from '../src/rule.js';

export default defineRule({
  id: 'disjoint-column-ownership',
  title: 'Give each column one aggregate',
  why: 'Two aggregates may share a row as long as each writes columns of its own. Where both write a column, the one that saves last puts back what it read before the other changed it.',
  remedy:
    'Let each aggregate update only the columns it owns, naming them in the statement or mapping only them. A column that both need belongs to one of them; the other reads it, or hears of it by an event.',
  source: 'Evans, Domain-Driven Design, ch. 6: one root guards each piece of state; Vernon, Effective Aggregate Design, Part I',
  severity: 'warning',
  preset: 'recommended',
  *check(model) {
    const blocks = new Map(model.blocks.map((b) => [b.id, b]));
    for (const clash of model.columnClashes) yield finding(clash, blocks);
  },
});

function finding({ table, columns, write, other }: ColumnClash, blocks: ReadonlyMap<BlockId, Block>): Finding {
  const name = (id: BlockId | undefined): string => (id && (blocks.get(id)?.name ?? id)) ?? '';
  const mine = name(write.aggregate);
  const theirs = name(other.aggregate);
  const whole = write.columns === 'whole-row';
  const shared = columns.length > 0 ? listed(columns) : 'all columns';
  return {
    at: write.at,
    symbol: write.symbol,
    aggregate: mine,
    message: whole
      ? `${write.symbol} writes whole rows of ${table}, and ${other.symbol} writes ${shared} of them for ${theirs}: saving ${mine} puts back old values. Write only the columns that ${mine} owns.`
      : `${write.symbol} writes ${shared} of ${table} for ${mine}, and ${other.symbol} writes the same for ${theirs}: the one that saves last undoes the other. Let one of them own ${columns.length === 1 ? 'the column' : 'these columns'}, and the other read or hear of the change.`,
    related: [
      {
        at: other.at,
        message: `${theirs} is written to the same rows here: ${other.columns === 'whole-row' ? 'whole rows' : listed(other.columns)}`,
      },
    ],
  };
}

function listed(names: readonly string[]): string {
  if (names.length > 4) return `${names.slice(0, 3).join(', ')} and ${names.length - 3} more columns`;
  return names.length > 1 ? `${names.slice(0, -1).join(', ')} and ${names.at(-1)}` : (names[0] ?? '');
}
