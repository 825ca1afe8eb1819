import type { Policy } from '../scenario/announcements.js';
import type { PeerKind, PeerSpec } from '../scenario/peer-spec.js';
import type { Status } from './status.js';

/**
 * What of a session's WireGuard is stored: all of it; the peer's public key alone; or a preshared key without the rest, which
 * the control plane has forgotten and its agents are to know.
 */
type Credential = 'whole' | 'public key' | 'preshared key';

/** A session as the control plane has it in its table. */
export interface SessionRow {
  /** The node's name. */
  readonly node: string;
  readonly uuid: string;
  readonly asn: number;
  /** What its owner wrote about it. */
  readonly contact: string;
  readonly status: Status;
  /** What the node last said of it; null where all is well. */
  readonly lastError: string | null;
  readonly ipv4: string | null;
  readonly ipv6: string | null;
  readonly ipv6LinkLocal: string | null;
  readonly kind: PeerKind;
  readonly interface: string;
  readonly endpoint: string | null;
  readonly port: number;
  readonly mtu: number;
  readonly publicKey: string;
  readonly presharedKey: string | undefined;
  readonly credential: Credential;
  readonly policy: Policy;
  /** How often an edit has put it back to `queued for setup`: each of them wants an answer. */
  readonly edits: number;
}

/** A peer's session. */
export function sessionRow(
  peer: PeerSpec,
  secrets: { readonly publicKey: string; readonly presharedKey?: string | undefined },
  status: Status,
): SessionRow {
  const { kind, session } = peer;
  const dialled = `${peer.hostName ?? peer.address}:${peer.listenPort}`;
  return {
    ...session,
    node: peer.node.name,
    asn: peer.asn,
    // Contact texts are written by strangers: this one tries to leave BIRD's string and to start a line of its own.
    contact: '"; } include "/etc/passwd";\n# {{asn}}',
    status,
    lastError: null,
    ipv4: kind === 'extended-next-hop' ? null : peer.ipv4,
    ...addresses6(peer),
    kind,
    endpoint: peer.dialsIn ? null : dialled,
    publicKey: secrets.publicKey,
    presharedKey: secrets.presharedKey,
    credential: peer.writer === 'web' ? 'public key' : 'whole',
    policy: peer.policy,
    edits: 0,
  };
}

/** The bot has the peer's address, and ours beside a link-local one; the web has the peer's in the place of ours. */
function addresses6(peer: PeerSpec): Pick<SessionRow, 'ipv6' | 'ipv6LinkLocal'> {
  const { neighbor, writer, ipv6, linkLocal } = peer;
  if (neighbor === 'ULA') return { ipv6, ipv6LinkLocal: null };
  if (writer === 'web') return { ipv6: null, ipv6LinkLocal: linkLocal };
  return { ipv6: linkLocal, ipv6LinkLocal: peer.ownUla ?? peer.toldLinkLocal };
}
