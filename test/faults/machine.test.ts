import { readFile, rm, writeFile } from 'node:fs/promises';
import { describe, expect } from 'vitest';
import { end } from './harness/faulty-node.js';
import { type Picture, pictureOf } from './harness/picture.js';
import { repairs } from './harness/repairs.js';
import { servesNewcomer, survives } from './harness/trial.js';
import { waitFor } from './harness/wait-for.js';
import { wireguardGoOf } from './harness/wireguard-go.js';
import { it } from './harness/with-node.js';

// A BIRD that is gone takes its protocols with it; the agent's part is the rest.
const withoutProtocols = ({ protocols: _, ...rest }: Picture) => rest;

describe.concurrent('machine', () => {
  it('BIRD killed, and started again', async ({ node, task }) => {
    task.meta.finding = await survives(node, {
      named: /BIRD does not answer/,
      inject: () => end(node.bird),
      end: () => node.startBird(),
      unharmed: withoutProtocols,
    });
  });

  it('BIRD hangs', async ({ node, task }) => {
    task.meta.finding = await survives(node, {
      named: /BIRD does not answer/,
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

  it('wireguard-go stopped', async ({ node, task }) => {
    const pid = await wireguardGoOf(node, 'wg_24002');
    const before = await pictureOf(node);
    const named = /WireGuard on wg_24002 cannot be read: wireguard-go \(pid \d+\).* kill -CONT \d+/;
    const problem = async () => (await node.status()).problems.find((words) => named.test(words));
    process.kill(pid, 'SIGSTOP');
    const namedMs = await waitFor('the status names it', async () => (await problem()) !== undefined, 60_000);
    const seen = (await problem()) ?? '';
    expect(seen).toContain(String(pid));
    // A picture would wait for it as long.
    const recoveredMs = await servesNewcomer(node, 90_000);
    const posts = await readFile(node.path('posts.jsonl'), 'utf8');
    expect(posts).toMatch(named);
    process.kill(pid, 'SIGCONT');
    await waitFor('it is named no more', async () => (await problem()) === undefined, 60_000);
    expect(await pictureOf(node)).toEqual(before);
    expect(node.log.filter(({ msg }) => named.test(msg))).toHaveLength(1);
    task.meta.finding = { seen, namedMs, recoveredMs };
  });

  it('wireguard-go killed', async ({ node, task }) => {
    const pid = await wireguardGoOf(node, 'wg_24002');
    task.meta.finding = await repairs(node, 'its tunnel is made anew', async () =>
      process.kill(pid, 'SIGKILL'),
    );
  });
});
