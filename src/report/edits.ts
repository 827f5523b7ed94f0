import type { Edit, Violation } from './report.js';

/** What a tool that reads the report can apply: the edits worked out, or those that the fix itself spells out. Empty where it is neither. */
export function editsOf({ edits, fix }: Violation): readonly Edit[] {
  if (edits !== undefined) return edits;
  const spelled = (fix?.changes ?? []).flatMap((change) => (change.do === 'replace' ? [{ at: change.at, text: change.text }] : []));
  return spelled.length === fix?.changes.length ? spelled : [];
}
