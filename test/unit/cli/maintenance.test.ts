import { describe, expect, it } from 'vitest';
import type { MaintenanceResult } from '../../../src/shell/operations/maintenance.js';
import { goodStatus } from '../../fakes/node-status.js';
import { commandLine, maintenance, nothing, traffic } from './command-line.js';

const { cli } = commandLine();

describe('maintenance', () => {
  const on: MaintenanceResult = {
    ok: true,
    changes: ['node: write moenet-agent/maintenance.conf', 'node: reload BIRD'],
    errors: [],
    on: true,
    sinceSeconds: 1_700_000_000,
    traffic,
  };
  const daemon = { status: goodStatus, resync: nothing, maintenance: on };

  it('on says since when it is on, what was done, and how much traffic is left', async () => {
    const { exitCode, out, err, calls } = await cli('maintenance on', { daemon });
    expect([exitCode, err, calls]).toEqual([0, '', ['ask setMaintenance {"on":true,"withTraffic":true}']]);
    expect(out).toBe(`maintenance is on since 2023-11-14T22:13:20Z (20s)
made 2 changes
  node: write moenet-agent/maintenance.conf
  node: reload BIRD
traffic over all session tunnels, measured for 3s: 1.2 MB/s in, 56 B/s out
  AS4242421080 (wg_24001): 1.2 MB/s in, 56 B/s out
`);
  });

  it('off says what was done', async () => {
    const { exitCode, out } = await cli('maintenance off', { daemon: { ...daemon, maintenance } });
    expect([exitCode, out]).toEqual([0, 'maintenance is off\nnothing to change\n']);
  });

  it('status shows what the daemon has, and the traffic', async () => {
    const { exitCode, out, err } = await cli('maintenance status', { daemon });
    expect([exitCode, err]).toEqual([0, '']);
    expect(out).toMatch(/^maintenance is on since .*\ntraffic over all session tunnels/);
  });

  it('exits 1 where BIRD did not take it', async () => {
    const failed = { ...on, ok: false, errors: ['BIRD does not answer'] };
    const result = await cli('maintenance on', { daemon: { ...daemon, maintenance: failed } });
    expect(result).toMatchObject({ exitCode: 1, err: 'moenet-agent: BIRD does not answer\n' });
  });

  it.each(['on', 'off'])('%s is stored, and done in one pass, where no daemon is running', async (word) => {
    const { exitCode, err, calls } = await cli(`maintenance ${word}`, { stored: on });
    const call = `alone setMaintenance {"on":${word === 'on'},"withTraffic":true} info`;
    expect([exitCode, calls.at(-1)]).toEqual([0, call]);
    expect(err).toBe(
      'moenet-agent: no daemon is running; this command stores it and makes one pass itself\n',
    );
  });

  it('status shows what is stored where no daemon is running', async () => {
    const { exitCode, out, err } = await cli('maintenance status', { stored: on });
    expect(exitCode).toBe(0);
    expect(out).toContain('maintenance is on since');
    expect(err).toBe('moenet-agent: no daemon is running; this is the stored state\n');
  });

  it.each(['on', 'off', 'status'])('%s prints one document under --json', async (word) => {
    const { out } = await cli(`maintenance ${word} --json`, { daemon });
    expect(JSON.parse(out)).toEqual(on);
  });
});
