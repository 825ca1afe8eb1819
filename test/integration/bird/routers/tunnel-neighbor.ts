import { once } from 'node:events';
import { writeFile } from 'node:fs/promises';
import { makePeerSecrets } from '../../../../src/lab/hosts/keys.js';
import { type Namespace, openNamespace } from '../../../../src/lab/namespace.js';
import { neighborRow, neighborTunnel } from '../../../neighbor-row.js';

/** Another operator's end of a session, as he would configure it by hand. */
export interface NeighborEnd {
  /** 1 to 60: its ASN ends with it. */
  readonly number: number;
  /** What stands in the control plane's list besides what all sessions have. */
  readonly row: object;
  /** Its addresses on the tunnel, as arguments of `ip address add`. */
  readonly addresses: readonly string[];
  /** Its BGP protocol's statements: neighbor and channels. */
  readonly bgp: string;
  /** Further protocols of its `bird.conf`. */
  readonly also?: string;
}

/** A neighbor that has one session for both families, with the node's link-local address. */
export function plainEnd(number: number): NeighborEnd {
  return {
    number,
    row: { ipv6LinkLocal: `fe80::100${number}` },
    addresses: [`fe80::100${number}/64`],
    bgp: `neighbor fe80::998:101:1:1%wg0 as 4242420998;
      ipv4 { import all; export where source = RTS_STATIC; extended next hop on; };
      ipv6 { import all; export where source = RTS_STATIC; };`,
  };
}

/** Opens the neighbor's host on a cable of its own to the node, with real WireGuard and real BIRD, which finds `files`: path → text. */
export async function openTunnelNeighbor(
  node: Namespace,
  nodePublicKey: string,
  end: NeighborEnd,
  files: Readonly<Record<string, string>> = {},
) {
  const { number, row, addresses, bgp, also = '' } = end;
  const host = await openNamespace(`neighbor${number}`);
  const { privateKey, publicKey } = makePeerSecrets(false);
  const [ours, theirs] = [`198.51.100.${number * 4 + 1}`, `198.51.100.${number * 4 + 2}`];
  const [as, port] = [4242420000 + number, 24_000 + number];
  const batch = (inside: Namespace, lines: readonly string[]) =>
    inside.run('ip', ['-batch', '-'], { input: `${lines.join('\n')}\n` });
  await batch(node, [
    `link add cable${number} type veth peer name uplink netns ${host.pid}`,
    `address add ${ours}/30 dev cable${number}`,
    `link set cable${number} up`,
  ]);
  await batch(host, ['link set lo up', `address add ${theirs}/30 dev uplink`, 'link set uplink up']);
  await host.run('wireguard-go', ['wg0']);
  const root = `/proc/${host.pid}/root/run`;
  await writeFile(
    `${root}/wireguard/wg0.conf`,
    neighborTunnel(privateKey, nodePublicKey, `${ours}:${port}`),
    { mode: 0o600 },
  );
  await host.run('wg', ['setconf', 'wg0', '/run/wireguard/wg0.conf']);
  await batch(host, [
    'link set wg0 addrgenmode none up',
    ...addresses.map((address) => `address add ${address} dev wg0`),
  ]);
  for (const [path, text] of Object.entries(files)) await writeFile(`/proc/${host.pid}/root${path}`, text);
  await writeFile(
    `${root}/bird/bird.conf`,
    `router id 192.0.2.${number};
protocol device { scan time 1; }
protocol static { ipv4; route 172.21.${number}.0/24 unreachable; }
protocol static { ipv6; route fd42:${number}::/48 unreachable; }
protocol bgp node {
  local as ${as};
  connect delay time 1;
  connect retry time 1;
  error wait time 1, 2;
  ${bgp}
}
${also}
`,
  );
  const bird = host.spawn('bird', ['-f', '-c', '/run/bird/bird.conf', '-s', '/run/bird/bird.ctl'], {
    stdio: 'ignore',
  });
  return {
    row: {
      ...neighborRow({
        uuid: `session-${number}`,
        asn: as,
        interface: `dn42_${number}`,
        endpoint: `${theirs}:51820`,
        port,
        publicKey,
      }),
      ...row,
    },
    pid: host.pid,
    /** What its BIRD says. */
    birdc: async (...words: string[]) =>
      (await host.run('birdc', ['-s', '/run/bird/bird.ctl', ...words])).stdout,
    close: async () => {
      bird.kill('SIGKILL');
      await once(bird, 'exit');
      await host.run('ip', ['link', 'del', 'dev', 'wg0']);
      await host.close();
    },
  };
}
