import { tmpdir } from 'node:os';
import path from 'node:path';
import { defineConfig } from 'vitest/config';

/** All that the tests of one run make, and what the runs that they start keep: gone at its end. */
const scratch = path.join(tmpdir(), `aggro-tests-${process.pid}`);

export default defineConfig({
  test: {
    // Fixtures hold specs of their own: the ones of the code they show.
    include: ['test/**/*.test.ts'],
    exclude: ['test/tmp/**'],
    // Most of the time goes to processes that tests start: one core would wait for them.
    maxWorkers: '100%',
    // No test changes what a module keeps, and a third of the time went to loading the same modules for each file.
    isolate: false,
    // Many tests start aggro as a user does.
    testTimeout: 60_000,
    // Whoever runs the tests, a coding agent included, and wherever: what aggro prints does not depend on it.
    env: { AGGRO_FORMAT: 'text', COLUMNS: '', AGGRO_SCRATCH: scratch, XDG_CACHE_HOME: path.join(scratch, 'cache') },
    globalSetup: './test/support/scratch-folder.ts',
  },
});
