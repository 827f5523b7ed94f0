import { isAscii } from 'node:buffer';
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createRequire, Module } from 'node:module';
import path from 'node:path';
import { constants, Script } from 'node:vm';
import { codePlace, saveLater } from './code-place.js';
import { replaceFile } from './sealed.js';

/**
 * A large CommonJS file that requires nothing but built-in modules, compiled as it was the last time where code is kept. V8
 * trusts what it is given, hence the seal. Read as bytes, since Node decodes a file of megabytes three times as slowly as a buffer.
 */
export function requireLarge(file: string): unknown {
  const [opening = '', closing = ''] = Module.wrap('\0').split('\0');
  const bytes = Buffer.concat([Buffer.from(opening), readFileSync(file), Buffer.from(closing)]);
  const source = bytes.toString(isAscii(bytes) ? 'latin1' : 'utf8');
  const key = createHash('sha1').update(`${process.version} ${process.arch} ${source.length} ${file}`).digest('hex').slice(0, 16);
  const place = codePlace();
  const kept = place && path.join(place, `code-${key}.bin`);
  const cachedData = kept && unsealedCode(kept);
  const script = new Script(source, {
    filename: file,
    ...(cachedData && { cachedData }),
    importModuleDynamically: constants.USE_MAIN_CONTEXT_DEFAULT_LOADER,
  });
  if (kept && (!cachedData || script.cachedDataRejected)) {
    saveLater(() => {
      const code = script.createCachedData();
      replaceFile(kept, [sealOf(code), code]);
    });
  }
  const module = { exports: {} };
  script.runInThisContext().call(module.exports, module.exports, createRequire(file), module, file, path.dirname(file));
  return module.exports;
}

const SEAL_LENGTH = 20;

function unsealedCode(file: string): Buffer | undefined {
  try {
    const bytes = readFileSync(file);
    const code = bytes.subarray(SEAL_LENGTH);
    return sealOf(code).equals(bytes.subarray(0, SEAL_LENGTH)) ? code : undefined;
  } catch {
    return undefined;
  }
}

function sealOf(code: Buffer): Buffer {
  return createHash('sha1').update(code).digest();
}
