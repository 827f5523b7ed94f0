import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';
import type { ts as tsNamespace } from '@ts-morph/common';
import { requireLarge } from '../cache/code-cache.js';
import type { PARSER_NAMES } from './parser-names.js';

/** Lies beside the bundles once they are built: a tenth of the compiler, which loads in a sixth of the time. */
const CUT_OUT = fileURLToPath(new URL('./_parser.cjs', import.meta.url));

/** The compiler as far as it parses. */
export const ts = requireLarge(
  existsSync(CUT_OUT) ? CUT_OUT : createRequire(import.meta.url).resolve('@ts-morph/common/dist/typescript.js'),
) as Pick<typeof tsNamespace & Unpublished, (typeof PARSER_NAMES)[number]>;

interface Unpublished {
  readonly skipTrivia: (text: string, position: number) => number;
}

export type { ts as tsTypes } from '@ts-morph/common';
