import { cpSync, existsSync, mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DEFAULT_CONFIG } from '../../src/config.js';
import { loadRules } from '../../src/load-rules.js';
import type { Rule } from '../../src/rule.js';
import { markersIn } from '../../src/testing/markers.js';
import { FIXTURES, PROJECTS, read, sourcesIn } from './fixtures.js';

const COPIES = join(FIXTURES, '../test/tmp');

/** Projects in which a rule that can mend marks a finding. */
export async function fixableFixtures(): Promise<string[]> {
  const fixable = new Set((await loadRules()).filter((rule) => rule.fixable).map((rule) => rule.id));
  return PROJECTS.filter((project) => {
    const directory = join(FIXTURES, project);
    return sourcesIn(directory).some((file) => markersIn(read(directory, file)).some(({ ruleId }) => fixable.has(ruleId)));
  });
}

/** A copy that is a repository of its own, with a tsconfig as strict as that of the fixtures, and the libraries' types where npm puts them. */
export function copyOf(fixture: string, under = 'fix'): string {
  const copy = join(COPIES, under, fixture);
  rmSync(copy, { recursive: true, force: true });
  mkdirSync(join(copy, '.git'), { recursive: true });
  cpSync(join(FIXTURES, fixture), copy, { recursive: true, filter: (file) => !file.endsWith('fixed.diff') });
  const texts = sourcesIn(copy).map((file) => read(copy, file));
  const types = texts.some((text) => /\bnode:|\bprocess\b|\bBuffer\b|\bcrypto\b|\bconsole\b|\bsetTimeout\b/.test(text)) ? ['node'] : [];
  const compilerOptions = { ...COMPILER_OPTIONS, types: [...types, 'libraries'] };
  installLibraries(copy);
  if (!existsSync(join(copy, 'tsconfig.json')))
    writeFileSync(join(copy, 'tsconfig.json'), JSON.stringify({ compilerOptions, include: ['**/*.ts'] }));
  return copy;
}

/** The libraries that fixtures are written for, as if they were installed. */
function installLibraries(copy: string): void {
  const library = join(copy, 'node_modules/@types/libraries');
  cpSync(join(FIXTURES, 'types'), library, { recursive: true });
  const references = readdirSync(library).map((file) => `/// <reference path="${file}" />\n`);
  writeFileSync(join(library, 'index.d.ts'), references.join(''));
}

const COMPILER_OPTIONS = {
  target: 'ES2023',
  lib: ['ES2023'],
  module: 'ESNext',
  moduleResolution: 'Bundler',
  strict: true,
  experimentalDecorators: true,
  skipLibCheck: true,
  noEmit: true,
};

/** As fixtures.test.ts lints it. */
export async function optionsFor(fixture: string, cwd: string) {
  const [folder] = fixture.split('/');
  const own: readonly Rule[] = (await loadRules()).filter((rule) => rule.id === folder);
  return {
    cwd,
    paths: ['.'],
    config: DEFAULT_CONFIG,
    preset: folder === 'clean-shop' || folder === 'sources' ? ('all' as const) : ('recommended' as const),
    severities: new Map(own.map((rule) => [rule.id, rule.severity])),
  };
}
