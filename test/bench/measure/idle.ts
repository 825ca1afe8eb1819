import type { ChildProcess } from 'node:child_process';
import { setTimeout as sleep } from 'node:timers/promises';
import { askRunning } from '../../e2e/ask-daemon.js';
import { lookBare } from '../bare-steps.js';
import { isLoad } from '../bird-relay.js';
import type { BenchNode } from '../node.js';
import { processorSeconds } from '../process-times.js';

/** What a daemon with its usual intervals uses while nothing changes. */
export async function idleFor(node: BenchNode, { pid = 0 }: ChildProcess, seconds: number) {
  const loads = () => node.birdCommands.filter(isLoad).length;
  const before = {
    cpu: await processorSeconds(pid),
    programs: (await node.programs()).length,
    loads: loads(),
  };
  await sleep(seconds * 1000);
  if (loads() !== before.loads) throw new Error('BIRD loaded a configuration while nothing changed');
  return {
    'idle.cpu': ((await processorSeconds(pid)) - before.cpu) * (60 / seconds),
    'idle.programs': (await node.programs()).length - before.programs,
  };
}

/** What a pass without differences costs, and the calls that `resync` makes with it. The first pass is over. */
export async function passesOf(node: BenchNode, { pid = 0 }: ChildProcess, count: number) {
  const bareSeconds = await lookBare(node);
  const [cpu, programs] = [await processorSeconds(pid), (await node.programs()).length];
  let changes = 0;
  for (let pass = 0; pass < count; pass += 1) {
    const result = await askRunning(node.namespace, 'resync', { force: false });
    if (result.errors.length > 0) throw new Error(`an idle pass failed: ${result.errors.join('; ')}`);
    changes += result.changes.length;
  }
  const seconds = ((await processorSeconds(pid)) - cpu) / count;
  return {
    'pass.cpu': seconds * 1000,
    'pass.cpu-ratio': seconds / bareSeconds,
    'pass.programs': ((await node.programs()).length - programs) / count,
    'pass.changes': changes,
  };
}
