import type { NodeConfig } from '../config/agent-config.js';
import type { Snapshot } from '../core/model/control-plane.js';
import type { Run } from '../platform/exec.js';
import type { ControlPlane } from '../shell/ports/control-plane.js';
import type { Finding } from './finding.js';

/** What the checks look at. Nothing in it changes anything. */
export interface Patient {
  /** Undefined where there is no configuration that can be used: checks then look at the usual places. */
  readonly node: NodeConfig | undefined;
  /** Its file; undefined where there is none. */
  readonly configPath: string | undefined;
  /** What is wrong with the configuration, or to be said of it. */
  readonly configuration: readonly Finding[];
  /** The last good answers on disk. */
  readonly stored: Snapshot;
  /** Undefined without a configuration. Keeps no answer. */
  readonly controlPlane: ControlPlane | undefined;
  /** The dialect that the control plane speaks, once it has answered. */
  dialect(): Promise<string | undefined>;
  readonly run: Run;
  /** The process of the running daemon; undefined where none answers. */
  readonly daemonPid: number | undefined;
  /** Why the daemon could not be asked; undefined where it answers, or none runs. */
  readonly daemonProblem: string | undefined;
}

export interface Check {
  /** One or two words. */
  readonly name: string;
  readonly limitMs: number;
  /** May throw: the words are then the finding. */
  look(patient: Patient, signal: AbortSignal): Promise<readonly Finding[]>;
}

/** BIRD's directory and socket, also without a configuration. */
export function birdPlaces({ node }: Patient): {
  readonly configDir: string;
  readonly controlSocket: string;
} {
  return {
    configDir: node?.bird.configDir ?? '/etc/bird',
    controlSocket: node?.bird.controlSocket ?? '/run/bird/bird.ctl',
  };
}
