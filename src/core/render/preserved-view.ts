import { offNames } from '../desired/disabled/disabled.js';
import type { IbgpPeer } from '../model/control-plane.js';
import type { Hooks } from '../model/local-config.js';
import type { PreservedProtocol, PreservedSession } from '../model/preserved.js';
import type { RoutedSession } from '../model/routing.js';
import type { View } from './fill.js';
import { filterView } from './peer-view.js';

/** The values of `kept.conf.hbs` for a session. */
export function preservedSessionView(routed: RoutedSession, preserved: PreservedSession, hooks: Hooks): View {
  const { session, disabled } = routed;
  const { asn, description, policy } = session;
  const names = preserved.protocols.map(({ name }) => name);
  const off = offNames(disabled, names);
  const filters = { ...filterView(routed, hooks), external: true };
  return {
    whose: `AS${asn} over ${session.interface}, policy "${policy}"`,
    protocols: preserved.protocols.map((protocol) =>
      protocolView(protocol, description, off.includes(protocol.name), filters),
    ),
  };
}

/** What the channels' filters depend on. */
const internal: View = {
  external: false,
  draining: false,
  asn: undefined,
  policyConstant: undefined,
  tierConstant: undefined,
  importFirst: [],
  exportFirst: [],
  importLimit: '',
  exportLimit: '',
  cryptoConstant: undefined,
};

/** The values of `kept.conf.hbs` for a node of ours. */
export function preservedPeerView({ nodeId, nodeName }: IbgpPeer, preserved: PreservedSession): View {
  return {
    whose: `Node ${nodeId} of ours`,
    protocols: preserved.protocols.map((protocol) => protocolView(protocol, nodeName, false, internal)),
  };
}

/** Our end of the session, where its channel can carry it as a next hop. */
function nextHopOf(
  { name, options }: PreservedProtocol['channels'][number],
  localAddress: PreservedProtocol['localAddress'],
) {
  const isSame = localAddress?.includes(':') === (name === 'ipv6');
  return isSame || options.includes('extended next hop on') ? localAddress : undefined;
}

function protocolView(
  protocol: PreservedProtocol,
  description: string,
  disabled: boolean,
  filters: View,
): View {
  const { name, localAs, localAddress, neighbor, neighborAs, interface: link, options, channels } = protocol;
  const of = (family: 'ipv4' | 'ipv6') => channels.find((channel) => channel.name === family);
  return {
    ...filters,
    name,
    description,
    disabled,
    localAs,
    localAddress,
    neighbor,
    neighborAs,
    interface: link,
    options,
    channels: [of('ipv4'), of('ipv6')].flatMap((channel) =>
      channel ? [{ ...filters, ...channel, nextHop: nextHopOf(channel, localAddress) }] : [],
    ),
    // For templates that an operator copied before there were `channels`.
    ipv4: of('ipv4') !== undefined,
    ipv4Options: of('ipv4')?.options ?? [],
    ipv6: of('ipv6') !== undefined,
    ipv6Options: of('ipv6')?.options ?? [],
  };
}
