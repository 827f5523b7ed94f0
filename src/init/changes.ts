import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import type { UserConfig } from '../define-config.js';
import { isRecord } from '../project/repository.js';
import { type HookTool, LEFTHOOK_FILES, LINT_STAGED_FILES, type PackageManager, type Surroundings } from './inspect.js';

/** A file that would be written. */
export interface Change {
  /** Relative to the working directory. */
  readonly file: string;
  readonly what: string;
  /** As it is; nothing where it is new. */
  readonly before?: string;
  readonly after: string;
  readonly executable?: true;
}

/** A step that cannot be made, or need not. */
export interface Skipped {
  readonly why: string;
}

export type Step = Change | Skipped;

export function isChange(step: Step): step is Change {
  return 'after' in step;
}

const COMMAND = 'aggro lint --staged --no-table';
const SOURCES = '*.{ts,tsx,mts,cts}';

export function configFile(config: UserConfig, format: 'json' | 'ts', { cwd }: Surroundings): Change {
  const text = JSON.stringify(config, undefined, 2);
  const what = 'the configuration';
  if (format === 'json') {
    const withSchema = { $schema: './node_modules/aggro/config.schema.json', ...config };
    return at(cwd, 'aggro.config.json', what, `${JSON.stringify(withSchema, undefined, 2)}\n`);
  }
  const literal = text.replaceAll(/^(\s*)"([A-Za-z_$][\w$]*)":/gm, '$1$2:').replaceAll(/"((?:[^"\\'])*)"/g, "'$1'");
  return at(cwd, 'aggro.config.ts', what, `import { defineConfig } from 'aggro';\n\nexport default defineConfig(${literal});\n`);
}

/** The text is kept as it is but for one line. */
export function packageScript({ cwd, manifest }: Surroundings): Step {
  if (manifest === undefined) return { why: 'There is no package.json for a script.' };
  const parsed: unknown = JSON.parse(manifest);
  const scripts = isRecord(parsed) && isRecord(parsed.scripts) ? parsed.scripts : undefined;
  if (scripts && 'aggro' in scripts) return { why: 'package.json has a script aggro already.' };
  const line = `"aggro": "aggro lint"`;
  const indent = /\n([ \t]+)"/.exec(manifest)?.[1] ?? '  ';
  const after = scripts
    ? manifest.replace(/("scripts"\s*:\s*\{)(\s*)(\}?)/, (_, open: string, space: string, close: string) =>
        close
          ? `${open}\n${indent}${indent}${line}\n${indent}}`
          : `${open}\n${indent}${indent}${line},${space.includes('\n') ? space : ` ${space}`}`,
      )
    : manifest.replace(/\{(\s*)/, (_, space: string) => `{\n${indent}"scripts": {\n${indent}${indent}${line}\n${indent}},${space || '\n'}`);
  return at(cwd, 'package.json', 'a script: aggro', after);
}

export function workflow({ cwd, packageManager }: Surroundings): Step {
  const file = '.github/workflows/aggro.yml';
  if (existsSync(path.join(cwd, file))) return { why: `${file} is there already.` };
  const { install, run, setup } = CI[packageManager];
  return at(
    cwd,
    file,
    'a GitHub workflow',
    `name: aggro
on:
  push:
    branches: [main, master]
  pull_request:
permissions:
  contents: read
jobs:
  aggro:
    runs-on: ubuntu-latest
    steps:
      - uses: actions/checkout@v4
${setup}      - run: ${install}
      - run: ${run} aggro lint -f github
`,
  );
}

const NODE = (cache?: string) =>
  `      - uses: actions/setup-node@v4\n        with:\n          node-version: 22\n${cache === undefined ? '' : `          cache: ${cache}\n`}`;

/** What is not installed is not fetched: somebody else may have published under the name. */
const CI: Readonly<Record<PackageManager, { readonly install: string; readonly run: string; readonly setup: string }>> = {
  npm: { install: 'npm ci', run: 'npx --no', setup: NODE('npm') },
  pnpm: { install: 'pnpm install --frozen-lockfile', run: 'pnpm exec', setup: `      - uses: pnpm/action-setup@v4\n${NODE('pnpm')}` },
  yarn: { install: 'yarn install --frozen-lockfile', run: 'yarn', setup: NODE('yarn') },
  bun: { install: 'bun install --frozen-lockfile', run: 'bunx --no-install', setup: '      - uses: oven-sh/setup-bun@v2\n' },
};

export function commitHook(surroundings: Surroundings): Step {
  const { hookTool } = surroundings;
  if (hookTool === undefined) return { why: 'No husky, lefthook, lint-staged or pre-commit is set up here.' };
  return HOOKS[hookTool](surroundings);
}

const HOOKS: Readonly<Record<HookTool, (surroundings: Surroundings) => Step>> = {
  husky: ({ cwd, packageManager, manifest = '{}' }) => {
    const parsed: unknown = JSON.parse(manifest);
    if (isRecord(parsed) && isRecord(parsed.husky) && isRecord(parsed.husky.hooks))
      return { why: `husky is set up in package.json, as its version 4 wants it; add there: "pre-commit": "${COMMAND}".` };
    const before = textIn(cwd, '.husky/pre-commit');
    if (before?.includes('aggro')) return { why: '.husky/pre-commit runs aggro already.' };
    const text = before === undefined || before.endsWith('\n') || before === '' ? (before ?? '') : `${before}\n`;
    return { ...at(cwd, '.husky/pre-commit', 'a commit hook of husky', `${text}${CI[packageManager].run} ${COMMAND}\n`), executable: true };
  },
  lefthook: ({ cwd, packageManager }) => {
    const file = LEFTHOOK_FILES.find((name) => existsSync(path.join(cwd, name))) ?? 'lefthook.yml';
    return inYaml(cwd, file, 'a commit hook of lefthook', (document) => {
      const hook = { glob: SOURCES, run: `${CI[packageManager].run} ${COMMAND}` };
      if (document.hasIn(['pre-commit', 'jobs'])) document.addIn(['pre-commit', 'jobs'], document.createNode({ name: 'aggro', ...hook }));
      else document.setIn(['pre-commit', 'commands', 'aggro'], document.createNode(hook));
    });
  },
  'pre-commit': ({ cwd, packageManager }) =>
    inYaml(cwd, '.pre-commit-config.yaml', 'a hook of pre-commit', (document) => {
      const hook = {
        id: 'aggro',
        name: 'aggro',
        entry: `${CI[packageManager].run} ${COMMAND}`,
        language: 'system',
        types_or: ['ts', 'tsx'],
        pass_filenames: false,
      };
      const local = document.createNode({ repo: 'local', hooks: [hook] });
      if (document.hasIn(['repos'])) document.addIn(['repos'], local);
      else document.setIn(['repos'], document.createNode([local]));
    }),
  'lint-staged': ({ cwd, manifest }) => {
    const own = LINT_STAGED_FILES.find((name) => textIn(cwd, name)?.trimStart().startsWith('{'));
    const file = own ?? 'package.json';
    const before = own === undefined ? manifest : textIn(cwd, own);
    const parsed: unknown = before === undefined ? undefined : JSON.parse(before);
    const settings = isRecord(parsed) ? (own === undefined ? parsed['lint-staged'] : parsed) : undefined;
    if (!isRecord(settings)) return { why: `lint-staged is set up in code; add there '${SOURCES}': () => '${COMMAND}'.` };
    if (JSON.stringify(settings).includes('aggro')) return { why: `lint-staged runs aggro already (${file}).` };
    const present = settings[SOURCES];
    // All of the program is read, whatever files are staged: their names are not handed on.
    const added = { ...settings, [SOURCES]: [...(present === undefined ? [] : [present].flat()), `sh -c '${COMMAND}'`] };
    const indent = /\n([ \t]+)"/.exec(before ?? '')?.[1] ?? '  ';
    const whole = own === undefined ? { ...(isRecord(parsed) ? parsed : {}), 'lint-staged': added } : added;
    return at(cwd, file, 'a commit hook of lint-staged', `${JSON.stringify(whole, undefined, indent)}\n`);
  },
};

type YamlDocument = ReturnType<typeof import('yaml')['parseDocument']>;

function inYaml(cwd: string, file: string, what: string, edit: (document: YamlDocument) => void): Step {
  const { parseDocument }: typeof import('yaml') = createRequire(import.meta.url)('yaml');
  const before = textIn(cwd, file) ?? '';
  if (/\baggro\b/.test(before)) return { why: `${file} runs aggro already.` };
  const document = parseDocument(before);
  if (document.errors.length > 0) return { why: `${file} is no YAML that can be added to.` };
  edit(document);
  return at(cwd, file, what, document.toString({ lineWidth: 0 }));
}

function at(cwd: string, file: string, what: string, after: string): Change {
  const before = textIn(cwd, file);
  return { file, what, ...(before === undefined ? {} : { before }), after };
}

/** Two steps may change one file: the later goes on from what the earlier leaves. */
export function afterwards(surroundings: Surroundings, step: Step): Surroundings {
  return isChange(step) && step.file === 'package.json' ? { ...surroundings, manifest: step.after } : surroundings;
}

function textIn(cwd: string, file: string): string | undefined {
  try {
    return readFileSync(path.join(cwd, file), 'utf8');
  } catch {
    return undefined;
  }
}
