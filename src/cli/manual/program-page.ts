import { type ArgumentNode, allCommands, type CommandNode, type OptionNode } from './command-tree.js';
import { bold, heading, inline, item, literal, paragraph, subheading, title } from './roff.js';

/** moenet-agent(8), from the definitions of the command line. */
export function programPage(tree: CommandNode, version: string): string {
  const commands = allCommands(tree).filter(
    ({ path, commands: below }) => path.length > 0 && below.length === 0,
  );
  const lines = [
    title('MOENET-AGENT', 8, version),
    heading('Name'),
    'moenet\\-agent \\- daemon for the router nodes of a MoeNet\\-style DN42 network',
    heading('Synopsis'),
    `${bold('moenet-agent')} [\\fIcommand\\fR] [\\fIoptions\\fR]`,
    heading('Description'),
    inline(
      `${tree.description} It asks the control plane for sessions, mesh and policy, configures WireGuard, addresses and BIRD for them, and reports what is really there. Without a command it runs the daemon.`,
    ),
    heading('Commands'),
    ...commands.flatMap(commandPart),
    heading('Options of every command'),
    ...tree.options.map(optionItem),
    ...closing,
  ];
  return `${lines.join('\n')}\n`;
}

function commandPart(command: CommandNode): readonly string[] {
  return [
    subheading([...command.path, ...command.arguments.map(({ term }) => term)].join(' ')),
    inline(sentence(command.description)),
    ...command.arguments.filter(({ description }) => description !== '').map(argumentItem),
    ...command.options.map(optionItem),
  ];
}

function argumentItem({ term, description }: ArgumentNode): string {
  return item(literal(term.replace(/^\[(.*)\]$/, '<$1>')), sentence(description));
}

function optionItem({ flags, description }: OptionNode): string {
  return item(literal(flags), sentence(description));
}

/** Help lines begin with a small letter and have no full stop. */
function sentence(line: string): string {
  const first = /^[a-z]+(?=[\s,;:.]|$)/.test(line) ? line.charAt(0).toUpperCase() + line.slice(1) : line;
  return first.endsWith('.') ? first : `${first}.`;
}

const closing: readonly string[] = [
  heading('Exit status'),
  item(bold('0'), 'Done, or healthy.'),
  item(bold('1'), 'Not done; standard error says what and why.'),
  item(bold('2'), '`plan`, `adopt` and `teardown`: there is something to do.'),
  item(bold('3'), '`status`: the node is degraded.'),
  item(bold('64'), 'The command line is wrong.'),
  item(bold('78'), 'The configuration is wrong; all of its problems are named.'),
  heading('Environment'),
  item(bold('MOENET_CONFIG'), 'The configuration file, unless `--config` names one.'),
  item(
    bold('MOENET_SOCKET'),
    "The daemon's socket or the directory with its sockets, unless `--socket` names one.",
  ),
  item(
    bold('MOENET_CP_URL, MOENET_NODE_NAME, MOENET_CP_TOKEN'),
    'Instead of the keys `bootstrap.apiUrl`, `bootstrap.nodeName` and `bootstrap.token` of the configuration.',
  ),
  heading('Files'),
  item(bold('/etc/moenet-agent/config.json'), 'The configuration.'),
  item(bold('/etc/moenet-agent/token'), 'The token of this node at the control plane, for the systemd unit.'),
  item(bold('/var/lib/moenet-agent'), 'What must outlive a reboot.'),
  item(bold('/run/moenet-agent'), 'The sockets of the daemon, and its lock.'),
  heading('See also'),
  `${bold('moenet-agent.json')}(5), ${bold('bird')}(8), ${bold('birdc')}(8), ${bold('wg')}(8)`,
  paragraph(
    '/usr/share/doc/moenet-agent/docs/interface.md has the HTTP API, the metrics and the rules of the routing policy.',
  ),
];
