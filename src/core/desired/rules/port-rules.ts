import type { ObservedWireGuard } from '../../model/observed.js';

// RFC 6335 and IANA's list. Also where nothing listens now: the service may start later, and a firewall or a provider may
// treat the port in its own way.
const servicePorts: ReadonlyMap<number, string> = new Map([
  [22, 'SSH'],
  [53, 'DNS'],
  [67, 'DHCP'],
  [68, 'DHCP'],
  [69, 'TFTP'],
  [111, 'rpcbind'],
  [123, 'NTP'],
  [161, 'SNMP'],
  [162, 'SNMP'],
  [179, 'BGP'],
  [500, 'IKE'],
  [514, 'syslog'],
  [520, 'RIP'],
  [521, 'RIPng'],
  [546, 'DHCPv6'],
  [547, 'DHCPv6'],
  [3784, 'BFD'],
  [3785, 'BFD'],
  [4500, 'IKE'],
  [4784, 'BFD'],
  [5353, 'mDNS'],
  [5355, 'LLMNR'],
  [6696, 'Babel'],
  [24_368, "the agent's HTTP API"],
]);

/** Who has the machine's UDP ports, and which tunnels are the agent's. */
export interface PortFacts {
  /** Ports on which others than WireGuard listen, with who does: `dnsmasq (pid 412)`. */
  readonly holders: ReadonlyMap<number, string>;
  readonly wireguard: readonly ObservedWireGuard[];
  readonly ownTunnels: ReadonlySet<string>;
  /** Of the agent's HTTP API. */
  readonly apiPort: number | undefined;
}

export const noPortFacts: PortFacts = {
  holders: new Map(),
  wireguard: [],
  ownTunnels: new Set(),
  apiPort: undefined,
};

/**
 * Who has the port that the tunnel `name` is to listen on; undefined where it is free. A tunnel of the agent's that listens
 * on it already has it, whatever the port is.
 */
export function portHolder(port: number, name: string, facts: PortFacts): string | undefined {
  const { wireguard, ownTunnels, holders, apiPort } = facts;
  const device = ownTunnels.has(name) ? wireguard.find((each) => each.interface === name) : undefined;
  // One that cannot be read is not refused for a port that it may well have.
  if (device?.listenPort === port || device?.unread) return undefined;
  if (port === apiPort) return "the agent's HTTP API";
  const foreign = wireguard.find((each) => each.listenPort === port && !ownTunnels.has(each.interface));
  return foreign ? `interface ${foreign.interface}` : (holders.get(port) ?? servicePorts.get(port));
}
