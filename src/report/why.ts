import type { Block, Evidence, Field, Handler, Member, Write } from '../model/domain-model.js';
import { itemLines, labelled, locatedLines, oneLine } from './layout.js';
import type { Subject } from './lookup.js';
import { kindInWords, type Names, namesIn, unique } from './names.js';
import { type Paint, plain } from './paint.js';
import type { Report } from './report.js';
import { blockInvariants, fieldInvariants, heading, operationSection, type Page } from './why-enforced.js';

export interface WhyOptions {
  readonly width: number;
  readonly paint?: Paint;
}

/** What role, on what evidence, what contradicts it, which boundary, what is enforced, and who writes. */
export function why(report: Report, subjects: readonly Subject[], options: WhyOptions): string {
  const page: Page = { report, names: namesIn(report.model), width: options.width, paint: options.paint ?? plain };
  return `${subjects.map((subject) => section(subject, page).join('\n')).join('\n\n')}\n`;
}

function section(subject: Subject, page: Page): string[] {
  if (subject.is === 'field') return fieldSection(subject.field, subject.owner, page);
  if (subject.is === 'operation') return operationSection(subject.operation, page);
  return subject.is === 'handler' ? handlerSection(subject.handler, page) : blockSection(subject.block, page);
}

function blockSection(block: Block, page: Page): string[] {
  const { model } = page.report;
  const written = model.handlers.flatMap((handler) =>
    handler.writes.filter((write) => write.aggregate === block.aggregate).map((write) => ({ handler, write })),
  );
  const repository = model.repositories.find((candidate) => candidate.block === block.id);
  return [
    ...heading(block.name, `${block.base ? 'base class, ' : ''}${kindInWords(block.kind)}`, block.at, page),
    ...labelled('evidence', evidenceLines(block.evidence, page)),
    ...labelled('speaks against', contradictions(block, page)),
    ...labelled('also known as', itemLines(block.aliases, page.width)),
    ...labelled('boundary', boundaryLines(block, page)),
    ...blockInvariants(block, page),
    ...labelled('held by', holderLines(block, page)),
    ...labelled('keeps', itemLines(unique(repository?.keeps.map((kept) => page.names.nameOf(kept.block)) ?? []), page.width)),
    ...labelled('implemented by', itemLines(repository?.implementedBy.map(page.names.nameOf) ?? [], page.width)),
    ...labelled('raised by', raiserLines(block, page)),
    ...labelled('handled by', handledLines(block, page)),
    ...labelled(
      'written by',
      written.flatMap(({ handler, write }) => writeLines(handler.name, write, page)),
    ),
    ...model.handlers.filter((handler) => handler.block === block.id).flatMap((handler) => ownWrites(handler, page)),
  ];
}

function fieldSection(field: Field, owner: Block, page: Page): string[] {
  const { model } = page.report;
  const access = `${field.visibility}${field.readonly ? ' readonly' : ''}`;
  const references = model.aggregates
    .flatMap((aggregate) => aggregate.references)
    .filter((reference) => reference.symbol === field.symbol && reference.at.file === field.at.file);
  const exposures = model.exposures.filter((exposure) => exposure.symbol === field.symbol && exposure.at.file === field.at.file);
  return [
    ...heading(field.symbol, `${kindInWords(field.via)} of ${kindInWords(owner.kind)} ${owner.name}`, field.at, page),
    ...labelled('type', itemLines([`${access} ${oneLine(field.type)}`], page.width)),
    ...labelled(
      'holds',
      field.holds.flatMap(({ block, as }) => {
        const held = page.names.block(block);
        const role = held ? `, ${kindInWords(held.kind)}` : '';
        return locatedLines(`${page.names.nameOf(block)}${role}${as === 'value' ? '' : `, in a ${as}`}`, held?.at, page.width);
      }),
    ),
    ...labelled(
      'reference',
      unique(references.map((reference) => `by ${reference.by} to ${page.names.nameOf(reference.to)}`)).flatMap((text) =>
        itemLines([text], page.width),
      ),
    ),
    ...labelled(
      'exposed',
      exposures.flatMap((exposure) =>
        locatedLines(`the live ${exposure.collection}, by a public ${kindInWords(exposure.via)}`, exposure.at, page.width),
      ),
    ),
    ...fieldInvariants(field, owner, page),
    ...labelled('boundary', boundaryLines(owner, page)),
  ];
}

function handlerSection(handler: Handler, page: Page): string[] {
  return [
    ...heading(handler.name, kindInWords(handler.kind), handler.at, page),
    ...labelled('handles', itemLines(handler.handles.map(page.names.nameOf), page.width)),
    ...ownWrites(handler, page),
  ];
}

function evidenceLines(evidence: readonly Evidence[], { width }: Page): string[] {
  return evidence.flatMap(({ kind, detail, at }) => locatedLines(`${kind}: ${detail}`, at, width));
}

function contradictions({ contradicting }: Block, { width, paint }: Page): string[] {
  return contradicting
    .flatMap(({ kind, detail, role, at }) => locatedLines(`${kind}: ${detail} (speaks for ${kindInWords(role)})`, at, width))
    .map(paint.warning);
}

/** The boundaries it lies in, each with the fields that lead there from the root. */
function boundaryLines(block: Block, page: Page): string[] {
  const { aggregates } = page.report.model;
  const own = aggregates.find((aggregate) => aggregate.root === block.id);
  if (own) {
    const inside = unique(own.members.map((member) => member.name));
    return itemLines([inside.length === 0 ? 'its own, nothing else inside' : `its own, with ${inside.join(', ')} inside`], page.width);
  }
  const holding = aggregates.flatMap((aggregate) =>
    aggregate.members.filter((member) => member.block === block.id).map((member) => ({ aggregate, member })),
  );
  if (holding.length === 0) return block.aggregate === undefined ? ['  none'] : itemLines([page.names.nameOf(block.aggregate)], page.width);
  return holding.flatMap(({ aggregate, member }) => {
    const fields = [...new Set(pathTo(member, aggregate.root, aggregate.members, page.names))];
    return locatedLines(`${aggregate.name}, through ${fields.join(' › ')}`, aggregate.at, page.width);
  });
}

/** Fields from the root to the member; where the model's fields do not connect, the first of them. */
function pathTo(member: Member, root: string, members: readonly Member[], names: Names): readonly string[] {
  const inside = new Set(members.map((each) => each.block));
  const queue: { readonly block: string; readonly path: readonly string[] }[] = [{ block: root, path: [] }];
  const seen = new Set([root]);
  for (const { block, path } of queue) {
    if (block === member.block) return path;
    for (const field of names.block(block)?.fields ?? []) {
      for (const { block: held } of field.holds) {
        if (seen.has(held) || !inside.has(held)) continue;
        seen.add(held);
        queue.push({ block: held, path: [...path, field.symbol] });
      }
    }
  }
  return [member.heldBy];
}

function holderLines(block: Block, { report, width }: Page): string[] {
  const fields = report.model.blocks.flatMap((owner) =>
    owner.fields.filter((field) => field.holds.some((held) => held.block === block.id)),
  );
  return fields.flatMap((field) => locatedLines(`${field.symbol}: ${oneLine(field.type)}`, field.at, width));
}

function raiserLines(block: Block, { report, names, width }: Page): string[] {
  return report.model.raises
    .filter((raise) => raise.event === block.id)
    .flatMap((raise) => locatedLines(names.nameOf(raise.by), raise.at, width));
}

function handledLines(block: Block, { report, width }: Page): string[] {
  return report.model.handlers
    .filter((handler) => handler.handles.includes(block.id))
    .flatMap((handler) => locatedLines(handler.name, handler.at, width));
}

function writeLines(name: string, write: Write, { width }: Page): string[] {
  const through = write.through.length === 0 ? '' : ` through ${write.through.join(' › ')}`;
  return locatedLines(`${name}${through}: ${oneLine(write.call)}`, write.at, width);
}

function ownWrites(handler: Handler, page: Page): string[] {
  const lines = handler.writes.flatMap((write) => writeLines(page.names.nameOf(write.aggregate), write, page));
  return labelled('writes', lines.length === 0 ? itemLines([`nothing in ${handler.name}`], page.width) : lines);
}
