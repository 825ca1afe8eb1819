import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { chown, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { type Namespace, openNamespace } from '../../src/lab/namespace.js';
import type { RunResult } from '../../src/platform/exec.js';

// Root stands in a directory of an ordinary user, who has put a configuration there for that.

const main = resolve('dist/main.js');
const ordinaryUser = 12_345;
const [ownPort, thiefsPort] = [18_081, 18_082];
let namespace: Namespace;
let directory: string;
let servers: ChildProcess[];

beforeEach(async () => {
  servers = [];
  namespace = await openNamespace('config');
  await namespace.run('mount', ['-t', 'tmpfs', '-o', 'mode=755', 'tmpfs', '/opt']);
  await namespace.run('mkdir', ['/opt/moenet-agent']);
  await put('/opt/moenet-agent/token', 'the-token');
  directory = await mkdtemp(join(tmpdir(), 'moenet-config-'));
  await chown(directory, ordinaryUser, ordinaryUser);
  const file = join(directory, 'config.json');
  await writeFile(file, configFor(thiefsPort), { mode: 0o644 });
  await chown(file, ordinaryUser, ordinaryUser);
  await listen(ownPort);
  await listen(thiefsPort);
});

afterEach(async () => {
  const ends = servers.map((server) => once(server, 'exit'));
  for (const server of servers) server.kill('SIGKILL');
  await Promise.all(ends);
  await namespace.close();
  await rm(directory, { recursive: true });
});

it('in the working directory is not read by itself', async () => {
  const result = await agentIn(directory, 'plan');
  expect(result.exitCode).toBe(78);
  expect(result.stderr).toContain(
    'there is no /etc/moenet-agent/config.json, no /opt/moenet-agent/config.json',
  );
  expect(await heard(thiefsPort)).toBe('');
});

it('of another user is not read where -c names it, which would send him the token', async () => {
  const file = join(directory, 'config.json');
  const result = await agentIn('/', 'plan', '-c', file);
  expect(result.exitCode).toBe(78);
  expect(result.stderr).toContain(`${directory} belongs to user ${ordinaryUser}, who could change it`);
  await chown(directory, 0, 0);
  expect((await agentIn('/', 'plan', '-c', file)).stderr).toContain(`chown root ${file}`);
  expect(await heard(thiefsPort)).toBe('');
});

it('that the bootstrap script wrote is read, in its working directory and in another', async () => {
  await put('/opt/moenet-agent/config.json', configFor(ownPort));
  for (const cwd of ['/opt/moenet-agent', directory]) await agentIn(cwd, 'plan');
  expect((await heard(ownPort)).match(/Bearer the-token/g)?.length).toBeGreaterThanOrEqual(2);
  expect(await heard(thiefsPort)).toBe('');
});

function configFor(port: number): string {
  return JSON.stringify({
    bootstrap: {
      apiUrl: `http://127.0.0.1:${port}`,
      nodeName: 'jp1',
      tokenFile: '/opt/moenet-agent/token',
      dialect: 'documented',
    },
    stateDir: '/run/state',
  });
}

const root = () => `/proc/${namespace.pid}/root`;

function put(path: string, text: string): Promise<void> {
  return writeFile(root() + path, text, { mode: 0o600 });
}

/** A server that writes down what each request carries as its token, and refuses it. */
async function listen(port: number): Promise<void> {
  const script = `require('node:http').createServer((request, response) => {
    require('node:fs').appendFileSync('/run/heard-${port}', request.headers.authorization + '\\n');
    response.writeHead(401).end();
  }).listen(${port}, '127.0.0.1', () => console.log('listening'))`;
  const server = namespace.spawn('node', ['-e', script], { stdio: ['ignore', 'pipe', 'inherit'] });
  servers.push(server);
  await once(server.stdout ?? server, 'data');
}

function heard(port: number): Promise<string> {
  return readFile(`${root()}/run/heard-${port}`, 'utf8').catch(() => '');
}

function agentIn(cwd: string, ...args: string[]): Promise<RunResult> {
  const okExitCodes = Array.from({ length: 256 }, (_, code) => code);
  const line = ['-c', 'cd "$0" && exec "$@"', cwd, process.execPath, main, ...args];
  return namespace.run('sh', line, { okExitCodes, timeoutMs: 60_000 });
}
