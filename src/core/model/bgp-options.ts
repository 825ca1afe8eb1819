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
 * would not end otherwise.
 */
const recovery = [
  'graceful restart on',
  'hold time 90',
  'keepalive time 30',
  'connect delay time 2',
  'connect retry time 15',
  'error wait time 5, 60',
];

/** Whichever order routes come in, MEDs are compared among those of one neighbor AS first. */
const always = [...recovery, 'deterministic med on'];

/** Of a session with another AS. */
export const ebgpOptions: BgpOptions = { protocol: always, ipv4: [], ipv6: [] };

/** Of a session with a node of ours. A route reflector passes on all paths, or its own best would be everybody's way out (RFC 7911). */
export function ibgpOptions(withReflector: boolean): BgpOptions {
  const channel = withReflector ? ['add paths on'] : [];
  return { protocol: always, ipv4: channel, ipv6: channel };
}
