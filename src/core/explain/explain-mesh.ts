import type { MeshPeer } from '../model/control-plane.js';
import { ibgpProtocolName } from '../model/names.js';
import { sameOwner } from '../model/owner.js';
import { formatEndpoint } from '../model/values/endpoint.js';
import { differencesFor, type Evidence, nextSteps, protocolsFor } from './evidence.js';
import type { Explanation, PeerAdvice } from './explanation.js';
import { type MeshSubject, titleOf } from './subjects.js';
import { lookAtTunnel, seenTunnel, type TunnelLook, wantedTunnel } from './tunnel-facts.js';

/** Explains the tunnel, and the iBGP session, to another node of ours. `row` is what `GET mesh` says of it. */
export function explainMesh(
  subject: MeshSubject,
  row: MeshPeer | undefined,
  evidence: Evidence & { readonly problem: string | undefined },
): Explanation {
  const { peer } = subject;
  const owner = { kind: 'mesh', nodeId: peer.nodeId } as const;
  const differences = differencesFor(owner, evidence.plan);
  const tunnel = peer.tunnel && lookAtTunnel(peer.tunnel, evidence.observed);
  const ibgp = ibgpProtocolName(peer.nodeId);
  const isWanted = evidence.desired.nodeProtocols.some(({ name }) => name === ibgp);
  const pending = evidence.desired.files?.find((file) => sameOwner(file.owner, owner))?.pending ?? [];
  return {
    kind: 'mesh',
    title: titleOf(subject),
    name: peer.interface,
    state: evidence.state,
    trouble: evidence.trouble,
    summary:
      evidence.problem ??
      peer.reason ??
      (tunnel?.handshake === 'fresh' ? 'the tunnel works' : 'the other node does not answer'),
    controlPlane: [
      { what: 'node', value: `${peer.nodeId} (${peer.name})` },
      {
        what: 'public key',
        value: row?.publicKey ?? 'none yet',
        ...(row?.publicKey ? {} : { why: 'that node has sent no heartbeat yet' }),
      },
      {
        what: 'endpoint',
        value: row?.endpoint ? formatEndpoint(row.endpoint.host, row.endpoint.port) : 'none',
      },
      {
        what: 'loopbacks',
        value: [row?.loopbackIpv4, row?.loopbackIpv6].filter(Boolean).join(', ') || 'none',
      },
      ...(row ? [{ what: 'route reflector', value: row.isRouteReflector ? 'yes' : 'no' }] : []),
    ],
    desired: [
      ...(peer.tunnel
        ? wantedTunnel(peer.tunnel, () => "the node's own address, the same on every tunnel")
        : [{ what: 'tunnel', value: 'none', why: peer.reason }]),
      {
        what: 'iBGP',
        value: isWanted ? ibgp : 'none',
        ...(isWanted ? {} : { why: 'the policy names no iBGP with this node' }),
      },
    ],
    observed: peer.tunnel && tunnel ? seenTunnel(peer.tunnel, tunnel) : [],
    protocols: isWanted ? protocolsFor([ibgp], evidence) : [],
    differences,
    changes: evidence.changes,
    rtt: evidence.rtt,
    history: evidence.history,
    refusedRoutes: [],
    next: [
      ...nextSteps(differences, evidence),
      ...(pending.length === 0
        ? []
        : [
            `BGP options that wait until iBGP is down, because a change resets it: ${pending.join(', ')}; to apply them now: moenet-agent resync --session ${ibgp} --reset`,
          ]),
    ],
    advice: tunnel ? adviceFor(tunnel, peer.tunnel?.listenPort) : [],
    notes: evidence.notes,
  };
}

function adviceFor({ handshake, peer }: TunnelLook, port: number | undefined): PeerAdvice[] {
  if (handshake !== 'never' && handshake !== 'stale') return [];
  return [
    {
      symptom: `the other node does not answer WireGuard handshakes${peer?.endpoint === undefined ? '' : ` at ${peer.endpoint}`}`,
      advice: `run moenet-agent status there: its agent must run, and the firewalls of both nodes must let UDP in (here port ${port ?? 'of the tunnel'})`,
    },
  ];
}
