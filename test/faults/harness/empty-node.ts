import { rm } from 'node:fs/promises';
import type { FaultyNode } from './faulty-node.js';

const birdsFiles = [
  'moenet-agent.conf',
  'moenet-agent',
  'peers',
  'ibgp.d',
  '.moenet-agent.staged',
  '.moenet-agent.previous',
];

/** Takes away all that the agent, which does not run, has made: the node is as new. */
export async function emptyNode({ namespace, path }: FaultyNode): Promise<void> {
  const { stdout } = await namespace.run('wg', ['show', 'interfaces']);
  const tunnels = stdout.split(/\s+/).filter((name) => name !== '' && name !== 'wg_foreign');
  const commands = [
    ...tunnels.map((name) => `link del dev ${name}`),
    'link del dev dummy0',
    'addr flush dev lo scope global',
    // Where there are no dummies the agent's addresses are on `lo`.
    'addr replace ::1/128 dev lo',
    '',
  ];
  await namespace.run('ip', ['-force', '-batch', '-'], { input: commands.join('\n'), okExitCodes: [0, 1] });
  const made = ['state', 'run', 'keys', ...birdsFiles.map((name) => `bird/${name}`)];
  await Promise.all(made.map((name) => rm(path(name), { recursive: true, force: true })));
  await namespace.run('birdc', ['-s', '/run/bird/bird.ctl', 'configure']);
}
