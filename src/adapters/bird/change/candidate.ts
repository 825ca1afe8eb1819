import { stat } from 'node:fs/promises';
import type { BirdFile } from '../../../core/model/artifacts.js';
import type { BirdCommit } from '../../../shell/ports/bird.js';
import type { SiteMode } from '../paths.js';

/** BIRD's configuration directory and who may read it. */
export interface Site {
  readonly configDir: string;
  readonly mode: SiteMode;
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
  /** Texts of the operator's that come back in place of the agent's. */
  readonly giveBack?: readonly OperatorFile[];
}

/** A file of the operator's below the configuration directory. */
export interface OperatorFile {
  readonly path: string;
  /** Every byte is one character. */
  readonly text: string;
  readonly mode: number;
  readonly uid: number;
  readonly gid: number;
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
