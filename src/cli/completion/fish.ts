import { allCommands, type CommandNode, type OptionNode, type Value } from '../manual/command-tree.js';
import { commandLines, flagsWithValue } from './words.js';

export function fishCompletion(tree: CommandNode): string {
  return `# Completion of moenet-agent for fish: made by 'moenet-agent completion fish'.
function __moenet_agent_at --description 'whether the command so far is the one of the argument'
    set -l words (commandline -opc)
    set -e words[1]
    set -l command
    set -l takes_value no
    for word in $words
        if test $takes_value = yes
            set takes_value no
        else if contains -- $word ${flagsWithValue(tree).join(' ')}
            set takes_value yes
        else if contains -- (string join ' ' -- $command $word) ${commandLines(tree).map(quoted).join(' ')}
            set -a command $word
        end
    end
    set -l line (string join ' ' -- $command)
    test "$line" = "$argv[1]"
end
complete -c moenet-agent -f
${allCommands(tree).flatMap(linesOf).join('\n')}
`;
}

function linesOf({ path, commands, arguments: [first], options }: CommandNode): readonly string[] {
  const at = `complete -c moenet-agent -n ${quoted(`__moenet_agent_at ${quoted(path.join(' '))}`)}`;
  const optionStart = path.length === 0 ? 'complete -c moenet-agent' : at;
  return [
    ...commands.map((child) => `${at} -a ${child.path.at(-1)} -d ${quoted(child.description)}`),
    ...(first === undefined || first.value.choices.length === 0 ? [] : [`${at} -a ${listed(first.value)}`]),
    ...options.map((option) => `${optionStart} ${optionPart(option)}`),
  ];
}

function optionPart({ short, long, description, value }: OptionNode): string {
  const name = `${short === undefined ? '' : `-s ${short.slice(1)} `}-l ${long.slice(2)}`;
  return `${name}${value === undefined ? '' : valuePart(value)} -d ${quoted(description)}`;
}

function valuePart(value: Value): string {
  if (value.isFile) return ' -r -F';
  return value.choices.length > 0 ? ` -x -a ${listed(value)}` : ' -x';
}

function listed({ choices }: Value): string {
  return quoted(choices.join(' '));
}

/** In fish, a backslash escapes also between quotes. */
function quoted(text: string): string {
  return `'${text.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`;
}
