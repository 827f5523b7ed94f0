import type { FormatName } from './format-names.js';
import type { Look } from './look.js';
import type { Report, Violation } from './report.js';

type Format = (report: Report, look: Look) => string;

/** Those that show counts, notices, statistics and timing themselves; the rest leaves them to stderr. */
export const CARRIES: Readonly<Record<'notices' | 'statistics' | 'timing', readonly FormatName[]>> = {
  notices: ['text', 'markdown', 'agent', 'sarif', 'github'],
  statistics: ['text', 'markdown', 'json'],
  timing: ['json'],
};

/** Only the format that is asked for is loaded. */
const FORMATS: Readonly<Record<FormatName, () => Promise<Format>>> = {
  text: async () => (await import('./text.js')).text,
  compact: async () => listing((await import('./compact.js')).compact),
  json: async () => listing((await import('./json.js')).json),
  jsonl: async () => listing((await import('./jsonl.js')).jsonl),
  sarif: async () => listing((await import('./sarif.js')).sarif),
  github: async () => listing((await import('./github.js')).github),
  gitlab: async () => listing((await import('./gitlab.js')).gitlab),
  junit: async () => listing((await import('./junit.js')).junit),
  checkstyle: async () => listing((await import('./checkstyle.js')).checkstyle),
  markdown: async () => (await import('./markdown.js')).markdown,
  agent: async () => listing((await import('./agent.js')).agent),
  rdjson: async () => listing((await import('./rdjson.js')).rdjson),
};

export async function render(name: FormatName, report: Report, look: Look): Promise<string> {
  const format = await FORMATS[name]();
  return format(report, look);
}

/** A format that only lists: with `--quiet` it never sees anything but errors. */
function listing(format: Format): Format {
  return (report, look) => format(look.quiet ? errorsOf(report) : report, look);
}

function errorsOf(report: Report): Report {
  const isError = ({ severity }: Violation): boolean => severity === 'error';
  return { ...report, violations: report.violations.filter(isError), suppressed: report.suppressed.filter(isError) };
}
