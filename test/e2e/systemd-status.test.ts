import { once } from 'node:events';
import { join } from 'node:path';
import { expect, it, onTestFinished, vi } from 'vitest';
import { openFakeSystemd } from '../fakes/systemd.js';
import { patiently } from '../patiently.js';
import { openAgentNode } from './agent-node.js';

it('systemctl status has the node in one line, and at the end that it stopped', async () => {
  const node = await openAgentNode('jp1');
  onTestFinished(() => node.close());
  await node.startBird();
  const socket = join(node.directory, 'notify');
  const systemd = await openFakeSystemd(socket);
  onTestFinished(() => systemd.close());
  vi.stubEnv('NOTIFY_SOCKET', socket);
  const daemon = await node.start();
  vi.unstubAllEnvs();
  const status = (pattern: RegExp) =>
    vi.waitFor(() => expect(systemd.told()).toContainEqual(expect.stringMatching(pattern)), patiently);
  await status(/^STATUS=\d+ of \d+ sessions? up(, \d+ on the peer's side)?(, \d+ problems?: .+)?$/);
  expect(systemd.told()[0]).toBe('READY=1');
  await node.agent('maintenance', 'on');
  await status(
    /^STATUS=\d+ of \d+ sessions? up, maintenance(, \d+ on the peer's side)?(, \d+ problems?: .+)?$/,
  );
  daemon.kill('SIGTERM');
  await once(daemon, 'exit');
  const end = ['STOPPING=1', 'STATUS=stopped; tunnels and sessions stay as they are'];
  await vi.waitFor(() => expect(systemd.told().slice(-2)).toEqual(end), patiently);
});
