import type { PolicyName } from './policy-name.js';
import { isAtLeast } from './values/version.js';

/** Options that BIRD compares before it keeps a session (`bgp_reconfigure` in proto/bgp/bgp.c): to change one resets the session. */
export interface BgpOptions {
  /** Statements without the `;`, such as `hold time 90`. */
  readonly protocol: readonly string[];
  /** Of each of its channels. */
  readonly ipv4: readonly string[];
  readonly ipv6: readonly string[];
}

/**
 * With these a session is back within ten seconds after its tunnel was gone, and no route is lost where BIRD was started again. By
 * default the neighbor holds on to the old connection until its next keepalive, for up to a minute; with graceful restart
 * (RFC 4724) it takes the new one. Shorter hold times, and BFD, end a session that a path without packets for half a minute
 * would not end otherwise. Without the last option a neighbor that offers RFC 9494, as FRR does, keeps its routes here for two minutes
 * more where the path to it is dead: BIRD takes the end of the hold time for a restart then.
 */
const recovery = [
  'graceful restart on',
  'hold time 90',
  'keepalive time 30',
  'connect delay time 2',
  'connect retry time 15',
  'error wait time 5, 60',
  'long lived graceful restart off',
];

/** Whichever order routes come in, MEDs are compared among those of one neighbor AS first. */
const always = [...recovery, 'deterministic med on'];

/** What we are to a neighbor by the policy of its session, as BIRD calls it; who exchanges everything has no role. */
const roles: Readonly<Record<PolicyName, string | undefined>> = {
  full: undefined,
  peer: 'peer',
  upstream: 'provider',
  downstream: 'customer',
};

/**
 * Of a session with another AS. The role (RFC 9234) is a second proof against leaks where the neighbor has one, too; one without is no
 * obstacle. BIRD knows roles since 2.0.11. Undefined `policy`: no role.
 */
export function ebgpOptions(policy: PolicyName | undefined, birdVersion: string | undefined): BgpOptions {
  const role = isAtLeast(birdVersion, 2, 0, 11) && policy ? roles[policy] : undefined;
  return { protocol: role ? [...always, `local role ${role}`] : always, ipv4: [], ipv6: [] };
}

/** Of a session with a node of ours. A route reflector passes on all paths, or its own best would be everybody's way out (RFC 7911). */
export function ibgpOptions(withReflector: boolean): BgpOptions {
  const channel = withReflector ? ['add paths on'] : [];
  return { protocol: always, ipv4: channel, ipv6: channel };
}
