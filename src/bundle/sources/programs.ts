import { partOf } from '../part-of.js';
import type { Source } from '../source.js';

interface Question {
  readonly file: string;
  readonly program: string;
  readonly args: readonly string[];
  readonly keep?: 'start' | 'end';
}

const routes = ['route', 'show', 'table', 'all'];
const journal = ['--no-pager', '-o', 'short-iso', '--since', '-3d', '-n', '20000', '-u', 'moenet-agent*'];

const questions: readonly Question[] = [
  // Not `dump`, which shows the private keys.
  { file: 'wireguard/show.txt', program: 'wg', args: ['show', 'all'] },
  { file: 'network/links.json', program: 'ip', args: ['-j', '-d', '-s', 'link'] },
  { file: 'network/addresses.json', program: 'ip', args: ['-j', 'addr'] },
  { file: 'network/routes-ipv4.json', program: 'ip', args: ['-j', '-4', ...routes] },
  { file: 'network/routes-ipv6.json', program: 'ip', args: ['-j', '-6', ...routes] },
  { file: 'network/rules-ipv4.json', program: 'ip', args: ['-j', '-4', 'rule'] },
  { file: 'network/rules-ipv6.json', program: 'ip', args: ['-j', '-6', 'rule'] },
  { file: 'network/neighbors.json', program: 'ip', args: ['-j', 'neigh'] },
  { file: 'network/nft.txt', program: 'nft', args: ['list', 'ruleset'] },
  { file: 'journal.txt', program: 'journalctl', args: journal, keep: 'end' },
  { file: 'unit/files.txt', program: 'systemctl', args: ['cat', '--no-pager', 'moenet-agent*'] },
  { file: 'unit/show.txt', program: 'systemctl', args: ['show', '--no-pager', 'moenet-agent.service'] },
  {
    file: 'unit/list.txt',
    program: 'systemctl',
    args: ['list-units', '--all', '--no-pager', 'moenet-agent*', 'bird*'],
  },
];

/** What the system's programs say. Each only shows. */
export const programs: readonly Source[] = questions.map(({ file, program, args, keep = 'start' }) => ({
  name: file,
  limitMs: 20_000,
  collect: async ({ run }, signal) => [
    await partOf(file, async () => {
      const { stdout, stderr } = await run(program, args, { signal, timeoutMs: 15_000 });
      const words = stderr.trim() === '' ? '' : `# standard error:\n${stderr}\n`;
      return { keep, text: `${stdout}\n${words}` };
    }),
  ],
}));
