import { allCommands, type CommandNode, type OptionNode } from '../manual/command-tree.js';
import { commandLines, flagsOf, flagsWithValue, quote, wordsAfter } from './words.js';

/** For bash-completion, and for a bash without it. */
export function bashCompletion(tree: CommandNode): string {
  const commands = allCommands(tree);
  return `# Completion of moenet-agent for bash: made by 'moenet-agent completion bash'.
_moenet_agent() {
  local current=\${COMP_WORDS[COMP_CWORD]} previous=\${COMP_WORDS[COMP_CWORD - 1]} command='' words='' options='' i
  COMPREPLY=()
  # --option=value has come here as three words.
  [[ $current == '=' ]] && current=''
  [[ $previous == '=' ]] && previous=\${COMP_WORDS[COMP_CWORD - 2]}
  for ((i = 1; i < COMP_CWORD; i++)); do
    case \${COMP_WORDS[i]} in
      ${flagsWithValue(tree).join(' | ')})
        [[ \${COMP_WORDS[i + 1]} == '=' ]] && ((i++))
        ((i++))
        ;;
      *)
        case "\${command:+$command }\${COMP_WORDS[i]}" in
          ${commandLines(tree).map(quote).join(' | ')}) command="\${command:+$command }\${COMP_WORDS[i]}" ;;
        esac
        ;;
    esac
  done
  case "$command $previous" in
${commands.flatMap((command) => command.options.flatMap((option) => valueCase(command, option))).join('\n')}
  esac
  case $command in
${commands.map(commandCase).join('\n')}
  esac
  options="$options ${tree.options.flatMap(flagsOf).join(' ')}"
  [[ $current == -* ]] && words=$options
  mapfile -t COMPREPLY < <(compgen -W "$words" -- "$current")
}
complete -F _moenet_agent moenet-agent
`;
}

/** After an option that takes a value: that. */
function valueCase({ path }: CommandNode, option: OptionNode): readonly string[] {
  if (option.value === undefined) return [];
  const { choices, isFile } = option.value;
  const command = path.length === 0 ? '*' : quote(path.join(' '));
  const pattern = flagsOf(option).map((flag) => `${command}${quote(` ${flag}`)}`);
  const file = `
      compopt -o filenames 2>/dev/null
      mapfile -t COMPREPLY < <(compgen -f -- "$current")`;
  const word = `
      mapfile -t COMPREPLY < <(compgen -W ${quote(choices.join(' '))} -- "$current")`;
  const action = isFile ? file : choices.length > 0 ? word : '';
  return [
    `    ${pattern.join(' | ')})${action}
      return
      ;;`,
  ];
}

function commandCase(command: CommandNode): string {
  const options = command.path.length === 0 ? [] : command.options.flatMap(flagsOf);
  return `    ${quote(command.path.join(' '))})
      words=${quote(wordsAfter(command).join(' '))}
      options=${quote(options.join(' '))}
      ;;`;
}
