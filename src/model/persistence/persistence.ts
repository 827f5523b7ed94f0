import type { PrismaSchema } from '../../facts/facts.js';
import type { ColumnClash, ColumnWrite, Table } from '../domain-model.js';
import type { Draft } from '../drafts.js';
import { onDemand } from '../lazy.js';
import { findColumnClashes } from './column-clashes.js';
import { findRowWrites, type Keeping } from './column-writes.js';
import { findTables } from './tables.js';

/** How the project keeps its aggregates, each fact computed when it is first read. */
export interface Persistence {
  readonly tables: () => readonly Table[];
  readonly columnWrites: () => readonly ColumnWrite[];
  readonly columnClashes: () => readonly ColumnClash[];
  /** What a mapping in another file says of a field. */
  readonly relation: (owner: Draft, field: string) => { readonly lazy: boolean; readonly eager: boolean } | undefined;
}

/** What lies around the sources. */
export interface Surroundings {
  readonly prismaSchemas?: () => readonly PrismaSchema[];
  /** The directory with the settings that govern a file: what lies under one shares a database. */
  readonly homeOf?: (file: string) => string;
}

export function persistence(keeping: Keeping, { prismaSchemas, homeOf }: Surroundings): Persistence {
  const tables = onDemand(() => findTables(keeping.drafts, prismaSchemas ?? (() => [])));
  const writes = onDemand(() => findRowWrites(keeping, tables()));
  return {
    tables: () => [...tables().mapped, ...tables().prisma()],
    columnWrites: () => writes().map(({ write }) => write),
    columnClashes: () => findColumnClashes(writes(), homeOf ?? (() => '')),
    relation: ({ symbol }, field) =>
      tables()
        .of(symbol)
        ?.relations.find((r) => r.field === field),
  };
}
