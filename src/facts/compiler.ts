import { createRequire } from 'node:module';
import type { ts as tsNamespace } from '@ts-morph/common';
import { requireLarge } from '../cache/code-cache.js';

const require = createRequire(import.meta.url);

/**
 * ts-morph's bundled compiler without ts-morph's wrappers and library texts: as CommonJS, and from its own file, which
 * starts a good deal faster than the package's entry.
 */
export const ts: typeof tsNamespace = compiler();
export type { ts as tsTypes } from '@ts-morph/common';

function compiler(): typeof tsNamespace {
  try {
    return requireLarge(require.resolve('@ts-morph/common/dist/typescript.js')) as typeof tsNamespace;
  } catch {
    return require('@ts-morph/common').ts;
  }
}
