import { columns } from './columns.js';
import { visible } from './layout.js';
import { type Paint, plain } from './paint.js';
import type { Timing } from './report.js';

/** Stages in their order, rules the slowest first. */
export function timingText({ stages, rules, work, anew }: Timing, paint: Paint = plain): string {
  const total = stages.reduce((sum, { ms }) => sum + ms, 0);
  const share = (ms: number): string => `${((100 * ms) / Math.max(total, 1)).toFixed(1)} %`;
  const slowest = [...rules].sort((one, other) => other.ms - one.ms);
  return [
    ...columns(
      ['stage', 'time', 'share'],
      [...stages, { name: 'total', ms: total }].map(({ name, ms }) => [name, inMs(ms), share(ms)]),
      paint.strong,
    ),
    ...(work ? ['', `${work.files} files, ${work.read} read, ${work.parsed} parsed: of the others the facts were kept`] : []),
    ...(anew ? [`made anew: ${visible(anew)}`] : []),
    ...(slowest.length === 0
      ? []
      : [
          '',
          ...columns(
            ['rule', 'time', 'share', 'findings'],
            slowest.map(({ id, ms, findings }) => [visible(id), inMs(ms), share(ms), String(findings)]),
            paint.strong,
          ),
          paint.faint('What a rule is the first to ask of the model is computed for it, and counts to it.'),
        ]),
  ].join('\n');
}

function inMs(ms: number): string {
  return `${ms.toFixed(1)} ms`;
}
