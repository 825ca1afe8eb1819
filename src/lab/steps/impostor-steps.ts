import { type AnyLab, offerSession } from '../any-lab.js';
import { impostorChecks } from '../checks/impostor-checks.js';
import { editSession, postsOf } from '../control-plane/control-plane-state.js';
import { sessionName } from '../converge.js';
import { tunnelTraffic } from '../hosts/peer-host.js';
import { nodeBgp, nodeLink } from '../hosts/view.js';
import { covers, type RouteWatch, watchRoute } from '../hosts/watch-route.js';
import { lookAtImpostor, toldOfImpostor } from '../impostor.js';
import { impostorStory } from '../report/impostor-story.js';
import { type Lab, nodeOf, peerHost } from '../running-lab.js';
import type { Condition } from '../wait.js';
import type { Step } from './step.js';

/** A peer whose session says that the control plane's address is its own, so that the node would talk to it instead. */
export function refuseImpostor(lab: Lab): Step[] {
  return [offer(lab), deleteImpostor(lab)];
}

function offer(lab: Lab): Step {
  const { scenario, controlPlane } = lab;
  const { impostor } = scenario;
  const { address } = scenario.controlPlane;
  let startedAtMs = 0;
  let watch: RouteWatch | undefined;
  return {
    name: 'refuse a hostile peer',
    done: `a hostile peer: ${sessionName(impostor)} is queued for setup with the control plane's address ${address}`,
    touches: [impostor.asn],
    act: async () => {
      watch = watchRoute(nodeOf(lab, impostor).host, (prefix) => covers(prefix, address));
      const secrets = await lab.join(impostor);
      startedAtMs = Date.now();
      offerSession(controlPlane, impostor, secrets, 'queued for setup');
      editSession(controlPlane, impostor.session.uuid, { ipv4: address });
      return [
        { what: 'refused', holds: () => toldOfImpostor(lab) !== undefined },
        {
          what: `AS${impostor.asn} tries to open the tunnel`,
          holds: async () => (await tunnelTraffic(peerHost(lab, impostor))).sentBytes > 0,
        },
        reportsAfterwards(lab),
      ];
    },
    after: async () => {
      if (!watch) return { story: [], checks: [] };
      watch.stop();
      const seen = await lookAtImpostor(lab, startedAtMs, watch);
      return { story: impostorStory(scenario, seen), checks: impostorChecks(scenario, seen) };
    },
  };
}

/** The node goes on talking to the control plane after it was told of the impostor's session. */
export function reportsAfterwards(lab: AnyLab): Condition {
  const { name } = lab.scenario.impostor.node;
  return {
    what: `${name} still reports to the control plane`,
    holds: () => {
      const told = toldOfImpostor(lab);
      const last = postsOf(lab.controlPlane, 'report', name).at(-1);
      return told !== undefined && last !== undefined && last.atMs > told.atMs;
    },
  };
}

/** The hostile session is gone again. */
export function deleteImpostor(lab: AnyLab): Step {
  const { impostor } = lab.scenario;
  const { uuid } = impostor.session;
  return {
    name: 'delete the hostile session',
    done: `${sessionName(impostor)} is queued for delete`,
    touches: [impostor.asn],
    act: async () => {
      editSession(lab.controlPlane, uuid, { status: 'queued for delete' });
      return [
        {
          what: 'nothing of it left',
          holds: () =>
            !lab.controlPlane.sessions.has(uuid) &&
            nodeLink(lab.view, impostor) === undefined &&
            nodeBgp(lab.view, impostor).length === 0,
        },
      ];
    },
  };
}
