import { type Namespace, openNamespace } from '../../src/lab/namespace.js';

/** The node's end of the tunnel to its neighbor, and the neighbor's. */
export const ends = {
  node: { interface: 'wg_24001', address: 'fe80::998', mac: '02:00:00:00:00:01' },
  neighbor: { interface: 'to_node', address: 'fe80::2', mac: '02:00:00:00:00:02' },
} as const;

/**
 * A node and a neighbor with a bridge between them, on which what goes wrong in the middle is seen at neither end: like behind a
 * tunnel, the link of the one stays up whatever becomes of the other.
 */
export interface Path {
  readonly node: Namespace;
  readonly neighbor: Namespace;
  /** `ip link del` of the node's interface. */
  deleteLink(): Promise<void>;
  /** The same interface again, as the agent makes it. */
  makeLink(): Promise<void>;
  /** No packet passes from now on; both links stay up. */
  cut(): Promise<void>;
  mend(): Promise<void>;
  close(): Promise<void>;
}

export async function openPath(): Promise<Path> {
  const opened: Namespace[] = [];
  const open = async (name: string) => {
    const namespace = await openNamespace(name);
    opened.push(namespace);
    return namespace;
  };
  const close = async () => {
    for (const namespace of opened) await namespace.close();
  };
  try {
    const [node, neighbor, middle] = [await open('node'), await open('neighbor'), await open('middle')];
    await middle.run('ip', ['link', 'add', 'middle', 'type', 'bridge']);
    await middle.run('ip', ['link', 'set', 'middle', 'up']);
    const link = (host: Namespace, side: keyof typeof ends) => connect(host, middle, side);
    await link(node, 'node');
    await link(neighbor, 'neighbor');
    // What a killed daemon leaves behind is silent like a host that is gone, soon after the path was cut.
    await neighbor.run('tee', ['/proc/sys/net/ipv4/tcp_orphan_retries'], { input: '1' });
    const setIsolated = async (state: 'on' | 'off') => {
      for (const side of Object.keys(ends))
        await middle.run('ip', ['link', 'set', side, 'type', 'bridge_slave', 'isolated', state]);
    };
    return {
      node,
      neighbor,
      deleteLink: async () => {
        await node.run('ip', ['link', 'del', ends.node.interface]);
      },
      makeLink: () => link(node, 'node'),
      cut: () => setIsolated('on'),
      mend: () => setIsolated('off'),
      close,
    };
  } catch (error) {
    await close();
    throw error;
  }
}

async function connect(host: Namespace, middle: Namespace, side: keyof typeof ends): Promise<void> {
  const { interface: name, address, mac } = ends[side];
  const batch = (inside: Namespace, ...lines: readonly string[]) =>
    inside.run('ip', ['-batch', '-'], { input: `${lines.join('\n')}\n` });
  await batch(
    middle,
    `link add ${side} type veth peer name ${name} netns ${host.pid}`,
    `link set ${side} master middle up`,
  );
  await batch(
    host,
    `link set ${name} addrgenmode none address ${mac}`,
    `address add ${address}/64 dev ${name} nodad`,
    `link set ${name} up`,
  );
}
