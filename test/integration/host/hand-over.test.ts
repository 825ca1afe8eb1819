import { link, mkdir, mkdtemp, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import {
  handDirectory,
  handFile,
  handSockets,
  withDirectory,
  withinDirectory,
} from '../../../src/adapters/service/hand-over.js';
import { askHelper } from '../../../src/adapters/service/helper.js';

const other = 12_345;
let directory = '';
const at = (name: string) => join(directory, name);
const owner = async (name: string) => (await stat(at(name))).uid;

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'moenet-hand-'));
});

afterEach(() => rm(directory, { recursive: true }));

it('a file is handed over once', async () => {
  await writeFile(at('key'), 'text', { mode: 0o600 });
  await withDirectory(directory, async (here) => {
    expect(
      await handFile(here, 'key', async ({ readText }) =>
        (await readText()) === 'text' ? { uid: other } : {},
      ),
    ).toBe(true);
    expect(await handFile(here, 'key', () => ({ uid: other }))).toBe(false);
    expect(await handFile(here, 'absent', () => ({ uid: other }))).toBe(false);
  });
  expect(await owner('key')).toBe(other);
});

it('neither a link, nor a file with another name, nor what a linked directory holds is handed over', async () => {
  await mkdir(at('root'));
  await writeFile(at('root/shadow'), 'secret');
  await writeFile(at('root/once'), 'secret');
  await mkdir(at('hostile'));
  await symlink(at('root/shadow'), at('hostile/key'));
  await link(at('root/once'), at('hostile/second'));
  await symlink(at('root'), at('hostile/peers'));
  await withDirectory(at('hostile'), async (here) => {
    for (const name of ['key', 'second'])
      expect(await handFile(here, name, () => ({ uid: other }))).toBe(false);
    await withinDirectory(here, 'peers', async (peers) => {
      await handDirectory(peers, { uid: other });
    });
    await handSockets(here, other, async () => true);
  });
  for (const name of ['root', 'root/shadow', 'root/once']) expect(await owner(name)).toBe(0);
});

it('of what is in a directory of sockets, the sockets are handed over', async () => {
  const server = createServer().listen(at('wg0.sock'));
  await writeFile(at('file.sock'), '');
  await withDirectory(directory, async (here) => {
    expect(await handSockets(here, other, async () => false)).toEqual([]);
    expect(await handSockets(here, other, async () => true)).toEqual(['wg0.sock']);
    expect(await handSockets(here, other, async () => true)).toEqual([]);
  });
  server.close();
  expect(await owner('file.sock')).toBe(0);
});

it('a helper that is not there is named with the command that starts it', async () => {
  const call = { socket: at('bird.sock'), input: '\n', end: /\n$/, timeoutMs: 1000 };
  await expect(askHelper(call)).rejects.toThrow(
    /nothing listens on .*: systemctl enable --now moenet-agent-bird\.socket/,
  );
  const silent = createServer((socket) => socket.end('half')).listen(at('bird.sock'));
  await expect(askHelper(call)).rejects.toThrow(
    /gave no answer. See: journalctl --unit 'moenet-agent-bird@\*'/,
  );
  silent.close();
});
