import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { expect, it } from 'vitest';
import { birdFiles } from '../../../../src/lab/hosts/bird-configuration.js';
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
