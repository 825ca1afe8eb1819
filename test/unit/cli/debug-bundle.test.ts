import { describe, expect, it } from 'vitest';
import { commandLine } from './command-line.js';

const { cli } = commandLine();

const bundle = {
  path: '/root/moenet-agent-debug-jp1-20261126T113722Z.tar.gz',
  bytes: 12_300,
  files: [
    { name: 'about.json', characters: 400 },
    { name: 'bird/files/bird.conf', characters: 2_000 },
    { name: 'bird/status.txt', characters: 100 },
  ],
  missing: [
    { name: 'unit/show.txt', why: 'systemctl: not\u001b[2Jbooted' },
    { name: 'unit/list.txt', why: 'systemctl: not\u001b[2Jbooted' },
  ],
};

describe('debug bundle', () => {
  it('prints where the bundle is, what is in it, what is missing and why, and says to look through it', async () => {
    const { out, exitCode, calls } = await cli('debug bundle', { bundle });
    expect(out).toBe(`/root/moenet-agent-debug-jp1-20261126T113722Z.tar.gz (12 kB, readable by you alone)

      400 B  about.json
     2.1 kB  bird/ (2 files)

missing:
  unit/show.txt, unit/list.txt: systemctl: not [2Jbooted

The agent has replaced the secrets that it knows or recognizes by [secret]. Addresses, names and routes are in it as they are. Look through it before you send it:
  tar -xzf /root/moenet-agent-debug-jp1-20261126T113722Z.tar.gz
`);
    expect(exitCode).toBe(0);
    expect(calls).toEqual(['debugBundle undefined false 0']);
  });

  it('takes a file, and replaces one only with --force', async () => {
    expect((await cli('debug bundle --output /tmp/a --force')).calls).toEqual(['debugBundle /tmp/a true 0']);
  });

  it('prints one document with --json', async () => {
    expect(JSON.parse((await cli('--json debug bundle', { bundle })).out)).toEqual(bundle);
  });
});
