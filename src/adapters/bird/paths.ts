import { birdDirectories, mainFile } from '../../core/model/names.js';

export type BirdMode = 'full' | 'include';

/** Candidates are staged here, and what a commit replaces is kept here until it has succeeded. No glob sees the dot. */
export const stagedDirectory = '.moenet-agent.staged';
export const previousDirectory = '.moenet-agent.previous';

/** True for the names that the agent writes, reads and removes. */
export function isAgentPath(path: string, mode: BirdMode): boolean {
  if (path === mainFile(mode)) return true;
  const [directory = '', name = '', ...rest] = path.split('/');
  return rest.length === 0 && birdDirectories.includes(directory) && isConfigName(name);
}

/** What `include "*.conf"` picks up, in letters that need no care in any place. */
export function isConfigName(name: string): boolean {
  return /^[A-Za-z0-9_][A-Za-z0-9_.-]*\.conf$/.test(name);
}
