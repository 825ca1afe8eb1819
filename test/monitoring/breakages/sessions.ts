import type { Neighbor } from '../../faults/harness/neighbor.js';
import { waitFor } from '../../faults/harness/wait-for.js';
import { birdc, type WatchedNetwork } from '../watched-network.js';
import type { Breakage } from './breakage.js';

const isUp = (neighbor: Neighbor) =>
  waitFor(`${neighbor.name} is Established`, async () => (await neighbor.since()) !== undefined);

/** On jp1, one after the other; the third neighbor's session is for another lane. */
export const sessions: readonly Breakage[] = [
  {
    alerts: { MoenetManySessionsDown: 'jp1' },
    how: 'two of three neighbors end their sessions',
    inject: ({ neighbors: [one, two] }) =>
      Promise.all([one, two].map((each) => birdc(each, 'disable', 'node'))),
    mend: ({ neighbors: [one, two] }) => Promise.all([one, two].map((each) => birdc(each, 'enable', 'node'))),
  },
  {
    alerts: { MoenetRouteLimitHit: 'jp1' },
    how: 'a neighbor announces more routes than its limit',
    inject: ({ neighbors: [one] }) => birdc(one, 'enable', 'static1'),
    mend: async ({ jp1, neighbors: [one] }) => {
      await birdc(one, 'disable', 'static1');
      // The agent does so by itself, after a while.
      await birdc({ host: jp1.namespace }, 'restart', `dn42_${one.session['asn']}`);
    },
  },
  {
    alerts: { MoenetRpkiCacheDown: 'jp1', MoenetRpkiGone: 'jp1' },
    how: 'the RPKI caches stop',
    inject: ({ caches }) => Promise.all(caches.map((cache) => cache.stop())),
    mend: async ({ jp1, caches }) => {
      await Promise.all(caches.map((cache) => cache.start()));
      // BIRD asks again after 90 s; an operator may ask at once.
      const bird = { host: jp1.namespace };
      const protocols = await birdc(bird, 'show', 'protocols');
      const names = [...protocols.matchAll(/^(\S+) +RPKI /gm)].map(([, name = '']) => name);
      for (const name of names) await birdc(bird, 'restart', name);
    },
  },
  {
    alerts: { MoenetControlPlaneDown: 'jp1' },
    how: 'the control plane refuses connections',
    inject: ({ jp1 }) => jp1.setFault('refused'),
    mend: ({ jp1 }) => jp1.setFault(undefined),
  },
];

/** On jp1, beside the others. */
export const flapping: readonly Breakage[] = [
  {
    alerts: { MoenetSessionFlapping: 'jp1' },
    how: "a neighbor's BGP restarts again and again",
    inject: async (net) => {
      const [, , three] = net.neighbors;
      for (let times = 0; times < 7; times += 1) {
        const before = await flapsOf(net, three);
        await birdc(three, 'restart', 'node');
        // The agent must have seen it down and up again: what happens between two of its looks is one flap.
        await waitFor('the agent counts it', async () => (await flapsOf(net, three, 'if up')) > before);
      }
    },
    mend: ({ neighbors: [, , three] }) => isUp(three),
  },
];

/** How often a session has gone down, as Prometheus knows; NaN where it is down, if that is asked for. */
function flapsOf(
  { jp1, prometheus }: WatchedNetwork,
  { name }: Neighbor,
  when: 'always' | 'if up' = 'always',
): Promise<number> {
  const labels = `{instance="${jp1.instance}",uuid="${name}"}`;
  const counter = `moenet_agent_session_flaps_total${labels}`;
  return prometheus.value(
    when === 'always' ? counter : `${counter} and moenet_agent_session_up${labels} == 1`,
  );
}
