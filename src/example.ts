import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';

export type ExampleKind = 'bad' | 'good';

/** What stands between `// #region example: bad` and `// #endregion` in the rule's fixture, as a reader wants to see it. */
export function exampleOf(ruleId: string, kind: ExampleKind, fixturesDir: string): string | undefined {
  const blocks = sourcesIn(path.join(fixturesDir, ruleId)).flatMap((file) => regionsOf(readFileSync(file, 'utf8'), kind));
  return blocks.length === 0 ? undefined : blocks.join('\n\n');
}

function sourcesIn(directory: string): string[] {
  if (!existsSync(directory)) return [];
  return readdirSync(directory, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && /\.[cm]?tsx?$/.test(entry.name))
    .map((entry) => path.join(entry.parentPath, entry.name))
    .sort();
}

function regionsOf(source: string, kind: ExampleKind): string[] {
  const regions: string[] = [];
  let open: string[] | undefined;
  for (const line of source.split(/\r?\n/)) {
    if (line.trim() === `// #region example: ${kind}`) open = [];
    else if (open && line.trim() === '// #endregion') {
      regions.push(quotation(open));
      open = undefined;
    } else open?.push(line);
  }
  return regions.filter((region) => region !== '');
}

function quotation(lines: readonly string[]): string {
  const kept = withoutImports(lines)
    .filter((line) => !isMarker(line))
    .map((line) => line.trimEnd());
  const indents = kept.filter((line) => line !== '').map((line) => line.length - line.trimStart().length);
  const indent = Math.min(...indents);
  return kept
    .map((line) => line.slice(indent))
    .join('\n')
    .replace(/\n{3,}/g, '\n\n')
    .replace(/^\n+|\n+$/g, '');
}

/** `//   ^^^^ error: rule-id`, an expectation of the test suite. */
function isMarker(line: string): boolean {
  return /^\s*\/\/\s*\^+/.test(line);
}

function withoutImports(lines: readonly string[]): string[] {
  let inside = false;
  return lines.filter((line) => {
    const starts = !inside && /^\s*import\s/.test(line);
    const part = inside || starts;
    if (part) inside = !/(?:from\s+|import\s+)['"][^'"]*['"];?\s*$/.test(line);
    return !part;
  });
}
