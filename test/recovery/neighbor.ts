import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { writeFile } from 'node:fs/promises';
import { parseBgpProtocols } from '../../src/lab/hosts/bird-protocols.js';
import { askBird } from '../../src/lab/hosts/bird-socket.js';
import { startFrr } from '../../src/lab/hosts/frr.js';
import type { Namespace } from '../../src/lab/namespace.js';
import { ends } from './path.js';

/** The ASNs of both sides, and a route of each: the node's own block, and what the neighbor announces. */
export const asns = { node: 4242420998, neighbor: 4242421080 } as const;
export const routes = { node: '172.22.188.0/26', neighbor: '172.21.80.0/24' } as const;

/** A router's BGP, as the trials see it. */
export interface Router {
  /** Starts its BGP daemon; it answers when this returns. */
  start(): Promise<void>;
  /** SIGKILL: it has no time for a word to anybody. */
  kill(): Promise<void>;
  /** Ends it, with what else belongs to it. */
  stop(): Promise<void>;
  isEstablished(): Promise<boolean>;
  /** True where it has the other side's route, and would use it. */
  hasRoute(): Promise<boolean>;
}

/** A neighbor's daemon, with the options that it has by itself. `bird` is the program; `frr` the directory of FRR's daemons. */
export type NeighborDaemon =
  | { readonly kind: 'bird'; readonly bird: string }
  | { readonly kind: 'frr'; readonly programs: string };

export function openNeighbor(host: Namespace, daemon: NeighborDaemon): Promise<Router> {
  return daemon.kind === 'bird'
    ? openBirdNeighbor(host, daemon.bird)
    : openFrrNeighbor(host, daemon.programs);
}

const birdConfig = `router id 192.0.2.80;
protocol device { }
protocol static { ipv4; route ${routes.neighbor} unreachable; }
protocol bgp node {
  local as ${asns.neighbor};
  neighbor ${ends.node.address}%'${ends.neighbor.interface}' as ${asns.node};
  ipv4 { extended next hop; import all; export where source = RTS_STATIC; };
  ipv6 { import all; export none; };
}
`;

async function openBirdNeighbor(host: Namespace, bird: string): Promise<Router> {
  await writeFile(`/proc/${host.pid}/root/run/bird/bird.conf`, birdConfig);
  return birdRouter(host, bird, '/run/bird/bird.conf', routes.node);
}

/** A BIRD in the foreground, asked over its control socket. `expected` is the route that the other side announces. */
export function birdRouter(host: Namespace, bird: string, config: string, expected: string): Router {
  const socket = '/run/bird/bird.ctl';
  let daemon: ChildProcess | undefined;
  const ask = (command: string) => askBird(`/proc/${host.pid}/root${socket}`, command).catch(() => '');
  return {
    start: async () => {
      daemon = host.spawn(bird, ['-f', '-c', config, '-s', socket], { stdio: 'ignore' });
      await until(async () => (await ask('show status')).includes('is up and running'));
    },
    kill: () => end(daemon),
    stop: () => end(daemon),
    isEstablished: async () => {
      const protocols = parseBgpProtocols(await ask('show protocols all'));
      return protocols.length > 0 && protocols.every(({ state }) => state === 'Established');
    },
    hasRoute: async () => (await ask(`show route ${expected}`)).includes(expected),
  };
}

const frrConfig = `router bgp ${asns.neighbor}
 bgp router-id 192.0.2.80
 no bgp ebgp-requires-policy
 no bgp network import-check
 neighbor ${ends.node.address} remote-as ${asns.node}
 neighbor ${ends.node.address} interface ${ends.neighbor.interface}
 neighbor ${ends.node.address} capability extended-nexthop
 address-family ipv4 unicast
  network ${routes.neighbor}
  neighbor ${ends.node.address} activate
 exit-address-family
 address-family ipv6 unicast
  neighbor ${ends.node.address} activate
 exit-address-family
exit
`;

async function openFrrNeighbor(host: Namespace, programs: string): Promise<Router> {
  const frr = await startFrr(host, frrConfig, programs);
  let bgpd: ChildProcess | undefined;
  const ask = async (command: string) => JSON.parse((await frr.ask(command).catch(() => []))[0] ?? '{}');
  return {
    start: async () => {
      bgpd = await frr.startBgpd();
    },
    kill: () => end(bgpd),
    stop: async () => frr.stop(),
    isEstablished: async () => {
      const neighbors: Record<string, { bgpState?: string }> = await ask('show bgp neighbors json');
      return neighbors[ends.node.address]?.bgpState === 'Established';
    },
    hasRoute: async () => ((await ask(`show bgp ipv4 unicast ${routes.node} json`)).paths ?? []).length > 0,
  };
}

async function end(daemon: ChildProcess | undefined): Promise<void> {
  if (!daemon || daemon.exitCode !== null || daemon.signalCode !== null) return;
  daemon.kill('SIGKILL');
  await once(daemon, 'exit');
}

/** Looks ten times a second. Throws after `limitMs`. */
export async function until(condition: () => Promise<boolean>, limitMs = 60_000): Promise<void> {
  const startedMs = performance.now();
  while (!(await condition())) {
    if (performance.now() - startedMs > limitMs)
      throw new Error(`not seen within ${limitMs / 1000} s: ${condition}`);
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}
