import { setTimeout as sleep } from 'node:timers/promises';
import { type ControlPlaneState, postsOf } from './control-plane/control-plane-state.js';
import type { Dialect } from './control-plane/dialect.js';
import type { ControlPlaneServer } from './control-plane/serve-control-plane.js';
import { sessionRow } from './control-plane/session-row.js';
import type { Status } from './control-plane/status.js';
import type { Place } from './hosts/peer-host.js';
import type { PeerSecrets } from './hosts/peer-tunnel.js';
import type { View } from './hosts/view.js';
import type { Progress } from './report/progress.js';
import type { NodeSpec } from './scenario/node-spec.js';
import type { PeerSpec } from './scenario/peer-spec.js';
import type { Scenario } from './scenario/scenario.js';
import type { Tell } from './tell.js';
import { type Condition, type WaitResult, waitFor } from './wait.js';

/** A lab while it runs, whatever its hosts are: namespaces with real programs, or simulated ones. */
export interface AnyLab {
  readonly scenario: Scenario;
  readonly controlPlane: ControlPlaneState;
  readonly controlPlaneServer: ControlPlaneServer;
  /** Those that have a host. */
  readonly peers: readonly { readonly spec: PeerSpec }[];
  readonly startedAtMs: number;
  readonly progress: Progress;
  readonly tell: Tell;
  /** How long to wait for something at most, and how long from one look to the next, in ms. */
  readonly patience: { readonly limitMs: number; readonly pollMs: number };
  /** The last look at all hosts. */
  readonly view: View;
  /** Renews `view`. */
  look(): Promise<void>;
  /** The BGP connections by the name of their peer or node; the same before and after: never reset. */
  connections(): Promise<ReadonlyMap<string, string>>;
  /** The names of the nodes whose agent is no longer there. */
  endedAgents(): readonly string[];
  /** Starts the router of a peer that was not there before, and makes its tunnel with the key that its node has told. */
  join(peer: PeerSpec): Promise<PeerSecrets>;
  /** A peer is at another address and port from now on. */
  movePeer(peer: PeerSpec, to: Place): Promise<void>;
  /** A peer's tunnel has this preshared key from now on. */
  changePresharedKey(peer: PeerSpec, presharedKey: string | undefined): Promise<void>;
  /** Someone deletes the interface of a session on its node. */
  deleteLink(peer: PeerSpec): Promise<void>;
}

/** Puts a peer's session on the control plane's list. */
export function offerSession(
  controlPlane: ControlPlaneState,
  peer: PeerSpec,
  secrets: Parameters<typeof sessionRow>[1],
  status: Status,
): void {
  const row = sessionRow(peer, secrets, status);
  controlPlane.sessions.set(row.uuid, row);
}

/** Waits for the conditions in this lab, with a fresh `lab.view` before each look, as long as `patience` says. */
export function waitInLab(lab: AnyLab, conditions: readonly Condition[]): Promise<WaitResult> {
  return waitFor(conditions, {
    ...lab.patience,
    progress: lab.progress,
    refresh: () => lab.look(),
    giveUp: () => lab.endedAgents().length > 0,
  });
}

/**
 * Waits until a node has just made a pass and told of it, at most 30 s: what someone does to its system then is found by
 * the next pass, and does not fall between two looks of the same.
 */
export async function untilPassIsOver(
  { controlPlane }: AnyLab,
  { spec }: { readonly spec: NodeSpec },
): Promise<void> {
  const reports = () => postsOf(controlPlane, 'report', spec.name).length;
  const before = reports();
  for (let waitedMs = 0; waitedMs < 30_000 && reports() === before; waitedMs += 20) await sleep(20);
}

/** Waits until the nodes of all peers have told their public keys. */
export function untilKeysAreTold(lab: AnyLab): Promise<WaitResult> {
  const nodes = new Set(lab.peers.map(({ spec }) => spec.node.name));
  return waitInLab(
    lab,
    [...nodes].map((name) => ({
      what: `${name}'s public key`,
      holds: () => lab.controlPlane.publicKeys.has(name),
    })),
  );
}

/** The key that a peer's node has told in its heartbeats. */
export function publicKey({ controlPlane }: Pick<AnyLab, 'controlPlane'>, peer: PeerSpec): string {
  const key = controlPlane.publicKeys.get(peer.node.name);
  if (key === undefined) throw new Error(`${peer.node.name} has told no public key`);
  return key;
}

/** What the control plane spoke at first. */
export function startedIn({ controlPlane }: AnyLab): Dialect | undefined {
  return controlPlane.requests[0]?.dialect;
}
