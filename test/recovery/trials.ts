import { setTimeout as sleep } from 'node:timers/promises';
import { watchRoute } from '../../src/lab/hosts/watch-route.js';
import { type NeighborDaemon, openNeighbor, type Router, routes, until } from './neighbor.js';
import { type NodeOptions, openNode } from './node.js';
import { openPath, type Path } from './path.js';

/** What goes wrong. */
export type TrialName = 'a' | 'b' | 'c9' | 'd' | 'f';

/** What came of it. */
export interface Recovery {
  /** From the fault until both sides were Established again, or in `f` until the node has withdrawn the neighbor's route. */
  readonly totalMs: number;
  /** The same from the moment at which the cause was repaired. */
  readonly afterRepairMs?: number;
  /** How long the neighbor did not have our route, and the node's kernel not the neighbor's. */
  readonly lostMs?: { readonly neighbor: number; readonly kernel: number };
}

interface Routers {
  readonly path: Path;
  readonly node: Router;
  readonly neighbor: Router;
}

/** Far longer than the slowest default, which is a hold time of 240 s. */
const limitMs = 330_000;

/** Brings a session up in namespaces of its own, lets the fault happen, and measures. */
export async function tryFault(
  trial: TrialName,
  options: NodeOptions,
  daemon: NeighborDaemon,
): Promise<Recovery> {
  const path = await openPath();
  const routers: { node?: Router; neighbor?: Router } = {};
  try {
    const neighbor = await openNeighbor(path.neighbor, daemon);
    routers.neighbor = neighbor;
    const node = await openNode(path.node, options);
    routers.node = node;
    await Promise.all([neighbor.start(), node.start()]);
    await until(() => isUp({ node, neighbor }), limitMs);
    // What follows a start is over: deferred updates, and the scan of the kernel's routes.
    await sleep(3000);
    return await trials[trial]({ path, node, neighbor });
  } finally {
    await routers.node?.stop();
    await routers.neighbor?.stop();
    await path.close();
  }
}

const trials: Readonly<Record<TrialName, (routers: Routers) => Promise<Recovery>>> = {
  a: async ({ path, ...routers }) => repairAfter(5_000, path.deleteLink, path.makeLink, routers),
  b: async ({ path, ...routers }) => {
    const { neighbor } = routers;
    const breakIt = async () => {
      await path.cut();
      await neighbor.kill();
    };
    const repair = async () => {
      await path.mend();
      await neighbor.start();
    };
    return repairAfter(20_000, breakIt, repair, routers);
  },
  c9: killNode,
  d: async ({ path, ...routers }) => repairAfter(30_000, path.cut, path.mend, routers),
  f: async ({ path, node }) => {
    const startedMs = performance.now();
    await path.cut();
    await until(async () => !(await node.hasRoute()), limitMs);
    return { totalMs: performance.now() - startedMs };
  },
};

async function repairAfter(
  pauseMs: number,
  breakIt: () => Promise<void>,
  repair: () => Promise<void>,
  routers: Omit<Routers, 'path'>,
): Promise<Recovery> {
  const startedMs = performance.now();
  await breakIt();
  await sleep(pauseMs);
  await repair();
  const repairedMs = performance.now();
  await until(() => isUp(routers), limitMs);
  const endedMs = performance.now();
  return { totalMs: endedMs - startedMs, afterRepairMs: endedMs - repairedMs };
}

/** Our BIRD is killed and started, as a service manager does it, and each side's routes are watched meanwhile. */
async function killNode({ path, node, neighbor }: Routers): Promise<Recovery> {
  const kernel = watchRoute(path.node, (prefix) => prefix === routes.neighbor);
  const neighborsTable = watchTable(neighbor);
  // The monitor has its socket.
  await sleep(500);
  const startedMs = performance.now();
  await node.kill();
  await node.start();
  await until(() => isUp({ node, neighbor }), limitMs);
  const totalMs = performance.now() - startedMs;
  // A route that is left over from before goes at the first scan after the recovery.
  await sleep(15_000);
  kernel.stop();
  const lostMs = { neighbor: await neighborsTable.stop(), kernel: lostIn(kernel) };
  return { totalMs, lostMs };
}

async function isUp({ node, neighbor }: Omit<Routers, 'path'>): Promise<boolean> {
  const all = [node.isEstablished(), neighbor.isEstablished(), node.hasRoute(), neighbor.hasRoute()];
  return (await Promise.all(all)).every(Boolean);
}

/** Looks ten times a second whether the router has the route, until it is told to stop. */
export function watchTable(router: Pick<Router, 'hasRoute'>): { stop(): Promise<number> } {
  let lostMs = 0;
  let isOver = false;
  const watching = (async () => {
    let lookedMs = performance.now();
    while (!isOver) {
      const hasIt = await router.hasRoute();
      const nowMs = performance.now();
      if (!hasIt) lostMs += nowMs - lookedMs;
      lookedMs = nowMs;
      await sleep(100);
    }
  })();
  return {
    stop: async () => {
      isOver = true;
      await watching;
      return lostMs;
    },
  };
}

/** The time between each departure and the next arrival. */
function lostIn({ leftAtMs, cameAtMs }: ReturnType<typeof watchRoute>): number {
  return leftAtMs.reduce((sum, leftMs) => {
    const cameMs = cameAtMs.find((each) => each >= leftMs) ?? Date.now();
    return sum + cameMs - leftMs;
  }, 0);
}
