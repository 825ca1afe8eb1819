export type BirdMode = 'full' | 'include';

/** The daemon's main file, in both modes; in include mode it is the operator's. */
export const daemonFile = 'bird.conf';

/** The directories below `configDir` where the agent puts `*.conf` files. */
export const agentDirectories = ['moenet-agent', 'peers', 'ibgp.d'] as const;

/** Candidates are staged here, and what a commit replaces is kept here until it has succeeded. No glob sees the dot. */
export const stagedDirectory = '.moenet-agent.staged';
export const previousDirectory = '.moenet-agent.previous';

/** The file of the agent's at the top: the daemon's own, or the one that the operator's includes. */
export function mainFile(mode: BirdMode): string {
  return mode === 'full' ? daemonFile : 'moenet-agent.conf';
}

/** True for the names that the agent writes, reads and removes. */
export function isAgentPath(path: string, mode: BirdMode): boolean {
  if (path === mainFile(mode)) return true;
  const [directory = '', name = '', ...rest] = path.split('/');
  return rest.length === 0 && agentDirectories.some((known) => known === directory) && isConfigName(name);
}

/** What `include "*.conf"` picks up, in letters that need no care in any place. */
export function isConfigName(name: string): boolean {
  return /^[A-Za-z0-9_][A-Za-z0-9_.-]*\.conf$/.test(name);
}
