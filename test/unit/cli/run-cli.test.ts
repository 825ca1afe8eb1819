import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { runCli } from '../../../src/cli/run-cli.js';
import type { AgentConfig } from '../../../src/config/agent-config.js';
import type { Adoption } from '../../../src/shell/adopt.js';
import type { MaintenanceResult } from '../../../src/shell/maintenance.js';
import type { NodeStatus, ResyncResult } from '../../../src/shell/status.js';
import type { Traffic } from '../../../src/shell/traffic.js';
import type { Commands, DaemonOptions, PlanDocument } from '../../../src/wire/commands.js';
import { badStatus, goodStatus } from '../../fakes/node-status.js';
import { fakeTerminal } from '../../fakes/terminal.js';

const token = 'tok-3f9a0c';
const nothing: ResyncResult = { ok: true, changes: [], errors: [] };
const some: ResyncResult = {
  ok: false,
  changes: ['create tunnel wg_24001: it is not there', 'reload BIRD'],
  errors: ['session b2:\u001b[2Jno route'],
};
const emptyPlan: PlanDocument = { changes: [], reports: [], problems: [] };

const traffic: Traffic = {
  seconds: 3,
  rxBytesPerSecond: 1_234_000,
  txBytesPerSecond: 56,
  largest: [
    { uuid: 'a1', asn: 4242421080, interface: 'wg_24001', rxBytesPerSecond: 1_234_000, txBytesPerSecond: 56 },
  ],
};
const maintenance: MaintenanceResult = { ...nothing, on: false, sinceSeconds: undefined, traffic: undefined };

let cwd = '';

beforeEach(async () => {
  cwd = await mkdtemp(join(tmpdir(), 'moenet-agent-cli-'));
  await configure({});
});

afterEach(() => rm(cwd, { recursive: true }));

async function configure(more: object): Promise<void> {
  const bootstrap = { apiUrl: 'https://api.example.net', nodeName: 'jp1', token };
  await writeFile(join(cwd, 'config.json'), JSON.stringify({ bootstrap, ...more }), { mode: 0o600 });
}

/** Commands of a machine on which `daemon` is what answers on the control socket, if anything. */
function machine(
  facts: {
    daemon?: {
      status: NodeStatus;
      resync: ResyncResult;
      maintenance?: MaintenanceResult;
      adoption?: Adoption;
    };
    adoption?: Adoption;
    stored?: MaintenanceResult;
    once?: ResyncResult;
    plan?: PlanDocument;
  } = {},
) {
  const calls: string[] = [];
  const seen: { config?: AgentConfig; daemonOptions?: DaemonOptions } = {};
  const commands: Commands = {
    runDaemon: async (config, options) => {
      calls.push('runDaemon');
      Object.assign(seen, { config, daemonOptions: options });
      return 0;
    },
    runOnce: async (config, { logLevel }) => {
      calls.push(`runOnce ${logLevel}`);
      seen.config = config;
      return facts.once ?? nothing;
    },
    makePlan: async (_config, { offline }) => {
      calls.push(`makePlan${offline ? ' offline' : ''}`);
      return facts.plan ?? emptyPlan;
    },
    askStatus: async () => facts.daemon?.status,
    askResync: async () => facts.daemon?.resync,
    askMaintenance: async () => facts.daemon && { ...maintenance, ...facts.daemon.maintenance, traffic },
    askSetMaintenance: async (_runtimeDir, on) => {
      calls.push(`askSetMaintenance ${on}`);
      return facts.daemon?.maintenance;
    },
    readMaintenance: async () => {
      calls.push('readMaintenance');
      return { ...maintenance, ...facts.stored, traffic };
    },
    setMaintenance: async (_config, on) => {
      calls.push(`setMaintenance ${on}`);
      return facts.stored ?? maintenance;
    },
    askAdoption: async () => facts.daemon?.adoption,
    askAdopt: async () => {
      calls.push('askAdopt');
      return facts.daemon?.resync;
    },
    readAdoption: async () => {
      calls.push('readAdoption');
      return facts.adoption ?? { items: [], leftAlone: [] };
    },
    adopt: async () => {
      calls.push('adopt');
      return facts.once ?? nothing;
    },
  };
  return { commands, calls, seen };
}

async function cli(line: string, facts: Parameters<typeof machine>[0] = {}) {
  const io = fakeTerminal({ cwd });
  const { commands, calls, seen } = machine(facts);
  const exitCode = await runCli(line.split(' ').filter(Boolean), '1.2.3', io, commands);
  return { exitCode, out: io.out(), err: io.err(), calls, seen };
}

describe('which command', () => {
  it.each([
    ['', ['runDaemon']],
    ['run', ['runDaemon']],
    ['--once', ['runOnce info']],
    ['run --once', ['runOnce info']],
    ['--log-level debug --once', ['runOnce debug']],
    ['run --once --log-level debug', ['runOnce debug']],
    ['--resync', ['runOnce info']],
    ['run --resync', ['runOnce info']],
    ['resync', ['runOnce info']],
    ['plan', ['makePlan']],
    ['plan --offline', ['makePlan offline']],
  ])('is started by "%s"', async (line, calls) => {
    const result = await cli(line);
    expect(result.calls).toEqual(calls);
    expect(result.exitCode).toBe(0);
  });

  it.each(['-c other.json plan', 'plan -c other.json', 'plan --config other.json'])(
    'takes its configuration from -c wherever it stands: %s',
    async (line) => {
      const result = await cli(line);
      expect(result.exitCode).toBe(78);
      expect(result.err).toContain(join(cwd, 'other.json'));
    },
  );
});

describe('help and version', () => {
  it.each(['-V', '--version'])('%s prints the version', async (option) => {
    expect(await cli(option)).toMatchObject({ exitCode: 0, out: '1.2.3\n', err: '' });
  });

  it.each(['-h', '--help'])('%s lists the commands', async (option) => {
    const { exitCode, out, err } = await cli(option);
    expect([exitCode, err]).toEqual([0, '']);
    for (const word of [
      'run',
      'resync',
      'plan',
      'status',
      'maintenance',
      'lab',
      '--config',
      '--json',
      '--log-level',
      '--once',
    ]) {
      expect(out).toContain(word);
    }
  });

  it('of a command shows its own options and the global ones', async () => {
    const { exitCode, out } = await cli('plan --help');
    expect(exitCode).toBe(0);
    expect(out).toContain('--offline');
    expect(out).toContain('--config');
  });
});

describe('a usage error', () => {
  it.each([
    ['--onec', "unknown option '--onec' (Did you mean --once?)"],
    ['bogus', "unknown command 'bogus'"],
    ['statsu', "unknown command 'statsu' (Did you mean status?)"],
    ['plan extra', "too many arguments for 'plan'"],
    ['status --once', "unknown option '--once'"],
    ['--log-level loud', "option '--log-level <level>' argument 'loud' is invalid"],
    ['-c', "option '-c, --config <file>' argument missing"],
    ['--once --resync', "option '--once' cannot be used with option '--resync'"],
    ['status --watch --json', "option '--watch' cannot be used with option '--json'"],
    ['maintenance', "missing required argument 'word'"],
    ['maintenance maybe', "'maybe' is invalid for argument 'word'. Allowed choices are on, off, status. Try"],
    ['maintenance on now', "too many arguments for 'maintenance'"],
    ['lab --nodes many', "argument 'many' is invalid"],
  ])('exits 64 with one line and a hint: %s', async (line, message) => {
    const { exitCode, out, err, calls } = await cli(line);
    expect(exitCode).toBe(64);
    expect([out, calls]).toEqual(['', []]);
    expect(err).toContain(message);
    expect(err).toMatch(/^moenet-agent: [^\n]*Try 'moenet-agent --help'\.\n$/);
  });
});

describe('a configuration error', () => {
  it('exits 78 with every problem and its path', async () => {
    await configure({ server: { listen: 1 }, intervals: { mesh: 'x' } });
    const { exitCode, err, calls } = await cli('run');
    expect([exitCode, calls]).toEqual([78, []]);
    expect(err).toContain('  server.listen: 1 is not an address');
    expect(err).toContain('  intervals.mesh: "x" is not a number of seconds');
    expect(err).not.toContain(token);
  });

  it('is a document under --json', async () => {
    await configure({ stateDir: 5 });
    const { exitCode, out } = await cli('status --json');
    expect(exitCode).toBe(78);
    expect(JSON.parse(out).problems).toEqual([{ path: 'stateDir', message: '5 is not a path' }]);
  });
});

describe('a warning of the configuration', () => {
  beforeEach(() => configure({ sever: {} }));

  it('is said on standard error', async () => {
    expect((await cli('plan')).err).toBe('warning: sever is not a known key; did you mean server?\n');
  });

  it('is handed to the daemon for its log', async () => {
    const { err, seen } = await cli('run');
    expect(err).toBe('');
    expect(seen.daemonOptions?.warnings).toHaveLength(1);
  });
});

it('lets the daemon read its configuration again', async () => {
  const { seen } = await cli('run');
  await configure({ stateDir: '/changed' });
  expect((await seen.daemonOptions?.reload())?.config.stateDir).toBe('/changed');
});

describe('--once', () => {
  it('prints what was done, and what was not on standard error', async () => {
    const { exitCode, out, err } = await cli('--once', { once: some });
    expect(exitCode).toBe(1);
    expect(out).toBe('made 2 changes\n  create tunnel wg_24001: it is not there\n  reload BIRD\n');
    expect(err).toBe('moenet-agent: session b2: [2Jno route\n');
  });

  it('says that nothing was to be done', async () => {
    expect(await cli('--once')).toMatchObject({ exitCode: 0, out: 'nothing was to be changed\n', err: '' });
  });

  it('prints one document under --json', async () => {
    const { out } = await cli('--once --json', { once: nothing });
    expect(JSON.parse(out)).toEqual(nothing);
  });
});

describe('resync', () => {
  it('prints what the daemon did', async () => {
    const { exitCode, out, calls } = await cli('resync', { daemon: { status: goodStatus, resync: some } });
    expect([exitCode, calls]).toEqual([1, []]);
    expect(out).toContain('made 2 changes');
  });

  it('does one pass itself where no daemon is running, and says so', async () => {
    const { exitCode, err, calls } = await cli('resync');
    expect([exitCode, calls]).toEqual([0, ['runOnce info']]);
    expect(err).toBe('moenet-agent: no daemon is running; doing one pass without it\n');
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

  it('exits 1 where all that is left cannot be mended', async () => {
    const { exitCode } = await cli('plan', { plan: { ...emptyPlan, problems: ['session c3 is refused'] } });
    expect(exitCode).toBe(1);
  });

  it('prints the document under --json', async () => {
    const { exitCode, out } = await cli('plan --json', { plan });
    expect([exitCode, JSON.parse(out)]).toEqual([2, plan]);
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
    expect([exitCode, err, calls]).toEqual([0, '', ['askSetMaintenance true']]);
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
    expect([exitCode, out]).toEqual([0, 'maintenance is off\nnothing was to be changed\n']);
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
    expect([exitCode, calls.at(-1)]).toEqual([0, `setMaintenance ${word === 'on'}`]);
    expect(err).toBe('moenet-agent: no daemon is running; stored, with one pass made without it\n');
  });

  it('status shows what is stored where no daemon is running', async () => {
    const { exitCode, out, err } = await cli('maintenance status', { stored: on });
    expect(exitCode).toBe(0);
    expect(out).toContain('maintenance is on since');
    expect(err).toBe('moenet-agent: no daemon is running; this is what is stored\n');
  });

  it.each(['on', 'off', 'status'])('%s prints one document under --json', async (word) => {
    const { out } = await cli(`maintenance ${word} --json`, { daemon });
    expect(JSON.parse(out)).toEqual(on);
  });
});

describe('adopt', () => {
  const adoption: Adoption = {
    items: [
      {
        kind: 'interface',
        name: 'dn42_4242421080',
        why: 'it has 2 peers',
        effect: 'it is set as it should be',
      },
      { kind: 'protocol', name: 'mine', why: 'nobody knows it', effect: 'its session ends' },
    ],
    leftAlone: ['interface dn42_x: it is no WireGuard interface'],
  };
  const daemon = {
    status: goodStatus,
    resync: { ok: true, changes: ['write bird.conf'], errors: [] },
    adoption,
  };

  it('only shows what it would take, and why it was not taken by itself', async () => {
    const { exitCode, out, calls } = await cli('adopt', { daemon });
    expect([exitCode, calls]).toEqual([2, []]);
    expect(out).toBe(`2 things to adopt
  interface dn42_4242421080
      not taken by itself: it has 2 peers
      it is set as it should be
  protocol mine
      not taken by itself: nobody knows it
      its session ends
left alone: interface dn42_x: it is no WireGuard interface

Nothing was changed. 'moenet-agent adopt --yes' takes it over.
`);
  });

  it('takes it with --yes, and says what was done', async () => {
    const { exitCode, out, calls } = await cli('adopt --yes', { daemon });
    expect([exitCode, calls]).toEqual([0, ['askAdopt']]);
    expect(out).toContain('made 1 change\n  write bird.conf\n');
  });

  it('does so by itself where no daemon is running', async () => {
    const result = await cli('adopt --yes', {
      adoption,
      once: { ok: false, changes: [], errors: ['BIRD is away'] },
    });
    expect(result).toMatchObject({ exitCode: 1, calls: ['readAdoption', 'askAdopt', 'adopt'] });
    expect(result.err).toBe('moenet-agent: BIRD is away\n');
  });

  it('does nothing where there is nothing to take', async () => {
    const { exitCode, out, calls } = await cli('adopt --yes');
    expect([exitCode, out, calls]).toEqual([0, 'nothing to adopt\n', ['readAdoption']]);
  });

  it.each([
    ['adopt --json', adoption],
    ['adopt --yes --json', daemon.resync],
  ])('%s prints one document', async (line, document) => {
    expect(JSON.parse((await cli(line, { daemon })).out)).toEqual(document);
  });
});

it('says what went wrong where a command throws', async () => {
  const io = fakeTerminal({ cwd });
  const { commands } = machine();
  const failing = {
    ...commands,
    makePlan: () => Promise.reject(new Error('the control plane refused the token')),
  };
  expect(await runCli(['plan', '--json'], '1.2.3', io, failing)).toBe(1);
  expect(io.err()).toBe('moenet-agent: the control plane refused the token\n');
  expect(JSON.parse(io.out())).toEqual({ error: 'the control plane refused the token' });
});
