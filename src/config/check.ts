import type { UserConfig } from '../define-config.js';
import { didYouMean } from '../did-you-mean.js';
import { UsageError } from '../errors.js';
import type { Written } from './read.js';
import { keysAt, userConfigSchema } from './schema.js';

/** What was written, if it is a configuration; else every complaint about it with its place. */
export async function checked(written: Written): Promise<UserConfig> {
  const { z } = await import('zod');
  const schema = userConfigSchema(z);
  const result = schema.safeParse(written.content);
  // The schema says the same as UserConfig, which is written by hand for its documentation.
  if (result.success) return result.data as UserConfig;
  const known = Object.keys(schema.shape);
  const complaints = result.error.issues.flatMap((issue) => complaintsAbout(issue, written.content, known));
  throw new UsageError(
    `${written.label} is not a valid configuration:\n${complaints.map((each) => `  ${inWords(each, written)}`).join('\n')}`,
  );
}

function inWords({ at, text }: Complaint, { placeOf, prefix }: Written): string {
  const place = placeOf(at);
  const keys = [...prefix, ...at].map(String).join('.') || 'the configuration';
  return `${place === undefined ? '' : `${place}  `}${keys}: ${text}`;
}

interface Issue {
  readonly code?: string | undefined;
  readonly path: readonly PropertyKey[];
  readonly message: string;
  readonly keys?: readonly string[];
  readonly values?: readonly unknown[];
  readonly errors?: readonly (readonly Issue[])[];
}
interface Complaint {
  readonly at: readonly PropertyKey[];
  readonly text: string;
}

function complaintsAbout(
  issue: Issue,
  content: unknown,
  known: readonly string[],
  base: readonly PropertyKey[] = [],
): readonly Complaint[] {
  const at = [...base, ...issue.path];
  if (issue.code === 'unrecognized_keys') {
    const keys = keysAt(at, known);
    return (issue.keys ?? []).map((key) => ({
      at: [...at, key],
      text: `unknown key${didYouMean(key, keys) || `; known are ${keys.join(', ')}`}`,
    }));
  }
  if (issue.code === 'invalid_union') {
    const branches = issue.errors ?? [];
    const meant = branches.find((branch) => branch.every((inner) => inner.path.length > 0 || inner.code === 'unrecognized_keys'));
    const inner =
      meant ?? branches.find((branch) => branch.some(({ code }) => code === 'invalid_value' && typeof valueAt(content, at) === 'string'));
    if (inner) return inner.flatMap((each) => complaintsAbout(each, content, known, at));
    return [{ at, text: branches.map((branch) => branch[0]?.message ?? issue.message).join('; or ') }];
  }
  const value = valueAt(content, at);
  if (issue.code === 'invalid_value' && typeof value === 'string') {
    const values = (issue.values ?? []).map(String);
    return [{ at, text: `"${value}" is not one of ${values.join(', ')}${didYouMean(value, values)}` }];
  }
  return [{ at, text: issue.message }];
}

function valueAt(content: unknown, at: readonly PropertyKey[]): unknown {
  return at.reduce<unknown>((value, key) => (typeof value === 'object' && value !== null ? Reflect.get(value, key) : undefined), content);
}
