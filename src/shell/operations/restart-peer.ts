import { protocolNames } from '../../core/desired/sessions.js';
import type { LiveSystem } from '../../core/lookups/session-state.js';
import type { Tunnel } from '../../core/model/artifacts.js';
import { ibgpFile, ibgpProtocolName } from '../../core/model/names.js';
import { linkNamed, wireguardNamed } from '../../core/model/observed.js';
import { formatMark, OwnerMap } from '../../core/model/owner.js';
import { type PeerName, sessionOf } from '../../core/model/peer-name.js';
import { wordsOf } from '../../core/model/words-of.js';
import type { PassResult } from '../pass/context.js';
import { lookAt } from '../pass/observe.js';
import type { OperationsContext } from './context.js';

/** The steps that worked, in order. */
export interface RestartResult {
  readonly steps: readonly string[];
  /** Why the rest failed; undefined where all worked. */
  readonly error: string | undefined;
}

export interface RestartRequest {
  readonly peer: PeerName;
  readonly tunnel: boolean;
  readonly bgp: boolean;
}

interface Peer {
  readonly tunnel: Tunnel | undefined;
  readonly protocols: readonly string[];
}

/**
 * Restarts one peer's tunnel and BGP. The interface stays: its WireGuard peer is removed, and a pass sets it again, which
 * also happens if the agent is killed in between. Undefined where there is no such peer.
 */
export async function restartPeer(
  context: OperationsContext,
  { peer: name, tunnel, bgp }: RestartRequest,
  signal: AbortSignal,
): Promise<RestartResult | undefined> {
  const { lastPass } = context.state;
  const peer = lastPass && findPeer(name, lastPass);
  if (!peer) return undefined;
  const steps: string[] = [];
  try {
    if (tunnel) await restartTunnel(context, peer, steps, signal);
    if (bgp) await restartBgp(context, peer, steps, signal);
    return { steps, error: undefined };
  } catch (error) {
    return { steps, error: wordsOf(error) };
  }
}

function findPeer(name: PeerName, { desired }: PassResult): Peer | undefined {
  if (name.kind === 'session') {
    const found = sessionOf(desired.sessions, name.asn);
    const protocols = found && protocolNames(found);
    return found && { tunnel: found.tunnel, protocols: protocols ?? [] };
  }
  const protocol = ibgpProtocolName(name.nodeId);
  const isOurs = desired.files?.some(({ path }) => path === ibgpFile(protocol)) ?? false;
  const tunnel = desired.mesh.find(({ nodeId }) => nodeId === name.nodeId)?.tunnel;
  return isOurs || tunnel ? { tunnel, protocols: isOurs ? [protocol] : [] } : undefined;
}

async function restartTunnel(
  { exclusive, pass, host, memory }: OperationsContext,
  { tunnel }: Peer,
  steps: string[],
  signal: AbortSignal,
): Promise<void> {
  if (!tunnel) throw new Error('it has no tunnel that the agent made');
  const { interface: name } = tunnel;
  await exclusive(async () => {
    if (!isThere(tunnel, await lookAt(host, signal))) return;
    await host.wireguard.dropPeer(name, tunnel.peer.publicKey, signal);
    steps.push(`WireGuard: removed the peer from ${name}`);
  });
  // Whoever asks for it now does not want to wait for the end of a pause.
  memory.note({ backoffs: new OwnerMap() });
  const { errors } = await pass();
  if (!isThere(tunnel, await lookAt(host, signal)))
    throw new Error(`the tunnel ${name} does not exist: ${errors.join('; ') || 'see moenet-agent status'}`);
  steps.push(`WireGuard: set the peer on ${name} again`);
}

/** True where the interface belongs to the agent and has its peer. */
function isThere(tunnel: Tunnel, { links, wireguard }: LiveSystem): boolean {
  const link = linkNamed(links, tunnel.interface);
  const device = wireguardNamed(wireguard, tunnel.interface);
  const hasPeer = device?.peers.some(({ publicKey }) => publicKey === tunnel.peer.publicKey) ?? false;
  return link?.alias === formatMark(tunnel.owner) && hasPeer;
}

async function restartBgp(
  { exclusive, host }: OperationsContext,
  { protocols }: Peer,
  steps: string[],
  signal: AbortSignal,
): Promise<void> {
  if (protocols.length === 0) throw new Error('it has no BGP that the agent made');
  await exclusive(async () => {
    for (const protocol of protocols) {
      await host.bird.restart(protocol, signal);
      steps.push(`BGP: restarted ${protocol}`);
    }
  });
}
