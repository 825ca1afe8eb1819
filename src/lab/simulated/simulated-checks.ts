import { heartbeatsAreRight, requestsAreGood, secretIn } from '../checks/agent-checks.js';
import { type Check, checksOf } from '../checks/check.js';
import { spokenChecks } from '../checks/dialect-checks.js';
import { ibgpIsUp, meshIsUp } from '../checks/internal-checks.js';
import { idleChecks, impostorCheck, newcomerCheck } from '../checks/no-trace-checks.js';
import { isMarked, listensRightly } from '../checks/session-checks.js';
import { toldChecks } from '../checks/told-checks.js';
import { sessionName } from '../converge.js';
import { ibgpPeersOf } from '../scenario/node-spec.js';
import type { PeerSpec } from '../scenario/peer-spec.js';
import type { SimulatedNode } from './node/simulated-node.js';
import type { SimulatedLab } from './simulated-lab.js';

/** Of the lab's checks, those that the simulated machines and the control plane can answer for. `withSteps`: the steps were taken. */
export function simulatedChecks(lab: SimulatedLab, withSteps: boolean): Check[] {
  return [
    ...lab.scenario.peers.flatMap((peer) => [...tunnelChecks(lab, peer), ...toldChecks(lab, peer)]),
    ...(withSteps ? [newcomerCheck(lab), impostorCheck(lab)] : []),
    ...idleChecks(lab),
    ...lab.nodes.flatMap((node) => [
      ...internalChecks(lab, node),
      ...agentChecks(lab, node),
      ...spokenChecks(lab, node.spec, async () => node.logSinceStart().join('\n')),
    ]),
  ];
}

function tunnelChecks(lab: SimulatedLab, peer: PeerSpec): Check[] {
  const check = checksOf(sessionName(peer), peer.node.name);
  return [
    check('listens on the port that the peer was told', () => listensRightly(lab, peer)),
    check('the interface carries the mark', () => isMarked(lab, peer)),
  ];
}

function internalChecks(lab: SimulatedLab, { spec }: SimulatedNode): Check[] {
  const { nodes } = lab.scenario;
  const check = checksOf(spec.name, spec.name);
  const others = nodes.filter(({ id }) => id !== spec.id);
  return [
    ...others.map((other) => check(`mesh tunnel to ${other.name}`, () => meshIsUp(lab, spec, other))),
    ...ibgpPeersOf(nodes, spec).map((other) =>
      check(`iBGP with ${other.name}`, () => ibgpIsUp(lab, spec, other)),
    ),
  ];
}

function agentChecks(lab: SimulatedLab, node: SimulatedNode): Check[] {
  const { spec, machine, log } = node;
  const check = checksOf(spec.name, spec.name);
  return [
    check('heartbeats are right', () => heartbeatsAreRight(lab, spec, machine.publicKey)),
    check('every request was accepted', () => requestsAreGood(lab, spec.name)),
    check('no secret in the log', () => secretIn(log.join('\n'), lab, spec)),
    check('the status says healthy', () => {
      const { health, problems } = node.service()?.status() ?? { health: 'no agent', problems: [] };
      return health === 'ok' ? undefined : `${health}: ${problems.join('; ')}`;
    }),
  ];
}
