import { writeFile } from 'node:fs/promises';
import type { Namespace } from '../namespace.js';
import type { PeerSpec } from '../scenario/peer-spec.js';
import { type BgpDaemon, birdDaemon, frrDaemon } from './bgp-daemon.js';
import { askBird } from './bird-socket.js';
import { startFrr } from './frr.js';
import { makePeerSecrets } from './keys.js';
import { moveHost, openHost } from './network.js';
import { peerBirdConfig } from './peer-bird-config.js';
import { peerFrrConfig } from './peer-frr-config.js';
import {
  type PeerSecrets,
  peerAddresses,
  peerInterface,
  peerTunnelAddresses,
  peerWireGuardConfig,
} from './peer-tunnel.js';

/** An external peer: a router that no code of the agent configured. */
export interface PeerHost {
  readonly spec: PeerSpec;
  readonly secrets: PeerSecrets;
  readonly host: Namespace;
  readonly bgp: BgpDaemon;
}

const wireGuardConfig = `/run/wireguard/${peerInterface}.conf`;
const birdSocket = '/run/bird/bird.ctl';

/** Starts a peer's host and its BGP daemon; the tunnel waits for the node's key (`connectPeer`). */
export async function startPeer(spec: PeerSpec): Promise<PeerHost> {
  const host = await openHost(`as${spec.asn}`, spec.address);
  await host.run('ip', ['-batch', '-'], {
    input: peerAddresses(spec)
      .map((address) => `address add ${address} dev lo\n`)
      .join(''),
  });
  const bgp = await (spec.daemon === 'FRR' ? startFrrOn(host, spec) : startBirdOn(host, spec));
  return { spec, secrets: makePeerSecrets(spec.hasPresharedKey), host, bgp };
}

async function startBirdOn(host: Namespace, spec: PeerSpec): Promise<BgpDaemon> {
  const root = `/proc/${host.pid}/root`;
  await writeFile(`${root}/run/bird/bird.conf`, peerBirdConfig(spec));
  host.spawn('bird', ['-f', '-c', '/run/bird/bird.conf', '-s', birdSocket], { stdio: 'ignore' });
  return birdDaemon((command) => askBird(root + birdSocket, command));
}

async function startFrrOn(host: Namespace, spec: PeerSpec): Promise<BgpDaemon> {
  const frr = await startFrr(host, peerFrrConfig(spec));
  await frr.startBgpd();
  return frrDaemon(frr);
}

/** Makes the peer's side of the tunnel, as its operator does once the node's public key is known. */
export async function connectPeer({ spec, secrets, host }: PeerHost, nodePublicKey: string): Promise<void> {
  await makeTunnel(host);
  await configureTunnel({ spec, secrets, host }, nodePublicKey);
  const addresses = peerTunnelAddresses(spec).map(
    (address) => `address add ${address.join(' ')} dev ${peerInterface}`,
  );
  await host.run('ip', ['-batch', '-'], {
    input: [
      `link set ${peerInterface} addrgenmode none mtu ${spec.session.mtu}`,
      `link set ${peerInterface} up`,
      ...addresses,
      '',
    ].join('\n'),
  });
}

/** Brings the peer's secrets, changed as they may be, into its tunnel, which has to be opened again. */
export async function configureTunnel(
  { spec, secrets, host }: Pick<PeerHost, 'spec' | 'secrets' | 'host'>,
  nodePublicKey: string,
): Promise<void> {
  const config = peerWireGuardConfig(spec, secrets, nodePublicKey);
  await writeFile(`/proc/${host.pid}/root${wireGuardConfig}`, config, { mode: 0o600 });
  await host.run('wg', ['setconf', peerInterface, wireGuardConfig]);
}

/** The kernel's WireGuard where it has one, else wireguard-go. */
async function makeTunnel({ run }: Namespace): Promise<void> {
  await run('ip', ['link', 'add', 'dev', peerInterface, 'type', 'wireguard']).catch(() =>
    run('wireguard-go', [peerInterface]),
  );
}

/** Where a peer has gone: its address and port on "the internet". */
export interface Place {
  readonly address: string;
  readonly listenPort: number;
}

/**
 * Moves the peer to another address and port. It forgets where the node is, so that only the node, told of the new
 * endpoint, can bring the tunnel back: WireGuard's roaming would else hide whether it was.
 */
export async function movePeer({ spec, host }: PeerHost, nodePublicKey: string, to: Place): Promise<void> {
  const nowhere = '192.0.2.1:9';
  await host.run('wg', ['set', peerInterface, 'peer', nodePublicKey, 'endpoint', nowhere]);
  await host.run('wg', ['set', peerInterface, 'listen-port', String(to.listenPort)]);
  await moveHost(host, spec.address, to.address);
}

/** What went through a peer's end of its tunnel. */
export interface Traffic {
  /** Of the last handshake, in Unix seconds; 0 where there was none. */
  readonly handshakeSeconds: number;
  readonly receivedBytes: number;
  readonly sentBytes: number;
}

/** Asks WireGuard at the peer, whose tunnel has one peer: the node (`wg show <interface> dump`, wg(8)). */
export async function tunnelTraffic({ host }: PeerHost): Promise<Traffic> {
  const { stdout } = await host.run('wg', ['show', peerInterface, 'dump']);
  const [, , , , handshake, received, sent] = (stdout.split('\n')[1] ?? '').split('\t').map(Number);
  return { handshakeSeconds: handshake ?? 0, receivedBytes: received ?? 0, sentBytes: sent ?? 0 };
}
