import { existsSync } from 'node:fs';
import path from 'node:path';
import { type Comparison, compareWithBaseline, inWords } from '../../src/allow/baseline.js';
import { BASELINE, printBaseline, readBaseline } from '../../src/allow/baseline-file.js';
import { knownFinding } from '../../src/allow/known.js';
import { baselineFile, covering } from '../../src/allow/with-baseline.js';
import { UsageError } from '../../src/errors.js';
import { counted, pad, visible, widthOf } from '../../src/report/layout.js';
import { nothingRecognised } from '../../src/report/nothing-recognised.js';
import type { KnownFinding, Report } from '../../src/report/report.js';
import { directoryOf, linted } from '../analysis.js';
import { deliver } from '../deliver.js';
import type { BaselineAction, BaselineOptions } from '../options.js';
import { rulesFor } from '../settings.js';
import { severitiesFrom } from '../severities.js';

export async function run(action: BaselineAction, options: BaselineOptions): Promise<void> {
  const cwd = directoryOf(options);
  const found = baselineFile(options.baseline, cwd);
  if (action === 'create') return create(typeof options.baseline === 'string' ? found : undefined, cwd, options);
  if (found === undefined) throw new UsageError(`There is no ${BASELINE} in ${cwd} or above it; aggro baseline create writes one.`);
  const compared = await compare(found, cwd, options);
  if (action === 'update') await update(compared, found, cwd);
  else if (action === 'prune') await prune(compared, found, cwd);
  else if (action === 'diff') diff(compared);
  else status(compared);
}

async function create(named: string | undefined, cwd: string, options: BaselineOptions): Promise<void> {
  const file = named ?? path.join(cwd, BASELINE);
  const label = path.relative(cwd, file) || file;
  if (existsSync(file) && !options.force)
    throw new UsageError(
      `${label} is there already. aggro baseline update writes it anew and says what changed; aggro baseline create --force replaces it.`,
    );
  const entries = (await reported(options)).violations.map(knownFinding);
  await deliver(printBaseline(entries, file, cwd), { output: file, cwd });
  say(`${label}: ${counted(entries.length, 'finding')} known. From now on aggro lint reports what is new; commit the file.`);
}

async function update({ label, known, fresh, gone, unjudged }: Compared, file: string, cwd: string): Promise<void> {
  const entries = [...unjudged, ...[...known.keys(), ...fresh].map(knownFinding)];
  await deliver(printBaseline(entries, file, cwd), { output: file, cwd });
  say(`${label}: ${fresh.length} added, ${gone.length} taken out, ${counted(entries.length, 'finding')} known.`);
}

/** Entries that stay are left as they are: the difference is what went. */
async function prune({ label, known, gone, unjudged }: Compared, file: string, cwd: string): Promise<void> {
  const entries = [...unjudged, ...known.values()];
  if (gone.length > 0) await deliver(printBaseline(entries, file, cwd), { output: file, cwd });
  say(`${label}: ${gone.length} taken out, ${counted(entries.length, 'finding')} known.`);
}

function diff({ label, fresh, gone }: Compared): void {
  const line = (sign: string) => (entry: KnownFinding) => `${sign} ${visible(inWords(entry))}  ${visible(entry.file)}`;
  for (const each of [...gone.map(line('-')), ...fresh.map(knownFinding).map(line('+'))]) say(each);
  say(`${label}: ${fresh.length} new, ${gone.length} gone.`);
  process.exitCode = fresh.length + gone.length > 0 ? 1 : 0;
}

function status({ label, known, fresh, gone, unjudged }: Compared): void {
  const rules = tally([...known.values(), ...unjudged].map(({ rule }) => rule));
  const width = Math.max(0, ...rules.map(([rule]) => widthOf(rule)));
  for (const [rule, count] of rules) say(`${pad(visible(rule), width)}  ${count}`);
  say(
    `${label}: ${known.size} known, ${fresh.length} new, ${gone.length} gone${unjudged.length > 0 ? `, ${unjudged.length} not judged by this run` : ''}.`,
  );
}

function tally(words: readonly string[]): [string, number][] {
  const counts = new Map<string, number>();
  for (const word of words) counts.set(word, (counts.get(word) ?? 0) + 1);
  return [...counts].sort(([a, many], [b, more]) => more - many || (a < b ? -1 : 1));
}

interface Compared extends Comparison {
  readonly label: string;
}

async function compare(file: string, cwd: string, options: BaselineOptions): Promise<Compared> {
  const baseline = readBaseline(file, cwd);
  const report = await reported(options);
  return { label: baseline.file, ...compareWithBaseline(report, baseline, covering([], cwd, report)) };
}

async function reported(options: BaselineOptions): Promise<Report> {
  const report = await linted([], options, {
    severities: severitiesFrom(options.rule, await rulesFor(options)),
    ...(options.preset && { preset: options.preset }),
  });
  for (const notice of report.notices) process.stderr.write(`aggro: ${notice}\n`);
  if (report.model.aggregates.length === 0) throw new UsageError(nothingRecognised(report));
  return report;
}

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}
