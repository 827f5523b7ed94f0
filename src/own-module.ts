import path from 'node:path';
import { fileURLToPath } from 'node:url';

/** A module of this package, as source or built; lies in `src/` like the bundles do. */
export function ownModule(name: string): string {
  return fileURLToPath(new URL(`./${name}${path.extname(import.meta.url)}`, import.meta.url));
}
