import { selfCommand } from '../../platform/self.js';
import { interfaceTowards } from '../hosts/kernel-routes.js';
import { type NodeHost, nodePaths } from '../hosts/node-host.js';
import { firstAddress } from '../hosts/peer-tunnel.js';
import type { Lab } from '../running-lab.js';
import { meshInterface } from '../scenario/node-spec.js';
import { distantNetwork, ownPrefixes } from '../scenario/numbers.js';
import type { Condition } from '../wait.js';
import type { Step } from './step.js';

// RFC 8326, section 6: GRACEFUL_SHUTDOWN.
const gracefulShutdown = '65535,0';

/** An operator leads the traffic away from a node, and lets it come back. */
export function maintenance(lab: Lab): Step[] {
  const detour = findDetour(lab);
  const node = detour?.node ?? lab.nodes[0];
  if (!node) return [];
  return [step(lab, node, 'on', detour), step(lab, node, 'off', detour)];
}

/** A node that reaches the distant network through either of two others: it goes by `node`, and can be led around that. */
interface Detour {
  readonly watcher: NodeHost;
  readonly node: NodeHost;
  readonly other: NodeHost;
}

function findDetour(lab: Lab): Detour | undefined {
  const [near, far] = [waysOut(lab, false), waysOut(lab, true)];
  const [[node], [other]] = [near, far];
  const watcher = lab.nodes.find((each) => !near.includes(each) && !far.includes(each));
  return node && other && near.length + far.length === 2 && watcher ? { watcher, node, other } : undefined;
}

/** The nodes with a provider to the distant network, by the shorter path or by the longer one. */
function waysOut({ scenario, nodes }: Lab, isLonger: boolean): NodeHost[] {
  const providers = scenario.peers.filter(({ announces }) =>
    announces.some(
      ({ origin, between, refused }) =>
        origin === distantNetwork.asn && refused === undefined && (between !== undefined) === isLonger,
    ),
  );
  return nodes.filter(({ spec }) => providers.some((peer) => peer.node.id === spec.id));
}

function step(lab: Lab, node: NodeHost, word: 'on' | 'off', detour: Detour | undefined): Step {
  return {
    name: `maintenance ${word}`,
    done: `${node.spec.name}: moenet-agent maintenance ${word}`,
    touches: [],
    act: async () => {
      const [program = '', ...args] = selfCommand;
      await node.host.run(program, [...args, 'maintenance', word, '-c', nodePaths.config], {
        timeoutMs: 30_000,
      });
      return [
        ...sessionsOf(lab, node).map((peer) => tagged(peer, word)),
        ...(detour ? [goesBy(detour, word)] : []),
      ];
    },
  };
}

function sessionsOf(lab: Lab, node: NodeHost): Lab['peers'] {
  return lab.peers.filter(
    ({ spec }) => spec.node.id === node.spec.id && lab.controlPlane.sessions.has(spec.session.uuid),
  );
}

function tagged(peer: Lab['peers'][number], word: 'on' | 'off'): Condition {
  return {
    what: `AS${peer.spec.asn} ${word === 'on' ? 'is asked' : 'is no longer asked'} to prefer other ways`,
    holds: async () => {
      const ours = (await peer.bgp.routes()).filter(({ prefix }) =>
        ownPrefixes.some((own) => own === prefix),
      );
      const wanted = word === 'on';
      return (
        ours.length > 0 && ours.every(({ communities }) => communities.includes(gracefulShutdown) === wanted)
      );
    },
  };
}

function goesBy({ watcher, node, other }: Detour, word: 'on' | 'off'): Condition {
  const by = word === 'on' ? other : node;
  const addresses = distantNetwork.prefixes.map(firstAddress);
  return {
    what: `${watcher.spec.name} reaches AS${distantNetwork.asn} through ${by.spec.name}`,
    holds: async () => {
      const found = await Promise.all(addresses.map((address) => interfaceTowards(watcher.host, address)));
      return found.every((name) => name === meshInterface(by.spec));
    },
  };
}
