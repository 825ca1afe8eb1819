import { offNames } from '../desired/disabled/disabled.js';
import type { IbgpPeer } from '../model/control-plane.js';
import type { KeptProtocol, KeptSession } from '../model/kept.js';
import type { RoutedSession } from '../model/routing.js';
import { tierConstant } from './community-view.js';
import type { View } from './fill.js';
import { policies } from './peer-view.js';

/** The values of `kept.conf.hbs` for a session. */
export function keptSessionView({ session, latencyTier, disabled }: RoutedSession, kept: KeptSession): View {
  const { asn, description, policy } = session;
  const names = kept.protocols.map(({ name }) => name);
  const off = offNames(disabled, names);
  return {
    whose: `AS${asn} over ${session.interface}, policy "${policy}"`,
    protocols: kept.protocols.map((protocol) => ({
      ...protocolView(protocol, description),
      disabled: off.includes(protocol.name),
      draining: disabled?.phase === 'draining',
      external: true,
      asn,
      policyConstant: policies[policy].constant,
      tierConstant: tierConstant(latencyTier),
    })),
  };
}

/** The values of `kept.conf.hbs` for a node of ours. */
export function keptPeerView({ nodeId, nodeName }: IbgpPeer, kept: KeptSession): View {
  return {
    whose: `Node ${nodeId} of ours`,
    protocols: kept.protocols.map((protocol) => ({
      ...protocolView(protocol, nodeName),
      disabled: false,
      draining: false,
      external: false,
      asn: undefined,
      policyConstant: undefined,
      tierConstant: undefined,
    })),
  };
}

function protocolView(protocol: KeptProtocol, description: string): View {
  const { name, localAs, localAddress, neighbor, neighborAs, interface: link, options } = protocol;
  const families = new Map(protocol.channels.map((channel) => [channel.name, channel.options]));
  return {
    name,
    description,
    localAs,
    localAddress,
    neighbor,
    neighborAs,
    interface: link,
    options,
    ipv4: families.has('ipv4'),
    ipv4Options: families.get('ipv4') ?? [],
    ipv6: families.has('ipv6'),
    ipv6Options: families.get('ipv6') ?? [],
  };
}
