/** What `--format` accepts. */
export const FORMAT_NAMES = [
  'text',
  'compact',
  'json',
  'jsonl',
  'sarif',
  'github',
  'gitlab',
  'junit',
  'checkstyle',
  'markdown',
  'agent',
  'rdjson',
] as const;
export type FormatName = (typeof FORMAT_NAMES)[number];
