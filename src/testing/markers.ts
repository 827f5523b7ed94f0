/** An expectation written under the line it is about: `//   ^^^^^ error: rule-id`. */
export interface Marker {
  /** The line of code above the marker; lines and columns count from 1, the end column is exclusive. */
  readonly line: number;
  readonly column: number;
  readonly endColumn: number;
  readonly severity: 'error' | 'warning' | 'info';
  readonly ruleId: string;
}

const MARKER = /^(\s*\/\/\s*)(\^+) (error|warning|info): ([a-z][a-z0-9-]*)\s*$/;

/** The markers of a file. A line that carries carets and yet is no marker is a mistake in the fixture. */
export function markersIn(text: string): Marker[] {
  const markers: Marker[] = [];
  let line = 0;
  for (const [index, content] of text.split(/\r?\n/).entries()) {
    const match = MARKER.exec(content);
    if (!match) {
      if (/^\s*\/\/.*\^\^/.test(content)) throw new Error(`line ${index + 1} looks like a marker and is none: ${content.trim()}`);
      line = index + 1;
      continue;
    }
    const [, indent = '', carets = '', severity, ruleId = ''] = match;
    if (line === 0) throw new Error(`line ${index + 1}: a marker needs a line of code above it`);
    markers.push({
      line,
      column: indent.length + 1,
      endColumn: indent.length + 1 + carets.length,
      severity: severity as Marker['severity'],
      ruleId,
    });
  }
  return markers;
}
