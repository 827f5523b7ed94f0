/** What commander hands to each command. */
export interface PresentedOptions {
  readonly color?: boolean;
  readonly stack?: boolean;
}

export interface ProjectOptions extends PresentedOptions {
  readonly cwd: string;
  readonly config?: string;
  readonly types: 'links' | 'full';
}

export interface LintOptions extends ProjectOptions {
  readonly format: 'text' | 'compact' | 'json' | 'markdown';
  readonly output?: string;
  readonly preset?: 'recommended' | 'strict' | 'all';
  readonly rule: readonly string[];
  readonly group: 'aggregate' | 'file';
  readonly quiet?: boolean;
  readonly maxWarnings?: number;
  readonly table: boolean;
  readonly cache: boolean;
  readonly allowEmpty?: boolean;
  readonly fix?: boolean;
  readonly unsafe?: boolean;
  readonly fixOnly?: boolean;
  readonly fixDryRun?: boolean;
  readonly diff?: boolean;
  readonly fixOne?: string;
  readonly interactive?: boolean;
  readonly force?: boolean;
}

export interface TableOptions extends ProjectOptions {
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

export type ExplainOptions = PresentedOptions;
export type RulesOptions = PresentedOptions;
