import { setTimeout as sleep } from 'node:timers/promises';
import { type ControlPlaneState, postsOf } from './control-plane/control-plane-state.js';
import type { Dialect } from './control-plane/dialect.js';
import type { ControlPlaneServer } from './control-plane/serve-control-plane.js';
import { sessionRow } from './control-plane/session-row.js';
import type { Status } from './control-plane/status.js';
import { lookAt } from './hosts/look-at.js';
import type { NodeHost } from './hosts/node-host.js';
import type { PeerHost } from './hosts/peer-host.js';
import type { View } from './hosts/view.js';
import type { Progress } from './report/progress.js';
import type { PeerSpec } from './scenario/peer-spec.js';
import type { Scenario } from './scenario/scenario.js';
import type { Tell } from './tell.js';
import { type Condition, type WaitResult, waitFor } from './wait.js';

/** The lab while it runs. */
export interface Lab {
  readonly scenario: Scenario;
  readonly controlPlane: ControlPlaneState;
  readonly controlPlaneServer: ControlPlaneServer;
  readonly nodes: readonly NodeHost[];
  /** Grows by the newcomer. */
  readonly peers: PeerHost[];
  readonly startedAtMs: number;
  readonly progress: Progress;
  readonly tell: Tell;
  /** Called with each new `view`. */
  readonly afterLook: (lab: Lab) => void;
  /** The last look at all hosts. */
  view: View;
}

/** Far more than it takes, but for a machine that is busy with other things. */
const waitLimitMs = 120_000;

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

/** Waits for the conditions in this lab, with a fresh `lab.view` before each look, at most 120 s. */
export function waitInLab(lab: Lab, conditions: readonly Condition[]): Promise<WaitResult> {
  return waitFor(conditions, {
    limitMs: waitLimitMs,
    progress: lab.progress,
    refresh: () => look(lab),
    giveUp: () => endedAgents(lab).length > 0,
  });
}

/**
 * Waits until a node has just made a pass and told of it, at most 30 s: what someone does to its system then is found by
 * the next pass, and does not fall between two looks of the same.
 */
export async function untilPassIsOver({ controlPlane }: Lab, { spec }: NodeHost): Promise<void> {
  const reports = () => postsOf(controlPlane, 'report', spec.name).length;
  const before = reports();
  for (let waitedMs = 0; waitedMs < 30_000 && reports() === before; waitedMs += 20) await sleep(20);
}

/** Renews `lab.view`. */
export async function look(lab: Lab): Promise<void> {
  lab.view = await lookAt(lab.nodes, lab.peers);
  lab.afterLook(lab);
}

/** What the control plane spoke at first. */
export function startedIn({ controlPlane }: Lab): Dialect | undefined {
  return controlPlane.requests[0]?.dialect;
}

/** The nodes whose agent is no longer there. */
export function endedAgents(lab: Lab): readonly NodeHost[] {
  return lab.nodes.filter(({ agent }) => agent.exitCode !== null || agent.signalCode !== null);
}

/** The node on which a peer's session runs. */
export function nodeOf(lab: Lab, peer: PeerSpec): NodeHost {
  const node = lab.nodes.find(({ spec }) => spec.name === peer.node.name);
  if (!node) throw new Error(`the lab has no node ${peer.node.name}`);
  return node;
}

/** The host of a peer. */
export function peerHost(lab: Lab, peer: PeerSpec): PeerHost {
  const host = lab.peers.find(({ spec }) => spec.asn === peer.asn);
  if (!host) throw new Error(`AS${peer.asn} has no host`);
  return host;
}
