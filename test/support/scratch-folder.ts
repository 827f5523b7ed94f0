import { mkdirSync, rmSync } from 'node:fs';
import type { TestProject } from 'vitest/node';

/** Everything that tests make lies in one folder, and what they start keeps what it knows there, too. */
export default function setup({ config }: TestProject): () => void {
  const { AGGRO_SCRATCH: folder = '' } = config.env;
  mkdirSync(folder, { recursive: true });
  return () => rmSync(folder, { recursive: true, force: true });
}
