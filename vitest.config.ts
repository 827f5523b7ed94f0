import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    // Many tests start aggro as a user does.
    testTimeout: 60_000,
    // Whoever runs the tests, a coding agent included: without this, what aggro prints depends on it.
    env: { AGGRO_FORMAT: 'text' },
  },
});
