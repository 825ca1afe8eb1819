import type { AgentConfig, NodeConfig } from '../config/agent-config.js';
import type { Diagnosis } from '../doctor/finding.js';
import type { Run } from '../platform/exec.js';
import type { AnswerOf, OperationName, RequestOf } from '../shell/daemon-api.js';

/** What a bundle is made of. Nothing in it changes anything. */
export interface Patient {
  readonly run: Run;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** The configuration file, whether it can be used or not; undefined where there is none. */
  readonly configFile: string | undefined;
  /** Undefined where the configuration cannot be used; `problems` then say why. */
  readonly config: AgentConfig | undefined;
  readonly problems: readonly string[];
  /** The paths of the node, or the usual ones. */
  readonly paths: Pick<NodeConfig, 'stateDir'> & {
    readonly birdDir: string;
    readonly birdSocket: string;
    readonly privateKey: string;
    /** The token's file, where it is one. */
    readonly tokenFiles: readonly string[];
    readonly sysctls: string;
    readonly proc: string;
  };
  /** Asks the running daemon; undefined where none is running. */
  ask<N extends OperationName>(name: N, request: RequestOf<N>): Promise<AnswerOf<N> | undefined>;
  diagnose(): Promise<Diagnosis>;
  /** Unix time in milliseconds. */
  now(): number;
}

/** One file of the bundle before its secrets are removed: a text, a document, or why there is none. */
export type Part = { readonly file: string } & (
  | { readonly text: string; readonly keep?: 'start' | 'end' }
  | { readonly document: unknown }
  | { readonly missing: string }
);

export interface Source {
  /** The file or the directory of its parts. */
  readonly name: string;
  readonly limitMs: number;
  /** May throw: the words then stand in the list of what is missing. */
  collect(patient: Patient, signal: AbortSignal): Promise<readonly Part[]>;
}
