import type { Spoken, SpokenCommand, SpokenOption, Values } from './spoken.js';

export function fish({ commands, fallback }: Spoken): string {
  const names = commands.map(({ name }) => name).join(' ');
  return `# fish completion for aggro. Load it with: aggro completion fish | source
function __aggro_runs
  set -l words (commandline -opc)
  set -l command ${fallback}
  if set -q words[2]; and contains -- $words[2] ${names}
    set command $words[2]
  end
  test $command = $argv[1]
end
function __aggro_begins
  test (count (commandline -opc)) -eq 1
end
${commands.map(({ name, description }) => `complete -c aggro -n __aggro_begins -a ${name} -d ${quoted(description)}`).join('\n')}
${commands.flatMap(lines).join('\n')}
`;
}

function lines({ name, options, argument }: SpokenCommand): string[] {
  const when = `complete -c aggro -n '__aggro_runs ${name}'`;
  return [
    ...(argument.kind === 'path' ? [] : [`${when} -f${words(argument)}`]),
    ...options.map((option) => `${when}${optionWords(option)}`),
  ];
}

function optionWords({ short, long, description, value }: SpokenOption): string {
  const names = `${short === undefined ? '' : ` -s ${short.slice(1)}`} -l ${long.slice(2)}`;
  const takes = value === undefined ? '' : value.kind === 'path' ? ' -r -F' : ` -x${words(value)}`;
  return `${names}${takes} -d ${quoted(description)}`;
}

function words(values: Values): string {
  return values.kind === 'words' ? ` -a ${quoted(values.words.join(' '))}` : '';
}

function quoted(text: string): string {
  return `'${text.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`;
}
