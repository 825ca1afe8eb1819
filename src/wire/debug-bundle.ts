import { hostname } from 'node:os';
import { join, resolve } from 'node:path';
import { openControlPlane } from '../adapters/control-plane/open-control-plane.js';
import { type Collected, collect } from '../bundle/collect.js';
import { pack } from '../bundle/pack.js';
import type { Patient } from '../bundle/source.js';
import { requireFree, writePrivate } from '../bundle/write.js';
import type { AgentConfig } from '../config/agent-config.js';
import { ConfigError } from '../config/config-error.js';
import { configFilePath } from '../config/find.js';
import type { DaemonPlace } from '../config/find-daemon.js';
import { type LoadedConfig, loadConfig } from '../config/load.js';
import { askAt, askIfRunning } from '../http/client.js';
import { run } from '../platform/exec.js';
import { type Configuration, diagnose } from './diagnose.js';
import { readStored, storedNode } from './read-stored.js';

export interface BundleRequest {
  readonly configuration: Configuration;
  /** The file of `-c`. */
  readonly configPath: string | undefined;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly cwd: string;
  readonly place: DaemonPlace;
  /** Where to write it; absent: a name with node and time in the working directory. */
  readonly output: string | undefined;
  /** Replaces a file of that name. */
  readonly force: boolean;
  /** Unix time in milliseconds. */
  now(): number;
}

export interface BundleDocument {
  readonly path: string;
  readonly bytes: number;
  readonly files: readonly {
    readonly name: string;
    readonly characters: number;
    readonly cutFrom?: number;
  }[];
  readonly missing: Collected['missing'];
}

/** Writes what a bug report needs into one file, without secrets. Changes nothing else. */
export async function debugBundle(request: BundleRequest): Promise<BundleDocument> {
  const { cwd, force, now } = request;
  const atMs = now();
  const loaded = await load(request);
  const config = loaded?.config;
  const directory = nameOf(config?.bootstrap.nodeName ?? hostname(), atMs);
  const path = resolve(cwd, request.output ?? `${directory}.tar.gz`);
  await requireFree(path, { force });
  const collected = await collect(await openPatient(request, loaded));
  const bytes = await pack(directory, collected, atMs);
  await writePrivate(path, bytes, { force });
  const files = collected.files.map(({ name, text, cutFrom }) => ({
    name,
    characters: text.length,
    ...(cutFrom === undefined ? {} : { cutFrom }),
  }));
  return { path, bytes: bytes.length, files, missing: collected.missing };
}

/** `moenet-agent-debug-jp1-20261126T113722Z`. */
function nameOf(node: string, atMs: number): string {
  const time = new Date(atMs).toISOString().replace(/[-:]|\.\d+/g, '');
  return `moenet-agent-debug-${node.replace(/[^\w.-]+/g, '_').slice(0, 63)}-${time}`;
}

const credentialFile = '/run/credentials/moenet-agent.service/moenet-agent-token';

/** The configuration as far as it can be read: the token may be in the daemon's credential alone. */
async function load({ configPath: path, env, cwd }: BundleRequest): Promise<LoadedConfig | undefined> {
  for (const withoutToken of [false, true]) {
    try {
      return await loadConfig({ path, env, cwd, withoutToken });
    } catch (error) {
      if (!(error instanceof ConfigError)) throw error;
    }
  }
  return undefined;
}

async function openPatient(request: BundleRequest, loaded: LoadedConfig | undefined): Promise<Patient> {
  const { configPath, env, cwd, place, configuration, now } = request;
  const node = loaded && (await withStored(loaded.config));
  return {
    run,
    env,
    now,
    configFile: loaded?.path ?? (await configFilePath({ path: configPath, env, cwd })),
    config: loaded?.config,
    problems: configuration.problems,
    paths: {
      stateDir: node?.stateDir ?? '/var/lib/moenet-agent',
      birdDir: node?.bird.configDir ?? '/etc/bird',
      birdSocket: node?.bird.controlSocket ?? '/run/bird/bird.ctl',
      privateKey: node?.wireguard.privateKeyPath ?? '/etc/wireguard/private.key',
      tokenFiles: [...(loaded?.files.slice(1) ?? []), ...credentials(env)],
      sysctls: '/proc/sys/net',
      proc: '/proc',
    },
    ask: (name, wanted) =>
      'socket' in place ? askAt(place.socket, name, wanted) : askIfRunning(place.runtimeDir, name, wanted),
    diagnose: () => diagnose(configuration),
  };
}

function credentials({ CREDENTIALS_DIRECTORY: directory }: BundleRequest['env']): string[] {
  return [...(directory ? [join(directory, 'moenet-agent-token')] : []), credentialFile];
}

/** With the paths that the control plane has named. */
async function withStored(config: AgentConfig) {
  const controlPlane = openControlPlane({
    ...config.bootstrap,
    requestsPerMinute: config.limits.requestsPerMinute,
    archive: readStored(config.stateDir),
  });
  try {
    const stored = await controlPlane.recall().catch(() => undefined);
    return await storedNode(config, stored?.config);
  } finally {
    await controlPlane.close();
  }
}
