import { type Namespace, openNamespace } from '../../src/lab/namespace.js';
import { allEnded } from '../faults/harness/all-ended.js';
import { type Neighbor, openNeighbor } from '../faults/harness/neighbor.js';
import { waitFor } from '../faults/harness/wait-for.js';
import { type Prometheus, startPrometheus } from './prometheus.js';
import { shortRules } from './short-rules.js';
import { type StoppableCache, stoppableCache } from './stoppable-cache.js';
import { type Kept, openThreeNodes } from './three-nodes.js';
import { metricsToken, type WatchedNode } from './watched-node.js';

/** Two nodes with a mesh between them, a third in include mode, and Prometheus, which watches all of them. */
export interface WatchedNetwork {
  /** Has three neighbors and two RPKI caches. */
  readonly jp1: WatchedNode;
  /** Its control plane is on another machine. */
  readonly hk1: WatchedNode;
  /** Its `bird.conf` is the operator's; its one neighbor is offline. */
  readonly sg1: WatchedNode;
  readonly neighbors: readonly [Neighbor, Neighbor, Neighbor];
  readonly caches: readonly [StoppableCache, StoppableCache];
  readonly prometheus: Prometheus;
  close(): Promise<void>;
}

/** More IPv4 routes than the three that jp1 takes of a neighbor. */
const announced = [1, 2, 3, 4, 5].map((number) => `172.21.${number}.0/24`);
const cachePorts = [8282, 8283] as const;

export async function openWatchedNetwork(): Promise<WatchedNetwork> {
  // In the order in which they were opened.
  const opened: (() => Promise<void>)[] = [];
  const close = async () => {
    for (const each of opened.toReversed()) await each();
  };
  try {
    const central = await openNamespace('central');
    opened.push(central.close);
    return { ...(await open(central, opened)), close };
  } catch (error) {
    await close();
    throw error;
  }
}

async function open(
  central: Namespace,
  opened: (() => Promise<void>)[],
): Promise<Omit<WatchedNetwork, 'close'>> {
  const kept: Kept = async (opening) => {
    const part = await opening;
    opened.push(part.close);
    return part;
  };
  const { jp1, hk1, sg1 } = await openThreeNodes(central, cachePorts, kept);
  const [one, two] = cachePorts;
  const caches = [stoppableCache(jp1.namespace, one), stoppableCache(jp1.namespace, two)] as const;
  for (const cache of caches) {
    await cache.start();
    opened.push(cache.stop);
  }
  const openNumber = (number: number) => kept(openNeighbor(jp1, number, announced));
  const neighbors = await allEnded([openNumber(1), openNumber(2), openNumber(3)] as const);
  await allEnded(neighbors.map(isQuiet));
  await jp1.setSessions(neighbors.map(({ session }) => session));
  await allEnded([jp1, hk1, sg1].map((node) => node.startDaemon()));
  await allEnded(neighbors.map((neighbor) => neighbor.connect(jp1.publicKey)));
  const targets = [jp1, hk1, sg1].map(({ instance }) => instance);
  const prometheus = await kept(
    startPrometheus(central, { targets, token: metricsToken, rules: shortRules() }),
  );
  return { jp1, hk1, sg1, neighbors, caches, prometheus };
}

/** Its BIRD, which may be starting, announces nothing of IPv4 for now. */
async function isQuiet(neighbor: Neighbor): Promise<void> {
  const disabled = () => birdc(neighbor, 'disable', 'static1').then(Boolean, () => false);
  await waitFor(`${neighbor.name} announces nothing`, disabled);
}

/** What `birdc` prints on a host. */
export async function birdc(
  { host }: { readonly host: Namespace },
  ...words: readonly string[]
): Promise<string> {
  return (await host.run('birdc', ['-s', '/run/bird/bird.ctl', ...words])).stdout;
}
