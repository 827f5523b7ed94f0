import { counted, lineOf, oneLine, visible } from './layout.js';
import type { Report } from './report.js';

const SHOWN = 5;

/** Nothing found is a finding: what was looked for, what came closest, and how to help. */
export function nothingRecognised({ files, model, recognised }: Report): string {
  if (recognised > 0) return `No aggregate lies in the ${counted(files, 'file')} named; ${recognised} elsewhere in the program.`;
  const { nearMisses } = model.coverage;
  const hidden = nearMisses.length - SHOWN;
  return [
    `No aggregates recognised in ${counted(files, 'file')}.`,
    '',
    'Looked for classes and types that',
    '  · are configured or annotated as an aggregate root',
    '  · extend or implement the base of a known library or of this project (AggregateRoot and the like)',
    '  · a repository loads by identity and saves',
    '  · are named by convention (order.aggregate.ts, a folder of aggregates)',
    ...(nearMisses.length === 0
      ? ['', 'Nothing came close.']
      : [
          '',
          'What came closest:',
          ...nearMisses.slice(0, SHOWN).map(({ name, at, why }) => `  ${visible(name)}  ${lineOf(at)}  ${oneLine(why)}`),
          ...(hidden > 0 ? [`  and ${hidden} more`] : []),
        ]),
    '',
    'To name one, annotate it:                 /** @aggregateRoot */ export class Order { … }',
    "or configure it in aggro.config.ts:       model: { aggregateRoots: ['Order'] }",
    'To accept a project without aggregates:   --allow-empty',
  ].join('\n');
}
