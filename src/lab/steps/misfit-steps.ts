import { type AnyLab, offerSession } from '../any-lab.js';
import type { Check } from '../checks/check.js';
import { misfitChecks } from '../checks/misfit-checks.js';
import { editSession, postsOf } from '../control-plane/control-plane-state.js';
import { establishedCondition, routesCondition } from '../converge.js';
import { makePeerSecrets } from '../hosts/keys.js';
import { nodeBgp, nodeLink } from '../hosts/view.js';
import type { Lab } from '../running-lab.js';
import { disableByHand } from './hand-steps.js';
import type { Step } from './step.js';

/** Two sessions on one list: BIRD cannot read the file of the one, and the other one is none the worse for it. */
export function refuseSession(lab: Lab): Step[] {
  // The other one runs only here: what is told of it meanwhile is nobody else's business.
  const offered = offerBoth(lab, 'cannot read', (told) => misfitChecks(lab, told));
  return [offered, ...disableByHand(lab, lab.scenario.companion), deleteBoth(lab)];
}

/** What the control plane was told last of the session that cannot be. */
function toldOfMisfit({ controlPlane, scenario }: AnyLab) {
  return postsOf(controlPlane, 'modify')
    .filter(({ body }) => body.uuid === scenario.misfit.session.uuid)
    .at(-1)?.body;
}

type Told = ReturnType<typeof toldOfMisfit>;

/** `verb`: what BIRD does with the file of the one. */
export function offerBoth(lab: AnyLab, verb: string, checksOf: (told: Told) => readonly Check[]): Step {
  const { misfit, companion } = lab.scenario;
  return {
    name: 'refuse one session of two',
    done: `${misfit.node.name}: two new sessions: AS${companion.asn}, and AS${misfit.asn}, whose file BIRD ${verb}`,
    touches: [misfit.asn, companion.asn],
    act: async () => {
      const secrets = await lab.join(companion);
      offerSession(lab.controlPlane, misfit, makePeerSecrets(false), 'queued for setup');
      offerSession(lab.controlPlane, companion, secrets, 'queued for setup');
      return [
        establishedCondition(lab, companion),
        routesCondition(lab, companion),
        { what: `AS${misfit.asn} reported`, holds: () => toldOfMisfit(lab) !== undefined },
      ];
    },
    after: async () => {
      const told = toldOfMisfit(lab);
      return {
        story: [
          `told    AS${misfit.asn}: ${told?.status ?? 'nothing'}`,
          `why     ${told?.error ?? 'not said'}`,
        ],
        checks: checksOf(told),
      };
    },
  };
}

/** Both are gone again. */
export function deleteBoth(lab: AnyLab): Step {
  const both = [lab.scenario.misfit, lab.scenario.companion];
  return {
    name: 'delete both sessions',
    done: `${both.map(({ asn }) => `AS${asn}`).join(' and ')} are queued for delete`,
    touches: both.map(({ asn }) => asn),
    act: async () => {
      for (const { session } of both)
        editSession(lab.controlPlane, session.uuid, { status: 'queued for delete' });
      return both.flatMap((peer) => [
        {
          what: `nothing of AS${peer.asn} left`,
          holds: () =>
            nodeLink(lab.view, peer) === undefined &&
            nodeBgp(lab.view, peer).length === 0 &&
            !lab.controlPlane.sessions.has(peer.session.uuid),
        },
      ]);
    },
  };
}
