import type { PrismaSchema } from '../../facts/facts.js';
import type { Table } from '../domain-model.js';
import type { Drafts } from '../drafts.js';
import { onDemand } from '../lazy.js';
import { type Declared, spanOf } from '../program.js';
import { stateOf } from '../state.js';
import { decoratedTables } from './decorated-classes.js';
import { type MappedTable, plain } from './mapped-table.js';
import { type PrismaTable, prismaTables } from './prisma-tables.js';
import { describedTables } from './schema-objects.js';
import type { TableUse } from './statements.js';

/** All tables that mappings declare; those of a Prisma schema are read when one is asked for. */
export interface Tables {
  readonly mapped: readonly MappedTable[];
  readonly prisma: () => readonly PrismaTable[];
  readonly of: (symbol: Declared) => MappedTable | undefined;
}

export function findTables(drafts: Drafts, schemas: () => readonly PrismaSchema[]): Tables {
  const mapped = [...decoratedTables(drafts), ...describedTables(drafts)];
  const bySymbol = new Map<Declared, MappedTable>();
  for (const table of mapped) for (const symbol of table.symbols) if (!bySymbol.has(symbol)) bySymbol.set(symbol, table);
  return { mapped, prisma: onDemand(() => prismaTables(schemas())), of: (symbol) => bySymbol.get(symbol) };
}

/** A table as a statement uses it: by what it is known, and its mapping where one is. */
export interface UsedTable {
  readonly key: string;
  readonly name: string;
  readonly mapping: () => Table | undefined;
  /** Its mapping is read from a schema, and only where something depends on it. */
  readonly late?: true;
  readonly rows?: string;
  readonly symbols: readonly Declared[];
}

export function usedTable(use: TableUse, tables: Tables): UsedTable | undefined {
  switch (use.by) {
    case 'delegate': {
      const delegate = use.delegate;
      const find = onDemand(() => tables.prisma().find((t) => t.delegate === delegate));
      return { key: `prisma ${delegate}`, name: delegate, mapping: find, late: true, symbols: [] };
    }
    case 'name': {
      const key = plain(use.name);
      // A statement may leave out the schema that the mapping names.
      const mapping = tables.mapped.find((t) => t.named && (plain(t.name) === key || plain(t.name).endsWith(`.${key}`)));
      return mapping ? ofMapping(mapping, use.name) : { key, name: use.name, mapping: () => undefined, symbols: [] };
    }
    default: {
      const { symbol } = use;
      const mapping = tables.of(symbol);
      if (mapping) return ofMapping(mapping, mapping.name);
      return use.by === 'rows' ? { key: symbol.id, name: symbol.name, mapping: () => rowsOf(symbol), symbols: [symbol] } : undefined;
    }
  }
}

/** A type of rows says which columns there are. */
function rowsOf(symbol: Declared): Table {
  const at = spanOf(symbol.file.facts, symbol.declaration.at);
  const columns = stateOf(symbol).map((f) => ({
    name: f.name,
    field: f.name,
    at: spanOf(f.file.facts, f.at),
    version: false,
    key: f.name === '_id',
    discriminator: false,
  }));
  return { name: symbol.name, at, columns, relations: [] };
}

function ofMapping(table: MappedTable, name: string): UsedTable {
  const [own] = table.symbols;
  return {
    key: table.named ? plain(table.name) : `${own?.id ?? name}`,
    name,

    mapping: () => table,
    ...(table.rows === undefined ? {} : { rows: table.rows }),
    symbols: table.symbols,
  };
}
