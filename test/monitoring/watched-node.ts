import { chmod, mkdir, readFile, writeFile } from 'node:fs/promises';
import type { Namespace } from '../../src/lab/namespace.js';
import { type FaultyNode, type ListedSession, openFaultyNode } from '../faults/harness/faulty-node.js';

/** What Prometheus shows to read the metrics; no token of a node. */
export const metricsToken = 'reads-the-metrics-and-nothing-else';

/** A node that Prometheus scrapes. */
export interface WatchedNode extends FaultyNode {
  /** `instance` in Prometheus. */
  readonly instance: string;
}

interface Options {
  readonly name: string;
  /** Of the node, and of its cable to where Prometheus runs. */
  readonly number: number;
  readonly birdConf?: string;
  readonly mode?: 'full' | 'include';
  /** True: its control plane is at the other end of that cable. */
  readonly isFar?: boolean;
  /** Its WireGuard key, where others must know it in advance. */
  readonly privateKey?: string;
  /** Between two of its questions for the sessions. */
  readonly sessionsSeconds?: number;
  readonly sessions?: readonly ListedSession[];
  readonly meshPeers?: readonly object[];
  readonly ibgpPeers?: readonly object[];
  readonly rpkiServers?: readonly object[];
}

/** Opens a node with a cable to `central`, on whose address it serves its metrics; its agent does not run yet. */
export async function openWatchedNode(central: Namespace, options: Options): Promise<WatchedNode> {
  const { name, number, birdConf, mode = 'full', isFar = false, sessionsSeconds = 1 } = options;
  const [ours, theirs] = [`10.99.${number}.5`, `10.99.${number}.1`];
  const lay = (inside: Namespace) => layCable(inside, ours, central, theirs);
  const node = await openFaultyNode(name, sessionsSeconds, {
    ...(birdConf === undefined ? {} : { birdConf }),
    ...(isFar && {
      elsewhere: async (inside: Namespace) => {
        await lay(inside);
        return { host: central, address: theirs };
      },
    }),
    daemon: false,
  });
  if (!isFar) await lay(node.namespace);
  const instance = `${ours}:24368`;
  await writeFile(node.path('metrics-token'), metricsToken, { mode: 0o600 });
  await changeJson(node.path('agent.json'), (config) => ({
    ...config,
    bootstrap: { ...config.bootstrap, nodeName: name },
    bird: { ...config.bird, mode },
    server: { listen: ['127.0.0.1:24368', instance], metricsTokenFile: node.path('metrics-token') },
    intervals: { ...config.intervals, look: 1 },
  }));
  await chmod(node.path('agent.json'), 0o600);
  await writeParts(node, options);
  // Its getters stay those of the node.
  return Object.assign(node, { instance });
}

/** What its control plane knows. */
async function writeParts(
  node: FaultyNode,
  { name, number, privateKey, sessions = [], meshPeers = [], ibgpPeers = [], rpkiServers = [] }: Options,
): Promise<void> {
  const addresses = {
    loopbackIpv4: `172.22.188.${number}`,
    loopbackIpv6: `fd00:4242:7777:101:${number}::1`,
  };
  await changeJson(node.path('config.json'), (config) => ({
    node: { ...config.node, id: number, name, ...addresses },
  }));
  await changeJson(node.path('bird-config.json'), (config) => ({
    ...config,
    node: { ...config.node, id: number, name, ...addresses },
    policy: { ...config.policy, rpkiServers, ebgpImportLimit: 3 },
    ibgpPeers,
  }));
  await writeFile(node.path('mesh.json'), JSON.stringify({ peers: meshPeers }));
  await node.setSessions(sessions);
  if (privateKey === undefined) return;
  await mkdir(node.path('keys'), { mode: 0o700 });
  await writeFile(node.path('keys/private.key'), `${privateKey}\n`, { mode: 0o600 });
}

/** Changes a JSON file of a node's. */
export async function changeJson(
  file: string,
  // biome-ignore lint/suspicious/noExplicitAny: the fixtures' own form, which the agent parses.
  change: (content: any) => unknown,
): Promise<void> {
  await writeFile(file, JSON.stringify(change(JSON.parse(await readFile(file, 'utf8')))));
}

let cables = 0;

/** A cable between two hosts, with an address at each end. */
export async function layCable(
  one: Namespace,
  address: string,
  other: Namespace,
  otherAddress: string,
): Promise<void> {
  cables += 1;
  const [here, there] = [`cable-a${cables}`, `cable-b${cables}`];
  await one.run('ip', ['-batch', '-'], {
    input: `link add ${here} type veth peer name ${there} netns ${other.pid}
address add ${address}/24 dev ${here}
link set ${here} up
`,
  });
  await other.run('ip', ['-batch', '-'], {
    input: `address add ${otherAddress}/24 dev ${there}\nlink set ${there} up\n`,
  });
}
