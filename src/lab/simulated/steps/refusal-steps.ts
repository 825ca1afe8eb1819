import { offerSession } from '../../any-lab.js';
import { checksOf } from '../../checks/check.js';
import { editSession } from '../../control-plane/control-plane-state.js';
import { sessionName } from '../../converge.js';
import { isEstablished, nodeBgp, nodeLink } from '../../hosts/view.js';
import { toldOfImpostor } from '../../impostor.js';
import { reportsAfterwards } from '../../steps/impostor-steps.js';
import { offerBoth } from '../../steps/misfit-steps.js';
import type { Step } from '../../steps/step.js';
import { nodeOf, type SimulatedLab } from '../simulated-lab.js';

/** Two sessions on one list: the simulated BIRD refuses the file of the one, and the other one is none the worse for it. */
export function refuseSession(lab: SimulatedLab): Step {
  const { misfit, companion } = lab.scenario;
  const check = checksOf(sessionName(misfit), misfit.node.name);
  return offerBoth(lab, 'refuses', (told) => {
    const files = [...nodeOf(lab, misfit).machine.loaded.values()].join('\n');
    return [
      check("refused with BIRD's own words", () =>
        told?.error?.includes('syntax error') ? undefined : `told: ${told?.error ?? 'nothing'}`,
      ),
      check('BIRD reads no file of it', () =>
        files.includes(`"${misfit.session.interface}"`) ? 'its file is there' : undefined,
      ),
      check(`the session with AS${companion.asn} on the same list came up`, () =>
        isEstablished(lab.view, companion) ? undefined : 'it is not Established',
      ),
    ];
  });
}

/** A peer whose session says that the control plane's address is its own. */
export function refuseImpostor(lab: SimulatedLab): Step {
  const { impostor, controlPlane } = lab.scenario;
  const { address } = controlPlane;
  const check = checksOf(sessionName(impostor), impostor.node.name);
  return {
    name: 'refuse a hostile peer',
    done: `a hostile peer: ${sessionName(impostor)} is queued for setup with the control plane's address ${address}`,
    touches: [impostor.asn],
    act: async () => {
      offerSession(lab.controlPlane, impostor, await lab.join(impostor), 'queued for setup');
      editSession(lab.controlPlane, impostor.session.uuid, { ipv4: address });
      return [{ what: 'refused', holds: () => toldOfImpostor(lab) !== undefined }, reportsAfterwards(lab)];
    },
    after: async () => {
      const told = toldOfImpostor(lab)?.body;
      await lab.look();
      const isConfigured =
        nodeLink(lab.view, impostor) !== undefined || nodeBgp(lab.view, impostor).length > 0;
      const holders = [...nodeOf(lab, impostor).machine.linkTable.values()].filter(({ addresses }) =>
        addresses.some(({ local, peer }) => local === address || peer === address),
      );
      return {
        story: [`told    ${told?.status ?? 'nothing'}`, `why     ${told?.error ?? 'not said'}`],
        checks: [
          check("refused, because its address is the control plane's", () =>
            told?.status === 'error' && told.error?.includes(`${address} is the control plane`)
              ? undefined
              : `told: ${told?.status} (${told?.error})`,
          ),
          check("no interface has the control plane's address", () =>
            holders.length === 0 ? undefined : holders.map(({ name }) => name).join(', '),
          ),
          check('it has neither a tunnel nor a BGP protocol', () =>
            isConfigured ? 'there is one' : undefined,
          ),
        ],
      };
    },
  };
}
