import type { PrismaModel, PrismaSchema } from '../../facts/facts.js';
import type { Span, Table, TableRelation } from '../domain-model.js';

/** A model of a `schema.prisma`, and by what name the client knows it. */
export interface PrismaTable extends Table {
  readonly delegate: string;
  readonly file: string;
}

export function prismaTables(schemas: readonly PrismaSchema[]): PrismaTable[] {
  return schemas.flatMap((schema) => {
    const models = new Set(schema.models.map((m) => m.name));
    return schema.models.map((model) => tableOf(model, schema, models));
  });
}

function tableOf(model: PrismaModel, schema: PrismaSchema, models: ReadonlySet<string>): PrismaTable {
  const name = model.table ?? model.name;
  return {
    name: model.schema === undefined ? name : `${model.schema}.${name}`,
    at: spanIn(schema, model.at),
    delegate: model.name.charAt(0).toLowerCase() + model.name.slice(1),
    file: schema.file,
    columns: model.fields
      .filter((f) => !models.has(f.type))
      .map((f) => ({
        name: f.column ?? f.name,
        field: f.name,
        at: spanIn(schema, f.at),
        version: /^(?:version|row_?version|lock_?version)$/i.test(f.name) && f.type === 'Int',
        key: f.key,
        discriminator: false,
      })),
    relations: model.fields
      .filter((f) => models.has(f.type))
      .map(
        (f): TableRelation => ({
          field: f.name,
          at: spanIn(schema, f.at),
          to: f.type,
          kind: f.list ? 'one-to-many' : 'many-to-one',
          cascade: f.cascades,
          eager: false,
          lazy: false,
        }),
      ),
  };
}

function spanIn({ file, lines }: PrismaSchema, [start, end]: readonly [number, number]): Span {
  let line = 0;
  while (line + 1 < lines.length && (lines[line + 1] ?? 0) <= start) line++;
  const column = start - (lines[line] ?? 0) + 1;
  return { file, line: line + 1, column, endLine: line + 1, endColumn: column + end - start };
}
