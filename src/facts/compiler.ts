import { createRequire } from 'node:module';
import type { ts as tsNamespace } from '@ts-morph/common';

/** ts-morph's bundled compiler without ts-morph's wrappers: as CommonJS, which starts a good deal faster than as ESM. */
export const ts: typeof tsNamespace = createRequire(import.meta.url)('@ts-morph/common').ts;
export type { ts as tsTypes } from '@ts-morph/common';
