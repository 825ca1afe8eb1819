import { cp, mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { expect, vi } from 'vitest';
import { run } from '../../src/platform/exec.js';
import type { NodeStatus } from '../../src/shell/status/status.js';
import type { Container } from './container.js';
import { nodeOfTests } from './image.js';

const asn = 4_242_422_189;
const nodeAddress = 'fe80::998:101:1:1';
export const token = 'a-token-that-must-not-be-seen';
export const tunnel = 'wg_24002';

/** For what takes seconds on an idle machine. */
export const soon = { timeout: 60_000, interval: 250 };

/** What an operator had for BIRD before the agent came. */
export const operatorsBird = 'router id 192.0.2.1;\nprotocol device { }\n';

const controlPlane = (dialect: string) => `[Service]
ExecStart=${nodeOfTests} /opt/fixture-server.mjs /opt/control-plane 18080 ${token} ${dialect}
`;

const neighborBird = `router id 192.0.2.89;
protocol device { }
protocol static { ipv6; route fd42:2189::/48 unreachable; }
protocol bgp node { local fe80::2189 as ${asn}; neighbor ${nodeAddress}%wg0 as 4242420998; connect retry time 2;
  ipv6 { import all; export all; }; ipv4 { extended next hop on; import all; export all; }; }
`;

/** Gives a booted container with BIRD a control plane that answers with files, an operator's `bird.conf`, and the sysctls of a router. */
export async function equip(
  { root, run: inside }: Container,
  dialect = 'documented',
): Promise<{ neighborKey: string }> {
  const { stdout: privateKey } = await run('wg', ['genkey']);
  const publicKey = (await run('wg', ['pubkey'], { input: privateKey })).stdout.trim();
  const session = {
    ...{ uuid: 'abc-124', asn, status: 1, ipv6LinkLocal: 'fe80::2189', mtu: 1420, type: 'wireguard' },
    ...{ interface: tunnel, endpoint: '198.51.100.2:51820', port: 24002, policy: 'full' },
    ...{ credential: { publicKey }, extensions: ['mp-bgp', 'extended-nexthop'] },
  };
  const node = {
    id: 1,
    name: 'jp1',
    region: 'ap-northeast',
    asn: 4_242_420_998,
    loopbackIpv4: '172.22.188.1',
  };
  const files = {
    'etc/systemd/system/control-plane.service': controlPlane(dialect),
    'etc/neighbor.conf': neighborBird,
    'etc/bird/bird.conf': operatorsBird,
    'etc/sysctl.d/router.conf':
      'net.ipv4.ip_forward=1\nnet.ipv6.conf.all.forwarding=1\nnet.ipv4.conf.all.rp_filter=2\n',
  };
  await cp('test/e2e/fixture-server.mjs', join(root, 'opt/fixture-server.mjs'));
  await mkdir(join(root, 'opt/control-plane'), { recursive: true });
  const fixture = 'test/fixtures/control-plane/documented/bird-config.json';
  const birdConfig = JSON.parse(await readFile(fixture, 'utf8'));
  const answers = {
    config: {
      node: { ...node, loopbackIpv6: 'fd00:4242:7777:101:1::1' },
      metric: { pingTimeout: 1, pingCount: 1 },
    },
    sessions: { sessions: [session] },
    mesh: { peers: [] },
    'bird-config': { ...birdConfig, policy: { ...birdConfig.policy, rpkiServers: [] }, ibgpPeers: [] },
  };
  for (const [path, text] of Object.entries(files)) await writeFile(join(root, path), text);
  for (const [call, body] of Object.entries(answers))
    await writeFile(join(root, `opt/control-plane/${call}.json`), JSON.stringify(body));
  await inside('systemctl', 'daemon-reload');
  await inside('sysctl', '--quiet', '--load=/etc/sysctl.d/router.conf');
  await inside('systemctl', 'restart', 'bird', 'control-plane');
  return { neighborKey: privateKey.trim() };
}

/** The configuration as a version that ran as root had it: only root could read it. */
export async function configure({ root, run: inside }: Container, more: object = {}): Promise<void> {
  const bootstrap = { apiUrl: 'http://127.0.0.1:18080', nodeName: 'jp1', ...more };
  const config = { bootstrap, policy: { whenAlone: 'announce' }, intervals: { sessions: 10, report: 10 } };
  await inside('mkdir', '-p', '-m', '700', '/etc/moenet-agent');
  await writeFile(join(root, 'etc/moenet-agent/config.json'), JSON.stringify(config), { mode: 0o600 });
}

export async function writeToken({ root }: Container, path: string): Promise<void> {
  await mkdir(join(root, dirname(path)), { recursive: true });
  await writeFile(join(root, path), `${token}\n`, { mode: 0o600 });
}

/** Another network's router, in a network of its own with the link to it: its tunnel to the node, and its BIRD. */
export async function connectNeighbor({ root, run: inside }: Container, neighborKey: string): Promise<void> {
  await writeFile(join(root, 'etc/neighbor.key'), neighborKey, { mode: 0o600 });
  const nodeKey = await inside('cat', '/etc/wireguard/public.key');
  const lines = [
    'ip link add uplink type veth peer name uplink netns neighbor',
    'ip address add 198.51.100.1/24 dev uplink; ip link set uplink up',
    'in="ip netns exec neighbor"',
    '$in ip address add 198.51.100.2/24 dev uplink; $in ip link set uplink up',
    '$in wireguard-go wg0 2>/dev/null; $in ip link set wg0 addrgenmode none',
    `$in wg set wg0 private-key /etc/neighbor.key listen-port 51820 peer ${nodeKey} endpoint 198.51.100.1:24002 allowed-ips ::/0,0.0.0.0/0`,
    '$in ip link set wg0 up; $in ip address add fe80::2189/64 dev wg0 nodad',
    'exec $in bird -f -c /etc/neighbor.conf -s /run/neighbor.ctl',
  ];
  await writeFile(join(root, 'etc/neighbor.sh'), `set -eu\n${lines.join('\n')}\n`);
  // Outside of the unit, whose mounts nobody else sees.
  await inside('ip', 'netns', 'add', 'neighbor');
  // Its wireguard-go is another machine's: its socket must not be seen.
  const own = ['--property=TemporaryFileSystem=/run/wireguard', '--unit=neighbor', '--collect'];
  await inside('systemd-run', ...own, 'sh', '/etc/neighbor.sh');
  await untilEstablished({ run: inside });
}

export function untilEstablished({ run: inside }: Pick<Container, 'run'>): Promise<void> {
  return vi.waitFor(async () => {
    expect(await inside('birdc', 'show', 'protocols', 'dn42_4242422189')).toContain('Established');
  }, soon);
}

/** Sends ten packets a second through the tunnel while `work` is done; returns what ping says of them. */
export async function pinging(
  { run: inside, try: attempt }: Container,
  work: () => Promise<void>,
): Promise<string> {
  const ping = ['ip', 'netns', 'exec', 'neighbor', 'ping', '-n', '-i', '0.1', `${nodeAddress}%wg0`];
  await inside('systemd-run', '--unit=pings', '--property=KillMode=process', ...ping);
  try {
    await work();
  } finally {
    await attempt('systemctl', 'kill', '--signal=INT', 'pings');
  }
  let said = '';
  await vi.waitFor(async () => {
    said = await inside('journalctl', '--unit=pings', '--output=cat');
    expect(said).toContain('packet loss');
  }, soon);
  await attempt('systemctl', 'reset-failed', 'pings');
  return said.split('\n').findLast((line) => line.includes('packet loss')) ?? '';
}

/** The daemon's status by its control socket. */
export async function readStatus({ try: attempt }: Pick<Container, 'try'>): Promise<NodeStatus> {
  const { stdout, stderr } = await attempt('moenet-agent', 'status', '--json');
  expect(stdout, stderr).not.toBe('');
  return JSON.parse(stdout);
}

/** Waits until the daemon has made a pass since it started. */
export function untilPass(container: Container): Promise<void> {
  return vi.waitFor(async () => expect((await readStatus(container)).lastPass).toBeDefined(), soon);
}
