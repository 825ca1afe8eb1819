import { isDeepStrictEqual } from 'node:util';
import { sessionBgpOptions } from '../../src/core/desired/options/session-bgp-options.js';
import { ebgpOptions } from '../../src/core/model/bgp-options.js';
import { asn } from '../../src/core/model/values/asn.js';
import { parseBgpProtocols } from '../../src/lab/hosts/bird-protocols.js';
import { askBird } from '../../src/lab/hosts/bird-socket.js';
import type { Namespace } from '../../src/lab/namespace.js';
import { Routers } from '../integration/bird/routers/routers.js';
import { installedVersion, treeOf } from '../integration/bird/routers/running-bird.js';
import { documented } from '../unit/core/render/routings.js';
import { makeSession } from '../unit/make.js';
import type { Daemon, Neighbor } from './daemons/daemon.js';
import { asns, type Family, families, type Kind, node, routes } from './kinds.js';
import { openPath } from './path.js';

/** What came of a session of one kind with one daemon. */
export interface Outcome {
  /** All BGP sessions of it, seen at the node. */
  readonly established: boolean;
  /** Families of which the neighbor has our block, and would use it. */
  readonly there: readonly Family[];
  /** Families of which the node has the neighbor's route, with the next hop that this kind has. */
  readonly here: readonly Family[];
  /** Whether the neighbor answers our RFC 9234 role with its own. */
  readonly role: 'accepted' | 'ignored';
  /** Families of which the third AS's route arrived at the node, and its filter refused it. */
  readonly refused: readonly Family[];
}

/** Long enough for a daemon that waits two minutes after a first connection that came too early. */
const limitMs = 150_000;
/** What has not come so long after all else does not come. */
const settleMs = 10_000;

/** What is to come of it. */
export function expectedOf(kind: Kind, { role, unused }: Daemon): Outcome {
  const there = families.filter((family) => !unused?.[kind.name]?.includes(family));
  return { established: true, there, here: families, role, refused: families };
}

/** Sets both ends up, and looks until everything is and stays as it should be, or the time is over. */
export async function tryKind(kind: Kind, daemon: Daemon): Promise<Outcome> {
  const routers = new Routers();
  let neighbor: Neighbor | undefined;
  try {
    const hosts = await openPath(routers, kind);
    await routers.start(hosts.node, await nodeTree(kind, daemon));
    neighbor = await daemon.open(hosts.neighbor, kind);
    const startedMs = performance.now();
    let wholeMs: number | undefined;
    for (;;) {
      const outcome = await look(hosts.node, neighbor, kind);
      const nowMs = performance.now();
      wholeMs = isDeepStrictEqual(outcome, expectedOf(kind, daemon)) ? (wholeMs ?? nowMs) : undefined;
      if (nowMs - (wholeMs ?? nowMs) >= settleMs || nowMs - startedMs > limitMs) return outcome;
      await new Promise((resolve) => setTimeout(resolve, 500));
    }
  } finally {
    await neighbor?.stop();
    await routers.close();
  }
}

/** The node's files as the agent renders them. Policy "peer": we have a role, and take only what the neighbor originates. */
async function nodeTree({ session }: Kind, { opener }: Daemon) {
  const birdVersion = await installedVersion();
  const own = opener === 'neighbor' ? { passive: true } : {};
  const sessions = [
    {
      protocol: `dn42_${asns.neighbor}`,
      latencyTier: undefined,
      options: sessionBgpOptions(ebgpOptions('peer', birdVersion), own, undefined),
      session: makeSession({
        uuid: 'session-1',
        asn: asn.parse(asns.neighbor),
        interface: node.interface,
        policy: 'peer',
        ...session,
      }),
    },
  ];
  return treeOf({
    ...documented,
    birdVersion,
    policy: { ...documented.policy, rpkiServers: [] },
    sessions,
    ibgpPeers: [],
    meshInterfaces: [],
  });
}

async function look(host: Namespace, neighbor: Neighbor, { nextHops }: Kind): Promise<Outcome> {
  const ask = (command: string) => askBird(`/proc/${host.pid}/root/run/bird/bird.ctl`, command);
  const sessions = await ask('show protocols all "dn42_*"');
  const protocols = parseBgpProtocols(sessions);
  const answers = [...sessions.matchAll(/Neighbor capabilities\n(.*?)\n\s+Session:/gs)];
  const isHere = async (family: Family) => {
    const answer = await ask(`show route ${routes.neighbor[family]}`);
    return nextHops[family].some((nextHop) => answer.includes(`via ${nextHop} on ${node.interface}`));
  };
  const isRefused = async (family: Family) => {
    const prefix = routes.third[family];
    const taken = await ask(`show route ${prefix}`);
    return (await ask(`show route ${prefix} filtered`)).includes(prefix) && !taken.includes(prefix);
  };
  return {
    established: protocols.length > 0 && protocols.every(({ state }) => state === 'Established'),
    there: await those((family) => neighbor.hasRoute(routes.node[family], family)),
    here: await those(isHere),
    role:
      answers.length > 0 && answers.every(([, text = '']) => /Role: peer/.test(text))
        ? 'accepted'
        : 'ignored',
    refused: await those(isRefused),
  };
}

async function those(has: (family: Family) => Promise<boolean>): Promise<Family[]> {
  const found: Family[] = [];
  for (const family of families) if (await has(family)) found.push(family);
  return found;
}
