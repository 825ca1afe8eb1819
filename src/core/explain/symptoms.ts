import type { Desired } from '../desired/desired.js';
import { describeOff } from '../desired/disabled/say-disabled.js';
import type { DesiredSession } from '../desired/sessions.js';
import type { Observed } from '../model/observed.js';
import { sessionProtocols } from '../model/session-protocols.js';
import { bgpLacks } from '../verdict/bgp-lacks.js';
import type { SessionView } from '../verdict/session-view.js';
import type { RefusedGroup } from './explanation.js';
import { peerAdvice, type Symptoms } from './peer-advice.js';
import { lookAtTunnel, type TunnelLook } from './tunnel-facts.js';

/** What of a session and its node shows how the peer is. */
export interface SymptomSources {
  readonly desired: Pick<Desired, 'publicKey' | 'node'>;
  readonly observed: Observed;
  readonly tunnel: TunnelLook;
  readonly view: SessionView;
  /** Share of pings that were lost; undefined where none was sent. */
  readonly pingLoss: number | undefined;
  readonly refused: readonly RefusedGroup[];
}

export function symptomsOf(
  item: DesiredSession,
  { desired, observed, tunnel, view, pingLoss, refused }: SymptomSources,
): Symptoms {
  const { session } = item;
  const [first] = sessionProtocols(session, item.protocol);
  const endpoint = tunnel.peer?.endpoint ?? undefined;
  const isIpv6 = first?.neighbor.includes(':');
  const ours = item.tunnel.addresses.find(({ local, peer }) =>
    peer === undefined ? local.includes(':') === isIpv6 : peer === first?.neighbor,
  );
  const lacks = view.protocols.map(bgpLacks);
  return {
    handshake: tunnel.handshake,
    endpoint: session.endpoint ? (endpoint ?? session.endpoint.host) : undefined,
    unresolved: session.endpoint && observed.unresolved.find((name) => name === session.endpoint?.host),
    listenPort: item.tunnel.listenPort,
    ourKey: desired.publicKey,
    theirKey: session.publicKey,
    hasPresharedKey: session.presharedKey !== undefined,
    ourAsn: desired.node.asn,
    theirAsn: session.asn,
    neighbor: first?.neighbor,
    ourAddress: session.ownIpv6 ?? ours?.local,
    isEstablished: view.established,
    isDisabled: describeOff(item) !== undefined || !observed.bird.running,
    lastError: view.protocol?.bgp?.lastError,
    pingLoss,
    hasPassword: session.options?.password !== undefined,
    isPassive: session.options?.passive === true,
    lacks: {
      families: [...new Set(lacks.flatMap(({ families }) => families))],
      extendedNextHop: session.ipv4 === undefined && lacks.some(({ extendedNextHop }) => extendedNextHop),
    },
    lacksGracefulRestart: view.protocols.some(
      ({ bgp }) =>
        bgp?.capabilities?.own.gracefulRestart === true && !bgp.capabilities.neighbor.gracefulRestart,
    ),
    refused,
    hitReceiveLimit: view.protocols.some(({ channels }) =>
      channels.some(({ limits = [] }) => limits.some(({ kind, isHit }) => kind !== 'export' && isHit)),
    ),
  };
}

/** The likely cause why a session is down, for its line in `status`: the first of what `explain` says. Undefined where nothing suggests one. */
export function likelyCause(
  item: DesiredSession,
  sources: Omit<SymptomSources, 'tunnel' | 'refused'>,
): string | undefined {
  if (sources.view.established) return undefined;
  const tunnel = lookAtTunnel(item.tunnel, sources.observed);
  return peerAdvice(symptomsOf(item, { ...sources, tunnel, refused: [] }))[0]?.symptom;
}
