import { didYouMean } from '../did-you-mean.js';
import { UsageError } from '../errors.js';
import type { Block, DomainModel, Field, Handler, Operation } from '../model/domain-model.js';
import { type BoundaryRow, boundaryRows } from './boundary-table.js';
import { counted, lineOf, oneLine, visible } from './layout.js';
import type { Report } from './report.js';

/** The boundary-table rows of that name: two bounded contexts may both have one. */
export function rowsNamed(report: Report, name: string): BoundaryRow[] {
  const rows = boundaryRows(report);
  const named = rows.filter((row) => row.root === name);
  if (named.length > 0) return named;
  const holder = rows.find((row) => row.members.some((member) => member.name === name));
  if (holder) throw new UsageError(`${visible(name)} is a member of ${holder.root}, not a root. Try aggro table ${holder.root}`);
  const roots = rows.map((row) => row.root);
  throw new UsageError(`No aggregate root is called "${visible(name)}"${didYouMean(name, roots) || '; aggro table lists them all.'}`);
}

export type Subject =
  | { readonly is: 'block'; readonly block: Block }
  | { readonly is: 'field'; readonly field: Field; readonly owner: Block }
  | { readonly is: 'handler'; readonly handler: Handler }
  | { readonly is: 'operation'; readonly operation: Operation };

/** Everything of that name: blocks (by an alias too), `Class.member` fields, handlers, and what changes or reads the state of an aggregate. */
export function subjectsNamed({ model }: Report, name: string): Subject[] {
  const named = (candidates: readonly Candidate[]): Subject[] =>
    candidates.filter(({ names }) => names.includes(name)).map(({ subject }) => subject);
  const found = named(everything(model));
  // What a body reads and writes takes time to find out: a class's name asks for none of it.
  if (found.length > 0 && !name.includes('.')) return found;
  const all = [...found, ...named(operations(model))];
  if (all.length > 0) return all;
  const candidates = [...everything(model), ...operations(model)].flatMap(({ names }) => names);
  const misses = model.coverage.nearMisses.filter((miss) => miss.name === name);
  const known = misses.map(
    (miss) => `\n${visible(miss.name)} (${lineOf(miss.at)}) came close to being an aggregate root: ${oneLine(miss.why)}`,
  );
  const size = counted(model.blocks.length, 'building block');
  const suggestion = didYouMean(name, candidates);
  throw new UsageError(
    `No building block, field, handler or operation is called "${visible(name)}" (${size} recognised)${suggestion}${known.join('')}`,
  );
}

interface Candidate {
  readonly names: readonly string[];
  readonly subject: Subject;
}

function operations({ operations }: DomainModel): Candidate[] {
  return operations.map((operation) => ({ names: [operation.name], subject: { is: 'operation', operation } }));
}

function everything({ blocks, handlers }: DomainModel): Candidate[] {
  return [
    ...blocks.map((block) => ({ names: [block.name, ...block.aliases], subject: { is: 'block', block } as const })),
    ...blocks.flatMap((owner) =>
      owner.fields.map((field) => ({
        names: [...new Set([field.symbol, `${owner.name}.${field.name}`])],
        subject: { is: 'field', field, owner } as const,
      })),
    ),
    ...handlers
      .filter((handler) => !blocks.some((block) => block.name === handler.name))
      .map((handler) => ({ names: [handler.name], subject: { is: 'handler', handler } as const })),
  ];
}
