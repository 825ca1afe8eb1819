import { establishedCondition, routesCondition, sessionName } from '../../converge.js';
import { makePeerSecrets } from '../../hosts/keys.js';
import { nodeTunnel } from '../../hosts/view.js';
import { edit } from '../../steps/edit-steps.js';
import type { Step } from '../../steps/step.js';
import type { SimulatedLab } from '../simulated-lab.js';
import type { SimulatedPeer } from '../world/simulated-peer.js';

/** Its owner edits the preshared key, here and on the peer. One control plane stores the new key and forgets the rest. */
export function editPresharedKey(lab: SimulatedLab, peer: SimulatedPeer): Step {
  const { spec } = peer;
  const forgets = lab.controlPlane.dialect === 'moenet-core';
  return {
    name: 'edit its preshared key',
    done: `the owner of ${sessionName(spec)} edits the preshared key${forgets ? '; the row has no public key and no port now' : ''}`,
    touches: [spec.asn],
    act: async () => {
      const { presharedKey } = makePeerSecrets(true);
      await lab.look();
      const before = nodeTunnel(lab.view, spec)?.handshakeSeconds ?? 0;
      peer.secrets = { ...peer.secrets, presharedKey };
      return [
        edit(lab, spec, { presharedKey, ...(forgets ? { credential: 'preshared key' } : {}) }),
        {
          what: 'a new handshake',
          holds: () => (nodeTunnel(lab.view, spec)?.handshakeSeconds ?? 0) > before,
        },
        establishedCondition(lab, spec),
        routesCondition(lab, spec),
      ];
    },
  };
}

/** The control plane has another policy. */
export function changePolicy(lab: SimulatedLab): Step {
  return {
    name: 'change the whole policy',
    done: 'a second bird-config: other limits, path length, RPKI cache and bandwidths',
    touches: [],
    act: async () => {
      lab.controlPlane.policyRevision = 'second';
      return lab.nodes.map(({ spec, machine }) => ({
        what: `${spec.name} has given BIRD the new limit of 8000 routes`,
        holds: () =>
          [...machine.loaded.values()].some((text) => /^define MOENET_\w+_LIMIT = 8000;/m.test(text)),
      }));
    },
  };
}
