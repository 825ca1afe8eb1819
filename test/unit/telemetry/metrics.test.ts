import { expect, it } from 'vitest';
import {
  countDrift,
  countFailedRequest,
  createMetrics,
  updateMetrics,
} from '../../../src/telemetry/metrics.js';
import { badStatus, goodStatus } from '../../fakes/node-status.js';

const labels = 'uuid="a1",asn="4242421080",interface="dn42_4242421080"';

async function lines(status = goodStatus): Promise<string[]> {
  const metrics = createMetrics('0.1.0');
  updateMetrics(metrics, status);
  return (await metrics.registry.metrics()).split('\n');
}

it('has names of the agent only, each with a help text', async () => {
  for (const line of (await lines()).filter((text) => text !== '')) {
    expect(line).toMatch(/^(# (HELP|TYPE) )?moenet_agent_[a-z_]+[ {]/);
  }
});

it('shows the node', async () => {
  expect(await lines()).toEqual(
    expect.arrayContaining([
      'moenet_agent_info{version="0.1.0"} 1',
      'moenet_agent_healthy 1',
      'moenet_agent_uptime_seconds 11520',
      'moenet_agent_control_plane_up 1',
      'moenet_agent_bird_up 1',
      'moenet_agent_maintenance 0',
      'moenet_agent_last_pass_timestamp_seconds 1700000010',
      'moenet_agent_last_pass_age_seconds 12',
      'moenet_agent_pass_running_seconds 0',
      'moenet_agent_last_pass_duration_seconds 0.035',
      'moenet_agent_last_pass_changes 0',
      'moenet_agent_last_pass_failures 0',
      'moenet_agent_sessions{state="ok"} 1',
      'moenet_agent_sessions{state="error"} 0',
    ]),
  );
});

it('shows each session in base units', async () => {
  expect(await lines()).toEqual(
    expect.arrayContaining([
      `moenet_agent_session_up{${labels}} 1`,
      `moenet_agent_session_rtt_seconds{${labels}} 0.01246`,
      `moenet_agent_session_latency_tier{${labels}} 2`,
      `moenet_agent_session_routes_imported{${labels}} 812`,
      `moenet_agent_session_routes_exported{${labels}} 3`,
      `moenet_agent_session_receive_bytes{${labels}} 1234567`,
      `moenet_agent_session_transmit_bytes{${labels}} 999`,
      `moenet_agent_session_handshake_age_seconds{${labels}} 42`,
    ]),
  );
});

it('has no sample for what is not known, and none for a refused session', async () => {
  const text = (await lines(badStatus)).join('\n');
  expect(text).toContain('moenet_agent_session_up{uuid="b2",asn="4242422222",interface="wg_24002"} 0');
  expect(text).not.toMatch(/session_(rtt|handshake_age)_seconds\{uuid="b2"/);
  expect(text).not.toContain('uuid="c3"');
  expect(text).toContain('moenet_agent_bird_up 0');
  expect(text).toContain('moenet_agent_control_plane_up 0');
});

it('shows maintenance', async () => {
  const text = await lines({ ...goodStatus, maintenance: { sinceSeconds: 1_700_000_000 } });
  expect(text).toEqual(expect.arrayContaining(['moenet_agent_maintenance 1', 'moenet_agent_healthy 1']));
});

it('drops the series of a session that is gone', async () => {
  const metrics = createMetrics('0.1.0');
  updateMetrics(metrics, goodStatus);
  updateMetrics(metrics, { ...goodStatus, sessions: [] });
  expect(await metrics.registry.metrics()).not.toContain('uuid=');
});

it('counts requests that failed by call', async () => {
  const metrics = createMetrics('0.1.0');
  countFailedRequest(metrics, 'sessions');
  countFailedRequest(metrics, 'sessions');
  expect(await metrics.registry.metrics()).toContain(
    'moenet_agent_control_plane_requests_failed_total{call="sessions"} 2',
  );
});

it('counts differences from the dialect by call and field', async () => {
  const metrics = createMetrics('0.1.0');
  countDrift(metrics, 'sessions', [{ field: 'port', count: 3 }]);
  countDrift(metrics, 'sessions', [
    { field: 'port', count: 1 },
    { field: '(unknown key)', count: 2 },
  ]);
  const text = await metrics.registry.metrics();
  expect(text).toContain('moenet_agent_contract_drift_total{call="sessions",field="port"} 4');
  expect(text).toContain('moenet_agent_contract_drift_total{call="sessions",field="(unknown key)"} 2');
});

it('shows the node’s own protocols, its caches and the kernel’s settings, and nothing of them before anybody has looked', async () => {
  const text = await lines({
    ...goodStatus,
    system: {
      protocols: [
        { name: 'moenet_kernel_v4', type: 'kernel', state: 'down', isUp: false },
        { name: 'device1', type: 'device', state: 'up', isUp: true },
      ],
      kernel: [{ family: 'ipv4', protocols: ['moenet_kernel_v4'], isUp: false, exported: 0 }],
      caches: [{ name: 'akae', state: 'Established', isUp: true, roas: 3021 }],
      forwarding: { ipv4: true, ipv6: false },
      strictRpFilter: ['wg_1', 'wg_2'],
      ipv6Disabled: ['wg_1'],
      repaired: [],
    },
  });
  expect(text).toEqual(
    expect.arrayContaining([
      'moenet_agent_bird_protocol_up{protocol="moenet_kernel_v4",type="kernel"} 0',
      'moenet_agent_bird_protocol_up{protocol="device1",type="device"} 1',
      'moenet_agent_kernel_routes_exported{family="ipv4"} 0',
      'moenet_agent_rpki_cache_up{cache="akae"} 1',
      'moenet_agent_rpki_roas{cache="akae"} 3021',
      'moenet_agent_ip_forwarding{family="ipv4"} 1',
      'moenet_agent_ip_forwarding{family="ipv6"} 0',
      'moenet_agent_rp_filter_strict_tunnels 2',
      'moenet_agent_disabled_interfaces{family="ipv6"} 1',
    ]),
  );
  expect((await lines()).join('\n')).not.toMatch(
    /^moenet_agent_(bird_protocol_up|ip_forwarding|rpki_roas)\{/m,
  );
});
