import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';
import { FIXTURES } from './support/fixtures.js';

const run = promisify(execFile);
const tsc = fileURLToPath(new URL('../node_modules/typescript/bin/tsc', import.meta.url));

/** What the compiler complains about; nothing for a project that is fine. */
const complaints = (project: string): Promise<string> =>
  run(process.execPath, [tsc, '-p', project, '--pretty', 'false']).then(
    ({ stdout }) => stdout,
    (error: { stdout: string }) => error.stdout,
  );

describe('fixtures compile', () => {
  it.each(['tsconfig.fixtures.json', 'shop/tsconfig.json', 'clean-shop/tsconfig.json'])(
    '%s',
    async (project) => {
      expect(await complaints(join(FIXTURES, project))).toBe('');
    },
    60_000,
  );
});
