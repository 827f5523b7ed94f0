import type { PrismaSchema } from '../../facts/facts.js';
import { dependencies } from '../actors.js';
import type { ColumnClash, ColumnWrite, Table } from '../domain-model.js';
import type { Draft } from '../drafts.js';
import type { TablesOf } from '../handling/versions.js';
import { bodiesOf, eachExpression } from '../mutation.js';
import { bind, type Declared } from '../program.js';
import { carried } from '../repositories.js';
import { programOf } from '../types.js';
import { findColumnClashes } from './column-clashes.js';
import { bearsName, type Keeping, type RowWrite } from './column-writes.js';
import type { Tables } from './tables.js';

/** How the project keeps its aggregates, each fact computed when it is first read. */
export interface Persistence {
  readonly tables: () => readonly Table[];
  readonly columnWrites: () => readonly ColumnWrite[];
  readonly columnClashes: () => readonly ColumnClash[];
  readonly tablesOf: TablesOf;
}

/** What lies around the sources. */
export interface Surroundings {
  readonly prismaSchemas?: () => readonly PrismaSchema[];
  /** The directory with the settings that govern a file: what lies under one shares a database. */
  readonly homeOf?: (file: string) => string;
}

export function persistence(
  keeping: Keeping,
  tables: () => Tables,
  writes: () => readonly RowWrite[],
  { homeOf }: Surroundings,
): Persistence {
  return {
    tables: () => [...tables().mapped, ...tables().prisma()].map(plain),
    columnWrites: () => writes().map(({ write }) => write),
    columnClashes: () => findColumnClashes(writes(), homeOf ?? (() => '')),
    tablesOf: (root) => rootTables(root, tables(), writes(), keeping),
  };
}

/** What the model says of a table: no symbols of the program. */
function plain({ name, at, mappedBy, columns, relations }: Table): Table {
  return { name, at, ...(mappedBy === undefined ? {} : { mappedBy }), columns, relations };
}

/** The root's own mapping, and the tables of its name that its repositories speak of or write its row into. */
function rootTables(root: Draft, tables: Tables, writes: readonly RowWrite[], { repositories, drafts }: Keeping): ReturnType<TablesOf> {
  const own = tables.of(root.symbol);
  const written = writes.flatMap((w) => (w.aggregate === root && w.ownRow ? (w.table.mapping() ?? []) : []));
  const keepers = repositories.filter((r) => r.keeps.some((s) => drafts.of(s) === root)).map((r) => r.draft);
  const spoken = keepers.flatMap((keeper) => [...symbolsIn(keeper)].flatMap((s) => tables.of(s) ?? [])).filter((t) => bearsName(t, root));
  return [...new Set([...(own ? [own] : []), ...written, ...spoken])];
}

/** Declarations that the code of a repository names. */
function symbolsIn({ symbol }: Draft): ReadonlySet<Declared> {
  const found = new Set<Declared>();
  const program = programOf(symbol.scope);
  for (const type of dependencies(symbol)) if (type.k === 'external') for (const s of carried(type)) found.add(s);
  for (const body of bodiesOf(symbol.declaration)) {
    eachExpression(body, (e) => {
      const target = e.e === 'name' ? bind(program, symbol.scope, e.name, 'value') : undefined;
      if (target?.k === 'symbol') found.add(target.symbol);
    });
  }
  return found;
}
