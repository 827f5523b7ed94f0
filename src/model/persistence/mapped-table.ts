import type { Range } from '../../facts/facts.js';
import type { Table, TableRelation } from '../domain-model.js';
import type { Declared, ProgramFile } from '../program.js';
import { spanOf } from '../program.js';
import { snake } from './literals.js';

/** A table with what tells it from another, and what may name it. */
export interface MappedTable extends Table {
  /** Two mappings with one name are one table, and so is every use of one declaration. */
  readonly named: boolean;
  /** Classes and constants that stand for it. */
  readonly symbols: readonly Declared[];
  /** By which its rows are told from those of the same table, where several classes share it. */
  readonly rows?: string;
  /** What compares the version on an update: the library, or nothing of itself. */
  readonly checksVersion: boolean;
}

export interface ColumnSpec {
  readonly field: string;
  readonly name?: string | undefined;
  readonly at: Range;
  readonly version?: boolean;
  readonly key?: boolean;
  readonly discriminator?: boolean;
}

interface TableSpec {
  readonly file: ProgramFile;
  readonly name: string;
  readonly named: boolean;
  readonly at: Range;
  readonly mappedBy?: Declared | undefined;
  readonly symbols: readonly Declared[];
  readonly columns: readonly ColumnSpec[];
  readonly relations: readonly TableRelation[];
  readonly rows?: string | undefined;
  readonly checksVersion?: boolean;
}

export function mappedTable(spec: TableSpec): MappedTable {
  const { file } = spec;
  return {
    name: spec.name,
    named: spec.named,
    at: spanOf(file.facts, spec.at),
    ...(spec.mappedBy ? { mappedBy: spec.mappedBy.id } : {}),
    symbols: spec.symbols,
    columns: spec.columns.map((c) => ({
      name: c.name ?? c.field,
      field: c.field,
      at: spanOf(file.facts, c.at),
      version: c.version === true,
      key: c.key === true,
      discriminator: c.discriminator === true,
    })),
    relations: spec.relations,
    ...(spec.rows === undefined ? {} : { rows: spec.rows }),
    checksVersion: spec.checksVersion === true,
  };
}

/** `"sales"."Orders"` and `sales.orders` are one table, `orderId` and `order_id` one column. */
export function plain(name: string): string {
  return snake(name.replaceAll(/["'`[\]]/g, '')).replaceAll('_', '');
}
