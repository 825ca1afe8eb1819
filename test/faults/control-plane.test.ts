import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { askResync } from '../../src/wire/ask.js';
import { type FaultyNode, openFaultyNode } from './faulty-node.js';
import { survives, untilHealthy } from './trial.js';
import { waitFor } from './wait-for.js';

let node: FaultyNode;
beforeAll(async () => {
  node = await openFaultyNode('jp1');
  await untilHealthy(node);
});
afterAll(() => node?.close());

const faults: readonly (readonly [string, RegExp])[] = [
  ['refused', /refuses the connection/],
  ['breaks off in the body', /broke off in the answer/],
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
  ['truncated JSON', /is not JSON, or not all of it/],
  ['an HTML page with 200', /is not JSON, or not all of it/],
  ['wrong types', /is a list, not an object/],
  ['sessions that are no list', /sessions is a string, not a list/],
  ['sessions with wrong values', /"on" is none of the documented protocol/],
  ['100 MB body', /larger than an answer may be/],
  ['redirect to another host', /redirects to 127\.0\.0\.2:18081, not followed/],
  ['certificate', /TLS with 127\.0\.0\.1:18443 failed/],
];

describe('control plane', () => {
  it.for(faults)('%s', async ([fault, named], { task }) => {
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

  it('429 with Retry-After: 3600', async ({ task }) => {
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
        await askResync(node.path('run'), false);
      },
    });
  });
});
