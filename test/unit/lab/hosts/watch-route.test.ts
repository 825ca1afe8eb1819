import { PassThrough } from 'node:stream';
import { setImmediate } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { covers, watchRoute } from '../../../../src/lab/hosts/watch-route.js';
import type { Namespace } from '../../../../src/lab/namespace.js';

/** What is seen of the lines that `ip -4 monitor route` prints. */
async function watched(isWatched: (prefix: string) => boolean, lines: readonly string[]) {
  const stdout = new PassThrough();
  const host = { spawn: () => ({ stdout, kill: () => true }) } as unknown as Namespace;
  let calls = 0;
  const { cameAtMs, leftAtMs } = watchRoute(host, isWatched, () => calls++);
  stdout.write(`${lines.join('\n')}\n`);
  await setImmediate();
  return { came: cameAtMs.length, left: leftAtMs.length, calls };
}

// As iproute2 6.1 prints them.
const lines = [
  'unreachable 198.51.100.0/29 proto bird metric 32 ',
  'Deleted unreachable 198.51.100.0/29 proto bird metric 32 ',
  '198.51.100.1 dev dn42_1012 proto kernel scope link src 172.22.188.1 ',
  'local 172.22.188.1 dev dn42_1012 table local proto kernel scope host src 172.22.188.1 ',
  '172.20.16.0/26 via 198.51.100.1 dev eth0 proto bird metric 32 ',
  'default via 172.22.188.9 dev dn42_1012 ',
];

it('tells of one prefix alone, when it comes and when it goes', async () => {
  const seen = await watched((prefix) => prefix === '198.51.100.0/29', lines);
  expect(seen).toEqual({ came: 1, left: 1, calls: 1 });
});

it('tells of all routes by which an address may be reached, and not of those through it', async () => {
  const seen = await watched((prefix) => covers(prefix, '198.51.100.1'), lines);
  expect(seen).toEqual({ came: 3, left: 1, calls: 3 });
});
