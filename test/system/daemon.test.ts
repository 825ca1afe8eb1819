import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { type Container, install, openContainer } from './container.js';
import { containerDebian } from './debian.js';
import {
  configure,
  connectNeighbor,
  equip,
  pinging,
  readStatus,
  soon,
  tunnel,
  untilEstablished,
  untilPass,
  writeToken,
} from './router.js';

let machine: Container;
let neighborKey = '';

beforeAll(async () => {
  machine = await openContainer(containerDebian());
  ({ neighborKey } = await equip(machine));
  await machine.boot();
  await install(machine);
  await machine.run('systemctl', 'start', 'control-plane');
});

afterAll(() => machine?.close());

const show = (property: string) =>
  machine.run('systemctl', 'show', '--property', property, '--value', 'moenet-agent');
const tunnels = () => machine.run('sh', '-c', 'pgrep -x wireguard-go -u moenet-agent || true');

/** What systemd itself warns of the agent's units, since the machine was booted. */
/** Since the test of a configuration that is absent, whose start fails. */
let since = '';

async function warnings(): Promise<string> {
  // Of the processes that these tests kill.
  const killed = "code=killed, status=9/KILL|Failed with result 'signal'";
  const journal = [
    'journalctl',
    '--boot',
    '--output=cat',
    '--priority=warning',
    since && `--since=@${since}`,
    '_PID=1',
  ];
  return (
    await machine.run('sh', '-c', `${journal.join(' ')} | grep moenet-agent | grep -vE "${killed}" || true`)
  ).trim();
}

it('says what it lacks before it is configured, and does not try again', async () => {
  await machine.try('systemctl', 'start', 'moenet-agent');
  await vi.waitFor(async () => expect(await show('ActiveState')).toBe('failed'), soon);
  expect(await show('ExecMainStatus')).toBe('78');
  const log = await machine.run('journalctl', '--unit=moenet-agent', '--output=cat');
  expect(log).toContain('there is no /etc/moenet-agent/config.json');
  await machine.run('systemctl', 'reset-failed', 'moenet-agent');
  await machine.run('sleep', '1');
  since = await machine.run('date', '+%s');
});

it('works as its own user once it is configured, with files that only root could read', async () => {
  await configure(machine, { tokenFile: 'token' });
  await writeToken(machine, 'etc/moenet-agent/token');
  await machine.run('systemctl', 'enable', '--now', 'moenet-agent');
  await untilPass(machine);
  await connectNeighbor(machine, neighborKey);
  const pid = await show('MainPID');
  expect(await machine.run('ps', '-o', 'user:20=', '-p', pid)).toBe('moenet-agent');
  const status = await machine.run('grep', '^Cap', `/proc/${pid}/status`);
  // CAP_NET_ADMIN and CAP_NET_RAW.
  expect(status).toMatch(/CapEff:\s+0000000000003000/);
  expect(status).toMatch(/CapBnd:\s+0000000000003000/);
  await vi.waitFor(async () => expect(await show('StatusText')).toMatch(/^1 of 1 session up/), soon);
  expect(
    await machine.run('stat', '--format=%U:%G %a', '/etc/bird/bird.conf', '/run/moenet-agent/agent.sock'),
  ).toBe('moenet-agent:bird 640\nmoenet-agent:moenet-admin 660');
});

it('lacks nothing that it reads of the kernel', async () => {
  const { problems } = await readStatus(machine);
  expect(problems.join('\n')).not.toMatch(/permission denied|EACCES|EPERM|forward|rp_filter/);
});

it('is exposed no more than 1.6 while all of that works', async () => {
  const found = await machine.run('systemd-analyze', 'security', '--no-pager', 'moenet-agent');
  const level = /exposure level for moenet-agent\.service: ([\d.]+)/.exec(found)?.[1];
  expect(Number(level)).toBeLessThanOrEqual(1.6);
});

it.each([
  ['systemctl restart', ['restart', 'moenet-agent']],
  ['systemctl kill', ['kill', 'moenet-agent']],
  ['systemctl kill --signal=KILL', ['kill', '--signal=KILL', 'moenet-agent']],
])('%s loses no packet, and leaves the tunnel as it is', async (_, command) => {
  const before = await tunnels();
  const pid = await show('MainPID');
  const lost = await pinging(machine, async () => {
    await machine.run('systemctl', ...command);
    await vi.waitFor(async () => {
      expect(await show('ActiveState')).toBe('active');
      expect(await show('MainPID')).not.toBe(pid);
    }, soon);
    await untilPass(machine);
  });
  expect(lost).toContain(' 0% packet loss');
  expect(await tunnels()).toBe(before);
  expect(before).not.toBe('');
});

it('reload reads the configuration again, and the process stays', async () => {
  const pid = await show('MainPID');
  await machine.run('systemctl', 'reload', 'moenet-agent');
  await vi.waitFor(async () => {
    const log = await machine.run('journalctl', '--unit=moenet-agent', '--output=cat', `_PID=${pid}`);
    expect(log).toContain('has read its configuration again');
  }, soon);
  await untilPass(machine);
  expect(await show('MainPID')).toBe(pid);
});

it('bird restart, asked of the daemon, restarts BIRD’s service', async () => {
  const before = await machine.run('systemctl', 'show', '--property=MainPID', '--value', 'bird');
  const result = JSON.parse(await machine.run('moenet-agent', 'bird', 'restart', '--json'));
  expect(result).toMatchObject({ ok: true, errors: [], sessions: { before: 1, after: 1, lost: [] } });
  expect(await machine.run('systemctl', 'show', '--property=MainPID', '--value', 'bird')).not.toBe(before);
});

it('a wireguard-go that is killed is started again, and no unit is left', async () => {
  const before = await tunnels();
  await machine.run('sh', '-c', `kill -KILL ${before.split('\n').join(' ')}`);
  await vi.waitFor(async () => {
    expect(await tunnels()).not.toBe('');
    expect(await tunnels()).not.toBe(before);
  }, soon);
  await untilEstablished(machine);
  const units = await machine.run(
    'systemctl',
    'list-units',
    '--all',
    '--plain',
    '--no-legend',
    'moenet-agent-wireguard@*',
  );
  expect(units.split('\n')).toHaveLength(1);
});

it('files that a command of root left without a daemon are the user’s at the next start', async () => {
  await machine.run('systemctl', 'stop', 'moenet-agent');
  await machine.run('moenet-agent', 'resync');
  await machine.run('sh', '-c', 'chown root /var/lib/moenet-agent/*.json /etc/wireguard/private.key');
  await machine.run('systemctl', 'start', 'moenet-agent');
  await untilPass(machine);
  expect(await machine.run('find', '/var/lib/moenet-agent', '!', '-user', 'moenet-agent')).toBe('');
  await untilEstablished(machine);
});

it('takes the token from a credential', async () => {
  await configure(machine);
  await machine.run('rm', '/etc/moenet-agent/token');
  await writeToken(machine, 'etc/credstore/moenet-agent-token');
  await machine.run('systemctl', 'restart', 'moenet-agent');
  await untilPass(machine);
});

it('has given systemd nothing to warn of', async () => {
  expect(await warnings()).toBe('');
});

it('has its sessions up after a reboot with the control plane gone', async () => {
  await machine.shutDown();
  await machine.boot();
  await untilPass(machine);
  expect(await machine.run('ip', '-brief', 'link', 'show', tunnel)).toContain(tunnel);
  await connectNeighbor(machine, neighborKey);
  expect(await warnings()).toBe('');
});
