import { describe, expect, it } from 'vitest';
import type { NodeEvent } from '../../../src/core/model/events/event.js';
import type { NodeStatus } from '../../../src/shell/status/status.js';
import { createMetrics } from '../../../src/telemetry/metrics/metrics.js';
import { fullStatus } from '../../fakes/full-status.js';
import { badStatus, goodStatus } from '../../fakes/node-status.js';

const labels = 'uuid="a1",asn="4242421080",interface="dn42_4242421080"';

async function lines(status = goodStatus): Promise<string[]> {
  return (await createMetrics().text(status)).split('\n');
}

/** The samples whose metric's name matches. */
async function samples(pattern: RegExp, status = goodStatus, metrics = createMetrics()): Promise<string[]> {
  const all = (await metrics.text(status)).split('\n');
  return all.filter((line) => !line.startsWith('#') && pattern.test(line));
}

function event(kind: NodeEvent['kind'], about: Partial<NodeEvent> = {}): NodeEvent {
  return { atMs: 0, kind, level: 'info', text: 'what happened', ...about };
}

it('has names of the agent and of its process only, each with a help text', async () => {
  const all = (await lines(fullStatus)).filter((text) => text !== '');
  for (const line of all) expect(line).toMatch(/^(# (HELP|TYPE) )?(moenet_agent|process)_[a-z_]+[ {]/);
  const named = (word: string) =>
    all.flatMap((line) => (line.startsWith(`# ${word} `) ? [line.split(' ')[2]] : []));
  expect(named('HELP')).toEqual(named('TYPE'));
});

it('follows the conventions: only counters end in _total, times are Unix times, and no metric is an age', async () => {
  const types = (await lines(fullStatus)).flatMap(
    (line) => line.match(/^# TYPE (\S+) (\S+)$/)?.slice(1) ?? [],
  );
  for (let index = 0; index < types.length; index += 2) {
    const [name = '', type = ''] = types.slice(index, index + 2);
    expect([name, name.endsWith('_total')]).toEqual([name, type === 'counter']);
    expect(name).not.toMatch(/age_|_ago|uptime/);
  }
});

it('shows the node', async () => {
  expect(await lines(fullStatus)).toEqual(
    expect.arrayContaining([
      'moenet_agent_info{node="jp1",version="0.1.0"} 1',
      'moenet_agent_healthy 1',
      'moenet_agent_problems 0',
      'moenet_agent_control_plane_up 1',
      'moenet_agent_control_plane_last_answer_timestamp_seconds 1700000000',
      'moenet_agent_control_plane_updates_waiting 3',
      'moenet_agent_bird_up 1',
      'moenet_agent_bird_info{version="2.0.12"} 1',
      'moenet_agent_maintenance 0',
      'moenet_agent_last_pass_timestamp_seconds 1700000010',
      'moenet_agent_last_pass_duration_seconds 0.035',
      'moenet_agent_last_pass_planned_changes 5',
      'moenet_agent_last_pass_changes 4',
      'moenet_agent_last_pass_failures 1',
      'moenet_agent_last_pass_put_off_changes 2',
      'moenet_agent_pass_running 0',
      'moenet_agent_troubles{kind="needs_you"} 1',
      'moenet_agent_sessions{state="ok"} 1',
      'moenet_agent_sessions{state="error"} 0',
    ]),
  );
});

it('shows each session in base units', async () => {
  expect(await lines(fullStatus)).toEqual(
    expect.arrayContaining([
      `moenet_agent_session_up{${labels}} 1`,
      `moenet_agent_session_trouble{${labels},kind="needs_you"} 1`,
      `moenet_agent_session_flaps_total{${labels}} 0`,
      `moenet_agent_session_rtt_seconds{${labels}} 0.01246`,
      `moenet_agent_session_loss_ratio{${labels}} 0`,
      `moenet_agent_session_latency_tier{${labels}} 2`,
      `moenet_agent_session_routes_imported{${labels}} 812`,
      `moenet_agent_session_routes_exported{${labels}} 3`,
      `moenet_agent_session_routes_refused{${labels}} 4`,
      `moenet_agent_session_limits_hit{${labels}} 1`,
      `moenet_agent_session_receive_bytes_total{${labels}} 1234567`,
      `moenet_agent_session_transmit_bytes_total{${labels}} 999`,
      `moenet_agent_session_last_handshake_timestamp_seconds{${labels}} 1699999978`,
    ]),
  );
});

it('shows each tunnel to another node, and iBGP over it', async () => {
  const mesh = 'node_id="2",peer="de1",interface="dn42-wg-igp-2"';
  expect(await samples(/_mesh_/, fullStatus)).toEqual([
    `moenet_agent_mesh_bgp_up{${mesh}} 0`,
    `moenet_agent_mesh_trouble{${mesh},kind="peer_side"} 1`,
    `moenet_agent_mesh_flaps_total{${mesh}} 0`,
    `moenet_agent_mesh_rtt_seconds{${mesh}} 0.2301`,
    `moenet_agent_mesh_loss_ratio{${mesh}} 0.5`,
    `moenet_agent_mesh_receive_bytes_total{${mesh}} 2048`,
    `moenet_agent_mesh_transmit_bytes_total{${mesh}} 1024`,
    `moenet_agent_mesh_last_handshake_timestamp_seconds{${mesh}} 1700000015`,
  ]);
  expect(await samples(/_mesh_bgp_up|_mesh_trouble/)).toEqual([]);
});

it('has no sample for what is not known, and none for a refused session', async () => {
  const text = (await lines(badStatus)).join('\n');
  expect(text).toContain('moenet_agent_session_up{uuid="b2",asn="4242422222",interface="wg_24002"} 0');
  expect(text).not.toMatch(/session_(rtt_seconds|last_handshake_timestamp_seconds)\{uuid="b2"/);
  expect(text).not.toContain('uuid="c3"');
  expect(text).toContain('moenet_agent_bird_up 0');
  expect(text).toContain('moenet_agent_control_plane_up 0');
  expect(text).not.toMatch(/^moenet_agent_(bird_info|last_pass_planned_changes|rpki_saved_roas_used)\b/m);
});

it('shows maintenance', async () => {
  const text = await lines({ ...goodStatus, maintenance: { sinceSeconds: 1_700_000_000 } });
  expect(text).toEqual(expect.arrayContaining(['moenet_agent_maintenance 1', 'moenet_agent_healthy 1']));
});

it('drops the series of a session that is gone', async () => {
  const metrics = createMetrics();
  await metrics.text(goodStatus);
  expect(await metrics.text({ ...goodStatus, sessions: [] })).not.toContain('uuid=');
});

it('shows the node’s own protocols, its caches, refused routes and the kernel’s settings, and nothing of them before anybody has looked', async () => {
  expect(await lines(fullStatus)).toEqual(
    expect.arrayContaining([
      'moenet_agent_bird_protocol_up{protocol="moenet_kernel_v4",type="kernel"} 0',
      'moenet_agent_bird_protocol_up{protocol="device1",type="device"} 1',
      'moenet_agent_kernel_sync_up{family="ipv4"} 0',
      'moenet_agent_kernel_routes_exported{family="ipv4"} 0',
      'moenet_agent_rpki_cache_up{cache="akae"} 1',
      'moenet_agent_rpki_roas{cache="akae"} 3021',
      'moenet_agent_rpki_saved_roas_used 0',
      'moenet_agent_rpki_saved_roas_timestamp_seconds 1700000000',
      'moenet_agent_routes_refused{reason="roa_invalid"} 3',
      'moenet_agent_ip_forwarding{family="ipv4"} 1',
      'moenet_agent_ip_forwarding{family="ipv6"} 0',
      'moenet_agent_rp_filter_strict_tunnels 2',
      'moenet_agent_disabled_interfaces{family="ipv6"} 1',
    ]),
  );
  expect(
    await samples(/_(bird_protocol_up|ip_forwarding|rpki_roas|rp_filter_strict|agent_routes_refused)/),
  ).toEqual([]);
});

it('has a sample of each counter before anything happened, so that the first step is seen', async () => {
  const all = await samples(/_total|_count/);
  expect(
    all.filter((line) => !/^process_|_(receive|transmit)_bytes_/.test(line) && !line.endsWith(' 0')),
  ).toEqual([]);
  expect(all).toEqual(
    expect.arrayContaining([
      'moenet_agent_control_plane_calls_total{call="mesh/status",result="failed"} 0',
      'moenet_agent_control_plane_failures_total{kind="unreachable"} 0',
      'moenet_agent_control_plane_call_duration_seconds_count{call="config"} 0',
      'moenet_agent_passes_total{result="failed"} 0',
      'moenet_agent_changes_total{result="done"} 0',
      'moenet_agent_commands_total{program="ip",result="timeout"} 0',
      'moenet_agent_commands_total{program="other",result="ok"} 0',
      'moenet_agent_bird_reloads_total 0',
      'moenet_agent_bird_restarts_total 0',
      'moenet_agent_undone_changes_total 0',
    ]),
  );
});

describe('work', () => {
  it('is counted: calls by result, failure and time', async () => {
    const metrics = createMetrics();
    metrics.work.callEnded({ call: 'sessions', failure: undefined, durationMs: 300 });
    metrics.work.callEnded({ call: 'sessions', failure: 'rate-limited', durationMs: 2 });
    expect(await samples(/call="sessions"|kind="rate-limited"/, goodStatus, metrics)).toEqual(
      expect.arrayContaining([
        'moenet_agent_control_plane_calls_total{call="sessions",result="ok"} 1',
        'moenet_agent_control_plane_calls_total{call="sessions",result="failed"} 1',
        'moenet_agent_control_plane_failures_total{kind="rate-limited"} 1',
        'moenet_agent_control_plane_call_duration_seconds_bucket{le="0.25",call="sessions"} 1',
        'moenet_agent_control_plane_call_duration_seconds_bucket{le="1",call="sessions"} 2',
      ]),
    );
  });

  it('is counted: passes with their changes, and what the events say', async () => {
    const metrics = createMetrics();
    metrics.work.passEnded({ isComplete: true, durationMs: 1_500, done: 3, failed: 1 });
    metrics.work.passEnded({ isComplete: false, durationMs: 20_000, done: 0, failed: 0 });
    for (const kind of ['reload', 'reload', 'undo', 'restart', 'note'] as const)
      metrics.work.happened(event(kind));
    const all = await samples(/passes|pass_dur|changes_total|reloads|restarts/, goodStatus, metrics);
    expect(all).toEqual(
      expect.arrayContaining([
        'moenet_agent_passes_total{result="complete"} 1',
        'moenet_agent_passes_total{result="failed"} 1',
        'moenet_agent_pass_duration_seconds_bucket{le="2.5"} 1',
        'moenet_agent_pass_duration_seconds_count 2',
        'moenet_agent_changes_total{result="done"} 3',
        'moenet_agent_changes_total{result="failed"} 1',
        'moenet_agent_bird_reloads_total 2',
        'moenet_agent_bird_restarts_total 1',
        'moenet_agent_undone_changes_total 1',
      ]),
    );
  });

  it('is counted: programs, and those that nobody knows together', async () => {
    const metrics = createMetrics();
    metrics.work.commandEnded('ip', 'ok');
    metrics.work.commandEnded('rm -rf\n', 'failed');
    const all = await samples(/commands_total.* [1-9]/, goodStatus, metrics);
    expect(all).toEqual([
      'moenet_agent_commands_total{program="ip",result="ok"} 1',
      'moenet_agent_commands_total{program="other",result="failed"} 1',
    ]);
  });

  it('is counted: flaps of each session and mesh peer, forgotten with it', async () => {
    const metrics = createMetrics();
    metrics.work.happened(event('down', { session: { uuid: 'a1' } }));
    metrics.work.happened(event('down', { session: { uuid: 'a1' } }));
    metrics.work.happened(event('up', { session: { uuid: 'a1' } }));
    metrics.work.happened(event('down', { mesh: { nodeId: 2 } }));
    const flaps = (status = goodStatus) => samples(/flaps_total/, status, metrics);
    const both = [
      `moenet_agent_session_flaps_total{${labels}} 2`,
      'moenet_agent_mesh_flaps_total{node_id="2",peer="de1",interface="dn42-wg-igp-2"} 1',
    ];
    expect(await flaps()).toEqual(both);
    // A daemon that reads its configuration anew knows no session for a moment.
    expect(await flaps({ ...goodStatus, lastPass: undefined, sessions: [], mesh: [] })).toEqual([]);
    expect(await flaps()).toEqual(both);
    await flaps({ ...goodStatus, sessions: [] });
    expect((await flaps())[0]).toBe(`moenet_agent_session_flaps_total{${labels}} 0`);
  });

  it('is counted: answers that differ from the dialect, from the start, so that the first one is an increase', async () => {
    const metrics = createMetrics();
    const counts = async () =>
      (await samples(/drifted_answers_total/, goodStatus, metrics)).map((line) =>
        line.replace(/^.*call=/, ''),
      );
    expect(await counts()).toEqual(['"config"} 0', '"sessions"} 0', '"bird-config"} 0', '"mesh"} 0']);
    metrics.work.drifted('sessions', []);
    metrics.work.drifted('sessions', [
      { field: 'port', count: 3 },
      { field: 'mtu', count: 1 },
    ]);
    expect(await counts()).toEqual(['"config"} 0', '"sessions"} 1', '"bird-config"} 0', '"mesh"} 0']);
  });

  it('is counted: differences from the dialect by call and field', async () => {
    const metrics = createMetrics();
    metrics.work.drifted('sessions', [{ field: 'port', count: 3 }]);
    metrics.work.drifted('sessions', [
      { field: 'port', count: 1 },
      { field: '(unknown key)', count: 2 },
    ]);
    expect(await samples(/contract_drift_total/, goodStatus, metrics)).toEqual([
      'moenet_agent_contract_drift_total{call="sessions",field="port"} 4',
      'moenet_agent_contract_drift_total{call="sessions",field="(unknown key)"} 2',
    ]);
  });
});

describe('a hostile name', () => {
  const names = {
    'that ends the line': 'x"} 1\nmoenet_agent_healthy 1\n#',
    'with backslashes': 'back\\slash\\',
    'with control characters': '\u001b]0;title\u0007\r\n\u2028',
    'that is no Unicode': '\ud800 lone',
    'of 5000 characters': 'x'.repeat(5_000),
    'with a label of its own': 'a",peer="b',
  };

  const named = (name: string): NodeStatus => ({
    ...fullStatus,
    mesh: fullStatus.mesh.map((row) => ({ ...row, name })),
    agent: { ...goodStatus.agent, node: name },
    bird: { running: true, version: name },
    sessions: fullStatus.sessions.map((row) => ({ ...row, interface: name })),
  });

  it.each(Object.entries(names))('%s stays one short label value', async (_, name) => {
    const all = await lines(named(name));
    expect(all.length).toBe((await lines(named('plain'))).length);
    expect(all.filter((line) => line.startsWith('moenet_agent_healthy'))).toEqual(['moenet_agent_healthy 1']);
    const value = '"(?:[^"\\\\]|\\\\["\\\\n])*"';
    const sample = new RegExp(`^[a-z_]+(\\{[a-z_]+=${value}(,[a-z_]+=${value})*\\})? [0-9.e+]+$`);
    for (const line of all.filter((each) => each !== '' && !each.startsWith('#'))) {
      expect(line).toMatch(sample);
      expect(line.length).toBeLessThan(500);
      expect(Buffer.from(line).toString()).toBe(line);
    }
  });
});

describe('the process', () => {
  it('shows its processor time, memory, descriptors and start', async () => {
    const values = new Map(
      (await samples(/^process_/)).map((line) => [line.split(' ')[0], Number(line.split(' ')[1])]),
    );
    expect([...values.keys()]).toEqual([
      'process_cpu_seconds_total',
      'process_start_time_seconds',
      'process_resident_memory_bytes',
      'process_open_fds',
      'process_max_fds',
    ]);
    const start = values.get('process_start_time_seconds') ?? 0;
    expect(Math.abs(Date.now() / 1000 - process.uptime() - start)).toBeLessThan(2);
    for (const value of values.values()) expect(value).toBeGreaterThan(0);
  });
});
