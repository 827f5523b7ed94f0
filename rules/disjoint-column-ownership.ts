import type { Block, BlockId, ColumnClash, ColumnWrite } from '../src/model/domain-model.js';
import { defineRule, type Finding } from '../src/rule.js';
import { listed } from '../src/wording.js';

export default defineRule({
  id: 'disjoint-column-ownership',
  title: 'Give each column one aggregate',
  why: 'Two aggregates may share a row as long as each writes columns of its own. Where both write a column, the one that saves last puts back what it read before the other changed it.',
  remedy:
    'Let each aggregate update only the columns it owns, naming them in the statement or mapping only them. A column that both need belongs to one of them; the other reads it, or hears of it by an event.',
  source: 'Evans, Domain-Driven Design, ch. 6: one root guards each piece of state; Vernon, Effective Aggregate Design, Part I',
  severity: 'warning',
  preset: 'recommended',
  needs: ['several aggregates', 'tables'],
  *check(model) {
    const blocks = new Map(model.blocks.map((b) => [b.id, b]));
    for (const clashes of byWrite(model.columnClashes)) yield finding(clashes, blocks);
  },
});

/** One write that meets several others is one fault. */
function byWrite(clashes: readonly ColumnClash[]): Iterable<readonly ColumnClash[]> {
  const found = new Map<string, ColumnClash[]>();
  for (const clash of clashes) {
    const { file, line, column } = clash.write.at;
    const key = `${file}:${line}:${column}`;
    found.set(key, [...(found.get(key) ?? []), clash]);
  }
  return found.values();
}

function finding(clashes: readonly ColumnClash[], blocks: ReadonlyMap<BlockId, Block>): Finding {
  const [first] = clashes;
  if (!first) throw new Error('a write without a clash');
  const { table, columns, write, other } = first;
  const name = (id: BlockId | undefined): string => (id === undefined ? '' : (blocks.get(id)?.name ?? id));
  const mine = name(write.aggregate);
  const theirs = name(other.aggregate) === mine ? `another ${mine}` : name(other.aggregate);
  const shared = columns.length > 0 ? listed(columns, { more: 'more columns' }) : 'all columns';
  return {
    at: write.at,
    symbol: write.symbol,
    aggregate: mine,
    involves: [...new Set(clashes.map((clash) => clash.other.symbol))],
    message:
      write.columns === 'whole-row'
        ? `${write.symbol} writes whole rows of ${table}, and ${writer(write, other)} writes ${shared} of them for ${theirs}: saving ${mine} puts back old values. Write only the columns that ${mine} owns.`
        : `${write.symbol} writes ${shared} of ${table} for ${mine}, and ${writer(write, other)} writes the same for ${theirs}: the one that saves last undoes the other. Let one of them own ${columns.length === 1 ? 'the column' : 'these columns'}, and the other read or hear of the change.`,
    related: clashes.map((clash) => ({
      at: clash.other.at,
      message: `${name(clash.other.aggregate)} is written to the same rows here: ${clash.other.columns === 'whole-row' ? 'whole rows' : listed(clash.other.columns, { more: 'more columns' })}`,
    })),
  };
}

/** Two contexts may each have a repository of one name. */
function writer(write: ColumnWrite, other: ColumnWrite): string {
  const named = (w: ColumnWrite): string => w.symbol.split('.')[0] ?? w.symbol;
  return named(write) === named(other) ? `${other.symbol} in ${other.at.file}` : other.symbol;
}
