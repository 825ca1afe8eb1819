import { beforeEach, describe, expect, it } from 'vitest';
import type { PlanDocument } from '../../../src/shell/operations/plan-document.js';
import { badStatus, goodStatus } from '../../fakes/node-status.js';
import { commandLine, emptyPlan, nothing, some } from './command-line.js';

const { cli, configure } = commandLine();

describe('resync', () => {
  it('prints what the daemon did', async () => {
    const { exitCode, out, calls } = await cli('resync', { daemon: { status: goodStatus, resync: some } });
    expect([exitCode, calls]).toEqual([1, ['ask resync {"force":false}']]);
    expect(out).toContain('made 2 changes');
  });

  it('does one pass itself where no daemon is running, and says so', async () => {
    const { exitCode, err, calls } = await cli('resync');
    expect([exitCode, calls]).toEqual([
      0,
      ['ask resync {"force":false}', 'alone resync {"force":false} info'],
    ]);
    expect(err).toBe('moenet-agent: no daemon is running; this command makes one pass itself\n');
  });
});

describe('plan', () => {
  const plan: PlanDocument = {
    changes: [
      { subject: 'session a1', summary: 'create tunnel wg_24001', why: 'it is not there' },
      { subject: 'session a1', summary: 'write peers/dn42_1.conf', why: 'it is not there' },
      { subject: 'node', summary: 'reload BIRD', why: 'files changed' },
    ],
    reports: [{ subject: 'session a1', summary: 'active' }],
    problems: ['session c3 is refused: mtu\u001b[31m40'],
  };

  it('groups the changes by whom they are for', async () => {
    const { exitCode, out } = await cli('plan', { plan });
    expect(exitCode).toBe(2);
    expect(out).toBe(`! session c3 is refused: mtu [31m40

3 changes would be made, 1 report would be sent

session a1
  create tunnel wg_24001
      because it is not there
  write peers/dn42_1.conf
      because it is not there

node
  reload BIRD
      because files changed

to the control plane
  session a1: active
`);
  });

  it('exits 0 where there is nothing to do', async () => {
    expect(await cli('plan')).toMatchObject({ exitCode: 0, out: 'nothing to do\n' });
  });

  it('exits 1 where no change can fix what is wrong', async () => {
    const { exitCode } = await cli('plan', { plan: { ...emptyPlan, problems: ['session c3 is refused'] } });
    expect(exitCode).toBe(1);
  });

  it('prints the document under --json', async () => {
    const { exitCode, out } = await cli('plan --json', { plan });
    expect([exitCode, JSON.parse(out)]).toEqual([2, plan]);
  });
});

describe('plain HTTP', () => {
  const bootstrap = { apiUrl: 'http://192.0.2.1:8080', nodeName: 'jp1', token: 'tok-3f9a0c' };
  const words = 'bootstrap.apiUrl is plain HTTP: everybody on the path to 192.0.2.1:8080 can read the token';
  beforeEach(() => configure({ bootstrap }));

  it.each(['plan', 'run --once', 'resync', 'maintenance status', 'adopt'])(
    'is warned about by "%s", on standard error',
    async (line) => {
      const { err } = await cli(line);
      expect(err.split('\n').filter((text) => text.startsWith(`warning: ${words}`))).toHaveLength(1);
    },
  );

  it('is in the log of the daemon', async () => {
    expect((await cli('run')).seen.daemonOptions?.warnings).toEqual([expect.stringContaining(words)]);
  });

  it('is said once by "status", which has it from the daemon', async () => {
    const [warning = ''] = (await cli('run')).seen.daemonOptions?.warnings ?? [];
    const daemon = { status: { ...goodStatus, notes: [warning] }, resync: nothing };
    const text = await cli('status', { daemon });
    expect(text.out).toContain(`* ${words}`);
    expect(text.err).toBe('');
    const json = await cli('status --json', { daemon });
    expect(JSON.parse(json.out).notes).toEqual([warning]);
  });
});

describe('status', () => {
  it.each([
    ['healthy', goodStatus, 0],
    ['degraded', badStatus, 3],
  ])('exits for a %s node', async (_word, status, expected) => {
    const { exitCode, out } = await cli('status', { daemon: { status, resync: nothing } });
    expect(exitCode).toBe(expected);
    expect(out).toContain('jp1');
  });

  it('exits 1 where no daemon is running', async () => {
    const { exitCode, out, err } = await cli('status');
    expect([exitCode, out]).toEqual([1, '']);
    expect(err).toContain('no daemon is running');
  });

  it('prints the document under --json', async () => {
    const { out } = await cli('status --json', { daemon: { status: goodStatus, resync: nothing } });
    expect(JSON.parse(out)).toEqual(JSON.parse(JSON.stringify(goodStatus)));
  });
});
