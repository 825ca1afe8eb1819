import { describe, expect, it } from 'vitest';
import type { SwitchResult } from '../../../src/shell/operations/switch-session.js';
import { goodStatus } from '../../fakes/node-status.js';
import { commandLine, nothing } from './command-line.js';

const { cli } = commandLine();

const session = { uuid: 'a1', asn: 4242421080, interface: 'wg_24001' };
const off: SwitchResult = {
  ok: true,
  changes: ['session a1: write peers/dn42_4242421080.conf (its text differs)'],
  errors: [],
  session,
  state: 'disabled',
};
const daemonWith = (switched: SwitchResult) => ({ status: goodStatus, resync: nothing, switched });

describe('disable', () => {
  it('leads traffic away first, and says until when and how to keep the session', async () => {
    const switched: SwitchResult = { ...off, state: 'draining', drainedAtSeconds: 1_700_000_060 };
    const { exitCode, out, calls } = await cli('disable wg_24001', { daemon: daemonWith(switched) });
    expect([exitCode, calls]).toEqual([
      0,
      ['ask switchSession {"session":"wg_24001","to":"disabled","now":false}'],
    ]);
    expect(out).toBe(
      `AS4242421080 (wg_24001, session a1) is enabled until 2023-11-14 22:14:20 UTC while the agent leads traffic away; then the agent disables it, within a minute. To keep it: moenet-agent enable wg_24001
made 1 change
  session a1: write peers/dn42_4242421080.conf (its text differs)
`,
    );
  });

  it('--now does it at once, and says how the session comes back', async () => {
    const { out, calls } = await cli('disable AS4242421080 --now', { daemon: daemonWith(off) });
    expect(calls).toEqual(['ask switchSession {"session":"AS4242421080","to":"disabled","now":true}']);
    expect(out).toMatch(/is disabled, also after a restart. To enable it: moenet-agent enable wg_24001\n/);
  });

  it('works without a daemon', async () => {
    const { exitCode, err, calls } = await cli('disable a1 --now', { switched: off });
    expect([exitCode, err]).toEqual([0, 'moenet-agent: no daemon is running; this command does it itself\n']);
    expect(calls).toEqual([
      'ask switchSession {"session":"a1","to":"disabled","now":true}',
      'alone switchSession {"session":"a1","to":"disabled","now":true} info',
    ]);
  });

  it('fails with the reason where the word means no session', async () => {
    const unknown: SwitchResult = {
      ok: false,
      changes: [],
      errors: ['no session on this node is called wg_9'],
      session: undefined,
      state: undefined,
    };
    const { exitCode, out, err } = await cli('disable wg_9', { daemon: daemonWith(unknown) });
    expect([exitCode, out, err]).toEqual([1, '', 'moenet-agent: no session on this node is called wg_9\n']);
  });

  it('needs a session', async () => {
    const { exitCode, err } = await cli('disable');
    expect([exitCode, err]).toEqual([64, expect.stringContaining("missing required argument 'session'")]);
  });
});

it('enable says that the session is enabled', async () => {
  const switched: SwitchResult = { ...off, changes: [], state: 'enabled' };
  const { exitCode, out, calls } = await cli('enable wg_24001', { daemon: daemonWith(switched) });
  expect([exitCode, calls]).toEqual([
    0,
    ['ask switchSession {"session":"wg_24001","to":"enabled","now":true}'],
  ]);
  expect(out).toBe(
    'AS4242421080 (wg_24001, session a1) is enabled; BGP comes up when the neighbor answers\nnothing to change\n',
  );
});
