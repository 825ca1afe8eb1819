import { rm, writeFile } from 'node:fs/promises';
import { describe } from 'vitest';
import { end } from './faulty-node.js';
import type { Picture } from './picture.js';
import { repairs } from './repairs.js';
import { survives } from './trial.js';
import { wireguardGoOf } from './wireguard-go.js';
import { it } from './with-node.js';

// A BIRD that is gone takes its protocols with it; the agent's part is the rest.
const withoutProtocols = ({ protocols: _, ...rest }: Picture) => rest;

describe.concurrent('machine', () => {
  it('BIRD killed, and started again', async ({ node, task }) => {
    task.meta.finding = await survives(node, {
      named: /BIRD/,
      inject: () => end(node.bird),
      end: () => node.startBird(),
      unharmed: withoutProtocols,
    });
  });

  it('BIRD hangs', async ({ node, task }) => {
    task.meta.finding = await survives(node, {
      named: /BIRD/,
      passes: 1,
      limitMs: 60_000,
      inject: async () => node.bird.kill('SIGSTOP'),
      end: async () => node.bird.kill('SIGCONT'),
      unharmed: withoutProtocols,
    });
  });

  it('wg hangs', async ({ node, task }) => {
    task.meta.finding = await survives(node, {
      named: /wg/,
      passes: 0,
      limitMs: 90_000,
      inject: () => writeFile(node.path('bin/wg'), '#!/bin/sh\nexec sleep 600\n', { mode: 0o755 }),
      end: () => rm(node.path('bin/wg')),
    });
  });

  it('a tunnel deleted', async ({ node, task }) => {
    task.meta.finding = await repairs(node, 'its tunnel is made anew', () =>
      node.namespace.run('ip', ['link', 'del', 'dev', 'wg_24002']),
    );
  });

  it('wireguard-go killed', async ({ node, task }) => {
    const pid = await wireguardGoOf(node, 'wg_24002');
    task.meta.finding = await repairs(node, 'its tunnel is made anew', async () =>
      process.kill(pid, 'SIGKILL'),
    );
  });
});
