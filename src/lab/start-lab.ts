import { randomBytes } from 'node:crypto';
import { run } from '../platform/exec.js';
import { offerSession, publicKey, untilKeysAreTold } from './any-lab.js';
import { emptyState } from './control-plane/control-plane-state.js';
import type { Dialect } from './control-plane/dialect.js';
import { serveControlPlane } from './control-plane/serve-control-plane.js';
import { bgpConnections } from './hosts/connections.js';
import { makePeerSecrets } from './hosts/keys.js';
import { lookAt } from './hosts/look-at.js';
import { makeInternet } from './hosts/network.js';
import { startNode } from './hosts/node-host.js';
import { configureTunnel, connectPeer, movePeer, startPeer } from './hosts/peer-host.js';
import { startRtrServer } from './rtr-server.js';
import { ipBetweenPasses, type Lab, peerHost } from './running-lab.js';
import { roasOf } from './scenario/roas.js';
import type { Scenario } from './scenario/scenario.js';
import type { WaitResult } from './wait.js';

/** Far more than it takes, but for a machine that is busy with other things. */
const patience = { limitMs: 120_000, pollMs: 500 };

/** Starts everything: "the internet", the control plane, the nodes with their agents, and the peers. */
export async function startLab(
  scenario: Scenario,
  dialect: Dialect,
  audience: Pick<Lab, 'progress' | 'tell' | 'startedAtMs'>,
  afterLook: (lab: Lab) => void,
): Promise<Lab> {
  const { progress, tell } = audience;
  tell({ kind: 'scenario', scenario });
  // The lab's own /run: nothing that runs here may see or leave a file in the machine's.
  await run('mount', ['-t', 'tmpfs', 'tmpfs', '/run']);
  const { address } = scenario.controlPlane;
  await makeInternet([address, scenario.gateway]);
  const tokens = new Map(scenario.nodes.map(({ name }) => [name, randomBytes(24).toString('base64url')]));
  const controlPlane = emptyState(tokens, dialect);
  const { port, rpkiPort } = scenario.controlPlane;
  const roas = roasOf(scenario);
  const controlPlaneServer = await serveControlPlane(scenario, controlPlane);
  await startRtrServer({ host: address, port: rpkiPort, roas });
  progress.say(`control plane: http://${address}:${port}, the ${dialect} dialect`);
  progress.say(`RPKI cache: ${address}:${rpkiPort} with ${roas.length} ROAs`);
  const peers = await Promise.all(scenario.peers.map((peer) => startPeer(peer)));
  for (const { spec, secrets } of peers) offerSession(controlPlane, spec, secrets, 'queued for setup');
  for (const { peer, status } of scenario.idle)
    offerSession(controlPlane, peer, makePeerSecrets(false), status);
  for (const { spec } of peers)
    progress.say(
      `AS${spec.asn}: ${spec.daemon} runs at ${spec.address} (${spec.policy}, ${spec.kind}; its row is the ${spec.writer}'s)`,
    );
  const nodes = await Promise.all(
    scenario.nodes.map((node) => startNode(node, scenario, tokens.get(node.name) ?? '')),
  );
  for (const { spec } of nodes) progress.say(`${spec.name}: BIRD and the agent run at ${spec.address}`);
  tell({ kind: 'hosts', pids: Object.fromEntries(nodes.map(({ spec, host }) => [spec.name, host.pid])) });
  const lab: Lab = {
    ...audience,
    scenario,
    controlPlane,
    controlPlaneServer,
    nodes,
    peers,
    patience,
    view: await lookAt(nodes, peers),
    look: async () => {
      lab.view = await lookAt(nodes, peers);
      afterLook(lab);
    },
    connections: () => bgpConnections(lab),
    endedAgents: () =>
      nodes
        .filter(({ agent }) => agent.exitCode !== null || agent.signalCode !== null)
        .map(({ spec }) => spec.name),
    join: async (spec) => {
      const peer = await startPeer(spec);
      await connectPeer(peer, publicKey(lab, spec));
      peers.push(peer);
      return peer.secrets;
    },
    movePeer: (spec, to) => movePeer(peerHost(lab, spec), publicKey(lab, spec), to),
    changePresharedKey: async (spec, presharedKey) => {
      const before = peerHost(lab, spec);
      const after = { ...before, secrets: { ...before.secrets, presharedKey } };
      await configureTunnel(after, publicKey(lab, spec));
      peers[peers.indexOf(before)] = after;
    },
    deleteLink: ({ node, session }) => ipBetweenPasses(lab, node, ['link', 'del', session.interface]),
  };
  return lab;
}

/** Connects the peers when the keys of their nodes are known; waits for these at most 120 s. */
export async function connectPeers(lab: Lab): Promise<WaitResult> {
  const startedAtMs = Date.now();
  const known = await untilKeysAreTold(lab);
  if (!known.ok) return known;
  await Promise.all(lab.peers.map((peer) => connectPeer(peer, publicKey(lab, peer.spec))));
  return { ...known, tookMs: Date.now() - startedAtMs };
}
