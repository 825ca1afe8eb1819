import type { AnyLab } from '../any-lab.js';
import { postsOf } from '../control-plane/control-plane-state.js';
import type { Status } from '../control-plane/status.js';
import { sessionName } from '../converge.js';
import { nodeBgp, nodeTunnel, routesImported } from '../hosts/view.js';
import type { PeerSpec, Writer } from '../scenario/peer-spec.js';
import type { Recovery } from '../steps/steps.js';

/** One session as the table shows it. */
export interface Row {
  readonly session: string;
  readonly policy: string;
  readonly kind: string;
  /** What the peer runs. */
  readonly daemon: PeerSpec['daemon'];
  readonly writer: Writer;
  /** Undefined where there was none. */
  readonly handshakeSecondsAgo: number | undefined;
  readonly bgpState: string;
  /** From the agent's start until both ends were Established; undefined where it never was. */
  readonly establishedAfterMs: number | undefined;
  /** How soon it was back after each fault of the steps that took it down. */
  readonly recoveries: readonly Recovery[];
  readonly routesImported: number;
  readonly rttMs: number | undefined;
  /** What the control plane was told, in words, with the time since the lab's start. */
  readonly told: readonly { readonly status: Status; readonly afterMs: number }[];
}

/** All sessions as they stand, the way the viewer wants to see them. */
export function sessionRows(
  lab: AnyLab,
  establishedAfterMs: ReadonlyMap<number, number>,
  recoveries: readonly Recovery[] = [],
): Row[] {
  return lab.peers.map(({ spec }) => ({
    ...sessionRow(lab, spec, establishedAfterMs.get(spec.asn)),
    recoveries: recoveries.filter(({ asn }) => asn === spec.asn),
  }));
}

function sessionRow(
  lab: AnyLab,
  peer: PeerSpec,
  establishedAfterMs: number | undefined,
): Omit<Row, 'recoveries'> {
  const handshake = nodeTunnel(lab.view, peer)?.handshakeSeconds ?? 0;
  return {
    session: sessionName(peer),
    policy: peer.policy,
    kind: peer.kind,
    daemon: peer.daemon,
    writer: peer.writer,
    handshakeSecondsAgo:
      handshake > 0 ? Math.max(0, Math.floor(lab.view.atMs / 1000) - handshake) : undefined,
    bgpState: bgpState(lab, peer) ?? 'none',
    establishedAfterMs,
    routesImported: routesImported(lab.view, peer),
    rttMs: lastRtt(lab, peer),
    told: told(lab, peer),
  };
}

/** Of the worst of the session's BGP, in BIRD's word; undefined where there is none. */
export function bgpState({ view }: AnyLab, peer: PeerSpec): string | undefined {
  const states = nodeBgp(view, peer).map(({ state }) => state);
  return states.find((state) => state !== 'Established') ?? states[0];
}

/** The round-trip time that the node has told of last. */
export function lastRtt(lab: AnyLab, { node, session }: PeerSpec): number | undefined {
  const report = postsOf(lab.controlPlane, 'report', node.name).at(-1);
  return report?.body.sessions.find(({ uuid }) => uuid === session.uuid)?.rtt ?? undefined;
}

/** What the control plane was told of a session, the last at the end. */
export function told(lab: AnyLab, { session }: PeerSpec): Row['told'] {
  return postsOf(lab.controlPlane, 'modify')
    .filter(({ body }) => body.uuid === session.uuid)
    .map(({ body, atMs }) => ({ status: body.status, afterMs: atMs - lab.startedAtMs }));
}
