import type { ArgumentNode, CommandNode, OptionNode, Value } from '../manual/command-tree.js';
import { flagsOf, quote } from './words.js';

/** A file for `$fpath`; also for `source <(moenet-agent completion zsh)`. */
export function zshCompletion(tree: CommandNode): string {
  return `#compdef moenet-agent
# Completion of moenet-agent for zsh: made by 'moenet-agent completion zsh'.
_moenet_agent_everywhere=(
${tree.options.flatMap(optionSpecs).map(indented).join('\n')}
)
${groupFunctions(tree).join('\n')}
if [[ $funcstack[1] == _moenet-agent ]]; then
  _moenet-agent_commands "$@"
else
  compdef _moenet-agent_commands moenet-agent
fi
`;
}

/** One function for each command that has commands. */
function groupFunctions(group: CommandNode): readonly string[] {
  const groups = group.commands.filter(({ commands }) => commands.length > 0);
  return [
    ...groups.flatMap(groupFunctions),
    `${functionName(group)}() {
  local curcontext=$curcontext state line commands
  typeset -A opt_args
  _arguments -C $_moenet_agent_everywhere '1: :->command' '*:: :->rest' && return
  case $state in
    command)
      commands=(
${group.commands.map(({ path, description }) => `        ${quote(`${path.at(-1)}:${description.replaceAll(':', '\\:')}`)}`).join('\n')}
      )
      _describe command commands
      ;;
    rest)
      case $line[1] in
${group.commands.map(commandCase).join('\n')}
      esac
      ;;
  esac
}`,
  ];
}

function commandCase(command: CommandNode): string {
  const name = command.path.at(-1);
  if (command.commands.length > 0) return `        ${name}) ${functionName(command)} ;;`;
  const specs = [...command.options.flatMap(optionSpecs), ...command.arguments.map(argumentSpec)];
  return `        ${name}) _arguments ${['$_moenet_agent_everywhere', ...specs].join(' ')} ;;`;
}

function functionName({ path }: CommandNode): string {
  return ['_moenet-agent_commands', ...path].join('_');
}

function optionSpecs(option: OptionNode): readonly string[] {
  const flags = flagsOf(option);
  const value = option.value === undefined ? '' : `:${option.value.name}:${valuesOf(option.value)}`;
  const text = option.description.replace(/[[\]\\]/g, '\\$&');
  return flags.map((flag) => {
    const equals = value !== '' && flag.startsWith('--') ? '=' : '';
    return quote(`(${flags.join(' ')})${flag}${equals}[${text}]${value}`);
  });
}

function argumentSpec({ value }: ArgumentNode, index: number): string {
  return quote(`${index + 1}:${value.name}:${valuesOf(value)}`);
}

function valuesOf({ choices, isFile }: Value): string {
  if (isFile) return '_files';
  return choices.length > 0 ? `(${choices.join(' ')})` : ' ';
}

function indented(line: string): string {
  return `  ${line}`;
}
