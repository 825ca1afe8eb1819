import type { BirdDirectory, BirdRemoval } from '../../core/plan/teardown.js';
import type { BirdCommit } from './bird.js';

/** BIRD's configuration directory at the end of the agent's work on a node. */
export interface BirdRemains {
  /** The directory in words for people: its path. */
  readonly directory: string;
  read(): Promise<BirdDirectory>;
  /**
   * One change: BIRD checks the directory as it will be and loads it once; a crash or a refusal leaves the files as they were.
   * Then removes the agent's directories, where they are empty and nothing names them.
   */
  remove(removal: BirdRemoval, signal: AbortSignal): Promise<BirdCommit>;
}
