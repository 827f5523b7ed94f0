import { clip, counted, flow, visible, widthOf, wrap } from '../report/layout.js';
import { type Paint, plain } from '../report/paint.js';
import type { Diagnosis, Reasoned } from './diagnose.js';

const MOST = 10;

export function diagnosisText(
  diagnosis: Diagnosis,
  { width = 100, paint = plain }: { readonly width?: number; readonly paint?: Paint } = {},
): string {
  const { versions, configuration, files, tsconfigs, workspaces, prismaSchemas, recognised, rules, imports, receivers, deadGlobs } =
    diagnosis;
  const pairs = (rows: readonly Reasoned[]) => rows.flatMap(({ name, why }) => beside(name, why, width));
  const section = (title: string, lines: readonly string[]) => (lines.length === 0 ? [] : ['', paint.strong(title), ...lines]);
  const top = (items: Diagnosis['imports']) => [
    ...(items.length === 0 ? ['  none'] : []),
    ...items.slice(0, MOST).flatMap(({ text, count, at }) => beside(clip(text, 60), `${count} ×, ${at}`, width)),
    ...(items.length > MOST ? [`  and ${items.length - MOST} more`] : []),
  ];
  return `${[
    ...pairs(Object.entries(versions).map(([name, why]) => ({ name, why }))).map((line) => line.slice(2)),
    ...section(
      'Configuration',
      configuration.files.length > 0
        ? pairs(configuration.files)
        : [`  none${configuration.searched.length > 0 ? `; looked in ${configuration.searched.join(', ')}` : ', as you wished'}`],
    ),
    ...section('Files', [
      `  ${counted(files.linted, 'file')} linted${files.context > 0 ? `, ${files.context} more read to understand them` : ''}`,
      ...files.leftOut.flatMap(({ why, count, example }) => beside(`${count} left out`, `${why}, such as ${example}`, width)),
      ...(workspaces.length > 0 ? flow(workspaces.map(visible), ' · ', width - 2).map((line) => `  ${line}`) : []),
      ...prismaSchemas.map((file) => `  ${visible(file)}`),
    ]),
    ...section(
      'tsconfigs',
      tsconfigs.length > 0 ? pairs(tsconfigs) : ['  none holds a file that is linted; aliases of imports stay unknown'],
    ),
    ...section('Recognised', [
      ...flow(
        Object.entries(recognised).map(([what, count]) => `${count} ${what}`),
        ' · ',
        width - 2,
      ).map((line) => `  ${line}`),
      ...diagnosis.nearMisses.flatMap(({ name, why }) => beside(name, `no aggregate: ${why}`, width)),
    ]),
    ...section('Rules', [
      ...beside(`${rules.on.length} on`, rules.on.join(', '), width),
      ...rules.idle.flatMap(({ name, why }) => beside(`${name}`, `on, and can't find anything: ${why}`, width)),
      ...offByReason(rules.off).flatMap(([why, ids]) => beside(`${ids.length} off`, `${why}: ${ids.join(', ')}`, width)),
    ]),
    ...section('Unresolved imports', top(imports)),
    ...section('Receivers of unknown type, where a write may go unseen', top(receivers)),
    ...(receivers.length > 0 ? ['  --types full asks the type checker about these'] : []),
    ...section(
      'Patterns that match nothing',
      deadGlobs.flatMap(({ setting, glob, source }) => beside(glob, `${setting} in ${source}`, width)),
    ),
    ...section(
      'Cache',
      wrap(diagnosis.cache, width - 2).map((line) => `  ${line}`),
    ),
    ...section(
      'Notices',
      diagnosis.notices.flatMap((notice) => wrap(notice, width - 2).map((line) => `  ${line}`)),
    ),
  ].join('\n')}\n`;
}

const COLUMN = 32;

function beside(name: string, text: string, width: number): readonly string[] {
  const label = `  ${visible(name)}`;
  const [first = '', ...rest] = wrap(text, Math.max(40, width - COLUMN));
  const indent = ' '.repeat(COLUMN);
  if (widthOf(label) > COLUMN - 2) return [label, ...[first, ...rest].map((line) => indent + line)];
  return [label + ' '.repeat(COLUMN - widthOf(label)) + first, ...rest.map((line) => indent + line)];
}

function offByReason(off: readonly Reasoned[]): readonly (readonly [string, readonly string[]])[] {
  const groups = new Map<string, string[]>();
  for (const { name, why } of off) groups.set(why, [...(groups.get(why) ?? []), name]);
  return [...groups];
}
