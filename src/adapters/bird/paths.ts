import { birdDirectories, mainFile } from '../../core/model/names.js';

export type BirdMode = 'full' | 'include';

/** `either`: the files of both modes, for what ends the agent's work on a node. */
export type SiteMode = BirdMode | 'either';

/** The stage of candidates, and of replaced files until a commit has succeeded. No glob matches the dot. */
export const stagedDirectory = '.moenet-agent.staged';
export const previousDirectory = '.moenet-agent.previous';

/** True for the names that the agent writes, reads and removes. */
export function isAgentPath(path: string, mode: SiteMode): boolean {
  const modes = mode === 'either' ? (['full', 'include'] as const) : [mode];
  if (modes.some((each) => path === mainFile(each))) return true;
  const [directory = '', name = '', ...rest] = path.split('/');
  return rest.length === 0 && birdDirectories.includes(directory) && isConfigName(name);
}

/** Names that `include "*.conf"` matches, in letters that need no quoting anywhere. */
export function isConfigName(name: string): boolean {
  return /^[A-Za-z0-9_][A-Za-z0-9_.-]*\.conf$/.test(name);
}
