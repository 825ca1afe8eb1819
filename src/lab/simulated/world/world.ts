import type { ObservedWireGuard } from '../../../core/model/observed.js';
import { meshInterface, type NodeSpec } from '../../scenario/node-spec.js';
import type { Scenario } from '../../scenario/scenario.js';
import type { SimulatedNode } from '../node/simulated-node.js';
import { dial, establish } from './bgp-state.js';
import { type Dialled, readDialled } from './dialled.js';
import { routesBetween, routesWith } from './routes.js';
import type { SimulatedPeer } from './simulated-peer.js';
import { type Ends, type FarEnd, farEndOf, letTalk } from './tunnels.js';

/** All that is outside of the machines: what the other ends of their tunnels and sessions do. */
export interface World {
  /** Takes a machine in: its BIRD dials from now on, and waits for an answer. */
  add(node: SimulatedNode): void;
  /** Lets time pass: who can answer does so, a moment after it could. Called some times a second. */
  tick(): void;
  /** The neighbor at the other end of a tunnel that is up; `node`: ours. Undefined where it is not up. */
  acrossFrom(node: SimulatedNode, link: string): FarEnd | undefined;
  /** Whom a protocol of a node dials. */
  dialled(node: NodeSpec, protocol: string): Dialled | undefined;
  /** Which time it is that this session is Established; undefined while it is not. The same later: it was never reset. */
  serial(node: NodeSpec, protocol: string): number | undefined;
}

/** A tunnel that packets could go through. */
interface Tunnel {
  /** One that was deleted and made again is another one. */
  readonly wireguard: ObservedWireGuard;
  readonly upAtMs: number;
  isUp: boolean;
  far: FarEnd;
}

/** A session whose neighbor could answer. */
interface Session {
  readonly upAtMs: number;
  answeredAtMs: number;
  serial: number | undefined;
}

/** Without an answer for so long, BGP is down; at once where the link is gone. */
const holdMs = 1_500;

const keyOf = ({ name }: NodeSpec, thing: string) => `${name} ${thing}`;
/** As long as another end takes to notice. */
const soon = () => performance.now() + 50 + 150 * Math.random();

/** `ends` may grow. */
export function openWorld(scenario: Scenario, ends: Ends): World {
  const dials = new Map<string, Dialled>();
  const tunnels = new Map<string, Tunnel>();
  const sessions = new Map<string, Session>();
  let serials = 0;

  function tickTunnel(node: SimulatedNode, name: string): void {
    const key = keyOf(node.spec, name);
    const wireguard = node.machine.wireguardTable.get(name);
    const far = farEndOf(ends, node, name);
    if (!wireguard || !far) {
      tunnels.delete(key);
      return;
    }
    const before = tunnels.get(key);
    const tunnel = before?.wireguard === wireguard ? before : { wireguard, upAtMs: soon(), isUp: false, far };
    tunnels.set(key, tunnel);
    tunnel.far = far;
    if (performance.now() < tunnel.upAtMs) return;
    letTalk(wireguard, far, !tunnel.isUp);
    tunnel.isUp = true;
  }

  function tickSession(node: SimulatedNode, name: string): void {
    const key = keyOf(node.spec, name);
    const protocol = node.machine.protocols.get(name);
    const whom = dials.get(key);
    if (!protocol?.bgp || !whom || protocol.disabled) {
      sessions.delete(key);
      return;
    }
    const answer = answerTo(node, whom);
    const isUp = protocol.bgp.state === 'Established';
    const nowMs = performance.now();
    const before = sessions.get(key);
    if (!answer) {
      const isLinked = whom.interface === undefined || node.machine.linkTable.has(whom.interface);
      if (isUp && isLinked && before && nowMs - before.answeredAtMs < holdMs) return;
      sessions.delete(key);
      if (isUp) dial(protocol, whom, isLinked ? 'Hold timer expired' : undefined);
      return;
    }
    const session = before ?? { upAtMs: soon(), answeredAtMs: nowMs, serial: undefined };
    session.answeredAtMs = nowMs;
    sessions.set(key, session);
    if (isUp || nowMs < session.upAtMs) return;
    establish(protocol, answer);
    serials += 1;
    session.serial = serials;
  }

  /** The routes that a neighbor who answers sends and is sent; undefined where nobody answers. */
  function answerTo(node: SimulatedNode, whom: Dialled) {
    const other = ends.nodes.find(({ spec }) =>
      [spec.loopbackIpv4, spec.loopbackIpv6].includes(whom.neighbor),
    );
    if (other) return dialsBack(node, other) ? routesBetween(scenario, other.spec) : undefined;
    const peer = acrossFrom(node, whom.interface ?? '')?.peer;
    return peer && isAnswered(node, peer, whom) ? routesWith(scenario, peer.spec) : undefined;
  }

  function dialsBack(node: SimulatedNode, other: SimulatedNode): boolean {
    const there = [...other.machine.protocols.values()].some(({ name, disabled }) => {
      const back = dials.get(keyOf(other.spec, name))?.neighbor ?? '';
      return !disabled && [node.spec.loopbackIpv4, node.spec.loopbackIpv6].includes(back);
    });
    const ways = [acrossFrom(node, meshInterface(other.spec)), acrossFrom(other, meshInterface(node.spec))];
    return there && ways.every((way) => way !== undefined);
  }

  function acrossFrom(node: SimulatedNode, link: string): FarEnd | undefined {
    const tunnel = tunnels.get(keyOf(node.spec, link));
    return tunnel?.isUp ? tunnel.far : undefined;
  }

  return {
    add: ({ spec, machine }) => {
      machine.begins = (protocol, text) => {
        const whom = readDialled(text);
        if (!protocol.bgp || !whom) return;
        dials.set(keyOf(spec, protocol.name), whom);
        dial(protocol, whom);
      };
    },
    tick: () => {
      for (const node of ends.nodes) {
        for (const name of node.machine.wireguardTable.keys()) tickTunnel(node, name);
        for (const key of tunnels.keys()) {
          const [of, name = ''] = key.split(' ');
          if (of === node.spec.name && !node.machine.wireguardTable.has(name)) tunnels.delete(key);
        }
        for (const name of node.machine.protocols.keys()) tickSession(node, name);
      }
    },
    acrossFrom,
    dialled: (node, protocol) => dials.get(keyOf(node, protocol)),
    serial: (node, protocol) => sessions.get(keyOf(node, protocol))?.serial,
  };
}

/** The neighbor is the one that is dialled, and the link has an address of ours that it can answer to. */
function isAnswered(
  { machine }: SimulatedNode,
  { spec }: SimulatedPeer,
  { asn, neighbor, ...dialled }: Dialled,
): boolean {
  const addresses = machine.linkTable.get(dialled.interface ?? '')?.addresses ?? [];
  const isSameFamily = ({ local }: { readonly local: string }) =>
    neighbor.startsWith('fe80:') ? local.startsWith('fe80:') : local.includes(':') === neighbor.includes(':');
  return (
    spec.asn === asn &&
    [spec.linkLocal, spec.ipv4, spec.ipv6].includes(neighbor) &&
    addresses.some(isSameFamily)
  );
}
