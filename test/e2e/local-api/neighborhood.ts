import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { writeFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { makePeerSecrets } from '../../../src/lab/hosts/keys.js';
import { type Namespace, openNamespace } from '../../../src/lab/namespace.js';

export const neighborAsn = 4242421080;

const place = { node: '198.51.100.1', neighbor: '198.51.100.2' };
const listenPort = { node: 21_080, neighbor: 51_820 };

/** A neighbor over a real tunnel: BIRD, DN42's name server on its anycast address, and a host one hop behind. */
export interface Neighborhood {
  readonly neighbor: Namespace;
  /** The session with it, as the control plane lists it. */
  readonly session: Readonly<Record<string, unknown>>;
  /** Makes the neighbor's side of the tunnel, as its operator does once the node's public key is known. */
  connect(nodePublicKey: string): Promise<void>;
  close(): Promise<void>;
}

/** The host behind the neighbor, and the neighbor's own address. */
export const addresses = { behind: '172.21.80.65', neighbor: '172.21.80.1' };

export async function openNeighborhood(node: Namespace): Promise<Neighborhood> {
  const neighbor = await openNamespace('neighbor');
  const behind = await openNamespace('behind');
  const children: ChildProcess[] = [];
  const secrets = makePeerSecrets(false);
  const root = `/proc/${neighbor.pid}/root`;

  await join(node, `${place.node}/24`, neighbor, `${place.neighbor}/24`, 'eth0');
  await join(neighbor, '172.21.80.64/31', behind, `${addresses.behind}/31`, 'eth1');
  await behind.run('ip', ['route', 'add', 'default', 'via', '172.21.80.64']);
  await neighbor.run('sysctl', ['-qw', 'net.ipv4.ip_forward=1']);
  for (const address of [`${addresses.neighbor}/32`, '172.20.0.53/32', 'fd42:1080::1/128'])
    await neighbor.run('ip', ['address', 'add', address, 'dev', 'lo']);

  await writeFile(`${root}/run/bird/bird.conf`, birdConfig());
  start('bird', ['-f', '-c', '/run/bird/bird.conf', '-s', '/run/bird/bird.ctl']);
  const server = start('node', [resolve('test/e2e/local-api/dns-server.mjs'), '172.20.0.53']);
  await once(server.stdout ?? server, 'data');

  function start(program: string, args: readonly string[]): ChildProcess {
    const child = neighbor.spawn(program, args, { stdio: ['ignore', 'pipe', 'inherit'] });
    children.push(child);
    return child;
  }

  return {
    neighbor,
    session: {
      uuid: 'neighbor-1',
      asn: neighborAsn,
      status: 4,
      ipv6LinkLocal: 'fe80::1080',
      mtu: 1420,
      interface: `dn42_${neighborAsn}`,
      endpoint: `${place.neighbor}:${listenPort.neighbor}`,
      port: listenPort.node,
      credential: { publicKey: secrets.publicKey },
      type: 'wireguard',
      extensions: ['mp-bgp', 'extended-nexthop'],
      policy: 'full',
    },
    connect: async (nodePublicKey) => {
      const config = wireGuardConfig(secrets.privateKey, nodePublicKey);
      await writeFile(`${root}/run/wireguard/wg0.conf`, config, { mode: 0o600 });
      await neighbor.run('wireguard-go', ['wg0']);
      await neighbor.run('wg', ['setconf', 'wg0', '/run/wireguard/wg0.conf']);
      await neighbor.run('ip', ['-batch', '-'], {
        input:
          'link set wg0 addrgenmode none mtu 1420\nlink set wg0 up\naddress add fe80::1080/64 dev wg0\n' +
          'address add 172.21.80.1/32 dev wg0\n',
      });
    },
    close: async () => {
      for (const child of children) await end(child);
      await neighbor.run('ip', ['link', 'del', 'dev', 'wg0'], { okExitCodes: [0, 1] });
      await behind.close();
      await neighbor.close();
    },
  };
}

async function join(
  a: Namespace,
  addressA: string,
  b: Namespace,
  addressB: string,
  name: string,
): Promise<void> {
  const peer = ['type', 'veth', 'peer', 'name', name, 'netns', String(b.pid)];
  await a.run('ip', ['link', 'add', name === 'eth0' ? name : `to-${name}`, ...peer]);
  await up(a, addressA, name === 'eth0' ? name : `to-${name}`);
  await up(b, addressB, name);
}

async function up(host: Namespace, address: string, name: string): Promise<void> {
  await host.run('ip', ['address', 'add', address, 'dev', name]);
  await host.run('ip', ['link', 'set', name, 'up']);
}

function wireGuardConfig(privateKey: string, nodePublicKey: string): string {
  return [
    '[Interface]',
    `PrivateKey = ${privateKey}`,
    `ListenPort = ${listenPort.neighbor}`,
    '[Peer]',
    `PublicKey = ${nodePublicKey}`,
    `Endpoint = ${place.node}:${listenPort.node}`,
    'AllowedIPs = 0.0.0.0/0, ::/0',
    'PersistentKeepalive = 5',
    '',
  ].join('\n');
}

/** It announces its networks, one of them with communities, and takes what the node announces into its kernel. */
function birdConfig(): string {
  return `router id 172.21.80.1;
protocol device { scan time 2; }
protocol static { ipv4; route 172.21.80.0/24 unreachable; route 172.20.0.53/32 unreachable; }
protocol static { ipv6; route fd42:1080::/48 unreachable; }
filter announce {
  if source != RTS_STATIC then reject;
  bgp_community.add((64511, 4));
  bgp_community.add((64511, 52));
  accept;
}
protocol kernel { ipv4 { import none; export filter {
  if source != RTS_BGP then reject; krt_prefsrc = 172.21.80.1; accept; }; }; }
protocol bgp node {
  local as ${neighborAsn};
  neighbor fe80::998:101:1:1%wg0 as 4242420998;
  source address fe80::1080;
  hold time 30; keepalive time 3; connect delay time 1; connect retry time 2; error wait time 1, 2;
  ipv4 { import all; export filter announce; extended next hop; };
  ipv6 { import all; export filter announce; };
}
`;
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  child.kill('SIGKILL');
  await once(child, 'exit');
}
