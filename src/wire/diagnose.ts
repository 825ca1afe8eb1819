import { openControlPlane } from '../adapters/control-plane/open-control-plane.js';
import type { AgentConfig } from '../config/agent-config.js';
import type { Snapshot } from '../core/model/control-plane.js';
import { wordsOf } from '../core/model/words-of.js';
import type { Patient } from '../doctor/check.js';
import { examine } from '../doctor/doctor.js';
import { type Diagnosis, type Finding, fault, ok, warning } from '../doctor/finding.js';
import { asRoot, toEdit } from '../doctor/forbidden.js';
import { askIfRunning } from '../http/client.js';
import { run } from '../platform/exec.js';
import { readStored, storedNode } from './read-stored.js';

/** The configuration, or everything that is wrong with it. */
export interface Configuration {
  readonly config: AgentConfig | undefined;
  readonly path: string | undefined;
  readonly problems: readonly string[];
  readonly warnings: readonly string[];
}

/** Looks at the machine, at the control plane and at what is stored. Changes nothing. */
export async function diagnose(configuration: Configuration): Promise<Diagnosis> {
  const { config } = configuration;
  const archive = config && readStored(config.stateDir);
  let dialect: string | undefined;
  const controlPlane =
    config &&
    openControlPlane({
      ...config.bootstrap,
      requestsPerMinute: config.limits.requestsPerMinute,
      limits: { retries: 0 },
      ...(archive && { archive }),
      onDialect: (found) => {
        dialect = found;
      },
    });
  try {
    const stored = (await controlPlane?.recall().catch(() => undefined)) ?? nothingStored;
    return await examine({
      node: config && (await storedNode(config, stored.config)),
      configPath: configuration.path,
      configuration: findingsOf(configuration),
      stored,
      controlPlane,
      dialect: async () => dialect ?? archive?.read('config', (_, name) => name),
      run,
      ...(await daemonOf(config?.runtimeDir ?? '/run/moenet-agent')),
    });
  } finally {
    await controlPlane?.close();
  }
}

const nothingStored: Snapshot = {
  config: undefined,
  birdConfig: undefined,
  mesh: undefined,
  sessions: undefined,
};

async function daemonOf(runtimeDir: string): Promise<Pick<Patient, 'daemonPid' | 'daemonProblem'>> {
  try {
    const status = await askIfRunning(runtimeDir, 'status', {});
    return { daemonPid: status?.agent.pid, daemonProblem: undefined };
  } catch (error) {
    return { daemonPid: undefined, daemonProblem: wordsOf(error) };
  }
}

const example = `install -d /etc/moenet-agent && echo '{"bootstrap": {"apiUrl": "https://API", "nodeName": "NAME", "tokenFile": "/etc/moenet-agent/token"}}' > /etc/moenet-agent/config.json`;

function remedyFor(words: string, path: string | undefined): string {
  if (words.includes(': run the command with sudo')) return asRoot;
  const absentToken = /^bootstrap\.tokenFile: (\S+): there is no such file/.exec(words)?.[1];
  if (absentToken !== undefined)
    return `install -m 0600 /dev/stdin ${absentToken}   # the token, then Ctrl-D`;
  return /: (chmod 600 \S+)$/.exec(words)?.[1] ?? (path === undefined ? example : toEdit(path));
}

function findingsOf({ config, path, problems, warnings }: Configuration): readonly Finding[] {
  const where = path ?? 'the environment';
  return [
    ...problems.map((problem) => fault(problem, remedyFor(problem, path))),
    ...warnings.map((words) => warning(words, remedyFor(words, path))),
    ...(config ? [ok(`node ${config.bootstrap.nodeName}, configured by ${where}`)] : []),
  ];
}
