import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { connectBird } from '../../../../../src/adapters/bird/socket/socket.js';
import { type BirdDaemon, type BirdDaemonOptions, startBirdDaemon } from '../../../../fakes/bird-daemon.js';

let directory: string;
let controlSocket: string;
let daemon: BirdDaemon | undefined;

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'bird-socket-'));
  controlSocket = join(directory, 'bird.ctl');
});

afterEach(async () => {
  await daemon?.close();
  daemon = undefined;
  await rm(directory, { recursive: true });
});

async function connect(options: BirdDaemonOptions = {}, signal?: AbortSignal) {
  daemon = await startBirdDaemon(controlSocket, options);
  return connectBird({ controlSocket, connectTimeoutMs: 200, replyTimeoutMs: 200 }, signal);
}

const connectOnly = () => connectBird({ controlSocket, connectTimeoutMs: 200, replyTimeoutMs: 200 });

describe('a client of the control socket', () => {
  it('asks one command after another over one connection', async () => {
    const bird = await connect();
    expect((await bird.ask('show status')).code).toBe('0013');
    expect((await bird.ask('show protocols all')).code).toBe('0000');
    expect(daemon?.commands).toEqual(['show status', 'show protocols all']);
    bird.close();
  });

  it('reads replies that come byte by byte among asynchronous lines', async () => {
    const bird = await connect({ pieceBytes: 1, noise: '+dn42_a: Route limit exceeded' });
    expect(await bird.ask('configure')).toMatchObject({ code: '0003', text: 'Reconfigured' });
    bird.close();
  });

  it('hands out replies that are errors, such as 9001', async () => {
    const bird = await connect();
    expect((await bird.ask('show nonsense')).code).toBe('9001');
    expect((await bird.ask('show status')).code).toBe('0013');
    bird.close();
  });

  it('says that there is no socket, or nobody behind it, or no socket at all', async () => {
    await expect(connectOnly()).rejects.toThrow(
      `BIRD does not answer on ${controlSocket}: no such file (is bird running?)`,
    );
    await writeFile(controlSocket, '');
    await expect(connectOnly()).rejects.toThrow('connection refused');
  });

  it('gives up on a BIRD that sends no greeting', async () => {
    await expect(connect({ silentOn: 'greeting' })).rejects.toThrow(
      'no greeting within 0.2 s (is bird hung?)',
    );
  });

  it('gives up on a BIRD that does not reply, and never takes a late reply for that of the next command', async () => {
    const bird = await connect({ silentOn: 'show status' });
    await expect(bird.ask('show status')).rejects.toThrow('no reply to "show status" within 0.2 s');
    await expect(bird.ask('configure')).rejects.toThrow('no reply to "show status"');
  });

  it('notices a connection that closes in the middle of a reply', async () => {
    const bird = await connect({ hangUpOn: 'show status' });
    await expect(bird.ask('show status')).rejects.toThrow(
      'it closed the connection before the reply to "show status"',
    );
  });

  it('refuses a greeting that is not BIRD’s', async () => {
    daemon = await startBirdDaemon(controlSocket, { version: '2.0.12', noise: 'HTTP/1.1 200 OK' });
    await expect(connectOnly()).rejects.toThrow("not a line of BIRD's");
  });

  it('refuses a reply that nobody asked for', async () => {
    const bird = await connect({ replies: { configure: '0003 Reconfigured\n0003 Reconfigured\n' } });
    await bird.ask('configure');
    await expect(bird.ask('show status')).rejects.toThrow('nobody asked for');
  });

  it('ends with the signal’s reason, also in the middle of a reply', async () => {
    const stopping = new Error('stopping');
    await expect(connect({}, AbortSignal.abort(stopping))).rejects.toBe(stopping);
    await daemon?.close();
    const bird = await connect({ silentOn: 'show status' });
    const controller = new AbortController();
    const reply = bird.ask('show status', controller.signal);
    controller.abort(stopping);
    await expect(reply).rejects.toBe(stopping);
  });

  it.each(['show status\nconfigure', 'show status\r', 'a\0b', 'x'.repeat(1023)])(
    'does not send the command %j',
    async (command) => {
      const bird = await connect();
      await expect(bird.ask(command)).rejects.toThrow(
        /^(a command to BIRD cannot|BIRD takes commands of 1022 bytes)/,
      );
      expect((await bird.ask('x'.repeat(1022))).code).toBe('9001');
      expect(daemon?.commands).toHaveLength(1);
      bird.close();
    },
  );
});
