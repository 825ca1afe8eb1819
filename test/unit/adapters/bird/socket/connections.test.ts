import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { openBird } from '../../../../../src/adapters/bird/open-bird.js';
import { type BirdDaemon, type BirdDaemonOptions, startBirdDaemon } from '../../../../fakes/bird-daemon.js';
import { patiently } from '../../../../patiently.js';

let configDir: string;
let controlSocket: string;
let daemon: BirdDaemon;

beforeEach(async () => {
  configDir = await mkdtemp(join(tmpdir(), 'bird-dir-'));
  controlSocket = join(configDir, 'bird.ctl');
  await writeFile(join(configDir, 'bird.conf'), 'operator\n');
});

afterEach(async () => {
  await daemon.close();
  await rm(configDir, { recursive: true });
});

const main = { path: 'bird.conf', content: '# moenet-agent:node:\n', owner: { kind: 'node' } } as const;
const gate = () => Promise.reject(new Error('no memory'));

/** Everything that asks BIRD, with the last of what it asks. */
const uses: Readonly<Record<string, readonly [() => string, (signal: AbortSignal) => Promise<unknown>]>> = {
  'a look at it': [() => 'show protocols all', (signal) => open().observe(signal)],
  'a check': [
    () => `configure check "${configDir}/.moenet-agent.staged/bird.conf"`,
    (signal) => open().check([main], [], signal),
  ],
  'a commit': [() => 'configure confirm', (signal) => open().commit([main], [], signal)],
  'a commit whose gate fails': [
    () => 'configure undo',
    (signal) => open().commit([main], [], signal, { gate }),
  ],
  'a protocol that is enabled': [() => 'enable "device1"', (signal) => open().enable('device1', signal)],
  'a protocol that is restarted': [() => 'restart "device1"', (signal) => open().restart('device1', signal)],
  'a look-up of routes': [() => 'restrict', (signal) => open().tables.routes('172.20.0.53' as never, signal)],
  'a count of routes': [() => 'restrict', (signal) => open().tables.count([], signal)],
};

const limits = () => ({ controlSocket, connectTimeoutMs: 100, replyTimeoutMs: 100 });
const open = () =>
  openBird({ ...limits(), configDir, mode: 'full', run: () => Promise.reject(new Error('no program')) });

async function expectClosed(
  use: (signal: AbortSignal) => Promise<unknown>,
  options: BirdDaemonOptions = {},
  signal = new AbortController().signal,
): Promise<void> {
  daemon = await startBirdDaemon(controlSocket, options);
  await use(signal).catch(() => undefined);
  await vi.waitUntil(() => daemon.connections() === 0, patiently);
}

// BIRD serves few clients at once, and each open one costs it.
describe.each(Object.entries(uses))('the connection of %s', (_, [last, use]) => {
  it('is closed when all is well', async () => {
    await expectClosed(use);
    expect(daemon.commands.at(-1)).toBe(last());
  });

  it('is closed when BIRD does not answer, refuses, or ends it', async () => {
    for (const options of [
      { silentOn: 'greeting' },
      { replies: { greeting: '8007 Access denied\n' } },
      { silentOn: last() },
      { hangUpOn: last() },
      { replies: { [last()]: '8007 Access denied\n' } },
    ]) {
      await expectClosed(use, options);
      await daemon.close();
      await open().recover();
      await open().endRecovery();
    }
    daemon = await startBirdDaemon(controlSocket);
  });

  it('is closed when it is given up', async () => {
    const giveUp = new AbortController();
    setTimeout(() => giveUp.abort(new Error('enough')), 20);
    await expectClosed(use, { silentOn: last() }, giveUp.signal);
  });
});
