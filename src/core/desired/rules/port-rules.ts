import { type ObservedWireGuard, wireguardNamed } from '../../model/observed.js';

// RFC 6335 and IANA's list. Refused even where nothing listens now: the service may start later, and a firewall or a
// provider may filter the port.
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

/** Who uses the machine's UDP ports, and which tunnels are the agent's. */
export interface PortFacts {
  /** Ports on which programs other than WireGuard listen: `dnsmasq (pid 412)`. */
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
 * Who uses the port that the tunnel `name` needs; undefined where it is free. A tunnel of the agent's that already listens
 * on it keeps it, even if it is a service's port.
 */
export function portHolder(port: number, name: string, facts: PortFacts): string | undefined {
  const { wireguard, ownTunnels, holders, apiPort } = facts;
  const device = ownTunnels.has(name) ? wireguardNamed(wireguard, name) : undefined;
  // A tunnel that cannot be read may already have the port.
  if (device?.listenPort === port || device?.unread) return undefined;
  if (port === apiPort) return "the agent's HTTP API";
  const foreign = wireguard.find((each) => each.listenPort === port && !ownTunnels.has(each.interface));
  return foreign ? `interface ${foreign.interface}` : (holders.get(port) ?? servicePorts.get(port));
}
