import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { askDevice, deviceSocket } from '../../../../src/adapters/wireguard/device-socket.js';

/** A process that does `answer` with each request that has come to its end. */
async function served(answer: (socket: Socket, request: string) => void): Promise<string> {
  const directory = await mkdtemp(join(tmpdir(), 'moenet-uapi-'));
  const path = deviceSocket(directory, 'wg_1');
  const open = new Set<Socket>();
  const server = createServer((socket) => {
    open.add(socket);
    let text = '';
    socket.on('data', (some) => {
      text += some;
      if (text.endsWith('\n\n')) answer(socket, text);
    });
  }).listen(path);
  await once(server, 'listening');
  onTestFinished(async () => {
    for (const socket of open) socket.destroy();
    server.close();
    await rm(directory, { recursive: true });
  });
  return path;
}

const get = (path: string, timeoutMs = 5_000) => askDevice({ path, request: 'get=1\n', timeoutMs });

describe('askDevice', () => {
  it('returns what the process says, also where it comes in pieces', async () => {
    const path = await served((socket, request) => {
      expect(request).toBe('get=1\n\n');
      socket.write('private_key=00\nliste');
      setImmediate(() => socket.write('n_port=1\nerrno=0\n\n'));
    });
    expect(await get(path)).toEqual({ text: 'private_key=00\nlisten_port=1', problem: undefined });
  });

  it('gives the reason for a failure in the words of the system', async () => {
    const path = await served((socket) => socket.write('errno=-98\n\n'));
    expect(await get(path)).toEqual({ text: '', problem: 'address already in use' });
    const odd = await served((socket) => socket.write('errno=-12345\n\n'));
    expect(await get(odd)).toEqual({ text: '', problem: 'error 12345' });
  });

  it('tells an interface without a process from one whose process has ended', async () => {
    expect(await get('/nonexistent/wg_1.sock')).toBe('no socket');
    const path = await served((socket) => socket.end('listen_port=1\n'));
    expect(await get(path)).toBe('ended');
    await writeFile(`${path}x`, '');
    expect(await get(`${path}x`)).toBe('ended');
  });

  it('does not wait for ever, and says nothing of the request', async () => {
    const path = await served(() => undefined);
    const request = 'set=1\nprivate_key=5ec4e7\n';
    await expect(askDevice({ path, request, timeoutMs: 20 })).rejects.toThrow(
      /^wireguard-go does not answer within 0.02 s$/,
    );
    const cut = new AbortController();
    const asked = askDevice({ path, request, timeoutMs: 60_000 }, cut.signal);
    cut.abort(new Error('the agent stops'));
    await expect(asked).rejects.toThrow('the agent stops');
  });
});
