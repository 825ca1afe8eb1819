import { deleteLink } from '../../steps/breaking-steps.js';
import { changeDialect } from '../../steps/dialect-steps.js';
import { editPresharedKey, editText } from '../../steps/edit-steps.js';
import { deleteImpostor } from '../../steps/impostor-steps.js';
import { deleteBoth } from '../../steps/misfit-steps.js';
import { changePolicy } from '../../steps/policy-steps.js';
import { addSession, deleteSession, moveEndpoint } from '../../steps/session-steps.js';
import type { Step } from '../../steps/step.js';
import type { Condition } from '../../wait.js';
import type { SimulatedLab } from '../simulated-lab.js';
import { maintenance, outage, restartAgent } from './agent-steps.js';
import { disableByHand, spoilLink, switchOffKernel } from './hand-steps.js';
import { goAway } from './peer-steps.js';
import { refuseImpostor, refuseSession } from './refusal-steps.js';

/** Of what the lab in namespaces shows, all that a simulated host can take part in; and what only a whole machine could show there. */
export function demonstration(lab: SimulatedLab): Step[] {
  const { newcomer, companion } = lab.scenario;
  const [node] = lab.nodes;
  const [first] = lab.peers;
  if (!node || !first) throw new Error('the lab has no nodes, or no peers');
  const moving = lab.peers.find(({ spec }) => spec.kind === 'mp-bgp') ?? first;
  return [
    addSession(lab, newcomer),
    deleteSession(lab, newcomer),
    refuseSession(lab),
    ...disableByHand(lab, companion),
    deleteBoth(lab),
    refuseImpostor(lab),
    deleteImpostor(lab),
    changePolicy(lab, newLimits(lab)),
    moveEndpoint(lab, moving.spec),
    editText(lab, first.spec),
    editPresharedKey(lab, first.spec),
    deleteLink(lab, first.spec),
    ...spoilLink(lab, moving.spec),
    switchOffKernel(lab, first.spec),
    ...goAway(lab, first),
    ...outage(lab),
    restartAgent(lab, node),
    ...maintenance(node),
    changeDialect(lab),
  ];
}

/** Each BIRD is given the second policy's limit. */
function newLimits(lab: SimulatedLab): Condition[] {
  return lab.nodes.map(({ spec, machine }) => ({
    what: `${spec.name} has given BIRD the new limit of 8000 routes`,
    holds: () => [...machine.loaded.values()].some((text) => /^define MOENET_\w+_LIMIT = 8000;/m.test(text)),
  }));
}
