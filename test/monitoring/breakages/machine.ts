import { rm, writeFile } from 'node:fs/promises';
import { end, type FaultyNode } from '../../faults/harness/faulty-node.js';
import { newcomer } from '../../faults/harness/trial.js';
import { waitFor } from '../../faults/harness/wait-for.js';
import { birdc, type WatchedNetwork } from '../watched-network.js';
import { type Breakage, restart, resync } from './breakage.js';

const sysctl = ({ namespace }: FaultyNode, setting: string) => namespace.run('sysctl', ['-q', '-w', setting]);
const failing = (node: FaultyNode, program: string) =>
  writeFile(node.path(`bin/${program}`), '#!/bin/sh\necho it fails, as the test wants >&2\nexit 1\n', {
    mode: 0o755,
  });
const working = (node: FaultyNode, program: string) => rm(node.path(`bin/${program}`));

/** On sg1: the machine, the agent's programs, and the agent itself. */
export const machine: readonly Breakage[] = [
  {
    alerts: { MoenetForwardingOff: 'sg1', MoenetUnhealthy: 'sg1' },
    how: 'forwarding is switched off',
    inject: ({ sg1 }) => sysctl(sg1, 'net.ipv6.conf.all.forwarding=0'),
    mend: ({ sg1 }) => sysctl(sg1, 'net.ipv6.conf.all.forwarding=1'),
  },
  {
    alerts: { MoenetStrictRpFilter: 'sg1' },
    how: 'rp_filter is strict on a tunnel',
    inject: ({ sg1 }) => sysctl(sg1, 'net.ipv4.conf.wg_24002.rp_filter=1'),
    mend: ({ sg1 }) => sysctl(sg1, 'net.ipv4.conf.wg_24002.rp_filter=0'),
  },
  {
    alerts: { MoenetKernelSyncDown: 'sg1' },
    how: "the operator's kernel protocol is disabled",
    inject: ({ sg1 }) => birdc({ host: sg1.namespace }, 'disable', 'kernel4'),
    mend: ({ sg1 }) => birdc({ host: sg1.namespace }, 'enable', 'kernel4'),
  },
  {
    alerts: { MoenetPassOverdue: 'sg1', MoenetCommandsFail: 'sg1' },
    how: 'wg fails',
    inject: ({ sg1 }) => failing(sg1, 'wg'),
    mend: ({ sg1 }) => working(sg1, 'wg'),
  },
  {
    alerts: { MoenetChangesFail: 'sg1' },
    how: 'no tunnel can be made',
    inject: async ({ sg1 }) => {
      await failing(sg1, 'wireguard-go');
      await sg1.setSessions([...(await sg1.sessions()), newcomer]);
    },
    mend: async ({ sg1 }) => {
      await working(sg1, 'wireguard-go');
      await resync(sg1);
    },
  },
  {
    alerts: { MoenetUpdatesWaiting: 'sg1' },
    how: 'the control plane does not take what the node says of a session',
    inject: ({ sg1 }) => sg1.setFault('an edit whose answer is not taken'),
    mend: ({ sg1 }) => sg1.setFault(undefined),
  },
  {
    alerts: { MoenetNeedsYou: 'sg1' },
    how: 'the control plane lists a row that cannot be used',
    inject: async ({ sg1, prometheus }) => {
      await sg1.setFault('sessions with wrong values');
      // What the dashboard shows.
      const drift = `max(increase(moenet_agent_drifted_answers_total{instance="${sg1.instance}"}[1m]))`;
      await waitFor('the drift grows', async () => (await prometheus.value(drift)) > 0);
    },
    mend: ({ sg1 }) => sg1.setFault(undefined),
  },
  {
    alerts: { MoenetWithheldSessions: 'sg1' },
    how: 'the control plane answers with an empty list',
    inject: ({ sg1 }) => sg1.setFault('an empty list'),
    mend: ({ sg1 }) => sg1.setFault(undefined),
  },
  {
    alerts: { MoenetAgentDown: 'sg1' },
    how: 'the agent is killed',
    inject: ({ sg1 }) => end(sg1.daemon),
    mend: ({ sg1 }) => sg1.startDaemon(),
  },
  {
    alerts: { MoenetAgentRestarts: 'sg1' },
    how: 'the agent is killed again and again',
    inject: async (net) => {
      for (let times = 0; times < 4; times += 1) {
        const before = await startOf(net);
        await restart(net.sg1);
        await waitFor('Prometheus knows its start', async () => (await startOf(net)) > before);
      }
    },
    mend: async () => {},
  },
];

/** When the agent of sg1 was started, as Prometheus knows; NaN while it gets no metrics. */
function startOf({ prometheus, sg1 }: WatchedNetwork): Promise<number> {
  return prometheus.value(`process_start_time_seconds{instance="${sg1.instance}"}`);
}
