import { mkdirSync, symlinkSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { repository } from './projects.js';
import { AGGRO } from './scratch.js';

const require = createRequire(import.meta.url);
const os = process.platform === 'win32' ? 'windows' : process.platform;

/** What an installation links into `node_modules/.bin`. */
const COMMANDS = {
  aggro: AGGRO,
  husky: path.join(path.dirname(require.resolve('husky')), 'bin.js'),
  'lint-staged': path.join(path.dirname(require.resolve('lint-staged')), '../bin/lint-staged.js'),
  turbo: require.resolve('turbo'),
  // Its own package has a postinstall that would set up hooks in this repository.
  lefthook: createRequire(require.resolve('lefthook-binary/package.json')).resolve(`lefthook-${os}-${process.arch}/bin/lefthook`),
};

/** A repository in which aggro and the tools of the recipes are installed. */
export function installed(files: Readonly<Record<string, string>>): string {
  const folder = repository({ 'package.json': '{ "name": "acme" }', '.gitignore': 'node_modules\n.turbo\n.aggro\n*.sarif\n', ...files });
  const bin = path.join(folder, 'node_modules/.bin');
  mkdirSync(bin, { recursive: true });
  for (const [name, file] of Object.entries(COMMANDS)) symlinkSync(file, path.join(bin, name));
  return folder;
}
