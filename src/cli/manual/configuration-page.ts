import { configSchema } from '../../config/schema.js';
import { sessionOptions } from '../../core/model/session-options.js';
import { type KeyRow, keyRows } from './key-rows.js';
import { bold, heading, inline, item, paragraph, title } from './roff.js';

/** moenet-agent.json(5), from the schema of the configuration file. */
export function configurationPage(version: string): string {
  const lines = [
    title('MOENET-AGENT.JSON', 5, version),
    heading('Name'),
    'moenet\\-agent.json \\- configuration of moenet\\-agent',
    heading('Synopsis'),
    bold('/etc/moenet-agent/config.json'),
    heading('Description'),
    inline(
      'One JSON object; `a.b` below is the key `b` of the object `a`. What the control plane says overrides the defaults, and what the file says overrides both. Relative paths start at the directory of the file. An unknown key is warned about. Only root and the user of the agent may be able to change the file.',
    ),
    paragraph(
      '`moenet-agent doctor` checks the file; `moenet-agent plan` shows what a change of it would change.',
    ),
    heading('Keys'),
    ...keyRows(configSchema).map((row) => item(bold(row.key), `${sentence(row)} ${defaultOf(row)}`)),
    heading('Options of one session'),
    inline(
      'The object `sessions` has one object for each AS (`AS4242421080`: all its sessions on this node) or session (its uuid, which counts more). The `data` of a session at the control plane may have the same keys; the file counts more than it.',
    ),
    ...keyRows(sessionOptions).map((row) => item(bold(row.key), `(${row.value}) ${sentence(row)}`)),
    heading('Example'),
    '.nf',
    ...inlineExample,
    '.fi',
    heading('See also'),
    `${bold('moenet-agent')}(8)`,
    paragraph(
      '/usr/share/doc/moenet-agent/docs has more: configuration.md, and interface.md on own prefixes, kernel tables and sessions.',
    ),
  ];
  return `${lines.join('\n')}\n`;
}

function sentence({ meaning }: KeyRow): string {
  return `${meaning.replace(/^\[?[a-z]/, (start) => start.toUpperCase())}.`;
}

function defaultOf({ usual }: KeyRow): string {
  return usual.startsWith('required') ? `R${usual.slice(1)}.` : `Default: ${usual}.`;
}

const inlineExample = [
  '{',
  '  \\(dqbootstrap\\(dq: {',
  '    \\(dqapiUrl\\(dq: \\(dqhttps://api.example.net\\(dq,',
  '    \\(dqnodeName\\(dq: \\(dqhk\\-edge\\(dq,',
  '    \\(dqtokenFile\\(dq: \\(dq/etc/moenet\\-agent/token\\(dq',
  '  }',
  '}',
];
