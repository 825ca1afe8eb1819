import { wordsOf } from '../../core/model/words-of.js';
import type { KeyStore } from '../ports/host.js';

/** What is known of the node's key pair. Neither a key nor a problem: there is no pair yet. */
export interface NodeKey {
  readonly publicKey: string | undefined;
  /** What is wrong with its files, in words. */
  readonly keyProblem: string | undefined;
}

/** Reads the node's public key. Never throws: without the key there are no new tunnels, but all the rest of the node. */
export async function readNodeKey(keys: KeyStore): Promise<NodeKey> {
  try {
    const pair = await keys.read();
    return { publicKey: pair?.publicKey, keyProblem: pair?.problem };
  } catch (error) {
    const keyProblem = `${wordsOf(error)}. Until that is mended no tunnel can be set up or changed; those that run stay as they are`;
    return { publicKey: undefined, keyProblem };
  }
}
