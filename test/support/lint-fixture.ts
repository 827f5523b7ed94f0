import { join } from 'node:path';
import { DEFAULT_CONFIG } from '../../src/config.js';
import { lint } from '../../src/lint.js';
import type { Report } from '../../src/report/report.js';
import { FIXTURES } from './fixtures.js';

/** Lints one fixture on its own, the way a stranger would: every rule, no configuration. */
export const lintFixture = async (fixture: string): Promise<Report> =>
  lint({ cwd: join(FIXTURES, fixture), paths: ['.'], config: DEFAULT_CONFIG, preset: 'all' });
