import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    // Many tests start aggro as a user does.
    testTimeout: 60_000,
    // Whoever runs the tests, a coding agent included, and wherever: what aggro prints does not depend on it.
    env: { AGGRO_FORMAT: 'text', COLUMNS: '' },
  },
});
