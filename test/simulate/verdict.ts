import { sessionsOf } from '../../src/lab/control-plane/control-plane-state.js';
import type { SessionRow } from '../../src/lab/control-plane/session-row.js';
import type { Fleet } from './fleet.js';
import { foreignThings, type Router } from './router.js';

/** What is seen of a fleet while its time passes. */
export interface Watch {
  /** What must not happen, in words, with the node and the time. */
  readonly violations: string[];
  /** Looks at all routers. */
  look(): void;
}

/** An agent may act on a list so long after it asked for it: a call may hang in between. */
const actedOnMs = 25 * 60_000;

interface Seen {
  /** The interface itself: another one of the same name is another one. */
  readonly tunnels: ReadonlyMap<string, object>;
  readonly rows: ReadonlyMap<string, SessionRow>;
}

/** Watches that nothing of others changes, that no tunnel of a session that is wanted is taken down, and what may not be logged or posted. */
export function watchFleet({ time, routers, server }: Fleet): Watch {
  const foreign = new Map(routers.map((router) => [router, foreignThings(router)]));
  const seen = new Map<Router, Seen>();
  const violations: string[] = [];
  const tell = ({ spec }: Router, words: string) =>
    violations.push(`${new Date(time.now()).toISOString()} ${spec.name}: ${words}`);
  return {
    violations,
    look: () => {
      for (const router of routers) {
        if (foreignThings(router) !== foreign.get(router)) tell(router, 'something of others has changed');
        const now = seeTunnels(router);
        const before = seen.get(router);
        for (const [name, tunnel] of before?.tunnels ?? []) {
          const row = now.rows.get(name);
          const endedAtMs = router.network.endedAt.get(row?.uuid ?? '') ?? Number.NEGATIVE_INFINITY;
          if (!isWanted(before?.rows.get(name), row) || time.now() - endedAtMs < actedOnMs) continue;
          if (now.tunnels.get(name) !== tunnel && !router.disturbed.has(name))
            tell(router, `${name} was taken down, and its session is wanted`);
        }
        for (const name of now.tunnels.keys()) router.disturbed.delete(name);
        seen.set(router, now);
        for (const bug of router.bugs.splice(0)) tell(router, bug);
      }
      for (const refusal of server.refusals.splice(0))
        violations.push(`the control plane does not take: ${refusal}`);
    },
  };
}

function seeTunnels({ spec, network, host }: Router): Seen {
  const rows = sessionsOf(network.state, spec.name);
  // One that an agent had only begun to make is not missed.
  const working = [...host.wireguardTable].filter(([name, { peers }]) => {
    const link = host.linkTable.get(name);
    return link?.up && link.alias !== undefined && peers.length > 0;
  });
  return { tunnels: new Map(working), rows: new Map(rows.map((row) => [row.interface, row])) };
}

const wanted: readonly string[] = ['active', 'queued for setup', 'error'];

/** True where the session is to run all the time, before and now. */
function isWanted(before: SessionRow | undefined, now: SessionRow | undefined): boolean {
  return (
    before !== undefined &&
    now !== undefined &&
    before.uuid === now.uuid &&
    wanted.includes(before.status) &&
    wanted.includes(now.status)
  );
}

/** What is not as it should be of one router, long after the last fault. */
export async function settlementOf(router: Router): Promise<string[]> {
  const { spec, network, host } = router;
  const rows = sessionsOf(network.state, spec.name);
  const words: string[] = [];
  for (const row of rows) {
    if (!['active', 'disabled'].includes(row.status))
      words.push(`session ${row.uuid} is ${row.status}: ${row.lastError}`);
    const tunnel = host.wireguardTable.get(row.interface);
    const protocols = [...host.protocols.values()].filter(({ name }) => name.startsWith(`dn42_${row.asn}`));
    if (row.status === 'active') {
      if (tunnel?.peers[0]?.publicKey !== row.publicKey)
        words.push(`${row.interface} has not the key of ${row.uuid}`);
      if (host.linkTable.get(row.interface)?.mtu !== row.mtu)
        words.push(`${row.interface} has not the MTU ${row.mtu}`);
      if (protocols.length === 0) words.push(`there is no protocol of AS${row.asn}`);
    }
    if (row.status === 'disabled' && tunnel)
      words.push(`${row.interface} is there, and its session is disabled`);
  }
  const names = new Set(rows.map((row) => row.interface));
  for (const name of host.wireguardTable.keys())
    if (!names.has(name) && !name.startsWith('dn42-wg-igp-'))
      words.push(`${name} is left, and belongs to no session`);
  if (host.unconfirmed || host.begun) words.push('a change of BIRD is neither confirmed nor taken back');
  const agent = router.agent();
  if (!agent) words.push('no agent runs');
  for (const problem of agent?.status().problems ?? []) words.push(`it still says: ${problem}`);
  return words.map((each) => `${spec.name}: ${each}`);
}
