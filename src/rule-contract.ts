import { didYouMean } from './did-you-mean.js';
import { UsageError } from './errors.js';
import type { Finding, Rule } from './rule.js';

/** What keeps a value from being a rule: whoever writes one without a type checker is told, too. */
export function faultsOf(value: unknown): readonly string[] {
  if (!isObject(value) || !('id' in value || 'check' in value))
    return [
      'its default export is not a rule: export default defineRule({ … }). Helpers go into a folder below, or start with an underscore.',
    ];
  const { id, severity, preset, fixable, options, check } = value;
  return [
    ...(typeof id !== 'string' ? ['id is missing'] : /^[a-z][a-z0-9-]*$/.test(id) ? [] : [`id "${id}" is not in kebab-case`]),
    ...['title', 'why', 'remedy', 'source'].flatMap((key) =>
      typeof value[key] === 'string' && value[key] !== '' ? [] : [`${key} must be a text, not ${inWords(value[key])}`],
    ),
    ...oneOf('severity', severity, ['error', 'warning', 'info']),
    ...oneOf('preset', preset, ['recommended', 'strict', 'all']),
    ...(fixable === undefined ? [] : oneOf('fixable', fixable, ['safe', 'unsafe'])),
    ...(options === undefined ? [] : optionFaults(options)),
    ...(typeof check === 'function' ? [] : [`check must be a generator over the model, not ${inWords(check)}`]),
    ...Object.keys(value).flatMap((key) => (KEYS.includes(key) ? [] : [`${key} is no part of a rule${didYouMean(key, KEYS)}`])),
  ];
}

const KEYS = ['id', 'title', 'why', 'remedy', 'source', 'severity', 'preset', 'needs', 'fixable', 'options', 'check'];

function oneOf(key: string, value: unknown, known: readonly string[]): readonly string[] {
  if (typeof value === 'string' && known.includes(value)) return [];
  return [`${key} must be ${known.join(', ')}, not ${inWords(value)}${typeof value === 'string' ? didYouMean(value, known) : ''}`];
}

function optionFaults(options: unknown): readonly string[] {
  if (!isObject(options)) return [`options must be an object, not ${inWords(options)}`];
  return Object.entries(options).flatMap(([name, option]) =>
    isObject(option) && ['boolean', 'number', 'string'].includes(typeof option.default) && typeof option.description === 'string'
      ? []
      : [`option ${name} must have a default (a boolean, number or text) and a description`],
  );
}

/** The same rule, whose failures name its file: aggro is not to blame for it. */
export function watched(rule: Rule, file: string): Rule {
  return {
    ...rule,
    *check(model, options) {
      try {
        for (const finding of rule.check(model, options)) {
          const fault = faultOf(finding);
          if (fault !== undefined) throw new UsageError(`${file}: ${rule.id} yields a finding without ${fault}.`);
          yield finding;
        }
      } catch (error) {
        if (error instanceof UsageError) throw error;
        throw new UsageError(`${file}: ${rule.id} failed: ${error instanceof Error ? error.message : String(error)}`, { cause: error });
      }
    },
  };
}

function faultOf(finding: Finding): string | undefined {
  const given: unknown = finding;
  if (!isObject(given)) return 'a place, a message and a symbol';
  const { at, message, symbol } = given;
  if (!isObject(at) || typeof at.file !== 'string' || typeof at.line !== 'number' || typeof at.column !== 'number') return 'a place (at)';
  return typeof message !== 'string' ? 'a message' : typeof symbol !== 'string' ? 'a symbol' : undefined;
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null;
}

function inWords(value: unknown): string {
  return typeof value === 'function' ? 'a function' : typeof value === 'string' ? `"${value}"` : (JSON.stringify(value) ?? 'undefined');
}
