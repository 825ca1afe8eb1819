import { checksOf } from '../../checks/check.js';
import { postsOf } from '../../control-plane/control-plane-state.js';
import type { Step } from '../../steps/step.js';
import type { SimulatedNode } from '../node/simulated-node.js';
import type { SimulatedLab } from '../simulated-lab.js';

/** The control plane does not answer for a while: nothing that runs is touched. */
export function outage(lab: SimulatedLab): Step[] {
  const { controlPlaneServer, nodes, controlPlane } = lab;
  return [
    {
      name: 'the control plane goes away',
      done: 'the control plane ends; every request is refused',
      touches: [],
      act: async () => {
        await controlPlaneServer.close();
        return nodes.map(({ spec, service }) => ({
          what: `${spec.name} says that it does not answer`,
          holds: () => service()?.status().controlPlane.reachable === false,
        }));
      },
    },
    {
      name: 'the control plane comes back',
      done: 'the control plane is back, with the same data',
      touches: [],
      act: async () => {
        const sinceMs = Date.now();
        await controlPlaneServer.open();
        return nodes.flatMap(({ spec, service }) => [
          {
            what: `${spec.name} reports again`,
            holds: () =>
              (postsOf(controlPlane, 'report', spec.name).at(-1)?.atMs ?? 0) > sinceMs &&
              service()?.status().controlPlane.reachable === true,
          },
        ]);
      },
    },
  ];
}

/** The agent is started again, as an upgrade does: tunnels and sessions stay as they are. */
export function restartAgent(lab: SimulatedLab, node: SimulatedNode): Step {
  const { spec, machine } = node;
  const links = () => [...machine.wireguardTable.keys()].map((name) => machine.linkTable.get(name));
  let before: ReturnType<typeof links> = [];
  return {
    name: 'start the agent again',
    done: `${spec.name}: systemctl restart moenet-agent`,
    touches: [],
    act: async () => {
      before = links();
      const beats = postsOf(lab.controlPlane, 'heartbeat', spec.name).length;
      await node.stop();
      node.start();
      return [
        {
          what: 'its first heartbeat',
          holds: () => postsOf(lab.controlPlane, 'heartbeat', spec.name).length > beats,
        },
        { what: 'its status healthy', holds: () => node.service()?.status().health === 'ok' },
      ];
    },
    after: async () => ({
      story: [],
      checks: [
        checksOf(spec.name, spec.name)('an agent that starts again makes no tunnel anew', () =>
          links().every((link, index) => link === before[index]) ? undefined : 'one is another one',
        ),
      ],
    }),
  };
}

/** An operator leads the traffic away from a node, and lets it come back. */
export function maintenance(node: SimulatedNode): Step[] {
  const step = (word: 'on' | 'off'): Step => ({
    name: `maintenance ${word}`,
    done: `${node.spec.name}: moenet-agent maintenance ${word}`,
    touches: [],
    act: async () => {
      await node.service()?.setMaintenance({ on: word === 'on', withTraffic: false });
      const line = `define MOENET_MAINTENANCE = ${word === 'on'};`;
      return [
        {
          what: `BIRD has read "${line}"`,
          holds: () => [...node.machine.loaded.values()].some((text) => text.includes(line)),
        },
        {
          what: `status says that maintenance is ${word}`,
          holds: () => (node.service()?.status().maintenance !== undefined) === (word === 'on'),
        },
      ];
    },
  });
  return [step('on'), step('off')];
}
