import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach } from 'vitest';
import { runCli } from '../../../src/cli/run-cli.js';
import type { AgentConfig } from '../../../src/config/agent-config.js';
import type { Adoption } from '../../../src/shell/operations/adopt.js';
import type { MaintenanceResult } from '../../../src/shell/operations/maintenance.js';
import type { SwitchResult } from '../../../src/shell/operations/switch-session.js';
import type { Traffic } from '../../../src/shell/operations/traffic.js';
import type { NodeStatus, ResyncResult } from '../../../src/shell/status/status.js';
import type { Commands, DaemonOptions, PlanDocument } from '../../../src/wire/commands.js';
import { fakeTerminal } from '../../fakes/terminal.js';

export const token = 'tok-3f9a0c';
export const nothing: ResyncResult = { ok: true, changes: [], errors: [] };
export const some: ResyncResult = {
  ok: false,
  changes: ['create tunnel wg_24001: it is not there', 'reload BIRD'],
  errors: ['session b2:\u001b[2Jno route'],
};
export const emptyPlan: PlanDocument = { changes: [], reports: [], problems: [] };

export const traffic: Traffic = {
  seconds: 3,
  rxBytesPerSecond: 1_234_000,
  txBytesPerSecond: 56,
  largest: [
    { uuid: 'a1', asn: 4242421080, interface: 'wg_24001', rxBytesPerSecond: 1_234_000, txBytesPerSecond: 56 },
  ],
};
export const maintenance: MaintenanceResult = {
  ...nothing,
  on: false,
  sinceSeconds: undefined,
  traffic: undefined,
};

/** Commands of a machine on which `daemon` is what answers on the control socket, if anything. */
export function machine(
  facts: {
    daemon?: {
      status: NodeStatus;
      resync: ResyncResult;
      maintenance?: MaintenanceResult;
      adoption?: Adoption;
      switched?: SwitchResult;
    };
    adoption?: Adoption;
    switched?: SwitchResult;
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
    askSwitchSession: async (_runtimeDir, request) => {
      calls.push(`askSwitchSession ${JSON.stringify(request)}`);
      return facts.daemon?.switched;
    },
    switchSession: async (_config, request) => {
      calls.push(`switchSession ${JSON.stringify(request)}`);
      return facts.switched ?? { ...nothing, session: undefined, state: undefined };
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

/** A command line in a directory of its own for each test, with a configuration in it. */
export function commandLine() {
  let cwd = '';

  async function configure(more: object): Promise<void> {
    const bootstrap = { apiUrl: 'https://api.example.net', nodeName: 'jp1', token };
    await writeFile(join(cwd, 'config.json'), JSON.stringify({ bootstrap, ...more }), { mode: 0o600 });
  }

  const environment = () => ({ MOENET_CONFIG: join(cwd, 'config.json') });

  beforeEach(async () => {
    cwd = await mkdtemp(join(tmpdir(), 'moenet-agent-cli-'));
    await configure({});
  });

  afterEach(() => rm(cwd, { recursive: true }));

  return {
    configure,
    path: (name: string) => join(cwd, name),
    terminal: () => fakeTerminal({ cwd, env: environment() }),
    cli: async (line: string, facts: Parameters<typeof machine>[0] = {}) => {
      const io = fakeTerminal({ cwd, env: environment() });
      const { commands, calls, seen } = machine(facts);
      const exitCode = await runCli(line.split(' ').filter(Boolean), '1.2.3', io, commands);
      return { exitCode, out: io.out(), err: io.err(), calls, seen };
    },
  };
}
