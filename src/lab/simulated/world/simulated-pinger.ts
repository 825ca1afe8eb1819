import { setTimeout as sleep } from 'node:timers/promises';
import type { Pinger } from '../../../shell/ports/host.js';
import { meshInterface } from '../../scenario/node-spec.js';
import type { SimulatedNode } from '../node/simulated-node.js';
import type { Ends } from './tunnels.js';
import type { World } from './world.js';

const takesMs = 20;

/** Answers pings of a node as the other end of the tunnel would, with a round-trip time that is made up. */
export function makePinger(node: () => SimulatedNode | undefined, { nodes }: Ends, world: World): Pinger {
  /** Undefined where nothing comes back. */
  function rttTo(from: SimulatedNode, target: string): number | undefined {
    const [address = '', zone] = target.split('%');
    const other = nodes.find(({ spec }) =>
      zone === undefined
        ? [spec.loopbackIpv4, spec.loopbackIpv6].includes(address)
        : zone === meshInterface(spec),
    );
    if (other)
      return (
        world.acrossFrom(from, meshInterface(other.spec)) &&
        45 + 35 * Math.abs(other.spec.id - from.spec.id) + Math.random()
      );
    for (const link of zone === undefined ? from.machine.wireguardTable.keys() : [zone]) {
      const peer = world.acrossFrom(from, link)?.peer;
      if (peer && [peer.spec.linkLocal, peer.spec.ipv4, peer.spec.ipv6].includes(address))
        return 3 + (peer.spec.asn % 7) * 6 + Math.random();
    }
    return undefined;
  }

  return {
    ping: async (targets) => {
      await sleep(takesMs);
      const from = node();
      return new Map(
        targets.map((target) => {
          const rttMs = from && rttTo(from, target);
          return [target, { rttMs, loss: rttMs === undefined ? 1 : 0 }];
        }),
      );
    },
  };
}
