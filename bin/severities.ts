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

/** Reads `--rule id:severity`, and `--rule id`: where rules are named alone, they and no others run. */
export function severitiesFrom(settings: readonly string[], rules: readonly RuleNamed[]): ReadonlyMap<string, Severity> {
  const ids = rules.map(({ id }) => id);
  const alone = new Set(settings.filter((setting) => !setting.includes(':')));
  for (const id of alone) if (!ids.includes(id)) throw unknownRule(id, ids);
  const only = rules.map(({ id, severity }): [string, Severity] => [id, alone.has(id) ? severity : 'off']);
  const set = settings.filter((setting) => setting.includes(':')).map((setting) => severityOf(setting, ids));
  return new Map([...(alone.size > 0 ? only : []), ...set]);
}

interface RuleNamed {
  readonly id: string;
  readonly severity: Severity;
}

function severityOf(setting: string, ruleIds: readonly string[]): [string, Severity] {
  const colon = setting.lastIndexOf(':');
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
