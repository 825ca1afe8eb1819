import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { expect, it } from 'vitest';
import { birdConfiguration, birdFiles } from '../../../../src/lab/hosts/bird-configuration.js';
import { nodePaths } from '../../../../src/lab/hosts/node-host.js';

it('BIRD reads what is there, and nothing of what the agent stages or keeps', async () => {
  const root = await mkdtemp(join(tmpdir(), 'moenet-agent-lab-'));
  const directory = root + nodePaths.birdDirectory;
  for (const path of [
    'peers/dn42_2.conf',
    'bird.conf',
    'bird.conf.orig',
    '.moenet-agent.staged/bird.conf',
    '.moenet-agent.previous/peers%2Fdn42_1.conf',
    'peers/.dn42_1.conf.0123456789abcdef.tmp',
  ]) {
    await mkdir(dirname(join(directory, path)), { recursive: true });
    await writeFile(join(directory, path), path);
  }
  // As a file that goes between two looks at it.
  await symlink('/nonexistent', join(directory, 'peers/gone.conf'));
  expect([...(await birdFiles({ root }))]).toEqual([
    ['bird.conf', 'bird.conf'],
    ['peers/dn42_2.conf', 'peers/dn42_2.conf'],
  ]);
  await rm(root, { recursive: true });
});

it.each([
  ['2.0.12', false],
  ['3.1.8', true],
])('BIRD %s is asked what it has loaded, whatever its files say since', async (version, isBird3) => {
  const root = await mkdtemp(join(tmpdir(), 'moenet-agent-lab-'));
  const directory = root + nodePaths.birdDirectory;
  await mkdir(directory, { recursive: true });
  await writeFile(join(directory, 'bird.conf'), '# define NONE = 0;\ndefine B = 2;\ndefine A = [\n  1 ];\n');
  const replies: Readonly<Record<string, string>> = {
    'show status': `1000-BIRD ${version}\n1011-Router ID is 192.0.2.1\n Last reconfiguration on 2026-11-23 20:39:51.531\n0013 Daemon is up and running\n`,
    'eval A': '0023 [1]\n',
    'eval B': '0023 1\n',
  };
  const node = { root, askBird: async (command: string) => replies[command] ?? '9001 syntax error\n' };
  const { files, ...seen } = await birdConfiguration(node);
  expect(seen).toEqual({
    isBird3,
    loadedAtMs: new Date(2026, 10, 23, 20, 39, 51, 531).getTime(),
    constants: new Map([
      ['A', '[1]'],
      ['B', '1'],
    ]),
  });
  expect([...files.keys()]).toEqual(['bird.conf']);
  await rm(root, { recursive: true });
});
