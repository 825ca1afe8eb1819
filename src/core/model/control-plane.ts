import type { SessionEntry } from './session.js';
import type { Asn } from './values/asn.js';
import type { BirdText } from './values/bird-text.js';
import type { Endpoint } from './values/endpoint.js';
import type { Ipv4, Ipv6, Prefix } from './values/ip.js';
import type { WireGuardKey } from './values/wireguard-key.js';

/** `GET config`: what the control plane says of the node itself. Every key is optional; the file overrides it. */
export interface BootstrapConfig {
  readonly node: Loopbacks & { readonly id: number | undefined; readonly asn: Asn | undefined };
  readonly bird: {
    readonly controlSocket: string | undefined;
    /** The directory with the directories for files of sessions (`peers`) and of iBGP peers (`ibgp.d`). */
    readonly configDir?: string | undefined;
  };
  readonly wireguard: {
    readonly privateKeyPath: string | undefined;
    readonly publicKeyPath: string | undefined;
    readonly persistentKeepaliveSeconds: number | undefined;
    readonly ipv6LinkLocal: Ipv6 | undefined;
  };
  readonly metric: {
    readonly pingTimeoutSeconds: number | undefined;
    readonly pingCount: number | undefined;
  };
  /** Present where the fleet wants its agents to update themselves. */
  readonly autoUpdate?: { readonly channel: string | undefined } | undefined;
  /** Keys that the agent could not read, with reasons; absent where it was not parsed from an answer. */
  readonly refused?: readonly string[];
}

/** A named community of the policy: `64511,1` (standard) or `4242420998,1,100` (large). */
export type CommunityTable = Readonly<Record<string, Readonly<Record<string, readonly number[]>>>>;

export interface RpkiServer {
  readonly name: string;
  readonly host: string;
  readonly port: number;
}

/** Addresses of a node's loopback interface: preferred source of its own traffic, and where iBGP is spoken from. */
export interface Loopbacks {
  readonly loopbackIpv4: Ipv4 | undefined;
  readonly loopbackIpv6: Ipv6 | undefined;
}

export interface IbgpPeer extends Loopbacks {
  readonly nodeId: number;
  readonly nodeName: BirdText;
  readonly isRouteReflector: boolean;
}

/** As the control plane names them: "1G", "DN42_BW_1G_PLUS", "DN42_REGION_AS_E", "LC_ORIGIN_AS", "LC_REGION_AS_E". */
export interface NodePlace {
  readonly bandwidth: string | undefined;
  readonly bandwidthCommunity: string | undefined;
  readonly regionCommunity: string | undefined;
  readonly continentLc: string | undefined;
  readonly subregionLc: string | undefined;
}

/** `GET bird-config`: the node's routing policy. Items that the agent could not read are in `refused`, with reasons. */
export interface BirdConfig {
  readonly node: Loopbacks &
    NodePlace & { readonly id: number | undefined; readonly isRouteReflector: boolean };
  readonly policy: {
    readonly asn: Asn | undefined;
    readonly ipv4Prefix: Prefix | undefined;
    readonly ipv6Prefix: Prefix | undefined;
    readonly rpkiServers: readonly RpkiServer[];
    readonly ebgpImportLimit: number | undefined;
    readonly ebgpExportLimit: number | undefined;
    readonly ibgpImportLimit: number | undefined;
    readonly ibgpExportLimit: number | undefined;
    readonly asPathMaxLength: number | undefined;
    readonly communities: CommunityTable;
    readonly largeCommunities: CommunityTable;
  };
  readonly ibgpPeers: readonly IbgpPeer[];
  readonly refused: readonly string[];
}

/** One of the operator's own other nodes, as `GET mesh` lists it. */
export interface MeshPeer extends IbgpPeer {
  /** Undefined until that node's first heartbeat. */
  readonly publicKey: WireGuardKey | undefined;
  readonly endpoint: Endpoint | undefined;
  readonly mtu: number;
}

/** `refused` names the peers that the agent could not read, by node id where it is known. */
export interface Mesh {
  readonly peers: readonly MeshPeer[];
  readonly refused: readonly { readonly nodeId: number | undefined; readonly reason: string }[];
}

/** The last answers of the control plane. An absent part is unknown, which is not the same as empty. */
export interface Snapshot {
  readonly config: BootstrapConfig | undefined;
  readonly birdConfig: BirdConfig | undefined;
  readonly mesh: Mesh | undefined;
  readonly sessions: readonly SessionEntry[] | undefined;
  /** Lists that are from disk: the control plane has not given them since the start, and they may be old. */
  readonly stored?: ReadonlySet<'sessions' | 'mesh'>;
}
