import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { writeFile } from 'node:fs/promises';
import { makePeerSecrets } from '../../../src/lab/hosts/keys.js';
import { type Namespace, openNamespace } from '../../../src/lab/namespace.js';

/** What the operator of a neighbor has configured in BIRD. */
interface Configured {
  readonly asn: number;
  readonly password?: string;
  /** How many networks it announces. */
  readonly networks: number;
}

/** Neighbors of one node on one host, a tunnel each. */
export interface Neighbors {
  /** The sessions with them, as the control plane lists them. */
  readonly sessions: readonly Readonly<Record<string, unknown>>[];
  /** Makes their sides of the tunnels, as their operators do once the node's public key is known. */
  connect(nodePublicKey: string): Promise<void>;
  /** Changes what a neighbor has configured; without `change`, it is as at the start again. */
  configure(place: number, change?: Partial<Configured>): Promise<void>;
  /** Restarts the BGP session with a neighbor, as its operator does. */
  restart(place: number): Promise<void>;
  close(): Promise<void>;
}

export const asnOf = (place: number) => 4_242_421_080 + place;
const addresses = { node: '198.51.100.1', neighbors: '198.51.100.2' };

export async function openNeighbors(node: Namespace, count: number): Promise<Neighbors> {
  const host = await openNamespace('neighbors');
  const places = Array.from({ length: count }, (_, n) => n + 1);
  const secrets = new Map(places.map((place) => [place, makePeerSecrets(false)]));
  const configured = new Map<number, Configured>(places.map((place) => [place, asAtTheStart(place)]));
  const run = `/proc/${host.pid}/root/run`;
  await layCable(node, host);
  await writeConfig();
  const bird = host.spawn('bird', ['-f', '-c', '/run/bird/bird.conf', '-s', '/run/bird/bird.ctl'], {
    stdio: ['ignore', 'ignore', 'inherit'],
  });

  async function writeConfig(): Promise<void> {
    await writeFile(`${run}/bird/bird.conf`, birdConfig(configured));
  }

  return {
    sessions: places.map((place) => sessionWith(place, secrets.get(place)?.publicKey)),
    connect: async (nodePublicKey) => {
      for (const [place, { privateKey }] of secrets) {
        const config = tunnelConfig(place, privateKey, nodePublicKey);
        await writeFile(`${run}/wireguard/n${place}.conf`, config, { mode: 0o600 });
        await host.run('wireguard-go', [`n${place}`]);
        await host.run('wg', ['setconf', `n${place}`, `/run/wireguard/n${place}.conf`]);
        await host.run('ip', ['-batch', '-'], {
          input: `link set n${place} addrgenmode none mtu 1420\nlink set n${place} up\naddress add fe80::${1080 + place}/64 dev n${place}\n`,
        });
      }
    },
    configure: async (place, change = {}) => {
      configured.set(place, { ...asAtTheStart(place), ...change });
      await writeConfig();
      await host.run('birdc', ['-s', '/run/bird/bird.ctl', 'configure']);
    },
    restart: async (place) => {
      await host.run('birdc', ['-s', '/run/bird/bird.ctl', 'restart', `b${place}`]);
    },
    close: async () => {
      await end(bird);
      for (const place of places)
        await host.run('ip', ['link', 'del', 'dev', `n${place}`], { okExitCodes: [0, 1] });
      await host.close();
    },
  };
}

function asAtTheStart(place: number): Configured {
  return { asn: asnOf(place), networks: 2 };
}

async function layCable(node: Namespace, host: Namespace): Promise<void> {
  const peer = ['type', 'veth', 'peer', 'name', 'eth0', 'netns', String(host.pid)];
  await node.run('ip', ['link', 'add', 'eth0', ...peer]);
  for (const [each, address] of [
    [node, addresses.node],
    [host, addresses.neighbors],
  ] as const) {
    await each.run('ip', ['address', 'add', `${address}/24`, 'dev', 'eth0']);
    await each.run('ip', ['link', 'set', 'eth0', 'up']);
  }
}

function sessionWith(place: number, publicKey: string | undefined) {
  return {
    uuid: `neighbor-${place}`,
    asn: asnOf(place),
    status: 4,
    ipv6LinkLocal: `fe80::${1080 + place}`,
    mtu: 1420,
    interface: `dn42_${place}`,
    endpoint: `${addresses.neighbors}:${51_800 + place}`,
    port: 21_080 + place,
    credential: { publicKey },
    type: 'wireguard',
    extensions: ['mp-bgp', 'extended-nexthop'],
    policy: 'full',
    data: { importLimit: 10 },
  };
}

function tunnelConfig(place: number, privateKey: string, nodePublicKey: string): string {
  return [
    '[Interface]',
    `PrivateKey = ${privateKey}`,
    `ListenPort = ${51_800 + place}`,
    '[Peer]',
    `PublicKey = ${nodePublicKey}`,
    `Endpoint = ${addresses.node}:${21_080 + place}`,
    'AllowedIPs = 0.0.0.0/0, ::/0',
    'PersistentKeepalive = 5',
    '',
  ].join('\n');
}

function birdConfig(configured: ReadonlyMap<number, Configured>): string {
  return `router id 172.21.80.1;
protocol device { scan time 2; }
${[...configured].map(([place, each]) => protocols(place, each)).join('')}`;
}

/** A short hold time, so that nobody waits long for a session to end. */
function protocols(place: number, { asn, password, networks }: Configured): string {
  const routes = Array.from(
    { length: networks },
    (_, n) => `route 172.21.${80 + place}.${n * 8}/29 unreachable;`,
  );
  return `ipv4 table t${place};
protocol static s${place} { ipv4 { table t${place}; }; ${routes.join(' ')} }
protocol bgp b${place} {
  local as ${asn};
  neighbor fe80::998:101:1:1%n${place} as 4242420998;
  source address fe80::${1080 + place};
  ${password === undefined ? '' : `password "${password}";`}
  hold time 6; keepalive time 2; connect delay time 1; connect retry time 2; error wait time 1, 2;
  ipv4 { table t${place}; import all; export where source = RTS_STATIC; extended next hop; };
  ipv6 { import all; export none; };
}
`;
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  child.kill('SIGKILL');
  await once(child, 'exit');
}
