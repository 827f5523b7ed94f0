/** What people write in `aggro.config.ts`. Imports nothing that runs: users load this file. */

import type { RuleSettings } from './rule-settings.js';

export type Preset = 'recommended' | 'strict' | 'all';

/** How to recognise a role. Whatever matches any of these has it. */
export interface Recogniser {
  /** Names of declarations, or globs over names: `Order`, `*Aggregate`. */
  readonly names?: readonly string[];
  /** Globs over files, relative to the configuration file. */
  readonly files?: readonly string[];
  /** Names of base classes or interfaces. */
  readonly bases?: readonly string[];
  /** Names of decorators, without the `@`. */
  readonly decorators?: readonly string[];
  /** Names of JSDoc tags, without the `@`. */
  readonly tags?: readonly string[];
  /** Endings of the name: `Entity`, `Repo`. */
  readonly suffixes?: readonly string[];
}

/** A list holds names and globs over names; an entry with a `/` is a glob over files. */
export type RoleSetting = readonly string[] | Recogniser;

/** Tells aggro about building blocks that it does not recognise by itself. */
export interface ModelSetting {
  readonly aggregateRoots?: RoleSetting;
  readonly entities?: RoleSetting;
  readonly valueObjects?: RoleSetting;
  readonly identifiers?: RoleSetting;
  readonly domainEvents?: RoleSetting;
  readonly commands?: RoleSetting;
  readonly queries?: RoleSetting;
  readonly repositories?: RoleSetting;
  readonly factories?: RoleSetting;
  readonly domainServices?: RoleSetting;
  readonly applicationServices?: RoleSetting;
  readonly commandHandlers?: RoleSetting;
  readonly eventHandlers?: RoleSetting;
  readonly queryHandlers?: RoleSetting;
  readonly sagas?: RoleSetting;
  readonly readModels?: RoleSetting;
  readonly persistenceRecords?: RoleSetting;
}

/** Other rule settings for some files. */
export interface OverrideSetting {
  /** Globs, relative to the configuration file; one without a slash means any depth. */
  readonly files: string | readonly string[];
  readonly excludeFiles?: string | readonly string[];
  readonly rules: RuleSettings;
}

export interface UserConfig {
  /** For editors; aggro does not read it. */
  readonly $schema?: string;
  /** Nothing above this directory is asked for a configuration; otherwise this one extends the one above. */
  readonly root?: boolean;
  /** Configurations to start from: files (`./base.json`) or packages. Later ones win, this one over all. */
  readonly extends?: string | readonly string[];
  /** Globs or directories: only these files are read. Everything under the working directory by default. */
  readonly include?: readonly string[];
  /**
   * Globs or directories to leave out besides the defaults (tests, fixtures, migrations, generated and build output).
   * A leading `!` takes a default back: `!**\/test/**`.
   */
  readonly exclude?: readonly string[];
  /** The tsconfig files to go by, instead of those found beside the sources. */
  readonly tsconfig?: string | readonly string[];
  /** Which rules are on to begin with; `recommended` by default. */
  readonly preset?: Preset;
  /** Severity and options by rule id. */
  readonly rules?: RuleSettings;
  /** Other rule settings for some files; the last that matches wins. */
  readonly overrides?: readonly OverrideSetting[];
  readonly model?: ModelSetting;
  /** Folders of rules of your own, one a file, relative to the configuration file. */
  readonly rulesDir?: string | readonly string[];
  /** Packages of rules. */
  readonly plugins?: readonly string[];
}

/** Gives a configuration its type: completion and checking in the editor. */
export function defineConfig(config: UserConfig): UserConfig {
  return config;
}
