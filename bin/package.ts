import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';

/** Where package.json, rules and fixtures lie: above `bin/` in the sources, above `dist/bin/` when built. */
export function packageRoot(): string {
  const here = import.meta.dirname;
  const above = path.dirname(here);
  return existsSync(path.join(above, 'package.json')) ? above : path.dirname(above);
}

export function fixturesDir(): string {
  return path.join(packageRoot(), 'fixtures');
}

export function version(): string {
  const manifest: unknown = JSON.parse(readFileSync(path.join(packageRoot(), 'package.json'), 'utf8'));
  const known = typeof manifest === 'object' && manifest !== null && 'version' in manifest ? manifest.version : undefined;
  return typeof known === 'string' ? known : '0.0.0';
}
