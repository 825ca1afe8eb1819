import { join } from 'node:path';
import { type Archive, openArchive } from '../adapters/control-plane/archive.js';
import { readGenerations } from '../adapters/state/generations.js';

/** The last good answers of the control plane on the disk, which stay as they are. */
export function readStored(stateDir: string): Archive {
  const read = async (name: string) => {
    const generations = await readGenerations(join(stateDir, `${name}.json`));
    return generations.find((generation) => generation.kind === 'good')?.document;
  };
  return openArchive({ read, write: async () => undefined, problem: undefined });
}
