import type { ZodType } from 'zod';
import { globProblem } from '../project/glob-matcher.js';
import { ROLES } from './roles.js';

type Zod = typeof import('zod')['z'];

/** What a configuration may hold: checks what was written, and becomes the JSON Schema that editors read. */
export function userConfigSchema(z: Zod) {
  const texts = z.array(z.string()).readonly();
  const oneOrMore = z.union([z.string(), texts]);
  const glob = globSchema(z);
  const globs = z.array(glob).readonly();
  const oneOrMoreGlobs = z.union([glob, globs]);
  const recogniser = recogniserSchema(z, texts, globs);
  const role = z.union([globs, recogniser]);
  const rules = z.record(z.string(), ruleSchema(z));
  return z
    .strictObject({
      $schema: z.string().meta({ description: 'For editors; aggro does not read it.' }),
      root: z.boolean().meta({ description: 'Nothing above this directory is asked for a configuration.' }),
      extends: oneOrMore.meta({
        description: 'Configurations to start from: files (./base.json) or packages. Later ones win, this one over all.',
      }),
      include: globs.meta({ description: 'Globs or directories: only these files are read.' }),
      exclude: globs.meta({ description: 'Globs or directories to leave out besides the defaults; a leading ! takes a default back.' }),
      tsconfig: oneOrMore.meta({ description: 'The tsconfig files to go by, instead of those found beside the sources.' }),
      preset: z.enum(['recommended', 'strict', 'all']).meta({ description: 'Which rules are on to begin with; recommended by default.' }),
      rules: rules.meta({ description: 'Severity and options by rule id.' }),
      overrides: z
        .array(z.strictObject({ files: oneOrMoreGlobs, excludeFiles: oneOrMoreGlobs.optional(), rules }))
        .readonly()
        .meta({ description: 'Other rule settings for some files; the last that matches wins.' }),
      model: z
        .strictObject(Object.fromEntries(Object.keys(ROLES).map((key) => [key, role.optional()])))
        .meta({ description: 'Building blocks that aggro does not recognise by itself.' }),
      rulesDir: oneOrMore.meta({ description: 'Folders of rules of your own, one a file.' }),
      plugins: texts.meta({ description: 'Packages of rules.' }),
    })
    .partial();
}

function ruleSchema(z: Zod) {
  const severity = z.enum(['off', 'info', 'warn', 'error']);
  return z.union([severity, z.tuple([severity, z.record(z.string(), z.unknown())]).readonly()]);
}

/** What no engine matches in bounded time is refused where it is written. */
function globSchema(z: Zod) {
  return z
    .string()
    .refine((glob) => globProblem(glob) === undefined, { error: ({ input }) => `the glob ${globProblem(String(input)) ?? ''}` });
}

function recogniserSchema(z: Zod, texts: ZodType<readonly string[]>, globs: ZodType<readonly string[]>) {
  return z
    .strictObject({
      names: globs.meta({ description: 'Names of declarations, or globs over names.' }),
      files: globs.meta({ description: 'Globs over files, relative to the configuration file.' }),
      bases: texts.meta({ description: 'Names of base classes or interfaces.' }),
      decorators: texts.meta({ description: 'Names of decorators, without the @.' }),
      tags: texts.meta({ description: 'Names of JSDoc tags, without the @.' }),
      suffixes: texts.meta({ description: 'Endings of the name.' }),
    })
    .partial();
}

/** The keys that are known at a path, to suggest one. */
export function keysAt(path: readonly PropertyKey[], known: readonly string[]): readonly string[] {
  if (path.length === 0) return known;
  if (path[0] === 'overrides') return ['files', 'excludeFiles', 'rules'];
  return path.length === 1 ? Object.keys(ROLES) : ['names', 'files', 'bases', 'decorators', 'tags', 'suffixes'];
}
