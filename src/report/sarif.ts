import type { Span } from '../model/domain-model.js';
import { inertJson } from './data.js';
import { editsOf } from './edits.js';
import { counted, oneLine } from './layout.js';
import type { Look } from './look.js';
import { prose } from './markup.js';
import type { Edit, Report, RuleInfo, SuppressedViolation, Violation } from './report.js';
import { pathSegments } from './segments.js';
import { transactionSteps } from './transaction-steps.js';

const SCHEMA = 'https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json';
/** Code scanning shows no more of one run. */
const RESULTS = 5000;
const LEVEL = { error: 'error', warning: 'warning', info: 'note', off: 'none' } as const;
const LOUDEST = ['error', 'warning', 'info'];
/** The directory that every path is relative to; whoever reads the log knows where it checked it out. */
const BASE = '%SRCROOT%';

/** SARIF 2.1.0: one run, every rule declared. */
export function sarif(report: Report, { inRepository }: Pick<Look, 'inRepository'>): string {
  const places = placesIn(inRepository);
  const found: readonly Found[] = [...report.violations, ...report.suppressed];
  const results = found.length > RESULTS ? loudest(found) : found;
  const rules = declared(report);
  const index = new Map(rules.map(({ id }, position) => [id, position]));
  const run = {
    tool: {
      driver: { name: 'aggro', version: report.version, semanticVersion: report.version, rules: rules.map(descriptor) },
    },
    columnKind: 'utf16CodeUnits',
    originalUriBaseIds: { [BASE]: { description: { text: 'The root of the repository.' } } },
    invocations: [
      {
        executionSuccessful: true,
        toolExecutionNotifications: [
          ...report.notices.map((notice) => notification('warning', oneLine(notice))),
          ...(found.length > results.length ? [notification('note', leftOut(found.length))] : []),
        ],
      },
    ],
    results: results.map((violation) => result(violation, index.get(violation.ruleId), report, places)),
  };
  return `${inertJson({ $schema: SCHEMA, version: '2.1.0', runs: [run] }, 2)}\n`;
}

/** SARIF has a place for what is suppressed. */
type Found = Violation & Partial<Pick<SuppressedViolation, 'suppressed'>>;

function result(violation: Found, ruleIndex: number | undefined, report: Report, places: Places) {
  const { ruleId, severity, message, at, symbol, related, fingerprint, fix, suppressed } = violation;
  const steps = transactionSteps(violation, report.model);
  const edits = editsOf(violation);
  return {
    ruleId,
    ...(ruleIndex === undefined ? {} : { ruleIndex }),
    level: LEVEL[severity],
    message: plainText(message),
    locations: [{ ...places.location(at), logicalLocations: [{ fullyQualifiedName: symbol, kind: 'member' }] }],
    partialFingerprints: { 'aggro/v1': fingerprint },
    ...(related.length > 0 && {
      relatedLocations: related.map((place, id) => ({ id, ...places.location(place.at), message: plainText(place.message) })),
    }),
    ...(steps.length > 0 && {
      codeFlows: [
        {
          threadFlows: [
            { locations: steps.map((step) => ({ location: { ...places.location(step.at), message: plainText(step.message) } })) },
          ],
        },
      ],
    }),
    ...(report.baseline && { baselineState: suppressed?.kind === 'external' ? 'unchanged' : 'new' }),
    ...(suppressed !== undefined && { suppressions: [{ ...suppressed, status: 'accepted' }] }),
    ...(fix !== undefined &&
      edits.length > 0 && { fixes: [{ description: plainText(fix.title), artifactChanges: changes(edits, places) }] }),
  };
}

interface Places {
  location(at: Span): { readonly physicalLocation: object };
  artifact(file: string): object;
}

function placesIn(inRepository: Look['inRepository']): Places {
  const artifact = (file: string) => ({ uri: pathSegments(inRepository(file)), uriBaseId: BASE });
  return { artifact, location: (at) => ({ physicalLocation: { artifactLocation: artifact(at.file), region: region(at) } }) };
}

function region({ line, column, endLine, endColumn }: Span) {
  return { startLine: line, startColumn: column, endLine, endColumn };
}

/** A viewer applies all changes of a fix, in one file after the other. */
function changes(edits: readonly Edit[], places: Places) {
  return [...new Set(edits.map(({ at }) => at.file))].map((file) => ({
    artifactLocation: places.artifact(file),
    replacements: edits
      .filter(({ at }) => at.file === file)
      .map(({ at, text }) => ({ deletedRegion: region(at), insertedContent: { text } })),
  }));
}

/** The rules that were loaded; a finding of anybody else is declared by what it says. */
function declared({ rules, violations }: Report): readonly RuleInfo[] {
  const known = new Set(rules.map(({ id }) => id));
  const others = new Map(violations.filter(({ ruleId }) => !known.has(ruleId)).map((violation) => [violation.ruleId, violation]));
  return [
    ...rules,
    ...[...others.values()].map(({ ruleId, severity }) => ({ id: ruleId, title: ruleId, why: '', remedy: '', source: '', severity })),
  ];
}

function descriptor({ id, title, why, remedy, source, severity }: RuleInfo) {
  const paragraphs = [
    ['Why', why],
    ['What to do', remedy],
    ['Source', source],
  ].filter(([, text]) => text !== '');
  return {
    id,
    name: pascalCase(id),
    shortDescription: { text: title },
    ...(why === '' ? {} : { fullDescription: { text: why } }),
    help: {
      text: [title, ...paragraphs.map(([label, text]) => `${label}: ${text}`)].join('\n\n'),
      markdown: [prose(title), ...paragraphs.map(([label = '', text = '']) => `**${label}.** ${prose(text)}`)].join('\n\n'),
    },
    defaultConfiguration: { enabled: severity !== 'off', level: LEVEL[severity] },
    properties: { tags: ['domain-driven-design', 'aggregate'] },
  };
}

function loudest(violations: readonly Found[]): readonly Found[] {
  const rank = ({ severity, suppressed }: Found): number => LOUDEST.indexOf(severity) + (suppressed === undefined ? 0 : LOUDEST.length);
  const kept = new Set([...violations].sort((one, other) => rank(one) - rank(other)).slice(0, RESULTS));
  return violations.filter((violation) => kept.has(violation));
}

function leftOut(total: number): string {
  return `${counted(total, 'finding')}, of which ${counted(RESULTS, 'result')} are listed, the most severe first: code scanning shows no more.`;
}

function notification(level: 'warning' | 'note', text: string) {
  return { level, message: { text } };
}

/** Even plain text may hold links in SARIF: `[text](target)`. Ours has none. */
function plainText(text: string): { readonly text: string } {
  return { text: text.replace(/\[(?=[^\]]*\]\()/g, '\\[') };
}

function pascalCase(id: string): string {
  return id.replace(/(?:^|[^A-Za-z0-9]+)([A-Za-z0-9])/g, (_, letter: string) => letter.toUpperCase());
}
