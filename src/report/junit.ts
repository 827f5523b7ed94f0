import { summaryOf } from './counts.js';
import { oneLine, placeOf } from './layout.js';
import { relatedInWords } from './related.js';
import type { Report, Violation } from './report.js';
import { byFile } from './tally.js';
import { element, textElement, xmlDocument } from './xml.js';

/** A suite for each file with findings, in which errors and warnings fail. A clean run is one test that passes: servers take none for a failure. */
export function junit(report: Report): string {
  const suites = byFile(report.violations);
  const time = (report.durationMs / 1000).toFixed(3);
  const failures = report.violations.filter(fails).length;
  const clean = element('testsuite', { name: 'aggro', tests: 1, failures: 0, errors: 0, time }, [
    element('testcase', { name: oneLine(summaryOf(report)), classname: 'aggro', time }),
  ]);
  return xmlDocument(
    element(
      'testsuites',
      { name: 'aggro', tests: Math.max(1, report.violations.length), failures, errors: 0, time },
      suites.length === 0 ? [clean] : suites.map(([file, violations]) => suite(file, violations)),
    ),
  );
}

function suite(file: string, violations: readonly Violation[]): string {
  const failures = violations.filter(fails).length;
  return element('testsuite', { name: file, tests: violations.length, failures, errors: 0 }, violations.map(testCase));
}

function testCase(violation: Violation): string {
  const { ruleId, symbol, at, severity, message } = violation;
  const lines = [`${placeOf(at)}: ${oneLine(message)}`, ...relatedInWords(violation)];
  const told = fails(violation)
    ? textElement('failure', { type: severity, message: oneLine(message) }, lines)
    : textElement('system-out', {}, lines);
  return element('testcase', { name: `${ruleId}: ${symbol}`, classname: at.file, file: at.file, line: at.line }, [told]);
}

function fails({ severity }: Violation): boolean {
  return severity !== 'info';
}
