import { spawnSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { Command } from './measure.js';
import type { Subject } from './subject.js';

/** What else a team runs over the same code. Only wall time compares: some of them are native, or start processes of their own. */
export const PEERS = ['TypeScript 7', 'dependency-cruiser', 'ESLint, type-checked', 'oxlint', 'knip'] as const;
export type Peer = (typeof PEERS)[number];

const PACKAGES = [
  'typescript-7@npm:typescript@7',
  'typescript@6',
  'dependency-cruiser@17',
  'eslint@10',
  'typescript-eslint@8',
  'oxlint@1',
  'knip@6',
];

/** Installs them, and says how each is run over a subject. */
export function peers(workshop: string): (subject: Subject) => Readonly<Record<Peer, Command>> {
  const home = path.join(workshop, 'peers');
  mkdirSync(home);
  writeFileSync(path.join(home, 'package.json'), '{ "private": true }');
  const { status, stderr } = spawnSync('npm', ['install', '--no-audit', '--no-fund', '--ignore-scripts', ...PACKAGES], {
    cwd: home,
    encoding: 'utf8',
  });
  if (status !== 0) throw new Error(`The peers were not installed\n${stderr}`);
  const installed = (file: string): string => path.join(home, 'node_modules', file);

  return ({ directory, tsconfig, name }) => {
    const eslint = path.join(home, `${name}.eslint.config.mjs`);
    writeFileSync(eslint, eslintConfig(installed('typescript-eslint/dist/index.js'), tsconfig));
    const command = (args: readonly string[]): Command => ({ name: args[0] ?? '', args, cwd: directory, accepts: [0, 1, 2] });
    return {
      'TypeScript 7': command([installed('typescript-7/bin/tsc'), '-p', tsconfig, '--skipLibCheck', 'false']),
      'dependency-cruiser': command([
        installed('dependency-cruiser/bin/dependency-cruise.mjs'),
        ...['--no-config', '--ts-config', tsconfig, '--ts-pre-compilation-deps', '--exclude', 'node_modules', '-T', 'err', '.'],
      ]),
      'ESLint, type-checked': command([installed('eslint/bin/eslint.js'), '--no-error-on-unmatched-pattern', '-c', eslint, '.']),
      oxlint: command([installed('oxlint/bin/oxlint'), '.']),
      knip: command([installed('knip/bin/knip.js'), '--no-exit-code']),
    };
  };
}

/** The recommended rules that want types, on the very files. */
function eslintConfig(plugin: string, tsconfig: string): string {
  return `import { readFileSync } from 'node:fs';
import plugin from ${JSON.stringify(plugin)};

const tsconfig = ${JSON.stringify(tsconfig)};
const { files } = JSON.parse(readFileSync(tsconfig, 'utf8'));

export default [
  {
    files: files.map((file) => file.slice(process.cwd().length + 1)),
    languageOptions: { parser: plugin.parser, parserOptions: { project: tsconfig } },
    plugins: { '@typescript-eslint': plugin.plugin },
    rules: Object.assign({}, ...plugin.configs.recommendedTypeChecked.map(({ rules }) => rules ?? {})),
  },
];
`;
}
