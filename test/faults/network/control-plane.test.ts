import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { askIfRunning } from '../../../src/http/client.js';
import { allEnded } from '../harness/all-ended.js';
import { maxConcurrency } from '../harness/concurrency.js';
import type { FaultyNode } from '../harness/faulty-node.js';
import { survives } from '../harness/trial.js';
import { waitFor } from '../harness/wait-for.js';
import { openHealthyNode } from '../harness/with-node.js';

// Each node is put through one fault after another, beside the others.
const nodes: FaultyNode[] = [];
const free: FaultyNode[] = [];
const it = test.extend<{ readonly node: FaultyNode }>({
  node: async ({ task: _ }, use) => {
    const node = free.pop();
    if (!node) throw new Error('more tests run at a time than there are nodes');
    await use(node);
    free.push(node);
  },
});

beforeAll(async () => {
  const opened = Array.from({ length: maxConcurrency }, async (_, index) => {
    nodes.push(await openHealthyNode(`jp1-${index}`));
  });
  await allEnded(opened);
  free.push(...nodes);
}, 180_000);
afterAll(() => allEnded(nodes.map((node) => node.close())));

const faults: readonly (readonly [string, RegExp])[] = [
  ['certificate', /TLS with 127\.0\.0\.1:18443 failed/],
  ['refused', /refuses the connection/],
  ['breaks off in the body', /broke during the answer/],
  ['401', /401, the control plane refuses this node's token/],
  ['403', /403, the control plane refuses this node's token/],
  ['404', /404, the control plane does not know/],
  ['429', /429, too many requests/],
  ['429 with Retry-After: 2', /429, too many requests, it asks to wait 2 s/],
  ['an envelope with code 401', /code 401 in its answer, the control plane refuses this node's token/],
  [
    'an envelope with code 500',
    /code 500 in its answer, the control plane failed \(it says: database is locked\)/,
  ],
  ['500', /500, the control plane failed/],
  ['502 with an HTML page', /502, the control plane failed/],
  ['truncated JSON', /is not complete JSON/],
  ['an HTML page with 200', /is not complete JSON/],
  ['wrong types', /is a list, not an object/],
  ['sessions that are no list', /sessions is a string, not a list/],
  ['sessions with wrong values', /"on" is none of the documented protocol/],
  ['an edit whose answer is not taken', /did not change the row: invalid transition/],
  ['100 MB body', /larger than an answer may be/],
  ['redirect to another host', /redirects to 127\.0\.0\.2:18081; the agent does not follow/],
];

describe.concurrent('control plane', () => {
  it.for(faults)('%s', async ([fault, named], { node, task }) => {
    task.meta.finding = await survives(node, {
      named,
      // An update that was refused is tried again after a minute.
      limitMs: 100_000,
      inject: () => node.setFault(fault),
      end: () => node.setFault(undefined),
    });
    expect(existsSync(node.path('other-host.log'))).toBe(false);
    expect(JSON.stringify(node.log)).not.toContain('a-token-that-must-not-be-seen');
  });

  it('429 with Retry-After: 3600', async ({ node, task }) => {
    const requests = async () => (await readFile(node.path('requests.log'), 'utf8')).split('\n').length;
    task.meta.finding = await survives(node, {
      named: /429, too many requests, it asks to wait 3600 s/,
      inject: () => node.setFault('429 with Retry-After: 3600'),
      end: async () => {
        const before = await requests();
        const { lastPass } = await node.status();
        await waitFor('a pass without a request', async () => {
          const { lastPass: now } = await node.status();
          return (now?.atSeconds ?? 0) > (lastPass?.atSeconds ?? 0) + 2;
        });
        expect(await requests()).toBe(before);
        await node.setFault(undefined);
        // An hour is long for a test; an operator may ask at once.
        await askIfRunning(node.path('run'), 'resync', { force: false });
      },
    });
  });
});
