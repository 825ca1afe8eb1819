/** How an alert comes and goes, in the minutes of promtool's clock: `1x5` is 1 and five times more the same. */
export interface Story {
  readonly alert: string;
  readonly series: Readonly<Record<string, string>>;
  /** Something is wrong, but not for long enough; or nothing yet. */
  readonly quietAt: string;
  readonly firesAt: string;
  readonly clearAt: string;
  /** How many fire; 1 where it is not named. */
  readonly value?: number;
}

const m = (name: string, labels = '') =>
  `moenet_agent_${name}{instance="jp1:24368",job="moenet-agent"${labels === '' ? '' : `,${labels}`}}`;
const session = (number: number) => `uuid="s${number}",asn="424242000${number}",interface="wg_${number}"`;

/** A gauge is wrong from minute 5 to minute 5 + `forMinutes` + 5. */
function gauge(
  alert: string,
  name: string,
  forMinutes: number,
  [good, bad]: readonly [number, number],
): Story {
  return {
    alert,
    series: { [name]: `${good}x4 ${bad}x${forMinutes + 5} ${good}x10` },
    quietAt: `${5 + forMinutes - 1}m`,
    firesAt: `${5 + forMinutes + 1}m`,
    clearAt: `${5 + forMinutes + 10}m`,
  };
}

/** A counter counts `steps` from minute 5 on; the window of the alert is `windowMinutes`. */
function counter(
  alert: string,
  name: string,
  windowMinutes: number,
  [steps, forMinutes]: readonly [number, number],
): Story {
  return {
    alert,
    series: { [name]: `0x4 0+1x${steps} ${steps}x${3 * windowMinutes}` },
    quietAt: '4m',
    firesAt: `${5 + steps + 1 + forMinutes}m`,
    clearAt: `${5 + steps + windowMinutes + 5}m`,
  };
}

const broken = [1, 0] as const;
const any = [0, 1] as const;

/** One for each rule of docs/monitoring/alerts.yml, in its order. */
export const stories: readonly Story[] = [
  gauge('MoenetAgentDown', 'up{instance="jp1:24368",job="moenet-agent"}', 3, broken),
  {
    alert: 'MoenetPassOverdue',
    // The clock of promtool begins at 0: a pass each minute, none from minute 5 to 20, and again.
    series: { [m('last_pass_timestamp_seconds')]: '0+60x5 300x15 1200+60x10' },
    quietAt: '11m',
    firesAt: '14m',
    clearAt: '22m',
  },
  gauge('MoenetUnhealthy', m('healthy'), 15, broken),
  gauge('MoenetNeedsYou', m('troubles', 'kind="needs_you"'), 10, any),
  gauge('MoenetBirdDown', m('bird_up'), 1, broken),
  gauge('MoenetKernelSyncDown', m('kernel_sync_up', 'family="ipv4"'), 2, broken),
  gauge('MoenetForwardingOff', m('ip_forwarding', 'family="ipv6"'), 2, broken),
  gauge('MoenetStrictRpFilter', m('rp_filter_strict_tunnels'), 5, any),
  {
    alert: 'MoenetManySessionsDown',
    // One of three is down all the time, which alerts nobody.
    series: {
      [m('session_up', session(1))]: '0x40',
      [m('session_up', session(2))]: '1x9 0x10 1x20',
      [m('session_up', session(3))]: '1x40',
    },
    quietAt: '9m',
    firesAt: '16m',
    clearAt: '25m',
  },
  counter('MoenetSessionFlapping', m('session_flaps_total', session(1)), 60, [10, 0]),
  gauge('MoenetRouteLimitHit', m('session_limits_hit', session(1)), 5, any),
  gauge('MoenetMeshDown', m('mesh_bgp_up', 'node_id="2",peer="de1",interface="dn42-wg-igp-2"'), 5, broken),
  gauge('MoenetRpkiCacheDown', m('rpki_cache_up', 'cache="akae"'), 15, broken),
  {
    alert: 'MoenetRpkiGone',
    series: {
      [m('rpki_cache_up', 'cache="akae"')]: '0x40',
      [m('rpki_cache_up', 'cache="other"')]: '1x9 0x10 1x20',
    },
    quietAt: '14m',
    firesAt: '16m',
    clearAt: '25m',
  },
  gauge('MoenetControlPlaneDown', m('control_plane_up'), 10, broken),
  gauge('MoenetUpdatesWaiting', m('control_plane_updates_waiting'), 15, any),
  gauge('MoenetWithheldSessions', m('withheld_sessions'), 5, any),
  gauge('MoenetChangesFail', m('last_pass_failures'), 10, any),
  counter('MoenetCommandsFail', m('commands_total', 'program="ip",result="failed"'), 15, [12, 1]),
  counter('MoenetChangeUndone', m('undone_changes_total'), 60, [1, 0]),
  {
    alert: 'MoenetAgentRestarts',
    series: {
      'process_start_time_seconds{instance="jp1:24368",job="moenet-agent"}': '0x4 300+60x4 540x100',
    },
    quietAt: '7m',
    firesAt: '12m',
    clearAt: '75m',
  },
  gauge('MoenetMaintenanceForgotten', m('maintenance'), 24 * 60, any),
];
