import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { knots, type OwnImport, ownImports, ownSources, ROOT } from './support/own-imports.js';

/**
 * The import law, read from the project's own source. `may` lists all that a place may import: files (a trailing `/` means
 * everything below), packages, `node:…`. `type` before a target allows its types alone, `later` allows it by `import()` only.
 */
const LAW: readonly { readonly place: string; readonly may: readonly string[]; readonly why: string }[] = [
  { place: 'src/model/domain-model.ts', may: [], why: 'the vocabulary depends on nothing' },
  { place: 'src/define-config.ts', may: ['type src/rule-settings.ts'], why: 'users load this file with their configuration' },
  { place: 'src/rule-settings.ts', may: [], why: 'the build writes its declarations anew' },
  { place: 'src/facts/facts.ts', may: [], why: 'facts are plain data, whatever parser makes them' },
  { place: 'src/wording.ts', may: [], why: 'words for lists, of rules and of anybody' },
  { place: 'src/change.ts', may: ['type src/model/domain-model.ts'], why: 'a fix is data about places in the model' },
  {
    place: 'src/rule.ts',
    may: ['type src/model/domain-model.ts', 'type src/change.ts'],
    why: 'the contract speaks of the model, and of what mends it',
  },
  {
    place: 'rules/',
    may: ['src/rule.ts', 'src/wording.ts', 'type src/model/domain-model.ts'],
    why: 'a rule asks the model: no parser, no file system, no other rule',
  },
  {
    place: 'src/report/',
    may: ['src/report/', 'type src/model/domain-model.ts', 'type src/change.ts'],
    why: 'output reads the report',
  },
  { place: 'src/report/lookup.ts', may: ['src/errors.ts', 'src/did-you-mean.ts'], why: 'a name that is nowhere is a mistake of the user' },
  { place: 'src/report/layout.ts', may: ['fast-string-width'], why: 'columns' },
  { place: 'src/report/format-names.ts', may: [], why: 'the command line names the formats without loading one' },
  { place: 'src/report/palette.ts', may: ['chalk'], why: 'the one coloured output' },
  {
    place: 'src/facts/',
    may: ['src/facts/', '@ts-morph/common', 'node:module'],
    why: 'one file in, facts out: nothing of another file',
  },
  { place: 'src/facts/compiler.ts', may: ['src/cache/code-cache.ts'], why: 'the largest module there is, compiled once for many runs' },
  {
    place: 'src/facts/parser.ts',
    may: ['src/cache/code-cache.ts', 'node:'],
    why: 'the part of the compiler that the build cut out, if it is there',
  },
  {
    place: 'src/cache/',
    may: ['src/cache/', 'src/on-disk.ts', 'type src/facts/facts.ts', 'node:'],
    why: 'what earlier runs know: asked before anything else is loaded',
  },
  { place: 'src/cache/artefact.ts', may: ['src/errors.ts'], why: 'who hands in an artefact that is none is told so' },
  {
    place: 'src/facts/prisma-schema.ts',
    may: ['@mrleebo/prisma-ast'],
    why: 'a Prisma schema is source too; its parser is required when the first one is read',
  },
  { place: 'src/facts/checker.ts', may: ['later ts-morph'], why: 'the full checker is loaded for --types full alone' },
  {
    place: 'src/model/',
    may: ['src/model/', 'type src/facts/facts.ts'],
    why: 'facts become a model: no parser, no file system',
  },
  {
    place: 'src/project/',
    may: [
      'src/project/',
      'src/on-disk.ts',
      'src/errors.ts',
      'type src/config.ts',
      'node:fs',
      'node:path',
      'node:module',
      'picomatch',
      'tinyglobby',
    ],
    why: 'finds files, knows nothing of what they say',
  },
  {
    place: 'src/project/at-ref.ts',
    may: ['node:child_process', 'node:os'],
    why: 'git knows the files of another state, and they are put aside to be read',
  },
  {
    place: 'src/fix/',
    may: ['src/', 'node:', 'later ts-morph'],
    why: 'the other reader of syntax: a compiler with types, loaded where there is something to mend',
  },
  { place: 'src/fix/diff.ts', may: ['diff'], why: 'loaded when a diff is shown' },
  { place: 'src/fix/edits.ts', may: ['diff'], why: 'loaded when fixes are reported' },
  {
    place: 'src/',
    may: ['src/', 'node:', 'fastest-levenshtein'],
    why: 'the instrument: never rules/ or bin/, so it compiles without them',
  },
  { place: 'src/config/read.ts', may: ['later cosmiconfig', 'later jiti'], why: 'loaded only where there is a configuration' },
  { place: 'src/config/data.ts', may: ['yaml'], why: 'required when the first configuration that is data is read' },
  { place: 'src/config/check.ts', may: ['later zod'], why: 'loaded only where there is a configuration' },
  { place: 'src/config/schema.ts', may: ['type zod'], why: 'whoever has loaded it hands it in' },
  { place: 'src/config/published.ts', may: ['later zod'], why: 'the build makes the JSON Schema' },
  { place: 'bin/', may: ['bin/', 'src/', 'node:', 'commander'], why: 'the composition root' },
  { place: 'bin/watching.ts', may: ['later chokidar'], why: 'loaded where somebody watches' },
  { place: 'bin/ask.ts', may: ['@clack/prompts'], why: 'loaded where there is somebody to ask' },
  { place: 'bin/commands/init-questions.ts', may: ['@clack/prompts'], why: 'loaded where there is somebody to ask' },
  { place: 'src/init/changes.ts', may: ['yaml'], why: 'adds to the settings of hook tools, and keeps their comments' },
  {
    place: 'bin/surroundings.ts',
    may: ['later std-env', 'later supports-hyperlinks'],
    why: 'who reads and what the terminal can is asked when it matters',
  },
  {
    place: 'bin/program.ts',
    may: ['type bin/options.ts', 'bin/package.ts', 'src/report/format-names.ts', 'commander', 'later bin/commands/'],
    why: '--help costs nothing: what a command does is loaded when it runs',
  },
];

/** These replace the row of their folder; every other single file adds to it. */
const ON_THEIR_OWN = new Set([
  'src/model/domain-model.ts',
  'src/define-config.ts',
  'src/rule-settings.ts',
  'src/facts/facts.ts',
  'src/change.ts',
  'src/rule.ts',
  'src/wording.ts',
  'src/report/format-names.ts',
  'bin/program.ts',
]);

/** A package may be imported here and nowhere else. */
const DOORS: Readonly<Record<string, readonly string[]>> = {
  'ts-morph': ['src/facts/', 'src/fix/'],
  '@ts-morph/common': ['src/facts/', 'src/fix/'],
  '@mrleebo/prisma-ast': ['src/facts/prisma-schema.ts'],
  chalk: ['src/report/palette.ts'],
  'fast-string-width': ['src/report/layout.ts'],
  commander: ['bin/'],
  chokidar: ['bin/watching.ts'],
  'std-env': ['bin/surroundings.ts'],
  'supports-hyperlinks': ['bin/surroundings.ts'],
  cosmiconfig: ['src/config/read.ts'],
  jiti: ['src/config/read.ts'],
  zod: ['src/config/'],
  yaml: ['src/config/data.ts', 'src/init/'],
  '@clack/prompts': ['bin/ask.ts', 'bin/commands/init-questions.ts'],
  'fastest-levenshtein': ['src/did-you-mean.ts'],
  picomatch: ['src/project/'],
  tinyglobby: ['src/project/'],
};

/** Modules that import one another, and why that is one idea in several files. */
const MUTUAL: readonly { readonly modules: readonly string[]; readonly why: string }[] = [
  {
    modules: [
      'extract-classes',
      'extract-declarations',
      'extract-expressions',
      'extract-functions',
      'extract-statements',
      'extract-types',
    ].map((name) => `src/facts/${name}.ts`),
    why: 'the grammar is recursive: an expression holds a class, whose members hold statements, which hold expressions',
  },
];

const FILES = ownSources('bin', 'src', 'rules');
const IMPORTS = FILES.flatMap(ownImports);

const within = (place: string, file: string): boolean => (place.endsWith('/') ? file.startsWith(place) : file === place);

/** The most particular folder's row, and the rows of the file itself. */
function allowances(file: string): readonly string[] {
  const own = LAW.filter(({ place }) => place === file);
  const [folder] = LAW.filter(({ place }) => place.endsWith('/') && within(place, file)).sort((a, b) => b.place.length - a.place.length);
  return [...(ON_THEIR_OWN.has(file) ? [] : (folder?.may ?? [])), ...own.flatMap(({ may }) => may)];
}

function permits(allowance: string, { to, typeOnly, lazy }: OwnImport): boolean {
  const [, how, place = ''] = /^(?:(type|later) )?(.+)$/.exec(allowance) ?? [];
  if (how === 'type' && !typeOnly) return false;
  if (how === 'later' && !typeOnly && !lazy) return false;
  return place === to || ((place.endsWith('/') || place === 'node:') && to.startsWith(place));
}

const lawful = (each: OwnImport): boolean => allowances(each.from).some((allowance) => permits(allowance, each));
const inWords = ({ from, to, typeOnly, lazy }: OwnImport): string =>
  `${from} ${lazy ? 'loads' : typeOnly ? 'imports types of' : 'imports'} ${to}`;

describe('the import law', () => {
  it('reads every way to import', () => {
    expect(ownImports('src/lint.ts').map(inWords)).toEqual(
      expect.arrayContaining([
        'src/lint.ts imports src/model/build.ts',
        'src/lint.ts imports types of src/report/report.ts',
        'src/lint.ts loads src/facts/checker.ts',
      ]),
    );
    expect(ownImports('src/index.ts').map(inWords)).toContain('src/index.ts imports types of src/model/domain-model.ts');
    expect(
      ownImports('src/facts/compiler.ts')
        .filter(({ typeOnly }) => !typeOnly)
        .map(inWords),
    ).toContain('src/facts/compiler.ts imports @ts-morph/common');
  });

  it('every import is allowed', () => {
    expect(IMPORTS.filter((each) => !lawful(each)).map(inWords)).toEqual([]);
  });

  it.each<[from: string, to: string, how?: Partial<OwnImport>]>([
    ['rules/one-repo-per-root.ts', 'node:fs'],
    ['rules/one-repo-per-root.ts', 'rules/no-multi-aggregate-handlers.ts'],
    ['rules/one-repo-per-root.ts', 'src/model/domain-model.ts'],
    ['rules/one-repo-per-root.ts', 'src/facts/facts.ts', { typeOnly: true }],
    ['src/model/domain-model.ts', 'src/model/types.ts', { typeOnly: true }],
    ['src/model/build.ts', 'node:fs'],
    ['src/model/build.ts', '@ts-morph/common', { typeOnly: true }],
    ['src/model/build.ts', 'src/facts/facts.ts'],
    ['src/report/json.ts', 'src/model/build.ts', { typeOnly: true }],
    ['src/report/json.ts', 'src/errors.ts'],
    ['src/report/markdown.ts', 'chalk'],
    ['src/facts/extract.ts', 'src/model/build.ts', { typeOnly: true }],
    ['src/lint.ts', 'rules/one-repo-per-root.ts', { lazy: true }],
    ['src/lint.ts', 'bin/options.ts', { typeOnly: true }],
    ['src/config/check.ts', 'zod'],
    ['src/config.ts', 'zod'],
    ['bin/program.ts', 'src/lint.ts'],
    ['bin/program.ts', 'bin/commands/lint.ts'],
    ['bin/commands/lint.ts', 'rules/one-repo-per-root.ts'],
  ])('%s may not import %s', (from, to, how) => {
    expect(lawful({ from, to, kind: 'file', typeOnly: false, lazy: false, ...how })).toBe(false);
  });

  it('every relative import leads to a file', () => {
    const dangling = IMPORTS.filter(({ kind, to }) => kind === 'file' && !existsSync(path.join(ROOT, to)));
    expect(dangling.map(inWords)).toEqual([]);
  });

  it('every place in the law exists', () => {
    const places = LAW.map(({ place }) => place).filter((place) => !FILES.some((file) => within(place, file)));
    expect(places).toEqual([]);
  });

  it.each(Object.entries(DOORS))('%s has one door', (name, doors) => {
    const elsewhere = IMPORTS.filter(({ to, from }) => to === name && !doors.some((door) => within(door, from)));
    expect(elsewhere.map(inWords)).toEqual([]);
  });

  it('src compiles with rules/ deleted', () => {
    const outside = IMPORTS.filter(({ from, kind, to }) => from.startsWith('src/') && kind === 'file' && !to.startsWith('src/'));
    expect(outside.map(inWords)).toEqual([]);
  });

  it('modules import one another only where it is said why', () => {
    expect(knots(FILES, IMPORTS)).toEqual(MUTUAL.map(({ modules }) => modules));
  });
});

describe('the packages', () => {
  const manifest: {
    readonly dependencies: Record<string, string>;
    readonly devDependencies: Record<string, string>;
    readonly scripts: Record<string, string>;
  } = JSON.parse(readFileSync(path.join(ROOT, 'package.json'), 'utf8'));
  const imported = (imports: readonly OwnImport[]): string[] =>
    [...new Set(imports.filter(({ kind }) => kind === 'package').map(({ to }) => to))].sort();

  it('what runs imports all dependencies, and nothing else', () => {
    expect(imported(IMPORTS)).toEqual(Object.keys(manifest.dependencies).sort());
  });

  it('tests and benchmarks import or run all development dependencies', () => {
    const scripts = [
      ...Object.values(manifest.scripts),
      ...['build', 'bundle', 'check'].map((name) => readFileSync(path.join(ROOT, `.ci/${name}.mjs`), 'utf8')),
    ].join('\n');
    const used = new Set(imported(ownSources('test', 'bench').flatMap(ownImports)));
    const commands: Readonly<Record<string, string>> = { '@biomejs/biome': 'biome', '@arethetypeswrong/cli': 'attw', typescript: 'tsc' };
    const unused = Object.keys(manifest.devDependencies).filter(
      (name) => !name.startsWith('@types/') && !used.has(name) && !new RegExp(`\\b${commands[name] ?? name}\\b`).test(scripts),
    );
    expect(unused).toEqual([]);
    const undeclared = [...used].filter((name) => !(name in manifest.devDependencies) && !(name in manifest.dependencies));
    expect(undeclared).toEqual([]);
  });

  it('nothing installs with a script of its own', () => {
    const lock: {
      readonly packages: Record<string, { readonly hasInstallScript?: boolean; readonly dev?: boolean; readonly optional?: boolean }>;
    } = JSON.parse(readFileSync(path.join(ROOT, 'package-lock.json'), 'utf8'));
    const installing = Object.entries(lock.packages).filter(
      ([name, { hasInstallScript, dev, optional }]) => name !== '' && hasInstallScript && !dev && !optional,
    );
    expect(installing.map(([name]) => name)).toEqual([]);
  });

  it('what runs is licensed as a company may use it', () => {
    const lock: {
      readonly packages: Record<
        string,
        { readonly license?: string; readonly dev?: boolean; readonly devOptional?: boolean; readonly link?: boolean }
      >;
    } = JSON.parse(readFileSync(path.join(ROOT, 'package-lock.json'), 'utf8'));
    const others = Object.entries(lock.packages).filter(
      ([name, { license = 'none', dev, devOptional, link }]) =>
        name !== '' &&
        !dev &&
        !devOptional &&
        !link &&
        !/^(?:MIT|ISC|0BSD|BSD-[23]-Clause|Apache-2\.0|BlueOak-1\.0\.0|Python-2\.0)$/.test(license),
    );
    expect(others.map(([name, { license }]) => `${name}: ${license}`)).toEqual([]);
  });

  it('what runs reaches for no network', () => {
    const wires = new Set(['http', 'https', 'http2', 'net', 'tls', 'dgram', 'dns', 'inspector', 'cluster'].map((name) => `node:${name}`));
    expect(IMPORTS.filter(({ to }) => wires.has(to.replace('/promises', ''))).map(inWords)).toEqual([]);
    expect(FILES.filter((file) => /\b(?:fetch|WebSocket|EventSource)\(/.test(readFileSync(path.join(ROOT, file), 'utf8')))).toEqual([]);
  });

  it('no file that runs names the host of a registry', () => {
    const hosts = /\b(?:registry\.npmjs\.org|npmjs\.(?:com|org)|registry\.yarnpkg\.com|npm\.pkg\.github\.com|jsr\.io|npmmirror\.com)\b/;
    expect(FILES.filter((file) => hosts.test(readFileSync(path.join(ROOT, file), 'utf8')))).toEqual([]);
  });
});
