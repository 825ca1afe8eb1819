import { type AnyLab, untilPassIsOver } from '../any-lab.js';
import { establishedCondition, routesCondition } from '../converge.js';
import { missingInKernel } from '../hosts/kernel-routes.js';
import { nodeLink, nodeTunnel } from '../hosts/view.js';
import { ipBetweenPasses, type Lab, nodeOf } from '../running-lab.js';
import type { PeerSpec } from '../scenario/peer-spec.js';
import { acceptedPrefixes } from '../scenario/policy-table.js';
import type { Condition } from '../wait.js';
import type { Step } from './step.js';

/** Someone deletes a tunnel's interface. The peer sees nothing of it: its end, and its BGP session, stay as they are. */
export function deleteLink(lab: AnyLab, peer: PeerSpec, { which = 'a', told = '' } = {}): Step {
  return {
    name: `delete ${which} tunnel by hand`,
    done: `${peer.node.name}: ip link del ${peer.session.interface}${told}`,
    recovers: { peer, fault: 'ip link del' },
    touches: [peer.asn],
    act: async () => {
      const old = nodeLink(lab.view, peer)?.index;
      const atSeconds = Math.floor(Date.now() / 1000);
      await lab.deleteLink(peer);
      const isNew = () => (nodeLink(lab.view, peer)?.index ?? old) !== old;
      return [
        { what: 'the tunnel made again', holds: isNew },
        {
          what: 'a new handshake',
          holds: () => isNew() && (nodeTunnel(lab.view, peer)?.handshakeSeconds ?? 0) >= atSeconds,
        },
        {
          ...establishedCondition(lab, peer),
          holds: () => isNew() && establishedCondition(lab, peer).holds(),
        },
        { ...routesCondition(lab, peer), holds: () => isNew() && routesCondition(lab, peer).holds() },
      ];
    },
  };
}

/** Someone sets a wrong MTU. */
export function changeMtu(lab: Lab, peer: PeerSpec): Step {
  const { interface: name, mtu } = peer.session;
  return {
    name: 'set a wrong MTU by hand',
    done: `${peer.node.name}: ip link set ${name} mtu 1300`,
    touches: [],
    act: async () => {
      await ipBetweenPasses(lab, peer.node, ['link', 'set', name, 'mtu', '1300']);
      return [{ what: `MTU ${mtu} again`, holds: () => nodeLink(lab.view, peer)?.mtu === mtu }];
    },
  };
}

/** Someone removes an address from a tunnel. */
export function removeAddress(lab: Lab, peer: PeerSpec): Step {
  const { interface: name } = peer.session;
  const pointToPoint = peer.kind === 'mp-bgp';
  const address = pointToPoint ? peer.node.loopbackIpv4 : peer.toldLinkLocal;
  const argument = pointToPoint ? [address, 'peer', `${peer.ipv4}/32`] : [`${address}/64`];
  return {
    name: 'remove an address by hand',
    done: `${peer.node.name}: ip address del ${argument.join(' ')} dev ${name}`,
    touches: [peer.asn],
    act: async () => {
      await ipBetweenPasses(lab, peer.node, ['address', 'del', ...argument, 'dev', name]);
      return [
        {
          what: `${address} again`,
          holds: () => nodeLink(lab.view, peer)?.addresses.includes(address) ?? false,
        },
        establishedCondition(lab, peer),
        routesCondition(lab, peer),
        kernelCondition(lab, peer),
      ];
    },
  };
}

/** Someone switches off what brings BIRD's routes into the kernel: sessions stay up, and packets go nowhere. */
export function switchOffKernel(lab: Lab, peer: PeerSpec): Step {
  const name = 'moenet_kernel_v4';
  return {
    name: "switch off BIRD's kernel protocol by hand",
    done: `${peer.node.name}: birdc disable ${name}`,
    touches: [],
    act: async () => {
      const node = nodeOf(lab, peer);
      const row = async () =>
        /^1002-\S+ +Kernel +\S+ +(?<state>\S+) +(?<since>.*\S)/m.exec(
          await node.askBird(`show protocols ${name}`),
        )?.groups ?? {};
      await untilPassIsOver(lab, node);
      const before = await row();
      await node.askBird(`disable ${name}`);
      const isNew = async () => {
        const { state, since } = await row();
        return state === 'up' && since !== before['since'];
      };
      const routes = kernelCondition(lab, peer);
      return [
        { what: `${name} switched on again by the agent`, holds: isNew },
        { ...routes, holds: async () => (await isNew()) && (await routes.holds()) },
      ];
    },
  };
}

/**
 * The kernel drops an interface's IPv4 routes with its last IPv4 address, and does not bring them back with it: BIRD
 * must put them in again.
 */
function kernelCondition(lab: Lab, peer: PeerSpec): Condition {
  const prefixes = acceptedPrefixes(peer);
  return {
    what: 'its routes in the kernel',
    holds: async () => (await missingInKernel(nodeOf(lab, peer).host, prefixes)) === undefined,
  };
}
