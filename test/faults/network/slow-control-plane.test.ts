import { describe, it } from 'vitest';
import { survives } from '../harness/trial.js';
import { openHealthyNode } from '../harness/with-node.js';

interface Slow {
  readonly fault: string;
  readonly named: RegExp;
  readonly passes: number;
  readonly sessionsSeconds?: number;
}

// The limits of a call are 20 s to the first byte and between two, and 60 s for all of it. An emptied list is believed
// after five polls, each with a pass, so these must not come too soon, and the passes must be fewer.
const faults: readonly Slow[] = [
  { fault: 'hangs before headers', named: /no answer from 127\.0\.0\.1:18443 in time/, passes: 2 },
  { fault: 'hangs in the body', named: /the answer of 127\.0\.0\.1:18443 stopped in the middle/, passes: 2 },
  { fault: 'dribbles', named: /the answer of 127\.0\.0\.1:18443 was not complete in time/, passes: 1 },
  { fault: 'an empty list', named: /leaves out /, passes: 2, sessionsSeconds: 4 },
];

describe.concurrent('control plane, what takes long to notice', () => {
  it.for(faults.map((slow) => [slow.fault, slow] as const))('%s', async ([fault, slow], { task }) => {
    const { named, passes, sessionsSeconds } = slow;
    const node = await openHealthyNode(fault.replaceAll(' ', '-'), sessionsSeconds);
    try {
      task.meta.finding = await survives(node, {
        named,
        passes,
        limitMs: 90_000,
        inject: () => node.setFault(fault),
        end: () => node.setFault(undefined),
      });
    } finally {
      await node.close();
    }
  });
});
