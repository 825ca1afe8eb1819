import { expect } from 'vitest';
import type { FaultyNode } from './faulty-node.js';
import { type Picture, pictureOf } from './picture.js';
import type { Finding } from './trial.js';
import { waitFor } from './wait-for.js';

/**
 * Breaks the tunnel `wg_24002` of a healthy node: it is put right by itself, as it was, and the parts of the others are
 * not touched. `seen` says for the table what came of it.
 */
export async function repairs(
  node: FaultyNode,
  seen: string,
  inject: () => Promise<unknown>,
): Promise<Finding> {
  const before = await pictureOf(node);
  await inject();
  const namedMs = await waitFor('the tunnel is broken', async () => !(await sameTunnels(node, before)));
  const recoveredMs = await waitFor('the tunnel is back', () => sameTunnels(node, before));
  expect(node.daemon.exitCode ?? node.daemon.signalCode).toBe(null);
  const after = await pictureOf(node);
  expect(withoutBroken(after)).toEqual(withoutBroken(before));
  return { seen, namedMs, recoveredMs };
}

async function sameTunnels(node: FaultyNode, before: Picture): Promise<boolean> {
  return (await pictureOf(node)).wireguard.join() === before.wireguard.join();
}

function withoutBroken({ links, protocols, ...rest }: Picture) {
  return {
    ...rest,
    links: (links as { ifname: string }[]).filter(({ ifname }) => ifname !== 'wg_24002'),
    protocols: protocols?.filter(({ name }) => name !== 'dn42_4242422189'),
  };
}
