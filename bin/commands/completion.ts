import type { Command } from 'commander';
import { loadRules } from '../../src/load-rules.js';
import { bash } from '../completion/bash.js';
import { fish } from '../completion/fish.js';
import { spokenBy } from '../completion/spoken.js';
import { zsh } from '../completion/zsh.js';

const SHELLS = { bash, zsh, fish };

/** A script that knows commands, options, formats and rules; while it completes, aggro is not started. */
export async function run(shell: keyof typeof SHELLS, program: Command): Promise<void> {
  const ids = (await loadRules()).map(({ id }) => id);
  process.stdout.write(SHELLS[shell](spokenBy(program, ids)));
}
