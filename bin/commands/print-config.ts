import path from 'node:path';
import { configFor as settled } from '../../src/doctor/print-config.js';
import type { ConfiguredOptions } from '../options.js';
import { configFor, directoryOf } from '../settings.js';

/** `true` where no file is named: what holds in the working directory. */
export async function run(file: string | true, options: ConfiguredOptions): Promise<void> {
  const cwd = directoryOf(options);
  const shown = await settled(file === true ? undefined : path.resolve(cwd, file), cwd, await configFor(options));
  process.stdout.write(`${JSON.stringify(shown, undefined, 2)}\n`);
}
