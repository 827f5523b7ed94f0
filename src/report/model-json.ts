import { inertJson } from './data.js';
import type { Report } from './report.js';

/** The domain model as it is: for people and tools that ask their own questions. */
export function modelJson(report: Report): string {
  return `${inertJson(report.model, 2)}\n`;
}
