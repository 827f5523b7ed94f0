// `npm run torture -- [--seed N] [--edits N] [DIR…]`: the long form of what every run of the tests does in short, or any code that lies in the directories.
import { spawnSync } from 'node:child_process';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { anyCode } from './any-code.mjs';
import { soak } from './soak.mjs';

const root = path.join(import.meta.dirname, '..');
const { values, positionals } = parseArgs({ allowPositionals: true, options: { seed: { type: 'string' }, runs: { type: 'string', default: '1500' }, edits: { type: 'string', default: '2000' } } });
const seed = values.seed ?? String(Math.floor(Math.random() * 2 ** 31));
let failures = 0;

process.stdout.write(`seed ${seed}\n`);
const env = { ...process.env, AGGRO_SEED: seed, AGGRO_FUZZ: values.runs, AGGRO_KILLS: '200', AGGRO_LONG: '1', AGGRO_GITIGNORES: '1000' };
const tests = ['test/fuzz.test.ts', 'test/fix/faults.test.ts', 'test/adoption.test.ts', 'test/robustness.test.ts', 'test/cache.test.ts', 'test/project/gitignore.test.ts'];
if (positionals.length === 0 && spawnSync('npx', ['vitest', 'run', '--testTimeout=3600000', ...tests], { cwd: root, stdio: 'inherit', env }).status !== 0) failures++;

if (positionals.length === 0 && !(await soak({ edits: Number(values.edits), seed }))) failures++;

for (const directory of positionals) if (!(await anyCode(path.resolve(directory)))) failures++;

process.stdout.write(failures === 0 ? 'none failed\n' : `${failures} failed\n`);
process.exitCode = failures === 0 ? 0 : 1;
