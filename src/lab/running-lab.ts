import { randomBytes } from 'node:crypto';
import { run } from '../platform/exec.js';
import { serveControlPlane } from './control-plane/control-plane.js';
import { type ControlPlaneState, emptyState } from './control-plane/control-plane-state.js';
import { sessionDocument } from './control-plane/documents.js';
import { status } from './control-plane/posts.js';
import { makePeerSecrets } from './hosts/keys.js';
import { makeInternet } from './hosts/network.js';
import { type NodeHost, startNode } from './hosts/node-host.js';
import { connectPeer, type PeerHost, startPeer } from './hosts/peer-host.js';
import { lookAt, type View } from './hosts/view.js';
import type { Progress } from './report/progress.js';
import type { PeerSpec, Scenario } from './scenario/scenario.js';
import { type Condition, type WaitResult, waitFor } from './wait.js';

/** The lab while it runs. */
export interface Lab {
  readonly scenario: Scenario;
  readonly controlPlane: ControlPlaneState;
  readonly nodes: readonly NodeHost[];
  /** Grows by the newcomer. */
  readonly peers: PeerHost[];
  readonly startedAtMs: number;
  readonly progress: Progress;
  /** The last look at all hosts. */
  view: View;
}

const waitLimitMs = 40_000;

/** Starts everything: "the internet", the control plane, the nodes with their agents, and the peers. */
export async function startLab(scenario: Scenario, progress: Progress, startedAtMs: number): Promise<Lab> {
  // The lab's own /run: nothing that runs here may see or leave a file in the machine's.
  await run('mount', ['-t', 'tmpfs', 'tmpfs', '/run']);
  const { address } = scenario.controlPlane;
  await makeInternet(address);
  const tokens = new Map(scenario.nodes.map(({ name }) => [name, randomBytes(24).toString('base64url')]));
  const controlPlane = emptyState(tokens);
  await serveControlPlane(scenario, controlPlane);
  progress.say(`control plane: http://${address}:${scenario.controlPlane.port}, the documented dialect`);
  const peers = await Promise.all(scenario.peers.map((peer) => startPeer(peer, scenario)));
  for (const { spec, secrets } of peers) offerSession(controlPlane, spec, secrets, status.queuedForSetup);
  offerSession(controlPlane, scenario.pending, makePeerSecrets(false), status.pendingReview);
  for (const { spec } of peers) progress.say(`AS${spec.asn}: BIRD runs at ${spec.address} (${spec.kind})`);
  const nodes = await Promise.all(
    scenario.nodes.map((node) => startNode(node, scenario, tokens.get(node.name) ?? '')),
  );
  for (const { spec } of nodes) progress.say(`${spec.name}: BIRD and the agent run at ${spec.address}`);
  const view = await lookAt(nodes, peers);
  return { scenario, controlPlane, nodes, peers, startedAtMs, progress, view };
}

/** Puts a peer's session on the control plane's list. */
export function offerSession(
  controlPlane: ControlPlaneState,
  peer: PeerSpec,
  secrets: Parameters<typeof sessionDocument>[1],
  code: number,
): void {
  const document = sessionDocument(peer, secrets, code);
  controlPlane.sessions.set(document.uuid, { node: peer.node.name, document });
}

/** Connects each peer as soon as its node's key is known; waits for all, at most 40 s. */
export async function connectPeers(lab: Lab): Promise<WaitResult> {
  const { publicKeys } = lab.controlPlane;
  const connected = lab.peers.map((peer) => {
    let started: Promise<boolean> | undefined;
    return {
      what: `${peer.spec.node.name}'s public key for AS${peer.spec.asn}`,
      holds: () => {
        const key = publicKeys.get(peer.spec.node.name);
        if (key !== undefined) started ??= connectPeer(peer, key).then(() => true);
        return started ?? false;
      },
    };
  });
  return waitInLab(lab, connected);
}

/** Waits for the conditions in this lab, with a fresh `lab.view` before each look, at most 40 s. */
export function waitInLab(lab: Lab, conditions: readonly Condition[]): Promise<WaitResult> {
  return waitFor(conditions, {
    limitMs: waitLimitMs,
    progress: lab.progress,
    refresh: () => look(lab),
    giveUp: () => endedAgents(lab).length > 0,
  });
}

/** Renews `lab.view`. */
export async function look(lab: Lab): Promise<void> {
  lab.view = await lookAt(lab.nodes, lab.peers);
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
