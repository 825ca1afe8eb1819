import { askIfRunning } from '../../../src/http/client.js';
import { end, type FaultyNode } from '../../faults/harness/faulty-node.js';
import { changeJson } from '../watched-node.js';
import { type Breakage, restart } from './breakage.js';

const maintain = (node: FaultyNode, on: boolean) =>
  askIfRunning(node.path('run'), 'setMaintenance', { on, withTraffic: false });

/** On hk1, whose control plane is on another machine. */
export const mesh: readonly Breakage[] = [
  {
    alerts: { MoenetBirdDown: 'hk1', MoenetMeshDown: 'jp1' },
    how: 'BIRD of hk1 is killed',
    inject: ({ hk1 }) => end(hk1.bird),
    mend: ({ hk1 }) => hk1.startBird(),
  },
  {
    alerts: { MoenetChangeUndone: 'hk1' },
    how: "the control plane gives the node its own address as the node's loopback",
    inject: async ({ hk1 }) => {
      await changeJson(hk1.path('config.json'), (config) => ({
        node: { ...config.node, loopbackIpv4: '10.99.2.1' },
      }));
      await restart(hk1);
    },
    mend: async ({ hk1 }) => {
      await changeJson(hk1.path('config.json'), (config) => ({
        node: { ...config.node, loopbackIpv4: '172.22.188.2' },
      }));
      await restart(hk1);
    },
  },
  {
    alerts: { MoenetMaintenanceForgotten: 'hk1' },
    how: 'maintenance is on',
    inject: ({ hk1 }) => maintain(hk1, true),
    mend: ({ hk1 }) => maintain(hk1, false),
  },
];
