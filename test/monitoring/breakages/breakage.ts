import { askIfRunning } from '../../../src/http/client.js';
import { end, type FaultyNode } from '../../faults/harness/faulty-node.js';
import type { WatchedNetwork } from '../watched-network.js';

/** A way to break something, and to mend it. */
export interface Breakage {
  /** By alert: the node that it names. */
  readonly alerts: Readonly<Record<string, 'jp1' | 'hk1' | 'sg1'>>;
  readonly how: string;
  inject(net: WatchedNetwork): Promise<unknown>;
  mend(net: WatchedNetwork): Promise<unknown>;
}

/** The agent is killed, and starts again. */
export async function restart(node: FaultyNode): Promise<void> {
  await end(node.daemon);
  await node.startDaemon();
}

export function resync(node: FaultyNode): Promise<unknown> {
  return askIfRunning(node.path('run'), 'resync', { force: false });
}
