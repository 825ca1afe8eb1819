import { closeSync, openSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { type FaultyNode, type NodeOptions, openFaultyNode } from './faulty-node.js';

const fifo = 'stalled';

/** A node on which all that the daemon writes (or also reads) below one of its directories can be made to wait. The daemon is not started. */
export function openStallingNode(
  name: string,
  below: string,
  config: NodeOptions['config'] = {},
  what: 'writes' | 'reads' = 'writes',
): Promise<FaultyNode> {
  return openFaultyNode(name, 1, {
    daemon: false,
    config,
    daemonEnv: (directory) => ({
      NODE_OPTIONS: `--import ${resolve('test/faults/harness/stall-writes.mjs')}`,
      STALL_BELOW: join(directory, below),
      STALL_FIFO: join(directory, fifo),
      ...(what === 'reads' ? { STALL_READS: '1' } : {}),
    }),
  });
}

/** From now on they wait. */
export async function stall({ namespace, path }: FaultyNode): Promise<void> {
  await namespace.run('mkfifo', [path(fifo)]);
}

/** Those that wait go on, and no others wait. */
export async function release({ path }: FaultyNode): Promise<void> {
  // Opened for both it waits for nobody, and ends the wait of those who only read.
  const writer = openSync(path(fifo), 'r+');
  await rm(path(fifo));
  await sleep(500);
  closeSync(writer);
}
