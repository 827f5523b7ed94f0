/** What commander hands to each command. */
export interface PresentedOptions {
  readonly color?: boolean;
  readonly stack?: boolean;
}

/** Where a run starts, and by which configuration. */
export interface ConfiguredOptions extends PresentedOptions {
  readonly cwd: string;
  /** A file, or `false` for none. */
  readonly config?: string | false;
  readonly configJsonOnly?: boolean;
}

export interface ProjectOptions extends ConfiguredOptions {
  readonly types: 'links' | 'full';
  /** Read from the arguments before the options are: see `cache.ts`. */
  readonly cache?: boolean;
  readonly cacheLocation?: string;
}

/** Which baseline: a file by name, none, or the nearest. */
export interface BaselineChoice {
  readonly baseline?: string | boolean;
}

export interface LintOptions extends ProjectOptions, BaselineChoice {
  /** Artefacts of `aggro facts`, the directories that hold them, or globs of either. */
  readonly facts?: readonly string[];
  /** As given: `text`, `sarif=out.sarif`. */
  readonly format?: readonly string[];
  readonly output?: string;
  readonly preset?: 'recommended' | 'strict' | 'all';
  readonly rule: readonly string[];
  readonly group: 'aggregate' | 'file';
  readonly quiet?: boolean;
  readonly maxWarnings?: number;
  readonly failOn: 'error' | 'warning' | 'info';
  readonly exitZero?: boolean;
  readonly statistics?: boolean;
  readonly watch?: boolean;
  readonly timing?: boolean;
  readonly tableDiff?: string;
  readonly table: boolean;
  readonly allowEmpty?: boolean;
  readonly ci?: boolean;
  readonly newFrom?: string;
  /** True where no commit is named. */
  readonly changed?: string | true;
  readonly staged?: boolean;
  readonly suppress: readonly string[];
  readonly reason?: string;
  /** A file, or `true` for the working directory. */
  readonly printConfig?: string | true;
  readonly fix?: boolean;
  readonly unsafe?: boolean;
  readonly fixOnly?: boolean;
  readonly fixDryRun?: boolean;
  readonly diff?: boolean;
  readonly fixOne?: string;
  readonly interactive?: boolean;
  readonly force?: boolean;
}

export type BaselineAction = 'create' | 'update' | 'prune' | 'diff' | 'status';

export interface BaselineOptions extends ProjectOptions, BaselineChoice {
  readonly preset?: 'recommended' | 'strict' | 'all';
  readonly rule: readonly string[];
  readonly force?: boolean;
}

export interface TableOptions extends ProjectOptions {
  readonly diff?: string;
  readonly in?: readonly string[];
  readonly format: 'text' | 'markdown' | 'json';
  readonly output?: string;
}

export interface WhyOptions extends ProjectOptions {
  readonly in?: readonly string[];
}

export interface ModelOptions extends ProjectOptions {
  readonly format: 'json';
  readonly output?: string;
}

export interface FactsOptions extends ProjectOptions {
  readonly output?: string;
}

export type ExplainOptions = ConfiguredOptions;
export type RulesOptions = ConfiguredOptions;

export interface DoctorOptions extends ProjectOptions {
  readonly format: 'text' | 'json';
  /** A file, or `true` for the working directory. */
  readonly printConfig?: string | true;
}

export interface InitOptions extends PresentedOptions {
  readonly cwd: string;
  readonly yes?: boolean;
  readonly dryRun?: boolean;
  readonly force?: boolean;
  readonly format: 'json' | 'ts';
}
