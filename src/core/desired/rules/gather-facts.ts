import { formatAddress } from '../../model/artifacts.js';
import type { Snapshot } from '../../model/control-plane.js';
import type { Observed } from '../../model/observed.js';
import { OwnerMap, type ReadonlyOwnerMap } from '../../model/owner.js';
import { type NodeContext, ownBlocks } from '../node.js';
import type { Owned } from '../owned.js';
import { farEnd } from '../session-tunnel.js';
import { endpointFacts } from './endpoint-rules.js';
import { neighborRules } from './neighbor-rules.js';
import { type SessionFacts, whyDangerous } from './session-rules.js';

interface FactSources extends NodeContext, Pick<SessionFacts, 'known'> {
  readonly snapshot: Snapshot;
  readonly observed: Observed;
  readonly publicKey: string | undefined;
}

/** Gathers what sessions must not use, from the control plane's lists and from the machine. */
export function gatherFacts(sources: FactSources): SessionFacts {
  const { node, settings, known, publicKey } = sources;
  const { birdConfig, mesh } = sources.snapshot;
  const { tunnels, unfinished } = sources.owned;
  const { links, resolved, wireguard, surroundings, udpHolders } = sources.observed;
  const ownTunnels = new Set([...tunnels.keys(), ...unfinished]);
  const endpoints = endpointFacts(links, resolved);
  return {
    neighbors: neighborRules({
      node,
      ownBlocks: ownBlocks(birdConfig),
      mesh: mesh?.peers ?? [],
      ibgpPeers: birdConfig?.ibgpPeers ?? [],
      surroundings,
      links: links.filter(({ name }) => !ownTunnels.has(name)),
      collector: settings.policy.collector?.address,
      resolved,
      allowed: settings.policy.neighborRanges,
    }),
    ports: { holders: udpHolders ?? new Map(), wireguard, ownTunnels, apiPort: settings.apiPort },
    endpoints,
    own: { publicKey, asn: node.asn },
    loopback: settings.loopbackInterface,
    known,
    carried: carriedAddresses(links, tunnels),
  };
}

function carriedAddresses(links: Observed['links'], tunnels: Owned['tunnels']): SessionFacts['carried'] {
  const carried = new Map<string, readonly string[]>();
  for (const { name, addresses } of links) {
    const owner = tunnels.get(name);
    if (owner?.kind !== 'session') continue;
    const ends = addresses.flatMap((address) => farEnd(address)?.address ?? []);
    carried.set(owner.uuid, [...(carried.get(owner.uuid) ?? []), ...ends]);
  }
  return carried;
}

/** An address on a tunnel of the agent's that diverts packets that the machine or the network needs, and why. */
export interface Danger {
  readonly interface: string;
  /** As `formatAddress` writes it. */
  readonly address: string;
  readonly why: string;
}

/** The dangerous addresses on the tunnels of sessions, also of unknown or doubted ones. */
export function findDangers(
  { links }: Observed,
  { tunnels }: Owned,
  facts: SessionFacts,
): ReadonlyOwnerMap<readonly Danger[]> {
  const dangers = new OwnerMap<readonly Danger[]>();
  for (const { name, addresses } of links) {
    const owner = tunnels.get(name);
    if (owner?.kind !== 'session') continue;
    const found = addresses.flatMap((address) => {
      const why = whyDangerous(owner.uuid, address, facts);
      return why === undefined ? [] : [{ interface: name, address: formatAddress(address), why }];
    });
    if (found.length > 0) dangers.set(owner, [...(dangers.get(owner) ?? []), ...found]);
  }
  return dangers;
}
