/** What nobody means by "the source": matched against names below the directory that was named, never above it. */

const DIRECTORIES = new Set([
  ...['node_modules', 'bower_components', 'jspm_packages', 'dist'],
  ...['generated', '__generated__'],
  ...['__tests__', '__mocks__', '__fixtures__', 'test', 'tests', 'e2e', 'integration-tests', 'cypress', 'fixtures'],
  ...['migration', 'migrations', 'seeds', 'seeders'],
]);

/**
 * Build output only where a package is built: `ports/out` is half of every hexagonal architecture,
 * and an insurer's domain has a `coverage`.
 */
const BESIDE_A_PACKAGE = new Set(['build', 'out', 'coverage']);

const FILES =
  /\.(?:(?:[\w-]+-)?(?:test|spec|e2e|unit|int|integration|acceptance|functional)|e2e-[\w-]+|stories|fixture|mock|generated|gen)\.[cm]?tsx?$/i;

export function isLeftOutDirectory(name: string, besidePackage: boolean): boolean {
  return name.startsWith('.') || name.endsWith('-e2e') || DIRECTORIES.has(name) || (besidePackage && BESIDE_A_PACKAGE.has(name));
}

export function isLeftOutFile(name: string): boolean {
  return name.startsWith('.') || FILES.test(name);
}
