import type { BgpProtocol } from './bird-protocols.js';
import { parseBgpProtocols } from './bird-protocols.js';
import type { BirdRoute } from './bird-routes.js';
import { birdVersion } from './bird-versions.js';
import type { Frr } from './frr.js';
import { parseFrrNeighbors, parseFrrPrefixes, parseFrrRoute } from './frr-bgp.js';
import { showRoutes } from './show-routes.js';

/** What a peer runs. */
export type DaemonKind = 'BIRD' | 'FRR';

/** A router's BGP, whichever daemon it is. */
export interface BgpDaemon {
  readonly kind: DaemonKind;
  /** `2.0.12`; `unknown` where it does not answer. */
  version(): Promise<string>;
  /** Its sessions. Throws where it does not answer. */
  sessions(): Promise<BgpProtocol[]>;
  /** Its routes of both families. Throws where it does not answer. */
  routes(): Promise<BirdRoute[]>;
}

/** A BIRD that is asked over its control socket. */
export function birdDaemon(askBird: (command: string) => Promise<string>): BgpDaemon {
  return {
    kind: 'BIRD',
    version: () => birdVersion({ askBird }),
    sessions: async () => parseBgpProtocols(await askBird('show protocols all')),
    routes: () => showRoutes({ askBird }),
  };
}

/** FRR's bgpd. */
export function frrDaemon({ ask }: Pick<Frr, 'ask'>): BgpDaemon {
  const one = async (command: string) => (await ask(command))[0] ?? '';
  const routesOf = async (family: 'ipv4' | 'ipv6') => {
    const prefixes = parseFrrPrefixes(await one(`show bgp ${family} unicast json`));
    const answers = await ask(...prefixes.map((prefix) => `show bgp ${family} unicast ${prefix} json`));
    return answers.flatMap(parseFrrRoute);
  };
  return {
    kind: 'FRR',
    version: async () =>
      /^FRRouting (\S+)/m.exec(await one('show version').catch(() => ''))?.[1] ?? 'unknown',
    sessions: async () => parseFrrNeighbors(await one('show bgp neighbors json')),
    routes: async () => [...(await routesOf('ipv4')), ...(await routesOf('ipv6'))],
  };
}
