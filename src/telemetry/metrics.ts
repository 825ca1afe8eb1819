import { Counter, Gauge, Registry } from 'prom-client';
import type { NodeStatus, SessionRow } from '../shell/status/status.js';

const sessionLabels = ['uuid', 'asn', 'interface'] as const;

/** All metrics, in a registry of their own. `updateMetrics` sets the gauges, `countFailedRequest` and `countDrift` the counters. */
export type Metrics = ReturnType<typeof createMetrics>;

export function createMetrics(version: string) {
  const registry = new Registry();
  const settings = <L extends string>(name: string, help: string, labelNames: readonly L[]) => ({
    name: `moenet_agent_${name}`,
    help,
    labelNames: [...labelNames],
    registers: [registry],
  });
  const gauge = (name: string, help: string) => new Gauge(settings(name, help, []));
  const labelled = <L extends string>(name: string, help: string, labels: readonly L[]) =>
    new Gauge(settings(name, help, labels));
  const sessionGauge = (name: string, help: string) => labelled(`session_${name}`, help, sessionLabels);
  labelled('info', 'Always 1; the version is in the label.', ['version']).set({ version }, 1);
  return {
    registry,
    healthy: gauge('healthy', '1 where the node has no problem, else 0; a neighbor that is offline is none.'),
    uptime: gauge('uptime_seconds', 'Seconds the agent has run.'),
    controlPlaneUp: gauge('control_plane_up', '1 where the control plane answered the last call, else 0.'),
    controlPlaneLastAnswer: gauge(
      'control_plane_last_answer_timestamp_seconds',
      'Unix time of the last answer.',
    ),
    requestsFailed: new Counter(
      settings(
        'control_plane_requests_failed_total',
        'Requests to the control plane that did not succeed, by call.',
        ['call'],
      ),
    ),
    contractDrift: new Counter(
      settings(
        'contract_drift_total',
        "Fields of the control plane's answers that differ from its dialect, by call and field.",
        ['call', 'field'],
      ),
    ),
    birdUp: gauge('bird_up', '1 where BIRD answers on its control socket, else 0.'),
    system: {
      protocolUp: labelled('bird_protocol_up', "1 where a BIRD protocol of the node's own works, else 0.", [
        'protocol',
        'type',
      ]),
      kernelRoutes: labelled('kernel_routes_exported', 'Routes that BIRD exports to the kernel, by family.', [
        'family',
      ]),
      cacheUp: labelled('rpki_cache_up', '1 where an RPKI cache answers, else 0.', ['cache']),
      roas: labelled('rpki_roas', 'ROAs that BIRD has from an RPKI cache.', ['cache']),
      forwarding: labelled('ip_forwarding', '1 where the kernel forwards packets of the family, else 0.', [
        'family',
      ]),
      strictRpFilter: gauge(
        'rp_filter_strict_tunnels',
        'Tunnels with strict rp_filter, which drops asymmetric traffic.',
      ),
      disabledInterfaces: labelled(
        'disabled_interfaces',
        'Interfaces that need addresses of the family, which disable_ipv6 forbids.',
        ['family'],
      ),
    },
    withheldSessions: gauge(
      'withheld_sessions',
      "Running sessions that the control plane's list leaves out, which the agent doubts.",
    ),
    maintenance: gauge('maintenance', '1 while the agent leads traffic away from this node, else 0.'),
    lastPass: gauge('last_pass_timestamp_seconds', 'Unix time of the last pass.'),
    lastPassAge: gauge(
      'last_pass_age_seconds',
      'Seconds since the last complete pass, or since the start before the first. Alert where it is over 300.',
    ),
    passRunning: gauge('pass_running_seconds', 'How long the present pass has run; 0 while none runs.'),
    lastPassDuration: gauge('last_pass_duration_seconds', 'How long the last pass took.'),
    lastPassChanges: gauge('last_pass_changes', 'Changes that the last pass made.'),
    lastPassFailures: gauge('last_pass_failures', 'Changes that the last pass could not make.'),
    troubles: labelled(
      'troubles',
      'Sessions and mesh peers in trouble, by who has to act: needs_you, working (the agent), peer_side.',
      ['kind'],
    ),
    sessions: labelled(
      'sessions',
      'Sessions by state (ok, waiting, error, refused, disabled by an operator, ignored).',
      ['state'],
    ),
    session: {
      up: sessionGauge('up', '1 where the BGP session is established, else 0.'),
      rtt: sessionGauge('rtt_seconds', 'Round-trip time over the tunnel.'),
      latencyTier: sessionGauge(
        'latency_tier',
        "Tier of the link's smoothed round-trip time, 0 the fastest.",
      ),
      routesImported: sessionGauge('routes_imported', 'Routes imported now, over all address families.'),
      routesExported: sessionGauge('routes_exported', 'Routes exported now, over all address families.'),
      rxBytes: sessionGauge('receive_bytes', 'Bytes the tunnel has received, as the kernel counts.'),
      txBytes: sessionGauge('transmit_bytes', 'Bytes the tunnel has sent, as the kernel counts.'),
      handshakeAge: sessionGauge('handshake_age_seconds', 'Seconds since the last WireGuard handshake.'),
    },
  };
}

/** Counts a request that failed; `call` is the operation's name, such as `sessions`. */
export function countFailedRequest(metrics: Metrics, call: string): void {
  metrics.requestsFailed.inc({ call });
}

/** Counts a field of an answer that differs from the dialect. `field` is of a limited set. */
export function countDrift(
  metrics: Metrics,
  call: string,
  drifts: readonly { readonly field: string; readonly count: number }[],
): void {
  for (const { field, count } of drifts) metrics.contractDrift.inc({ call, field }, count);
}

/** Sets every gauge from the status. Removes the series of sessions that are gone. */
export function updateMetrics(metrics: Metrics, status: NodeStatus): void {
  metrics.healthy.set(status.health === 'ok' ? 1 : 0);
  metrics.uptime.set(status.agent.uptimeSeconds);
  metrics.controlPlaneUp.set(status.controlPlane.reachable ? 1 : 0);
  metrics.controlPlaneLastAnswer.set(status.controlPlane.lastAnswerSeconds ?? 0);
  metrics.birdUp.set(status.bird.running ? 1 : 0);
  metrics.withheldSessions.set(status.withheld.length);
  metrics.maintenance.set(status.maintenance ? 1 : 0);
  metrics.lastPass.set(status.lastPass?.atSeconds ?? 0);
  metrics.lastPassAge.set(status.pass.completedSecondsAgo ?? status.agent.uptimeSeconds);
  metrics.passRunning.set(status.pass.runningSeconds ?? 0);
  metrics.lastPassDuration.set((status.lastPass?.durationMs ?? 0) / 1000);
  metrics.lastPassChanges.set(status.lastPass?.changes ?? 0);
  metrics.lastPassFailures.set(status.lastPass?.failures ?? 0);
  const { needsYou = 0, working = 0, peerSide = 0 } = status.troubles ?? {};
  metrics.troubles.set({ kind: 'needs_you' }, needsYou);
  metrics.troubles.set({ kind: 'working' }, working);
  metrics.troubles.set({ kind: 'peer_side' }, peerSide);
  updateSystem(metrics.system, status.system);
  updateSessions(metrics, status.sessions);
}

function updateSystem(gauges: Metrics['system'], system: NodeStatus['system']): void {
  for (const gauge of Object.values(gauges)) gauge.reset();
  if (!system) return;
  for (const { name, type, isUp } of system.protocols)
    gauges.protocolUp.set({ protocol: name, type }, isUp ? 1 : 0);
  for (const { family, exported } of system.kernel) gauges.kernelRoutes.set({ family }, exported);
  for (const { name, isUp, roas } of system.caches) {
    gauges.cacheUp.set({ cache: name }, isUp ? 1 : 0);
    gauges.roas.set({ cache: name }, roas);
  }
  for (const family of ['ipv4', 'ipv6'] as const) {
    const isOn = system.forwarding[family];
    if (isOn !== undefined) gauges.forwarding.set({ family }, isOn ? 1 : 0);
  }
  gauges.strictRpFilter.set(system.strictRpFilter.length);
  gauges.disabledInterfaces.set({ family: 'ipv6' }, system.ipv6Disabled.length);
}

function updateSessions(metrics: Metrics, sessions: readonly SessionRow[]): void {
  metrics.sessions.reset();
  for (const state of ['ok', 'degraded', 'waiting', 'error', 'refused', 'disabled', 'ignored'] as const) {
    metrics.sessions.set({ state }, sessions.filter((session) => session.state === state).length);
  }
  for (const gauge of Object.values(metrics.session)) gauge.reset();
  for (const session of sessions) {
    if (session.state !== 'ignored' && session.state !== 'refused') setSession(metrics.session, session);
  }
}

/** An unknown value has no series: no sample is not zero. */
function setSession(gauges: Metrics['session'], session: SessionRow): void {
  const { uuid, asn, tunnel } = session;
  const labels = { uuid, asn: asn ?? '', interface: session.interface ?? '' };
  const set = (gauge: Gauge<(typeof sessionLabels)[number]>, value: number | undefined) => {
    if (value !== undefined) gauge.set(labels, value);
  };
  set(gauges.up, isEstablished(session) ? 1 : 0);
  set(gauges.rtt, session.rttMs === undefined ? undefined : session.rttMs / 1000);
  set(gauges.latencyTier, session.latencyTier);
  set(gauges.routesImported, session.routesImported);
  set(gauges.routesExported, session.routesExported);
  set(gauges.rxBytes, tunnel?.rxBytes);
  set(gauges.txBytes, tunnel?.txBytes);
  set(gauges.handshakeAge, tunnel?.handshakeSecondsAgo);
}

function isEstablished(session: SessionRow): boolean {
  return session.bgp?.state.toLowerCase() === 'established';
}
