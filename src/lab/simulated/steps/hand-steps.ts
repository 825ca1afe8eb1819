import { checksOf } from '../../checks/check.js';
import { postsOf } from '../../control-plane/control-plane-state.js';
import { establishedCondition, routesCondition, sessionName } from '../../converge.js';
import { nodeBgp, nodeLink } from '../../hosts/view.js';
import type { PeerSpec } from '../../scenario/peer-spec.js';
import { lastTold } from '../../steps/hand-steps.js';
import type { Step } from '../../steps/step.js';
import type { Condition } from '../../wait.js';
import { switchOff } from '../machine/fake-bird.js';
import type { SimulatedNode } from '../node/simulated-node.js';
import { nodeOf, type SimulatedLab } from '../simulated-lab.js';

/** An operator disables a session in BIRD, and enables it again when the work on it is done. */
export function disableByHand(lab: SimulatedLab, peer: PeerSpec): Step[] {
  const node = nodeOf(lab, peer);
  const { name } = node.spec;
  return [
    {
      name: 'disable a session by hand',
      done: `${name}: birdc disable, for AS${peer.asn}`,
      touches: [peer.asn],
      act: async () => {
        await lab.look();
        const protocols = nodeBgp(lab.view, peer);
        await node.betweenPasses(() => {
          for (const protocol of protocols) switchOff(node.machine, protocol.name);
        });
        return [
          {
            what: 'the control plane told that an operator disabled it',
            holds: () => /^disabled by hand on this node/.test(lastTold(lab, peer)?.error ?? ''),
          },
          readsOn(lab, node),
        ];
      },
      after: async () => {
        await lab.look();
        const states = nodeBgp(lab.view, peer).map(({ state }) => state);
        return {
          story: [`why     ${lastTold(lab, peer)?.error ?? 'not said'}`],
          checks: [
            checksOf(sessionName(peer), name)('a session disabled by hand stays disabled', () =>
              states.length > 0 && states.every((state) => state === 'Down')
                ? undefined
                : `its protocols: ${states.join(', ') || 'none'}`,
            ),
          ],
        };
      },
    },
    {
      name: 'enable the session again',
      done: `${name}: moenet-agent enable ${peer.session.interface}`,
      touches: [peer.asn],
      act: async () => {
        await node.service()?.switchSession({ session: peer.session.interface, to: 'enabled', now: false });
        return [
          establishedCondition(lab, peer),
          routesCondition(lab, peer),
          {
            what: 'the control plane told that it is active',
            holds: () => lastTold(lab, peer)?.status === 'active',
          },
          readsOn(lab, node),
        ];
      },
    },
  ];
}

/** What the agent knows of the list is newer than what it has told last: nothing that it says answers to an older one. */
function readsOn({ controlPlane }: SimulatedLab, { spec }: SimulatedNode): Condition {
  return {
    what: 'the list read again',
    holds: () => {
      const toldMs = postsOf(controlPlane, 'modify', spec.name).at(-1)?.atMs ?? 0;
      const reads = controlPlane.requests.filter(
        ({ node, path, atMs }) => node === spec.name && path.endsWith('/sessions') && atMs > toldMs,
      );
      return reads.length > 1;
    },
  };
}

/** Someone sets a wrong MTU, and removes an address. */
export function spoilLink(lab: SimulatedLab, peer: PeerSpec): Step[] {
  const { interface: name, mtu } = peer.session;
  const node = nodeOf(lab, peer);
  const link = () => node.machine.linkTable.get(name);
  const address = peer.kind === 'mp-bgp' ? peer.node.loopbackIpv4 : peer.toldLinkLocal;
  return [
    {
      name: 'set a wrong MTU by hand',
      done: `${peer.node.name}: ip link set ${name} mtu 1300`,
      touches: [],
      act: async () => {
        await node.betweenPasses(() => Object.assign(link() ?? {}, { mtu: 1300 }));
        await lab.look();
        return [{ what: `MTU ${mtu} again`, holds: () => nodeLink(lab.view, peer)?.mtu === mtu }];
      },
    },
    {
      name: 'remove an address by hand',
      done: `${peer.node.name}: ip address del ${address} dev ${name}`,
      touches: [peer.asn],
      act: async () => {
        await node.betweenPasses(() => {
          const left = link()?.addresses.filter(({ local }) => local !== address);
          Object.assign(link() ?? {}, { addresses: left });
        });
        await lab.look();
        return [
          {
            what: `${address} again`,
            holds: () => nodeLink(lab.view, peer)?.addresses.includes(address) ?? false,
          },
          establishedCondition(lab, peer),
        ];
      },
    },
  ];
}

/** Someone switches off what brings BIRD's routes into the kernel. */
export function switchOffKernel(lab: SimulatedLab, peer: PeerSpec): Step {
  const name = 'moenet_kernel_v4';
  const node = nodeOf(lab, peer);
  return {
    name: "switch off BIRD's kernel protocol by hand",
    done: `${peer.node.name}: birdc disable ${name}`,
    touches: [],
    act: async () => {
      await node.betweenPasses(() => switchOff(node.machine, name));
      return [
        {
          what: `${name} switched on again by the agent`,
          holds: () => node.machine.protocols.get(name)?.state === 'up',
        },
      ];
    },
  };
}
