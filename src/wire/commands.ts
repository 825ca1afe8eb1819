import type { AgentConfig } from '../config/agent-config.js';
import type { LoadedConfig } from '../config/load.js';
import type { Adoption } from '../shell/operations/adopt.js';
import type { MaintenanceResult, MaintenanceStatus } from '../shell/operations/maintenance.js';
import type { SwitchRequest, SwitchResult } from '../shell/operations/switch-session.js';
import type { NodeStatus, ResyncResult } from '../shell/status/status.js';
import type { LogLevel } from '../telemetry/log.js';

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
  /** What was there before the agent and is left alone, or kept as it was. */
  readonly notes?: readonly string[];
}

/** What the commands do, apart from the command line; built in this folder. */
export interface Commands {
  /** Runs the daemon until it is stopped; the exit code. */
  runDaemon(config: AgentConfig, options: DaemonOptions): Promise<number>;
  runOnce(config: AgentConfig, options: PassOptions & { readonly force?: boolean }): Promise<ResyncResult>;
  makePlan(config: AgentConfig, options: PassOptions & { readonly offline: boolean }): Promise<PlanDocument>;
  /** Undefined where no daemon is running. */
  askStatus(runtimeDir: string): Promise<NodeStatus | undefined>;
  /** Undefined where no daemon is running. */
  askResync(runtimeDir: string, force: boolean): Promise<ResyncResult | undefined>;
  /** Undefined where no daemon is running. Measures the traffic for some seconds. */
  askMaintenance(runtimeDir: string): Promise<MaintenanceStatus | undefined>;
  /** Undefined where no daemon is running. */
  askSetMaintenance(runtimeDir: string, on: boolean): Promise<MaintenanceResult | undefined>;
  /** As it is stored, for when no daemon is running. */
  readMaintenance(config: AgentConfig, options: PassOptions): Promise<MaintenanceStatus>;
  /** Stores it and makes one pass, for when no daemon is running. */
  setMaintenance(config: AgentConfig, on: boolean, options: PassOptions): Promise<MaintenanceResult>;
  /** Undefined where no daemon is running. */
  askSwitchSession(runtimeDir: string, request: SwitchRequest): Promise<SwitchResult | undefined>;
  /** The same without a daemon. */
  switchSession(config: AgentConfig, request: SwitchRequest, options: PassOptions): Promise<SwitchResult>;
  /** What the running daemon has in doubt; undefined where none is running. */
  askAdoption(runtimeDir: string): Promise<Adoption | undefined>;
  /** Undefined where no daemon is running. */
  askAdopt(runtimeDir: string): Promise<ResyncResult | undefined>;
  /** The same without a daemon. */
  readAdoption(config: AgentConfig, options: PassOptions): Promise<Adoption>;
  adopt(config: AgentConfig, options: PassOptions): Promise<ResyncResult>;
}
