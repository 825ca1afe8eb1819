import { resolve } from 'node:path';
import type { AgentConfig, ListenAddress } from './agent-config.js';
import type { ConfigFile } from './schema.js';
import { listenPattern } from './schema-values.js';
import { toOperatorOptions } from './session-options.js';

/** The valid file as the agent uses it: paths absolute (relative ones start at `baseDir`), times in milliseconds. */
export function toAgentConfig(
  file: ConfigFile,
  {
    token,
    proxy,
    metricsToken,
  }: Pick<AgentConfig['bootstrap'], 'token' | 'proxy'> & Pick<AgentConfig['server'], 'metricsToken'>,
  baseDir: string,
): AgentConfig {
  const absolute = (path: string) => resolve(baseDir, path);
  const optional = (path: string | undefined) => (path === undefined ? undefined : absolute(path));
  const { apiUrl, nodeName, dialect } = file.bootstrap;
  return {
    bootstrap: { apiUrl: apiUrl.trim().replace(/\/+$/, ''), nodeName, token, proxy, dialect },
    server: {
      listen: [...new Set([file.server.listen].flat())].map(parseListen),
      metricsToken,
      metrics: file.server.metrics,
    },
    stateDir: absolute(file.stateDir),
    history: file.history,
    runtimeDir: absolute(file.runtimeDir),
    templatesDir: optional(file.templatesDir),
    bird: {
      configDir: optional(file.bird.configDir),
      controlSocket: optional(file.bird.controlSocket),
      mode: file.bird.mode,
      kernelTable: file.bird.kernelTable,
    },
    wireguard: {
      privateKeyPath: optional(file.wireguard.privateKeyPath),
      publicKeyPath: optional(file.wireguard.publicKeyPath),
      implementation: file.wireguard.implementation,
    },
    firewall: file.firewall,
    loopback: file.loopback,
    intervals: {
      lookMs: file.intervals.look * 1000,
      sessionsMs: file.intervals.sessions * 1000,
      reportMs: file.intervals.report * 1000,
      heartbeatMs: file.intervals.heartbeat * 1000,
      meshMs: file.intervals.mesh * 1000,
      birdConfigMs: file.intervals.birdConfig * 1000,
    },
    policy: { ...file.policy, collector: file.policy.collector },
    sessions: toOperatorOptions(file.sessions),
    limits: file.limits,
  };
}

function parseListen(text: string): ListenAddress {
  const { v6, host, port } = listenPattern.exec(text)?.groups ?? {};
  return { host: v6 || host || undefined, port: Number(port) };
}
