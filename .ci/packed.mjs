// `node .ci/packed.mjs TARBALL`: an empty project in which nothing but the tarball and its production dependencies is installed.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

const root = path.join(import.meta.dirname, '..');
const [tarball] = process.argv.slice(2);
const project = mkdtempSync(path.join(tmpdir(), 'aggro-packed-'));
const at = (...parts) => path.join(project, ...parts);

const CONSUMER = `import { analyze, defineConfig, defineRule, lint, type Report, type Violation } from 'aggro';
import { testRule } from 'aggro/testing';

export const config = defineConfig({ preset: 'all', rules: { 'one-repo-per-root': 'warn', 'small-aggregates': ['error', { maxEntities: 3 }] } });
// @ts-expect-error a rule that is shipped has these options and no others
defineConfig({ rules: { 'small-aggregates': ['error', { maxEntitys: 3 }] } });
export const rule = defineRule({
  id: 'short-names', title: 'Short names', why: 'They are read often.', remedy: 'Shorten it.', source: 'us', severity: 'warning', preset: 'recommended',
  *check(model) {
    for (const { name, at } of model.aggregates) if (name.length > 9) yield { at, symbol: name, message: name };
  },
});
export const test: unknown = testRule;
const report: Report = await lint({ cwd: process.cwd(), config: { rules: { 'immutable-identity': 'error' } } });
const found: readonly Violation[] = report.violations;
const { model } = await analyze();
console.log(JSON.stringify([found.map(({ ruleId, symbol }) => ruleId + ' ' + symbol), model.aggregates.map(({ name }) => name)]));
`;

const SHELF = '/** @aggregateRoot */\nexport class Shelf {\n  constructor(public id: string) {}\n\n  name(): string {\n    return this.id;\n  }\n}\n';

let failures = 0;

function expectRun(what, [command, ...args], status, pattern) {
  const run = spawnSync(command, args, { cwd: project, encoding: 'utf8', env: { ...process.env, NO_COLOR: '1', AGGRO_FORMAT: 'text' } });
  const said = `${run.stdout}${run.stderr}`;
  const isRight = run.status === status && pattern.test(said);
  if (!isRight) failures++;
  process.stdout.write(isRight ? `${what}: ok\n` : `${what}: exit ${run.status} instead of ${status}, or not ${pattern}:\n${said}\n`);
}

try {
  mkdirSync(at('node_modules/aggro'), { recursive: true });
  mkdirSync(at('node_modules/.bin'));
  spawnSync('tar', ['-xzf', tarball, '--strip-components=1', '-C', at('node_modules/aggro')]);
  const { packages } = JSON.parse(readFileSync(path.join(root, 'package-lock.json'), 'utf8'));
  for (const [place, { dev, optional }] of Object.entries(packages)) {
    if (place === '' || dev || /node_modules\/.*node_modules\//.test(place) || (optional && !existsSync(path.join(root, place)))) continue;
    mkdirSync(path.dirname(at(place)), { recursive: true });
    symlinkSync(path.join(root, place), at(place));
  }
  const { bin } = JSON.parse(readFileSync(at('node_modules/aggro/package.json'), 'utf8'));
  symlinkSync(path.join('../aggro', bin.aggro), at('node_modules/.bin/aggro'));
  writeFileSync(at('package.json'), '{ "name": "empty", "type": "module", "private": true }\n');
  writeFileSync(at('shelf.ts'), SHELF);

  expectRun('npx aggro --version', ['npx', '--no-install', 'aggro', '--version'], 0, /^\d+\.\d+\.\d+/);
  expectRun('npx aggro', ['npx', '--no-install', 'aggro'], 1, /immutable-identity/);
  expectRun('npx aggro explain', ['npx', '--no-install', 'aggro', 'explain', 'one-repo-per-root'], 0, /one-repo-per-root/);
  expectRun('npx aggro --fix', ['npx', '--no-install', 'aggro', '--fix'], 0, /Fixed 1 finding/);
  writeFileSync(at('shelf.ts'), SHELF);
  writeFileSync(at('consumer.mts'), CONSUMER);
  const tsc = [process.execPath, path.join(root, 'node_modules/typescript/lib/tsc.js')];
  const options = ['--strict', '--module', 'nodenext', '--target', 'es2022', '--types', path.join(root, 'node_modules/@types/node'), '--outDir', 'out'];
  expectRun('its types', [...tsc, ...options, 'consumer.mts'], 0, /^$/);
  expectRun('its functions', [process.execPath, 'out/consumer.mjs'], 0, /^\[\["immutable-identity Shelf\.id"\],\["Shelf"\]\]$/m);
} finally {
  rmSync(project, { recursive: true, force: true });
}
process.exitCode = failures === 0 ? 0 : 1;
