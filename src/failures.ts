import type { Failure } from './report/report.js';

export function failureOf(stage: Failure['stage'], subject: string, error: unknown): Failure {
  return error instanceof Error
    ? { stage, subject, message: error.message, stack: error.stack }
    : { stage, subject, message: String(error) };
}
