import type { Readable, Writable } from 'node:stream';
import type { LoadOptions } from '../config/find.js';
import type { DaemonPlace } from '../config/find-daemon.js';
import type { LoadedConfig } from '../config/load.js';
import type { LogLevel } from '../telemetry/log-levels.js';
import type { Commands } from '../wire/commands.js';

export interface Output extends Writable {
  readonly isTTY?: boolean;
  /** Columns and lines of a terminal. */
  readonly columns?: number;
  readonly rows?: number;
}

/** Standard input; on a terminal it can hand over each key at once. */
export interface Keyboard extends Readable {
  readonly isTTY?: boolean;
  setRawMode?(isRaw: boolean): unknown;
}

/** What the command line gets from its surroundings. */
export interface Io {
  readonly stdout: Output;
  readonly stderr: Output;
  /** Opens standard input; absent where there is none. */
  keyboard?(): Keyboard;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly cwd: string;
  /** Unix time in milliseconds. */
  now(): number;
  /** The page that says what messages mean, where this machine has it. */
  troubleshootingPage?(): string | undefined;
  /** Fires at the first SIGINT or SIGTERM; once called, these signals no longer end the process by themselves. */
  untilInterrupted(): AbortSignal;
}

/** The global options of the command line. */
export interface Context {
  readonly io: Io;
  readonly commands: Commands;
  readonly json: boolean;
  readonly logLevel: LogLevel;
  /** The file of `-c`. */
  readonly configPath: string | undefined;
  /** Loads the configuration. Throws `ConfigError`. */
  load(needs?: Pick<LoadOptions, 'withoutToken' | 'withoutBootstrap'>): Promise<LoadedConfig>;
  /** Where the daemon listens; needs neither the token nor a readable configuration. Warns of a guess on standard error. */
  place(): Promise<DaemonPlace>;
}

/** Exit codes beyond 0 and 1; 64 and 78 are those of sysexits(3). */
export const exitCodes = {
  changesPending: 2,
  degraded: 3,
  usage: 64,
  config: 78,
} as const;
