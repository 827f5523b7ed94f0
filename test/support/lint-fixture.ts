import { join } from 'node:path';
import { DEFAULT_CONFIG } from '../../src/config.js';
import { lint } from '../../src/lint.js';
import { loadRules } from '../../src/load-rules.js';
import type { Report } from '../../src/report/report.js';
import { FIXTURES } from './fixtures.js';

/**
 * Lints one fixture on its own, the way a stranger would: the recommended rules, no configuration. A rule that is off by
 * default is on in its own folder; the well-designed shop and what the sources teach have to bear every rule.
 */
export async function lintFixture(fixture: string): Promise<Report> {
  const [folder] = fixture.split('/');
  const own = (await loadRules()).filter((rule) => rule.id === folder);
  return lint({
    cwd: join(FIXTURES, fixture),
    paths: ['.'],
    config: DEFAULT_CONFIG,
    preset: folder === 'clean-shop' || folder === 'sources' ? 'all' : 'recommended',
    severities: new Map(own.map((rule) => [rule.id, rule.severity])),
  });
}
