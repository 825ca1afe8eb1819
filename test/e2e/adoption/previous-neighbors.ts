import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { type Namespace, openNamespace } from '../../../src/lab/namespace.js';
import { until } from '../../integration/host/tunnel-host.js';

/** A router at the other end of one tunnel: another network's, or another node of ours. */
export interface Neighbor {
  /** The uuid of its session, or its node id. */
  readonly id: string;
  /** The tunnel's name on the node, and the BIRD protocol there. */
  readonly interface: string;
  readonly protocol: string;
  readonly port: number;
  /** Address of the node's cable to it, with a 1 behind it for the node and a 2 for the neighbor. */
  readonly network: string;
  /** Link-local addresses on the tunnel, of the node and of the neighbor. */
  readonly ours: string;
  readonly theirs: string;
  /** Its `bird.conf`, without the log. */
  readonly bird: string;
  /** Addresses on its `lo`. */
  readonly loopbacks?: readonly string[];
}

export interface RunningNeighbor extends Neighbor {
  readonly host: Namespace;
  readonly publicKey: string;
}

const socket = ['-s', '/run/bird/bird.ctl'];

/** Starts a neighbor with its end of the tunnel; the node's end has `nodeKey`. The caller ends `children`. */
export async function openNeighbor(
  neighbor: Neighbor,
  node: Namespace,
  nodeKey: string,
  children: ChildProcess[],
): Promise<RunningNeighbor> {
  const host = await openNamespace(neighbor.id);
  const { network, loopbacks = [] } = neighbor;
  const cable = `eth${neighbor.port}`;
  await node.run('ip', [
    'link',
    'add',
    cable,
    'type',
    'veth',
    'peer',
    'name',
    'eth0',
    'netns',
    String(host.pid),
  ]);
  for (const [end, name, address] of [
    [node, cable, `${network}.1/24`],
    [host, 'eth0', `${network}.2/24`],
  ] as const) {
    await end.run('ip', ['addr', 'add', address, 'dev', name]);
    await end.run('ip', ['link', 'set', name, 'up']);
  }
  for (const address of loopbacks) await host.run('ip', ['addr', 'add', address, 'dev', 'lo']);
  const publicKey = await makeTunnel(host, {
    name: 'tunnel',
    port: 51820,
    peer: nodeKey,
    endpoint: `${network}.1:${neighbor.port}`,
    addresses: [`${neighbor.theirs}/64`],
    allowedIps: '0.0.0.0/0,::/0',
  });
  await write(
    host,
    '/run/bird/bird.conf',
    `log "/run/bird/log" all;\ndebug protocols { states, events };\n${neighbor.bird}`,
  );
  children.push(host.spawn('bird', ['-f', '-c', '/run/bird/bird.conf', ...socket], { stdio: 'ignore' }));
  return { ...neighbor, host, publicKey };
}

/** A tunnel as people make it by hand; returns its public key. */
export async function makeTunnel(
  host: Namespace,
  tunnel: {
    readonly name: string;
    readonly port: number;
    readonly peer: string;
    readonly endpoint: string;
    readonly addresses: readonly string[];
    readonly allowedIps: string;
    readonly keyFile?: string;
  },
): Promise<string> {
  const { name, keyFile = '/run/key' } = tunnel;
  const shell = (script: string) => host.run('sh', ['-c', script]);
  await shell(`umask 077; test -s ${keyFile} || wg genkey > ${keyFile}`);
  await host.run('wireguard-go', [name]);
  await host.run('ip', ['link', 'set', name, 'addrgenmode', 'none']);
  await host.run('wg', [
    ...['set', name, 'private-key', keyFile, 'listen-port', String(tunnel.port), 'peer', tunnel.peer],
    ...['endpoint', tunnel.endpoint, 'persistent-keepalive', '25', 'allowed-ips', tunnel.allowedIps],
  ]);
  for (const address of tunnel.addresses) await host.run('ip', ['addr', 'add', address, 'dev', name]);
  await host.run('ip', ['link', 'set', name, 'mtu', '1420', 'up']);
  return (await shell(`wg pubkey < ${keyFile}`)).stdout.trim();
}

export async function write(host: Namespace, path: string, text: string): Promise<void> {
  await host.run('sh', ['-c', `mkdir -p "$(dirname ${path})"; cat > ${path}`], { input: text });
}

/** Since when the neighbor's session is in its state; throws where it is not Established. */
export async function establishedSince({ host, id }: RunningNeighbor): Promise<string> {
  const { stdout } = await host.run('birdc', [...socket, 'show', 'protocols', 'node']);
  const since = /^node\s+BGP\s+\S+\s+up\s+(\S+(?: \S+)?)\s+Established/m.exec(stdout)?.[1];
  if (since === undefined) throw new Error(`${id} is not Established: ${stdout}`);
  return since;
}

export async function untilEstablished(neighbor: RunningNeighbor): Promise<void> {
  await until(`${neighbor.id} is Established`, () =>
    establishedSince(neighbor).then(
      () => true,
      () => false,
    ),
  );
}

/** How often the neighbor's session was closed, as its own log has it. */
export async function closings({ host }: RunningNeighbor): Promise<number> {
  const { stdout } = await host.run('cat', ['/run/bird/log']);
  return [
    ...stdout.matchAll(
      /node: (BGP session closed|Connection closed|State changed to (down|stop|flush)|Received: )/g,
    ),
  ].length;
}

/** Ends a neighbor; its tunnel goes first, for its daemon would keep the namespace. */
export async function closeNeighbor({ host }: RunningNeighbor): Promise<void> {
  await host.run('ip', ['link', 'del', 'tunnel']);
  await host.close();
}

export async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  child.kill('SIGKILL');
  await once(child, 'exit');
}
