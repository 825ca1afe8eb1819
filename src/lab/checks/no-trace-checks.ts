import type { AnyLab } from '../any-lab.js';
import { sessionName } from '../converge.js';
import { nodeBgp, nodeLink } from '../hosts/view.js';
import type { PeerSpec } from '../scenario/peer-spec.js';
import type { Check } from './check.js';
import { modifiesAre } from './told-checks.js';

/** The session that came and went leaves nothing but two updates. */
export function newcomerCheck(lab: AnyLab): Check {
  const { newcomer } = lab.scenario;
  return {
    name: `${sessionName(newcomer)}: set up, then deleted without a trace`,
    node: newcomer.node.name,
    test: async () => traces(lab, newcomer) ?? modifiesAre(lab, newcomer, ['active', 'deleted']),
  };
}

/** The hostile session leaves nothing but a refusal and its end. */
export function impostorCheck(lab: AnyLab): Check {
  const { impostor } = lab.scenario;
  return {
    name: `${sessionName(impostor)}: refused, then deleted without a trace`,
    node: impostor.node.name,
    test: async () => traces(lab, impostor) ?? modifiesAre(lab, impostor, ['error', 'deleted']),
  };
}

/** A session that is not to run is not touched, and nothing is told of it. */
export function idleChecks(lab: AnyLab): Check[] {
  return lab.scenario.idle.map(({ peer, status }) => ({
    name: `${sessionName(peer)}: not configured, for its status is ${status}`,
    node: peer.node.name,
    test: async () => traces(lab, peer) ?? modifiesAre(lab, peer, []),
  }));
}

function traces(lab: AnyLab, peer: PeerSpec): string | undefined {
  if (nodeLink(lab.view, peer)) return `${peer.session.interface} is there`;
  const [protocol] = nodeBgp(lab.view, peer);
  return protocol && `protocol ${protocol.name} is there`;
}
