import { editSession } from '../../src/lab/control-plane/control-plane-state.js';
import { loadProtocols } from '../../src/lab/simulated/machine/fake-bird.js';
import { addSession, editAny, type Fleet } from './fleet.js';
import type { Router } from './router.js';
import type { Outage } from './server.js';

/** Something that goes wrong, or that somebody does; returns what ends it, and undefined where it is over at once. */
type Fault = (fleet: Fleet, router: Router) => (() => void) | undefined;

const minute = 60_000;

const outages: readonly Outage[] = [
  'refuses connections',
  'does not answer',
  'fails (500)',
  'is overloaded (503)',
  'loses its answers',
];

/** By name, each with how often it comes beside the others. */
const faults: Readonly<Record<string, readonly [weight: number, fault: Fault]>> = {
  // The process and its machine.
  'kill -9': [4, (_, router) => void router.kill()],
  'kill -9 in the middle of a change': [6, ({ chance }, router) => void router.kill(chance.between(1, 40))],
  restart: [3, (_, router) => void router.restart()],
  reboot: [2, (_, router) => void router.reboot()],
  'a slow machine': [
    2,
    (_, { faults }) =>
      during(
        () => (faults.slowness = 40),
        () => (faults.slowness = 1),
      ),
  ],
  'a call that hangs': [
    2,
    ({ chance }, { faults }) =>
      during(
        () =>
          (faults.hangs = chance.oneOf(['links.observe', 'wireguard.observe', 'bird.commit', 'links.apply'])),
        () => (faults.hangs = undefined),
      ),
  ],
  'a full disk': [
    2,
    (_, { faults }) =>
      during(
        () => (faults.isDiskFull = true),
        () => (faults.isDiskFull = false),
      ),
  ],
  'the clock is set': [
    1,
    ({ chance }, { host }) => {
      const stepMs = chance.between(-3_600_000, 3_600_000);
      return during(
        () => (host.stepMs = stepMs),
        () => (host.stepMs = 0),
      );
    },
  ],
  // BIRD, WireGuard, DNS.
  'BIRD ends': [
    2,
    (_, router) =>
      during(
        () => {
          router.host.birdRunning = false;
        },
        () => {
          router.host.birdRunning = true;
          router.host.unconfirmed = undefined;
          loadProtocols(router.host, router.host.files);
        },
      ),
  ],
  'BIRD refuses a session': [
    2,
    ({ chance, time }, { host }) => {
      const names = [...host.files.keys()].flatMap((path) => /dn42_\d+/.exec(path)?.[0] ?? []);
      if (names.length === 0) return undefined;
      const name = chance.oneOf(names);
      return during(
        () => (host.birdRefuses = name),
        () => {
          host.birdRefuses = undefined;
          // It refuses the same text again as long as nothing else of it changes.
          host.besides = `# mended at ${time.now()}\n`;
        },
      );
    },
  ],
  'no tunnel can be made': [
    2,
    (_, { host }) =>
      during(
        () => host.breaks.set('wireguard.create', new Error('no /dev/net/tun')),
        () => host.breaks.delete('wireguard.create'),
      ),
  ],
  'names do not resolve': [
    2,
    (_, { faults }) =>
      during(
        () => (faults.hasNoDns = true),
        () => (faults.hasNoDns = false),
      ),
  ],
  'no ping is answered': [
    2,
    (_, { faults }) =>
      during(
        () => (faults.isSilent = true),
        () => (faults.isSilent = false),
      ),
  ],
  // Somebody's hand.
  'a tunnel is deleted by hand': [3, ({ chance }, router) => void deleteTunnel(router, chance.next())],
  'a file of BIRD is edited by hand': [
    2,
    ({ chance }, { host }) => {
      const paths = [...host.files.keys()].filter((each) => each !== 'peers/manual.conf');
      if (paths.length === 0) return undefined;
      const path = chance.oneOf(paths);
      host.files.set(path, `${host.files.get(path)}# edited\n`);
      return undefined;
    },
  ],
  // The way to the control plane, and the control plane.
  'the uplink is cut': [
    4,
    (_, { faults }) =>
      during(
        () => (faults.isCutOff = true),
        () => (faults.isCutOff = false),
      ),
  ],
  'an empty list': [1, ({ server }, { spec }) => void server.emptyLists.add(spec.name)],
  'an outage of the control plane': [
    3,
    ({ chance, server }) => {
      const outage = chance.oneOf(outages);
      return during(
        () => (server.outage = outage),
        () => (server.outage = undefined),
      );
    },
  ],
  // What peers and operators do.
  'a session is added': [
    6,
    ({ chance }, { network }) => void addSession(network, freeIndex(network.state), chance),
  ],
  'a session is edited': [
    8,
    ({ chance }, { network }) => {
      const rows = [...network.state.sessions.values()].filter(({ status }) => status === 'active');
      if (rows.length > 0) editAny(network, chance.oneOf(rows), chance);
      return undefined;
    },
  ],
  'a session is switched off or on': [
    4,
    ({ chance, time }, { network: { state, endedAt } }) => {
      const rows = [...state.sessions.values()].filter(({ status }) =>
        ['active', 'disabled'].includes(status),
      );
      if (rows.length === 0) return undefined;
      const { uuid, status } = chance.oneOf(rows);
      endedAt.set(uuid, time.now());
      editSession(state, uuid, { status: status === 'active' ? 'disabled' : 'queued for setup' });
      return undefined;
    },
  ],
  'a session is deleted': [
    3,
    ({ chance, time }, { network: { state, endedAt } }) => {
      if (state.sessions.size < 3) return undefined;
      const uuid = chance.oneOf([...state.sessions.keys()]);
      endedAt.set(uuid, time.now());
      editSession(state, uuid, { status: 'queued for delete' });
      return undefined;
    },
  ],
  'the policy changes': [
    1,
    (_, { network: { state } }) => {
      state.policyRevision = state.policyRevision === 'first' ? 'second' : 'first';
      return undefined;
    },
  ],
};

function during(begin: () => unknown, end: () => unknown): () => void {
  begin();
  return () => void end();
}

function deleteTunnel({ host, disturbed }: Router, share: number): void {
  const names = [...host.wireguardTable.keys()];
  const name = names[Math.floor(share * names.length)];
  if (name === undefined) return;
  host.linkTable.delete(name);
  host.wireguardTable.delete(name);
  disturbed.add(name);
}

/** After all that there ever were: an index is a uuid, and a peer. */
function freeIndex({ sessions }: Router['network']['state']): number {
  const numbers = [...sessions.keys()].map((uuid) => Number(uuid.slice(-12)) - 4_242_420_998);
  // Not too many for the addresses that a peer of this index has.
  return (Math.max(-1, ...numbers) + 1) % 230;
}

const names = Object.keys(faults);
const weighted = names.flatMap((name) => Array.from({ length: faults[name]?.[0] ?? 0 }, () => name));

/** What happened when, for people. */
export interface Happening {
  readonly atMs: number;
  readonly endMs: number;
  readonly what: string;
  /** Of the whole fleet. */
  readonly isOfAll: boolean;
}

/**
 * Lets things go wrong until `untilMs`, about `everyMs` apart, each for up to 20 minutes; by then all of them are over. Returns the list of
 * them, which grows.
 */
export function plantFaults(fleet: Fleet, everyMs: number, untilMs: number): readonly Happening[] {
  const { time, chance, routers } = fleet;
  const list: Happening[] = [];
  const under = new Set<string>();
  const next = () => {
    if (time.now() > untilMs - minute) return;
    const what = chance.oneOf(weighted);
    const router = chance.oneOf(routers);
    const isOfAll = what.includes('of the control plane');
    const key = `${isOfAll ? '' : router.spec.name + routers.indexOf(router)} ${what}`;
    // A second one of a kind would end with the first.
    if (!under.has(key)) begin(what, router, key, isOfAll);
    time.after(everyMs * (0.2 + 1.6 * chance.next()), next);
  };
  const begin = (what: string, router: Router, key: string, isOfAll: boolean) => {
    const end = faults[what]?.[1](fleet, router);
    const endMs = Math.min(time.now() + chance.between(10, 20 * 60) * 1000, untilMs);
    list.push({
      atMs: time.now(),
      endMs: end ? endMs : time.now(),
      what: `${router.spec.name}: ${what}`,
      isOfAll,
    });
    if (!end) return;
    under.add(key);
    time.after(endMs - time.now(), () => {
      end();
      under.delete(key);
    });
  };
  time.after(everyMs, next);
  return list;
}
