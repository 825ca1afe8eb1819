import type { DaemonPlace } from '../config/find-daemon.js';
import type { AnswerOf, OperationName, RequestOf } from '../shell/daemon-api.js';
import type { alone } from './alone.js';
import type { debugBundle } from './debug-bundle.js';
import type { diagnose } from './diagnose.js';
import type { makePlan } from './plan.js';
import type { prepare } from './prepare.js';
import type { restartBirdHere } from './restart-bird.js';
import type { runDaemon } from './run-daemon.js';
import type { teardown } from './teardown.js';

/** What the command line can start. */
export interface Commands {
  /** Runs the daemon until it is stopped; resolves to the exit code. */
  readonly runDaemon: typeof runDaemon;
  readonly makePlan: typeof makePlan;
  readonly teardown: typeof teardown;
  /** Asks the running daemon; undefined where none is running. */
  ask<N extends OperationName>(
    place: DaemonPlace,
    name: N,
    request: RequestOf<N>,
  ): Promise<AnswerOf<N> | undefined>;
  /** Does the same in this process, while no daemon runs. */
  readonly alone: typeof alone;
  /** Checks the machine. */
  readonly diagnose: typeof diagnose;
  /** Writes what a bug report needs into one file. */
  readonly debugBundle: typeof debugBundle;
  /** What the systemd units do as root. */
  readonly prepare: typeof prepare;
  readonly restartBirdHere: typeof restartBirdHere;
}

/**
 * Each command loads its own code, so that it starts without the code of the others. The daemon loads all of its code before
 * it is ready, and nothing later, when an upgrade may have replaced the files.
 */
export const commands: Commands = {
  runDaemon: async (config, options) => (await import('./run-daemon.js')).runDaemon(config, options),
  makePlan: async (config, options) => (await import('./plan.js')).makePlan(config, options),
  teardown: async (config, options) => (await import('./teardown.js')).teardown(config, options),
  ask: async (place, name, request) => {
    const { askAt, askIfRunning } = await import('../http/client.js');
    return 'socket' in place
      ? askAt(place.socket, name, request)
      : askIfRunning(place.runtimeDir, name, request);
  },
  diagnose: async (configuration) => (await import('./diagnose.js')).diagnose(configuration),
  debugBundle: async (wanted) => (await import('./debug-bundle.js')).debugBundle(wanted),
  alone: async (config, name, request, options) =>
    (await import('./alone.js')).alone(config, name, request, options),
  prepare: async (load) => (await import('./prepare.js')).prepare(load),
  restartBirdHere: async (load) => (await import('./restart-bird.js')).restartBirdHere(load),
};
