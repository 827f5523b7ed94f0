import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import type { Violation } from '../report/report.js';
import { type Marker, markersIn } from './markers.js';

/** Every marker below a directory that is not met, and every finding without one: exact both ways. */
export function unmet(directory: string, violations: readonly Pick<Violation, 'at' | 'severity' | 'ruleId' | 'message'>[]): string[] {
  const expected = expectationsIn(directory);
  const complaints: string[] = [];
  for (const { at, severity, ruleId, message } of violations) {
    const key = keyOf(at.file, { ...at, severity, ruleId });
    if (!expected.delete(key)) complaints.push(`unexpected  ${key}\n            ${message}`);
  }
  for (const [key, code] of expected) complaints.push(`missing     ${key}\n            ${code}`);
  return complaints.sort();
}

/** What the markers below a directory expect, with the code that each stands under. */
export function expectationsIn(directory: string): Map<string, string> {
  const expected = new Map<string, string>();
  for (const file of sourcesIn(directory)) {
    const text = readFileSync(path.join(directory, file), 'utf8');
    const lines = text.split(/\r?\n/);
    for (const marker of markersIn(text)) expected.set(keyOf(file, marker), lines[marker.line - 1]?.trim() ?? '');
  }
  return expected;
}

/** Place, rule and severity: what a marker and a finding must agree on. */
function keyOf(file: string, { line, column, endColumn, severity, ruleId }: Marker): string {
  return `${file}:${line}:${column}-${endColumn} ${severity}: ${ruleId}`;
}

function sourcesIn(directory: string): string[] {
  return readdirSync(directory, { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile() && /\.[cm]?tsx?$/.test(entry.name))
    .map((entry) => path.relative(directory, path.join(entry.parentPath, entry.name)).split(path.sep).join('/'))
    .filter((file) => !file.includes('node_modules/'))
    .sort();
}
