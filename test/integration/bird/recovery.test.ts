import { describe, expect, it } from 'vitest';
import { tryFault } from '../../recovery/trials.js';

/** A neighbor that sets nothing: BIRD's own timers. */
const neighbor = { kind: 'bird', bird: 'bird' } as const;

// The whole table, with all neighbors and what their defaults alone lead to: npm run test:recovery.
describe.concurrent('a session with a neighbor that has BIRD’s defaults', () => {
  it('is back within 15 s after its tunnel was deleted, and made again 5 s later', async () => {
    const { totalMs, afterRepairMs = 0 } = await tryFault('a', 'ours', neighbor);
    expect(afterRepairMs).toBeLessThan(10_000);
    expect(totalMs).toBeLessThan(15_000);
  });

  it('loses no route, neither there nor in our kernel, when our BIRD is killed and started', async () => {
    const { totalMs, lostMs } = await tryFault('c9', 'ours', neighbor);
    expect(totalMs).toBeLessThan(15_000);
    expect(lostMs?.kernel).toBe(0);
    // Defaults lose it for about 4 s. A single look of ten a second may find a busy daemon silent.
    expect(lostMs?.neighbor).toBeLessThan(1_000);
  });
});
