import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    // Whoever runs the tests, a coding agent included: without this, what aggro prints depends on it.
    env: { AGGRO_FORMAT: 'text' },
  },
});
