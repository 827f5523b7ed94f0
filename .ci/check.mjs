// `npm run check`: every step runs whatever the others say; the last line sums up, a failed step counts as one failure.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

const root = path.join(import.meta.dirname, '..');
const aside = mkdtempSync(path.join(tmpdir(), 'aggro-check-'));
const results = path.join(aside, 'tests.json');
const failed = [];

function step(name, command, ...args) {
  process.stdout.write(`\n── ${name}\n`);
  const { status, error } = spawnSync(command, args, { cwd: root, stdio: 'inherit', shell: false });
  if (error) process.stdout.write(`${error.message}\n`);
  if (status !== 0) failed.push(name);
  return status === 0;
}

const tool = (name, ...args) => ['npm', 'exec', '--offline', '--', name, ...args];

/** What `npm test` counted; nothing when it got nowhere. */
function tested() {
  try {
    const { numPassedTests, numFailedTests, numFailedTestSuites, success } = JSON.parse(readFileSync(results, 'utf8'));
    return { passed: numPassedTests, failed: Math.max(numFailedTests, success ? 0 : 1, numFailedTests === 0 ? numFailedTestSuites : 0) };
  } catch {
    return { passed: 0, failed: 1 };
  }
}

/** What is known against the production dependencies; where the registry has no advisories to offer, that is said and no failure. */
function audit() {
  process.stdout.write('\n── audit\n');
  const { stdout } = spawnSync('npm', ['audit', '--omit=dev', '--json'], { cwd: root, encoding: 'utf8', timeout: 60_000 });
  let vulnerabilities;
  try {
    ({ vulnerabilities } = JSON.parse(stdout));
  } catch {
    vulnerabilities = undefined;
  }
  if (vulnerabilities === undefined) return process.stdout.write('skipped: the registry offers no advisories, or cannot be reached\n');
  const known = Object.entries(vulnerabilities);
  for (const [name, { severity, via }] of known) process.stdout.write(`${name}: ${severity}: ${via.map((each) => each.title ?? each).join(', ')}\n`);
  process.stdout.write(`${known.length} known vulnerabilities in production dependencies\n`);
  if (known.length > 0) failed.push('audit');
}

const RUNS = /^(?:package\.json|config\.schema\.json|README\.md|LICENSE|CHANGELOG\.md|rules\/README\.md|dist\/(?:bin|src|rules)\/.+\.(?:js|d\.ts)|dist\/src\/_parser\.cjs|dist\/src\/report\/report\.schema\.json|fixtures\/(?:shop\/.+|[^/]+\/(?:catches|passes)-.+\.ts))$/;
const NEEDED = ['config.schema.json', 'dist/src/testing/index.js', 'dist/bin/aggro.js', 'dist/src/index.js', 'dist/src/_parser.cjs', 'dist/src/index.d.ts', 'dist/src/report/report.schema.json', 'LICENSE', 'README.md'];

/** The tarball: everything that runs, nothing else, below a megabyte as it is downloaded. */
function pack() {
  process.stdout.write('\n── pack\n');
  const { status, stdout, stderr } = spawnSync('npm', ['pack', '--json', '--ignore-scripts', '--pack-destination', aside], { cwd: root, encoding: 'utf8' });
  if (status !== 0) {
    process.stdout.write(stderr);
    failed.push('pack');
    return undefined;
  }
  const [{ filename, size, unpackedSize, files, entryCount }] = JSON.parse(stdout);
  const paths = files.map((file) => file.path);
  const complaints = [
    ...paths.filter((file) => !RUNS.test(file)).map((file) => `${file} does not belong in the package`),
    ...NEEDED.filter((file) => !paths.includes(file)).map((file) => `${file} is missing from the package`),
    ...(size >= 1_000_000 ? [`${size} bytes packed are a megabyte or more`] : []),
  ];
  process.stdout.write(`${entryCount} files, ${Math.round(size / 1000)} kB packed, ${Math.round(unpackedSize / 1000)} kB unpacked\n`);
  for (const complaint of complaints) process.stdout.write(`${complaint}\n`);
  if (complaints.length > 0) failed.push('pack');
  return path.join(aside, filename);
}

try {
  step('biome', ...tool('biome', 'check'));
  step('tsc', ...tool('tsc', '-p', 'tsconfig.json'));
  // Builds first: `pretest`.
  const testsPassed = step('npm test', 'npm', 'test', '--', '--reporter=default', '--reporter=json', `--outputFile.json=${results}`);
  const tests = tested();
  audit();
  const tarball = pack();
  if (tarball !== undefined) {
    step('packed', process.execPath, path.join(root, '.ci/packed.mjs'), tarball);
    step('publint', ...tool('publint', 'run', tarball, '--strict'));
    step('attw', ...tool('attw', tarball, '--profile', 'esm-only'));
  }
  const steps = failed.filter((name) => name !== 'npm test');
  const failures = steps.length + (testsPassed ? tests.failed : Math.max(tests.failed, 1));
  process.stdout.write(`\n${failed.length > 0 ? `failed: ${failed.join(', ')}\n` : ''}${tests.passed} passed, ${failures} failed\n`);
  process.exitCode = failures === 0 ? 0 : 1;
} finally {
  rmSync(aside, { recursive: true, force: true });
}
