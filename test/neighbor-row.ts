/** What of a neighbor's session differs from one to the next. */
interface NeighborSession {
  readonly uuid: string;
  readonly asn: number;
  readonly interface: string;
  /** The port that the node listens on. */
  readonly port: number;
  /** Where the neighbor listens: `198.51.100.6:51820`. */
  readonly endpoint: string;
  readonly publicKey: string;
}

/** The row of a running session in the documented dialect: MP-BGP with extended next hop over WireGuard. */
export function neighborRow({ publicKey, ...session }: NeighborSession) {
  return {
    ...session,
    status: 1,
    mtu: 1420,
    credential: { publicKey },
    type: 'wireguard',
    extensions: ['mp-bgp', 'extended-nexthop'],
  };
}

/** The neighbor's side of the tunnel, as `wg setconf` reads it. `endpoint` is the node's; without it the node has to dial. */
export function neighborTunnel(privateKey: string, nodePublicKey: string, endpoint?: string): string {
  return `[Interface]
PrivateKey = ${privateKey}
ListenPort = 51820
[Peer]
PublicKey = ${nodePublicKey}
AllowedIPs = 0.0.0.0/0, ::/0
${endpoint === undefined ? '' : `Endpoint = ${endpoint}\n`}`;
}
