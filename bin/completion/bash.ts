import { SEVERITIES, type Spoken, type SpokenCommand, type Values } from './spoken.js';

/** For bash 3.2 and later. Where nothing of ours fits, readline completes file names. */
export function bash({ commands, fallback }: Spoken): string {
  const names = commands.map(({ name }) => name);
  return `# bash completion for aggro. Load it with: source <(aggro completion bash)
_aggro() {
  local cur=\${COMP_WORDS[COMP_CWORD]} prev=\${COMP_WORDS[COMP_CWORD-1]} command=${fallback} words=
  COMPREPLY=()
  # Bash splits words at = and :
  if [[ $cur == = || $cur == : ]]; then prev=$cur cur=; fi
  if [[ $prev == : ]]; then
    COMPREPLY=($(compgen -W '${SEVERITIES.join(' ')}' -- "$cur"))
    return
  fi
  if [[ $prev == = ]]; then
    local at=$((COMP_CWORD - 1))
    [[ \${COMP_WORDS[COMP_CWORD]} == = ]] || at=$((COMP_CWORD - 2))
    prev=\${COMP_WORDS[at]}
    [[ $prev == -* ]] || return
  fi
  if ((COMP_CWORD > 1)); then
    case \${COMP_WORDS[1]} in
      ${names.join('|')}) command=\${COMP_WORDS[1]} ;;
    esac
  fi
  case "$command $prev" in
${commands.flatMap(valueCases).join('\n')}
    *)
      case $command in
${commands.map(({ name, options, argument }) => `        ${name}) words='${words(argument)}'; [[ $cur == -* ]] && words='${options.flatMap(flags).join(' ')}' ;;`).join('\n')}
      esac
      if ((COMP_CWORD == 1)) && [[ $cur != -* ]]; then words='${names.join(' ')}'; fi ;;
  esac
  COMPREPLY=($(compgen -W "$words" -- "$cur"))
}
complete -o bashdefault -o default -F _aggro aggro
`;
}

function valueCases({ name, options }: SpokenCommand): string[] {
  return options.flatMap((option) => {
    if (option.value === undefined) return [];
    const patterns = flags(option).map((flag) => `'${name} ${flag}'`);
    return [`    ${patterns.join('|')}) words='${words(option.value)}' ;;`];
  });
}

function flags({ short, long }: { readonly short?: string; readonly long: string }): string[] {
  return short === undefined ? [long] : [short, long];
}

function words(values: Values): string {
  return values.kind === 'words' ? values.words.join(' ') : '';
}
