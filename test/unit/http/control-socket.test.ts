import { once } from 'node:events';
import { mkdir, mkdtemp, rename, rm, stat, writeFile } from 'node:fs/promises';
import { request } from 'node:http';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { askDaemon, askIfRunning } from '../../../src/http/client.js';
import { claimNode, listenControlSocket } from '../../../src/http/control-socket.js';
import type { Listening } from '../../../src/http/server.js';
import { goodStatus } from '../../fakes/node-status.js';
import { done, makeHandlers, traffic } from './handlers.js';

const force = { force: false };

let directory = '';
let path = '';
const open: Listening[] = [];

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'moenet-agent-socket-'));
  path = join(directory, 'run', 'agent.sock');
});

afterEach(async () => {
  await Promise.all(open.splice(0).map((server) => server.close()));
  await rm(directory, { recursive: true });
});

async function serve(groups: Readonly<Record<string, number>> = {}): Promise<void> {
  open.push(await listenControlSocket(path, makeHandlers(), async (name) => groups[name]));
}

/** Leaves a socket file on which nobody listens, as a daemon that was killed does. */
async function leaveStaleSocket(): Promise<void> {
  const server = createServer();
  server.listen(join(directory, 'run', 'other.sock'));
  await once(server, 'listening');
  await rename(join(directory, 'run', 'other.sock'), path);
  server.close();
  await once(server, 'close');
}

/** A request as it goes over the socket, whatever this version's client sends. */
async function exchange(method: string, url: string, body: string) {
  const sent = request({ socketPath: path, method, path: url, agent: false }).end(body);
  const [response] = await once(sent, 'response');
  return { status: response.statusCode, answer: JSON.parse((await response.toArray()).join('')) };
}

it('switches a session, and refuses a name without a session', async () => {
  await serve();
  const request = { session: 'wg_24001', to: 'disabled', now: true } as const;
  expect(await askDaemon(path, 'switchSession', request)).toMatchObject({
    ok: true,
    errors: ['wg_24001 disabled'],
  });
  const bad = askDaemon(path, 'switchSession', { ...request, session: '' });
  await expect(bad).rejects.toThrow('the daemon refused POST /session');
});

it('answers with the status and with what a resync did', async () => {
  await serve();
  expect(await askDaemon(path, 'status', {})).toEqual(JSON.parse(JSON.stringify(goodStatus)));
  expect(await askDaemon(path, 'resync', force)).toEqual(done);
});

it('gives the history of a session, of a day where nobody says how much', async () => {
  await serve();
  const { status, answer } = await exchange('GET', '/history?session=AS4242421080', '');
  expect([status, answer.from, answer.series.rtt]).toEqual([200, 24 * 3600, [12.5, null]]);
  expect((await askDaemon(path, 'history', { session: 'wg_24001', hours: 720 })).from).toBe(720 * 3600);
});

it.each(['', '?hours=2', '?session=x&hours=0', '?session=x&hours=721', '?session=x&hours=many'])(
  'does not guess which history %j is',
  async (query) => {
    await serve();
    const { status, answer } = await exchange('GET', `/history${query}`, '');
    expect([status, answer.error]).toEqual([400, expect.stringContaining('the query must be ?session=')]);
  },
);

it('switches maintenance on and off, and says whether it is on', async () => {
  await serve();
  const ask = (on: boolean) => askDaemon(path, 'setMaintenance', { on, withTraffic: true });
  expect(await ask(true)).toEqual({ ...done, on: true });
  expect(await askDaemon(path, 'maintenance', {})).toEqual({ on: true, traffic });
  expect(await ask(false)).toMatchObject({ on: false });
});

it('says what it would adopt, and adopts it', async () => {
  await serve();
  expect(await askDaemon(path, 'adoption', {})).toMatchObject({ items: [] });
  expect(await askDaemon(path, 'adopt', {})).toMatchObject({ changes: ['adopted'] });
});

it.each([{}, { on: 'yes' }, [], null])('does not guess what maintenance %j is', async (body) => {
  await serve();
  const wanted = askDaemon(path, 'setMaintenance', body as never);
  await expect(wanted).rejects.toThrow('the body must be {"on": true} or {"on": false}');
  expect(await askDaemon(path, 'maintenance', {})).toMatchObject({ on: false });
});

describe('a command line of another version', () => {
  const answers = [
    ['GET', '/status', '', { health: 'ok' }],
    ['POST', '/resync', '{"force":true}', done],
    ['POST', '/resync', '{"reset":"wg_24001"}', done],
    ['POST', '/resync', '', done],
    ['GET', '/maintenance', '', { on: false, traffic }],
    ['POST', '/maintenance', '{"on":true}', { ...done, on: true }],
    ['POST', '/session', '{"session":"a1","to":"enabled"}', { errors: ['a1 enabled'] }],
    ['GET', '/adopt', '', { items: [] }],
    ['POST', '/adopt', '', { changes: ['adopted'] }],
  ] as const;

  it.each(answers)('is answered on %s %s with the body "%s"', async (method, url, body, expected) => {
    await serve();
    expect(await exchange(method, url, body)).toMatchObject({ status: 200, answer: expected });
  });

  it('gets an error with the form of the body', async () => {
    await serve();
    const error =
      'the body must be {"force": true or false, "reset": "an interface, an ASN, a uuid or a protocol"}';
    expect(await exchange('POST', '/resync', '{"force":1}')).toEqual({ status: 400, answer: { error } });
  });
});

describe('the sockets', () => {
  const readPath = () => join(directory, 'run', 'read.sock');
  const modeOf = async (file: string) => (await stat(file)).mode & 0o777;

  it('are only for root and its own user where the machine has no group for them', async () => {
    await serve();
    expect([await modeOf(path), await modeOf(readPath())]).toEqual([0o600, 0o600]);
    expect(await modeOf(join(directory, 'run'))).toBe(0o751);
  });

  it('are each for a group of its own, in a directory that others only pass through', async () => {
    await mkdir(join(directory, 'run'), { mode: 0o750 });
    await serve({ 'moenet-agent': 4001, 'moenet-admin': 4002 });
    expect([await modeOf(path), await modeOf(readPath())]).toEqual([0o660, 0o660]);
    expect([(await stat(path)).gid, (await stat(readPath())).gid]).toEqual([4002, 4001]);
    expect(await modeOf(join(directory, 'run'))).toBe(0o751);
  });

  it('for readers takes what changes nothing, and nothing else', async () => {
    await serve();
    expect(await askDaemon(readPath(), 'explain', { subject: 'wg_24001' })).toEqual({
      matches: [],
      names: ['wg_24001'],
    });
    expect(await askDaemon(readPath(), 'maintenance', {})).toMatchObject({ on: false });
    await expect(askDaemon(readPath(), 'setMaintenance', { on: true, withTraffic: false })).rejects.toThrow(
      'use GET',
    );
    await expect(askDaemon(readPath(), 'resync', force)).rejects.toThrow('no such path');
    expect(await askDaemon(path, 'maintenance', {})).toMatchObject({ on: false });
  });

  it('are asked in turn: an older daemon has only the one', async () => {
    await serve();
    await rm(readPath());
    expect(await askIfRunning(join(directory, 'run'), 'maintenance', {})).toMatchObject({ on: false });
  });
});

it('removes its socket when it closes', async () => {
  await serve();
  await open.splice(0)[0]?.close();
  await expect(stat(path)).rejects.toThrow('ENOENT');
});

it('replaces the socket of a daemon that is dead', async () => {
  await serve();
  await open.splice(0)[0]?.close();
  await leaveStaleSocket();
  await serve();
  expect(await askDaemon(path, 'resync', force)).toEqual(done);
});

it('refuses to start beside a living daemon, and names its process', async () => {
  await serve();
  await expect(serve()).rejects.toMatchObject({
    name: 'DaemonRunningError',
    pid: 4711,
    message: `another moenet-agent is running as process 4711 (it answers on ${path})`,
  });
  expect(await askDaemon(path, 'resync', force)).toEqual(done);
});

describe('a single run', () => {
  it('is refused beside a living daemon', async () => {
    await serve();
    await expect(claimNode(path)).rejects.toMatchObject({ name: 'DaemonRunningError', pid: 4711 });
  });

  it('keeps a daemon, and another one, out until it is over', async () => {
    const claim = await claimNode(path);
    const refused = { name: 'DaemonRunningError', message: expect.stringContaining('or starting') };
    await expect(serve()).rejects.toMatchObject(refused);
    await expect(claimNode(path)).rejects.toMatchObject(refused);
    await claim.release();
    await serve();
    expect(await askDaemon(path, 'resync', force)).toEqual(done);
  });
});

it('leaves a file alone that is no socket', async () => {
  path = join(directory, 'agent.sock');
  await writeFile(path, 'notes');
  await expect(serve()).rejects.toThrow('is not a socket, so');
});
