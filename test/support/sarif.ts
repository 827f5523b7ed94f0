import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import type { ValidateFunction } from 'ajv';
import Draft04 from 'ajv-draft-04';
import addFormats from 'ajv-formats';

/** The official schema. It is written in an older draft than Ajv's own. */
export function sarifSchema(): ValidateFunction {
  const file = createRequire(import.meta.url).resolve('@microsoft/jest-sarif/lib/schemas/sarif-2.1.0-rtm.5.json');
  const ajv = new Draft04.default({ strict: false, allErrors: true, unicodeRegExp: false });
  addFormats.default(ajv);
  return ajv.compile(JSON.parse(readFileSync(file, 'utf8')));
}

interface Region {
  readonly startLine: number;
  readonly startColumn: number;
  readonly endLine: number;
  readonly endColumn: number;
}

export interface SarifFix {
  readonly artifactChanges: readonly {
    readonly artifactLocation: { readonly uri: string };
    readonly replacements: readonly { readonly deletedRegion: Region; readonly insertedContent: { readonly text: string } }[];
  }[];
}

/** Does what a viewer does with a fix: every replacement in its file, the last first; a file that is not there is empty. */
export function applyFix(root: string, { artifactChanges }: SarifFix): void {
  for (const { artifactLocation, replacements } of artifactChanges) {
    const file = join(root, decodeURIComponent(artifactLocation.uri));
    let text = textOf(file);
    for (const { deletedRegion, insertedContent } of replacements.toReversed()) {
      const [start, end] = offsets(text, deletedRegion);
      text = text.slice(0, start) + insertedContent.text + text.slice(end);
    }
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, text);
  }
}

/** Lines end with a line feed, and what is before it is in the line; columns are UTF-16 code units. */
function offsets(text: string, { startLine, startColumn, endLine, endColumn }: Region): [start: number, end: number] {
  const lines = text.split('\n');
  const at = (line: number, column: number): number => {
    const before = lines.slice(0, line - 1).reduce((sum, each) => sum + each.length + 1, 0);
    if (line > lines.length || column > (lines[line - 1] ?? '').length + 1) throw new Error(`there is no ${line}:${column}`);
    return before + column - 1;
  };
  return [at(startLine, startColumn), at(endLine, endColumn)];
}

function textOf(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return '';
  }
}
