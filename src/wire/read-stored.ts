import { join } from 'node:path';
import { openSocketFinder } from '../adapters/bird/socket/find-socket.js';
import { type Archive, openArchive } from '../adapters/control-plane/archive.js';
import { readGenerations } from '../adapters/state/generations.js';
import type { AgentConfig, NodeConfig } from '../config/agent-config.js';
import { mergeBootstrap } from '../config/merge.js';
import type { Snapshot } from '../core/model/control-plane.js';

/** The last good answers of the control plane on the disk, which stay as they are. */
export function readStored(stateDir: string): Archive {
  const read = async (name: string) => {
    const generations = await readGenerations(join(stateDir, `${name}.json`));
    return generations.find((generation) => generation.kind === 'good')?.document;
  };
  return openArchive({ read, write: async () => undefined, problem: undefined });
}

/**
 * The node as the daemon has it, with what the control plane named last. As the daemon does, it looks for BIRD's socket: a path
 * that the file does not name may be wrong for this machine.
 */
export async function storedNode(config: AgentConfig, stored: Snapshot['config']): Promise<NodeConfig> {
  const node = mergeBootstrap(config, stored);
  if (config.bird.controlSocket !== undefined) return node;
  const { controlSocket } = node.bird;
  return { ...node, bird: { ...node.bird, controlSocket: await openSocketFinder({ controlSocket }).find() } };
}
