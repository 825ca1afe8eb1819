import { writeFile } from 'node:fs/promises';
import { makePeerSecrets } from '../../../src/lab/hosts/keys.js';
import { type Namespace, openNamespace } from '../../../src/lab/namespace.js';
import { neighborRow, neighborTunnel } from '../../neighbor-row.js';
import { end, type FaultyNode, type ListedSession } from './faulty-node.js';
import { waitFor } from './wait-for.js';

/** A router of another network: a real WireGuard and a real BIRD, which no code of the agent configured. */
export interface Neighbor {
  readonly name: string;
  readonly host: Namespace;
  /** The session with the node, as the control plane lists it. */
  readonly session: ListedSession;
  /** Makes its side of the tunnel, and resolves when the session is Established. */
  connect(nodePublicKey: string): Promise<void>;
  /** Makes its side of the tunnel, and waits to be dialed: it does not know where the node is. */
  listen(nodePublicKey: string): Promise<void>;
  /** Since when BIRD has the session Established; undefined: it has it not. */
  since(): Promise<string | undefined>;
  close(): Promise<void>;
}

const nodeLinkLocal = 'fe80::998:101:1:1';
const nodeAsn = 4242420998;

/** Opens the neighbor with this number, 1 to 9, on a cable of its own to the node. `announces` are prefixes of IPv4. */
export async function openNeighbor(
  node: FaultyNode,
  number: number,
  announces: readonly string[] = [],
): Promise<Neighbor> {
  const name = `neighbor-${number}`;
  const host = await openNamespace(name);
  const { privateKey, publicKey } = makePeerSecrets(false);
  const asn = 4242420700 + number;
  const port = 24_700 + number;
  const linkLocal = `fe80::70${number}`;
  const [ours, theirs] = [`198.51.100.${number * 4 + 1}`, `198.51.100.${number * 4 + 2}`];
  await layCable(node.namespace, host, `cable${number}`, [ours, theirs]);
  const root = `/proc/${host.pid}/root/run`;
  await writeFile(`${root}/bird/bird.conf`, birdConfig(asn, linkLocal, announces));
  const bird = host.spawn('bird', ['-f', '-c', '/run/bird/bird.conf', '-s', '/run/bird/bird.ctl'], {
    stdio: 'ignore',
  });
  const since = async () => {
    const { stdout } = await host.run('birdc', ['-s', '/run/bird/bird.ctl', 'show', 'protocols', 'node'], {
      okExitCodes: [0, 1],
    });
    return /^node .* (\d\d:\d\d:\d\d\S*) +Established/m.exec(stdout)?.[1];
  };
  const makeTunnel = async (nodePublicKey: string, endpoint?: string) => {
    await host.run('wireguard-go', ['wg0']);
    const tunnel = neighborTunnel(privateKey, nodePublicKey, endpoint);
    await writeFile(`${root}/wireguard/wg0.conf`, tunnel, { mode: 0o600 });
    await host.run('wg', ['setconf', 'wg0', '/run/wireguard/wg0.conf']);
    const lines = ['link set wg0 addrgenmode none up', `address add ${linkLocal}/64 dev wg0`, ''];
    await host.run('ip', ['-batch', '-'], { input: lines.join('\n') });
  };
  return {
    name,
    host,
    session: {
      ...neighborRow({
        uuid: name,
        asn,
        interface: `wg_2470${number}`,
        endpoint: `${theirs}:51820`,
        port,
        publicKey,
      }),
      ipv6LinkLocal: linkLocal,
    },
    connect: async (nodePublicKey) => {
      await makeTunnel(nodePublicKey, `${ours}:${port}`);
      await waitFor('the session is Established', async () => (await since()) !== undefined, 60_000);
    },
    listen: makeTunnel,
    since,
    close: async () => {
      await end(bird);
      await host.run('ip', ['link', 'del', 'dev', 'wg0'], { okExitCodes: [0, 1] });
      await host.close();
    },
  };
}

async function layCable(
  node: Namespace,
  host: Namespace,
  name: string,
  [ours, theirs]: readonly [string, string],
): Promise<void> {
  await node.run('ip', ['-batch', '-'], {
    input: `link add ${name} type veth peer name eth0 netns ${host.pid}
address add ${ours}/30 dev ${name}
link set ${name} up
`,
  });
  await host.run('ip', ['-batch', '-'], {
    input: `address add ${theirs}/30 dev eth0\nlink set eth0 up\n`,
  });
}

function birdConfig(asn: number, linkLocal: string, announces: readonly string[]): string {
  return `router id 192.0.2.70;
protocol device { scan time 2; }
protocol static { ipv4; ${announces.map((prefix) => `route ${prefix} unreachable;`).join(' ')} }
protocol static { ipv6; route fd42:4242:700::/48 unreachable; }
protocol bgp node {
  local ${linkLocal} as ${asn};
  neighbor ${nodeLinkLocal}%wg0 as ${nodeAsn};
  connect delay time 1;
  connect retry time 2;
  error wait time 1, 2;
  ipv4 { import all; export where source = RTS_STATIC; extended next hop on; };
  ipv6 { import all; export where source = RTS_STATIC; };
}
`;
}

/** Packets that go on and on through the tunnel. */
export interface Stream {
  /** Ends it: how many were answered, and which were not, by their number. */
  stop(): Promise<{ readonly answered: number; readonly lost: readonly number[] }>;
}

/** Sends 50 echo requests a second from the neighbor to the node, through their tunnel. */
export function openStream({ host }: Neighbor): Stream {
  const ping = host.spawn('ping', ['-n', '-i', '0.02', `${nodeLinkLocal}%wg0`], {
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  let text = '';
  ping.stdout?.setEncoding('utf8').on('data', (part: string) => {
    text += part;
  });
  return {
    stop: async () => {
      await end(ping);
      const seen = new Set([...text.matchAll(/icmp_seq=(\d+)/g)].map(([, number]) => Number(number)));
      // Those after the last answer are under way.
      const all = Array.from({ length: Math.max(0, ...seen) }, (_, index) => index + 1);
      return { answered: seen.size, lost: all.filter((number) => !seen.has(number)) };
    },
  };
}
