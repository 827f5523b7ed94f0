// `npm run walk -- DIR…`: adopts aggro in a copy of each checkout and says what every step showed; the checkouts stay as they are.
import path from 'node:path';
import { holds, type Step, walk } from './adoption.js';

for (const directory of process.argv.slice(2)) {
  const from = performance.now();
  const { steps } = walk(path.resolve(directory));
  const failed = steps.filter((step) => !holds(step));
  console.log(
    `${path.basename(directory)}: ${steps.length - failed.length} of ${steps.length} steps (${((performance.now() - from) / 1000).toFixed(1)} s)`,
  );
  for (const step of steps) console.log(line(step));
  if (failed.length > 0) process.exitCode = 1;
}

function line(step: Step): string {
  const { what, command, expected, found } = step;
  return holds(step)
    ? `  ok    ${what} · ${command} · ${found}`
    : `  WRONG ${what} · ${command}\n        expected ${expected}\n        found    ${found}`;
}
