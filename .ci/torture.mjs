// `npm run torture -- [--seed N] [DIR…]`: the long form of what every run of the tests does in short, and any code that lies in the directories.
import { spawnSync } from 'node:child_process';
import path from 'node:path';
import { parseArgs } from 'node:util';

const root = path.join(import.meta.dirname, '..');
const { values, positionals } = parseArgs({ allowPositionals: true, options: { seed: { type: 'string' }, runs: { type: 'string', default: '1500' } } });
const seed = values.seed ?? String(Math.floor(Math.random() * 2 ** 31));
let failures = 0;

process.stdout.write(`seed ${seed}\n`);
const env = { ...process.env, AGGRO_SEED: seed, AGGRO_FUZZ: values.runs, AGGRO_KILLS: '200', AGGRO_LONG: '1' };
const tests = ['test/fuzz.test.ts', 'test/fix/faults.test.ts', 'test/adoption.test.ts', 'test/robustness.test.ts', 'test/cache.test.ts'];
if (positionals.length === 0 && spawnSync('npx', ['vitest', 'run', '--testTimeout=3600000', ...tests], { cwd: root, stdio: 'inherit', env }).status !== 0) failures++;

for (const directory of positionals) {
  const started = performance.now();
  const options = ['--no-cache', '--allow-empty', '--exit-zero', '--preset', 'all', '-f', 'json'];
  const { status, signal, stdout, stderr } = spawnSync(process.execPath, [path.join(root, 'dist/bin/aggro.js'), 'lint', '.', ...options], {
    cwd: directory,
    encoding: 'utf8',
    maxBuffer: 2 ** 30,
    timeout: 600_000,
  });
  const seconds = ((performance.now() - started) / 1000).toFixed(1);
  const isWell = status === 0 && !/internal error/.test(stderr);
  if (!isWell) failures++;
  const { files = 0 } = isWell ? JSON.parse(stdout).summary : {};
  const unparsed = stderr.split('\n').filter((line) => / does not parse /.test(line)).length;
  process.stdout.write(`${isWell ? 'well' : `FAILED (${status ?? signal})`}  ${path.basename(directory)}: ${files} files, ${unparsed} told not to parse, ${seconds} s\n`);
  if (!isWell) process.stdout.write(`${stderr.slice(-2000)}\n`);
}
process.stdout.write(failures === 0 ? 'none failed\n' : `${failures} failed\n`);
process.exitCode = failures === 0 ? 0 : 1;
