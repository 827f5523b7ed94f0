import { didYouMean } from '../src/did-you-mean.js';
import { UsageError } from '../src/errors.js';

type Severity = 'off' | 'info' | 'warning' | 'error';

/** Configuration says `warn`; both are understood. */
const SEVERITIES: ReadonlyMap<string, Severity> = new Map([
  ['off', 'off'],
  ['info', 'info'],
  ['warn', 'warning'],
  ['warning', 'warning'],
  ['error', 'error'],
]);

/** Reads `--rule id:severity`. */
export function severitiesFrom(settings: readonly string[], ruleIds: readonly string[]): ReadonlyMap<string, Severity> {
  return new Map(settings.map((setting) => severityOf(setting, ruleIds)));
}

function severityOf(setting: string, ruleIds: readonly string[]): [string, Severity] {
  const colon = setting.lastIndexOf(':');
  if (colon === -1) throw new UsageError(`--rule ${setting} needs a severity: --rule ${setting}:off, or info, warning or error.`);
  const id = setting.slice(0, colon);
  const word = setting.slice(colon + 1);
  if (!ruleIds.includes(id)) throw unknownRule(id, ruleIds);
  const severity = SEVERITIES.get(word);
  if (severity) return [id, severity];
  throw new UsageError(`--rule ${setting}: "${word}" is no severity (off, info, warning, error)${didYouMean(word, SEVERITIES.keys())}`);
}

export function unknownRule(id: string, ruleIds: readonly string[]): UsageError {
  return new UsageError(`There is no rule "${id}"${didYouMean(id, ruleIds) || '; aggro rules lists them all.'}`);
}
