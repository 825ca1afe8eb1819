import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach } from 'vitest';
import { runCli } from '../../../src/cli/run-cli.js';
import type { AgentConfig } from '../../../src/config/agent-config.js';
import type { Diagnosis } from '../../../src/doctor/finding.js';
import { type AnswerOf, type OperationName, operationOf } from '../../../src/shell/daemon-api.js';
import type { EventsAnswer } from '../../../src/shell/events/select-events.js';
import type { Adoption } from '../../../src/shell/operations/adopt.js';
import type { MaintenanceResult } from '../../../src/shell/operations/maintenance.js';
import type { PlanDocument } from '../../../src/shell/operations/plan-document.js';
import type { BirdRestart } from '../../../src/shell/operations/restart-bird.js';
import type { SwitchResult } from '../../../src/shell/operations/switch-session.js';
import type { Traffic } from '../../../src/shell/operations/traffic.js';
import type { NodeStatus, ResyncResult } from '../../../src/shell/status/status.js';
import type { Commands } from '../../../src/wire/commands.js';
import type { BundleDocument } from '../../../src/wire/debug-bundle.js';
import type { DaemonOptions } from '../../../src/wire/run-daemon.js';
import type { TeardownDocument } from '../../../src/wire/teardown.js';
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
export function machine(facts: Facts = {}) {
  const calls: string[] = [];
  const seen: { config?: AgentConfig; daemonOptions?: DaemonOptions } = {};
  const commands: Commands = {
    runDaemon: async (config, options) => {
      calls.push('runDaemon');
      Object.assign(seen, { config, daemonOptions: options });
      return 0;
    },
    prepare: async () => ({ done: [], problems: [] }),
    restartBirdHere: async () => ({ kind: 'restarted' }),
    makePlan: async (_config, { offline, diff, sessions }) => {
      calls.push(['makePlan', offline && 'offline', diff && 'diff', sessions].filter(Boolean).join(' '));
      return facts.plan ?? emptyPlan;
    },
    teardown: async (_config, { yes }) => {
      calls.push(`teardown ${yes}`);
      return facts.teardown ?? { ...nothing, items: [], stays: [], notes: [] };
    },
    ask: async (_config, name, request) => {
      if (operationOf(name).method === 'POST') calls.push(`ask ${name} ${JSON.stringify(request)}`);
      const told = facts.daemon?.events;
      if (name === 'events' && told instanceof Error) throw told;
      return answer(facts.daemon && daemonAnswers(facts.daemon), name);
    },
    diagnose: async (configuration) => {
      calls.push(`diagnose ${configuration.config?.bootstrap.nodeName} ${configuration.problems.length}`);
      return facts.diagnosis ?? { ok: true, findings: [] };
    },
    debugBundle: async ({ output, force, configuration: { problems } }) => {
      calls.push(`debugBundle ${output} ${force} ${problems.length}`);
      return facts.bundle ?? { path: '/tmp/x.tar.gz', bytes: 1, files: [], missing: [] };
    },
    alone: async (config, name, request, { logLevel }) => {
      calls.push(`alone ${name} ${JSON.stringify(request)} ${logLevel}`);
      seen.config = config;
      return answer(aloneAnswers(facts), name) as never;
    },
  };
  return { commands, calls, seen };
}

interface Facts {
  daemon?: {
    status: NodeStatus;
    resync: ResyncResult;
    maintenance?: MaintenanceResult;
    adoption?: Adoption;
    restartBird?: BirdRestart;
    events?: EventsAnswer | Error;
    switched?: SwitchResult;
  };
  adoption?: Adoption;
  events?: EventsAnswer;
  switched?: SwitchResult;
  stored?: MaintenanceResult;
  diagnosis?: Diagnosis;
  bundle?: BundleDocument;
  once?: ResyncResult;
  plan?: PlanDocument;
  teardown?: TeardownDocument;
  /** Of the terminal; none where standard output is a pipe. */
  columns?: number;
}

type Answers = { readonly [N in OperationName]?: AnswerOf<N> | undefined };

function answer<N extends OperationName>(answers: Answers | undefined, name: N): AnswerOf<N> | undefined {
  return answers?.[name];
}

function daemonAnswers(daemon: NonNullable<Facts['daemon']>): Answers {
  return {
    status: daemon.status,
    resync: daemon.resync,
    maintenance: { ...maintenance, ...daemon.maintenance, traffic },
    setMaintenance: daemon.maintenance,
    switchSession: daemon.switched,
    adoption: daemon.adoption,
    restartBird: daemon.restartBird,
    events: daemon.events instanceof Error ? undefined : daemon.events,
    adopt: daemon.resync,
  };
}

function aloneAnswers({ once = nothing, stored, switched, adoption, events }: Facts): Answers {
  return {
    resync: once,
    maintenance: { ...maintenance, ...stored, traffic },
    setMaintenance: stored ?? maintenance,
    switchSession: switched ?? nothing,
    events: events ?? { events: [], flaps: [] },
    adoption: adoption ?? { items: [], leftAlone: [] },
    adopt: once,
  };
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
    cli: async (line: string, facts: Facts = {}) => {
      const { columns } = facts;
      const io = fakeTerminal({ cwd, env: environment(), ...(columns && { columns }) });
      const { commands, calls, seen } = machine(facts);
      const exitCode = await runCli(line.split(' ').filter(Boolean), '1.2.3', io, commands);
      return { exitCode, out: io.out(), err: io.err(), calls, seen };
    },
  };
}
