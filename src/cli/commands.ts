import type { Writable } from 'node:stream';
import type { AgentConfig } from '../config/agent-config.js';
import type { LoadedConfig } from '../config/load.js';
import type { NodeStatus, ResyncResult } from '../shell/status.js';

export const logLevels = ['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'] as const;
export type LogLevel = (typeof logLevels)[number];

export interface Output extends Writable {
  readonly isTTY?: boolean;
  /** Characters in a line and lines on the screen of a terminal. */
  readonly columns?: number;
  readonly rows?: number;
}

/** What the command line has of its surroundings. */
export interface Io {
  readonly stdout: Output;
  readonly stderr: Output;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly cwd: string;
  /** Unix time in milliseconds. */
  now(): number;
  /** Fires at the first SIGINT or SIGTERM; from the call on, these no longer end the process by themselves. */
  untilInterrupted(): AbortSignal;
}

export interface PassOptions {
  readonly logLevel: LogLevel;
}

export interface DaemonOptions extends PassOptions {
  /** What the configuration was warned about, for the log. */
  readonly warnings: readonly string[];
  /** Reads the configuration again (SIGHUP). Throws `ConfigError`; the running one then goes on. */
  reload(): Promise<LoadedConfig>;
}

/** What a pass would do, as `plan` prints it. Holds no secret. */
export interface PlanDocument {
  /** In the order in which they would be made. `subject` is on whose behalf: `session a1`, `mesh peer 2`, `node`. */
  readonly changes: readonly { readonly summary: string; readonly why: string; readonly subject: string }[];
  /** Status updates that would be posted. */
  readonly reports: readonly { readonly subject: string; readonly summary: string }[];
  /** What is wrong and no change can mend, such as a refused session. */
  readonly problems: readonly string[];
}

/** What the commands do, apart from the command line; built in wire.ts. */
export interface Commands {
  /** Runs the daemon until it is stopped; the exit code. */
  runDaemon(config: AgentConfig, options: DaemonOptions): Promise<number>;
  runOnce(config: AgentConfig, options: PassOptions): Promise<ResyncResult>;
  makePlan(config: AgentConfig, options: PassOptions & { readonly offline: boolean }): Promise<PlanDocument>;
  /** Undefined where no daemon is running. */
  askStatus(runtimeDir: string): Promise<NodeStatus | undefined>;
  /** Undefined where no daemon is running. */
  askResync(runtimeDir: string): Promise<ResyncResult | undefined>;
}

/** A command's part of the command line that all have in common. */
export interface Context {
  readonly io: Io;
  readonly commands: Commands;
  readonly json: boolean;
  readonly logLevel: LogLevel;
  /** Loads the configuration. Throws `ConfigError`. */
  load(): Promise<LoadedConfig>;
}
