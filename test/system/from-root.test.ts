import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { type Container, installFromNpm, installUnits, openContainer } from './container.js';
import { debianNamed } from './debian.js';
import {
  configure,
  connectNeighbor,
  equip,
  readStatus,
  soon,
  untilEstablished,
  untilPass,
  writeToken,
} from './router.js';

/** What matters here of the unit of version 0.1.0, whose daemon was root, with wireguard-go in the same unit. */
const unitOfRoot = `[Service]
Type=notify
NotifyAccess=all
ExecStart=moenet-agent run
KillMode=process
StateDirectory=moenet-agent
StateDirectoryMode=0700
RuntimeDirectory=moenet-agent wireguard
RuntimeDirectoryMode=0750
RuntimeDirectoryPreserve=yes
ConfigurationDirectory=wireguard
ConfigurationDirectoryMode=0700
`;

let machine: Container;
const pids = () => machine.run('pgrep', '-x', 'wireguard-go');

beforeAll(async () => {
  machine = await openContainer(debianNamed());
  await machine.boot();
  await installFromNpm(machine, debianNamed().bird);
  const { neighborKey } = await equip(machine);
  await writeFile(join(machine.root, 'etc/systemd/system/moenet-agent.service'), unitOfRoot);
  await configure(machine, { tokenFile: 'token' });
  await writeToken(machine, 'etc/moenet-agent/token');
  await machine.run('systemctl', 'daemon-reload');
  await machine.run('systemctl', 'start', 'moenet-agent');
  await untilPass(machine);
  await connectNeighbor(machine, neighborKey);
});

afterAll(() => machine?.close());

it('from a version that ran as root: wireguard-go moves to a unit of its own, and the new one has all that it needs', async () => {
  await installUnits(machine);
  await machine.run('systemctl', 'restart', 'moenet-agent');
  await untilPass(machine);
  await untilEstablished(machine);
  const unit = ['list-units', '--plain', '--no-legend', 'moenet-agent-wireguard@*'];
  expect((await machine.run('systemctl', ...unit)).split('\n')).toHaveLength(1);
  const { problems, agent } = await readStatus(machine);
  expect(problems.join('\n')).not.toMatch(/permission|EACCES|EPERM|cannot/);
  expect(await machine.run('ps', '-o', 'user:20=', '-p', String(agent.pid))).toBe('moenet-agent');
});

it('a restart after that neither cuts the tunnel nor warns of it', async () => {
  const before = await pids();
  const since = await machine.run('date', '+%s.%N');
  await machine.run('systemctl', 'kill', 'moenet-agent');
  await vi.waitFor(async () => {
    expect(await machine.run('systemctl', 'is-active', 'moenet-agent')).toBe('active');
  }, soon);
  await untilPass(machine);
  expect(await pids()).toBe(before);
  const warnings = await machine.run(
    'journalctl',
    `--since=@${since}`,
    '--priority=warning',
    '--output=cat',
    '_PID=1',
  );
  expect(warnings).not.toContain('moenet-agent');
});
