import { describe, expect, it } from 'vitest';
import { goodStatus } from '../../fakes/node-status.js';
import { commandLine } from './command-line.js';

const { cli } = commandLine();

const restartBird = {
  ok: true,
  errors: [],
  version: { before: '2.0.12', after: '2.17.6' },
  sessions: { before: 12, after: 12, lost: [] },
  routes: { before: 3120, fewest: 3120, after: 3121, lost: 0 },
  seconds: 3.4,
};
const daemonWith = (answer: object) => ({
  status: goodStatus,
  resync: { ok: true, changes: [], errors: [] },
  restartBird: { ...restartBird, ...answer },
});

describe('bird restart', () => {
  it('asks the daemon, and says what was there before and after', async () => {
    const { exitCode, out, calls } = await cli('bird restart', { daemon: daemonWith({}) });
    expect([exitCode, calls]).toEqual([0, ['ask restartBird {}']]);
    expect(out).toBe(`BIRD 2.0.12 → 2.17.6 restarted in 3.4 s
sessions Established: 12 before, 12 after
routes in the kernel: 3120 before, at least 3120 meanwhile, 3121 after, 0 of them lost
nothing was lost
`);
  });

  it('fails where something was lost, and says what', async () => {
    const daemon = daemonWith({
      ok: false,
      errors: ['not Established again: dn42_1'],
      sessions: { before: 12, after: 11, lost: ['dn42_1'] },
    });
    const { exitCode, out, err } = await cli('bird restart', { daemon });
    expect(exitCode).toBe(1);
    expect(out).toContain('12 before, 11 after, lost: dn42_1\n');
    expect(out).toContain('something was lost\n');
    expect(err).toBe('moenet-agent: not Established again: dn42_1\n');
  });

  it('prints one document with --json', async () => {
    const { out } = await cli('bird restart --json', { daemon: daemonWith({}) });
    expect(JSON.parse(out)).toEqual(restartBird);
  });
});
