import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { openBird } from '../../../../../src/adapters/bird/open-bird.js';
import { run } from '../../../../../src/platform/exec.js';
import { startBirdDaemon } from '../../../../fakes/bird-daemon.js';

it('a BIRD that is busy for some seconds before it greets is a BIRD that runs', async () => {
  const configDir = await mkdtemp(join(tmpdir(), 'bird-late-'));
  const controlSocket = join(configDir, 'bird.ctl');
  const daemon = await startBirdDaemon(controlSocket, { greetsAfterMs: 2_500 });
  try {
    const observed = await openBird({ configDir, controlSocket, mode: 'full', run }).observe();
    expect(observed).toMatchObject({ running: true, version: '2.0.12' });
  } finally {
    await daemon.close();
    await rm(configDir, { recursive: true });
  }
}, 30_000);
