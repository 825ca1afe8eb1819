import type { AgentConfig } from '../config/agent-config.js';
import type { AnswerOf, OperationName, RequestOf } from '../shell/daemon-api.js';
import type { AloneName } from './alone.js';
import type { PlanDocument } from './plan.js';
import type { DaemonOptions } from './run-daemon.js';
import type { PassOptions } from './with-node.js';

/** What the command line can start. */
export interface Commands {
  /** Runs the daemon until it is stopped; resolves to the exit code. */
  runDaemon(config: AgentConfig, options: DaemonOptions): Promise<number>;
  makePlan(config: AgentConfig, options: PassOptions & { readonly offline: boolean }): Promise<PlanDocument>;
  /** Asks the running daemon; undefined where none is running. */
  ask<N extends OperationName>(
    config: AgentConfig,
    name: N,
    request: RequestOf<N>,
  ): Promise<AnswerOf<N> | undefined>;
  /** Does the same in this process, while no daemon runs. */
  alone<N extends AloneName>(
    config: AgentConfig,
    name: N,
    request: RequestOf<N>,
    options: PassOptions,
  ): Promise<AnswerOf<N>>;
}

/**
 * Each command loads its own code, so that it starts without the code of the others. The daemon loads all of its code before
 * it is ready, and nothing later, when an upgrade may have replaced the files.
 */
export const commands: Commands = {
  runDaemon: async (config, options) => (await import('./run-daemon.js')).runDaemon(config, options),
  makePlan: async (config, options) => (await import('./plan.js')).makePlan(config, options),
  ask: async ({ runtimeDir }, name, request) =>
    (await import('../http/client.js')).askIfRunning(runtimeDir, name, request),
  alone: async (config, name, request, options) =>
    (await import('./alone.js')).alone(config, name, request, options),
};
