import { didYouMean } from '../src/did-you-mean.js';
import { UsageError } from '../src/errors.js';
import { FORMAT_NAMES, type FormatName } from '../src/report/format-names.js';
import type { LintOptions } from './options.js';
import { underAgent } from './surroundings.js';

/** One format and where it goes; stdout where no file is named. */
export interface Output {
  readonly format: FormatName;
  readonly file?: string;
}

/** Reads `-f text -f sarif=out.sarif`, or one format and `-o`. Without any, a coding agent gets what is made for it, and a person text. */
export async function outputsFrom({ format, output }: Pick<LintOptions, 'format' | 'output'>): Promise<readonly Output[]> {
  // A variable that is set to nothing chooses nothing.
  const isUnset = process.env.AGGRO_FORMAT === '' && format?.length === 1 && format[0] === '';
  const given = (isUnset ? undefined : format) ?? [output === undefined && (await underAgent()) ? 'agent' : 'text'];
  const outputs = given.map(outputFrom);
  if (output !== undefined) return [withOutput(outputs, output)];
  refuseSharedPlaces(outputs);
  return outputs;
}

function outputFrom(given: string): Output {
  const [, name = given, file] = /^([^=]*)=(.*)$/s.exec(given) ?? [];
  const format = FORMAT_NAMES.find((known) => known === name);
  if (format === undefined) {
    throw new UsageError(`There is no format "${name}"${didYouMean(name, FORMAT_NAMES) || `; there are ${FORMAT_NAMES.join(', ')}.`}`);
  }
  if (file === '') throw new UsageError(`--format ${given} names no file: --format ${name}=FILE, or --format ${name} for stdout.`);
  return file === undefined ? { format } : { format, file };
}

function withOutput(outputs: readonly Output[], file: string): Output {
  const [only, ...others] = outputs;
  if (only === undefined || others.length > 0 || only.file !== undefined) {
    throw new UsageError(`--output is for one format. Name the file with its format: --format ${only?.format ?? 'text'}=${file}`);
  }
  return { ...only, file };
}

function refuseSharedPlaces(outputs: readonly Output[]): void {
  for (const [index, { format, file }] of outputs.entries()) {
    const earlier = outputs.slice(0, index).find((output) => output.file === file);
    if (earlier === undefined) continue;
    throw new UsageError(
      file === undefined
        ? `${earlier.format} and ${format} cannot both go to stdout. Name a file for one of them: --format ${format}=FILE`
        : `${earlier.format} and ${format} would both be written to ${file}.`,
    );
  }
}
