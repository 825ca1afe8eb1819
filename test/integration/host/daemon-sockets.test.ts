import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { listenControlSocket } from '../../../src/http/control-socket.js';
import type { Listening } from '../../../src/http/server.js';
import { run } from '../../../src/platform/exec.js';
import type { Handlers } from '../../../src/shell/daemon-api.js';
import { goodStatus } from '../../fakes/node-status.js';

const [readers, changers, strangers] = [4001, 4002, 4003];
const groups: Readonly<Record<string, number>> = { 'moenet-agent': readers, 'moenet-admin': changers };
let directory = '';
let daemon: Listening;

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'moenet-agent-sockets-'));
  await chmod(directory, 0o755);
  const handlers = { status: () => goodStatus } as Partial<Handlers> as Handlers;
  daemon = await listenControlSocket(
    join(directory, 'run', 'agent.sock'),
    handlers,
    async (name) => groups[name],
  );
});

afterAll(async () => {
  await daemon.close();
  await rm(directory, { recursive: true });
});

/** What another user of the machine, in this group alone, gets at a socket. */
async function asMember(group: number, socket: string): Promise<string> {
  const path = join(directory, 'run', socket);
  const program = `require('node:http').request({ socketPath: ${JSON.stringify(path)}, path: '/status' })
    .on('response', (answer) => { console.log(answer.statusCode); answer.resume(); })
    .on('error', (error) => console.log(error.code)).end()`;
  const user = ['--reuid=65534', `--regid=${group}`, '--clear-groups'];
  const { stdout } = await run('setpriv', [...user, process.execPath, '-e', program]);
  return stdout.trim();
}

it.each([
  [readers, 'read.sock', '200'],
  [readers, 'agent.sock', 'EACCES'],
  [changers, 'agent.sock', '200'],
  [changers, 'read.sock', 'EACCES'],
  [strangers, 'read.sock', 'EACCES'],
  [strangers, 'agent.sock', 'EACCES'],
])('a user in the group %i gets at %s: %s', async (group, socket, result) => {
  expect(await asMember(group, socket)).toBe(result);
});
