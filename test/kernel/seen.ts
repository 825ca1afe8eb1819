import type { Run } from '../../src/platform/exec.js';

/** An interface as `ip -j -d addr` shows it. */
export interface SeenLink {
  readonly ifname: string;
  readonly ifindex: number;
  readonly ifalias?: string;
  readonly mtu: number;
  readonly flags: readonly string[];
  readonly linkinfo?: { readonly info_kind?: string };
  readonly addr_info: readonly {
    readonly local: string;
    readonly address?: string;
    readonly prefixlen: number;
  }[];
}

/** A WireGuard interface with its peers as `wg show IF dump` shows them. */
export interface SeenWireGuard {
  readonly publicKey: string;
  readonly listenPort: number;
  readonly peers: readonly SeenPeer[];
}

interface SeenPeer {
  readonly publicKey: string;
  readonly presharedKey: string;
  readonly endpoint: string;
  readonly allowedIps: string;
  /** Counted since the peer was added. */
  readonly receivedBytes: number;
  readonly keepalive: string;
}

/** All interfaces, by name. */
export async function seeLinks(run: Run): Promise<ReadonlyMap<string, SeenLink>> {
  const links = JSON.parse((await run('ip', ['-j', '-d', 'addr'])).stdout) as readonly SeenLink[];
  return new Map(links.map((link) => [link.ifname, link]));
}

/** The addresses of an interface, such as `fe80::1/64`, or `172.22.188.1 peer 172.20.1.2/32`. */
export function addressesOf(link: SeenLink | undefined): readonly string[] {
  const texts = (link?.addr_info ?? []).map(({ local, address, prefixlen }) =>
    address === undefined ? `${local}/${prefixlen}` : `${local} peer ${address}/${prefixlen}`,
  );
  return texts.sort();
}

export async function seeWireGuard(run: Run, name: string): Promise<SeenWireGuard> {
  const [own = '', ...peers] = (await run('wg', ['show', name, 'dump'])).stdout.trim().split('\n');
  const [, publicKey = '', listenPort] = own.split('\t');
  return { publicKey, listenPort: Number(listenPort), peers: peers.map(seenPeer) };
}

function seenPeer(line: string): SeenPeer {
  const [publicKey = '', presharedKey = '', endpoint = '', allowedIps = '', , received, , keepalive = ''] =
    line.split('\t');
  return { publicKey, presharedKey, endpoint, allowedIps, receivedBytes: Number(received), keepalive };
}

/** The modules of the kernel that are loaded. */
export async function loadedModules(run: Run): Promise<ReadonlySet<string>> {
  const { stdout } = await run('cat', ['/proc/modules']);
  return new Set(stdout.split('\n').map((line) => line.split(' ')[0] ?? ''));
}
