import type { Argument, Command, Option } from 'commander';

/** What can be typed, as the program itself declares it. */
export interface Spoken {
  readonly commands: readonly SpokenCommand[];
  /** The command that runs where none is named. */
  readonly fallback: string;
}

export interface SpokenCommand {
  readonly name: string;
  readonly description: string;
  readonly options: readonly SpokenOption[];
  readonly argument: Values;
}

export interface SpokenOption {
  readonly short?: string;
  readonly long: string;
  readonly description: string;
  readonly repeatable: boolean;
  /** Undefined where it takes no value. */
  readonly value?: Values;
}

/** What may stand there: certain words, a path, or something that only the user knows. */
export type Values = { readonly kind: 'words'; readonly words: readonly string[] } | { readonly kind: 'path' } | { readonly kind: 'own' };

export const SEVERITIES = ['off', 'info', 'warning', 'error'] as const;
const PATHS = /file|dir|path/;
const RULES = /^(?:rule|id:severity)$/;

export function spokenBy(program: Command, ruleIds: readonly string[]): Spoken {
  const helper = program.createHelp();
  const commands = helper.visibleCommands(program).filter((command) => command.name() !== 'help');
  return {
    fallback: commands[0]?.name() ?? '',
    commands: commands.map((command) => ({
      name: command.name(),
      description: command.description(),
      options: helper.visibleOptions(command).flatMap((option) => optionOf(option, ruleIds)),
      argument: argumentOf(command.registeredArguments, ruleIds),
    })),
  };
}

function optionOf(option: Option, ruleIds: readonly string[]): SpokenOption[] {
  const { short, long, description, argChoices, flags } = option;
  if (long === undefined) return [];
  const placeholder = /[<[](.+?)(?:\.\.\.)?[\]>]\s*$/.exec(flags)?.[1];
  return [
    {
      ...(short !== undefined && { short }),
      long,
      description,
      // An option with a parser of its own adds to what was given before.
      repeatable: option.variadic || Array.isArray(option.defaultValue) || /repeatable/.test(description),
      ...(placeholder !== undefined && { value: valuesOf(placeholder, argChoices, ruleIds) }),
    },
  ];
}

function argumentOf([first]: readonly Argument[], ruleIds: readonly string[]): Values {
  return first === undefined ? { kind: 'own' } : valuesOf(first.name(), first.argChoices, ruleIds);
}

function valuesOf(placeholder: string, choices: readonly string[] | undefined, ruleIds: readonly string[]): Values {
  if (choices !== undefined) return { kind: 'words', words: choices };
  if (RULES.test(placeholder)) return { kind: 'words', words: ruleIds };
  return { kind: PATHS.test(placeholder) ? 'path' : 'own' };
}
