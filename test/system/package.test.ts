import { copyFile, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, inject, it, vi } from 'vitest';
import type { NodeStatus } from '../../src/shell/status/status.js';
import { aptInstall, type Container, openContainer } from './container.js';
import { debianNamed } from './debian.js';
import { nodeOfTests } from './image.js';
import { newer, older } from './packages.js';
import {
  configure,
  connectNeighbor,
  equip,
  operatorsBird,
  pinging,
  readStatus,
  soon,
  token,
  tunnel,
  untilEstablished,
  untilPass,
  writeToken,
} from './router.js';

// One machine, from the first installation to the last trace: the tests go on from each other.

let machine: Container;
let neighborKey = '';
/** Since when systemd must have nothing to warn of. */
let since = '';

beforeAll(async () => {
  machine = await openContainer(debianNamed());
  const packages = inject('packages');
  await copyFile(packages.older, join(machine.root, 'var/tmp/older.deb'));
  await copyFile(packages.newer, join(machine.root, 'var/tmp/newer.deb'));
  await machine.boot();
});

afterAll(() => machine?.close());

const shell = (command: string) => machine.run('sh', '-c', command);
const show = (property: string) =>
  machine.run('systemctl', 'show', '--property', property, '--value', 'moenet-agent');
const tunnels = () => shell('pgrep -x wireguard-go -u moenet-agent || true');
const journal = (...more: string[]) =>
  machine.run('journalctl', '--unit=moenet-agent', '--output=cat', ...more);
const now = () => machine.run('date', '+%s.%N');

async function session(): Promise<NodeStatus['sessions'][number] | undefined> {
  return (await readStatus(machine)).sessions[0];
}

/** While `work` is done, no packet to the node is lost, and no tunnel made anew. */
async function keepsTunnels(work: () => Promise<void>): Promise<void> {
  const before = await tunnels();
  expect(before).not.toBe('');
  expect(await pinging(machine, work)).toContain(' 0% packet loss');
  expect(await tunnels()).toBe(before);
}

/** Waits for another process than `pid`, and for its first pass. */
async function untilRestarted(pid: string): Promise<void> {
  await vi.waitFor(async () => {
    expect(await show('ActiveState')).toBe('active');
    expect(await show('MainPID')).not.toBe(pid);
  }, soon);
  await untilPass(machine);
}

/** The score of `systemd-analyze security`, from 0 to 10. */
async function exposure(): Promise<number> {
  const found = await machine.run('systemd-analyze', 'security', '--no-pager', 'moenet-agent');
  return Number(/exposure level for moenet-agent\.service: ([\d.]+)/.exec(found)?.[1]);
}

/** What systemd itself warns of the agent's units. */
function warnings(): Promise<string> {
  // Of the processes that these tests kill.
  const killed = "code=killed, status=9/KILL|Failed with result 'signal'";
  const from = `journalctl --boot --output=cat --priority=warning --since=@${since} _PID=1`;
  return shell(`${from} | grep moenet-agent | grep -vE "${killed}" || true`);
}

it('is installed with what it needs from Debian, and does not run yet', async () => {
  const { bird } = debianNamed();
  const said = await aptInstall(machine, '/var/tmp/older.deb', bird, 'iputils-ping', 'wireguard-go');
  expect(said).toContain('moenet-agent does not run yet. Fill in /etc/moenet-agent/config.json');
  expect(await machine.run('moenet-agent', '--version')).toBe(older);
  expect((await machine.try('systemctl', 'is-active', 'moenet-agent')).stdout).toBe('inactive');
  expect(await machine.run('systemctl', 'is-enabled', 'moenet-agent')).toBe('enabled');
  const modes = await machine.run(
    'stat',
    '-c',
    '%a %n',
    '/etc/moenet-agent',
    '/etc/moenet-agent/config.json',
  );
  expect(modes).toBe('750 /etc/moenet-agent\n640 /etc/moenet-agent/config.json');
  expect(await machine.run('systemctl', 'is-active', 'moenet-agent-wireguard.socket')).toBe('active');
  ({ neighborKey } = await equip(machine));
});

it('says what it lacks before it is configured, and does not try again', async () => {
  await machine.try('systemctl', 'start', 'moenet-agent');
  await vi.waitFor(async () => expect(await show('ActiveState')).toBe('failed'), soon);
  expect(await show('ExecMainStatus')).toBe('78');
  expect(await journal()).toMatch(
    /config\.json has 3 problems:\n.*bootstrap\.apiUrl.*\n.*bootstrap\.nodeName.*\n.*bootstrap\.tokenFile/,
  );
  // Longer than RestartSec.
  await machine.run('sleep', '6');
  expect(await show('NRestarts')).toBe('0');
  expect(await show('ActiveState')).toBe('failed');
  await machine.run('systemctl', 'reset-failed', 'moenet-agent');
  since = await now();
});

it('makes the first pass alone, in a unit of its own, and leaves no daemon', async () => {
  await configure(machine, { tokenFile: 'token' });
  await writeToken(machine, 'etc/moenet-agent/token');
  await machine.run('systemctl', 'start', 'moenet-agent-once');
  const said = await machine.run('journalctl', '--unit=moenet-agent-once', '--output=cat');
  expect(said).toContain(`create tunnel ${tunnel}`);
  expect(await tunnels()).not.toBe('');
  expect((await machine.try('systemctl', 'is-active', 'moenet-agent')).stdout).toBe('inactive');
});

it('works as its own user once it is configured, with files that only root could read', async () => {
  await machine.run('systemctl', 'start', 'moenet-agent');
  await untilPass(machine);
  await connectNeighbor(machine, neighborKey);
  const pid = await show('MainPID');
  expect(await machine.run('ps', '-o', 'user:20=', '-p', pid)).toBe('moenet-agent');
  const status = await machine.run('grep', '^Cap', `/proc/${pid}/status`);
  // CAP_NET_ADMIN and CAP_NET_RAW.
  expect(status).toMatch(/CapEff:\s+0000000000003000/);
  expect(status).toMatch(/CapBnd:\s+0000000000003000/);
  await vi.waitFor(async () => expect(await show('StatusText')).toMatch(/^1 of 1 session up/), soon);
  const files = ['/etc/bird/bird.conf', '/run/moenet-agent/agent.sock', '/run/moenet-agent/read.sock'];
  expect(await machine.run('stat', '--format=%U:%G %a', ...files)).toBe(
    'moenet-agent:bird 640\nmoenet-agent:moenet-admin 660\nmoenet-agent:moenet-agent 660',
  );
});

it('answers on a socket that systemd opened, and is started by a request', async () => {
  const unit = '/etc/systemd/system/moenet-agent.socket';
  await writeFile(`${machine.root}${unit}`, '[Socket]\nListenStream=127.0.0.1:24369\n');
  const health = `fetch('http://127.0.0.1:24369/health').then(({ status }) => console.log(status))`;
  const asked = () => machine.run(nodeOfTests, '-e', health);
  await machine.run('systemctl', 'daemon-reload');
  await machine.run('systemctl', 'stop', 'moenet-agent');
  await machine.run('systemctl', 'start', 'moenet-agent.socket', 'moenet-agent');
  await untilPass(machine);
  await vi.waitFor(async () => expect(await asked()).toBe('200'), soon);
  await machine.run('systemctl', 'stop', 'moenet-agent');
  expect(await asked()).toMatch(/^(?:200|503)$/);
  expect(await show('ActiveState')).toBe('active');

  await machine.run('systemctl', 'stop', 'moenet-agent.socket', 'moenet-agent');
  await machine.run('rm', unit);
  await machine.run('systemctl', 'daemon-reload');
  await machine.run('systemctl', 'start', 'moenet-agent');
  await untilPass(machine);
});

it.each([
  ['moenet-agent', 'status', 0],
  ['moenet-agent', 'resync', 1],
  ['moenet-admin', 'resync', 0],
])('a member of %s who says %s gets the exit code %d', async (group, command, code) => {
  const member = ['--reuid=65534', `--regid=${group}`, '--clear-groups'];
  const { exitCode, stderr } = await machine.try('setpriv', ...member, 'moenet-agent', command);
  expect(exitCode, stderr).toBe(code);
});

it('lacks nothing that it reads of the kernel', async () => {
  const { problems } = await readStatus(machine);
  expect(problems.join('\n')).not.toMatch(/permission denied|EACCES|EPERM|forward|rp_filter/);
});

it('is exposed no more than 1.8 while all of that works', async () => {
  expect(await exposure()).toBeLessThanOrEqual(1.8);
});

it('measures round-trip times with ping, and with fping once that is there', async () => {
  await vi.waitFor(async () => expect((await session())?.rttMs).toBeGreaterThan(0), soon);
  await aptInstall(machine, 'fping');
  // Two measurements never take the same time to the microsecond.
  const before = (await session())?.rttMs;
  await vi.waitFor(async () => {
    const rttMs = (await session())?.rttMs;
    expect(rttMs).toBeGreaterThan(0);
    expect(rttMs).not.toBe(before);
  }, soon);
  expect((await session())?.rttHistory?.at(-1)).toBeGreaterThan(0);
});

it('is exposed no more than 1.6 with the stricter drop-in of docs/install.md', async () => {
  const [, dropIn = ''] =
    /```ini\n(\[Service\]\n[^`]*)```/.exec(await readFile('docs/install.md', 'utf8')) ?? [];
  const directory = join(machine.root, 'etc/systemd/system/moenet-agent.service.d');
  await mkdir(directory);
  await writeFile(join(directory, 'strict.conf'), dropIn);
  await machine.run('systemctl', 'daemon-reload');
  await machine.run('systemctl', 'restart', 'moenet-agent');
  await untilPass(machine);
  await vi.waitFor(async () => expect((await session())?.rttMs).toBeGreaterThan(0), soon);
  expect(await exposure()).toBeLessThanOrEqual(1.6);
  expect(await machine.run('stat', '--format=%U %a', '/run/moenet-agent/agent.sock')).toBe(
    'moenet-agent 600',
  );
  await rm(directory, { recursive: true });
  await machine.run('systemctl', 'daemon-reload');
  await machine.run('systemctl', 'restart', 'moenet-agent');
  await untilPass(machine);
});

it.each([
  ['systemctl restart', ['restart', 'moenet-agent']],
  ['systemctl kill', ['kill', 'moenet-agent']],
  ['systemctl kill --signal=KILL', ['kill', '--signal=KILL', 'moenet-agent']],
])('%s loses no packet, and leaves the tunnel as it is', async (_, command) => {
  const pid = await show('MainPID');
  await keepsTunnels(async () => {
    await machine.run('systemctl', ...command);
    await untilRestarted(pid);
  });
});

it('reload reads the configuration again, and the process stays', async () => {
  const version = Number(/\d+/.exec(await machine.run('systemctl', '--version'))?.[0]);
  expect(await show('Type')).toBe(version >= 253 ? 'notify-reload' : 'notify');
  const pid = await show('MainPID');
  const hasRead = async () =>
    expect(await journal(`_PID=${pid}`)).toContain('has read its configuration again');
  await machine.run('systemctl', 'reload', 'moenet-agent');
  if (version >= 253) await hasRead();
  else await vi.waitFor(hasRead, soon);
  await untilPass(machine);
  expect(await show('MainPID')).toBe(pid);
});

it('a wireguard-go that is killed is started again, and no unit is left', async () => {
  const before = await tunnels();
  await shell(`kill -KILL ${before.split('\n').join(' ')}`);
  await vi.waitFor(async () => {
    expect(await tunnels()).not.toBe('');
    expect(await tunnels()).not.toBe(before);
  }, soon);
  await untilEstablished(machine);
  const units = ['list-units', '--all', '--plain', '--no-legend', 'moenet-agent-wireguard@*'];
  expect((await machine.run('systemctl', ...units)).split('\n')).toHaveLength(1);
});

it('files that a command of root left without a daemon are the user’s at the next start', async () => {
  await machine.run('systemctl', 'stop', 'moenet-agent');
  await machine.run('moenet-agent', 'resync');
  await shell('chown root /var/lib/moenet-agent/*.json /etc/wireguard/private.key');
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

it('bird restart, asked of the daemon, restarts BIRD’s service, also where only the daemon has the token', async () => {
  const before = await machine.run('systemctl', 'show', '--property=MainPID', '--value', 'bird');
  const result = JSON.parse(await machine.run('moenet-agent', 'bird', 'restart', '--json'));
  expect(result).toMatchObject({ ok: true, errors: [], sessions: { before: 1, after: 1, lost: [] } });
  expect(await machine.run('systemctl', 'show', '--property=MainPID', '--value', 'bird')).not.toBe(before);
});

/** What a bundle says that it lacks; the machine has no nft. */
function lacking(bundle: string): string[] {
  return JSON.parse(bundle).missing.map(({ name }: { readonly name: string }) => name);
}

it('a bug report has the journal and the units, and no token', async () => {
  const report = '/var/tmp/report.tar.gz';
  const bundle = ['debug', 'bundle', '--json', '--force', '--output', report];
  expect(lacking(await machine.run('moenet-agent', ...bundle))).toEqual(['network/nft.txt']);
  const text = await machine.run('tar', '-xzOf', report);
  expect(text).toContain('has read its configuration again');
  expect(text).toContain('ExecStart=:/usr/bin/perl');
  expect(text).not.toContain(token);
});

it('a member of moenet-agent makes a bug report with less in it, which says what it lacks', async () => {
  const member = ['--reuid=65534', '--regid=moenet-agent', '--clear-groups'];
  const bundle = ['debug', 'bundle', '--json', '--output', '/tmp/report.tar.gz'];
  expect(lacking(await machine.run('setpriv', ...member, 'moenet-agent', ...bundle))).toEqual([
    'state/listing.txt',
    'bird/files',
    'bird',
    'wireguard/show.txt',
    'network/nft.txt',
    'journal.txt',
  ]);
});

it('an upgrade with sessions up loses no packet, and keeps what the agent remembers', async () => {
  await machine.run('moenet-agent', 'maintenance', 'on');
  const pid = await show('MainPID');
  await keepsTunnels(async () => {
    const said = await aptInstall(machine, '/var/tmp/newer.deb');
    expect(said).not.toContain('does not run yet');
    await untilRestarted(pid);
  });
  const { agent, maintenance } = await readStatus(machine);
  expect(agent.version).toBe(newer);
  expect(maintenance).toBeDefined();
  await machine.run('moenet-agent', 'maintenance', 'off');
  await untilEstablished(machine);
});

it('a downgrade loses no packet either; status says what runs, and the log which state it cannot read', async () => {
  await keepsTunnels(async () => {
    // On a machine whose services are not restarted by packages.
    await shell('printf "#!/bin/sh\nexit 101\n" >/usr/sbin/policy-rc.d; chmod 755 /usr/sbin/policy-rc.d');
    await aptInstall(machine, '/var/tmp/older.deb');
    await machine.run('rm', '/usr/sbin/policy-rc.d');
    await vi.waitFor(async () => {
      const { notes } = await readStatus(machine);
      expect(notes?.join()).toContain(
        `version ${older} of the agent is installed, and version ${newer} still runs`,
      );
    }, soon);
    // As a version writes it whose files are others.
    await machine.run('systemctl', 'stop', 'moenet-agent');
    await shell(`sed -i 's/^{"version":1,/{"version":2,/' /var/lib/moenet-agent/*.json`);
    const from = await now();
    await machine.run('systemctl', 'start', 'moenet-agent');
    await untilPass(machine);
    expect(await journal(`--since=@${from}`)).toMatch(/\.json is of version 2, from a newer agent: /);
  });
  expect((await readStatus(machine)).agent.version).toBe(older);
  await untilEstablished(machine);
});

it('has given systemd nothing to warn of', async () => {
  expect(await warnings()).toBe('');
});

it('has its sessions up after a reboot with the control plane gone', async () => {
  await machine.shutDown();
  await machine.boot();
  await untilPass(machine);
  expect((await machine.try('systemctl', 'is-active', 'control-plane')).stdout).toBe('inactive');
  expect(await machine.run('ip', '-brief', 'link', 'show', tunnel)).toContain(tunnel);
  await connectNeighbor(machine, neighborKey);
  expect(await warnings()).toBe('');
});

it('removal says what goes on, and how to remove that', async () => {
  await keepsTunnels(async () => {
    const said = await machine.run('apt-get', 'remove', '--yes', 'moenet-agent');
    expect(said).toContain("Tunnels, addresses and BIRD's configuration of moenet-agent stay");
    expect(said).toContain("install the package again, run 'moenet-agent teardown --yes'");
    await machine.run('systemctl', 'daemon-reload');
  });
  await untilEstablished(machine);
});

it('a purge while tunnels are up says what stays, and how to remove that', async () => {
  await keepsTunnels(async () => {
    const said = await machine.run('apt-get', 'purge', '--yes', 'moenet-agent');
    expect(said).toContain('The user moenet-agent stays');
    expect(said).toContain("install the package again, run 'moenet-agent teardown --yes', and purge it");
  });
});

it('nothing is left after the teardown and a purge', async () => {
  const ids = await shell('id -u moenet-agent; getent group moenet-agent moenet-admin | cut -d: -f3');
  const [user = '', ...groups] = ids.split('\n');
  expect(groups).toHaveLength(2);
  await aptInstall(machine, '/var/tmp/older.deb');
  await machine.run('systemctl', 'stop', 'moenet-agent');
  await machine.run('moenet-agent', 'teardown', '--yes');
  expect(await readFile(join(machine.root, 'etc/bird/bird.conf'), 'utf8')).toBe(operatorsBird);
  await machine.run('apt-get', 'purge', '--yes', 'moenet-agent');

  const owned = [`-uid ${user}`, ...groups.map((group) => `-gid ${group}`)].join(' -o ');
  const kept = ['/proc', '/sys', '/var/log', '/var/tmp'].map((path) => `-path ${path}`).join(' -o ');
  const left = `find / \\( ${kept} \\) -prune -o \\( ${owned} -o -iname '*moenet*' \\) -print`;
  expect(await shell(left)).toBe('');
  expect(await shell('getent passwd; getent group')).not.toContain('moenet');
  for (const list of [['list-unit-files'], ['list-units', '--all']])
    expect((await machine.try('systemctl', ...list, '--no-legend', '*moenet*')).stdout).toBe('');
  expect(await machine.run('ip', 'link')).not.toContain(tunnel);
  expect(await machine.run('ls', '-A', '/etc/wireguard')).toBe('');
  expect(await machine.run('ls', '-A', '/etc/bird')).not.toMatch(/moenet|peers|ibgp/);
});
