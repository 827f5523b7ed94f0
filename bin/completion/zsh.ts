import type { Spoken, SpokenCommand, SpokenOption, Values } from './spoken.js';

/** Works as a file `_aggro` in `fpath`, and sourced. */
export function zsh({ commands, fallback }: Spoken): string {
  return `#compdef aggro
# zsh completion for aggro. Load it with: source <(aggro completion zsh)
_aggro() {
  local command=${fallback}
  local -a commands
  commands=(
${commands.map(({ name, description }) => `    ${quoted(`${name}:${description}`)}`).join('\n')}
  )
  if (( CURRENT == 2 )) && [[ $words[2] != -* ]]; then
    _describe command commands
    _files
    return
  fi
  if (( CURRENT > 2 )) && (( \${commands[(I)\${words[2]}:*]} )); then
    command=$words[2]
    shift words
    (( CURRENT-- ))
  fi
  case $command in
${commands.map(section).join('\n')}
  esac
}
if [[ $funcstack[1] == _aggro ]]; then _aggro "$@"; else compdef _aggro aggro; fi
`;
}

function section({ name, options, argument }: SpokenCommand): string {
  const specs = [...options.flatMap(optionSpecs), ...argumentSpecs(argument)];
  return `    ${name})\n      _arguments ${specs.map((spec) => `\\\n        ${quoted(spec)}`).join(' ')} ;;`;
}

function optionSpecs(option: SpokenOption): string[] {
  const flags = option.short === undefined ? [option.long] : [option.short, option.long];
  // Given once, an option is not offered again, under either name.
  const before = option.repeatable ? '*' : flags.length > 1 ? `(${flags.join(' ')})` : '';
  const value = option.value === undefined ? '' : `:value:${action(option.value)}`;
  return flags.map((flag) => `${before}${flag}[${option.description.replace(/[\\[\]:]/g, '\\$&')}]${value}`);
}

function argumentSpecs(argument: Values): string[] {
  return argument.kind === 'path' ? ['*:path:_files'] : [`1:name:${action(argument)}`];
}

function action(values: Values): string {
  if (values.kind === 'path') return '_files';
  return values.kind === 'words' ? `(${values.words.join(' ')})` : ' ';
}

function quoted(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`;
}
