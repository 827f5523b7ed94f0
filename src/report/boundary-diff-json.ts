import type { BoundaryDiff } from './boundary-diff.js';
import { inertJson } from './data.js';
import { SCHEMA_VERSION } from './json.js';

/** The difference as data. */
export function diffJson(diff: BoundaryDiff): string {
  return `${inertJson({ schemaVersion: SCHEMA_VERSION, ...diff }, 2)}\n`;
}
