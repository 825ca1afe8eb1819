import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { findDaemon } from '../../../src/config/find-daemon.js';

let cwd = '';
const usual = { runtimeDir: '/run/moenet-agent' };

beforeEach(async () => {
  cwd = await mkdtemp(join(tmpdir(), 'moenet-agent-place-'));
});

afterEach(() => rm(cwd, { recursive: true }));

const file = () => join(cwd, 'config.json');
const find = (more: object = {}, env: Record<string, string> = {}) =>
  findDaemon({ cwd, env, systemPaths: [file()], ...more });

async function write(text: string): Promise<void> {
  await writeFile(file(), text);
  await chmod(file(), 0o600);
}

it('the usual directory counts where there is no configuration', async () => {
  expect(await find()).toEqual({ place: usual });
});

it('the configuration names the directory, without a token and without being right otherwise', async () => {
  await write('{"runtimeDir": "run", "stateDir": 5}');
  expect(await find()).toEqual({ place: { runtimeDir: join(cwd, 'run') } });
});

it('a usual file that is of no use is passed over', async () => {
  await write('{"runtimeDir": "run"}');
  await chmod(file(), 0o666);
  expect(await find()).toEqual({ place: usual });
});

it('a named file that is of no use is told, with what to do', async () => {
  await write('{');
  const { place, warning } = await find({ path: 'config.json' });
  expect(place).toEqual(usual);
  expect(warning).toMatch(
    /^\/.*config\.json cannot be used .*; the command looks for the daemon in \/run\/moenet-agent\. .*--socket/,
  );
});

it('a named file that does not exist is an error', async () => {
  await expect(find({ path: 'other.json' })).rejects.toThrow('there is no such file');
});

it('--socket and MOENET_SOCKET name a directory or a socket', async () => {
  expect(await find({ socket: cwd })).toEqual({ place: { runtimeDir: cwd } });
  expect(await find({}, { MOENET_SOCKET: join(cwd, 'x.sock') })).toEqual({
    place: { socket: join(cwd, 'x.sock') },
  });
});
