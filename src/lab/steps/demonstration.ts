import type { PeerHost } from '../hosts/peer-host.js';
import type { Lab } from '../running-lab.js';
import { changeMtu, deleteLink, removeAddress, switchOffKernel } from './breaking-steps.js';
import { changeDialect } from './dialect-steps.js';
import { editPresharedKey, editText } from './edit-steps.js';
import { refuseImpostor } from './impostor-steps.js';
import { lockOut } from './lockout-steps.js';
import { maintenance } from './maintenance-steps.js';
import { refuseSession } from './misfit-steps.js';
import { changePolicy, newBandwidths } from './policy-steps.js';
import { addSession, deleteSession, loopbacksAnswer, moveEndpoint } from './session-steps.js';
import type { Step } from './step.js';

/** What is shown, in this order: what the control plane changes, what someone breaks by hand, what
 * an operator does with traffic, and an upgrade of the control plane itself. */
export function demonstration(lab: Lab): Step[] {
  const { newcomer } = lab.scenario;
  const [first, , third] = lab.peers;
  if (!first) throw new Error('the lab has no peers');
  const behind = ({ spec }: PeerHost) => `; at the other end is ${spec.daemon}`;
  const moving: PeerHost = lab.peers.find(({ spec }) => spec.kind === 'mp-bgp') ?? first;
  return [
    addSession(lab, newcomer, [loopbacksAnswer(lab, newcomer)]),
    deleteSession(lab, newcomer),
    ...refuseSession(lab),
    ...refuseImpostor(lab),
    changePolicy(lab, newBandwidths(lab)),
    ...lockOut(lab),
    moveEndpoint(lab, moving.spec),
    editText(lab, first.spec),
    editPresharedKey(lab, first.spec),
    deleteLink(lab, first.spec, { told: behind(first) }),
    ...(third ? [deleteLink(lab, third.spec, { which: 'another', told: behind(third) })] : []),
    changeMtu(lab, moving.spec),
    removeAddress(lab, moving.spec),
    switchOffKernel(lab, first.spec),
    ...maintenance(lab),
    changeDialect(lab),
  ];
}
