import { selfCommand } from '../../platform/self.js';
import { type AnyLab, untilPassIsOver } from '../any-lab.js';
import { checksOf } from '../checks/check.js';
import { postsOf } from '../control-plane/control-plane-state.js';
import { establishedCondition, routesCondition, sessionName } from '../converge.js';
import { nodePaths } from '../hosts/node-host.js';
import { nodeBgp } from '../hosts/view.js';
import { type Lab, nodeOf } from '../running-lab.js';
import type { PeerSpec } from '../scenario/peer-spec.js';
import type { Step } from './step.js';

/** An operator disables a session in BIRD, and enables it again when the work on it is done. */
export function disableByHand(lab: Lab, peer: PeerSpec): Step[] {
  return [disable(lab, peer), enable(lab, peer)];
}

function disable(lab: Lab, peer: PeerSpec): Step {
  const node = nodeOf(lab, peer);
  const check = checksOf(sessionName(peer), peer.node.name);
  return {
    name: 'disable a session by hand',
    done: `${peer.node.name}: birdc disable, for AS${peer.asn}`,
    touches: [peer.asn],
    act: async () => {
      await untilPassIsOver(lab, node);
      for (const { name } of nodeBgp(lab.view, peer)) await node.askBird(`disable "${name}"`);
      return [
        {
          what: 'the control plane told that an operator disabled it',
          holds: () => /^disabled by hand on this node/.test(lastTold(lab, peer)?.error ?? ''),
        },
      ];
    },
    after: async () => {
      for (let pass = 0; pass < 2; pass += 1) await untilPassIsOver(lab, node);
      await lab.look();
      const states = nodeBgp(lab.view, peer).map(({ state }) => state);
      return {
        story: [`why     ${lastTold(lab, peer)?.error ?? 'not said'}`],
        checks: [
          check('a session disabled by hand stays disabled', () =>
            states.length > 0 && states.every((state) => state === 'Down')
              ? undefined
              : `its protocols: ${states.join(', ') || 'none'}`,
          ),
        ],
      };
    },
  };
}

function enable(lab: Lab, peer: PeerSpec): Step {
  const { interface: name } = peer.session;
  return {
    name: 'enable the session again',
    done: `${peer.node.name}: moenet-agent enable ${name}`,
    touches: [peer.asn],
    act: async () => {
      const [program = '', ...args] = selfCommand;
      const { host } = nodeOf(lab, peer);
      await host.run(program, [...args, 'enable', name, '-c', nodePaths.config], { timeoutMs: 60_000 });
      return [
        establishedCondition(lab, peer),
        routesCondition(lab, peer),
        {
          what: 'the control plane told that it is active',
          holds: () => lastTold(lab, peer)?.status === 'active',
        },
      ];
    },
  };
}

/** What the control plane was told last of a session. */
export function lastTold({ controlPlane }: AnyLab, { session, node }: PeerSpec) {
  return postsOf(controlPlane, 'modify', node.name)
    .filter(({ body }) => body.uuid === session.uuid)
    .at(-1)?.body;
}
