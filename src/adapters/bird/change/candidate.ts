import { stat } from 'node:fs/promises';
import type { BirdFile } from '../../../core/model/artifacts.js';
import type { BirdCommit } from '../../../shell/ports/bird.js';
import type { BirdMode } from '../paths.js';

/** BIRD's configuration directory and who may read it. */
export interface Site {
  readonly configDir: string;
  readonly mode: BirdMode;
  /** Owner and group of `configDir`: Debian's BIRD reads its files as user and group `bird`. */
  readonly uid: number;
  readonly gid: number;
}

/** Looks up who owns the configuration directory. Throws where there is none. */
export async function siteOf({ configDir, mode }: Pick<Site, 'configDir' | 'mode'>): Promise<Site> {
  const { uid, gid } = await stat(configDir);
  return { configDir, mode, uid, gid };
}

/** What a commit changes; everything else in the directory stays. */
export interface FileChange {
  readonly write: readonly BirdFile[];
  readonly remove: readonly string[];
}

export type Rejection = Extract<BirdCommit, { kind: 'rejected' }>;

/** A candidate that the agent must not even show to BIRD. */
export class CandidateRefused extends Error {
  readonly file: string;

  constructor(file: string, reason: string) {
    super(reason);
    this.name = 'CandidateRefused';
    this.file = file;
  }
}
