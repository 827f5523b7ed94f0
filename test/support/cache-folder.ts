import { rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Runs that tests start keep what they know where no user's runs do, and leave nothing. */
export default function setup(): () => void {
  return () => rmSync(join(tmpdir(), 'aggro-tests'), { recursive: true, force: true });
}
