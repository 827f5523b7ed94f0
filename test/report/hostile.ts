import type { Report, Violation } from '../../src/report/report.js';
import { MODEL, REPORT } from './shop.js';

/** All that some reader obeys: terminals, workflow logs, XML, Markdown, HTML, SARIF, shells and parsers of lines. */
export const EVIL = [
  '\u001b[31m',
  '\u009b31m',
  '\u0007\u0000\u007f',
  '\n::error::taken over\n',
  '\r\u2028\u2029',
  '##[group]',
  '%0A%25',
  ']]>',
  '-->',
  '<script>&amp;"\'',
  '| `a` ``b``',
  '[text](0)',
  '*_~#',
  '@team',
  '\u202egnp.exe\u2066',
  '\ud800',
  '\ufffe',
  'ümläut€😀',
].join('');

const inside = JSON.stringify(EVIL).slice(1, -1);
const poisoned = <Value>(value: Value): Value =>
  JSON.parse(JSON.stringify(value).replaceAll('Product', inside).replaceAll('src/order/', `src/${inside}/`));

const FIX: Pick<Violation, 'fix' | 'edits'> = {
  fix: { kind: 'safe', title: EVIL, changes: [] },
  edits: [{ at: { file: `src/${EVIL}/order.ts`, line: 1, column: 1, endLine: 1, endColumn: 2 }, text: EVIL }],
};

/** The shop with such a text in every name, path, message and title. */
export const HOSTILE: Report = {
  ...REPORT,
  model: poisoned(MODEL),
  rules: poisoned(REPORT.rules).map((rule) => ({ ...rule, title: EVIL, why: EVIL, remedy: EVIL, source: EVIL })),
  notices: [EVIL],
  violations: poisoned(REPORT.violations).map((violation) => ({
    ...violation,
    ...FIX,
    ruleId: `${violation.ruleId}${EVIL}`,
    message: `${EVIL} is wrong. ${violation.message}`,
    symbol: `${EVIL}.items`,
    aggregate: EVIL,
    related: violation.related.map((place) => ({ ...place, message: EVIL })),
  })),
  sourceOf: () => EVIL,
};

/** What a terminal would obey, or reorder by. A line break is meant. */
export const OBEYED = /[^\P{Cc}\n]|[\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]/u;
