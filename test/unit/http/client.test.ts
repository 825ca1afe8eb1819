import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer as createHttpServer } from 'node:http';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import { askDaemon } from '../../../src/http/client.js';
import { listenControlSocket } from '../../../src/http/control-socket.js';
import type { Handlers } from '../../../src/shell/daemon-api.js';
import { goodStatus } from '../../fakes/node-status.js';
import { done, makeHandlers } from './handlers.js';

const force = { force: false };

let directory = '';
let path = '';

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'moenet-agent-client-'));
  path = join(directory, 'agent.sock');
});

afterEach(() => rm(directory, { recursive: true }));

async function serveResync(resync: Handlers['resync']): Promise<void> {
  const server = await listenControlSocket(path, makeHandlers({ resync }), async () => undefined);
  onTestFinished(() => server.close());
}

describe('a daemon of another version', () => {
  async function answerWith(text: string): Promise<void> {
    const server = createHttpServer((_, response) => response.end(text)).listen(path);
    await once(server, 'listening');
    onTestFinished(() => void server.close());
  }

  it('may say more than this command line knows', async () => {
    await answerWith(JSON.stringify({ ...done, took: { seconds: 3 } }));
    expect(await askDaemon(path, 'resync', force)).toEqual({ ...done, took: { seconds: 3 } });
  });

  it('may have words that this command line does not know, and more in its rows', async () => {
    const [first] = goodStatus.sessions;
    const sessions = [{ ...first, state: 'levitating', isNew: true }];
    await answerWith(JSON.stringify({ ...goodStatus, sessions }));
    expect(await askDaemon(path, 'status', {})).toMatchObject({
      sessions: [{ state: 'levitating', isNew: true }],
    });
  });

  it('is named where its rows lack what this command line needs', async () => {
    await answerWith(JSON.stringify({ ...goodStatus, sessions: [{ uuid: 'a1', state: 'ok' }] }));
    await expect(askDaemon(path, 'status', {})).rejects.toThrow(/cannot be read at sessions\.0\.flaps: /);
  });

  it('is named where its answer lacks what this command line needs', async () => {
    await answerWith('{"ok":true,"changes":[]}');
    await expect(askDaemon(path, 'resync', force)).rejects.toThrow(
      /^the daemon's answer to POST \/resync cannot be read at errors: .*Is it another version\? Try: systemctl restart moenet-agent$/,
    );
  });
});

describe('askDaemon', () => {
  it('says that no daemon is running where there is no socket', async () => {
    await expect(askDaemon(path, 'status', {})).rejects.toMatchObject({
      name: 'DaemonUnreachableError',
      reason: 'absent',
    });
  });

  it('hands on the words of a daemon that fails', async () => {
    await serveResync(async () => {
      throw new Error('the pass was interrupted');
    });
    await expect(askDaemon(path, 'resync', force)).rejects.toThrow(
      'the daemon refused POST /resync: the pass was interrupted',
    );
  });

  it('does not wait for ever', async () => {
    await serveResync(() => new Promise(() => {}));
    await expect(askDaemon(path, 'resync', force, { timeoutMs: 50 })).rejects.toThrow(
      'did not answer in time',
    );
  });

  it('says so where the daemon closes the connection', async () => {
    const server = createServer((socket) => socket.once('data', () => socket.destroy()));
    server.listen(path);
    await once(server, 'listening');
    await expect(askDaemon(path, 'status', {})).rejects.toThrow(
      `the daemon closed ${path} without an answer: it stops or starts over. Try again`,
    );
    server.close();
    await once(server, 'close');
  });

  it('names an answer that is no JSON', async () => {
    const server = createServer((socket) =>
      socket.resume().end('HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi'),
    );
    server.listen(path);
    await once(server, 'listening');
    await expect(askDaemon(path, 'status', {})).rejects.toThrow('did not answer with JSON');
    server.close();
    await once(server, 'close');
  });
});
