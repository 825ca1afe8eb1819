import { birdDirectories, mainFile } from '../../core/model/names.js';

export type BirdMode = 'full' | 'include';

/** The stage of candidates, and of replaced files until a commit has succeeded. No glob matches the dot. */
export const stagedDirectory = '.moenet-agent.staged';
export const previousDirectory = '.moenet-agent.previous';

/** True for the names that the agent writes, reads and removes. */
export function isAgentPath(path: string, mode: BirdMode): boolean {
  if (path === mainFile(mode)) return true;
  const [directory = '', name = '', ...rest] = path.split('/');
  return rest.length === 0 && birdDirectories.includes(directory) && isConfigName(name);
}

/** Names that `include "*.conf"` matches, in letters that need no quoting anywhere. */
export function isConfigName(name: string): boolean {
  return /^[A-Za-z0-9_][A-Za-z0-9_.-]*\.conf$/.test(name);
}
