import { SaxesParser } from 'saxes';
import { describe, expect, it } from 'vitest';
import { boundaryDiff } from '../../src/report/boundary-diff.js';
import { diffJson } from '../../src/report/boundary-diff-json.js';
import { diffMarkdown } from '../../src/report/boundary-diff-markdown.js';
import { diffText } from '../../src/report/boundary-diff-text.js';
import { FORMAT_NAMES, type FormatName } from '../../src/report/format-names.js';
import { render } from '../../src/report/formats.js';
import { githubSummary } from '../../src/report/github-summary.js';
import type { Look } from '../../src/report/look.js';
import { modelJson } from '../../src/report/model-json.js';
import { statisticsText } from '../../src/report/statistics-text.js';
import { timingText } from '../../src/report/timing-text.js';
import { EVIL, HOSTILE, OBEYED } from './hostile.js';
import { LOOK } from './look.js';
import { CLEAN } from './shop.js';

const printed = (name: FormatName, look: Partial<Look> = {}): Promise<string> => render(name, HOSTILE, { ...LOOK, ...look });
const FILE = `src/${EVIL}/order-item.ts`;

describe('names, paths and messages that would be obeyed', () => {
  it.each(FORMAT_NAMES)('%s holds none of it', async (name) => {
    for (const look of [{}, { statistics: true, timing: true }, { group: 'file', quiet: true } as const])
      expect(await printed(name, look)).not.toMatch(OBEYED);
  });

  it('nor what stands beside the report', () => {
    const diff = boundaryDiff(EVIL, CLEAN, HOSTILE);
    expect(diff.aggregates.length).toBeGreaterThan(1);
    for (const text of [
      statisticsText(HOSTILE),
      timingText({ stages: [], rules: [{ id: EVIL, ms: 1, findings: 1 }] }),
      githubSummary(HOSTILE, { table: true }),
      diffText(diff, { width: 100 }),
      diffMarkdown(diff),
      diffJson(diff),
      modelJson(HOSTILE),
    ])
      expect(text).not.toMatch(OBEYED);
  });

  it.each(['compact', 'agent', 'jsonl'] as const)('%s stays a line for each finding', async (name) => {
    const lines = (await printed(name)).trimEnd().split('\n');
    expect(lines.length).toBe(HOSTILE.violations.length + (name === 'agent' ? 2 : 0));
    expect(lines.filter((line) => line.startsWith('::'))).toEqual([]);
  });

  it('JSON means what was there', async () => {
    expect(JSON.parse(await printed('json')).violations[0]).toMatchObject({ file: FILE, aggregate: EVIL, symbol: `${EVIL}.items` });
    const [line = ''] = (await printed('jsonl')).split('\n');
    expect(JSON.parse(line)).toMatchObject({ file: FILE });
    expect(JSON.parse(await printed('gitlab'))[0].location.path).toBe(FILE);
    const [diagnostic] = JSON.parse(await printed('rdjson')).diagnostics;
    expect(diagnostic.location.path).toBe(FILE);
  });

  it('in an address, a name is a name', async () => {
    const [result] = JSON.parse(await printed('sarif')).runs[0].results;
    const { uri } = result.locations[0].physicalLocation.artifactLocation;
    expect(uri).toMatch(/^src\/[\w%.!~*'()-]+\/order-item\.ts$/);
    expect(decodeURIComponent(uri)).toBe(FILE.replace('\ud800', '\ufffd'));
    expect(result.message.text).toContain('\\[text](0)');
  });

  it.each(['junit', 'checkstyle'] as const)('%s is well-formed, and its attributes are text', async (name) => {
    const names: string[] = [];
    const attributes: string[] = [];
    const parser = new SaxesParser();
    parser.on('error', (error) => expect.unreachable(error.message));
    parser.on('opentag', (tag) => {
      names.push(tag.name);
      attributes.push(...Object.values(tag.attributes));
    });
    parser.write(await printed(name)).close();
    expect([...new Set(names)].sort()).toEqual(
      name === 'junit' ? ['failure', 'testcase', 'testsuite', 'testsuites'] : ['checkstyle', 'error', 'file'],
    );
    expect(attributes.some((text) => text.includes(']]>-->') && text.includes('<script>&amp;"\''))).toBe(true);
  });

  it('a workflow obeys our commands alone', async () => {
    const many = Array.from({ length: 12 }, () => HOSTILE.violations).flat();
    const lines = (await render('github', { ...HOSTILE, violations: many }, LOOK)).trimEnd().split('\n');
    expect(lines.filter((line) => !/^(?:::(?:error|warning) file=|::(?:group|endgroup)::|error |warning |aggro: )/.test(line))).toEqual([]);
    expect(lines.filter((line) => line.includes('##['))).toEqual([]);
    const [, properties = '', data = ''] = /^::error (.*?)::(.*)$/.exec(lines[0] ?? '') ?? [];
    expect(properties.split(',').map((each) => each.split('=')[0])).toEqual(['file', 'line', 'endLine', 'col', 'endColumn', 'title']);
    expect(data).toContain('%250A%2525');
    expect(data).not.toMatch(/%0D|\n/);
  });

  it('a comment shows text: no markup, nobody mentioned, no broken cell', async () => {
    for (const text of [
      await printed('markdown'),
      githubSummary(HOSTILE, { table: true }),
      diffMarkdown(boundaryDiff(EVIL, CLEAN, HOSTILE)),
    ]) {
      const prose = withoutCode(text).replace('<!-- aggro -->', '');
      expect(prose.match(/<(?!\/?(?:details|summary|b|br)>)/g)).toBeNull();
      expect(prose).not.toMatch(/@team|-->/);
      // Inside markup, Markdown is not read.
      expect(prose.replace(/<summary>.*<\/summary>/g, '')).not.toMatch(/(?<!\\)\[text\]/);
    }
    const rows = (await printed('markdown')).split('\n').filter((line) => line.startsWith('|'));
    expect(rows.length).toBeGreaterThan(3);
    expect([...new Set(rows.map((row) => row.replaceAll('\\\\', '').match(/(?<!\\)\|/g)?.length))]).toEqual([11]);
  });
});

/** Spans of code as CommonMark finds them: a run of backticks up to the next of the same length; a backslash makes one text. */
function withoutCode(text: string): string {
  return text
    .replace(/<code>.*?<\/code>/g, '')
    .replace(/\\[\s\S]|(?<!`)(`+)(?!`)[\s\S]*?(?<!`)\1(?!`)/g, (whole, fence: string | undefined) => (fence === undefined ? whole : ''));
}
