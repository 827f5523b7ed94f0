import { readFileSync } from 'node:fs';

/** The package's own; found from the sources and from `dist` alike. */
export const version: string = ['../package.json', '../../package.json'].flatMap(versionIn)[0] ?? '0.0.0';

function versionIn(relative: string): string[] {
  try {
    const manifest: { name?: string; version?: string } = JSON.parse(readFileSync(new URL(relative, import.meta.url), 'utf8'));
    return manifest.name === 'aggro' && manifest.version ? [manifest.version] : [];
  } catch {
    return [];
  }
}
